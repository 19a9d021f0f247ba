import { copyFileSync } from 'node:fs';
import process from 'node:process';
import { Editor } from '../test/e2e/editor.ts';
import { runCommand, webview, webviewFrame } from '../test/vscode/browser.ts';
import { withEngine } from './engine.ts';
import { projectWith } from './paths.ts';
import { atMost, median, rounded, type Bench, type BenchRecord, type Benchmark } from './record.ts';
import { slowDown } from './slowEngine.ts';

/** Decisions that are timed, after those that warm everything up. */
const decisions = { counted: 60, warmUp: 5 } as const;
/** Openings of the page, after those that warm up the editor's part of it and ours. */
const openings = { counted: 15, warmUp: 5 } as const;
/** Nobody looks into a page that opens: what looks for elements in it takes 20 ms of the processor that draws it. */
const untouchedMs = 1_200;
/** A person does not decide faster, and nothing of one decision is to hold up the next. */
const betweenMs = 250;
/** Added to every message there and back. */
const delays = [0, 100] as const;

const file = 'large.regenesis';

/** Has the page tell how long after a key something is drawn. */
const watchKeys = `globalThis.drawnAfter = [];
  let pressed;
  addEventListener('keydown', event => { pressed = event.timeStamp; }, { capture: true });
  const shown = () => document.querySelector('.review')?.dataset.path + (document.querySelector('.sheet') ? ' and keys' : '');
  let before = shown();
  new MutationObserver(() => {
    const now = shown();
    if (now === before || pressed === undefined) return;
    before = now;
    const since = pressed;
    pressed = undefined;
    requestAnimationFrame(() => { globalThis.drawnAfter.push(performance.now() - since); });
  }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-path'] });`;

/** When the largest text of the page was painted, which is the path. */
const largestPaint = `new Promise(resolve => {
  new PerformanceObserver(list => { resolve(performance.timeOrigin + list.getEntries().at(-1).startTime); }).observe({ type: 'largest-contentful-paint', buffered: true });
})`;

interface Measured {
  /** From the key to what it draws. */
  readonly nextMs: readonly number[];
  /** The same for a key that only shows the sheet of all keys: what the editor itself takes to hand a key over. */
  readonly floorMs: readonly number[];
  readonly openMs: readonly number[];
}

async function openMs(editor: Editor): Promise<number> {
  const { page } = editor;
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input').fill('>ReGenesis: Review Next');
  await page.locator('.quick-input-list').getByRole('option', { name: 'ReGenesis: Review Next' }).first().waitFor();
  await page.evaluate(`addEventListener('keydown', event => { globalThis.enteredAt = performance.timeOrigin + event.timeStamp; }, { capture: true, once: true })`);
  await page.keyboard.press('Enter');
  await page.waitForTimeout(untouchedMs);
  await webview(page).locator('.review[data-path] .card.p').first().waitFor();
  const drawnAt = await (await webviewFrame(page)).evaluate<number>(largestPaint);
  return drawnAt - Number(await page.evaluate('globalThis.enteredAt'));
}

async function closeReview({ page }: Editor): Promise<void> {
  await runCommand(page, 'View: Close Editor');
  await page.locator('.tabs-container').getByRole('tab', { name: /^Review next/ }).waitFor({ state: 'detached' });
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
}

async function measure(editor: Editor, { sized }: Pick<Bench, 'sized'>, counted: number): Promise<Measured> {
  const opened: number[] = [];
  const [warmUp, times] = [sized(openings.warmUp), sized(counted)];
  for (let time = 0; time < warmUp + times; time += 1) {
    if (time > 0) await closeReview(editor);
    opened.push(await openMs(editor));
  }
  const frame = await webviewFrame(editor.page);
  await frame.evaluate(watchKeys);
  await webview(editor.page).locator('.qt').first().click();
  const press = async (keys: readonly string[], times: number): Promise<readonly number[]> => {
    await frame.evaluate('globalThis.drawnAfter = []');
    for (let time = 0; time < times; time += 1) {
      for (const key of keys) {
        await editor.page.keyboard.press(key);
        await editor.page.waitForTimeout(betweenMs);
      }
    }
    return frame.evaluate<number[]>('globalThis.drawnAfter');
  };
  // the sheet is closed by the page itself: only every other figure has been through the editor
  const floorMs = (await press(['Shift+Slash', 'Escape'], sized(20, 4))).filter((_, at) => at % 2 === 0);
  const nextMs = await press(['a'], decisions.warmUp + sized(decisions.counted, 5));
  return { openMs: opened.slice(warmUp), floorMs, nextMs: nextMs.slice(decisions.warmUp) };
}

async function withDelay(bench: Bench, project: string, roundTripMs: number): Promise<Measured> {
  const editor = await Editor.open({ environment: { REGENESIS_RUNTIME_DIR: process.env['REGENESIS_RUNTIME_DIR'] ?? '' } }, folder => { copyFileSync(project, `${folder}/${file}`); });
  try {
    return await withEngine(editor.file(file), async ({ client }) => {
      await client.call('openProject', { path: editor.file(file) });
      const away = roundTripMs > 0 ? await slowDown(editor.file(file), roundTripMs) : () => undefined;
      await editor.showView();
      await editor.openFile(file);
      await editor.row(/^Project large/).waitFor();
      try {
        return await measure(editor, bench, roundTripMs === 0 ? openings.counted : 1);
      } finally {
        away();
      }
    });
  } finally {
    await editor.close();
  }
}

const p95 = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? NaN;

/** How soon the next path is on screen after the key of a decision, beyond what the editor takes for any key, and how soon a review is there at all, in a project with 100,000 paths. */
export const reviewBenchmark: Benchmark = {
  names: ['review.next.p95', 'review.next.p95.slow', 'review.open'],
  async *run(bench): AsyncGenerator<BenchRecord> {
    const project = projectWith(bench, bench.sized(100_000, 2_500), { structures: true });
    for (const delay of delays) {
      const { nextMs, floorMs, openMs: opened } = await withDelay(bench, project, delay);
      bench.say(`review: ${delay} ms away: ${nextMs.length} decisions, median ${rounded(median(nextMs), 1)} ms; another key ${rounded(median(floorMs), 1)} ms; opened in ${opened.map(ms => rounded(ms, 0)).join(', ')} ms`);
      yield { name: delay === 0 ? 'review.next.p95' : 'review.next.p95.slow', value: rounded(p95(nextMs) - median(floorMs), 1), unit: 'ms', goal: atMost(50) };
      if (delay === 0) yield { name: 'review.open', value: rounded(median(opened), 0), unit: 'ms', goal: atMost(300) };
    }
  },
};
