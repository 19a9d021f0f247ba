import { html, nothing, type TemplateResult } from 'lit';
import { thousands } from '../../client/words.ts';
import type { OpenOverview } from '../../contract/pages/overview.ts';
import { part } from '../kit/figures.ts';
import { icon } from '../kit/icon.ts';
import { copyButton } from './parts.ts';
import { spark } from './spark.ts';
import type { OpenPage } from './state.ts';

type Line = OpenOverview['runs'][number] | OpenOverview['jobs'][number];
/** What a line is of; the title of a job and of an evaluation opens its page. */
type Of = 'run' | 'job' | 'evaluation';

const pages = { job: 'regenesis.job.show', evaluation: 'regenesis.evaluation.show' } as const;

/** A line for each run, each training job and each evaluation, the latest first. */
export function runs(page: OpenPage): TemplateResult {
  const { open } = page;
  const kinds = [...(open.runs.length > 0 ? ['runs'] : []), ...(open.jobs.length > 0 ? ['jobs'] : []), ...(open.evaluations.length > 0 ? ['evaluations'] : [])];
  const none = kinds.length === 0;
  const more = open.moreRuns + open.moreJobs + open.moreEvaluations;
  return html`<section class="runs" aria-labelledby="runs-head">
    <div class="row"><h2 id="runs-head">${title(kinds)}</h2><span class="grow"></span>${none ? nothing : copyButton(page, 'runs')}</div>
    ${none ? html`<p class="dim small">No run yet. A run is planned and confirmed before anything is asked.</p>` : html`<table>
      <!-- the head is out of the flow, so that its cells give the columns no widths -->
      <colgroup><col class="r-title"><col class="r-counts"><col class="r-bar"><col class="r-words"><col class="r-action"></colgroup>
      <thead class="spoken"><tr><th scope="col">${open.jobs.length + open.evaluations.length > 0 ? 'What' : 'Run'}</th><th scope="col">Tasks</th><th scope="col">Progress</th><th scope="col">More</th><th scope="col">Action</th></tr></thead>
      <tbody>
        ${open.runs.map(line => lineOf(page, line, 'run'))}
        ${open.jobs.map(line => lineOf(page, line, 'job'))}
        ${open.evaluations.map(line => lineOf(page, line, 'evaluation'))}
      </tbody>
    </table>
    ${more > 0 ? html`<p class="dim small">${thousands(more)} earlier</p>` : nothing}`}
  </section>`;
}

/** `Runs, jobs and evaluations`, of those that there are. */
function title(kinds: readonly string[]): string {
  const words = kinds.length === 0 ? 'runs' : kinds.length === 1 ? kinds.join('') : `${kinds.slice(0, -1).join(', ')} and ${kinds.at(-1) ?? ''}`;
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}

function lineOf({ send }: OpenPage, line: Line, of: Of): TemplateResult {
  const { id, icon: sign, tone, title: name, counts, ratio, words, action } = line;
  const command = (wanted: string) => () => { send({ kind: 'command', command: wanted, ...(of === 'run' ? {} : { [of]: id }) }); };
  const mark = icon(sign, `${tone} ${sign === 'sync' ? 'codicon-modifier-spin' : ''}`);
  return html`<tr data-run=${of === 'run' ? id : nothing} data-job=${of === 'job' ? id : nothing} data-evaluation=${of === 'evaluation' ? id : nothing}>
    <th class="r-title" scope="row">${mark}${of === 'run' ? html`<span class="ell" title=${name}>${name}</span>` : html`<button class="num ell job-name" title=${name} @click=${command(pages[of])}>${name}</button>`}</th>
    <td class="r-counts" title=${counts}>${counts}</td>
    <td class="r-bar">${'curve' in line && line.curve ? spark(line.curve) : nothing}${ratio === null ? nothing : html`<svg class="bar" width="100%" height="4" aria-hidden="true"><rect width=${part(ratio, 1)} height="4"/></svg>`}</td>
    <td class="r-words dim" title=${words}>${words}</td>
    <td class="r-action r">${action ? html`<button class="link" @click=${command(action.command)}>${action.title}</button>` : nothing}</td>
  </tr>`;
}
