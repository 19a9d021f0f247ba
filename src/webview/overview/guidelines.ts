import { html, nothing, type TemplateResult } from 'lit';
import { thousands } from '../../client/words.ts';
import type { GuidelineYield } from '../../contract/overview.ts';
import { part, percent } from '../kit/figures.ts';
import { icon } from '../kit/icon.ts';
import { sorted, turned } from '../kit/sort.ts';
import { copyButton, figure } from './parts.ts';
import type { GuidelineColumn, OpenPage } from './state.ts';

/** Guidelines shown before somebody wants all. */
const shownAtFirst = 12;

const heads: readonly { readonly column: GuidelineColumn | undefined; readonly words: string; readonly says: string; readonly style: string }[] = [
  { column: 'title', words: 'Guideline', says: 'Guideline', style: 'g-title' },
  { column: 'branches', words: 'Branches', says: 'Branches of both rounds', style: 'g-number r' },
  { column: 'correct', words: '% correct', says: 'Percent of its paths of round 1 that are correct', style: 'g-share r' },
  { column: undefined, words: 'Interval', says: '95 % interval of that share', style: 'g-whisker' },
  { column: 'solvedOnly', words: 'Only', says: 'Tasks that no other guideline solved in round 1', style: 'g-small r' },
  { column: 'kept', words: 'Kept', says: 'Paths kept', style: 'g-small r' },
  { column: 'tokensPerKept', words: 'Tok', says: 'Output tokens for each kept path', style: 'g-small r' },
];

const values: Readonly<Record<GuidelineColumn, (row: GuidelineYield) => string | number | null>> = {
  title: row => row.title,
  branches: row => row.branches,
  correct: row => (row.judged === 0 ? null : row.correct / row.judged),
  solvedOnly: row => row.solvedOnly,
  kept: row => row.kept,
  tokensPerKept: row => row.tokensPerKept,
};

/** What each guideline gave. */
export function guidelines(page: OpenPage): TemplateResult {
  const { open, view, keep } = page;
  const rows = sorted(open.guidelines, values[view.column], view.descending);
  const shown = view.allGuidelines ? rows : rows.slice(0, shownAtFirst);
  const scale = scaleOf(open.guidelines);
  const settled = open.branches.round1 + open.branches.hinted;
  const mean = open.meanCorrect === null ? '' : `thin line: all branches, ${percent(open.meanCorrect, 1)}`;
  return html`<section class="guidelines" aria-labelledby="guidelines-head">
    <div class="row"><h2 id="guidelines-head">Guidelines</h2><span class="plain dim g-mean">${mean}</span><span class="grow"></span>${copyButton(page, 'guidelines')}</div>
    ${rows.length === 0 ? html`<p class="dim small">${settled > 0 ? 'The branches that are settled are plain draws: they follow no guideline.' : 'What each guideline gave stands here once branches are settled.'}</p>` : html`<table>
      <thead><tr>${heads.map(head => sortHead(page, head))}</tr></thead>
      <tbody>${shown.map(row => guidelineRow(page, row, scale))}</tbody>
    </table>
    ${rows.length > shownAtFirst ? html`<button class="link small more" aria-expanded=${String(view.allGuidelines)} @click=${() => { keep({ allGuidelines: !view.allGuidelines }); }}>${view.allGuidelines ? `Show ${shownAtFirst}` : `Show all ${rows.length}`}</button>` : nothing}`}
  </section>`;
}

function sortHead({ view, keep }: OpenPage, { column, words, says, style }: (typeof heads)[number]): TemplateResult {
  if (column === undefined) return html`<th class=${style} scope="col" title=${says}>${words}</th>`;
  const isSorted = view.column === column;
  const arrow = isSorted ? icon(view.descending ? 'arrow-down' : 'arrow-up') : nothing;
  const sort = () => { keep(turned({ column: view.column, descending: view.descending }, column, column !== 'title')); };
  return html`<th class=${style} scope="col" aria-sort=${isSorted ? (view.descending ? 'descending' : 'ascending') : nothing}><button class="sort" title=${says} @click=${sort}>${arrow}${words}</button></th>`;
}

/** What a screen reader says of a count. */
const spoken = { branches: 'branches', correct: 'percent correct', only: 'tasks solved by this one only', kept: 'kept' } as const;

function guidelineRow(page: OpenPage, row: GuidelineYield, scale: Scale): TemplateResult {
  const { id, title, branches, judged, correct, solvedOnly, kept, tokensPerKept } = row;
  const opens = (count: number, which: keyof typeof spoken, shown?: string) =>
    figure(page, count, { of: { kind: 'guideline', id, which }, says: `${spoken[which]}, ${title}: show the list`, ...(shown === undefined ? {} : { shown }) });
  return html`<tr>
    <th class="g-title" scope="row" title=${title}>${title}</th>
    <td class="g-number r">${opens(branches, 'branches')}</td>
    <td class="r">${judged === 0 ? '–' : opens(correct, 'correct', ((correct / judged) * 100).toFixed(1))}</td>
    <td class="g-whisker">${judged === 0 ? nothing : whisker(row, scale, page.open.meanCorrect)}</td>
    <td class="r">${opens(solvedOnly, 'only')}</td>
    <td class="r">${opens(kept, 'kept')}</td>
    <td class="r">${tokensPerKept === null ? '–' : thousands(Math.round(tokensPerKept))}</td>
  </tr>`;
}

interface Scale {
  readonly from: number;
  readonly to: number;
}

/** All intervals, and a little air, so that differences are seen and not the distance from nought. */
function scaleOf(rows: readonly GuidelineYield[]): Scale {
  const judged = rows.filter(row => row.judged > 0);
  const [low, high] = [Math.min(...judged.map(row => row.low)), Math.max(...judged.map(row => row.high))];
  const air = Math.max(0.01, (high - low) * 0.05);
  return { from: Math.max(0, low - air), to: Math.min(1, high + air) };
}

function whisker({ judged, correct, low, high }: GuidelineYield, { from, to }: Scale, mean: number | null): TemplateResult {
  const at = (share: number) => part(share - from, to - from);
  const says = `${(low * 100).toFixed(1)} to ${(high * 100).toFixed(1)} %`;
  return html`<span class="spoken">${says}</span><svg width="100%" height="20" aria-hidden="true"><title>${says}</title>
    ${mean === null ? nothing : html`<svg overflow="visible"><line class="s-grid" x1=${at(mean)} x2=${at(mean)} y1="-1" y2="21"/></svg>`}
    <line class="s-fg" x1=${at(low)} x2=${at(high)} y1="10" y2="10"/>
    <line class="s-fg" x1=${at(low)} x2=${at(low)} y1="7" y2="13"/><line class="s-fg" x1=${at(high)} x2=${at(high)} y1="7" y2="13"/>
    <circle class="f-blue" cx=${at(correct / judged)} cy="10" r="3.5"/></svg>`;
}
