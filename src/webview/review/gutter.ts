import { html, nothing, render, svg, type TemplateResult } from 'lit';
import type { ReviewItem } from '../../contract/review.ts';
import { isAdded, isSame, type Card, type Layout } from './steps.ts';

/** What the lines between the columns are drawn from. */
export interface Lines {
  readonly item: ReviewItem;
  readonly layout: Layout;
  readonly focus: Card | undefined;
}

/** How far below its top a card is joined: in the middle of its first line. */
const joint = 21;

interface Sides {
  readonly width: number;
  readonly left: ReadonlyMap<number, number>;
  readonly right: ReadonlyMap<number, number>;
}

/** Draws the lines between the cards as they lie now; nothing where the columns lie one below the other. */
export function drawGutter(lines: Lines | undefined): void {
  const place = document.querySelector<HTMLElement>('.gutter');
  if (!place) return;
  const box = place.getBoundingClientRect();
  const sides = (side: Card['side']) => new Map([...document.querySelectorAll<HTMLElement>(`.cols [data-card^=${side}]`)].map(card => {
    const { top, height } = card.getBoundingClientRect();
    return [Number(card.dataset['card']?.slice(side.length + 1)), Math.round(top - box.top + Math.min(joint, height / 2))] as const;
  }));
  const drawing = !lines || box.width === 0 ? nothing : curves(lines, { width: box.width, left: sides('structure'), right: sides('path') });
  render(html`<svg class="lines" width="100%" height="100%" aria-hidden="true">${drawing}</svg>`, place);
}

function curves({ item, layout, focus }: Lines, { width, left, right }: Sides): readonly TemplateResult[] {
  const drawn: TemplateResult[] = [];
  const thick: TemplateResult[] = [];
  const join = (step: number, row: number): void => {
    const [from, to] = [left.get(step), right.get(row)];
    if (from === undefined || to === undefined) return;
    const on = isSame(focus, { side: 'structure', at: step }) || isSame(focus, { side: 'path', at: row });
    (on ? thick : drawn).push(svg`<path class=${on ? 'on' : ''} d="M0 ${from} C ${width / 2} ${from}, ${width / 2} ${to}, ${width} ${to}"/>`);
  };
  for (const [step, from] of left) {
    if (item.alignment.marks.structure[step] === 'skipped') drawn.push(skipped(from));
    for (const row of layout.rowsOfStep[step] ?? []) join(step, row);
  }
  for (const [at, y] of right) {
    const row = layout.rows[at];
    if (row && isAdded(item, row)) drawn.push(added(y, width));
  }
  return [...drawn, ...thick]; // the thick ones lie above
}

const skipped = (y: number): TemplateResult => svg`<path class="stub w" d="M0 ${y} H 16"/><circle class="w" cx="22" cy=${y} r="5.5"/><path class="w" d="M18.2 ${y + 3.8} L25.8 ${y - 3.8}"/>`;
const added = (y: number, width: number): TemplateResult => svg`<path class="stub a" d="M${width} ${y} H ${width - 16}"/><circle class="a" cx=${width - 19.5} cy=${y} r="3"/>`;
