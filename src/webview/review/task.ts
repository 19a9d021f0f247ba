import { html, nothing, type TemplateResult } from 'lit';
import { visible } from '../../client/words.ts';
import type { ReviewItem } from '../../contract/review.ts';
import { judgementOf } from '../../core/review/session.ts';
import { icon } from '../kit/icon.ts';
import { fold, isUnfolded, type OpenItem } from './state.ts';
import { bandWords, dayWords, judgementWords, verdictWords } from './words.ts';

/** The task: its question, the known answer and the one that was read. */
export function task(page: OpenItem): TemplateResult {
  const { item, send } = page;
  const { question, gold, corrected, id } = item.task;
  const unfolded = isUnfolded(page, 'question');
  return html`<section class="q" aria-label="Task">
    <div class="qt">
      <p class="text ${unfolded ? 'unfolded' : ''}" title=${visible(id)}>${visible(question)}</p>
      <button class="link small all" aria-expanded=${String(unfolded)} @click=${() => { fold(page, 'question'); }}>${unfolded ? 'Show Less' : 'Show All'}</button>
    </div>
    <dl class="qa">
      <dt class="dim">known</dt><dd><b title=${visible(gold?.slice(0, 200) ?? '')}>${gold === undefined ? 'none' : visible(gold.slice(0, 200))}</b>${corrected ? html`<span class="tag" title="A person corrected it">corrected</span>` : nothing}<button class="act" title="Correct Known Answer…" aria-label="Correct Known Answer…" @click=${() => { send({ kind: 'correct-gold', task: id }); }}>${icon('edit')}</button></dd>
      <dt class="dim">answer</dt><dd><b title=${visible(item.extracted?.slice(0, 200) ?? '')}>${item.extracted === null ? 'none' : visible(item.extracted.slice(0, 200))}</b><button class="act" title="Open Task" aria-label="Open Task" @click=${() => { send({ kind: 'open', path: item.path, what: 'task' }); }}>${icon('go-to-file')}</button></dd>
    </dl>
  </section>`;
}

const verdictLooks: Readonly<Record<ReviewItem['verdicts'][number]['kind'], readonly [icon: string, tone: string]>> = {
  correct: ['pass', 'ok'], incorrect: ['error', 'bad'], unreadable: ['circle-large-outline', 'dim'], unjudged: ['question', 'dim'],
};

/** A question that is cut gets the way to all of it; called whenever it may be laid out anew. */
export function measureQuestion(): void {
  const text = document.querySelector('.qt .text');
  text?.parentElement?.classList.toggle('clipped', text.classList.contains('unfolded') || text.scrollHeight > text.clientHeight + 2);
}

function verdictTag(verdict: ReviewItem['verdicts'][number]): TemplateResult {
  const { tag, says } = verdictWords(verdict);
  const [name, tone] = verdict.checker === 'leak' ? ['warning', 'warn'] : verdictLooks[verdict.kind];
  return html`<span class="tag" title=${visible(says)}>${icon(name, tone)}${visible(tag)}</span>`;
}

/** What speaks for and against the path, and whether it is in the data set. */
export function band({ item, session }: OpenItem): TemplateResult {
  const own = judgementOf(session, item.path).decision;
  const warns = item.hinted || item.leak !== undefined;
  const kept = own === 'accept' || own === 'amend' || (item.kept && own !== 'reject');
  const [word, look] = warns ? [item.hinted ? 'Hinted' : 'Leak', icon('warning', 'warn')] : kept ? ['Kept', icon('pass-filled', 'ok')] : ['Lost', icon('circle-slash', 'dim')];
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
