import { html, nothing, type TemplateResult } from 'lit';
import * as z from 'zod/mini';
import { counted, kindWords, thousands, visible } from '../../client/words.ts';
import { importPage, mappedFields, type ImportIntent, type ImportSnapshot, type MappedField } from '../../contract/pages/importTasks.ts';
import type { ImportPreview, PreviewRow } from '../../contract/reports.ts';
import { missingGoldRules, presetNames } from '../../core/model/dataset.ts';
import { domains } from '../../core/model/evaluation.ts';
import { splits } from '../../core/model/task.ts';
import { oneOf, select, valueIn } from '../kit/fields.ts';
import { icon } from '../kit/icon.ts';
import { startPage, type Drawn } from '../kit/page.ts';
import { lookOf, problemWords, summaryOf } from './words.ts';

type Page = Drawn<ImportSnapshot, ImportIntent, object>;

const fieldWords: Readonly<Record<MappedField, string>> = { question: 'Question', gold: 'Known answer', id: 'Id', kind: 'Kind of answer', difficulty: 'Difficulty', options: 'Options', licence: 'Licence' };
const none = '';

const byName = 'name';
const domainChoices = [{ value: byName, words: 'By its name' }, { value: 'in', words: 'In domain' }, { value: 'out', words: 'Out of domain' }];
const domainHints = { [byName]: 'In domain if trained on too', in: 'Asks for what is trained on', out: 'Asks for something else' } as const;

function readingField({ snapshot: { draft, preview }, send }: Page, disabled: boolean): TemplateResult {
  const found = draft.reading === 'found' && preview?.preset ? `Found: ${preview.preset}` : 'Found by its columns';
  const choices = [{ value: 'found', words: found }, { value: 'columns', words: 'Columns named below' }, ...presetNames.map(name => ({ value: name, words: name }))];
  const choose = (value: string) => {
    const reading = oneOf(['found', 'columns', ...presetNames], value);
    if (reading) send({ kind: 'draft', change: { reading } });
  };
  return select({ id: 'reading', label: 'Read as', value: draft.reading, choices, disabled, choose });
}

function splitField({ snapshot: { draft, preview }, send }: Page, disabled: boolean): TemplateResult {
  const value = draft.split ?? preview?.split ?? 'train';
  const choose = (given: string) => {
    const split = oneOf(splits, given);
    if (split) send({ kind: 'draft', change: { split } });
  };
  return select({ id: 'split', label: 'For', value, disabled, choose, choices: [{ value: 'train', words: 'Training' }, { value: 'held-out', words: 'Evaluation only (held out)' }] });
}

/** Only held-out tasks are of a domain. What was said of the data set before stays unless a person says something else. */
function domainField({ snapshot: { draft, preview }, send }: Page, disabled: boolean): TemplateResult | typeof nothing {
  if ((draft.split ?? preview?.split) !== 'held-out') return nothing;
  const value = (draft.domain === undefined ? preview?.domain : draft.domain) ?? byName;
  const choose = (given: string) => { send({ kind: 'draft', change: { domain: oneOf(domains, given) ?? null } }); };
  return select({ id: 'domain', label: 'Domain', value, disabled, choose, choices: domainChoices, hint: domainHints[value] });
}

function missingField({ snapshot: { draft }, send }: Page, disabled: boolean): TemplateResult {
  const choose = (given: string) => {
    const missingGold = oneOf(missingGoldRules, given);
    if (missingGold) send({ kind: 'draft', change: { missingGold } });
  };
  return select({ id: 'missing', label: 'Rows without an answer', value: draft.missingGold, disabled, choose, choices: [{ value: 'keep', words: 'Keep, to be voted on' }, { value: 'refuse', words: 'Refuse' }] });
}

const nameField = ({ snapshot: { draft, preview }, send }: Page, disabled: boolean): TemplateResult => html`
  <div class="field">
    <label for="name">Data set</label>
    <input id="name" type="text" spellcheck="false" autocomplete="off" maxlength="100" ?disabled=${disabled} value=${draft.name} placeholder=${preview?.dataset ?? ''}
      @change=${(event: Event) => { send({ kind: 'draft', change: { name: valueIn(event) } }); }}>
  </div>`;

function mapFields({ snapshot: { draft, preview }, send }: Page, disabled: boolean): TemplateResult {
  const columns = preview?.columns ?? [];
  const field = (name: MappedField): TemplateResult => {
    const value = draft.map[name] ?? none;
    const sample = columns.find(column => column.name === value)?.sample;
    const listed = value === none || columns.some(column => column.name === value) ? columns.map(column => column.name) : [value, ...columns.map(column => column.name)];
    const choices = [{ value: none, words: name === 'question' ? 'Choose a column' : 'No column' }, ...listed.map(each => ({ value: each, words: visible(each) }))];
    const choose = (column: string) => { send({ kind: 'draft', change: { map: { [name]: column } } }); };
    return select({ id: `map-${name}`, label: fieldWords[name], value, choices, disabled, choose, ...(sample === undefined || sample === '' ? {} : { hint: visible(sample) }) });
  };
  return html`<fieldset class="form"><legend>Which column holds what</legend>${mappedFields.map(field)}</fieldset>`;
}

const rowOf = (row: PreviewRow): TemplateResult => {
  const look = lookOf(row);
  const becomes = html`<td><span class="row">${icon(look.icon, look.tone)}${look.word}</span></td>`;
  if (look.reason !== undefined) return html`<tr><td class="r dim">${thousands(row.line)}</td>${becomes}<td colspan="4" class="text">${visible(look.reason)}</td></tr>`;
  return html`<tr>
    <td class="r dim">${thousands(row.line)}</td>${becomes}
    <td><div class="clamped text">${visible(row.question ?? '')}</div>${look.length === undefined ? nothing : html`<span class="dim small">${look.length}</span>`}</td>
    <td>${row.gold === undefined ? html`<span class="dim">none</span>` : html`<div class="clamped text">${visible(row.gold)}</div>`}</td>
    <td>${row.kind ? kindWords[row.kind] : ''}</td>
    <td><div class="clamped text dim">${visible(row.id ?? '')}</div></td>
  </tr>`;
};

