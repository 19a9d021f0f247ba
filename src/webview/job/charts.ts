import './language.ts';
import uPlot from 'uplot';
import { thousands } from '../../client/words.ts';
import { lossWords, rateWords, type Curve } from './curve.ts';

/** What is drawn: the curve, and all steps that there are to be. */
export interface Plotted {
  readonly curve: Curve;
  readonly steps: number | undefined;
}

const heights = { loss: 264, rate: 92 } as const;
/** What `epoch 12` takes beside its line, in pixels. */
const labelWidth = 64;
/** What a step of six digits takes, with room beside it. */
const stepWidth = 72;
type PlotName = keyof typeof heights;

/** A colour of the theme, as it is now. */
const colour = (...names: readonly string[]) => (): string => {
  const style = getComputedStyle(document.body);
  return names.map(name => style.getPropertyValue(name).trim()).find(value => value !== '') ?? style.color;
};
/** Where borders are as bright as texts, lines behind a curve are not. */
const faint = (of: () => string) => (): string => (document.body.classList.contains('vscode-high-contrast') ? `color-mix(in srgb, ${of()} 40%, transparent)` : of());
const colours = {
  text: colour('--vscode-descriptionForeground', '--vscode-foreground'), grid: faint(colour('--vscode-panel-border', '--vscode-contrastBorder')), raw: colour('--vscode-charts-lines', '--vscode-descriptionForeground'),
  smoothed: colour('--vscode-charts-blue'), heldOut: colour('--vscode-charts-yellow', '--vscode-charts-orange'), rate: colour('--vscode-charts-purple'), now: colour('--vscode-descriptionForeground', '--vscode-foreground'),
};

const font = (): string => `12px ${getComputedStyle(document.body).fontFamily}`;

/** Draws the curves of a job: a plot is made where its place appears, fed with what is new, and made again when the theme or the font changes. */
export class Charts {
  #plotted: Plotted | undefined;
  readonly #plots = new Map<PlotName, { readonly plot: uPlot; readonly place: HTMLElement }>();
  readonly #sizes = new ResizeObserver(() => { this.#resize(); });
  /** Where the values under the pointer are written. */
  #reading: HTMLElement | undefined;

