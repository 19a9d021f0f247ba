import { html, nothing, type TemplateResult } from 'lit';
import { thousands } from '../../client/words.ts';
import type { OpenOverview } from '../../contract/pages/overview.ts';
import { part } from '../kit/figures.ts';
import { icon } from '../kit/icon.ts';
import { copyButton } from './parts.ts';
import { spark } from './spark.ts';
import type { OpenPage } from './state.ts';

type Line = OpenOverview['runs'][number] | OpenOverview['jobs'][number];

/** A line for each run and each training job, the latest first. */
export function runs(page: OpenPage): TemplateResult {
  const { open } = page;
  const both = open.jobs.length > 0;
  const none = open.runs.length === 0 && !both;
  return html`<section class="runs" aria-labelledby="runs-head">
    <div class="row"><h2 id="runs-head">${both ? 'Runs and jobs' : 'Runs'}</h2><span class="grow"></span>${none ? nothing : copyButton(page, 'runs')}</div>
    ${none ? html`<p class="dim small">No run yet. A run is planned and confirmed before anything is asked.</p>` : html`<table>
      <!-- the head is out of the flow, so that its cells give the columns no widths -->
      <colgroup><col class="r-title"><col class="r-counts"><col class="r-bar"><col class="r-words"><col class="r-action"></colgroup>
      <thead class="spoken"><tr><th scope="col">${both ? 'Run or job' : 'Run'}</th><th scope="col">Tasks</th><th scope="col">Progress</th><th scope="col">More</th><th scope="col">Action</th></tr></thead>
      <tbody>
        ${open.runs.map(line => lineOf(page, line, undefined))}
        ${open.jobs.map(line => lineOf(page, line, line.id))}
      </tbody>
    </table>
    ${open.moreRuns + open.moreJobs > 0 ? html`<p class="dim small">${thousands(open.moreRuns + open.moreJobs)} earlier</p>` : nothing}`}
  </section>`;
}

/** @param job its number, where the line is a job: its title opens its page */
function lineOf({ send }: OpenPage, line: Line, job: number | undefined): TemplateResult {
  const { id, icon: name, tone, title, counts, ratio, words, action } = line;
  const command = (wanted: string) => () => { send({ kind: 'command', command: wanted, ...(job === undefined ? {} : { job }) }); };
  const mark = icon(name, `${tone} ${name === 'sync' ? 'codicon-modifier-spin' : ''}`);
  return html`<tr data-run=${job === undefined ? id : nothing} data-job=${job ?? nothing}>
    <th class="r-title" scope="row">${mark}${job === undefined ? html`<span class="ell" title=${title}>${title}</span>` : html`<button class="num ell job-name" title=${title} @click=${command('regenesis.job.show')}>${title}</button>`}</th>
    <td class="r-counts" title=${counts}>${counts}</td>
    <td class="r-bar">${'curve' in line && line.curve ? spark(line.curve) : nothing}${ratio === null ? nothing : html`<svg class="bar" width="100%" height="4" aria-hidden="true"><rect width=${part(ratio, 1)} height="4"/></svg>`}</td>
    <td class="r-words dim" title=${words}>${words}</td>
    <td class="r-action r">${action ? html`<button class="link" @click=${command(action.command)}>${action.title}</button>` : nothing}</td>
  </tr>`;
}
