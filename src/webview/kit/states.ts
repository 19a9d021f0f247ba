import { html, type TemplateResult } from 'lit';
import type { NotShown } from '../../contract/pages/page.ts';
import { icon } from './icon.ts';

/** What a page says in place of its content, with what to do about it. */
export function notShown(shown: NotShown, name: string, wishes: { readonly reopen: () => void; readonly take: (command: string) => void }): TemplateResult {
  switch (shown.kind) {
    case 'opening': return html`<p class="empty dim" role="status">${icon('loading', 'codicon-modifier-spin')} Opening ${name}…</p>`;
    case 'closed': return html`<div class="empty" role="status"><p>${name} was closed in this window. What runs in it goes on.</p><p><button class="btn primary" @click=${wishes.reopen}>Open Project</button></p></div>`;
    case 'failed': return html`<div class="empty" role="alert">
      <p>${icon('warning', 'warn')} ${shown.problem.words}</p>
      <p class="row">${shown.problem.ways.map(({ command, title }, place) => html`<button class="btn ${place === 0 ? 'primary' : ''}" @click=${() => { wishes.take(command); }}>${title}</button>`)}</p>
    </div>`;
  }
}
