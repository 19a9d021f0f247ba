import { html, nothing, type TemplateResult } from 'lit';
import { counted, visible } from '../../client/words.ts';
import { judgementOf, shownPath, type ReviewSession } from '../../core/review/session.ts';
import { icon } from '../kit/icon.ts';
import { menu } from '../kit/menu.ts';
import type { OpenReview, Queue } from './state.ts';
import { placeWords, precisionSays, precisionWords, rateWords, timeLeft, whyWords } from './words.ts';

/** How many paths further the next undecided one is, where a decided one is shown. */
function back(session: ReviewSession): number | undefined {
  const path = shownPath(session);
  if (path === undefined || judgementOf(session, path).decision === 'none') return undefined;
  const next = session.order.findIndex((each, at) => at > session.at && judgementOf(session, each).decision === 'none');
  return (next < 0 ? session.order.length : next) - session.at;
}

const precision = ({ stand }: Queue): TemplateResult | typeof nothing => (stand.precision
  ? html`<span class="dim whole precision" title=${precisionSays(stand.precision)}>precision ${precisionWords(stand.precision)}<span class="spoken">. ${precisionSays(stand.precision)}</span></span>`
  : nothing);

/** What concerns the queue as a whole. */
function queueMenu({ queue: { stand }, decided, view, keep, send, take }: OpenReview): TemplateResult {
  const left = stand.total - decided;
  const all = (decision: 'accept' | 'reject', verb: string, name: string) => ({ title: `${verb} All ${counted(left, 'Path')} Left…`, icon: name, choose: () => { send({ kind: 'bulk', decision }); } });
  const items = [
    ...(left > 0 ? [all('accept', 'Accept', 'check-all'), all('reject', 'Reject', 'close-all')] : []),
    { title: 'Top Up', icon: 'add', choose: () => { send({ kind: 'top-up' }); } },
    { title: 'Choose Another Queue…', icon: 'list-unordered', choose: () => { take('regenesis.review.query'); } },
  ];
  return menu('More Actions', items, { open: view.menu === true, set: open => { keep({ menu: open }); } });
}

/** Where the person is, why this path is shown, how fast they are, and whether all is stored. */
export function header(page: OpenReview): TemplateResult {
  const { title, queue, item, session, unsaved, decided } = page;
  const { stand: { total }, perMinute } = queue;
  const why = item ? whyWords(item) : '';
  const left = item ? timeLeft(total - decided, perMinute) : undefined;
  const atEnd = shownPath(session) === undefined && !queue.more;
  return html`<header class="top">
    <h1 class="whole">${placeWords({ decided, total, back: atEnd ? 0 : back(session) })}</h1>
    <span class="ell why" title=${visible(why === '' ? title : `${title}: ${why}`)}>${visible(title)}${why === '' ? '' : `: ${why}`}</span>
    ${item?.simulated === true ? html`<span class="tag">${icon('beaker')}simulation</span>` : nothing}
    <span class="grow"></span>
    ${perMinute === null ? nothing : html`<span class="dim whole rate">${rateWords(perMinute)}</span>`}
    ${left === undefined ? nothing : html`<span class="dim whole left">${left}</span>`}
    ${precision(queue)}
    ${unsaved === 0 ? html`<span class="saved whole">${icon('check', 'ok')}Saved</span>` : html`<span class="saved whole dim">${icon('sync', 'codicon-modifier-spin')}Saving ${unsaved}…</span>`}
    ${queueMenu(page)}
  </header>`;
}
