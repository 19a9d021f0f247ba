import type { Evaluated, EvaluatedRow } from '../../core/evaluation/evaluated.ts';
import { judgeAnswer } from '../../core/evaluation/judgeAnswer.ts';
import { TaskEvaluation, type EvaluationContext } from '../../core/evaluation/taskEvaluation.ts';
import { voteOf } from '../../core/evaluation/voteOf.ts';
import type { EvaluationRecord } from '../../core/model/evaluation.ts';
import type { TaskId } from '../../core/model/ids.ts';
import { problemError } from '../../core/model/problem.ts';
import { isTrainTask, type HeldOutTask } from '../../core/model/task.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import type { Store } from '../../ports/store.ts';
import type { EngineDependencies } from '../dependencies.ts';
import { inSlices } from '../slices.ts';
import { loadEvaluationPrompt } from './evaluationPrompt.ts';
import { heldOutSets } from './heldOutSets.ts';

/** What is read of an evaluation and its project. */
export interface Reading {
  readonly dependencies: Pick<EngineDependencies, 'hash' | 'clock'>;
  readonly store: Store;
  readonly record: EvaluationRecord;
}

/** How each model of an evaluation is asked, in their order. Throws `prompt-invalid` where its prompt cannot be read by this version. */
export function contextsOf({ dependencies: { hash }, store, record: { id, rule, models } }: Reading): readonly EvaluationContext[] {
  const texts = store.recipe(rule.promptId)?.files;
  if (!texts) throw problemError('prompt-invalid', `The prompt of evaluation ${id} is not in the project. Evaluate the models anew.`);
  const { prompt } = loadEvaluationPrompt(new Map(Object.entries(texts)), hash);
  return models.map(({ identity }) => ({ prompt, rule, identity, hash }));
}

/** A held-out task as all models of an evaluation answered it. */
export interface JudgedTask {
  readonly task: HeldOutTask;
  /** In the order of the models. */
  readonly models: readonly JudgedAnswers[];
}

/** The answers of one model to a task, and what they come to: null where some are still to be asked, or none came. */
interface JudgedAnswers {
  readonly answers: readonly { readonly raw: string; readonly finish: string; readonly verdict: Verdict }[];
  readonly verdict: Verdict | null;
}

/** Reads what the models answered to a task and grades it; undefined where there is no such held-out task. */
export function judgedTask({ store, record: { rule } }: Pick<Reading, 'store' | 'record'>, contexts: readonly EvaluationContext[], id: TaskId): JudgedTask | undefined {
  const task = store.task(id);
  if (!task || isTrainTask(task)) return undefined;
  const [answers, lost] = [store.answers(id), store.lost(id)];
  const models = contexts.map(context => {
    const work = new TaskEvaluation(task, context);
    work.receive(answers, lost);
    const judged = work.answers.map(({ raw, finish }) => ({ raw, finish, verdict: judgeAnswer(task, { raw, finish }, rule.extraction) }));
    return { answers: judged, verdict: work.settled ? voteOf(judged.map(({ verdict }) => verdict), task) : null };
  });
  return { task, models };
}

/** Grades everything that was answered, in slices; data sets that are in domain come first. A task that is not held out any more is passed over. Throws `cancelled` once the signal is aborted. */
export async function evaluatedOf(reading: Reading, signal: AbortSignal): Promise<Evaluated> {
  const { dependencies: { clock }, store, record } = reading;
  const contexts = contextsOf(reading);
  const domains = new Map(heldOutSets(store).map(({ name, domain }) => [name, domain]));
  const pause = inSlices(clock);
  const sets: Evaluated['sets'][number][] = [];
  const tasks = store.evaluations.tasks(record.id);
  const named = record.sets.map(({ name }, index) => ({ name, domain: domains.get(name) ?? 'out', ids: tasks[index] ?? [] }));
  for (const { name, domain, ids } of named.toSorted((one, other) => Number(one.domain === 'out') - Number(other.domain === 'out'))) {
    const rows: EvaluatedRow[] = [];
    for (const id of ids) {
      const judged = judgedTask(reading, contexts, id);
      if (judged) rows.push({ task: id, verdicts: judged.models.map(({ verdict }) => verdict) });
      await pause();
      if (signal.aborted) throw problemError('cancelled', 'Nobody waits for the figures any more.');
    }
    sets.push({ name, domain, rows });
  }
  return { models: record.models.map(({ label }) => label), base: record.base ?? null, sets };
}
