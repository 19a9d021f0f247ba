import type { ContaminationChoices, ContaminationReport } from '../../contract/contamination.ts';
import { usualThresholds, type ContaminationThresholds } from '../../core/model/contamination.ts';
import { taskId } from '../../core/model/ids.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { problemError } from '../../core/model/problem.ts';
import { excerptOf } from '../../core/model/task.ts';
import type { Store } from '../../ports/store.ts';
import type { Asking } from '../asking.ts';
import type { EngineDependencies } from '../dependencies.ts';
import { questionOf, searchStore, type StoredContamination, type StoredPair } from './searchStore.ts';

/** What train tasks are looked for with. */
export interface ContaminationDeskOptions {
  readonly dependencies: Pick<EngineDependencies, 'clock'>;
  /** The open project. Throws where there is none. */
  readonly store: () => Store;
}

/** Of one store, with the tasks that it had then. */
interface Search {
  readonly store: Store;
  readonly key: string;
  readonly found: Promise<StoredContamination>;
  readonly stop: AbortController;
  /** How many wait for it. */
  waiting: number;
}

const usualLimit = 100;

/**
 * Finds train tasks that stand in held-out data sets. What was found last is kept until there are other tasks, so that a page more costs nothing; whoever asks for the same
 * while it is searched waits for the same search, which ends once nobody does any more.
 */
export class ContaminationDesk {
  readonly handlers: { readonly contaminationFind: (params: ContaminationChoices, asking?: Asking) => Promise<ContaminationReport> };
  readonly #options: ContaminationDeskOptions;
  readonly #running = new Set<Search>();
  #latest: Search | undefined;

  constructor(options: ContaminationDeskOptions) {
    this.#options = options;
    this.handlers = { contaminationFind: async (choices, asking) => this.#report(choices, asking?.signal) };
  }

  /** All pairs. @param signal aborts when whoever asks does not wait any more; absent: never */
  async find({ sets, thresholds }: Pick<ContaminationChoices, 'sets' | 'thresholds'>, signal?: AbortSignal): Promise<StoredContamination> {
    const store = this.#options.store();
    const wanted = sets && new Set(sets);
    refuseUnknown(store, wanted);
    const found = await this.#search(store, { ...usualThresholds, ...withoutAbsent(thresholds ?? {}) }, signal);
    return wanted ? { ...found, pairs: found.pairs.filter(({ evaluationSet }) => wanted.has(evaluationSet)) } : found;
  }

  /** Stops whatever goes on, forgets what was found, and resolves when nothing reads the project any more. */
  async close(): Promise<void> {
    this.#latest = undefined;
    for (const { stop } of this.#running) stop.abort();
    await Promise.allSettled([...this.#running].map(({ found }) => found)); // whoever asked is told
  }

  async #report({ after = 0, limit = usualLimit, ...which }: ContaminationChoices, signal?: AbortSignal): Promise<ContaminationReport> {
    const { thresholds, pairs, left } = await this.find(which, signal);
    const store = this.#options.store();
    const excerpt = (id: string) => excerptOf(questionOf(store, taskId(id)));
    return {
      thresholds, total: pairs.length, left, tasks: new Set(pairs.map(({ train }) => train)).size, sets: setsOf(pairs),
      pairs: pairs.slice(after, after + limit).map(pair => ({ ...pair, trainExcerpt: excerpt(pair.train), evaluationExcerpt: excerpt(pair.evaluation) })),
    };
  }

  async #search(store: Store, thresholds: ContaminationThresholds, signal?: AbortSignal): Promise<StoredContamination> {
    const key = JSON.stringify([thresholds, store.datasets(), store.withdrawn.moved().map(({ taskId: id }) => id)]); // as many tasks may be moved back as others are moved
    const latest = this.#latest;
    const search = latest && latest.store === store && latest.key === key && !latest.stop.signal.aborted ? latest : this.#begin({ store, key, thresholds }, latest);
    const leave = () => {
      search.waiting -= 1;
      if (search.waiting === 0) search.stop.abort();
    };
    search.waiting += 1;
    if (signal?.aborted === true) leave();
    signal?.addEventListener('abort', leave, { once: true });
    try {
      return await search.found;
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }

  /** One after the other: two at once would take twice the memory. */
  #begin({ store, key, thresholds }: { readonly store: Store; readonly key: string; readonly thresholds: ContaminationThresholds }, before: Search | undefined): Search {
    const stop = new AbortController();
    const ended = before?.found.then(() => undefined, () => undefined) ?? Promise.resolve();
    const found = ended.then(() => searchStore(store, thresholds, { clock: this.#options.dependencies.clock, signal: stop.signal }));
    const search: Search = { store, key, found, stop, waiting: 0 };
    this.#running.add(search);
    this.#latest = search;
    found.catch(() => { if (this.#latest === search) this.#latest = undefined; }).finally(() => this.#running.delete(search)); // what failed is looked for again
    return search;
  }
}

/** A data set that nobody has would be one in which nothing is found. */
function refuseUnknown(store: Store, wanted: ReadonlySet<string> | undefined): void {
  const known = store.datasets().filter(({ split }) => split === 'held-out').map(({ name }) => name);
  const unknown = [...wanted ?? []].filter(name => !known.includes(name));
  if (unknown.length === 0) return;
  const there = known.length === 0 ? 'The project has none: import one, or move tasks to the held-out ones.' : `There are: ${known.join(', ')}.`;
  throw problemError('usage', `There is no held-out data set ${unknown.join(', ')}. ${there}`, { choices: known });
}

/** How many pairs there are of each two data sets, by their names. */
function setsOf(pairs: readonly StoredPair[]): ContaminationReport['sets'] {
  const sets = new Map<string, ContaminationReport['sets'][number]>();
  for (const { trainSet, evaluationSet, how } of pairs) {
    const key = JSON.stringify([trainSet, evaluationSet]);
    const row = sets.get(key) ?? { train: trainSet, evaluation: evaluationSet, exact: 0, near: 0 };
    row[how === 'exact' ? 'exact' : 'near'] += 1;
    sets.set(key, row);
  }
  return [...sets].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
}
