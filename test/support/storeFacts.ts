import { sha256 } from '../../src/adapters/hash.ts';
import type { LostAnswer, WantedCall } from '../../src/core/model/answer.ts';
import { branchId, fingerprint, recipeId, runId, taskId, type AttemptId, type RunId } from '../../src/core/model/ids.ts';
import type { BranchOutcome, TaskOutcome } from '../../src/core/model/outcome.ts';
import type { Problem } from '../../src/core/model/problem.ts';
import type { CallStage, Round } from '../../src/core/model/stage.ts';
import type { HeldOutTask, Task } from '../../src/core/model/task.ts';
import type { AttemptDraft, RecipeRecord, RunDraft, Settlement, Store } from '../../src/ports/store.ts';
import { aTask } from './builders.ts';

/** A recipe of two files. */
export const theRecipe: RecipeRecord = { id: recipeId('a'.repeat(64)), name: 'regenesis', files: { 'regenesis.rgrecipe.yaml': 'seed: 1', 'path.rgprompt': 'Solve “it”.' } };

/** A run of that recipe, with only what a test names out of the ordinary. */
export const aRunDraft = (parts: Partial<RunDraft> = {}): RunDraft => ({
  recipeId: theRecipe.id, recipeName: theRecipe.name, mode: 'until-enough', filter: 'typed', baseUrl: 'http://127.0.0.1:1/v1', model: 'm', identity: 'm@1',
  simulated: true, tasks: 2, startedAtMs: 1_000, ...parts,
});

/** Which answers a call of these tests asks for. */
export interface CallParts {
  readonly stage?: CallStage;
  readonly round?: Round;
  readonly branch?: string;
  readonly first?: number;
  readonly count?: number;
}

/** A call for the answers of a place; the fingerprint says the place, so the same place is the same answer. */
export function aCall(task: string, { stage = 'path', round = 1, branch = 'guideline:plan', first = 0, count = 1 }: CallParts = {}): WantedCall {
  const answers = Array.from({ length: count }, (_, index) => ({
    taskId: taskId(task), stage, round, branch: branchId(branch), sample: first + index, seed: 7 + first + index,
    fingerprint: fingerprint(sha256(JSON.stringify([task, stage, round, branch, first + index]))),
  }));
  return { stage, messages: [{ role: 'user', content: `Solve ${task}` }], sampling: { temperature: 0.85, topP: 1, maxTokens: 64, stop: [] }, answers };
}

/** A call about to leave. */
export const aSending = (run: RunId, call: WantedCall, retry = 0): AttemptDraft => ({ runId: run, call, retry, sentAtMs: 2_000 });

/** The end of a call that brought these texts. */
export function anArrival(attempt: AttemptId, call: WantedCall, texts: readonly string[]): Settlement {
  const answers = call.answers.flatMap((wanted, index) => {
    const raw = texts[index];
    return raw === undefined ? [] : [{ ...wanted, raw, finish: 'stop' as const, outputTokens: raw.length }];
  });
  return { attemptId: attempt, state: 'answered', endedAtMs: 3_000, usage: { inputTokens: 10, outputTokens: 20 }, answers };
}

/** The end of a call that brought nothing. */
export const aFailure = (attempt: AttemptId, problem: Problem = timedOut): Settlement => ({ attemptId: attempt, state: 'failed', endedAtMs: 3_000, problem, answers: [] });

/** A problem of the network. */
export const timedOut: Problem = { code: 'timed-out', message: 'No answer within 60 s.', retryable: true };

/** The given-up answers of a call. */
export const theLost = (run: RunId, call: WantedCall): readonly LostAnswer[] =>
  call.answers.map(wanted => ({ fingerprint: wanted.fingerprint, taskId: wanted.taskId, runId: run, problem: timedOut }));

/** One settled branch: kept unless it is lost. */
export const aBranch = (parts: Partial<BranchOutcome> = {}): BranchOutcome => ({
  id: branchId('guideline:plan'), round: 1, guidelines: ['plan'], answers: { path: fingerprint('b'.repeat(64)) },
  verdicts: [{ checker: 'typed', kind: 'correct', extracted: '18', reason: 'equal' }], failed: [], order: 0, hinted: false, ...parts,
});

/** What became of a task. */
export const anOutcome = (task: string, parts: Partial<TaskOutcome> = {}): TaskOutcome => ({
  taskId: taskId(task), runId: runId(1), state: 'solved', branches: [aBranch()], notNeeded: 2, ...parts,
});

/** A task that no run may touch. */
export const heldOut = (id: string): HeldOutTask => ({ ...aTask({ id }), split: 'held-out', answerKind: 'text', gold: 'blue', origin: { dataset: 'other' } });

/** Two train tasks and one that is held out. */
export const threeTasks: readonly Task[] = [aTask({ id: 'set/1' }), aTask({ id: 'set/2', question: 'What colour is 100% of the sky_?' }), heldOut('other/1')];

/** Puts those tasks and a run into a project. */
export function begin(store: Store): RunId {
  store.addTasks(threeTasks);
  store.recordRecipe(theRecipe);
  return store.startRun(aRunDraft());
}

/** One call, sent and answered. */
export function ask(store: Store, run: RunId, texts: readonly string[] = ['six times three is \\boxed{18}']): AttemptId {
  const call = aCall('set/1', { count: texts.length });
  const [attempt] = store.commit({ sent: [aSending(run, call)] });
  if (attempt === undefined) throw new Error('a call that is sent has an attempt');
  store.commit({ settled: [anArrival(attempt, call, texts)] });
  return attempt;
}
