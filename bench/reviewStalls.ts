import path from 'node:path';
import process from 'node:process';
import { Editor } from '../test/e2e/editor.ts';
import { webview } from '../test/vscode/browser.ts';
import { largeTasks, smallTask, writeHostileProject } from './hostile.ts';
import { atMost, rounded, type BenchRecord, type Benchmark } from './record.ts';

/** Small paths before the large one and after it: it arrives while they are decided about, and not with the page itself. */
const around = { before: 28, after: 3 } as const;
/** Time for a page to do whatever it does by and by. */
const restMs = 1_000;
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Processor time of a whole event, microseconds. */
  readonly tdur?: number;
  readonly args?: { readonly data?: { readonly url?: string } };
}

/** Traces what a browser does. @returns ends it, and gives the longest task of the thread that runs the page's script, in milliseconds of processor time: other work of the machine is not in it */
async function traced({ page }: Editor): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => { events.push(...value as unknown as TraceEvent[]); });
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'] } });
  return async () => {
    const complete = new Promise(resolve => { session.once('Tracing.tracingComplete', resolve); });
    await session.send('Tracing.end');
    await complete;
    const threadOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
    const threads = new Set(events.filter(({ args }) => args?.data?.url?.endsWith('/review.js') === true).map(threadOf));
    const tasks = events.filter(event => event.ph === 'X' && event.tdur !== undefined && event.name.endsWith('RunTask') && threads.has(threadOf(event)));
    if (tasks.length === 0) throw new Error('the browser told of no task of the page');
    return Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1_000;
  };
}

async function longestStall(name: keyof typeof largeTasks): Promise<number> {
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
    const longestTask = await traced(editor);
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
    return await longestTask();
  } finally {
    await editor.close();
  }
}

/** For how long at most the page of a review answers no key: while a path that is large beyond use arrives, is shown, looked through and decided about. */
export const reviewStallBenchmark: Benchmark = {
  names: Object.keys(largeTasks).map(name => `review.stall.${name}`),
  async *run(bench): AsyncGenerator<BenchRecord> {
    for (const name of ['10mb', '5000steps', 'latex'] as const) {
      const figure = `review.stall.${name}`;
      if (bench.wanted(figure)) yield { name: figure, value: rounded(await longestStall(name), 0), unit: 'ms', goal: atMost(100) };
    }
  },
};
