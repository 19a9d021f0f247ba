import type { Likeness } from './taskIndex.ts';

/** Numbers of the tasks that have one text, ascending, one at least. More may be added until the pairs are put in order. */
type Copies = readonly number[];

/** Two texts that are alike, with the tasks that have them. */
export interface AlikeTexts extends Likeness {
  readonly train: Copies;
  readonly evaluation: Copies;
}

/** An evaluation task that a train task stands for. */
interface Match {
  readonly evaluation: number;
  readonly of: AlikeTexts;
}

/** Pairs of tasks that are made between two looks at the clock. */
const pairsPerStep = 1_000;

/**
 * Pairs of tasks, held by their texts: a thousand copies of one text on either side are a million pairs, and one entry. Memory goes by the entries, and from where on there
 * are more pairs than are kept by those.
 */
export class PairsOfTexts {
  readonly #byTrain = new Map<Copies, AlikeTexts[]>();
  /** Of each evaluation text the best entry; of equal ones that of the first train task. */
  readonly #bestOf = new Map<Copies, AlikeTexts>();
  readonly #most: number;
  readonly #mostOfTask: number;
  #count = 0;

  /** @param most from where on each of the train tasks keeps only its share of so many pairs, one at least */
  constructor(most: number, trainTasks: number) {
    this.#most = most;
    this.#mostOfTask = Math.max(1, Math.floor(most / Math.max(1, trainTasks)));
  }

  /** Every two texts once; `Copies` are known by identity. */
  add(texts: AlikeTexts): void {
    const known = this.#byTrain.get(texts.train) ?? [];
    if (known.push(texts) === 1) this.#byTrain.set(texts.train, known);
    const best = this.#bestOf.get(texts.evaluation);
    if (!best || (bestFirst(texts, best) || first(texts.train) - first(best.train)) < 0) this.#bestOf.set(texts.evaluation, texts);
    // half of a list falls away, or it is the best of many evaluation texts, and is cut again when it has doubled
    if (this.#count > this.#most && known.length > this.#mostOfTask && Number.isInteger(Math.log2(known.length / this.#mostOfTask))) this.#cut(texts.train, known);
  }

  /** So many pairs more are among what was, or is about to be, added. */
  count(pairs: number): void {
    this.#count += pairs;
  }

  /**
   * In the order of the train tasks; of one of them the best match first, then in the order of the evaluation tasks. Where there are too many, each train task keeps its share,
   * and each evaluation task its best one. `left`: how many more there are.
   *
   * @param pairOf makes one of the numbers of a train and an evaluation task
   */
  *ordered<Pair>(pairOf: (train: number, evaluation: number, likeness: Likeness) => Pair): Generator<void, { readonly pairs: readonly Pair[]; readonly left: number }> {
    const lines: { readonly train: number; readonly matches: readonly Match[] }[] = [];
    for (const [train, known] of this.#byTrain) {
      const { matches, ofFirst } = this.#matches(train, known);
      for (const [place, number] of train.entries()) lines.push({ train: number, matches: place === 0 ? ofFirst : matches });
      yield;
    }
    const pairs: Pair[] = [];
    for (const { train, matches } of lines.sort((one, other) => one.train - other.train)) {
      for (const { evaluation, of } of matches) if (pairs.push(pairOf(train, evaluation, of)) % pairsPerStep === 0) yield;
    }
    return { pairs, left: this.#count - pairs.length };
  }

  /** What each of the train tasks of a text keeps; the first of them also that of which it is the best. */
  #matches(train: Copies, known: AlikeTexts[]): { readonly matches: readonly Match[]; readonly ofFirst: readonly Match[] } {
    if (this.#count <= this.#most) {
      const matches = matchesOf(known).sort(bestMatchFirst);
      return { matches, ofFirst: matches };
    }
    const most = this.#mostOfTask;
    const kept = this.#cut(train, known);
    const matches = matchesOf(kept, most).sort(bestMatchFirst).slice(0, most);
    const named = new Set(matches.map(({ evaluation }) => evaluation));
    const own = matchesOf(kept.filter(texts => this.#isBest(texts))).filter(({ evaluation }) => !named.has(evaluation));
    return { matches, ofFirst: own.length === 0 ? matches : [...matches, ...own].sort(bestMatchFirst) };
  }

  /** Before whatever falls away stand as many texts as are kept, each with a task at least that comes first. */
  #cut(train: Copies, known: AlikeTexts[]): readonly AlikeTexts[] {
    const kept = known.sort((one, other) => bestFirst(one, other) || first(one.evaluation) - first(other.evaluation)).filter((texts, place) => place < this.#mostOfTask || this.#isBest(texts));
    this.#byTrain.set(train, kept);
    return kept;
  }

  #isBest(texts: AlikeTexts): boolean {
    return this.#bestOf.get(texts.evaluation) === texts;
  }
}

const first = ([number = 0]: Copies): number => number;

/** All tasks of the texts, or the first so many of each. */
const matchesOf = (known: readonly AlikeTexts[], most?: number): Match[] => known.flatMap(of => of.evaluation.slice(0, most).map(evaluation => ({ evaluation, of })));

const bestMatchFirst = (one: Match, other: Match): number => bestFirst(one.of, other.of) || one.evaluation - other.evaluation;

function bestFirst(one: Likeness, other: Likeness): number {
  if (one.how === 'exact' || other.how === 'exact') return Number(other.how === 'exact') - Number(one.how === 'exact');
  return other.share - one.share;
}
