import { html, nothing, type TemplateResult } from 'lit';
import { reviewPage } from '../../contract/pages/review.ts';
import { whenFormulasArrive } from '../kit/mathText.ts';
import { startPage } from '../kit/page.ts';
import { notShown } from '../kit/states.ts';
import { pathColumn, structureColumn } from './cards.ts';
import { comparison } from './compare.ts';
import { amendField, noteField, type Typing } from './fields.ts';
import { footer } from './footer.ts';
import { drawGutter } from './gutter.ts';
import { header } from './header.ts';
import { ended, fetching, keySheet } from './overlays.ts';
import { rail } from './rail.ts';
import { firstView, viewSchema, type OpenItem, type OpenReview, type Page } from './state.ts';
import { band, measureQuestion, reviews, task } from './task.ts';
import { beginTexts, hasUnfinishedTexts, layout } from './texts.ts';
import { focusIn, Work } from './work.ts';

const work = new Work();
let opened: OpenReview | undefined;
let shown: OpenItem | undefined;
let takenUp = false;

const typing: Typing = { type: text => { work.type(text); }, save: () => { work.run('save'); }, escape: () => { work.escape(); }, discard: () => { work.discard(); } };

function openItem(open: OpenReview): OpenItem | undefined {
  const { item } = open;
  return item && { ...open, item, layout: layout(item), focus: focusIn(open.view, item) };
}

function draw(page: Page): TemplateResult {
  beginTexts();
  opened = work.open(page);
  shown = opened && openItem(opened);
  if (opened) return drawQueue(opened);
  const { snapshot: { name, shown: instead }, send, take } = page;
  return instead.kind === 'session' ? html`` : html`${notShown(instead, name, { reopen: () => { send({ kind: 'reopen' }); }, take })}`;
}

function drawQueue(open: OpenReview): TemplateResult {
  const { view: { mode }, session, queue } = open;
  const atEnd = !open.item && session.at >= session.order.length && !queue.more;
  return html`<div class="review" tabindex="-1" data-path=${shown?.item.path ?? nothing} @click=${giveBack} @keydown=${ownKeys}>
    ${header(open)}
    ${shown ? path(shown) : atEnd ? ended(open) : fetching(open)}
    ${mode.kind === 'note' ? noteField(mode, typing) : nothing}
    ${footer(open)}
    ${mode.kind === 'keys' ? keySheet(open) : nothing}
  </div>`;
}

function path(page: OpenItem): TemplateResult {
  const { view: { mode, compare }, item } = page;
  const above = html`${task(page)}${band(page)}${reviews(page)}`;
  if (compare?.path === item.path && mode.kind !== 'amend') return html`${above}${comparison(page, compare.other)}`;
  const planned = item.alignment.structure.length > 0;
  return html`${above}<div class="cols ${planned ? '' : 'single'}" @scroll=${redraw}>
    ${planned ? html`<div class="col" @scroll=${redraw}>${structureColumn(page)}</div><div class="gutter" aria-hidden="true"></div>` : nothing}
    <div class="col" @scroll=${redraw}>${mode.kind === 'amend' ? amendField(mode, typing) : pathColumn(page)}</div>
    <div class="col rail-col">${rail(page)}</div>
  </div>`;
}

let drawing = false;

/** The lines follow the cards, once a frame. */
function redraw(): void {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    measureQuestion();
    drawGutter(shown);
  });
}

const sizes = new ResizeObserver(redraw);
let observed: Element | null = null;

function drawn(): void {
  const columns = document.querySelector('.cols');
  if (columns !== observed) {
    sizes.disconnect();
    if (columns) sizes.observe(columns);
    observed = columns;
  }
  work.drawn(opened, shown);
  if (opened && !takenUp) {
    takenUp = true;
    work.takeUp(opened);
  }
  if (hasUnfinishedTexts()) opened?.keep({});
  measureQuestion();
  drawGutter(shown);
}

/** A button that was pressed with the mouse gives the keyboard back: Space would press it again. */
function giveBack({ detail, target, currentTarget }: MouseEvent): void {
  if (detail > 0 && target instanceof Element && target.closest('button') && currentTarget instanceof HTMLElement) currentTarget.focus({ preventScroll: true });
}

/** Enter and Space on a button are the button's own, and no command of the editor's as well; on the number of a card they are the editor's. In a menu no key decides. */
function ownKeys(event: KeyboardEvent): void {
  if (event.target instanceof Element && event.target.closest('[role=menu]') && !event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  if ((event.key !== 'Enter' && event.key !== ' ') || !(event.target instanceof HTMLButtonElement)) return;
  if (event.target.classList.contains('no')) event.preventDefault();
  else event.stopPropagation();
}

/** Keys that are none of the editor's commands. */
function press(key: string): boolean {
  if (key === 'Escape') return work.escape();
  if (key !== 'ArrowDown' && key !== 'ArrowUp') return false;
  const numbers = [...document.querySelectorAll<HTMLElement>('.cards .no:is(button)')];
  const at = document.activeElement instanceof HTMLElement ? numbers.indexOf(document.activeElement) : -1;
  const next = at < 0 ? undefined : numbers[at + (key === 'ArrowDown' ? 1 : -1)];
  next?.focus();
  next?.click();
  return next !== undefined;
}

// keys that go elsewhere are none of the page's
window.addEventListener('blur', () => { work.away(true); });
window.addEventListener('focus', () => { work.away(false); });
whenFormulasArrive(() => opened?.keep({}));

startPage({ contract: reviewPage, view: viewSchema, firstView, draw, drawn, hear: (news, page) => { work.hear(news, page); }, key: press });
