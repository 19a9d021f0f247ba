import { html, type TemplateResult } from 'lit';
import { icon } from '../kit/icon.ts';

/** Control and Enter save what was typed, as in an input of the editor. */
export function saveByKey(event: KeyboardEvent, save: () => void): void {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  save();
}

/** What stands below a text that was typed and not saved. */
export const unsaved = ({ save, discard }: { readonly save: () => void; readonly discard: () => void }): TemplateResult =>
  html`<div class="foot row" role="status">${icon('edit')}<span class="grow">Not saved. Once saved, this branch is marked edited for good.</span>
    <button class="btn" title="Save Edit (Ctrl+Enter)" @click=${save}>Save Edit</button><button class="btn" @click=${discard}>Discard</button></div>`;
