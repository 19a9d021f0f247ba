import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { longestNote } from '../../contract/review.ts';
import { icon } from '../kit/icon.ts';
import type { Mode } from './mode.ts';

/** What the fields of a page tell it. */
export interface Typing {
  readonly type: (text: string) => void;
  readonly save: () => void;
  readonly escape: () => void;
  readonly discard: () => void;
}

type Of<Kind extends Mode['kind']> = Extract<Mode, { kind: Kind }>;

/**
 * Keys of a field. What is typed is kept from the editor, which would look for a command behind each letter: it may not have heard yet that a text is being typed.
 */
function keys(event: KeyboardEvent, isSave: (event: KeyboardEvent) => boolean, { save, escape }: Typing): void {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !/^F\d/.test(event.key);
  if (event.key === 'Escape') escape();
  else if (isSave(event)) save();
  else {
    if (plain) event.stopPropagation();
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

const typed = ({ target }: Event, { type }: Typing): void => { if (target instanceof HTMLTextAreaElement) type(target.value); };

/** A note, above the footer. Enter saves it, with Shift it is a new line. */
export const noteField = ({ text }: Of<'note'>, typing: Typing): TemplateResult => html`<section class="note-field" aria-label="Note">
  <label for="note" class="small dim">Note <span class="whole">(Enter saves, Shift+Enter is a new line, Escape leaves it as it was)</span></label>
  <textarea id="note" rows="3" maxlength=${longestNote} .value=${live(text)} @input=${(event: Event) => { typed(event, typing); }}
    @keydown=${(event: KeyboardEvent) => { keys(event, ({ key, shiftKey, isComposing }) => key === 'Enter' && !shiftKey && !isComposing, typing); }}></textarea>
  <div class="tools"><button class="btn primary" @click=${typing.save}>Save Note</button><button class="btn" @click=${typing.discard}>Cancel</button></div>
</section>`;

/** The text of a path, to be written anew, in the place of the path. */
export function amendField({ text, before, asking }: Of<'amend'>, typing: Typing): TemplateResult {
  const says = asking ? 'Not saved. Discard what you wrote?' : text === before ? 'Not changed yet.' : 'Not saved.';
  const empty = text.trim() === '';
  return html`<section class="pa amending" aria-labelledby="amend-head">
    <div class="ch"><h2 id="amend-head">Path</h2><span class="tag">${icon('edit')}amending</span></div>
    <textarea id="amend" class="mono" spellcheck="false" aria-label="Text of the path" .value=${live(text)} @input=${(event: Event) => { typed(event, typing); }}
      @keydown=${(event: KeyboardEvent) => { keys(event, ({ key, ctrlKey, metaKey }) => key === 'Enter' && (ctrlKey || metaKey), typing); }}></textarea>
    <div class="tools"><button class="btn primary" title="Save Amendment (Ctrl+Enter)" ?disabled=${empty} @click=${typing.save}>Save Amendment</button>
      <button class="btn" id="discard" @click=${typing.discard} @keydown=${(event: KeyboardEvent) => { if (event.key === 'Escape') keys(event, () => false, typing); }}>Discard</button>
      <span class="dim" role="status">${says}</span>${empty ? html`<span class="warn">A path needs a text.</span>` : nothing}</div>
  </section>`;
}
