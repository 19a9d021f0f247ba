import { html, nothing, type TemplateResult } from 'lit';
import { visible } from '../../client/words.ts';
import type { ReviewItem } from '../../contract/review.ts';
import type { Decision } from '../../core/model/review.ts';
import { judgementOf } from '../../core/review/session.ts';
import { icon } from '../kit/icon.ts';
import { fold, isUnfolded, type OpenItem } from './state.ts';
import { questionOf } from './texts.ts';
import { bandWords, dayWords, judgementWords, verdictWords } from './words.ts';

/** Most characters of a question that are laid out before somebody asks for all of it, more than a few lines hold; and of an answer in any case. */
const [mostOfQuestion, mostOfAnswer] = [2_000, 2_000];

/** The task: its question, the known answer and the one that was read. */
export function task(page: OpenItem): TemplateResult {
  const { item, send } = page;
  const { question, gold, corrected, id } = item.task;
  const unfolded = isUnfolded(page, 'question');
  const answer = (text: string) => html`<b title=${visible(text.slice(0, 200))}>${visible(text.slice(0, mostOfAnswer))}</b>`;
  return html`<section class="q ${unfolded ? 'unfolded' : ''}" aria-label="Task">
    <div class="qt">
      <p class="text" title=${visible(id)}>${questionOf(item, unfolded ? question : question.slice(0, mostOfQuestion))}</p>
      <button class="link small all" aria-expanded=${String(unfolded)} @click=${() => { fold(page, 'question'); }}>${unfolded ? 'Show Less' : 'Show All'}</button>
    </div>
    <dl class="qa">
      <dt class="dim">known</dt><dd>${answer(gold ?? 'none')}${corrected ? html`<span class="tag" title="A person corrected it">corrected</span>` : nothing}<button class="act" title="Correct Known Answer…" aria-label="Correct Known Answer…" @click=${() => { send({ kind: 'correct-gold', task: id }); }}>${icon('edit')}</button></dd>
      <dt class="dim">answer</dt><dd>${answer(item.extracted ?? 'none')}<button class="act" title="Open Task" aria-label="Open Task" @click=${() => { send({ kind: 'open', path: item.path, what: 'task' }); }}>${icon('go-to-file')}</button></dd>
    </dl>
  </section>`;
}

const verdictLooks: Readonly<Record<ReviewItem['verdicts'][number]['kind'], readonly [icon: string, tone: string]>> = {
  correct: ['pass', 'ok'], incorrect: ['error', 'bad'], unreadable: ['circle-large-outline', 'dim'], unjudged: ['question', 'dim'],
};

/** A question or an answer that is cut gets the way to all of it; called whenever it may be laid out anew. */
export function measureQuestion(): void {
  const place = document.querySelector('.q');
  const isCut = [...place?.querySelectorAll('.qt .text, .qa b') ?? []].some(text => text.scrollHeight > text.clientHeight + 2);
  place?.classList.toggle('clipped', isCut || place.classList.contains('unfolded'));
}

function verdictTag(verdict: ReviewItem['verdicts'][number]): TemplateResult {
  const { tag, says } = verdictWords(verdict);
  const [name, tone] = verdict.checker === 'leak' ? ['warning', 'warn'] : verdictLooks[verdict.kind];
  return html`<span class="tag" title=${visible(says)}>${icon(name, tone)}${visible(tag)}</span>`;
}

/** What the band says first, and how it looks. */
function bandLook(item: ReviewItem, own: Decision): readonly [word: string, look: TemplateResult] {
  if (item.unneeded === true) return ['No longer needed', icon('circle-slash', 'dim')];
  if (item.hinted || item.leak) return [item.hinted ? 'Hinted' : 'Leak', icon('warning', 'warn')];
  return own === 'accept' || own === 'amend' || (item.kept && own !== 'reject') ? ['Kept', icon('pass-filled', 'ok')] : ['Lost', icon('circle-slash', 'dim')];
}

/** What speaks for and against the path, and whether it is in the data set. */
export function band({ item, session }: OpenItem): TemplateResult {
  const own = judgementOf(session, item.path).decision;
  const warns = item.unneeded !== true && (item.hinted || item.leak !== undefined);
  const [word, look] = bandLook(item, own);
  return html`<section class="band ${warns ? 'warns' : ''}" aria-label="Findings">
    <span class="name whole">${look}<b>${word}</b></span>
    <span class="fate">${bandWords(item, own)}</span>
    <span class="verdicts">
      ${item.verdicts.map(verdictTag)}
      ${item.edited ? html`<span class="tag" title="A person wrote an answer or a prompt of it">${icon('edit')}edited</span>` : nothing}
      ${item.sampled ? html`<span class="tag" title="It was drawn at random: your decision counts for the precision">${icon('graph')}random</span>` : nothing}
    </span>
  </section>`;
}

/** What people thought of the path so far; nothing where nobody has looked. */
export function reviews({ item, session, queue: { reviewer } }: OpenItem): TemplateResult | typeof nothing {
  const own = judgementOf(session, item.path);
  const others = item.reviews.filter(review => review.reviewer !== reviewer);
  if (own.decision === 'none' && own.note === undefined && others.length === 0) return nothing;
  return html`<section class="reviews small" aria-label="Reviews">
    ${own.decision === 'none' ? nothing : html`<span class="tag own">${icon(decisionLooks[own.decision], 'info')}${judgementWords('You', own)}</span>`}
    ${own.note === undefined ? nothing : html`<span class="note text">${icon('note')} ${visible(own.note)}</span>`}
    ${others.map(review => html`<span class="other">${icon('account')} ${visible(judgementWords(review.reviewer, review))} <span class="dim">${dayWords(review.reviewedAtMs)}</span>${review.note === undefined ? nothing : html`<q class="text">${visible(review.note)}</q>`}</span>`)}
  </section>`;
}

const decisionLooks = { accept: 'pass', reject: 'error', amend: 'edit', unsure: 'question', none: 'circle-large-outline' } as const;
