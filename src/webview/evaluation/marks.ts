import { svg, type TemplateResult } from 'lit';
import { points } from '../../client/words.ts';
import type { Difference, EvaluatedRow } from '../../contract/evaluation.ts';
import type { ModelColumn } from '../../contract/pages/evaluation.ts';
import { figuresOf, sharesSaid, intervalWords } from './figures.ts';
import { place, type Scale } from './scale.ts';

/** Colours of the models but the base; a shape goes with each, so that none is told by its colour alone. */
const colours = 6;
const shapes = [
  () => svg`<circle r="4"/>`, () => svg`<rect x="-4" y="-4" width="8" height="8"/>`, () => svg`<path d="M-6 0 L0 -5 L6 0 L0 5Z"/>`, () => svg`<path d="M-5 4 L0 -5 L5 4Z"/>`, () => svg`<path d="M-5 -4 L0 5 L5 -4Z"/>`,
];

/** The mark of a model, around its own middle. `at`: its place among the columns. */
export function mark(column: ModelColumn, at: number, hasBase: boolean): TemplateResult {
  if (column.isBase) return svg`<circle class="m-base" r="3.5"/>`;
  const own = at - (hasBase ? 1 : 0);
  return svg`<g class="m-${own % colours}">${shapes[own % shapes.length]?.()}</g>`;
}

/** From one model's line to the next. */
const lineStep = 8;

/** Where each model stands on the axis of shares, with its interval. */
export function shares(row: EvaluatedRow, columns: readonly ModelColumn[], scale: Scale): TemplateResult {
  const height = 10 + columns.length * lineStep;
  const hasBase = columns.some(({ isBase }) => isBase);
  return svg`<svg width="100%" height=${height} role="img" aria-label=${sharesSaid(row, columns)}>${columns.map((column, at) => {
    const found = figuresOf(row, column);
    const y = 9 + at * lineStep;
    return found && row.n > 0 ? svg`<line class="s-fg" x1=${place(found.low, scale)} x2=${place(found.high, scale)} y1=${y} y2=${y}/><svg x=${place(found.accuracy, scale)} y=${y} overflow="visible">${mark(column, at, hasBase)}</svg>` : svg``;
  })}</svg>`;
}

/** How a difference is drawn. `shape`: the mark in its middle. */
interface DrawnDifference {
  readonly difference: Difference;
  readonly shape: TemplateResult;
  /** Of the model, where there are several. */
  readonly name?: string;
}

/** Differences below each other, with the line where there is none. */
export function differences(drawn: readonly DrawnDifference[], scale: Scale, lineHeight: number): TemplateResult {
  const height = Math.max(1, drawn.length) * lineHeight;
  const zero = place(0, scale);
  const said = drawn.map(({ difference, name }) => `${name === undefined ? '' : `${name} `}${points(difference.value)} points, ${intervalWords(difference)}`).join('; ');
  return svg`<svg width="100%" height=${height} role="img" aria-label=${said}><line class="s-zero" x1=${zero} x2=${zero} y1="0" y2=${height}/>${drawn.map(({ difference: { value, low, high }, shape }, at) => {
    const y = lineHeight * at + lineHeight / 2;
    return svg`<line class="s-fg" x1=${place(low, scale)} x2=${place(high, scale)} y1=${y} y2=${y}/><svg x=${place(value, scale)} y=${y} overflow="visible">${shape}</svg>`;
  })}</svg>`;
}

/** The axis below a chart. */
export const axis = (scale: Scale, words: (tick: number) => string): TemplateResult => svg`<svg width="100%" height="20" aria-hidden="true">${scale.ticks.map(tick => {
  const x = place(tick, scale);
  return svg`<line class="s-line" x1=${x} x2=${x} y1="0" y2="4"/><text x=${x} y="15" text-anchor="middle">${words(tick)}</text>`;
})}</svg>`;
