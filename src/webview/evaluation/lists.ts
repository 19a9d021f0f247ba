import { html, nothing, type TemplateResult } from 'lit';
import { counted, visible } from '../../client/words.ts';
import type { ShownAnswer, ShownChange, ShownSide } from '../../contract/pages/evaluation.ts';
import { select } from '../kit/fields.ts';
import { icon } from '../kit/icon.ts';
import type { OpenPage } from './state.ts';

/** What is said of a list where it has no tasks. */
const none = { gains: 'No task that the base has wrong is right now.', losses: 'No task that the base has right is wrong now.', any: 'Nothing is answered yet.' } as const;

/** The tasks that changed sides, or where nothing is compared all of them; each opens the answers. */
export function lists(page: OpenPage): TemplateResult | typeof nothing {
  const { open } = page;
  if (open.lists.length === 0) return nothing;
  return html`${chooser(page)}<div class="e-lists">${open.lists.map(side => list(page, side))}</div>`;
}

/** Of several models, the one whose answers are held against the base's. */
function chooser({ open: { models, shownModel }, send }: OpenPage): TemplateResult | typeof nothing {
  const own = models.filter(({ isBase }) => !isBase);
  if (own.length < 2) return nothing;
  return html`<div class="section">${select({
    id: 'shown-model', label: 'Answers of', disabled: false, value: shownModel, choices: own.map(({ label, head }) => ({ value: label, words: head })), choose: model => { send({ kind: 'model', model }); },
  })}</div>`;
}

function list(page: OpenPage, { side, title, total, rows }: ShownSide): TemplateResult {
  return html`<section aria-labelledby="side-${side}">
    <div class="row"><h2 id="side-${side}">${title}</h2><span class="dim">${counted(total, 'task')}</span><span class="grow"></span>
      ${total > 0 ? html`<button class="link small" aria-label="Show All: ${title}" @click=${() => { page.send({ kind: 'list', side }); }}>Show All</button>` : nothing}</div>
    ${total === 0 ? html`<p class="dim small">${none[side]}</p>` : html`<ul class="plain-list">${rows.map(row => html`<li>${change(page, row)}</li>`)}</ul>`}
  </section>`;
}

function change({ send }: OpenPage, { task, name, excerpt, own, base }: ShownChange): TemplateResult {
  return html`<button class="e-change ${base ? '' : 'e-single'}" data-change title=${name} @click=${() => { send({ kind: 'open', task }); }}>
    <span class="ell text">${visible(excerpt)}</span>${base ? html`${answer(base, 'Base')}<span class="dim" aria-hidden="true">→</span>` : nothing}${answer(own, base ? 'Now' : 'Answer')}
  </button>`;
}

/** @param of whose it is, for who cannot see where it stands */
const answer = ({ icon: name, tone, words, judged }: ShownAnswer, of: string): TemplateResult => html`<span class="e-answer">${icon(name, tone)}<span class="spoken">${of}, ${judged}: </span><span class="ell">${visible(words)}</span></span>`;

/** Arrows go from task to task, of both lists; Enter opens, as on any button. */
export function moveFocus(by: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-change]')];
  const at = document.activeElement instanceof HTMLElement ? rows.indexOf(document.activeElement) : -1;
  if (at < 0) return false;
  const next = rows[at + by];
  next?.focus();
  return next !== undefined;
}
