import type { methods, ParamsOf, ResultOf } from '../contract/engine.ts';
import { difficultyOf, difficultyWord, passRates, unknownDifficulty } from '../core/model/overview.ts';
import { withoutAbsent } from '../core/model/outside.ts';
import type { AnswerKind, TaskState } from '../core/model/task.ts';
import type { Clock } from '../ports/clock.ts';
import type { Grouping, Store, TaskFilter } from '../ports/store.ts';
import type { GuidelineTitles } from './overviewReport.ts';
import { countInParts } from './pages.ts';
import { inSlices } from './slices.ts';

type Groups = ResultOf<(typeof methods)['taskGroups']>['groups'];

type Titles = Readonly<Record<string, string>>;
const stateTitles: Titles = {
  'not-started': 'Not started', 'running': 'Running', 'solved': 'Solved', 'unsolved': 'Unsolved', 'all-unreadable': 'All unreadable', 'needs-review': 'Needs review', 'failed': 'Failed',
} satisfies Record<TaskState, string>;
const kindTitles: Titles = { number: 'Number', expression: 'Expression', choice: 'Choice', yesno: 'Yes or no', text: 'Text' } satisfies Record<AnswerKind, string>;
/** The hard ones first: those are looked for. */
const difficultyTitles: Titles = {
  ...Object.fromEntries(passRates.map(rate => [difficultyOf(undefined, rate), rate === '0' ? 'No path correct' : rate === '100' ? 'All paths correct' : `${rate.replace('-', '–')} % of paths correct`])),
  [unknownDifficulty]: 'Not known yet',
};
const titlesBy: { readonly [By in Grouping]: Titles } = { state: stateTitles, answerKind: kindTitles, dataset: {}, difficulty: difficultyTitles };

/** How many tasks of a filter stand in each group. A task that a run works on stands where its outcome, if there is one, left it. */
export async function taskGroups(store: Store, { by, filter }: ParamsOf<(typeof methods)['taskGroups']>, { clock, titles }: { readonly clock: Clock; readonly titles: GuidelineTitles }): Promise<Groups> {
  const wanted: TaskFilter = withoutAbsent(filter);
  if (by === 'guideline') return guidelineGroups(store, wanted, { clock, titles });
  const counts = new Map<string, number>();
  const add = (part: TaskFilter) => { for (const [key, tasks] of store.groupTasks(by, part)) counts.set(key, (counts.get(key) ?? 0) + tasks); };
  await countInParts(store, wanted, { clock, count: add });
  return ordered(by, counts);
}

/** From the counters where all tasks are wanted; else each guideline's tasks are looked at, one guideline after the other. A filter for one guideline leaves its group alone. */
async function guidelineGroups(store: Store, filter: TaskFilter, { clock, titles }: { readonly clock: Clock; readonly titles: GuidelineTitles }): Promise<Groups> {
  const pause = inSlices(clock);
  const isAll = Object.keys(filter).every(name => name === 'split') && filter.split !== 'held-out'; // only train tasks keep paths
  const groups: Groups = [];
  for (const [counter, all] of store.counters()) {
    const [kind, key] = counter.split('/');
    if (kind !== 'kept-tasks' || key === undefined || (filter.guideline !== undefined && filter.guideline !== key)) continue;
    const tasks = isAll ? all : store.countTasks({ ...filter, guideline: key });
    if (tasks > 0) groups.push({ key, title: titles.get(key) ?? key, tasks });
    await pause();
  }
  return groups.sort((left, right) => right.tasks - left.tasks || (left.key < right.key ? -1 : 1));
}

/** States, kinds and pass rates in the order of their titles; data sets and their own difficulties before those, by name. */
function ordered(by: Grouping, counts: ReadonlyMap<string, number>): Groups {
  const titles = titlesBy[by];
  const known = Object.keys(titles);
  const names = [...counts.keys()].filter(key => !known.includes(key)).sort((left, right) => left.localeCompare(right, 'en', { numeric: true }));
  return [...names, ...known].flatMap(key => {
    const tasks = counts.get(key) ?? 0;
    return tasks > 0 ? [{ key, title: titles[key] ?? (by === 'difficulty' ? namedDifficulty(difficultyWord(key) ?? key) : key), tasks }] : [];
  });
}

/** A bare number would say nothing of what it is. */
const namedDifficulty = (word: string): string => (/^[\d.]+$/.test(word) ? `Difficulty ${word}` : word);
