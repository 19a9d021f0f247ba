import { html, nothing, type TemplateResult } from 'lit';
import { counted, thousands } from '../../client/words.ts';
import { icon } from '../kit/icon.ts';
import type { OpenReview } from './state.ts';
import { keyGroups, precisionSays, precisionWords } from './words.ts';

/** All keys, over the page. */
export const keySheet = ({ run }: OpenReview): TemplateResult => html`<div class="sheet" role="dialog" aria-modal="true" aria-labelledby="keys-head">
  <div class="row"><h2 id="keys-head" class="grow">All keys</h2><button class="act" id="close-keys" title="Close (Escape)" aria-label="Close" @click=${() => { run('keys'); }}>${icon('close')}</button></div>
  <div class="key-groups">${keyGroups.map(({ title, keys }) => html`<section aria-label=${title}><h3 class="dim small">${title}</h3>
    <dl>${keys.map(({ key, title: words }) => html`<div><dt><kbd>${key}</kbd></dt><dd>${words}</dd></div>`)}</dl></section>`)}</div>
  <p class="dim small">While a note or an amendment is typed, keys are letters: Enter saves a note, Ctrl+Enter an amendment, Escape leaves them.</p>
</div>`;

/** In the place of a path that is on its way. */
export const fetching = ({ waiting }: OpenReview): TemplateResult =>
  html`<p class="empty dim fetching" role="status">${icon('loading', 'codicon-modifier-spin')} Fetching the next path…${waiting === 0 ? nothing : html` ${counted(waiting, 'key')} ${waiting === 1 ? 'waits' : 'wait'} for it.`}</p>`;

/** Where nothing is left: how it went, and what to do next. */
export function ended({ queue: { stand }, session, decided, send, take, run }: OpenReview): TemplateResult {
  const { precision, measured } = stand;
  const nothingThere = stand.total === 0 && session.order.length === 0;
  const undo = session.done.length === 0 ? nothing : html`<button class="btn" @click=${() => { run('undo'); }}>Undo</button>`;
  return html`<section class="empty ended" role="status">
    <h2 class="large">${nothingThere ? 'There is nothing to review here' : 'Nothing is left to review here'}</h2>
    ${nothingThere
      ? html`<p>Paths come into this queue when a run has made them. Run the pipeline, or choose another queue in the tree.</p>`
      : html`<p>${decided === 0 ? 'You have decided about none of its paths; k goes back to them.' : `You have decided about ${thousands(decided)} of ${counted(stand.total, 'path')}.`}</p>`}
    ${precision ? html`<p>Precision ${precisionWords(precision)}. <span class="dim">${precisionSays(precision)}</span></p>` : nothing}
    ${measured.done < measured.total ? html`<p class="dim">${thousands(measured.done)} of ${counted(measured.total, 'path')} were held against their structure so far; more may come.</p>` : nothing}
    <p class="row"><button class="btn primary" @click=${() => { send({ kind: 'top-up' }); }}>Top Up</button>${undo}<button class="btn" @click=${() => { take('regenesis.overview.show'); }}>Show Overview</button></p>
  </section>`;
}
