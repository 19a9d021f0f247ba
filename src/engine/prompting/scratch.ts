import type { Attempt } from '../../core/model/answer.ts';
import type { RunId, TaskId } from '../../core/model/ids.ts';
import type { Recipe } from '../../core/recipes/recipe.ts';
import { grouped } from '../../core/exchange/grouped.ts';
import type { RunDraft, Store } from '../../ports/store.ts';
import type { EngineDependencies } from '../dependencies.ts';

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

/**
 * Copies tasks and answers into a project in a temporary place. What a person wrote stays behind: what is compared is what a model makes of a prompt. Whoever made it discards it.
 */
export function scratchOf({ files, openStore, clock }: Pick<EngineDependencies, 'files' | 'openStore' | 'clock'>, from: Store, { tasks, run, recipe }: { readonly tasks: readonly TaskId[]; readonly run: ScratchRun; readonly recipe: Recipe }): Scratch {
  const { project, remove } = files.scratch();
  let store: Store | undefined;
  const discard = (): void => {
    store?.close();
    remove();
  };
  try {
    const made = store = openStore(project, true);
    const begin = ({ id, name, files: texts }: Recipe): RunId => {
      made.recordRecipe({ id, name, files: texts });
      return made.startRun({ ...run, recipeId: id, recipeName: name, mode: 'all', filter: 'typed', tasks: tasks.length, startedAtMs: clock.nowMs() });
    };
    made.addTasks(tasks.flatMap(id => from.task(id) ?? []));
    const copies = begin(recipe);
    for (const id of tasks) copyAnswers(from, made, { id, copies });
    return { store: made, begin, discard };
  } catch (thrown) {
    discard();
    throw thrown;
  }
}

function copyAnswers(from: Store, into: Store, { id, copies }: { readonly id: TaskId; readonly copies: RunId }): void {
  const byAttempt = grouped(from.answers(id).filter(({ edited }) => !edited), ({ attemptId }) => attemptId);
  const attempts = from.attempts(id).filter((attempt): attempt is Attempt & { readonly endedAtMs: number } => byAttempt.has(attempt.id) && attempt.endedAtMs !== undefined);
  const ids = into.commit({ sent: attempts.map(({ call, retry, sentAtMs }) => ({ runId: copies, call, retry, sentAtMs })) });
  into.commit({
    settled: attempts.flatMap(({ id: former, endedAtMs, usage }, index) => {
      const attemptId = ids[index];
      const answers = (byAttempt.get(former) ?? []).map(({ attemptId: _former, ...answer }) => answer);
      return attemptId === undefined ? [] : [{ attemptId, state: 'answered' as const, endedAtMs, answers, ...(usage ? { usage } : {}) }];
    }),
  });
}
