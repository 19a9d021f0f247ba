// By what the tree groups tasks, which of them it shows, and how both are said. Knows nothing of the editor.
import { groupings, taskFilterSchema } from '../../contract/overview.ts';
import type { MethodParams } from '../../contract/engine.ts';
import { codeWords } from '../../client/words.ts';
import { difficultyWord } from '../../core/model/overview.ts';
import { answerKinds, taskStates, type TaskState } from '../../core/model/task.ts';
import { oneLine, shortened } from '../words.ts';

/** By what tasks are grouped. */
export type Grouping = (typeof groupings)[number];
/** Which tasks are shown; nothing in it is all of them. */
export type ShownFilter = MethodParams<'taskPage'>['filter'];

/** Groups by state: those of train tasks, and held-out tasks by themselves. */
export type StateGroup = TaskState | 'held-out';
/** The groups by state in the order in which they stand: what waits for a person first. */
export const stateGroups: readonly StateGroup[] = ['needs-review', 'solved', 'unsolved', 'all-unreadable', 'running', 'not-started', 'failed', 'held-out'];

/** What is said of each way to group: in the list to choose from, and as a rule that needs a word more. */
export const groupingWords: Readonly<Record<Grouping, { readonly word: string; readonly detail: string }>> = {
  state: { word: 'State', detail: 'What waits for a person first, then solved, unsolved and so on' },
  dataset: { word: 'Data set', detail: 'Where tasks were imported from' },
  answerKind: { word: 'Answer kind', detail: 'Number, expression, choice, yes or no, text' },
  difficulty: { word: 'Difficulty', detail: 'How many of its branches were correct without a hint' },
  guideline: { word: 'Guideline', detail: 'Tasks that keep a path of it; one that keeps paths of several stands in each' },
};

/** A grouping from what was remembered; by state where it is none. */
export const readGrouping = (value: unknown): Grouping => groupings.find(each => each === value) ?? 'state';

/** A filter from whatever a command was handed or a window remembers; absent where it is none. Empty texts are no condition. */
export function readFilter(value: unknown): ShownFilter | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const known = Object.fromEntries(Object.entries(value).filter(([name, each]) => name in taskFilterSchema.shape && each !== undefined && each !== null && each !== ''));
  const parsed = taskFilterSchema.safeParse(known);
  return parsed.success ? parsed.data : undefined;
}

/** Whether a filter leaves everything as it is. */
export const isEmpty = (filter: ShownFilter): boolean => Object.values(filter).every(value => value === undefined);

const percent = (rate: string): string => `${rate.replace('-', '–')} %`;
/** A key of the groups by difficulty: the data set's own word, or the share of paths that were correct. */
const difficultyWords = (key: string): string => oneLine(difficultyWord(key) ?? (key.startsWith('pass/') ? percent(key.slice('pass/'.length)) : key));

/** A filter in words: `“caesar” · unsolved · data set gsm8k`. */
export function filterWords(filter: ShownFilter): string {
  const { text, state, split, dataset, answerKind, difficulty, guideline, passRate, solvedOnlyBy } = filter;
  const parts: readonly (string | false)[] = [
    text !== undefined && `“${shortened(text, 40)}”`,
    state !== undefined && codeWords(state),
    split !== undefined && (split === 'train' ? 'train tasks' : 'held out'),
    dataset !== undefined && `data set ${oneLine(dataset)}`,
    answerKind !== undefined && `answer kind ${answerKind}`,
    difficulty !== undefined && `difficulty ${difficultyWords(difficulty)}`,
    passRate !== undefined && `pass rate ${percent(passRate)}`,
    guideline !== undefined && `keeps paths of ${oneLine(guideline)}`,
    solvedOnlyBy !== undefined && `solved only by ${oneLine(solvedOnlyBy)}`,
  ];
  return parts.filter(part => part !== false).join(' · ');
}

/**
 * What the engine is asked for a group.
 *
 * It knows a task that it works on as one that has not been started and says in its row that it runs: the group of running tasks is made of that list.
 */
export function filterOf(by: Grouping, key: string, shown: ShownFilter): ShownFilter {
  switch (by) {
    case 'state': {
      if (key === 'held-out') return { ...shown, split: 'held-out' };
      const state = taskStates.find(each => each === (key === 'running' ? 'not-started' : key));
      return { ...shown, split: 'train', ...(state === undefined ? {} : { state }) };
    }
    case 'answerKind': {
      const answerKind = answerKinds.find(each => each === key);
      return { ...shown, ...(answerKind === undefined ? {} : { answerKind }) };
    }
    case 'dataset': return { ...shown, dataset: key };
    case 'difficulty': return { ...shown, difficulty: key };
    case 'guideline': return { ...shown, guideline: key };
  }
}
