// Train tasks that stand in an evaluation set, as they are shown and as they can be kept away from training. Knows nothing of the editor.
import { counted, leftWords, likenessWords, thresholdWords, thousands } from '../../client/words.ts';
import type { ContaminationReport } from '../../contract/contamination.ts';
import type { WithdrawnList } from '../../contract/withdrawn.ts';
import { oneLine } from '../words.ts';

/** A train task with what it was found to be, best first. */
export interface ContaminatedTask {
  readonly task: string;
  /** Its data set. */
  readonly set: string;
  readonly matches: readonly ContaminationReport['pairs'][number][];
}

/** Matches that a message names. */
const named = 3;

/** The train tasks of a report, in the order of import, without those that are kept away from training by now. */
export function contaminatedTasks({ pairs }: Pick<ContaminationReport, 'pairs'>, withdrawn: ReadonlySet<string>): readonly ContaminatedTask[] {
  const byTask = Map.groupBy(pairs.filter(({ train }) => !withdrawn.has(train)), ({ train }) => train);
  return [...byTask].flatMap(([task, matches]) => matches.slice(0, 1).map(({ trainSet }) => ({ task, set: trainSet, matches })));
}

/** Which of these tasks are kept away from training. */
export const withdrawnAmong = (tasks: ReadonlySet<string>, { moved, leftOut }: WithdrawnList): ReadonlySet<string> =>
  new Set([...moved, ...leftOut].flatMap(({ task }) => (tasks.has(task) ? [task] : [])));

/** What is said of one task, at its own document. */
export function taskWords({ matches }: Pick<ContaminatedTask, 'matches'>, thresholds: ContaminationReport['thresholds']): string {
  const shown = matches.slice(0, named).map(match => `${oneLine(match.evaluation)} of ${oneLine(match.evaluationSet)} (${likenessWords(match)})`);
  const more = matches.length > named ? ` and ${thousands(matches.length - named)} more` : '';
  return `In held-out data too: ${shown.join(', ')}${more}. Counted as ${thresholdWords(thresholds)}.`;
}

/** Tasks of two data sets, one of which trains and stands in part in the other. */
export interface SetPair {
  readonly train: string;
  readonly evaluation: string;
  /** Train tasks, in the order of import. */
  readonly tasks: readonly string[];
}

/** The two data sets of a task's best match, with every train task that they have in common. */
export function pairOf({ set, matches: [best] }: ContaminatedTask, all: readonly ContaminatedTask[]): SetPair | undefined {
  if (!best) return undefined;
  const { evaluationSet } = best;
  const tasks = all.filter(each => each.set === set && each.matches.some(match => match.evaluationSet === evaluationSet)).map(({ task }) => task);
  return { train: set, evaluation: evaluationSet, tasks };
}

/** What is said of all of them, in a few sentences. */
export function summaryWords(project: string, all: readonly ContaminatedTask[], { thresholds, left }: Pick<ContaminationReport, 'thresholds' | 'left'>): string {
  const sets = new Map<string, number>();
  for (const { matches } of all) for (const set of new Set(matches.map(({ evaluationSet }) => evaluationSet))) sets.set(set, (sets.get(set) ?? 0) + 1);
  const parts = [...sets].sort(([, one], [, other]) => other - one).map(([set, tasks]) => `${thousands(tasks)} in ${oneLine(set)}`);
  return `${counted(all.length, 'train task')} of ${project} ${all.length === 1 ? 'stands' : 'stand'} in held-out data: ${parts.join(', ')}. Counted as ${thresholdWords(thresholds)}.${leftWords(left)}`;
}
