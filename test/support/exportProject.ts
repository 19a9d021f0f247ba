import { sha256 } from '../../src/adapters/hash.ts';
import type { ExportRuleDraft } from '../../src/contract/exportRule.ts';
import type { Answer } from '../../src/core/model/answer.ts';
import type { ExportFormat } from '../../src/core/model/exportRule.ts';
import type { Review } from '../../src/core/model/review.ts';
import type { Recipe } from '../../src/core/recipes/recipe.ts';
import type { TrainTask } from '../../src/core/model/task.ts';
import type { RunMode } from '../../src/core/model/run.ts';
import { exportDataset, type Exporting, type ExportOptions } from '../../src/engine/export/exportDataset.ts';
import { previewExport } from '../../src/engine/export/previewExport.ts';
import { aContext, aRecipe, aRound, aTask } from './builders.ts';
import { drive, type Says } from './drive.ts';
import { SwiftClock } from './fakeModel.ts';
import { memoryFiles } from './memoryFiles.ts';
import { MemoryStore } from './memoryStore.ts';

/** What the branches of a task come to, in the order of their names: right, wrong (w, and p with words before its steps), unreadable, cut and wrong, refused, leaking (with the hint), the same right or wrong text each time. */
export type Fates = string;

/** A path of such a fate. Its task says with its id what is right. */
function pathOf(fate: string, { branch, gold }: { readonly branch: string; readonly gold: string }): string {
  const work = `1. By ${branch}: $\\frac{36}{2} = 18$ {in braces}.\n2. So`;
  switch (fate) {
    case 'r': return `${work} \\boxed{${gold}}`;
    case 'w': return `${work} \\boxed{not ${gold}}`.replace(/not \d+/, '17').replace('not A', 'B').replace('not Yes', 'No');
    case 'u': return `${work} it is that.`;
    case 'c': return `${work} [cut] \\boxed{16}`;
    case 'f': return 'I cannot help with that.';
    case 'l': return `Since we know the answer is ${gold}, we count. \\boxed{16}`;
    case 'p': return `Let me think.\n\n${work} \\boxed{17}`;
    case 'S': return `1. Always the same.\n2. So \\boxed{${gold}}`;
    default: return '1. Always the same.\n2. So \\boxed{15}';
  }
}

/** A task of such a project. */
export interface FatedTask {
  readonly id: string;
  /** Of the six branches of round 1. */
  readonly fates: Fates;
  /** Of the three with a hint, which follow where no path of round 1 is right and one is wrong. */
  readonly hinted?: Fates;
  readonly parts?: Partial<Omit<TrainTask, 'id'>>;
  /** Its known answer is not there, and the majority decides. */
  readonly isUnknown?: true;
}

/** Options of such a project. `reviews` are made from the fingerprints of its paths. */
export interface ExportProjectOptions {
  readonly mode?: RunMode;
  readonly perTask?: number;
  /** Parts of the recipe that are out of the ordinary. */
  readonly recipe?: Partial<Recipe>;
  readonly reviews?: (paths: readonly Answer[]) => readonly Review[];
  readonly store?: MemoryStore;
}

/** A project whose tasks have run to their end, each with the fates that it was given. */
export function exportProject(fated: readonly FatedTask[], { mode = 'all', perTask = 2, recipe: parts = {}, reviews = () => [], store = new MemoryStore() }: ExportProjectOptions = {}) {
  const tasks = fated.map(({ id, parts, isUnknown }) => {
    const { gold, ...task } = aTask({ id, ...parts });
    return { ...task, ...(gold === undefined || isUnknown ? {} : { gold }) };
  });
  store.addTasks(tasks);
  const recipe = aRecipe({ perTask, rounds: { 1: aRound(), 2: aRound({ count: 3, hintStages: ['path'] }) }, ...parts });
  store.recordRecipe({ id: recipe.id, name: 'test', files: {} });
  const runId = store.startRun({ recipeId: recipe.id, recipeName: 'test', mode, filter: 'typed', baseUrl: '', model: 'm', identity: 'model', simulated: true, tasks: tasks.length, startedAtMs: 123456789 });
  const context = aContext({ recipe, runId, mode });
  const says: Says = call => {
    const { branch = '', round = 1, taskId = '' } = call.answers[0] ?? {};
    if (call.stage === 'adapt') return `Adapted for ${branch}.`;
    if (call.stage === 'structure') return `1. Plan of ${branch}\n2. Multiply`;
    const task = fated.find(({ id }) => id === taskId);
    const fates = (round === 1 ? task?.fates : task?.hinted) ?? '';
    return pathOf(fates[branch.charCodeAt(branch.length - 1) - 97] ?? 'w', { branch: `${branch}${round}`, gold: task?.parts?.gold ?? '18' });
  };
  for (const task of tasks) {
    const first = drive({ ...context, task }, says);
    const ids = store.commit({ sent: first.calls.map(call => ({ runId, call, retry: 0, sentAtMs: 123456789 })) });
    const cut = (answer: Answer): Answer => (answer.raw.includes('[cut]') ? { ...answer, finish: 'length' } : answer);
    const byPrint = new Map<string, Answer>(first.answers.map(answer => [answer.fingerprint, { ...cut(answer), outputTokens: answer.raw.length >> 2 }]));
    store.commit({ settled: first.calls.flatMap((call, index) => {
      const attemptId = ids[index];
      return attemptId === undefined ? [] : [{ attemptId, state: 'answered' as const, endedAtMs: 123456790, answers: call.answers.flatMap(answer => byPrint.get(answer.fingerprint) ?? []) }];
    }) });
    const own = reviews(first.answers.filter(({ stage }) => stage === 'path'));
    const { plan } = own.length === 0 ? first : drive({ ...context, task }, says, { known: first.answers, reviews: own });
    store.commit({ reviews: own, outcomes: [plan.outcome()], run: { id: runId, calls: first.calls.length, cached: 0, failed: {} } });
  }
  const kept = new Map<string, string>();
  const files = memoryFiles(kept);
  const dependencies = { files, app: '1', hash: sha256, clock: new SwiftClock() };
  const looking = { context: () => Promise.resolve(context) };
  const text = (name: string) => files.kept.get(name) ?? '';
  const lines = (name: string) => text(name).split('\n').filter(line => line !== '').map(line => JSON.parse(line) as Record<string, unknown>);
  /** Exports to `/out/train.jsonl`; gives what was said and what was written. */
  const exported = async (format: ExportFormat, rule: ExportRuleDraft = {}, more: Partial<ExportOptions> = {}, given: Exporting = dependencies) => {
    const report = await exportDataset(given, store, { format, out: '/out/train.jsonl', rule, ...looking, ...more });
    return {
      report, data: text(report.path), lines: format === 'parquet' ? [] : lines(report.path), records: lines(report.recordsFile), manifest: JSON.parse(text(report.manifest)) as Record<string, unknown>,
      apart: report.split === undefined || format === 'parquet' ? [] : lines(report.split.path), card: text('/out/README.md'), manifestText: text(report.manifest),
    };
  };
  const previewed = async (format: ExportFormat, rule: ExportRuleDraft = {}, given: Exporting = dependencies) => previewExport(given, store, { format, rule, ...looking });
  /** Takes every file away. */
  const clear = () => { kept.clear(); };
  return { clear, store, context, files, dependencies, looking, exported, previewed };
}
