import type { Answer, Attempt } from '../../core/model/answer.ts';
import type { RunId, TaskId } from '../../core/model/ids.ts';
import { problemError } from '../../core/model/problem.ts';
import type { Recipe } from '../../core/recipes/recipe.ts';
import { grouped } from '../../core/exchange/grouped.ts';
import type { RunDraft, Store } from '../../ports/store.ts';
import type { EngineDependencies } from '../dependencies.ts';
import { inSlices } from '../slices.ts';

/** A project that is thrown away, with some tasks of another and the model's own answers about them. */
export interface Scratch {
  readonly store: Store;
  /** Begins a run in it. */
  readonly begin: (recipe: Recipe) => RunId;
  /** Closes it and removes the file. */
  readonly discard: () => void;
}

/** What a run in a scratch project is said to be of. */
export type ScratchRun = Pick<RunDraft, 'baseUrl' | 'model' | 'identity' | 'simulated'>;

/** What a scratch project is made of. */
interface Copying {
  readonly tasks: readonly TaskId[];
  readonly run: ScratchRun;
  readonly recipe: Recipe;
  /** Aborts when nobody waits for it any more. */
  readonly signal: AbortSignal;
}

/**
 * Copies tasks and answers into a project in a temporary place. What a person wrote stays behind: what is compared is what a model makes of a prompt. Whoever made it
 * discards it. Throws `cancelled` once the signal is, and leaves nothing then.
 */
export async function scratchOf({ files, openStore, clock }: Pick<EngineDependencies, 'files' | 'openStore' | 'clock'>, from: Store, { tasks, run, recipe, signal }: Copying): Promise<Scratch> {
  const { project, remove } = files.scratch();
  let store: Store | undefined;
  const discard = (): void => {
    try {
      store?.close();
    } finally {
      remove();
    }
  };
  try {
    const made = store = openStore(project, true);
    const begin = ({ id, name, files: texts }: Recipe): RunId => {
      made.recordRecipe({ id, name, files: texts });
      return made.startRun({ ...run, recipeId: id, recipeName: name, mode: 'all', filter: 'typed', tasks: tasks.length, startedAtMs: clock.nowMs() });
    };
    made.addTasks(tasks.flatMap(id => from.task(id) ?? []));
    const [copies, answered, pause] = [begin(recipe), [] as Answered[], inSlices(clock)];
    for (const id of tasks) {
      answered.push(...answeredOf(from, id));
      await pause();
      if (signal.aborted) throw problemError('cancelled', 'The trial was called off before it began.');
    }
    keep(made, copies, answered);
    return { store: made, begin, discard };
  } catch (thrown) {
    discard();
    throw thrown;
  }
}

/** A call that was answered, and the model's own answers to it. */
interface Answered {
  readonly attempt: Attempt & { readonly endedAtMs: number };
  readonly answers: readonly Omit<Answer, 'attemptId'>[];
}

function answeredOf(from: Store, id: TaskId): readonly Answered[] {
  const byAttempt = grouped(from.answers(id).filter(({ edited }) => !edited), ({ attemptId }) => attemptId);
  return from.attempts(id).flatMap(attempt => {
    const { endedAtMs } = attempt;
    const answers = (byAttempt.get(attempt.id) ?? []).map(({ attemptId: _former, ...answer }) => answer);
    return answers.length === 0 || endedAtMs === undefined ? [] : [{ attempt: { ...attempt, endedAtMs }, answers }];
  });
}

function keep(into: Store, runId: RunId, answered: readonly Answered[]): void {
  const ids = into.commit({ sent: answered.map(({ attempt: { call, retry, sentAtMs } }) => ({ runId, call, retry, sentAtMs })) });
  into.commit({
    settled: answered.flatMap(({ attempt: { endedAtMs, usage }, answers }, index) => {
      const attemptId = ids[index];
      return attemptId === undefined ? [] : [{ attemptId, state: 'answered' as const, endedAtMs, answers, ...(usage ? { usage } : {}) }];
    }),
  });
}
