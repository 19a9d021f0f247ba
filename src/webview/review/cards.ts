import { html, nothing, type TemplateResult } from 'lit';
import { thousands, visible } from '../../client/words.ts';
import type { ReviewItem } from '../../contract/review.ts';
import type { Judgement } from '../../core/model/review.ts';
import { judgementOf } from '../../core/review/session.ts';
import { icon } from '../kit/icon.ts';
import { fold, isUnfolded, type OpenItem, type OpenReview } from './state.ts';
import { cardName, isAdded, isSame, moreCards, mostCards, mostOfStep, numbers, partnersOf, partOf, stretchAround, structureWords, titled, widened, type Card, type PathRow, type Stretch, type Wanted } from './steps.ts';
import { textOf } from './texts.ts';
import { sizeWords } from './words.ts';

const structureLooks: Readonly<Record<ReviewItem['alignment']['marks']['structure'][number], readonly [icon: string, tone: string]>> = {
  followed: ['check', 'dim'], skipped: ['circle-slash', 'warn'], reordered: ['arrow-swap', 'info'], merged: ['git-merge', 'info'],
};

/** Of long texts, which cards are drawn: by path and side. */
const stretches = new Map<string, Stretch>();

/** The cards of one side that are drawn, with the ways to more of them. */
function stretched(page: OpenItem, side: Card['side'], count: number): { readonly shown: Stretch; readonly above: TemplateResult | typeof nothing; readonly below: TemplateResult | typeof nothing } {
  const { item, focus, layout, keep } = page;
  const key = `${item.path} ${side}`;
  const near = focus?.side === side ? focus : partnersOf(layout, focus)[0];
  const before = stretches.get(key);
  const shown = near || !before ? stretchAround(count, near?.at ?? 0, before) : before;
  if (count > mostCards) stretches.set(key, shown);
  const more = (where: 'above' | 'below', left: number) => (left <= 0 ? nothing : html`<li class="more"><button class="link" @click=${() => {
    stretches.set(key, widened(shown, where, count));
    keep({});
  }}>Show ${Math.min(left, moreCards)} More</button> <span class="dim">${thousands(left)} ${where}</span></li>`);
  return { shown, above: more('above', shown.from), below: more('below', count - shown.to) };
}

/** A text of a card, and the way to the rest of a long one. */
function body(page: OpenReview & { readonly item: ReviewItem }, wanted: Wanted): TemplateResult {
  const { length } = wanted.text;
  const name = wanted.key.slice(0, 40); // that of an amendment has its text in it
  const parts: HTMLElement[] = [];
  let at = 0;
  do {
    parts.push(textOf(page.item, partOf(wanted, at)));
    at += mostOfStep;
  } while (at < length && isUnfolded(page, `${name} ${at}`));
  if (at >= length) return html`${parts}`;
  return html`${parts}<button class="link" @click=${() => { fold(page, `${name} ${at}`); }}>Show More</button> <span class="dim">${thousands(length - at)} characters</span>`;
}

function classes({ focus, layout }: OpenItem, card: Card): string {
  if (isSame(focus, card)) return 'focused';
  return partnersOf(layout, focus).some(partner => isSame(partner, card)) ? 'partner' : '';
}

/** The number of a card is its button; a click anywhere on the card is one on it. */
const numberButton = (page: OpenItem, card: Card, label: string): TemplateResult =>
  html`<button class="no" aria-label=${cardName(page.item, page.layout, card)} aria-current=${isSame(page.focus, card) ? 'step' : nothing}>${label}</button>`;

/** The plan, step by step, with what became of each. */
export function structureColumn(page: OpenItem): TemplateResult {
  const { item, send } = page;
  const { structure, marks } = item.alignment;
  const carriedOut = marks.structure.filter(mark => mark !== 'skipped').length;
  const { shown, above, below } = stretched(page, 'structure', structure.length);
  return html`<section class="st" aria-labelledby="structure-head">
    <div class="ch"><h2 id="structure-head">Structure</h2><span class="dim plain grow">${carriedOut} of ${structure.length} carried out</span>
      <button class="act" title="Open Structure" aria-label="Open Structure" @click=${() => { send({ kind: 'open', path: item.path, what: 'structure' }); }}>${icon('go-to-file')}</button></div>
    ${guideline(page)}
    <ol class="cards ${many(structure.length)}">${above}${structure.slice(shown.from, shown.to).map((step, at) => structureCard(page, shown.from + at, step.text))}${below}</ol>
  </section>`;
}

