import { withEngine, type BenchEngine } from './engine.ts';
import { projectWith } from './paths.ts';
import { atMost, median, rounded, type Benchmark } from './record.ts';

const pageRows = 100;
/** Pages that are looked at in each project; the first few only warm it up. */
const looks = { counted: 400, warmUp: 40 } as const;

type Page = (after: number | undefined) => Promise<{ readonly rows: readonly { readonly sequence: number }[] }>;

async function pagesOf({ client }: BenchEngine, project: string): Promise<Page> {
  await client.call('openProject', { path: project });
  return after => client.call('pathPage', { limit: pageRows, ...(after === undefined ? {} : { after }) });
}

/** Where the pages of a project can begin: the first sequence number, and the last after which a whole page follows. */
async function span(page: Page): Promise<readonly [first: number, last: number]> {
  const first = (await page(undefined)).rows[0]?.sequence;
  if (first === undefined) throw new Error('the project has no paths');
  const isWhole = async (after: number) => (await page(after)).rows.length === pageRows;
  let step = 1;
  while (await isWhole(first + step)) step *= 2;
  let last = first;
  for (; step >= 1; step = Math.floor(step / 2)) if (await isWhole(last + step)) last += step;
  return [first, last];
}

async function timed(page: Page, [first, last]: readonly [number, number]): Promise<number> {
  const after = first + Math.floor(Math.random() * (last - first));
  const started = performance.now();
  await page(after);
  return performance.now() - started;
}

/** A page of paths from the middle of a million over one from ten thousand, through the engine: the medians of many, by turns. */
export const pageBenchmark: Benchmark = {
  names: ['page.1m', 'page.1m.ms'],
  async *run(bench) {
    const [large, small] = [projectWith(bench, bench.sized(1_000_000, 2_500)), projectWith(bench, bench.sized(10_000, 500))];
    const times = await withEngine(large, one => withEngine(small, async other => {
      const pages = [await pagesOf(one, large), await pagesOf(other, small)];
      const spans = await Promise.all(pages.map(span));
      const measured = pages.map((): number[] => []);
      for (let look = 0; look < looks.warmUp + looks.counted; look += 1) {
        for (const [index, page] of pages.entries()) {
          const ms = await timed(page, spans[index] ?? [0, 0]);
          if (look >= looks.warmUp) measured[index]?.push(ms);
        }
      }
      return measured.map(median);
    }));
    const [largeMs = NaN, smallMs = NaN] = times;
    yield { name: 'page.1m', value: rounded(largeMs / smallMs, 3), unit: 'ratio', goal: atMost(1.2) };
    yield { name: 'page.1m.ms', value: rounded(largeMs, 3), unit: 'ms', goal: null };
  },
};
