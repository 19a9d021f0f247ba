import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '../src/adapters/hash.ts';
import { branchId, fingerprint, taskId, type AttemptId, type RunId, type TaskId } from '../src/core/model/ids.ts';
import type { WantedCall } from '../src/core/model/answer.ts';
import type { BranchOutcome, TaskOutcome } from '../src/core/model/outcome.ts';
import type { Recipe } from '../src/core/recipes/recipe.ts';
import type { Settlement, Store } from '../src/ports/store.ts';
import { questionAt } from './questions.ts';
import type { Bench } from './record.ts';
import { shippedRecipe } from './released.ts';
import { withStore } from './stored.ts';

/** Paths of each task. */
const branches = 25;
/** Tasks whose paths are stored in one transaction. */
const tasksAtOnce = 40;

/** What a path says, and what became of it. */
export interface Fate extends Pick<BranchOutcome, 'verdicts' | 'loss'> {
  readonly text: string;
}

/** How a project is filled. */
interface Filling {
  /** Whether the paths have structures. */
  readonly structures: boolean;
  /** Absent: all are right, and as many kept as the recipe has room for. */
  readonly fateAt?: (task: number, branch: number) => Fate;
}

const idAt = (index: number): TaskId => taskId(`bench/${index}`);
const printAt = (task: number, branch: number, stage = 'path') => fingerprint(sha256(stage === 'path' ? `${task} ${branch}` : `${task} ${branch} ${stage}`));
/** A path of some 700 characters that no other equals. */
export const pathAt = (task: number, branch: number): string =>
  `${Array.from({ length: 6 }, (_, step) => `${step + 1}. In step ${step + 1} of path ${branch} for shipment ${task} the boxes are counted and the lamps in each of them, and both are written down.`).join('\n')}\n\nThe answer is $\\boxed{${questionAt(task).gold}}$.`;

/** A structure of six steps that the path follows, but for one. */
const structureAt = (task: number): string =>
  Array.from({ length: 6 }, (_, step) => (step === 3 ? '4. Say in words what shipment weighs more, and why.' : `${step + 1}. Count the boxes and the lamps in each of them for shipment ${task} in step ${step + 1}.`)).join('\n');

function callAt({ recipe, stage }: { readonly recipe: Recipe; readonly stage: 'structure' | 'path' }, task: number, branch: number): WantedCall {
  const guideline = recipe.rounds[1].guidelines[branch];
  const plan = recipe.rounds[1].chain.at(-1);
  if (!guideline || !plan) throw new Error('the recipe has too few guidelines, or no stage');
  const answer = { taskId: idAt(task), stage, round: 1, branch: branchId(`guideline:${guideline.id}`), sample: 0, fingerprint: printAt(task, branch, stage), seed: branch } as const;
  return { stage, messages: [{ role: 'user', content: `${questionAt(task).question}\n\nSolve this task step by step.` }], sampling: plan.sampling, answers: [answer] };
}

function settlementOf(attemptId: AttemptId, [answer]: WantedCall['answers'], raw: string): Settlement {
  if (!answer) throw new Error('a call wants at least one answer');
  return { attemptId, state: 'answered', endedAtMs: 1, usage: { inputTokens: 100, outputTokens: 150 }, answers: [{ ...answer, raw, finish: 'stop', outputTokens: 150 }] };
}

const rightAt = (recipe: Recipe) => (task: number, branch: number): Fate => ({
  text: pathAt(task, branch), verdicts: [{ checker: 'typed', kind: 'correct', extracted: questionAt(task).gold, reason: 'equal' }],
  ...(branch < recipe.perTask ? {} : { loss: { step: 'cap', reason: 'cap' } }),
});

function outcomeAt(runId: RunId, recipe: Recipe, { task, structures, fateAt = rightAt(recipe) }: Filling & { readonly task: number }): TaskOutcome {
  const outcomes = recipe.rounds[1].guidelines.map(({ id }, order): BranchOutcome => {
    const { verdicts, loss } = fateAt(task, order);
    return {
      id: branchId(`guideline:${id}`), round: 1, guidelines: [id], answers: { ...(structures ? { structure: printAt(task, order, 'structure') } : {}), path: printAt(task, order) },
      failed: loss && loss.step !== 'cap' ? [loss] : [], order, hinted: false, verdicts, ...(loss ? { loss } : {}),
    };
  });
  return { taskId: idAt(task), runId, state: outcomes.some(({ loss }) => loss === undefined) ? 'solved' : 'unsolved', branches: outcomes, notNeeded: 0 };
}

/** Puts the paths of so many tasks into an empty project as a run would have, through the store. */
export function fill(store: Store, tasks: number, filling: Filling): void {
  const recipe = shippedRecipe('regenesis');
  store.recordRecipe(recipe);
  const draft = { baseUrl: 'http://127.0.0.1:1/v1', model: 'none', identity: 'none', simulated: true, tasks, startedAtMs: 0 };
  const runId = store.startRun({ ...draft, recipeId: recipe.id, recipeName: recipe.name, mode: 'all', filter: 'typed' });
  for (let first = 0; first < tasks; first += tasksAtOnce) {
    const some = Array.from({ length: Math.min(tasksAtOnce, tasks - first) }, (_, index) => first + index);
    store.addTasks(some.map(task => ({ id: idAt(task), question: questionAt(task).question, gold: questionAt(task).gold, answerKind: 'number', split: 'train', origin: { dataset: 'bench' } })));
    const places = some.flatMap(task => Array.from({ length: branches }, (_, branch) => ({ task, branch })));
    for (const stage of filling.structures ? ['structure', 'path'] as const : ['path'] as const) {
      const calls = places.map(({ task, branch }) => callAt({ recipe, stage }, task, branch));
      const ids = store.commit({ sent: calls.map(call => ({ runId, call, retry: 0, sentAtMs: 0 })) });
      const textAt = (task: number, branch: number) => (stage === 'path' ? (filling.fateAt ?? rightAt(recipe))(task, branch).text : structureAt(task));
      store.commit({ settled: places.map(({ task, branch }, index) => settlementOf(ids[index] ?? failed(), calls[index]?.answers ?? [], textAt(task, branch))) });
    }
    store.commit({ outcomes: some.map(task => outcomeAt(runId, recipe, { ...filling, task })) });
  }
  store.endRun(runId, 'completed', 1);
}

const failed = (): never => { throw new Error('the store gave too few ids'); };

/** A project with so many paths; made once and kept, as long as the form of project files stays the same. */
export function projectWith({ cacheFolder, say }: Pick<Bench, 'cacheFolder' | 'say'>, paths: number, filling: Filling = { structures: false }): string {
  const [made, tasks] = [path.join(cacheFolder, 'making.regenesis'), Math.ceil(paths / branches)];
  const version = withFreshStore(made, store => store.schemaVersion);
  const file = path.join(cacheFolder, `paths-${paths}${filling.structures ? '-structures' : ''}-v${version}.regenesis`);
  if (existsSync(file)) return file;
  say(`making a project with ${paths} paths; it is kept in ${cacheFolder}`);
  withFreshStore(made, store => { fill(store, tasks, filling); }, file);
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
