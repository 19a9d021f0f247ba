import { html, nothing, type TemplateResult } from 'lit';
import * as z from 'zod/mini';
import { visible } from '../../client/words.ts';
import { iterationsPage, type IterationsIntent, type IterationsSnapshot, type OpenIterations } from '../../contract/pages/iterations.ts';
import { icon } from '../kit/icon.ts';
import { startPage, type Drawn } from '../kit/page.ts';
import { notShown } from '../kit/states.ts';
import { chart } from './chart.ts';

const viewSchema = z.object({});
type Page = Drawn<IterationsSnapshot, IterationsIntent, z.infer<typeof viewSchema>>;

function draw(page: Page): TemplateResult {
  const { snapshot: { name, shown }, send, take } = page;
  const head = (simulated: boolean, tools: TemplateResult | typeof nothing) => html`<header class="header"><h1>Iterations</h1><span class="dim ell">${visible(name)}</span>
    ${simulated ? html`<span class="tag" title="The demo server plays the model">${icon('beaker')}simulation</span>` : nothing}<span class="grow"></span>${tools}</header>`;
  switch (shown.kind) {
    case 'open': return html`${head(shown.simulated, shown.rows.length === 0 ? nothing : tools(page, shown))}${shown.rows.length === 0 ? empty(page, shown) : body(page, shown)}`;
    case 'counting': return html`${head(false, nothing)}<p class="empty dim" role="status">${icon('loading', 'codicon-modifier-spin')} Working the figures out from the answers…</p>`;
    default: return html`${head(false, nothing)}${notShown(shown, name, { reopen: () => { send({ kind: 'reopen' }); }, take })}`;
  }
}

function tools(page: Page, open: OpenIterations): TemplateResult {
  const { send, announce } = page;
  const copy = () => {
    send({ kind: 'copy' });
    announce('Copied as CSV');
  };
  return html`<div class="tools">
    <button class="act" title="Refresh" aria-label="Refresh" @click=${() => { send({ kind: 'refresh' }); }}>${icon('refresh')}</button>
    <button class="act" title="Copy as CSV" aria-label="Copy as CSV" @click=${copy}>${icon('copy')}</button>
    ${buttons(page, open)}</div>`;
}

const buttons = ({ send }: Page, { next }: OpenIterations): readonly TemplateResult[] =>
  next.map(({ wish, title }, place) => html`<button class="btn ${place === 0 ? 'primary' : ''}" @click=${() => { send({ kind: 'wish', wish }); }}>${title}</button>`);

const empty = (page: Page, open: OpenIterations): TemplateResult => html`<div class="empty"><p>${open.nextWords}</p><p class="row">${buttons(page, open)}</p></div>`;

const findingIcons = { growth: ['arrow-up', 'ok'], collapse: ['warning', 'warn'], both: ['warning', 'warn'], none: ['info', 'dim'] } as const;

function body(page: Page, open: OpenIterations): TemplateResult {
  const { finding, nextWords, notes, charts, marks } = open;
  const [name, tone] = findingIcons[finding.kind];
  return html`<section class="i-says" aria-label="What they show">
      <p>${icon(name, tone)} <b>${visible(finding.text)}</b></p>${nextWords === '' ? nothing : html`<p>${nextWords}</p>`}${notes.map(note => html`<p class="dim small">${visible(note)}</p>`)}
    </section>
    <div class="i-charts">${charts.map(each => chart(each, marks))}</div>
    ${table(page, open)}`;
}

/** The columns with words; all others are figures. */
const wordColumns = 3;

function table({ send }: Page, { names, rows }: OpenIterations): TemplateResult {
  const cell = (row: OpenIterations['rows'][number], at: number): TemplateResult => {
    const words = visible(row.cells[at] ?? '');
    const { job, evaluation } = row;
    if (at === 2 && job !== null) return html`<button class="num ell" title="Show Job ${job}" @click=${() => { send({ kind: 'show-job', job }); }}>${words}</button>`;
    if (at >= names.length - 2 && evaluation !== null && words !== '–') return html`<button class="num" title="Show Evaluation ${evaluation}" @click=${() => { send({ kind: 'show-evaluation', evaluation }); }}>${words}</button>`;
    return html`${words}`;
  };
  return html`<section class="i-table" aria-label="Figures"><div class="sideways" tabindex="0" role="region" aria-label="Table of iterations"><table>
    <thead><tr>${names.map((each, at) => html`<th scope="col" class=${at < wordColumns && at > 0 ? 'i-words' : 'r'}>${each}</th>`)}</tr></thead>
    <tbody>${rows.map(row => html`<tr><th scope="row" class="r">${row.cells[0] ?? ''}</th>${names.slice(1).map((_, before) => html`<td class=${before + 1 < wordColumns ? 'i-words' : 'r'} title=${before + 1 < wordColumns ? visible(row.cells[before + 1] ?? '') : nothing}>${cell(row, before + 1)}</td>`)}</tr>`)}</tbody>
  </table></div></section>`;
}

startPage({ contract: iterationsPage, view: viewSchema, firstView: {}, draw });