/** What the branch follows, folded; of a plain draw, which follows nothing, its name. */
function guideline(page: OpenItem): TemplateResult {
  const { branch, adapted } = page.item;
  if (branch.guidelines.length === 0) return html`<p class="dim small">${visible(branch.title)}</p>`;
  const unfolded = isUnfolded(page, 'guideline');
  const short = adapted === undefined ? branch.title : `${branch.title}, adapted: ${adapted.replaceAll(/\s+/g, ' ').slice(0, 200)}`;
  return html`<button class="fold dim small" aria-expanded=${String(unfolded)} @click=${() => { fold(page, 'guideline'); }}>${icon(unfolded ? 'chevron-down' : 'chevron-right')}<span class="ell">${visible(unfolded ? branch.title : short)}</span></button>
    ${unfolded ? html`<div class="guideline small"><p class="text dim">${visible(branch.guidelineText)}</p>${adapted === undefined ? nothing : html`<p class="text">${visible(adapted)}</p>`}</div>` : nothing}`;
}

function structureCard(page: OpenItem, at: number, text: string): TemplateResult {
  const { item, layout, choose } = page;
  const card: Card = { side: 'structure', at };
  const mark = item.alignment.marks.structure[at] ?? 'followed';
  const [name, tone] = structureLooks[mark];
  const { title, rest } = titled(text);
  const says = html`<span class="mark ${tone}">${icon(name)}${structureWords(item, layout, at)}</span>`;
  const words = body(page, { key: `s${at}`, text: rest });
  return html`<li class="card s ${mark} ${classes(page, card)}" data-card="structure-${at}" @click=${() => { choose(card); }}>
    ${numberButton(page, card, String(at + 1))}
    ${title === undefined
      ? html`<div class="grow untitled">${words}</div>${says}`
      : html`<div class="grow titled"><div class="head"><span class="grow title">${visible(title)}</span>${says}</div><div class="dim">${words}</div></div>`}
  </li>`;
}

/** The text that counts, where somebody wrote another one than the model. */
export function amendedText({ item, session, queue: { reviewer } }: Pick<OpenItem, 'item' | 'session' | 'queue'>): string | undefined {
  const own = judgementOf(session, item.path);
  if (own.decision === 'amend') return own.amendedText;
  if (own.decision === 'reject') return undefined;
  return item.reviews.find(({ decision, reviewer: who }) => decision === 'amend' && who !== reviewer)?.amendedText;
}

/** The path, step by step; of an amended one the new text, with the model's own folded below. */
export function pathColumn(page: OpenItem): TemplateResult {
  const amended = amendedText(page);
  return html`<section class="pa" aria-labelledby="path-head">
    ${pathHead(page, amended !== undefined)}
    ${page.item.alignment.structure.length === 0 ? guideline(page) : nothing}
    ${cut(page)}
    ${amended === undefined ? pathCards(page) : amendedCards(page, amended)}
  </section>`;
}

function pathHead({ item, send }: OpenItem, amended: boolean): TemplateResult {
  const open = (what: 'path' | 'step', title: string, name: string) => html`<button class="act" title=${title} aria-label=${title} @click=${() => { send({ kind: 'open', path: item.path, what }); }}>${icon(name)}</button>`;
  return html`<div class="ch"><h2 id="path-head">Path</h2>${amended ? html`<span class="tag">${icon('edit')}amended</span>` : nothing}<span class="dim plain grow">${sizeWords(item)}</span>
    ${open('step', 'Step Through Branch', 'debug-step-over')}${open('path', 'Open Path', 'go-to-file')}</div>`;
}

