import type { methods, ParamsOf, ResultOf } from '../contract/engine.ts';
import { withoutAbsent } from '../core/model/outside.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store, TaskFilter, TaskRow } from '../ports/store.ts';
import { inSlices } from './slices.ts';

type PageOf<Name extends keyof typeof methods> = ResultOf<(typeof methods)[Name]>;
type Asked<Name extends keyof typeof methods> = ParamsOf<(typeof methods)[Name]>;

/** Questions searched for a text between two looks at the clock: some milliseconds. */
const tasksPerStep = 4_000;
/** Events read between two looks at the clock. */
const eventsPerStep = 500;

/** A page of tasks and how many there are in all. A text is looked for in every question, some thousand at a time. */
export async function taskPage(store: Store, { filter, after, limit }: Asked<'taskPage'>, clock: Clock): Promise<{ readonly rows: readonly TaskRow[]; readonly total: number }> {
  const { passRate: _rate, difficulty: _difficulty, guideline: _guideline, solvedOnlyBy: _only, ...known } = filter;
  const wanted: TaskFilter = withoutAbsent(known);
  if (wanted.text === undefined) return { rows: store.taskPage(wanted, after, limit), total: store.countTasks(wanted) };
  const pause = inSlices(clock);
  const [last, rows] = [store.countTasks(), [] as TaskRow[]];
  let total = 0;
  for (let from = 0; from < last; from += tasksPerStep) {
    const part = { ...wanted, ordinals: { after: from, upTo: Math.min(last, from + tasksPerStep) } };
    const found = store.countTasks(part);
    total += found;
    if (found > 0 && rows.length < limit) rows.push(...store.taskPage(part, after, limit - rows.length));
    await pause();
  }
  return { rows, total };
}

/** A page of paths and how many there are in all. */
export function pathPage(store: Store, { after, limit }: Asked<'pathPage'>): PageOf<'pathPage'> {
  const rows = store.pathPage(after, limit).map(({ taskId: task, finding, ...row }) => ({ ...row, task, ...finding }));
  return { rows, total: store.countPaths() };
}

/** A page of the journal. */
export async function journalPage(store: Store, { after, limit }: Asked<'journalPage'>, clock: Clock): Promise<PageOf<'journalPage'>> {
  const pause = inSlices(clock);
  const events: PageOf<'journalPage'>['events'] = [];
  while (events.length < limit) {
    const wanted = Math.min(eventsPerStep, limit - events.length);
    const step = store.journal(events.at(-1)?.sequence ?? after, wanted);
    events.push(...step.map(event => ({ ...event })));
    if (step.length < wanted) break;
    await pause();
  }
  return { events };
}
