import { html, nothing, type TemplateResult } from 'lit';
import { visible } from '../../client/words.ts';
import { evaluationPage, type EvaluationButton } from '../../contract/pages/evaluation.ts';
import { part } from '../kit/figures.ts';
import { icon } from '../kit/icon.ts';
import { menu } from '../kit/menu.ts';
import { startPage } from '../kit/page.ts';
import { notShown } from '../kit/states.ts';
import { lists, moveFocus } from './lists.ts';
import { viewSchema, type OpenPage, type Page } from './state.ts';
import { table } from './table.ts';

function draw(page: Page): TemplateResult {
  const { snapshot: { shown, title, project }, send, take } = page;
  if (shown.kind === 'evaluation') return drawEvaluation({ ...page, open: shown });
  const head = html`<header class="header"><h1>${title}</h1><span class="dim">${visible(project)}</span></header>`;
  if (shown.kind === 'missing') return html`${head}<p class="empty" role="status">${visible(project)} has no ${title.toLowerCase()} any more.</p>`;
  return html`${head}${notShown(shown, project, { reopen: () => { send({ kind: 'reopen' }); }, take })}`;
}

function drawEvaluation(page: OpenPage): TemplateResult {
  const { open } = page;
  const counts = open.groups.some(({ rows }) => rows.some(({ n }) => n > 0));
  return html`${header(page)}${problem(page)}${progress(page)}${sentence(page)}${contamination(page)}
    ${counts ? html`${table(page)}${open.notes.length === 0 ? nothing : html`<p class="e-notes dim small">${open.notes.join(' ')}</p>`}${lists(page)}` : nothing}`;
}

function header(page: OpenPage): TemplateResult {
  const { snapshot: { title }, open: { state, about, rule, simulated, primary, menu: buttons }, view, keep } = page;
  const [copy] = buttons.filter(({ wish }) => wish === 'copy');
  const items = buttons.filter(({ wish }) => wish !== 'copy').map(({ wish, title: name, icon: mark }) => ({ title: name, icon: mark, choose: () => { page.send({ kind: 'wish', wish }); } }));
  return html`<header class="header job-header">
    <h1>${title}</h1>
    <span class="tag" data-state=${state.word}>${icon(state.icon, `${state.tone} ${state.icon === 'sync' ? 'codicon-modifier-spin' : ''}`)}${state.word}</span>
    ${simulated ? html`<span class="tag" title="A model of it is the demo server, which plays one">${icon('beaker')}simulation</span>` : nothing}
    <span class="dim ell grow" title=${rule}>${about}</span>
    ${primary ? html`<button class="btn ${primary.wish === 'cancel' ? '' : 'primary'}" @click=${() => { page.send({ kind: 'wish', wish: primary.wish }); }}>${primary.title}</button>` : nothing}
    ${copy ? copyButton(page, copy) : nothing}
    ${menu('More Actions', items, { open: view.menu, set: value => { keep({ menu: value }); } })}
  </header>`;
}

const copyButton = ({ send, announce }: OpenPage, { title, icon: mark, wish }: EvaluationButton): TemplateResult => html`<button class="act" title=${title} aria-label=${title} @click=${() => {
  send({ kind: 'wish', wish });
  announce('Copied as CSV');
}}>${icon(mark)}</button>`;

function problem({ open: { problem: words, state, menu: buttons }, send }: OpenPage): TemplateResult | typeof nothing {
  if (words === null) return nothing;
  const bad = state.tone === 'bad';
  const again = buttons.find(({ wish }) => wish === 'again');
  return html`<section class="advice ${bad ? 'bad-edge' : 'warn-edge'}" aria-label="What is wrong">${icon(bad ? 'error' : 'warning', bad ? 'bad' : 'warn')}<p class="text grow">${visible(words)}${again ? html` <button class="link" @click=${() => { send({ kind: 'wish', wish: 'again' }); }}>${again.title}</button>` : nothing}</p></section>`;
}

function progress({ open: { progress: far } }: OpenPage): TemplateResult | typeof nothing {
  if (!far) return nothing;
  return html`<section class="job-progress" aria-label="Progress">
    <div class="job-bar"><div class="row"><b class="grow">${far.words}</b></div>
      <svg class="bar" width="100%" height="4" role="progressbar" aria-label="Answers" aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.floor(far.ratio * 100)}><rect width=${part(far.ratio, 1)} height="4"/></svg></div>
    <dl class="job-figures">${far.figures.map(({ name, value }) => html`<div><dt class="dim">${name}</dt><dd><b>${value}</b></dd></div>`)}</dl>
  </section>`;
}

const sentence = ({ open: { sentence: parts } }: OpenPage): TemplateResult => html`<p class="e-sentence text">${parts.length === 0 ? html`<span class="dim">Nothing is answered yet.</span>` : parts.map(({ text, strong }) => (strong === true ? html`<b>${visible(text)}</b>` : visible(text)))}</p>`;

const contamination = ({ open: { contamination: words }, send }: OpenPage): TemplateResult | typeof nothing =>
  (words === '' ? nothing : html`<p class="e-notes">${icon('warning', 'warn')} ${words} <button class="link" @click=${() => { send({ kind: 'wish', wish: 'contamination' }); }}>Show Them</button></p>`);

/** Keys of the page. */
const press = (key: string): boolean => (key === 'ArrowDown' || key === 'ArrowUp') && moveFocus(key === 'ArrowDown' ? 1 : -1);

startPage({ contract: evaluationPage, view: viewSchema, firstView: { menu: false }, draw, key: press });