/** A path that is too long to be sent whole says so. */
function cut({ item, send }: OpenItem): TemplateResult | typeof nothing {
  if (item.length <= item.text.length) return nothing;
  return html`<p class="cut" role="note">${icon('warning', 'warn')}<span class="grow">These are the first ${thousands(item.text.length)} of ${thousands(item.length)} characters.</span><button class="btn" @click=${() => { send({ kind: 'open', path: item.path, what: 'path' }); }}>Open Whole Path</button></p>`;
}

/** Cards that are far from what is on screen are not laid out where there are many. */
const many = (count: number): string => (count > 40 ? 'many' : '');

function pathCards(page: OpenItem): TemplateResult {
  const { layout: { rows }, item } = page;
  const { shown, above, below } = stretched(page, 'path', rows.length);
  const own = judgementOf(page.session, item.path);
  return html`<ol class="cards ${many(rows.length)}">${above}${rows.slice(shown.from, shown.to).map((row, at) => pathCard(page, { row, at: shown.from + at, own }))}${below}</ol>`;
}

function amendedCards(page: OpenItem, text: string): TemplateResult {
  const unfolded = isUnfolded(page, 'original');
  return html`<div class="whole-text card p"><div class="grow">${body(page, { key: `amended ${text}`, text })}</div></div>
    <button class="fold dim small" aria-expanded=${String(unfolded)} @click=${() => { fold(page, 'original'); }}>${icon(unfolded ? 'chevron-down' : 'chevron-right')}What the model wrote</button>
    ${unfolded ? pathCards(page) : nothing}`;
}

interface Drawing {
  readonly row: PathRow;
  readonly at: number;
  readonly own: Judgement;
}

function pathCard(page: OpenItem, { row, at, own }: Drawing): TemplateResult {
  const { item, layout, choose } = page;
  const card: Card = { side: 'path', at };
  const words = body(page, textOfRow(item, row, at));
  const found = [...(row.leak ? ['leaks'] as const : []), ...(isAdded(item, row) ? ['added'] as const : []), ...(isBad(row, own) ? ['wrong'] as const : [])];
  const focusable = row.kind === 'step' || row.leak !== undefined;
  return html`<li class="card p ${row.kind === 'gap' ? 'gap' : ''} ${found.join(' ')} ${classes(page, card)}" data-card="path-${at}" @click=${() => { if (focusable) choose(card); }}>
    ${focusable ? numberButton(page, card, label(item, row, layout.stepsOfRow[at] ?? [])) : html`<span class="no"></span>`}<div class="grow">${words}</div>${found.length === 0 ? nothing : html`<div class="marks">${found.map(each => pathLooks[each])}</div>`}
  </li>`;
}

const mark = (tone: string, name: string, word: string): TemplateResult => html`<span class="mark ${tone}">${icon(name)}${word}</span>`;
const pathLooks = { leaks: mark('warn', 'warning', 'leak'), added: mark('ok', 'add', 'added'), wrong: mark('bad', 'error', 'bad step') };

const textOfRow = ({ text }: ReviewItem, { start, end, leak }: PathRow, at: number): Wanted => ({ key: `p${at}`, text: text.slice(start, end), ...(leak ? { mark: leak } : {}) });
const isBad = ({ kind, step }: PathRow, { marks }: Judgement): boolean => kind === 'step' && marks.some(each => each.step === step);

/** The steps of the structure that a row carries out, by their numbers; its own where there is no structure. */
function label(item: ReviewItem, row: PathRow, steps: readonly number[]): string {
  if (row.kind === 'gap') return '';
  if (item.alignment.structure.length === 0) return String(row.step + 1);
  return isAdded(item, row) ? '+' : numbers(steps);
}

/** A path beside another one: its text in cards, without a structure. */
export const plainCards = (page: OpenReview, item: ReviewItem, rows: readonly PathRow[]): TemplateResult =>
  html`<ol class="cards">${rows.slice(0, mostCards).map((row, at) => html`<li class="card p ${row.kind === 'gap' ? 'gap' : ''}"><span class="no">${row.kind === 'step' ? row.step + 1 : ''}</span><div class="grow">${body({ ...page, item }, textOfRow(item, row, at))}</div></li>`)}
    ${rows.length > mostCards ? html`<li class="more dim">${thousands(rows.length - mostCards)} more steps</li>` : nothing}</ol>`;
