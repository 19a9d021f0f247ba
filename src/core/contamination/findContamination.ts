import type { ContaminationKind, ContaminationThresholds } from '../model/contamination.ts';
import { PairsOfTexts } from './pairsOfTexts.ts';
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

/** A text of the side that is not in the index. */
interface KnownText {
  /** Of the tasks that have it, so far. */
  readonly numbers: number[];
  /** How many tasks of the index are like it. */
  readonly alike: number;
}

/**
 * Finds train tasks that stand in an evaluation set. Time goes by the number of tasks of both sides together and of the pairs that are kept, not by the product of the sides,
 * even where all tasks are one text; memory by the smaller side and by what is found. Every exact pair is found. Where the smaller side has many tasks of one template, near pairs
 * that share nothing but phrases of more than 500 of its texts are passed over, and of one task those that a hundred texts share more with.
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
  const [pairs, knownTexts, otherIds] = [new PairsOfTexts(mostPairs, train.length), new Map<string, KnownText>(), new Map<number, string>()];
  let number = 0;
  for (const task of other) {
    const prepared = prepareTask(task);
    let known = knownTexts.get(prepared.text);
    if (known) {
      known.numbers.push(number);
    } else {
      const alike = yield* index.alike(prepared);
      known = { numbers: [number], alike: alike.reduce((sum, { members }) => sum + members.length, 0) };
      if (alike.length > 0) knownTexts.set(prepared.text, known);
      for (const { members, ...likeness } of alike) pairs.add({ ...(indexed === evaluation ? { train: known.numbers, evaluation: members } : { train: members, evaluation: known.numbers }), ...likeness });
    }
    if (known.alike > 0) otherIds.set(number, task.id);
    pairs.count(known.alike);
    number += 1;
    yield;
  }
  const [trainId, evaluationId] = indexed === evaluation ? [(at: number) => otherIds.get(at), (at: number) => ids[at]] : [(at: number) => ids[at], (at: number) => otherIds.get(at)];
  const ordered = yield* pairs.ordered((one, two, { how, share }): ContaminationPair => ({ train: trainId(one) ?? '', evaluation: evaluationId(two) ?? '', how, share }));
  return { thresholds, ...ordered };
}
