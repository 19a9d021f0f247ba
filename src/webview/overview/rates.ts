import { html, nothing, svg, type TemplateResult } from 'lit';
import { thousands } from '../../client/words.ts';
import { part, percent } from '../kit/figures.ts';
import { copyButton } from './parts.ts';
import type { OpenPage } from './state.ts';

/** Tasks by the share of their branches that were right; a click shows them. */
export function passRates(page: OpenPage): TemplateResult {
  const { open, send } = page;
  const most = Math.max(1, ...open.passRates.map(({ tasks }) => tasks));
  const judged = open.passRates.reduce((sum, { tasks }) => sum + tasks, 0);
  return html`<section class="rates" aria-labelledby="rates-head">
    <div class="row"><h2 id="rates-head">Tasks by pass rate</h2><span class="grow"></span>${copyButton(page, 'passRates')}</div>
    <table>
      <thead><tr><th class="p-share" scope="col">Correct</th><th scope="col"><span class="spoken">Bar</span></th><th class="p-count r" scope="col">Tasks</th><th class="p-hint" scope="col"><span class="spoken">Hinted</span></th></tr></thead>
      <tbody>${open.passRates.map(({ bucket, tasks, hinted }) => {
        const words = `${bucket.replace('-', '–')} %`;
        const show = () => { send({ kind: 'filter', passRate: bucket }); };
        return html`<tr class=${tasks > 0 ? 'opens' : ''} @click=${tasks > 0 ? show : nothing}>
          <th class="p-share" scope="row">${words}</th>
          <td aria-hidden="true">${rateBar(tasks, hinted, most)}</td>
          <td class="r">${tasks === 0 ? html`<span class="num">0</span>` : html`<button class="num" data-figure aria-label="${thousands(tasks)} tasks with ${words} correct: show them in the tree">${thousands(tasks)}</button>`}</td>
          <td class="p-hint dim small">${hinted > 0 ? `${thousands(hinted)} hinted` : ''}</td>
        </tr>`;
      })}</tbody>
    </table>
    <p class="dim small note">${judged === 0 ? 'Tasks whose known answer decides stand here once they are settled.' : `${thousands(judged)} settled tasks with a known answer. Hatched: none correct in round 1, solved with a hint.`}</p>
  </section>`;
}

const rateBar = (tasks: number, hinted: number, most: number): TemplateResult => html`<svg width="100%" height="20">
  <rect class="f-blue" x="0" y="5" width=${part(tasks - hinted, most)} height="10"/>
  ${hinted > 0 ? svg`<rect class="hatch" x=${part(tasks - hinted, most)} y="5.5" width=${part(hinted, most)} height="9"/>` : nothing}</svg>`;

/** The pattern of what was solved with a hint; once a page. */
export const hatchPattern = (): TemplateResult => html`<svg class="patterns" width="0" height="0" aria-hidden="true"><pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="s-blue" x1="0.5" y1="0" x2="0.5" y2="4"/></pattern></svg>`;

const [width, height] = [360, 56];

/** How many guidelines it takes: the share of tasks that k of them, drawn at random, would have solved. */
export function coverage(page: OpenPage): TemplateResult | typeof nothing {
  const { coverage: points } = page.open;
  const last = points.at(-1);
  if (!last || points.length < 2) return nothing;
  const low = Math.min(...points.map(({ share }) => share));
  const floor = Math.max(0, low - 0.05);
  const at = ({ k, share }: (typeof points)[number]) => `${(((k - 1) / Math.max(1, last.k - 1)) * width).toFixed(1)},${(height - ((share - floor) / Math.max(0.01, 1 - floor)) * height).toFixed(1)}`;
  const some = points.filter(({ k }) => k === 1 || k === 5 || k === 10 || k === last.k);
  const words = some.map(({ k, share }) => `${k === 1 ? '1 guideline' : k === last.k ? `all ${k}` : `any ${k}`}: ${percent(share, 1)}`).join(' · ');
  return html`<section class="coverage" aria-labelledby="coverage-head">
    <div class="row"><h2 id="coverage-head">Coverage</h2><span class="plain dim">by guidelines drawn at random</span><span class="grow"></span>${copyButton(page, 'coverage')}</div>
    <svg class="line" viewBox="0 -4 ${width} ${height + 8}" width="100%" height="64" preserveAspectRatio="none" aria-hidden="true"><line class="s-grid" x1="0" x2=${width} y1=${height} y2=${height} vector-effect="non-scaling-stroke"/><polyline class="s-blue line-path" points=${points.map(at).join(' ')} vector-effect="non-scaling-stroke"/></svg>
    <p class="dim small">${words}</p>
    <table class="spoken"><caption>Coverage</caption><thead><tr><th scope="col">Guidelines</th><th scope="col">Tasks solved</th></tr></thead><tbody>${points.map(({ k, share }) => html`<tr><th scope="row">${k}</th><td>${percent(share, 1)}</td></tr>`)}</tbody></table>
  </section>`;
}
