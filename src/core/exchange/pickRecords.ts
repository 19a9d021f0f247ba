import type { ExportRule, RuleReason, SplitRule } from '../model/exportRule.ts';
import type { Hash } from '../model/ids.ts';
import { grouped } from './grouped.ts';

/** Numbers from 0 to 1 that a seed draws for one record, spread evenly, the same whoever asks and whatever other records there are. */
export interface Draws {
  /** The same for all records of a task. */
  readonly task: number;
  readonly record: number;
  readonly hinted: number;
}

/** What decides whether a record is drawn. */
export interface Drawable {
  /** Id of its task. */
  readonly task: string;
  readonly hinted: boolean;
  readonly draws: Draws;
}

/** How many records another training set has: of each task, or in all. */
export type Matching =
  | { readonly by: 'paths-per-task'; readonly counts: ReadonlyMap<string, number> }
  | { readonly by: 'paths'; readonly count: number };

type Drawing = Pick<ExportRule, 'hintedShare' | 'sample'> & { readonly matching?: Matching };

/** Thirteen digits are all that a number holds exactly. */
const digits = 13;
const numberAt = (hex: string, from: number): number => Number.parseInt(hex.slice(from, from + digits), 16) / 16 ** digits;

/** The numbers of records. A `key` tells a record apart from every other one of the project, and is the same whenever it is made. */
export function drawing(hash: Hash, seed: number): (task: string, keys: readonly string[]) => readonly Draws[] {
  return (task, keys) => {
    const ofTask = numberAt(hash(`task\n${seed}\n${task}`), 0);
    return keys.map(key => {
      const hex = hash(`record\n${seed}\n${task}\n${key}`);
      return { task: ofTask, record: numberAt(hex, 0), hinted: numberAt(hex, digits) };
    });
  };
}

/** Two questions are the same when they differ in case and white space only. */
export const normalisedQuestion = (question: string): string => question.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();

/**
 * Whether a task goes into the part that stands in a file of its own. The question alone decides: a question that is asked twice is on one side, and what is added to a
 * project moves no other task.
 */
export const isSplitOff = (question: string, { share, seed }: Pick<SplitRule, 'share'> & { readonly seed: number }, hash: Hash): boolean =>
  numberAt(hash(`split\n${seed}\n${normalisedQuestion(question)}`), 0) < share;

/**
 * Which records of a project are written: within the share of hinted ones, no more than another training set has, and no more than the sample wants. Some 30 ms for 40,000 records.
 *
 * @param records in the order in which they are to be written
 * @returns for each record why it is left out, in the same order; `undefined` for one that is written
 */
export function pickRecords(records: readonly Drawable[], { hintedShare, matching, sample }: Drawing): readonly (RuleReason | undefined)[] {
  const reasons = new Map<Drawable, RuleReason>();
  const left = () => records.filter(record => !reasons.has(record));
  const keep = (kept: ReadonlySet<Drawable>, reason: RuleReason) => { for (const record of left()) if (!kept.has(record)) reasons.set(record, reason); };
  if (hintedShare < 1) keep(withinShare(left(), hintedShare), 'hinted-cap');
  if (matching) keep(matching.by === 'paths' ? sampleOfRecords(left(), matching.count, hintedShare) : asManyOfEach(left(), matching.counts), 'match');
  if (sample) keep(sample.by === 'tasks' ? sampleOfTasks(left(), sample.count) : sampleOfRecords(left(), sample.count, hintedShare), 'sample');
  // some tasks were drawn, and may hold more hinted paths than others
  if ((sample?.by === 'tasks' || matching?.by === 'paths-per-task') && hintedShare < 1) keep(withinShare(left(), hintedShare), 'hinted-cap');
  return records.map(record => reasons.get(record));
}

/** Most hinted records beside so many others, so that they are no more than a share of all. */
function mostHinted(others: number, share: number): number {
  let most = Math.floor((share / (1 - share)) * others);
  // a share such as 0.1 is none that a computer knows exactly
  while (most + 1 <= share * (most + 1 + others)) most += 1;
  while (most > 0 && most > share * (most + others)) most -= 1;
  return most;
}

/** Those that stay within the share. A task keeps its first hinted path before any task keeps a second one, so that as many tasks as can be stay. */
function withinShare(records: readonly Drawable[], share: number): ReadonlySet<Drawable> {
  const hinted = records.filter(record => record.hinted);
  const others = records.filter(record => !record.hinted);
  const ranks = new Map<string, number>(others.map(({ task }) => [task, 1]));
  const order = new Map<Drawable, number>();
  for (const record of hinted.toSorted((a, b) => a.draws.hinted - b.draws.hinted)) {
    const rank = ranks.get(record.task) ?? 0;
    ranks.set(record.task, rank + 1);
    order.set(record, rank + record.draws.hinted);
  }
  return new Set([...others, ...lowest(hinted, record => order.get(record) ?? 0, share <= 0 ? 0 : mostHinted(others.length, share))]);
}

/** Of each task as many as another training set has, where it has any. */
function asManyOfEach(records: readonly Drawable[], counts: ReadonlyMap<string, number>): ReadonlySet<Drawable> {
  const groups = grouped(records, ({ task }) => task);
  return new Set([...groups].flatMap(([task, own]) => lowest(own, ({ draws }) => draws.record, counts.get(task) ?? 0)));
}

/** All records of so many tasks. */
function sampleOfTasks(records: readonly Drawable[], count: number): ReadonlySet<Drawable> {
  const tasks = [...new Map(records.map(({ task, draws }) => [task, draws.task]))];
  const drawn = new Set(lowest(tasks, ([, number]) => number, count).map(([task]) => task));
  return new Set(records.filter(({ task }) => drawn.has(task)));
}

/** So many records, and no more hinted ones among them than the share allows: where all of them are within it, so can be every part. */
function sampleOfRecords(records: readonly Drawable[], count: number, share: number): ReadonlySet<Drawable> {
  const drawn = lowest(records, ({ draws }) => draws.record, count);
  const most = Math.floor(share * drawn.length + 1e-9);
  if (drawn.filter(({ hinted }) => hinted).length <= most) return new Set(drawn);
  const kept = lowest(drawn.filter(({ hinted }) => hinted), ({ draws }) => draws.record, most);
  return new Set([...kept, ...lowest(records.filter(({ hinted }) => !hinted), ({ draws }) => draws.record, drawn.length - kept.length)]);
}

/** Those with the lowest numbers, so many of them, in the order in which they stand. Numbers alone are sorted, which takes a tenth of the time. */
function lowest<Item>(items: readonly Item[], numberOf: (item: Item) => number, count: number): readonly Item[] {
  if (count >= items.length) return items;
  const last = count <= 0 ? -1 : Float64Array.from(items, numberOf).sort()[count - 1] ?? -1;
  return items.filter(item => numberOf(item) <= last).slice(0, count);
}
