import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '../src/adapters/hash.ts';
import { methods } from '../src/contract/engine.ts';
import { branchId, fingerprint, taskId, type AttemptId, type RunId, type TaskId } from '../src/core/model/ids.ts';
import type { WantedCall } from '../src/core/model/answer.ts';
import type { BranchOutcome, TaskOutcome } from '../src/core/model/outcome.ts';
import type { Recipe } from '../src/core/recipes/recipe.ts';
import type { Settlement, Store } from '../src/ports/store.ts';
import { withEngine, type BenchEngine } from './engine.ts';
import { questionAt } from './questions.ts';
import { atMost, median, rounded, type Bench, type Benchmark } from './record.ts';
import { shippedRecipe } from './released.ts';
import { withStore } from './stored.ts';

const branches = 25;
/** Tasks whose paths are stored in one transaction. */
const tasksAtOnce = 40;
const pageRows = 100;
/** Pages that are looked at in each project; the first few only warm it up. */
const looks = { counted: 400, warmUp: 40 } as const;

const idAt = (index: number): TaskId => taskId(`bench/${index}`);
const printAt = (task: number, branch: number) => fingerprint(sha256(`${task} ${branch}`));
/** A path of some 700 characters that no other equals. */
const pathAt = (task: number, branch: number): string =>
  `${Array.from({ length: 6 }, (_, step) => `${step + 1}. In step ${step + 1} of path ${branch} for shipment ${task} the boxes are counted and the lamps in each of them, and both are written down.`).join('\n')}\n\nThe answer is $\\boxed{${questionAt(task).gold}}$.`;

function callAt(recipe: Recipe, task: number, branch: number): WantedCall {
  const guideline = recipe.rounds[1].guidelines[branch];
  const plan = recipe.rounds[1].chain.at(-1);
  if (!guideline || !plan) throw new Error('the recipe has too few guidelines, or no stage');
  const answer = { taskId: idAt(task), stage: 'path', round: 1, branch: branchId(`guideline:${guideline.id}`), sample: 0, fingerprint: printAt(task, branch), seed: branch } as const;
  return { stage: 'path', messages: [{ role: 'user', content: `${questionAt(task).question}\n\nSolve this task step by step.` }], sampling: plan.sampling, answers: [answer] };
}

function settlementOf(attemptId: AttemptId, [answer]: WantedCall['answers'], raw: string): Settlement {
  if (!answer) throw new Error('a call wants at least one answer');
  return { attemptId, state: 'answered', endedAtMs: 1, usage: { inputTokens: 100, outputTokens: 150 }, answers: [{ ...answer, raw, finish: 'stop', outputTokens: 150 }] };
}

function outcomeAt(runId: RunId, recipe: Recipe, task: number): TaskOutcome {
  const outcomes = recipe.rounds[1].guidelines.map(({ id }, order): BranchOutcome => ({
    id: branchId(`guideline:${id}`), round: 1, guidelines: [id], answers: { path: printAt(task, order) }, failed: [], order, hinted: false,
    verdicts: [{ checker: 'typed', kind: 'correct', extracted: questionAt(task).gold, reason: 'equal' }],
    ...(order < recipe.perTask ? {} : { loss: { step: 'cap' as const, reason: 'cap' } }),
  }));
  return { taskId: idAt(task), runId, state: 'solved', branches: outcomes, notNeeded: 0 };
}

/** Puts paths into an empty project as a run would have, through the store. */
function fill(store: Store, tasks: number): void {
  const recipe = shippedRecipe('regenesis');
  store.recordRecipe(recipe);
  const draft = { baseUrl: 'http://127.0.0.1:1/v1', model: 'none', identity: 'none', simulated: true, tasks, startedAtMs: 0 };
  const runId = store.startRun({ ...draft, recipeId: recipe.id, recipeName: recipe.name, mode: 'all', filter: 'typed' });
  for (let first = 0; first < tasks; first += tasksAtOnce) {
    const some = Array.from({ length: Math.min(tasksAtOnce, tasks - first) }, (_, index) => first + index);
    store.addTasks(some.map(task => ({ id: idAt(task), question: questionAt(task).question, gold: questionAt(task).gold, answerKind: 'number', split: 'train', origin: { dataset: 'bench' } })));
    const places = some.flatMap(task => Array.from({ length: branches }, (_, branch) => ({ task, branch })));
    const calls = places.map(({ task, branch }) => callAt(recipe, task, branch));
    const ids = store.commit({ sent: calls.map(call => ({ runId, call, retry: 0, sentAtMs: 0 })) });
    const settled = places.map(({ task, branch }, index) => settlementOf(ids[index] ?? failed(), calls[index]?.answers ?? [], pathAt(task, branch)));
    store.commit({ settled, outcomes: some.map(task => outcomeAt(runId, recipe, task)) });
  }
  store.endRun(runId, 'completed', 1);
}

const failed = (): never => { throw new Error('the store gave too few ids'); };

/** A project with so many paths; made once and kept, as long as the form of project files stays the same. */
function projectWith({ cacheFolder, say }: Bench, paths: number): string {
  const [made, tasks] = [path.join(cacheFolder, 'making.regenesis'), Math.ceil(paths / branches)];
  const version = withFreshStore(made, store => store.schemaVersion);
  const file = path.join(cacheFolder, `paths-${paths}-v${version}.regenesis`);
  if (existsSync(file)) return file;
  say(`page: making a project with ${paths} paths; it is kept in ${cacheFolder}`);
  withFreshStore(made, store => fill(store, tasks), file);
  return file;
}

function withFreshStore<Result>(made: string, work: (store: Store) => Result, keptAs?: string): Result {
  const remove = () => { for (const ending of ['', '-wal', '-shm']) rmSync(`${made}${ending}`, { force: true }); };
  remove();
  const result = withStore(made, { create: true }, work);
  if (keptAs !== undefined) renameSync(made, keptAs);
  remove();
  return result;
}

type Page = (after: number | undefined) => Promise<{ readonly rows: readonly { readonly sequence: number }[] }>;

async function pagesOf({ client }: BenchEngine, project: string): Promise<Page> {
  await client.call(methods.openProject, { path: project });
  return after => client.call(methods.pathPage, { limit: pageRows, ...(after === undefined ? {} : { after }) });
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
