import { html, nothing, type TemplateResult } from 'lit';
import { thousands } from '../../client/words.ts';
import { icon } from './icon.ts';

/** Which leaf of a long list is shown: `count` rows from place `from` on. */
export interface Leaf {
  readonly from: number;
  readonly count: number;
  readonly total: number;
  readonly more: boolean;
}

/** Where in a long list one is, and the way to the next leaf; nothing where all of it is on screen. */
export function pager({ from, count, total, more }: Leaf, turn: (to: 'first' | 'previous' | 'next') => void): TemplateResult | typeof nothing {
  if (from === 0 && !more) return nothing;
  const button = (to: 'first' | 'previous' | 'next', name: string, words: string) => html`<button class="act" title=${words} aria-label=${words} ?disabled=${to === 'next' ? !more : from === 0} @click=${() => { turn(to); }}>${icon(name)}</button>`;
  return html`<nav class="pager" aria-label="Leaves">${button('first', 'arrow-up', 'First Rows')}${button('previous', 'chevron-left', 'Previous Rows')}<span class="small">${thousands(from + 1)}–${thousands(from + count)} of ${thousands(total)}</span>${button('next', 'chevron-right', 'Next Rows')}</nav>`;
}
