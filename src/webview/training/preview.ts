import { html, nothing, type TemplateResult } from 'lit';
import { codeWords, contaminationWords, thousands, visible } from '../../client/words.ts';
import type { ExportPreview } from '../../contract/reports.ts';
import { lengthUnits } from '../../core/model/exportRule.ts';
import { percent } from '../kit/figures.ts';
import { icon } from '../kit/icon.ts';
import type { TrainingPage } from './state.ts';
import { balancesOf, lookingWords, summaryOf } from './words.ts';

/** What would be written, as it stands now. */
export function previewed(page: TrainingPage): TemplateResult {
  const { snapshot: { half, preview, looking, wrong, running, files } } = page;
  return html`<section class="section" aria-labelledby="preview-head" aria-busy=${looking ? 'true' : 'false'}>
    <div class="row"><h2 id="preview-head">Preview</h2><span class="plain dim" role="status">${looking ? lookingWords(looking) : preview ? summaryOf(preview) : ''}</span></div>
    ${running ? html`<p class="dim small">A run goes on: there is more with each moment, and this is looked at again when it has ended.</p>` : nothing}
    ${wrong === undefined ? nothing : html`<div class="row problem" role="alert">${icon('error', 'bad')}<span class="text">${visible(wrong)}</span></div>`}
    ${preview ? body(page, preview) : nothing}
    <h3>${half === 'both' ? 'Files that Export Only writes' : 'Files'}</h3>
    <p class="small mono">${files.map(file => html`<span class="file-name">${visible(file)}</span> `)}</p>
  </section>`;
}

function body(page: TrainingPage, preview: ExportPreview): TemplateResult {
  if (preview.records === 0) return html`${nothingLeft(page)}${excluded(page, preview)}`;
  return html`${figures(preview)}${contaminated(page, preview)}${excluded(page, preview)}${balances(preview)}${lengths(preview)}${records(page, preview)}`;
}

function nothingLeft({ send, take }: TrainingPage): TemplateResult {
  return html`<div class="row problem" role="alert">${icon('warning', 'warn')}<span class="grow">The rule leaves no record.</span>
    <button class="link" @click=${() => { send({ kind: 'draft', wish: { kind: 'usual-rule' } }); }}>Reset Rule</button><button class="link" @click=${() => { take('regenesis.review.next'); }}>Review Next</button></div>`;
}

function figures({ records, tasks, hinted, humanEdited, reviewed, simulated }: ExportPreview): TemplateResult {
  const figure = (count: number, words: string, share = true) => html`<div class="sum"><b>${thousands(count)}</b><span class="small">${words}${share && count > 0 ? html` <span class="dim">${percent(count, records)}</span>` : nothing}</span></div>`;
  return html`<div class="figures">
    ${figure(records, records === 1 ? 'record' : 'records', false)}${figure(tasks, tasks === 1 ? 'task' : 'tasks', false)}${figure(hinted, 'hinted')}${figure(humanEdited, 'human-edited')}${figure(reviewed, 'reviewed')}
    ${simulated ? html`<span class="tag">${icon('beaker')}simulation</span>` : nothing}
  </div>`;
}

function contaminated({ take }: TrainingPage, { contamination }: ExportPreview): TemplateResult | typeof nothing {
  const words = contaminationWords(contamination);
  if (words === '') return nothing;
  return html`<div class="row problem" role="status">${icon('warning', 'warn')}<span class="grow">${words}. A model that is trained on it has seen what it is evaluated on.</span>
    <button class="link" @click=${() => { take('regenesis.contamination.find'); }}>Find Contamination</button></div>`;
}

function excluded({ snapshot: { listed }, send }: TrainingPage, preview: ExportPreview): TemplateResult {
  const rows = Object.entries(preview.excluded).filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a);
  const row = ([reason, count]: readonly [string, number]) => {
    const words = `${thousands(count)} ${codeWords(reason)}`;
    return html`<li>${listed.includes(reason) ? html`<button class="num" title="Show the list" @click=${() => { send({ kind: 'list', reason }); }}>${words}</button>` : words}</li>`;
  };
  return html`<h3>Left out</h3>${rows.length === 0 ? html`<p class="small dim">Nothing.</p>` : html`<ul class="counts small">${rows.map(row)}</ul>`}`;
}

function balances(preview: ExportPreview): TemplateResult {
  const part = (title: string, counts: readonly (readonly [string, number])[]) => html`<div><h3>${title}</h3><ul class="counts small">${counts.map(([name, count]) => html`<li>${thousands(count)} ${visible(name)}</li>`)}</ul></div>`;
  return html`<div class="balances">${balancesOf(preview).map(({ title, counts }) => part(title, counts))}</div>`;
}

function lengths({ lengths: found }: ExportPreview): TemplateResult | typeof nothing {
  const heads = ['known', 'least', 'p10', 'p50', 'p90', 'p99', 'most'] as const;
  const titles = ['Paths', 'Least', '10 %', '50 %', '90 %', '99 %', 'Most'];
  const row = (unit: (typeof lengthUnits)[number]) => {
    const quantiles = found[unit];
    return quantiles ? html`<tr><th scope="row">${unit}</th>${heads.map(head => html`<td class="r">${thousands(quantiles[head])}</td>`)}</tr>` : nothing;
  };
  if (lengthUnits.every(unit => !found[unit])) return nothing;
  return html`<h3 id="lengths-head">Length of a path</h3><table class="lengths small" aria-labelledby="lengths-head"><thead><tr><th scope="col">In</th>${titles.map(title => html`<th scope="col" class="r">${title}</th>`)}</tr></thead><tbody>${lengthUnits.map(row)}</tbody></table>`;
}

function records({ view, keep }: TrainingPage, { first, format }: ExportPreview): TemplateResult | typeof nothing {
  const line = first[Math.min(view.record, first.length - 1)];
  if (line === undefined) return nothing;
  return html`<div class="row"><h3>First records</h3><span class="tools">${first.map((_, place) => html`<button class="act" aria-pressed=${String(place === view.record)} @click=${() => { keep({ record: place }); }}>${place + 1}</button>`)}</span>
      ${format === 'parquet' ? html`<span class="plain dim">as lines; the file has columns</span>` : nothing}</div>
    <pre class="record text" tabindex="0" aria-label="Record ${view.record + 1}">${visible(indented(line))}</pre>`;
}

/** One field on each line. */
function indented(line: string): string {
  try {
    return JSON.stringify(JSON.parse(line), null, 2).replaceAll('\\n', '\n');
  } catch {
    return line;
  }
}
