import { html, nothing, svg, type TemplateResult } from 'lit';
import { points, thousands, visible } from '../../client/words.ts';
import type { Difference, EvaluatedRow } from '../../contract/evaluation.ts';
import type { DomainGroup, ModelColumn } from '../../contract/pages/evaluation.ts';
import { isClear } from '../../core/model/evaluation.ts';
import { chanceWords, figuresOf, intervalWords, shareWords, unreadableWords } from './figures.ts';
import { icon } from '../kit/icon.ts';
import { axis, differences, mark, shares } from './marks.ts';
import { differenceScale, shareScale, type Scale } from './scale.ts';
import type { OpenPage } from './state.ts';

/** What all rows of the table share. */
interface Frame {
  readonly page: OpenPage;
  readonly columns: readonly ModelColumn[];
  readonly hasBase: boolean;
  /** The models that are held against the base. */
  readonly compared: readonly ModelColumn[];
  readonly shares: Scale;
  readonly differences: Scale;
  /** Answers of some model could not be read, and there is room to say so in each row. */
  readonly unreadable: boolean;
}

function frameOf(page: OpenPage): Frame {
  const { models: columns, groups } = page.open;
  const rows = groups.flatMap(group => [...group.rows, ...(group.pooled ? [group.pooled] : [])]);
  const hasBase = columns.some(({ isBase }) => isBase);
  return {
    page, columns, hasBase, compared: hasBase ? columns.filter(({ isBase }) => !isBase) : [], shares: shareScale(rows), differences: differenceScale(rows),
    unreadable: columns.length <= 2 && rows.some(row => row.models.some(({ unreadable }) => unreadable > 0)),
  };
}

/** How each model did on each data set, and against the base. */
export function table(page: OpenPage): TemplateResult {
  const frame = frameOf(page);
  const { columns, hasBase, unreadable } = frame;
  const kind = columns.length > 2 ? 'e-many' : columns.length === 1 ? 'e-one' : '';
  return html`<section class="e-table ${kind} ${unreadable ? 'e-wide' : ''}" aria-label="Figures" tabindex="0"><table>
    <colgroup>
      <col class="e-set"><col class="e-tasks">${columns.map(() => html`<col class="e-share">`)}<col class="e-shares">${unreadable ? html`<col class="e-unreadable">` : nothing}
      ${hasBase ? html`<col class="e-side"><col class="e-side"><col class="e-differences"><col class="e-value"><col class="e-interval">` : html`<col class="e-interval">`}
    </colgroup>
    <thead>${head(frame)}</thead>
    ${page.open.groups.map(group => groupRows(frame, group))}
    <tbody aria-hidden="true"><tr class="e-axis"><td></td><td></td>${columns.map(() => html`<td></td>`)}<td class="e-shares">${axis(frame.shares, tick => String(Math.round(tick * 100)))}</td>${unreadable ? html`<td></td>` : nothing}
      ${hasBase ? html`<td></td><td></td><td class="e-differences">${axis(frame.differences, tick => (tick === 0 ? '0' : points(tick).replace('.0', '')))}</td><td></td><td></td>` : html`<td></td>`}</tr></tbody>
  </table></section>`;
}

const legend = (frame: Frame, column: ModelColumn, at: number): TemplateResult =>
  html`<svg class="e-mark" width="12" height="12" aria-hidden="true"><svg x="6" y="6" overflow="visible">${mark(column, at, frame.hasBase)}</svg></svg>`;

function head(frame: Frame): TemplateResult {
  const { columns, hasBase, unreadable } = frame;
  return html`<tr>
    <th scope="col">Data set</th><th class="r" scope="col">Tasks</th>
    ${columns.map((column, at) => html`<th class="r" scope="col" title=${visible(column.label)}>${columns.length > 2 ? html`${legend(frame, column, at)} ` : nothing}${column.head}${column.head === 'Correct' ? ', %' : nothing}</th>`)}
    <th class="e-shares" scope="col">${columns.length > 2 ? '% correct' : columns.length === 1 ? '% correct with its interval' : columns.map((column, at) => html`<span class="e-legend">${legend(frame, column, at)}${column.head.toLowerCase()}${at === columns.length - 1 ? ', %' : nothing}</span>`)}</th>
    ${unreadable ? html`<th class="r" scope="col" title="Answers that could not be read, such as those without a box: they are none of the correct ones. ${columns.map(({ head: name }) => name).join(', ')}">Unreadable</th>` : nothing}
    ${hasBase ? html`<th class="r" scope="col" title="Tasks that only the base has wrong">Gain</th><th class="r" scope="col" title="Tasks that only the base has right">Loss</th><th class="e-differences" scope="col">Difference, points</th><th class="r e-value" scope="col"><span class="spoken">Points</span></th><th scope="col" title="95 % interval of the difference; the points are bold where it leaves out 0 and the exact test agrees (p below 0.05)">bold: not 0</th>` : html`<th scope="col">95 % interval</th>`}
  </tr>`;
}

