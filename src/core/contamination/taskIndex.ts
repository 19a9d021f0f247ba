import type { ContaminationKind, ContaminationThresholds } from '../model/contamination.ts';
import { editDistance, leastEdits, mostEdits } from './editDistance.ts';
import { mixed, RunHashes, runPower } from './hashes.ts';
import { Postings } from './postings.ts';
import { commonMembers, isWithin, longestEdited, piecesOf, type PreparedTask } from './preparedTask.ts';

/** How alike two tasks are. `share`: 1 where exact; else of runs or of characters, see `ContaminationThresholds`. */
export interface Likeness {
  readonly how: ContaminationKind;
  readonly share: number;
}

/** The tasks of the index that have one text which is the same, or nearly: by their numbers in the order in which they were added. */
export interface Alike extends Likeness {
  readonly members: readonly number[];
}

/** What stands in more texts of an index than this is a phrase of a template, or of nothing, and names none of them. It counts where two tasks are compared. */
const mostNamed = 500;
/** So many texts are compared with a task, those that share most with it. Only where tasks are made by one template, and without numbers, are there more. */
const mostCompared = 100;

/** Characters of texts that are compared between two looks at the clock: a millisecond or two. */
const charactersPerStep = 4_000;

/** How alike two tasks of the same figures are; `undefined` where they are neither the same nor near. The order of the two makes no difference. */
function likenessOf(one: PreparedTask, other: PreparedTask, thresholds: ContaminationThresholds): Likeness | undefined {
  if (one.text === other.text) return one.text === '' ? undefined : { how: 'exact', share: 1 };
  return editLikeness(one, other, thresholds) ?? ngramLikeness(one, other, thresholds);
}

function editLikeness(one: PreparedTask, other: PreparedTask, { edit, sameNumbers }: ContaminationThresholds): Likeness | undefined {
  const longer = Math.max(one.text.length, other.text.length);
  if (longer > longestEdited || (sameNumbers && one.figures.length !== other.figures.length)) return undefined;
  const most = mostEdits(longer, edit);
  if (leastEdits(one.letters, other.letters) > most) return undefined;
  const edits = editDistance(one.text, other.text, most);
  return edits === undefined ? undefined : { how: 'edit', share: 1 - edits / longer };
}

function ngramLikeness(one: PreparedTask, other: PreparedTask, { ngrams }: ContaminationThresholds): Likeness | undefined {
  const fewer = Math.min(one.ngrams.length, other.ngrams.length);
  const share = fewer === 0 ? 0 : commonMembers(one.ngrams, other.ngrams) / fewer;
  return share >= ngrams ? { how: 'ngrams', share } : undefined;
}

/** Whether all figures of the task with fewer of them stand in the other. */
const shareFigures = (one: PreparedTask, other: PreparedTask): boolean => (one.figures.length <= other.figures.length ? isWithin(one.figures, other.figures) : isWithin(other.figures, one.figures));

/** A text with the numbers of the tasks that have it. */
interface IndexedText {
  readonly task: PreparedTask;
  readonly members: number[];
}

/** Tasks in which those that are the same as another, or nearly, are found without a look at all of them. Some 1,500 bytes a task of 60 words. */
export class TaskIndex {
  readonly #thresholds: ContaminationThresholds;
  /** Each text once. */
  readonly #texts: IndexedText[] = [];
  readonly #placeOf = new Map<string, number>();
  readonly #postings = new Postings();
  /** The lengths of the texts that are cut into pieces of a size. */
  readonly #lengths = new Map<number, { least: number; most: number }>();
  /** How often each text was named in the search that goes on. */
  #named = new Uint32Array(0);
  #members = 0;

  constructor(thresholds: ContaminationThresholds) {
    this.#thresholds = thresholds;
  }

