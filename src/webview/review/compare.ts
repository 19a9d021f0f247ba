import { html, type TemplateResult } from 'lit';
import { visible } from '../../client/words.ts';
import type { ReviewItem } from '../../contract/review.ts';
import { icon } from '../kit/icon.ts';
import { plainCards } from './cards.ts';
import { groups } from './rail.ts';
import type { OpenItem } from './state.ts';
import { layout } from './texts.ts';
import { groupLooks, sizeWords } from './words.ts';

/** Two paths of the task side by side: the one that is reviewed, and one to be chosen. */
export function comparison(page: OpenItem, other: string | null): TemplateResult {
  return html`<div class="cols compared">
    ${side(page, page.item, html`<span class="tag">under review</span>`)}
    ${other === null ? chooser(page) : second(page, other)}
  </div>`;
}

function side(page: OpenItem, item: ReviewItem, about: TemplateResult): TemplateResult {
  const look = groupLooks[item.rail.find(({ path }) => path === item.path)?.group ?? 'unjudged'];
  return html`<section class="pa" tabindex="0" aria-label=${visible(item.branch.title)}>
    <div class="ch"><h2 class="named">${visible(item.branch.title)}</h2><span class="tag">${icon(look.icon, look.tone)}${look.title.toLowerCase()}</span><span class="dim plain grow ell">${sizeWords(item)}</span>${about}</div>
    ${plainCards(page, item, layout(item).rows)}
  </section>`;
}

function chooser(page: OpenItem): TemplateResult {
  return html`<section class="pa choosing" aria-labelledby="compare-head"><div class="ch"><h2 id="compare-head">Compare with</h2></div>${groups(page)}</section>`;
}

function second(page: OpenItem, path: string): TemplateResult {
  const item = page.known(path);
  if (!item) return html`<section class="pa"><p class="empty dim" role="status">${icon('loading', 'codicon-modifier-spin')} Fetching the other path…</p></section>`;
  return side(page, item, html`<button class="link" @click=${() => { page.keep({ compare: { path: page.item.path, other: null } }); }}>Choose Another</button>
    <button class="link" @click=${() => { page.keep({ compare: null }); page.go(path); }}>Review This One</button>`);
}
