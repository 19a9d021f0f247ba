import { differingPairs, type IterationTask } from '../../core/stats/iterations.ts';
import type { Answer } from '../../core/model/answer.ts';
import type { TaskId } from '../../core/model/ids.ts';
import { isGraded, isKept, isTypedCorrect, type BranchOutcome, type TaskOutcome } from '../../core/model/outcome.ts';
import { problemError } from '../../core/model/problem.ts';
import { isTrainTask, type TrainTask } from '../../core/model/task.ts';
import { seededOrder } from '../../core/plan/order.ts';
import type { RunContext } from '../../core/plan/context.ts';
import { voteKey } from '../../core/verify/equal.ts';
import type { RunRecord, Store } from '../../ports/store.ts';
import type { EngineDependencies } from '../dependencies.ts';
import { planning } from '../planning.ts';
import { resolveTasks } from '../resolveRun.ts';
import { choicesOf } from '../runChoices.ts';
import { inSlices } from '../slices.ts';

/** More settled tasks than these are sampled, since grading a task anew takes some 30 ms: a share is told to 4.4 points, and twice as many would tell it to 3.1. */
export const mostCounted = 500;

/** What the tasks of an iteration are read with. */
export interface ReadingIteration {
  readonly dependencies: Pick<EngineDependencies, 'hash' | 'clock'>;
  readonly store: Store;
  /** Its runs, newest first. */
  readonly runs: readonly [RunRecord, ...RunRecord[]];
  /** In which the newest worked. */
  readonly context: RunContext;
  readonly signal: AbortSignal;
  /** How many tasks are counted at most; absent: `mostCounted`. */
  readonly most?: number;
}

/** The settled tasks of an iteration, or a sample that its recipe's seed decides, in slices. Throws `cancelled` once the signal is. */
export async function iterationTasks(reading: ReadingIteration): Promise<{ readonly tasks: readonly IterationTask[]; readonly sampled: boolean }> {
  const { dependencies: { hash, clock }, store, runs, context, signal, most = mostCounted } = reading;
  const pause = inSlices(clock);
  const mayHave = runTasks(reading);
  const order = mayHave.length > most ? seededOrder(mayHave, `iterations:${context.recipe.seed}`, hash) : mayHave;
  const ours = new Set(runs.filter(run => run.recipeId === context.recipe.id).map(({ id }) => id));
  const tasks: IterationTask[] = [];
  for (const [looked, id] of order.entries()) {
    if (tasks.length >= most) return { tasks, sampled: looked < order.length };
    const task = store.task(id);
    const outcome = task && outcomeOf(id, { store, context, isOurs: run => ours.has(run) });
    if (outcome && isTrainTask(task)) tasks.push(taskOf(task, outcome, store.answers(id)));
    await pause();
    if (signal.aborted) throw problemError('cancelled', 'Nobody waits for the figures any more.');
  }
  return { tasks, sampled: false };
}

/** Train tasks that the runs may have been on: a filter is not asked again, since what it takes changes with every run. */
function runTasks({ dependencies: { hash }, store, runs, context: { recipe: { seed } } }: ReadingIteration): readonly TaskId[] {
  const all = store.taskIds({ split: 'train' });
  const taken = new Set<TaskId>();
  for (const run of runs) {
    const { where: _filter, ...choices } = choicesOf(run) ?? {};
    if (choices.tasks === undefined && choices.limit === undefined && choices.sample === undefined) return all;
    for (const id of resolveTasks(store, choices, { seed, hash })) taken.add(id);
  }
  return all.filter(id => taken.has(id));
}

interface FindingOutcome {
  readonly store: Store;
  readonly context: RunContext;
  /** The run is one of the iteration, of the same recipe. */
  readonly isOurs: (run: TaskOutcome['runId']) => boolean;
}

/** What a task came to: as it is stored, or from its answers where a later run has put another outcome there. Absent where it is not settled. */
function outcomeOf(id: TaskId, { store, context, isOurs }: FindingOutcome): TaskOutcome | undefined {
  const stored = store.outcome(id);
  if (stored && isOurs(stored.runId)) return stored;
  const plan = planning(store, context)(id);
  plan?.receive(store.answers(id), store.lost(id));
  return plan && plan.settled && plan.usedAnswers().size > 0 ? plan.outcome() : undefined;
}

function taskOf({ gold, answerKind, options }: TrainTask, outcome: TaskOutcome, answers: readonly Answer[]): IterationTask {
  const { branches } = outcome;
  const texts = new Map(answers.map(({ fingerprint, raw }) => [fingerprint, raw]));
  const lengthOf = ({ answers: { path } }: BranchOutcome): number => (path === undefined ? 0 : texts.get(path)?.trim().length ?? 0);
  const unhinted = branches.filter(({ hinted }) => !hinted);
  const kept = branches.filter(isKept);
  const read = unhinted.flatMap(({ verdicts }) => verdicts.flatMap(({ checker, kind, extracted }) =>
    (checker === 'typed' && kind !== 'unreadable' && extracted !== null ? [{ isWrong: kind === 'incorrect', answer: voteKey(extracted, answerKind, options) ?? extracted }] : [])));
  return {
    solved: isGraded(outcome, gold !== undefined) ? unhinted.some(isTypedCorrect) : null,
    kept: kept.length, hinted: kept.filter(({ hinted }) => hinted).length, keptCharacters: kept.reduce((sum, branch) => sum + lengthOf(branch), 0),
    readable: read.length, distinct: new Set(read.map(({ answer }) => answer)).size, wrongDiffer: differingPairs(read.filter(({ isWrong }) => isWrong).map(({ answer }) => answer)),
  };
}
