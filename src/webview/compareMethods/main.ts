import { html, nothing, type TemplateResult } from 'lit';
import * as z from 'zod/mini';
import { thousands, visible } from '../../client/words.ts';
import { compareMethodsPage, type CompareMethodsIntent, type CompareMethodsSnapshot, type ComparedRow } from '../../contract/pages/compareMethods.ts';
import { icon } from '../kit/icon.ts';
import { startPage, type Drawn } from '../kit/page.ts';
import { sorted, turned } from '../kit/sort.ts';
import { notShown } from '../kit/states.ts';
import { columnNames, columns, type Column } from './columns.ts';

const viewSchema = z.object({ column: z.nullable(z.enum(columnNames)), descending: z.boolean() });
type Page = Drawn<CompareMethodsSnapshot, CompareMethodsIntent, z.infer<typeof viewSchema>>;
type Open = Extract<CompareMethodsSnapshot['shown'], { kind: 'open' }>;

function draw(page: Page): TemplateResult {
  const { snapshot: { name, shown }, send, take } = page;
  const head = (tools: TemplateResult | typeof nothing) => html`<header class="header"><h1>Compare methods</h1><span class="dim ell">${visible(name)}</span><span class="grow"></span>${tools}</header>`;
  if (shown.kind !== 'open') return html`${head(nothing)}${notShown(shown, name, { reopen: () => { send({ kind: 'reopen' }); }, take })}`;
  return html`${head(tools(page, shown))}${shown.rows.length === 0 ? empty(page, shown) : body(page, shown)}`;
}

function tools({ send, announce }: Page, { rows }: Open): TemplateResult {
  const copy = () => {
    send({ kind: 'copy' });
    announce('Copied as CSV');
  };
  return html`<div class="tools">
    <button class="act" title="Refresh" aria-label="Refresh" @click=${() => { send({ kind: 'refresh' }); }}>${icon('refresh')}</button>
    ${rows.length === 0 ? nothing : html`<button class="act" title="Copy as CSV" aria-label="Copy as CSV" @click=${copy}>${icon('copy')}</button>`}
    <button class="btn" @click=${() => { send({ kind: 'add' }); }}>${icon('add')}Add Training Set…</button></div>`;
}

const empty = ({ send }: Page, { hasPaths }: Open): TemplateResult => html`<div class="empty"><p>This project has exported no training set yet.</p>
  <p class="dim">Run a recipe and export what it has kept, then another one. The training sets of other projects can be added by their manifests.</p>
  <p class="row">${hasPaths ? html`<button class="btn primary" @click=${() => { send({ kind: 'export' }); }}>Export Dataset…</button>` : html`<button class="btn primary" @click=${() => { send({ kind: 'overview' }); }}>Show Overview</button>`}</p></div>`;

function body(page: Page, { size, rows }: Open): TemplateResult {
  const { view } = page;
  const shown = columns.filter(({ isThere }) => isThere?.(rows) !== false);
  const by = shown.find(({ name }) => name === view.column);
  const inOrder = by ? sorted(rows, row => by.value(row), view.descending) : rows;
  return html`<section class="compared-sets" aria-label="Training sets">
    <div class="sideways" tabindex="0" role="region" aria-label="Table of training sets"><table class="sets">
      <thead><tr>${shown.map(column => sortHead(page, column, size))}</tr></thead>
      <tbody>${inOrder.map(row => (row.set ? setRow(page, row, shown) : wrongRow(page, row, shown.length)))}</tbody>
    </table></div>
    <p class="dim small note">${noteOf(size, rows)}</p></section>`;
}

/** What has to be known to read the table. */
function noteOf(size: number | null, rows: readonly ComparedRow[]): string {
  const without = rows.some(({ set }) => set && !set.figures) ? ' A set without figures was exported by an earlier version: export it again.' : '';
  if (size === null) return `Diversity changes with mere size, and is told where every set has ten records or more.${without}`;
  return `Distinct-4 and skeletons are of ${thousands(size)} records of each set, drawn by hash: both change with mere size. What a path has cost counts every request, also for unsolved tasks and for draws that were thrown away.${without}`;
}

function sortHead({ view, keep }: Page, { name, words, says, isFigure }: Column, size: number | null): TemplateResult {
  const isSorted = view.column === name;
  const arrow = isSorted ? icon(view.descending ? 'arrow-down' : 'arrow-up') : nothing;
  const sort = () => { keep(view.column === null ? { column: name, descending: isFigure } : turned({ column: view.column, descending: view.descending }, name, isFigure)); };
  return html`<th class="m-${name} ${isFigure ? 'r' : ''}" scope="col" aria-sort=${isSorted ? (view.descending ? 'descending' : 'ascending') : nothing}><button class="sort" title=${says(size)} @click=${sort}>${arrow}${words}</button></th>`;
}

function setRow(page: Page, row: ComparedRow, shown: readonly Column[]): TemplateResult {
  return html`<tr>${shown.map(column => {
    if (column.name === 'set') return nameCell(page, row);
    if (column.name === 'jobs') return html`<td class="m-jobs">${row.jobs.map((job, place) => html`${place === 0 ? nothing : ', '}<button class="num" title="Show Job ${job.id}, which has trained ${visible(job.base)}" @click=${() => { page.send({ kind: 'show-job', job: job.id }); }}>${job.id} ${job.state}</button>`)}</td>`;
    const text = column.text(row);
    return html`<td class=${column.isFigure ? 'r' : 'm-words'} title=${column.isFigure ? nothing : text}>${text}</td>`;
  })}</tr>`;
}

function nameCell(page: Page, row: ComparedRow): TemplateResult {
  const { name, manifest, set } = row;
  return html`<th class="m-set" scope="row"><span class="set-name"><button class="num ell" title=${`${visible(row.path)}\nShow its manifest`} @click=${() => { page.send({ kind: 'open', manifest }); }}>${visible(name)}</button>
    ${set?.simulated === true ? html`<i class="codicon codicon-beaker" role="img" aria-label="simulation" title="simulation"></i>` : nothing}${removal(page, row)}</span></th>`;
}

const removal = ({ send }: Page, { added, manifest, name }: ComparedRow): TemplateResult | typeof nothing => (added
  ? html`<button class="act" title="Remove from Comparison" aria-label="Remove ${visible(name)} from Comparison" @click=${() => { send({ kind: 'remove', manifest }); }}>${icon('close')}</button>` : nothing);

const wrongRow = (page: Page, row: ComparedRow, width: number): TemplateResult => html`<tr>
  <th class="m-set" scope="row"><span class="set-name"><span class="ell" title=${visible(row.path)}>${visible(row.name)}</span>${removal(page, row)}</span></th>
  <td colspan=${width - 1}><div class="wrong-words">${icon('warning', 'warn')} ${visible(row.wrong ?? '')}</div></td></tr>`;

startPage({ contract: compareMethodsPage, view: viewSchema, firstView: { column: null, descending: false }, draw });
