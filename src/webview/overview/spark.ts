import { html, type TemplateResult } from 'lit';
import type { OpenOverview } from '../../contract/pages/overview.ts';

const [width, height] = [100, 16];

/** The corners of a line through values, the first at the left and the least at the bottom; one that changes nothing runs through the middle. */
export function sparkPoints(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const up = (value: number) => (most === least ? 0.5 : (value - least) / (most - least));
  return values.map((value, at) => `${((at / Math.max(1, values.length - 1)) * width).toFixed(1)},${((1 - up(value)) * height).toFixed(1)}`).join(' ');
}

/** A curve as small as a word. */
export const spark = ({ losses, words }: NonNullable<OpenOverview['jobs'][number]['curve']>): TemplateResult => html`<svg class="spark" role="img" aria-label=${words} viewBox="0 -1 ${width} ${height + 2}" width="100%" height="16" preserveAspectRatio="none"><title>${words}</title><polyline class="s-blue line-path" points=${sparkPoints(losses)} vector-effect="non-scaling-stroke"/></svg>`;
