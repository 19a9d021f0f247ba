import type { Domain } from '../model/evaluation.ts';
import type { TaskId } from '../model/ids.ts';
import type { Verdict } from '../model/verdict.ts';
import { commonRows, type Evaluated } from './evaluated.ts';

/** A task that one of two models has correct and the other has not, with what was read of both answers. */
export interface Change {
  readonly set: string;
  readonly domain: Domain;
  readonly task: TaskId;
  readonly base: Verdict;
  readonly tuned: Verdict;
}

/** Tasks that changed sides, in the order of the sets and of their rows. */
export interface Changes {
  readonly nowCorrect: readonly Change[];
  readonly nowWrong: readonly Change[];
}

/**
 * The tasks behind the gains and losses of `compare`, exactly those.
 *
 * @param tuned one of the models; nothing changed for another name, for the base itself, and where there is no base
 */
export function changesOf({ models, base, sets }: Evaluated, tuned: string): Changes {
  const [baseAt, tunedAt] = [base === null ? -1 : models.indexOf(base), models.indexOf(tuned)];
  const changes = sets.flatMap(({ name, domain, rows }) => commonRows(rows).common.flatMap(({ task, verdicts }): Change[] => {
    const [before, after] = [verdicts[baseAt], verdicts[tunedAt]];
    return before && after && isCorrect(before) !== isCorrect(after) ? [{ set: name, domain, task, base: before, tuned: after }] : [];
  }));
  return { nowCorrect: changes.filter(change => isCorrect(change.tuned)), nowWrong: changes.filter(change => isCorrect(change.base)) };
}

const isCorrect = ({ kind }: Verdict): boolean => kind === 'correct';
