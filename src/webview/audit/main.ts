import { html, nothing, type TemplateResult } from 'lit';
import * as z from 'zod/mini';
import { branchWords, codeWords, counted, thousands, visible } from '../../client/words.ts';
import { auditPage, type AuditIntent, type AuditSide, type AuditSnapshot } from '../../contract/pages/audit.ts';
import { part, percent } from '../kit/figures.ts';
import { icon } from '../kit/icon.ts';
import { startPage, type Drawn } from '../kit/page.ts';
import { pager } from '../kit/pager.ts';
import { notShown } from '../kit/states.ts';

type Page = Drawn<AuditSnapshot, AuditIntent, object>;
type Open = Extract<AuditSnapshot['shown'], { kind: 'open' }>;
type Figures = NonNullable<Open['figures']>;

function draw(page: Page): TemplateResult {
  const { snapshot: { name, shown }, send, take } = page;
  if (shown.kind !== 'open') return html`<header class="header"><h1>Filter audit</h1><span class="dim">${name}</span></header>${notShown(shown, name, { reopen: () => { send({ kind: 'reopen' }); }, take })}`;
  return html`<header class="header">
      <h1>Filter audit</h1><span class="dim">${name}</span>${shown.figures?.simulated === true ? html`<span class="tag">${icon('beaker')}simulation</span>` : nothing}
      <span class="grow"></span>${control(page, shown)}
    </header>
    <p class="lead">The filter of the released code, faults included, held against the typed grader on every stored path of every task with a known answer.</p>
    ${shown.figures ? body(page, shown, shown.figures) : shown.state.kind === 'none' ? html`<p class="empty dim">Nothing was compared yet.</p>` : nothing}`;
}

function control({ send }: Page, { state }: Open): TemplateResult {
  const start = (words: string) => html`<button class="btn primary" @click=${() => { send({ kind: 'start' }); }}>${words}</button>`;
  switch (state.kind) {
    case 'none': return start('Compare');
    case 'running': return html`<svg class="bar" width="120" height="4" aria-hidden="true"><rect width=${part(state.done, state.total)} height="4"/></svg>
      <span class="small" role="status">${state.total === 0 ? 'comparing…' : `${thousands(state.done)} of ${thousands(state.total)} tasks`}</span><button class="btn" @click=${() => { send({ kind: 'cancel' }); }}>Cancel</button>`;
    case 'there': return html`${state.stale ? html`<span class="small warn">${icon('history')} tasks have changed since</span>` : nothing}<button class="btn ${state.stale ? 'primary' : ''}" @click=${() => { send({ kind: 'start' }); }}>Compare Again</button>`;
    case 'failed': return html`<span class="small" role="alert">${icon('error', 'bad')} ${state.problem.words}</span>${start('Try Again')}`;
  }
}

const body = (page: Page, open: Open, figures: Figures): TemplateResult => html`${sums(page, open, figures)}
  <div class="thirds">${released(page, figures)}${judge(page, figures)}${vote(page, figures)}</div>
  ${differing(page, open)}`;

/** The numbers first: a false accept is what costs. */
function sums({ send }: Page, { side }: Open, { tasks, paths, agreed, falseAccepts, falseRejects, undecided }: Figures): TemplateResult {
  const tab = (to: AuditSide, count: number, [words, hint]: readonly [string, string]) => html`<button class="sum" aria-pressed=${String(side === to)} title=${hint} @click=${() => { send({ kind: 'side', side: to }); }}><b>${thousands(count)}</b><span>${words}</span></button>`;
  return html`<section class="sums" aria-label="Sums">
    ${tab('all', falseAccepts + falseRejects, ['differ', `of ${counted(paths, 'path')}`])}
    ${tab('accepts', falseAccepts, ['false accepts', 'The released filter takes them, the typed grader finds them incorrect or unreadable'])}
    ${tab('rejects', falseRejects, ['false rejects', 'The typed grader finds them correct, the released filter refuses them'])}
    <span class="sum"><b>${thousands(agreed)}</b><span>agree, ${percent(agreed, paths - undecided)}</span></span>
    <span class="sum"><b>${thousands(undecided)}</b><span>undecided</span></span>
    <span class="sum"><b>${thousands(tasks)}</b><span>${tasks === 1 ? 'task' : 'tasks'}</span></span>
  </section>`;
}

const copy = ({ send, announce }: Page, table: Extract<AuditIntent, { kind: 'copy' }>['table']): TemplateResult => html`<button class="act" title="Copy as CSV" aria-label="Copy as CSV" @click=${() => {
  send({ kind: 'copy', table });
  announce('Copied as CSV');
}}>${icon('copy')}</button>`;

const head = (page: Page, words: string, table: Extract<AuditIntent, { kind: 'copy' }>['table']): TemplateResult =>
  html`<div class="row"><h2 id="${table}-head">${words}</h2><span class="grow"></span>${copy(page, table)}</div>`;

