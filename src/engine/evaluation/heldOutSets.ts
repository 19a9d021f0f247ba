import * as z from 'zod/mini';
import type { HeldOutSet } from '../../contract/evaluation.ts';
import { domains, type Domain, type EvaluationRule } from '../../core/model/evaluation.ts';
import type { Hash, TaskId } from '../../core/model/ids.ts';
import { problemError } from '../../core/model/problem.ts';
import type { Store } from '../../ports/store.ts';

const setting = 'domains';
const statedSchema = z.record(z.string(), z.enum(domains));

/** What people said of data sets. */
function statedDomains(store: Store): Readonly<Record<string, Domain>> {
  const parsed = z.safeParse(statedSchema, store.setting(setting));
  return parsed.success ? parsed.data : {};
}

/** What somebody said a data set is of; absent where nobody has, and where the project has no such set yet. */
export function statedDomain(store: Store, dataset: string): Domain | undefined {
  const stated = statedDomains(store);
  return Object.hasOwn(stated, dataset) ? stated[dataset] : undefined;
}

/** Says which domain a data set is of; null takes it back. Throws `task-not-found` where the project has no such data set. */
export function setDomain(store: Store, dataset: string, domain: Domain | null): void {
  const names = [...new Set(store.datasets().map(({ name }) => name))];
  if (!names.includes(dataset)) throw problemError('task-not-found', `There is no data set ${dataset} in ${store.path}.`, { choices: names });
  const { [dataset]: _former, ...others } = statedDomains(store);
  store.setSetting(setting, domain === null ? others : { ...others, [dataset]: domain });
}

/**
 * The held-out data sets of a project, by name. What nobody has spoken of is in domain where the project has train tasks of a data set of that name, as of a data set that
 * comes in two parts, or had them until they were moved to the held-out ones, and out of domain otherwise.
 */
export function heldOutSets(store: Store): readonly HeldOutSet[] {
  const all = store.datasets();
  const trained = new Set(all.filter(({ split, tasks }) => split === 'train' && tasks > 0).map(({ name }) => name));
  const moved = new Set(store.withdrawn.moved().map(({ taskId }) => taskId));
  const movedIn = (dataset: string): number => (moved.size === 0 ? 0 : store.taskIds({ split: 'held-out', dataset }).filter(id => moved.has(id)).length);
  return all.filter(({ split, tasks }) => split === 'held-out' && tasks > 0).map(({ name, tasks }) => {
    const said = statedDomain(store, name);
    const movedTasks = movedIn(name);
    const withoutGold = store.countTasks({ split: 'held-out', dataset: name, withoutGold: true });
    return { name, tasks, withoutGold, moved: movedTasks, domain: said ?? (trained.has(name) || movedTasks > 0 ? 'in' : 'out'), stated: said !== undefined };
  });
}

/** The tasks of a set that an evaluation asks, in import order: all that have a known answer, or the first so many of them in a seeded order. */
export function askedTasks(store: Store, dataset: string, { rule: { limit, seed }, hash }: { readonly rule: Pick<EvaluationRule, 'limit' | 'seed'>; readonly hash: Hash }): readonly TaskId[] {
  const unknown = new Set(store.taskIds({ split: 'held-out', dataset, withoutGold: true }));
  const known = store.taskIds({ split: 'held-out', dataset }).filter(id => !unknown.has(id));
  if (limit === undefined || limit >= known.length) return known;
  // by each task's own id, so that one task more or less changes no more than itself
  const places = known.map(id => ({ id, place: hash(`evaluate:${seed}:${id}`) }));
  const drawn = new Set(places.toSorted((one, other) => (one.place < other.place ? -1 : 1)).slice(0, limit).map(({ id }) => id));
  return known.filter(id => drawn.has(id));
}
