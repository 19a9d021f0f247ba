import type { ContaminationKind, ContaminationThresholds } from '../model/contamination.ts';
import { prepareTask, type Question } from './preparedTask.ts';
import { TaskIndex } from './taskIndex.ts';

/** A train task that stands in an evaluation set, by the ids of both. */
export interface ContaminationPair {
  readonly train: string;
  readonly evaluation: string;
  readonly how: ContaminationKind;
  /** See `Likeness`. */
  readonly share: number;
}

/** What was found, and what it was looked for with. */
export interface Contamination {
  readonly thresholds: ContaminationThresholds;
  /** In the order of the train tasks; of one of them the best match first: what is exact, then by share, then in the order of the evaluation tasks. Every pair once. */
  readonly pairs: readonly ContaminationPair[];
  /** How many more there are than are kept. Every train task that is in any pair keeps its best ones, and every evaluation task its best one. */
  readonly left: number;
}

/** Tasks that are read once, in order. */
export interface Questions extends Iterable<Question> {
  readonly length: number;
}

/** Where everything is near to everything, as of tasks of one template without numbers, nobody reads all the pairs, and no memory holds them. */
const usualPairs = 1_000_000;
/** Train tasks whose matches are ordered between two looks at the clock. */
const tasksPerStep = 1_000;

/**
 * Finds train tasks that stand in an evaluation set. Time goes by the number of tasks of both sides together, not by their product, memory by the smaller side. Every exact pair is
 * found. Where the smaller side has many tasks of one template, near pairs that share nothing but phrases of more than 500 of its texts are passed over, and of one task those
 * that a hundred texts share more with.
 *
 * @param mostPairs from where on each train task keeps only its share of so many pairs, the best of it, one at least
 * @returns a generator whose steps take some milliseconds at most, so that the caller can do something else between two; where a text has megabytes, longer
 */
export function* findContamination(sides: { readonly train: Questions; readonly evaluation: Questions }, thresholds: ContaminationThresholds, mostPairs = usualPairs): Generator<void, Contamination> {
  const { train, evaluation } = sides;
  const [indexed, other] = evaluation.length <= train.length ? [evaluation, train] : [train, evaluation];
  const [index, ids] = [new TaskIndex(thresholds), [] as string[]];
  for (const task of indexed) {
    index.add(prepareTask(task));
    ids.push(task.id);
    yield;
  }
  yield* index.build();
  const pairs = new PairsByTask(mostPairs, train.length);
  let number = 0;
  for (const task of other) {
    for (const { member, how, share } of yield* index.alike(prepareTask(task))) {
      const id = ids[member] ?? '';
      if (indexed === evaluation) pairs.add(number, { train: task.id, evaluation: id, how, share });
      else pairs.add(member, { train: id, evaluation: task.id, how, share });
    }
    number += 1;
    yield;
  }
  return { thresholds, pairs: yield* pairs.ordered(), left: pairs.left };
}

/** Pairs by the number of their train task. */
class PairsByTask {
  readonly #byTask = new Map<number, ContaminationPair[]>();
  readonly #bestOf = new Map<string, ContaminationPair>();
  readonly #most: number;
  readonly #mostOfTask: number;
  #kept = 0;
  #full = false;
  left = 0;

  constructor(most: number, tasks: number) {
    this.#most = most;
    this.#mostOfTask = Math.max(1, Math.floor(most / Math.max(1, tasks)));
  }

  add(task: number, pair: ContaminationPair): void {
    const known = this.#byTask.get(task) ?? [];
    if (known.push(pair) === 1) this.#byTask.set(task, known);
    const best = this.#bestOf.get(pair.evaluation);
    if (!best || bestFirst(pair, best) < 0) this.#bestOf.set(pair.evaluation, pair);
    this.#kept += 1;
    this.#full ||= this.#kept > this.#most;
    // half of a list falls away, or it is the best of many evaluation tasks, and is cut again when it has doubled
    if (this.#full && known.length > this.#mostOfTask && Number.isInteger(Math.log2(known.length / this.#mostOfTask))) this.#cut(task, known);
  }

  *ordered(): Generator<void, ContaminationPair[]> {
    const all: ContaminationPair[] = [];
    for (const [place, task] of [...this.#byTask.keys()].sort((one, other) => one - other).entries()) {
      const known = this.#byTask.get(task) ?? [];
      for (const pair of this.#full ? this.#cut(task, known) : known.sort(bestFirst)) all.push(pair);
      if (place % tasksPerStep === 0) yield;
    }
    return all;
  }

  #cut(task: number, known: ContaminationPair[]): readonly ContaminationPair[] {
    const kept = known.sort(bestFirst).filter((pair, place) => place < this.#mostOfTask || this.#bestOf.get(pair.evaluation) === pair);
    this.#byTask.set(task, kept);
    this.left += known.length - kept.length;
    return kept;
  }
}

function bestFirst(one: ContaminationPair, other: ContaminationPair): number {
  if (one.how === 'exact' || other.how === 'exact') return Number(other.how === 'exact') - Number(one.how === 'exact');
  return other.share - one.share;
}
