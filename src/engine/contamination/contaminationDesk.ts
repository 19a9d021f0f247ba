import type { ContaminationChoices, ContaminationReport } from '../../contract/contamination.ts';
import { usualThresholds } from '../../core/model/contamination.ts';
import { taskId } from '../../core/model/ids.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { problemError } from '../../core/model/problem.ts';
import { excerptOf } from '../../core/model/task.ts';
import type { Store } from '../../ports/store.ts';
import type { Asking } from '../asking.ts';
import type { EngineDependencies } from '../dependencies.ts';
import { inSlices } from '../slices.ts';
import { questionOf, searchStore, type Sought, type StoredContamination, type StoredPair } from './searchStore.ts';

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

/** What the pages of one search say alike. */
interface Counted extends Pick<ContaminationReport, 'tasks' | 'sets'> {
  readonly of: StoredContamination;
  /** The data sets that were asked for, as a key. */
  readonly which: string;
  readonly pairs: readonly StoredPair[];
}

const usualLimit = 100;
/** Pairs that are counted between two looks at the clock. */
const pairsPerStep = 1_000;

/**
 * Finds train tasks that stand in held-out data sets. What was found last is kept until there are other tasks, so that a page more costs nothing; whoever asks for the same
 * while it is searched waits for the same search, which ends once nobody does any more.
 */
export class ContaminationDesk {
  readonly handlers: { readonly contaminationFind: (params: ContaminationChoices, asking?: Asking) => Promise<ContaminationReport> };
  readonly #options: ContaminationDeskOptions;
  readonly #running = new Set<Search>();
  /** Of the train tasks as they are, and of tasks that somebody named: neither takes the other's place. */
  readonly #latest = new Map<'now' | 'named', Search>();
  /** A million pairs are counted for the first page, and not for each of a thousand. */
  #counted: Counted | undefined;

  constructor(options: ContaminationDeskOptions) {
    this.#options = options;
    this.handlers = { contaminationFind: async (choices, asking) => this.#report(choices, asking?.signal) };
  }

  /**
   * All pairs.
   *
   * @param train in place of the train tasks, whatever they are by now
   * @param signal aborts when whoever asks does not wait any more; absent: never
   */
  async find({ sets, thresholds, train }: Pick<ContaminationChoices, 'sets' | 'thresholds'> & Pick<Sought, 'train'>, signal?: AbortSignal): Promise<StoredContamination> {
    const found = await this.#find(withoutAbsent({ sets, thresholds, train }), signal);
    return sets ? { ...found, pairs: found.pairs.filter(({ evaluationSet }) => sets.includes(evaluationSet)) } : found;
  }

  /** Stops whatever goes on, forgets what was found, and resolves when nothing reads the project any more. */
  async close(): Promise<void> {
    this.#latest.clear();
    this.#counted = undefined;
    for (const { stop } of this.#running) stop.abort();
    await Promise.allSettled([...this.#running].map(({ found }) => found)); // whoever asked is told
  }

  async #report({ after = 0, limit = usualLimit, ...which }: ContaminationChoices, signal?: AbortSignal): Promise<ContaminationReport> {
    const found = await this.#find(which, signal);
    const { pairs, tasks, sets } = await this.#count(found, which.sets);
    const store = this.#options.store();
    const excerpt = (id: string) => excerptOf(questionOf(store, taskId(id)));
    return {
      thresholds: found.thresholds, total: pairs.length, left: found.left, tasks, sets,
      pairs: pairs.slice(after, after + limit).map(pair => ({ ...pair, trainExcerpt: excerpt(pair.train), evaluationExcerpt: excerpt(pair.evaluation) })),
    };
  }

  /** Of all data sets, once those that are asked for are known to be there. */
  async #find({ sets, thresholds, train }: Pick<ContaminationChoices, 'sets' | 'thresholds'> & Pick<Sought, 'train'>, signal?: AbortSignal): Promise<StoredContamination> {
    const store = this.#options.store();
    refuseUnknown(store, sets);
    return this.#search(store, { thresholds: { ...usualThresholds, ...withoutAbsent(thresholds ?? {}) }, ...withoutAbsent({ train }) }, signal);
  }

  async #count(of: StoredContamination, sets: readonly string[] | undefined): Promise<Counted> {
    const which = JSON.stringify(sets ?? null);
    if (this.#counted?.of === of && this.#counted.which === which) return this.#counted;
    const pause = inSlices(this.#options.dependencies.clock);
    const [wanted, pairs, tasks, counts] = [sets && new Set(sets), [] as StoredPair[], new Set<string>(), new Map<string, SetCount>()];
    for (const [place, pair] of of.pairs.entries()) {
      if (place % pairsPerStep === 0) await pause();
      if (wanted?.has(pair.evaluationSet) === false) continue;
      pairs.push(pair);
      tasks.add(pair.train);
      countPair(counts, pair);
    }
    const sorted = [...counts].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
    this.#counted = { of, which, pairs, tasks: tasks.size, sets: sorted };
    return this.#counted;
  }

  async #search(store: Store, sought: Sought, signal?: AbortSignal): Promise<StoredContamination> {
    const key = JSON.stringify([sought, store.datasets(), store.withdrawn.moved().map(({ taskId: id }) => id)]); // as many tasks may be moved back as others are moved
    const latest = this.#latest.get(slotOf(sought));
    const search = latest && latest.store === store && latest.key === key && !latest.stop.signal.aborted ? latest : this.#begin({ store, key, sought }, latest);
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
  #begin({ store, key, sought }: { readonly store: Store; readonly key: string; readonly sought: Sought }, before: Search | undefined): Search {
    const stop = new AbortController();
    const ended = before?.found.then(() => undefined, () => undefined) ?? Promise.resolve();
    const found = ended.then(() => searchStore(store, sought, { clock: this.#options.dependencies.clock, signal: stop.signal }));
    const search: Search = { store, key, found, stop, waiting: 0 };
    this.#running.add(search);
    const slot = slotOf(sought);
    this.#latest.set(slot, search);
    found.catch(() => { if (this.#latest.get(slot) === search) this.#latest.delete(slot); }).finally(() => this.#running.delete(search)); // what failed is looked for again
    return search;
  }
}

const slotOf = ({ train }: Sought): 'now' | 'named' => (train ? 'named' : 'now');

/** A data set that nobody has would be one in which nothing is found. */
function refuseUnknown(store: Store, wanted: readonly string[] = []): void {
  const known = store.datasets().filter(({ split }) => split === 'held-out').map(({ name }) => name);
  const unknown = [...new Set(wanted)].filter(name => !known.includes(name));
  if (unknown.length === 0) return;
  const there = known.length === 0 ? 'The project has none: import one, or move tasks to the held-out ones.' : `There are: ${known.join(', ')}.`;
  throw problemError('usage', `There is no held-out data set ${unknown.join(', ')}. ${there}`, { choices: known });
}

type SetCount = ContaminationReport['sets'][number];

/** Pairs are counted for each two data sets, by their names. */
function countPair(sets: Map<string, SetCount>, { trainSet, evaluationSet, how }: StoredPair): void {
  const key = JSON.stringify([trainSet, evaluationSet]);
  const row = sets.get(key) ?? { train: trainSet, evaluation: evaluationSet, exact: 0, near: 0 };
  row[how === 'exact' ? 'exact' : 'near'] += 1;
  sets.set(key, row);
}
