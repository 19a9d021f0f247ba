import path from 'node:path';
import process from 'node:process';
import { Editor } from '../test/e2e/editor.ts';
import { webview, webviewFrame } from '../test/vscode/browser.ts';
import { largeTasks, smallTask, writeHostileProject } from './hostile.ts';
import { atMost, rounded, type Bench, type BenchRecord, type Benchmark } from './record.ts';

/** Small paths before the large one and after it: it arrives while they are decided about, and not with the page itself. */
const around = { before: 28, after: 3 } as const;
/** Time for a page to do whatever it does by and by. */
const restMs = 1_000;
/** Tasks that are shorter are reported by no browser. */
const shortestMs = 50;

/** Has a frame keep how long its longest task was. */
const watch = `globalThis.longestTask = 0;
  new PerformanceObserver(list => { for (const { duration } of list.getEntries()) globalThis.longestTask = Math.max(globalThis.longestTask, duration); }).observe({ type: 'longtask' }); undefined`;

async function longestStall(name: keyof typeof largeTasks, { say }: Pick<Bench, 'say'>): Promise<number> {
  const small = (count: number) => Array.from({ length: count }, () => smallTask);
  const tasks = [...small(around.before), largeTasks[name], ...small(around.after)];
  const file = `${name}.regenesis`;
  const editor = await Editor.open({ environment: { REGENESIS_IDLE_MS: '0', REGENESIS_RUNTIME_DIR: process.env['REGENESIS_RUNTIME_DIR'] ?? '' } }, folder => { writeHostileProject(path.join(folder, file), tasks); });
  try {
    const { page } = editor;
    await editor.showView();
    await editor.openFile(file);
    await webview(page).getByRole('heading', { name: 'Funnel' }).waitFor();
    await editor.command('Review Next');
    const review = webview(page);
    const place = (at: number) => review.locator('.top h1').filter({ hasText: new RegExp(`^${at} of ${tasks.length}$`) }).waitFor();
    await review.locator('.review[data-path] .card.p').first().waitFor();
    await review.locator('.qt').first().click();
    await page.waitForTimeout(restMs);
    const frame = await webviewFrame(page);
    await frame.evaluate(watch);
    for (let at = 1; at <= around.before; at += 1) {
      await place(at);
      await page.keyboard.press('a');
    }
    await place(around.before + 1);
    await page.waitForTimeout(restMs);
    for (const key of ['Space', ']', '[', '[', ']', 'Space']) await page.keyboard.press(key);
    await page.waitForTimeout(restMs);
    const more = review.getByRole('button', { name: 'Show More' });
    if (await more.count() > 0) await more.first().click();
    await page.waitForTimeout(restMs);
    await review.locator('.qt').first().click();
    await page.keyboard.press('a');
    await place(around.before + 2);
    await page.waitForTimeout(restMs);
    const longest = await frame.evaluate<number>('globalThis.longestTask');
    say(`review: ${name}: longest task ${longest === 0 ? `below ${shortestMs}` : rounded(longest, 0)} ms`);
    return Math.max(shortestMs, longest);
  } finally {
    await editor.close();
  }
}

/** For how long at most the page of a review answers no key: while a path that is large beyond use arrives, is shown, looked through and decided about. 50 stands for less, too. */
export const reviewStallBenchmark: Benchmark = {
  names: Object.keys(largeTasks).map(name => `review.stall.${name}`),
  async *run(bench): AsyncGenerator<BenchRecord> {
    for (const name of ['10mb', '5000steps', 'latex'] as const) {
      const figure = `review.stall.${name}`;
      if (bench.wanted(figure)) yield { name: figure, value: rounded(await longestStall(name, bench), 0), unit: 'ms', goal: atMost(100) };
    }
  },
};
