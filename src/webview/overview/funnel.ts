import { html, nothing, svg, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { thousands } from '../../client/words.ts';
import type { Figure, OpenOverview } from '../../contract/pages/overview.ts';
import { minus, part, percent } from '../kit/figures.ts';
import { icon } from '../kit/icon.ts';
import { copyButton, figure } from './parts.ts';
import type { OpenPage } from './state.ts';

type Row = OpenOverview['funnel'][number];

/** Where every path went: a bar for what is left, outlined pieces for what was lost, in the order of the reasons in words. */
export function funnel(page: OpenPage): TemplateResult {
  const { open, view } = page;
  const [latest] = open.runs;
  const compared = view.released && open.audit.kind === 'there';
  const whole = open.funnel.find(({ step }) => step === 'branches')?.count ?? 0;
  return html`<section class="funnel ${compared ? 'compared' : ''}" aria-labelledby="funnel-head">
    <div class="row"><h2 id="funnel-head">Funnel</h2><span class="plain dim">${latest ? `both rounds, all runs up to #${latest.id}` : 'nothing was run yet'}</span><span class="grow"></span><div class="tools">${releasedToggle(page)}${copyButton(page, 'funnel')}</div></div>
    <table>
      <thead><tr><th class="c-step" scope="col">Stage</th><th class="c-count r" scope="col">Count</th><th class="c-share r" scope="col">Of previous</th><th class="c-bar" scope="col"><span class="spoken">Bar</span></th>
        <th class="c-released r" scope="col">Released</th><th class="c-lost r" scope="col">Lost</th><th class="c-why" scope="col">Reasons</th></tr></thead>
      <tbody>${open.funnel.map(row => funnelRow(page, row, { whole, compared }))}</tbody>
    </table>
  </section>`;
}

interface Scale {
  readonly whole: number;
  readonly compared: boolean;
}

function funnelRow(page: OpenPage, row: Row, scale: Scale): TemplateResult {
  const { title, count, previous } = row;
  const lost = row.lost.reduce((sum, each) => sum + each.count, 0);
  return html`<tr>
    <th class="c-step" scope="row">${title}</th>
    <td class="c-count r">${figure(page, count, { of: opened(row), says: `${title}: show the list`, strong: true })}</td>
    <td class="c-share r dim small">${previous === null || previous === 0 ? '' : percent(count, previous)}</td>
    <td class="c-bar" aria-hidden="true">${bar(page.open, row, scale)}</td>
    <td class="c-released r dim small">${scale.compared && row.released !== null ? thousands(Math.round(row.released)) : ''}</td>
    <td class="c-lost r small">${minus(lost)}</td>
    <td class="c-why small">${reasons(page, row)}</td>
  </tr>`;
}

function opened({ step }: Row): Figure {
  return step === 'tasks' ? { kind: 'tasks' } : { kind: 'reached', step };
}

function reasons(page: OpenPage, row: Row): TemplateResult | string {
  const { round1, hinted } = page.open.branches;
  if (row.step === 'branches' && row.note === '') {
    return html`<span class="dim">${figure(page, round1, { of: { kind: 'reached', step: 'branches', round: 1 }, says: 'branches: show the list', words: 'round 1' })}<i class="dot">·</i>${figure(page, hinted, { of: { kind: 'reached', step: 'branches', round: 2 }, says: 'branches: show the list', words: 'hinted' })}</span>`;
  }
  if (row.lost.length === 0) return html`<span class="dim">${row.note}</span>`;
  // a line may end after a dot, and never before one
  return html`${row.lost.map(({ step, reason, words, count }, place) => html`<span class="whole">${figure(page, count, { of: { kind: 'lost', step, reason }, says: 'lost here: show the list', words })}${place === row.lost.length - 1 ? nothing : html`<i class="dot">·</i>`}</span><wbr>`)}`;
}

/** Tasks are another unit than branches, and so another colour and another scale. */
function bar({ tasks }: OpenOverview, row: Row, { whole, compared }: Scale): TemplateResult {
  if (row.step === 'tasks') return html`<svg class="funnel-bar" width="100%" height="22"><rect class="s-line" x="0" y="6.5" width="100%" height="9"/><rect class="f-grey" x="0" y="6" width=${part(tasks.settled, tasks.trainable)} height="10"/></svg>`;
  let at = row.count;
  const pieces = row.lost.map(({ count }) => {
    const piece = svg`<rect class="s-line" x=${part(at, whole)} y="5.5" width=${part(count, whole)} height="7"/>`;
    at += count;
    return piece;
  });
  const ghost = compared && row.released !== null ? svg`<rect class="f-grey" x="0" y="15" width=${part(row.released, whole)} height="3"/>` : nothing;
  return html`<svg class="funnel-bar" width="100%" height="22">${pieces}<rect class="f-blue" x="0" y="5" width=${part(row.count, whole)} height="8"/>${ghost}</svg>`;
}

/** The released filter is asked only when somebody wants to see it: every stored path is read for it. */
function releasedToggle({ open, view, send, keep }: OpenPage): TemplateResult {
  const { audit, funnel: [first] } = open;
  const toggle = (event: Event) => {
    const on = event.target instanceof HTMLInputElement && event.target.checked;
    keep({ released: on });
    if (on && (audit.kind === 'none' || audit.kind === 'failed' || (audit.kind === 'there' && audit.stale))) send({ kind: 'audit', wish: 'start' });
    if (!on && audit.kind === 'running') send({ kind: 'audit', wish: 'cancel' });
  };
  const nothingRun = first === undefined || open.branches.round1 === 0;
  return html`<label class="check small ${nothingRun ? 'dim' : ''}"><input type="checkbox" ?disabled=${nothingRun} .checked=${live(view.released)} @change=${toggle}>
    <svg width="20" height="3" aria-hidden="true"><rect class="f-grey" width="20" height="3"/></svg>Released filter</label>
    <span class="small dim" aria-live="polite">${view.released ? auditWords(open) : ''}</span>
    ${view.released && audit.kind === 'running' ? html`<button class="link small" @click=${() => { keep({ released: false }); send({ kind: 'audit', wish: 'cancel' }); }}>Cancel</button>` : nothing}
    ${view.released && audit.kind === 'there' && audit.stale ? html`<button class="link small" @click=${() => { send({ kind: 'audit', wish: 'start' }); }}>${icon('refresh')} Compare Again</button>` : nothing}`;
}

function auditWords({ audit }: OpenOverview): string {
  switch (audit.kind) {
    case 'none': return '';
    case 'running': return audit.total === 0 ? 'comparing…' : `comparing: ${thousands(audit.done)} of ${thousands(audit.total)} tasks`;
    case 'there': return `would keep ${thousands(audit.kept)}, of which ${thousands(Math.round(audit.incorrect))} incorrect${audit.stale ? '; tasks have changed since' : ''}`;
    case 'failed': return audit.problem.words;
  }
}
