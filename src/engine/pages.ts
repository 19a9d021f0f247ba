import type { methods, ParamsOf, ResultOf } from '../contract/engine.ts';
import { taskId } from '../core/model/ids.ts';
import { withoutAbsent } from '../core/model/outside.ts';
import type { Clock } from '../ports/clock.ts';
import type { PathFilter, Store, TaskFilter, TaskRow } from '../ports/store.ts';
import { inSlices } from './slices.ts';

type PageOf<Name extends keyof typeof methods> = ResultOf<(typeof methods)[Name]>;
type Asked<Name extends keyof typeof methods> = ParamsOf<(typeof methods)[Name]>;

/** Questions searched for a text between two looks at the clock: some milliseconds. */
const tasksPerStep = 4_000;
/** Events read between two looks at the clock. */
const eventsPerStep = 500;

/** A page of tasks and how many there are in all. A text is looked for in every question, some thousand at a time. */
export async function taskPage(store: Store, { filter, after, limit }: Asked<'taskPage'>, clock: Clock): Promise<{ readonly rows: readonly TaskRow[]; readonly total: number }> {
  const rows: TaskRow[] = [];
  let total = 0;
  await countInParts(store, withoutAbsent(filter), { clock, count: part => {
    const found = store.countTasks(part);
    total += found;
    if (found > 0 && rows.length < limit) rows.push(...store.taskPage(part, after, limit - rows.length));
  } });
  return { rows, total };
}

/** Hands the tasks of a filter over: in one go, or some thousand at a time where a text is looked for in their questions. */
export async function countInParts(store: Store, filter: TaskFilter, { clock, count }: { readonly clock: Clock; readonly count: (part: TaskFilter) => void }): Promise<void> {
  if (filter.text === undefined) {
    count(filter);
    return;
  }
  const pause = inSlices(clock);
  const last = store.countTasks();
  for (let from = 0; from < last; from += tasksPerStep) {
    count({ ...filter, ordinals: { after: from, upTo: Math.min(last, from + tasksPerStep) } });
    await pause();
  }
}

/** A page of paths, or of the branches of a filter, and how many there are in all. */
export function pathPage(store: Store, { filter = {}, after, limit }: Asked<'pathPage'>): PageOf<'pathPage'> {
  const { task: wantedTask, ...rest } = withoutAbsent(filter);
  const wanted: PathFilter | undefined = Object.keys(filter).length === 0 ? undefined : { ...rest, ...(wantedTask === undefined ? {} : { taskId: taskId(wantedTask) }) };
  const rows = store.pathPage(after, limit, wanted).map(({ taskId: task, finding, ...row }) => ({ ...row, task, ...finding }));
  return { rows, total: store.countPaths(wanted) };
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
