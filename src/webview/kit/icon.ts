import { html, type TemplateResult } from 'lit';

/** A codicon. It is never the only bearer of what it says: a word stands beside it, or a label on its button. */
export const icon = (name: string, tone = ''): TemplateResult => html`<i class="codicon codicon-${name} ${tone}" aria-hidden="true"></i>`;
