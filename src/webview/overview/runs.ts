import { html, nothing, type TemplateResult } from 'lit';
import { thousands } from '../../client/words.ts';
import { part } from '../kit/figures.ts';
import { icon } from '../kit/icon.ts';
import { copyButton } from './parts.ts';
import type { OpenPage } from './state.ts';

/** A line for each run, the latest first. */
export function runs(page: OpenPage): TemplateResult {
  const { open, send } = page;
  return html`<section class="runs" aria-labelledby="runs-head">
    <div class="row"><h2 id="runs-head">Runs</h2><span class="grow"></span>${open.runs.length === 0 ? nothing : copyButton(page, 'runs')}</div>
    ${open.runs.length === 0 ? html`<p class="dim small">No run yet. A run is planned and confirmed before anything is asked.</p>` : html`<table>
      <!-- the head is out of the flow, so that its cells give the columns no widths -->
      <colgroup><col class="r-title"><col class="r-counts"><col class="r-bar"><col class="r-words"><col class="r-action"></colgroup>
      <thead class="spoken"><tr><th scope="col">Run</th><th scope="col">Tasks</th><th scope="col">Progress</th><th scope="col">More</th><th scope="col">Action</th></tr></thead>
      <tbody>${open.runs.map(({ id, icon: name, tone, title, counts, ratio, words, action }) => html`<tr data-run=${id}>
        <th class="r-title" scope="row">${icon(name, `${tone} ${name === 'sync' ? 'codicon-modifier-spin' : ''}`)}<span class="ell" title=${title}>${title}</span></th>
        <td class="r-counts">${counts}</td>
        <td class="r-bar">${ratio === null ? nothing : html`<svg class="bar" width="100%" height="4" aria-hidden="true"><rect width=${part(ratio, 1)} height="4"/></svg>`}</td>
        <td class="r-words dim" title=${words}>${words}</td>
        <td class="r-action r">${action ? html`<button class="link" @click=${() => { send({ kind: 'command', command: action.command }); }}>${action.title}</button>` : nothing}</td>
      </tr>`)}</tbody>
    </table>
    ${open.moreRuns > 0 ? html`<p class="dim small">${thousands(open.moreRuns)} earlier</p>` : nothing}`}
  </section>`;
}