  /** Only before `build`. */
  add(task: PreparedTask): void {
    const member = this.#members;
    this.#members += 1;
    const known = this.#texts[this.#placeOf.get(task.text) ?? -1];
    if (known) {
      known.members.push(member);
      return;
    }
    const place = this.#texts.push({ task, members: [member] }) - 1;
    this.#placeOf.set(task.text, place);
    for (const ngram of task.ngrams) this.#postings.add(ngram, place);
    this.#addPieces(task, place);
  }

  /** To be walked to its end between the last `add` and the first search; each step takes a millisecond or less. */
  *build(): Generator<void, void> {
    yield* this.#postings.build();
    this.#named = new Uint32Array(this.#texts.length);
  }

  /**
   * The tasks that are the same as another or nearly, by their texts. Passed over are near ones that share nothing but phrases of more than 500 texts, and
   * those that a hundred other texts share more with. Each step takes some milliseconds at most.
   */
  *alike(task: PreparedTask): Generator<void, readonly Alike[]> {
    const found: Alike[] = [];
    let characters = 0;
    for (const { task: other, members } of this.#candidates(task)) {
      const likeness = likenessOf(task, other, this.#thresholds);
      if (likeness) found.push({ members, ...likeness });
      characters += task.text.length;
      if (characters < charactersPerStep) continue;
      characters = 0;
      yield;
    }
    return found;
  }

  /** The texts that may be alike, each once. */
  #candidates(task: PreparedTask): readonly IndexedText[] {
    const [named, places] = [this.#named, [] as number[]];
    const name = (place: number) => {
      const times = named[place] ?? 0;
      if (times === 0) places.push(place);
      named[place] = times + 1;
    };
    for (const ngram of task.ngrams) this.#postings.visit(ngram, mostNamed, name);
    this.#visitPieces(task, name);
    const same = this.#placeOf.get(task.text);
    const near = places.filter(place => place !== same && (!this.#thresholds.sameNumbers || shareFigures(task, this.#texts[place]?.task ?? task)));
    if (near.length > mostCompared) near.sort((one, other) => (named[other] ?? 0) - (named[one] ?? 0));
    for (const place of places) named[place] = 0;
    return [...(same === undefined ? [] : [same]), ...near.slice(0, mostCompared)].flatMap(place => this.#texts[place] ?? []);
  }

  #addPieces({ text, figures }: PreparedTask, place: number): void {
    const { size, count } = piecesOf(text.length, this.#thresholds.edit);
    if (size === 0) return;
    const { least, most } = this.#lengths.get(size) ?? { least: text.length, most: 0 };
    this.#lengths.set(size, { least: Math.min(least, text.length), most: Math.max(most, text.length) });
    const [runs, power, key] = [runsOf(text), runPower(size), this.#keyOf(figures)];
    for (let piece = 0; piece < count; piece += 1) this.#postings.add(mixed(runs.at(Math.floor(piece * text.length / count), size, power) ^ key), place);
  }

  #visitPieces({ text, figures }: PreparedTask, name: (place: number) => void): void {
    if (text.length > longestEdited) return;
    const { edit } = this.#thresholds;
    const [runs, key] = [runsOf(text), this.#keyOf(figures)];
    for (const [size, { least, most }] of this.#lengths) {
      if (text.length < leastLength(least, edit) || most < leastLength(text.length, edit)) continue;
      const power = runPower(size);
      for (let place = 0; place < runs.count(size); place += 1) this.#postings.visit(mixed(runs.at(place, size, power) ^ key), mostNamed, name);
    }
  }

  /** A piece is looked up with the numbers of its task, where they are to be the same: the pieces of a template alone would name too many. */
  #keyOf(figures: Uint32Array): number {
    return this.#thresholds.sameNumbers ? figures.reduce((key, figure) => mixed(key ^ figure), 1) : 0;
  }
}

const runsOf = (text: string): RunHashes => new RunHashes(text.length, place => text.charCodeAt(place));

/** How short a text may be that is near to one of this length. */
const leastLength = (length: number, edit: number): number => length - mostEdits(length, edit);