function released(page: Page, { released: { steps, kept, incorrect } }: Figures): TemplateResult {
  return html`<section aria-labelledby="released-head">${head(page, 'Left by the released filter', 'released')}
    <table><thead><tr><th scope="col">Step</th><th class="r" scope="col">Left</th><th class="r" scope="col">Incorrect</th></tr></thead>
    <tbody>${steps.map(({ step, count, incorrect: wrong }) => html`<tr><th scope="row">${codeWords(step)}</th><td class="r">${thousands(count)}</td><td class="r">${step === 'branches' ? '' : thousands(Math.round(wrong))}</td></tr>`)}</tbody></table>
    <p class="dim small note">It would keep ${kept === 0 ? 'none' : `${thousands(kept)}, of which ${thousands(Math.round(incorrect))} incorrect`}.</p></section>`;
}

function judge(page: Page, { judge: found }: Figures): TemplateResult {
  return html`<section aria-labelledby="judge-head">${head(page, 'Judge and verifier', 'judge')}
    ${found === null ? html`<p class="dim small">No judge was asked.</p>` : html`<table><thead><tr><th scope="col">Verifier</th><th class="r" scope="col">Judge: yes</th><th class="r" scope="col">Judge: no</th></tr></thead>
    <tbody>${found.confusion.map(({ typed, yes, no }) => html`<tr><th scope="row">${typed}</th><td class="r">${thousands(yes)}</td><td class="r">${thousands(no)}</td></tr>`)}</tbody></table>
    <p class="dim small note">${found.kappa === null ? 'One of them always says the same, so that there is no kappa.' : `Cohen’s kappa of correct: ${found.kappa.toFixed(2)}.`}</p>`}</section>`;
}

function vote(page: Page, { vote: shares }: Figures): TemplateResult {
  return html`<section aria-labelledby="vote-head">${head(page, 'Vote share and accuracy', 'vote')}
    ${shares === null ? html`<p class="dim small">No task has two votes.</p>` : html`<table><thead><tr><th class="v-share" scope="col" title="Share of a task’s votes that its most frequent answer had">Share</th><th class="r" scope="col">Tasks</th><th class="r" scope="col">Right</th><th class="v-bar" scope="col"><span class="spoken">Bar</span></th></tr></thead>
    <tbody>${shares.map(({ shareFrom, shareTo, tasks, accuracy }) => html`<tr><th scope="row">${Math.round(shareFrom * 100)}–${Math.round(shareTo * 100)} %</th><td class="r">${thousands(tasks)}</td><td class="r">${tasks === 0 ? '–' : percent(accuracy, 1)}</td>
      <td class="v-bar" aria-hidden="true"><svg width="100%" height="20"><rect class="s-line" x="0" y="7.5" width="100%" height="5"/><rect class="f-blue" x="0" y="7" width=${part(accuracy, 1)} height="6"/></svg></td></tr>`)}</tbody></table>
    <p class="dim small note">How often the most frequent answer was the known one.</p>`}</section>`;
}

/** The rows on which the two differ, each opening its path. */
function differing(page: Page, { rows, from, listed, side, figures }: Open): TemplateResult {
  const { send } = page;
  const all = figures === null ? 0 : side === 'accepts' ? figures.falseAccepts : side === 'rejects' ? figures.falseRejects : figures.falseAccepts + figures.falseRejects;
  const leaf = { from, count: rows.length, total: listed, more: from + rows.length < listed };
  const turn = (to: 'first' | 'previous' | 'next') => { send({ kind: 'turn', from: to === 'first' ? 0 : to === 'next' ? from + rows.length : Math.max(0, from - 200) }); };
  return html`<section aria-labelledby="rows-head"><div class="row"><h2 id="rows-head">Where they differ</h2><span class="plain dim">${all > listed ? `the first ${thousands(listed)} of ${thousands(all)}` : ''}</span><span class="grow"></span>${pager(leaf, turn)}${copy(page, 'rows')}</div>
    ${rows.length === 0 ? html`<p class="dim small">They agree on every path here.</p>` : html`<table class="rows"><thead><tr><th class="a-task" scope="col">Task</th><th class="a-branch" scope="col">Branch</th><th class="a-gold" scope="col">Known</th><th class="a-verdict" scope="col">Ours</th><th class="a-verdict" scope="col">Released</th></tr></thead>
    <tbody>${rows.map((row, place) => html`<tr class="opens" @click=${() => { send({ kind: 'open', place: from + place }); }}>
      <td class="a-task"><button class="num ell wide" data-figure title=${visible(row.task)}>${visible(row.task)}</button></td>
      <td class="a-branch">${branchWords(row.branch)}${row.round === 2 ? ' · hinted' : ''}</td>
      <td class="a-gold" title=${visible(row.gold)}>${visible(row.gold)}</td>
      ${verdict(row.typed === 'correct', row.typed, { reason: row.reason, read: row.extracted })}
      ${verdict(row.reference, row.reference ? 'takes it' : 'refuses it', { reason: row.referenceReason, read: row.referenceExtracted })}
    </tr>`)}</tbody></table>`}
  </section>`;
}

function verdict(isGood: boolean, words: string, { reason, read }: { readonly reason: string; readonly read: string | null }): TemplateResult {
  const why = reason === words ? '' : ` · ${codeWords(reason)}`;
  const text = `${words}${why}${read === null ? '' : ` · read ${visible(read)}`}`;
  return html`<td class="a-verdict" title=${text}>${icon(isGood ? 'pass' : 'error', isGood ? 'ok' : 'bad')} ${text}</td>`;
}

startPage({ contract: auditPage, view: z.object({}), firstView: {}, draw });
