import { html, type TemplateResult } from 'lit';
import { thousands } from '../../client/words.ts';
import type { CopiedTable, Figure } from '../../contract/pages/overview.ts';
import { icon } from '../kit/icon.ts';
import type { OpenPage } from './state.ts';

/** How a figure is shown that opens the list behind it. */
interface FigureLook {
  /** Absent where there is no list. */
  readonly of: Figure | undefined;
  /** What a screen reader says after what is seen. */
  readonly says: string;
  /** Words that stand after the number, and open the same list. */
  readonly words?: string;
  /** What stands in place of the number. */
  readonly shown?: string;
  readonly strong?: boolean;
}

/** A count that opens exactly the list behind it; none opens nothing. */
export function figure({ send }: OpenPage, count: number, { of, says, words, shown, strong }: FigureLook): TemplateResult {
  const text = `${shown ?? thousands(count)}${words === undefined ? '' : ` ${words}`}`;
  const look = strong === true ? html`<b>${text}</b>` : html`${text}`;
  if (of === undefined || count === 0) return html`<span class="num">${look}</span>`;
  return html`<button class="num" data-figure aria-label="${text} ${says}" @click=${() => { send({ kind: 'list', figure: of }); }}>${look}</button>`;
}

/** Copies the figures beside it. */
export const copyButton = ({ send, announce }: OpenPage, table: CopiedTable): TemplateResult => html`<button class="act" title="Copy as CSV" aria-label="Copy as CSV" @click=${() => {
  send({ kind: 'copy', table });
  announce('Copied as CSV');
}}>${icon('copy')}</button>`;
