import { html, nothing, svg, type TemplateResult } from 'lit';
import type { IterationChart, OpenIterations } from '../../contract/pages/iterations.ts';

type Series = IterationChart['series'][number];
type Point = Series['points'][number];

/** From the top of a chart to the lowest value, in pixels, and what is free above the highest. */
const [height, air] = [112, 8] as const;
/** What is free on both sides of the outermost points, in percent of the width. */
const margin = 8;
/** Words that fit below a chart, less one: `base`, then every so many iterations, the last one always. */
const mostMarks = 9;
const half = 4;

/** Where things of one chart stand. */
interface Place {
  readonly x: (at: number) => string;
  readonly y: (value: number) => number;
}

function placeOf({ ticks }: IterationChart, marks: OpenIterations['marks']): Place {
  const [low, high] = [ticks[0]?.value ?? 0, ticks.at(-1)?.value ?? 1];
  const [first, last] = [marks[0]?.at ?? 0, marks.at(-1)?.at ?? 1];
  return {
    x: at => `${(margin + ((100 - 2 * margin) * (at - first)) / Math.max(1, last - first)).toFixed(2)}%`,
    y: value => air + (height - air) * (1 - Math.min(1, Math.max(0, (value - low) / (high - low || 1)))),
  };
}

/** One figure over the iterations, with lines between its points. A shape goes with each colour. */
export function chart(drawn: IterationChart, marks: OpenIterations['marks']): TemplateResult {
  const place = placeOf(drawn, marks);
  const isEmpty = drawn.series.every(({ points }) => points.length === 0);
  return html`<section class="i-chart" aria-label=${drawn.title}>
    <div class="row"><h2 title=${drawn.hint}>${drawn.title}</h2>${drawn.series.length < 2 ? nothing : drawn.series.map(({ name }, at) => html`<span class="i-key small"><svg width="12" height="12" aria-hidden="true"><svg x="6" y="6" overflow="visible">${shape(at)}</svg></svg>${name}</span>`)}</div>
    <div class="i-plot"><div class="i-ticks small dim" aria-hidden="true"><svg width="100%" height=${height + 24}>${drawn.ticks.map(({ value, words }) => svg`<text x="100%" y=${place.y(value) + 4} text-anchor="end">${words}</text>`)}</svg></div>
      <svg class="i-figure" width="100%" height=${height + 24} role="img" aria-label=${isEmpty ? `${drawn.title}: nothing yet` : saidOf(drawn)}>
        ${drawn.ticks.map(({ value }) => svg`<line class="i-grid" x1="0" x2="100%" y1=${place.y(value)} y2=${place.y(value)}/>`)}
        ${fitting(marks).map(({ at, words }) => svg`<text x=${place.x(at)} y=${height + 18} text-anchor="middle">${words}</text>`)}
        ${drawn.series.map((series, at) => lines(series, { at, place }))}
        ${isEmpty ? svg`<text x="50%" y=${height / 4 + air} text-anchor="middle">nothing yet</text>` : nothing}
      </svg></div>
  </section>`;
}

function fitting(marks: OpenIterations['marks']): OpenIterations['marks'] {
  const last = marks.length - 1;
  const step = Math.ceil(last / mostMarks);
  return marks.filter((_, place) => place === 0 || (place >= step && (last - place) % step === 0));
}

const lines = ({ name, points }: Series, { at, place: { x, y } }: { readonly at: number; readonly place: Place }): TemplateResult => svg`<g class="i-s${at}">
  ${points.slice(1).map((point, before) => svg`<line class="i-line" x1=${x(points[before]?.at ?? 0)} x2=${x(point.at)} y1=${y(points[before]?.value ?? 0)} y2=${y(point.value)}/>`)}
  ${points.map(point => svg`${whisker(point, { x, y })}<svg x=${x(point.at)} y=${y(point.value)} overflow="visible"><title>${name}: ${point.words}</title>${shape(at)}</svg>`)}
</g>`;

const whisker = ({ at, low, high }: Point, { x, y }: Place): TemplateResult | typeof nothing => (low === undefined || high === undefined ? nothing
  : svg`<line class="i-line" x1=${x(at)} x2=${x(at)} y1=${y(low)} y2=${y(high)}/>`);

const shape = (at: number): TemplateResult => (at === 0 ? svg`<circle class="i-f${at}" r=${half}/>` : svg`<rect class="i-f${at}" x=${-half} y=${-half} width=${2 * half} height=${2 * half}/>`);

/** A chart in words. */
const saidOf = ({ title, series }: IterationChart): string =>
  `${title}. ${series.filter(({ points }) => points.length > 0).map(({ name, points }) => `${name}: ${points.map(({ at, words }) => `${at === 0 ? 'base' : `iteration ${at}`} ${words}`).join(', ')}`).join('; ')}`;