/** The title of a domain spans no columns: some of them are hidden where there is no room. */
function groupRows(frame: Frame, group: DomainGroup): TemplateResult {
  const { pooled, domain } = group;
  return html`<tbody>
    <tr class="e-group"><th scope="rowgroup">${group.title}</th></tr>
    ${group.rows.map(row => rowOf(frame, row, { set: row.name }))}
    ${pooled ? rowOf(frame, { ...pooled, name: domain === 'in' ? 'All in-domain' : 'All out-of-domain' }, { domain }) : nothing}
  </tbody>`;
}

/** Whose tasks a figure counts: those of a data set, or of a domain. */
interface Whose {
  readonly set?: string;
  readonly domain?: DomainGroup['domain'];
}

function rowOf(frame: Frame, row: EvaluatedRow, whose: Whose): TemplateResult {
  const { columns, hasBase, unreadable } = frame;
  const isPool = whose.set === undefined;
  const less = row.unanswered > 0 ? `${thousands(row.unanswered)} more do not count: not every model has answered them` : '';
  return html`<tr class=${isPool ? 'e-pool' : ''}>
    <th scope="row" title=${visible(row.name)}>${visible(row.name)}</th><td class="r" title=${less === '' ? nothing : less}>${thousands(row.n)}${less === '' ? nothing : html`<span class="spoken">, ${less}</span>`}</td>
    ${columns.map(column => html`<td class="r">${shareWords(figuresOf(row, column)?.accuracy ?? 0, row.n)}</td>`)}
    <td class="e-shares">${shares(row, columns, frame.shares)}</td>
    ${unreadable ? html`<td class="r">${unreadableCell(unreadableWords(row, columns))}</td>` : nothing}
    ${hasBase ? comparison(frame, row, whose) : html`<td class="dim small e-interval">${columns.map(column => html`<div>${ownInterval(row, column)}</div>`)}</td>`}
  </tr>`;
}

const unreadableCell = (words: string): TemplateResult | typeof nothing => (words === '' ? nothing : html`${icon('question', 'warn')} ${words}`);

function ownInterval(row: EvaluatedRow, column: ModelColumn): string {
  const found = figuresOf(row, column);
  return found && row.n > 0 ? `${shareWords(found.low, row.n)} to ${shareWords(found.high, row.n)}` : '–';
}

/** Rows of one comparison are as high as the editor's own, those of several closer. */
const lineHeights = { one: 26, several: 20 } as const;

function comparison(frame: Frame, row: EvaluatedRow, whose: Whose): TemplateResult {
  const { columns, compared, page } = frame;
  const isPool = whose.set === undefined;
  const found = compared.flatMap(column => {
    const difference = row.differences.find(({ model }) => model === column.label);
    return difference && row.n > 0 ? [{ column, difference }] : [];
  });
  const several = compared.length > 1;
  const shape = (column: ModelColumn): TemplateResult =>
    (several ? mark(column, columns.indexOf(column), true) : isPool ? svg`<path class="f-fg" d="M-6 0 L0 -5 L6 0 L0 5Z"/>` : svg`<rect class="f-blue" x="-4" y="-4" width="8" height="8"/>`);
  const stacked = (draw: (each: { readonly column: ModelColumn; readonly difference: Difference }) => unknown): unknown => found.map(each => html`<div class="e-line">${several ? html`<span class="spoken">${each.column.head}: </span>` : nothing}${draw(each)}</div>`);
  return html`
    <td class="r">${stacked(({ column, difference }) => html`${several ? legend(frame, column, columns.indexOf(column)) : nothing} ${sideFigure(page, difference.gains, { side: 'gains', model: column.label, ...whose })}`)}</td>
    <td class="r">${stacked(({ column, difference }) => sideFigure(page, difference.losses, { side: 'losses', model: column.label, ...whose }))}</td>
    <td class="e-differences">${differences(found.map(({ column, difference }) => ({ difference, shape: shape(column), ...(several ? { name: column.head } : {}) })), frame.differences, several ? lineHeights.several : lineHeights.one)}</td>
    <td class="r">${stacked(({ difference }) => (isClear(difference) ? html`<b>${points(difference.value)}</b>` : points(difference.value)))}</td>
    <td class="dim small e-interval" title=${found.map(({ column, difference }) => `${several ? `${column.head}: ` : ''}${chanceWords(difference.p)}, exact McNemar`).join('\n')}>${stacked(({ difference }) => html`${intervalWords(difference)}<span class="spoken">, ${chanceWords(difference.p)}</span>`)}</td>`;
}

const said = { gains: 'tasks gained: show them', losses: 'tasks lost: show them' } as const;

/** A count that opens the tasks that it counts. */
function sideFigure({ send }: OpenPage, count: number, list: Whose & { readonly side: 'gains' | 'losses'; readonly model: string }): TemplateResult {
  if (count === 0) return html`0`;
  return html`<button class="num" aria-label="${thousands(count)} ${said[list.side]}" @click=${() => { send({ kind: 'list', ...list }); }}>${thousands(count)}</button>`;
}