const table = ({ rows, read }: ImportPreview): TemplateResult => html`
  <table class="wrapped preview" aria-label="The first ${counted(rows.length, 'row')} of ${thousands(read)} that were read">
    <thead><tr><th scope="col" class="r">Line</th><th scope="col">Becomes</th><th scope="col">Question</th><th scope="col">Known answer</th><th scope="col">Kind</th><th scope="col">Id</th></tr></thead>
    <tbody>${rows.map(rowOf)}</tbody>
  </table>`;

function fileList({ snapshot: { files, shown }, send }: Page): TemplateResult | typeof nothing {
  if (files.length < 2) return nothing;
  return html`<nav class="files" aria-label="Files">${files.map((file, index) => html`
    <button class="num" aria-current=${index === shown ? 'true' : 'false'} @click=${() => { send({ kind: 'show', file: index }); }}>
      ${icon(fileIcons[file.state])}<span class="ell">${visible(file.name)}</span><span class="dim ell">${file.state === 'ready' ? file.summary : `${file.state}${file.summary === '' ? '' : ` · ${file.summary}`}`}</span>
    </button>`)}</nav>`;
}

const fileIcons: Readonly<Record<ImportSnapshot['files'][number]['state'], string>> = {
  waiting: 'circle-outline', reading: 'loading', ready: 'file', refused: 'warning', importing: 'sync', done: 'pass', cancelled: 'circle-slash',
};

/** Whether an import would change nothing, not even what stands among the problems. */
const nothingIn = ({ preview, draft }: ImportSnapshot): boolean => preview !== null && !preview.more && preview.tasks === 0 && preview.refused === 0 && draft.domain === undefined;

function buttons({ snapshot, send }: Page): TemplateResult {
  const { files, shown, preview, rows } = snapshot;
  const state = files[shown]?.state;
  const ready = files.filter(file => file.state === 'ready').length;
  if (state === 'importing') {
    return html`<span role="status">${thousands(rows ?? 0)} rows</span><button class="btn primary" @click=${() => { send({ kind: 'cancel' }); }}>${icon('debug-stop')}Cancel Import</button>`;
  }
  const count = preview && !preview.more && state === 'ready' ? ` ${counted(preview.tasks, 'Task')}` : '';
  return html`
    <button class="btn" @click=${() => { send({ kind: 'close' }); }}>${files.some(file => file.state === 'done') ? 'Close' : 'Cancel'}</button>
    ${ready > 1 ? html`<button class="btn" @click=${() => { send({ kind: 'import-all' }); }}>Import All ${ready} Files</button>` : nothing}
    <button class="btn primary" id="import" ?disabled=${(state !== 'ready' && state !== 'reading') || nothingIn(snapshot)} @click=${() => { send({ kind: 'import' }); }}>${icon('cloud-download')}Import${count}</button>`;
}

function form(page: Page, disabled: boolean): TemplateResult {
  const { draft, guessed } = page.snapshot;
  return html`<section class="section" aria-label="How the file is read">
    <div class="form">${readingField(page, disabled)}${nameField(page, disabled)}${splitField(page, disabled)}${domainField(page, disabled)}${missingField(page, disabled)}</div>
    ${draft.reading === 'columns' ? mapFields(page, disabled) : nothing}
    ${guessed ? html`<p class="dim small">Guessed from the names of the columns: look at the rows below before you import.</p>` : nothing}
  </section>`;
}

function previewed(snapshot: ImportSnapshot, reading: boolean): TemplateResult {
  const problem = problemWords(snapshot);
  const rows = problem === undefined ? snapshot.preview : null;
  return html`<section class="section" aria-label="Preview" aria-busy=${reading ? 'true' : 'false'}>
    <div class="row"><h2>Preview</h2><span class="plain dim" role="status">${rows ? summaryOf(rows) : reading ? 'Reading the first rows…' : ''}</span></div>
    ${problem === undefined ? nothing : html`<div class="row problem" role="alert">${icon('error', 'bad')}<span class="text">${visible(problem)}</span></div>`}
    ${rows ? table(rows) : nothing}
  </section>`;
}

function body(page: Page): TemplateResult {
  const { files, shown } = page.snapshot;
  const state = files[shown]?.state;
  return html`${form(page, state === 'importing' || state === 'done')}${previewed(page.snapshot, state === 'reading')}`;
}

let focused = false;
/** The file that was brought into view last, which is done once: the list may be moved afterwards. */
let seen: number | undefined;

startPage<ImportSnapshot, ImportIntent, object>({
  contract: importPage, view: z.object({}), firstView: {},
  draw: page => html`
    <header class="header">
      <h1 class="ell">${visible(page.snapshot.files[page.snapshot.shown]?.name ?? '')}</h1>
      <span class="dim ell">into ${visible(page.snapshot.project)}</span>
      <span class="grow"></span>
      ${buttons(page)}
    </header>
    ${fileList(page)}${body(page)}`,
  drawn: ({ snapshot }) => {
    if (seen !== snapshot.shown) document.querySelector('.files [aria-current=true]')?.scrollIntoView({ block: 'nearest' });
    seen = snapshot.shown;
    if (focused || snapshot.files[snapshot.shown]?.state !== 'ready') return;
    focused = true;
    document.getElementById('import')?.focus();
  },
});