  constructor() {
    new MutationObserver(() => { this.#repaint(); }).observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
    new MutationObserver(() => { this.#repaint(); }).observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
  }

  /** Shows what a job has come to, in the places that the page has for it. */
  show(plotted: Plotted): void {
    this.#plotted = plotted;
    this.#reading = document.querySelector<HTMLElement>('[data-reading]') ?? undefined;
    for (const name of ['loss', 'rate'] as const) {
      const place = document.querySelector<HTMLElement>(`[data-plot=${name}]`);
      const known = this.#plots.get(name);
      if (known && known.place !== place) this.#end(name);
      if (!place) continue;
      if (this.#plots.has(name)) this.#plots.get(name)?.plot.setData(dataOf(name, plotted.curve));
      else this.#begin(name, place);
    }
  }

  #begin(name: PlotName, place: HTMLElement): void {
    if (!this.#plotted) return;
    const plot = new uPlot(this.#options(name, place), dataOf(name, this.#plotted.curve), place);
    this.#plots.set(name, { plot, place });
    this.#sizes.observe(place);
  }

  #end(name: PlotName): void {
    const known = this.#plots.get(name);
    if (!known) return;
    this.#sizes.unobserve(known.place);
    known.plot.destroy();
    this.#plots.delete(name);
  }

  #resize(): void {
    for (const [name, { plot, place }] of this.#plots) if (place.clientWidth > 0 && place.clientWidth !== plot.width) plot.setSize({ width: place.clientWidth, height: heights[name] });
  }

  #repaint(): void {
    for (const { plot } of this.#plots.values()) plot.redraw(false, true);
  }

  #options(name: PlotName, place: HTMLElement): uPlot.Options {
    return {
      width: place.clientWidth || 600, height: heights[name], legend: { show: false }, padding: [name === 'loss' ? 12 : 8, 28, 0, 0],
      cursor: { y: false, points: { show: false }, drag: { setScale: false, x: false, y: false }, sync: { key: 'job' } },
      scales: { x: { time: false, range: (_plot, low, high) => this.#span(low, high) }, y: { range: (_plot, low, high) => spread(name, low, high) } },
      axes: axesOf(name), series: [{}, ...seriesOf(name)],
      hooks: { draw: [plot => { this.#mark(plot, name); }], setCursor: [plot => { this.#read(plot, name); }] },
    };
  }

  /** The whole of a training, though only its beginning is there yet. */
  #span(low: number | null, high: number | null): [number, number] {
    const most = Math.max(this.#plotted?.steps ?? 0, high ?? 1, 1);
    return [Math.min(0, low ?? 0), most];
  }

  /** Where epochs begin, and how far the training is. */
  #mark(plot: uPlot, name: PlotName): void {
    const { curve, steps } = this.#plotted ?? {};
    const now = curve?.steps.at(-1);
    if (!curve || now === undefined) return;
    const { ctx, bbox } = plot;
    const line = (step: number, dash: readonly number[]): number => {
      const x = Math.round(plot.valToPos(step, 'x', true)) + 0.5;
      ctx.setLineDash([...dash]);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      return x;
    };
    ctx.save();
    ctx.lineWidth = devicePixelRatio;
    ctx.strokeStyle = colours.grid();
    ctx.fillStyle = colours.text();
    ctx.font = font().replace('12px', `${Math.round(12 * devicePixelRatio)}px`);
    ctx.textBaseline = 'top';
    ctx.textAlign = 'left';
    let free = 0;
    for (const { step, epoch } of curve.epochs) {
      const x = line(step, [4, 4]);
      const at = plot.valToPos(step, 'x');
      const isFree = at >= free && (plot.valToPos(now, 'x') - at > labelWidth || now === steps);
      if (name !== 'loss' || !isFree) continue;
      ctx.fillText(`epoch ${epoch}`, x + 5 * devicePixelRatio, bbox.top);
      free = at + labelWidth;
    }
    if (steps !== undefined && now < steps) {
      ctx.strokeStyle = colours.now();
      line(now, [2, 3]);
    }
    ctx.restore();
  }

  #read(plot: uPlot, name: PlotName): void {
    const { curve } = this.#plotted ?? {};
    if (!this.#reading || !curve || name !== 'loss') return;
    const at = plot.cursor.idx;
    if (at === null || at === undefined || (plot.cursor.left ?? -1) < 0) {
      this.#reading.textContent = '';
      return;
    }
    const held = curve.heldOut[at];
    this.#reading.textContent = [
      `step ${thousands(curve.steps[at] ?? 0)}`, `loss ${lossWords(curve.loss[at])}`, ...(held === null || held === undefined ? [] : [`held out ${lossWords(held)}`]), `learning rate ${rateWords(curve.learningRate[at])}`,
    ].join(' · ');
  }
}

const dataOf = (name: PlotName, { steps, loss, smoothed, heldOut, learningRate }: Curve): uPlot.AlignedData =>
  (name === 'loss' ? [[...steps], [...loss], [...smoothed], [...heldOut]] : [[...steps], [...learningRate]]);

function seriesOf(name: PlotName): uPlot.Series[] {
  const points: uPlot.Series.Points = { show: plot => plot.data[0].length === 1 };
  if (name === 'rate') return [{ stroke: colours.rate, width: 1.5, spanGaps: true, points }];
  return [
    { stroke: colours.raw, width: 1, alpha: 0.55, spanGaps: true, points: { show: false } },
    { stroke: colours.smoothed, width: 2, spanGaps: true, points },
    { paths: () => null, points: { show: true, size: 9, width: 2, stroke: colours.heldOut, fill: colour('--vscode-editor-background') } },
  ];
}

function axesOf(name: PlotName): uPlot.Axis[] {
  const common: uPlot.Axis = { stroke: colours.text, font: '12px system-ui', ticks: { show: false }, grid: { stroke: colours.grid, width: 1 } };
  const label = name === 'loss' ? lossTick : rateWords;
  return [
    // both plots share the steps, which stand below the lower one
    { ...common, size: name === 'loss' ? 8 : 24, gap: 6, space: stepWidth, grid: { show: false }, values: (_plot, values) => (name === 'loss' ? values.map(() => '') : values.map(value => (Number.isInteger(value) ? thousands(value) : ''))) },
    { ...common, size: 56, gap: 8, ...(name === 'rate' ? { splits: (plot: uPlot) => [0, plot.scales['y']?.max ?? 1] } : {}), values: (_plot, values) => values.map(value => label(value)) },
  ];
}

const lossTick = (value: number): string => String(Number(value.toPrecision(3)));

/** From what to what an axis goes: a curve that is flat, or one point, has room around it. */
function spread(name: PlotName, low: number | null, high: number | null): [number, number] {
  if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  if (name === 'rate') return [0, high > 0 ? high : 1];
  const room = Math.max((high - low) * 0.06, Math.abs(high) * 0.02, 1e-6);
  return [low - room, high + room];
}
