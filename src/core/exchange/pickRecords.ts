import type { ExportRule, RuleReason, SplitRule } from '../model/exportRule.ts';
import type { Hash } from '../model/ids.ts';
import { grouped } from './grouped.ts';

/** What decides whether a record is drawn. */
export interface Drawable {
  /** Id of its task. */
  readonly task: string;
  /** Tells it apart from every other record of the project, the same whenever it is made. */
  readonly key: string;
  readonly hinted: boolean;
}

type Drawing = Pick<ExportRule, 'hintedShare' | 'sample' | 'seed'>;
type Numbering = (purpose: string, key: string) => number;

/** A number from 0 to 1 for each key, spread evenly, the same whoever asks and whatever other keys there are. */
const numbers = (hash: Hash, seed: number): Numbering => (purpose, key) => Number.parseInt(hash(`${purpose}\n${seed}\n${key}`).slice(0, 13), 16) / 2 ** 52;

/** Two questions are the same when they differ in case and white space only. */
export const normalisedQuestion = (question: string): string => question.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();

/**
 * Whether a task goes into the part that stands in a file of its own. The question alone decides: a question that is asked twice is on one side, and what is added to a
 * project moves no other task.
 */
export const isSplitOff = (question: string, { share, seed }: Pick<SplitRule, 'share'> & { readonly seed: number }, hash: Hash): boolean =>
  numbers(hash, seed)('split', normalisedQuestion(question)) < share;

/**
 * Which records of a project are written: within the share of hinted ones, and no more than the sample wants.
 *
 * @param records in the order in which they are to be written
 * @returns for each record why it is left out, in the same order; `undefined` for one that is written
 */
export function pickRecords(records: readonly Drawable[], rule: Drawing, hash: Hash): readonly (RuleReason | undefined)[] {
  const numberOf = numbers(hash, rule.seed);
  const reasons: (RuleReason | undefined)[] = records.map(() => undefined);
  const left = () => records.flatMap((_, index) => (reasons[index] === undefined ? [index] : []));
  const leaveOut = (from: readonly number[], taken: ReadonlySet<number>, reason: RuleReason) => { for (const index of from) if (!taken.has(index)) reasons[index] = reason; };
  const capHinted = () => {
    const open = left();
    leaveOut(open, withinShare(records, open, { share: rule.hintedShare, numberOf }), 'hinted-cap');
  };
  if (rule.hintedShare < 1) capHinted();
  if (rule.sample === undefined) return reasons;
  const open = left();
  const { by, count } = rule.sample;
  leaveOut(open, by === 'tasks' ? sampleOfTasks(records, open, { count, numberOf }) : sampleOfRecords(records, open, { count, share: rule.hintedShare, numberOf }), 'sample');
  if (by === 'tasks' && rule.hintedShare < 1) capHinted();
  return reasons;
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
function withinShare(records: readonly Drawable[], open: readonly number[], { share, numberOf }: { readonly share: number; readonly numberOf: Numbering }): ReadonlySet<number> {
  const hinted = open.filter(index => records[index]?.hinted === true);
  const others = open.filter(index => records[index]?.hinted === false);
  const solved = new Set(others.map(index => records[index]?.task));
  const most = share <= 0 ? 0 : mostHinted(others.length, share);
  if (hinted.length <= most) return new Set(open);
  const drawn = new Map(hinted.map(index => [index, numberOf('hinted', records[index]?.key ?? '')]));
  const rank = new Map<number, number>();
  for (const [task, own] of grouped(hinted, index => records[index]?.task)) {
    own.toSorted((a, b) => (drawn.get(a) ?? 0) - (drawn.get(b) ?? 0)).forEach((index, place) => rank.set(index, place + (solved.has(task) ? 1 : 0)));
  }
  const order = (index: number) => (rank.get(index) ?? 0) + (drawn.get(index) ?? 0);
  return new Set([...others, ...lowest(hinted, order, most)]);
}

/** All records of so many tasks. */
function sampleOfTasks(records: readonly Drawable[], open: readonly number[], { count, numberOf }: { readonly count: number; readonly numberOf: Numbering }): ReadonlySet<number> {
  const tasks = [...new Set(open.map(index => records[index]?.task ?? ''))];
  const drawn = new Set(lowest(tasks, task => numberOf('task', task), count));
  return new Set(open.filter(index => drawn.has(records[index]?.task ?? '')));
}

interface RecordSample {
  readonly count: number;
  readonly share: number;
  readonly numberOf: Numbering;
}

/** So many records, and no more hinted ones among them than the share allows: where all of them are within it, so can be every part. */
function sampleOfRecords(records: readonly Drawable[], open: readonly number[], { count, share, numberOf }: RecordSample): ReadonlySet<number> {
  const taken = new Set<number>();
  let hinted = 0;
  for (const index of lowest(open, each => numberOf('record', records[each]?.key ?? ''), open.length)) {
    if (taken.size >= count) break;
    const isHinted = records[index]?.hinted === true;
    if (isHinted && hinted + 1 > share * Math.min(count, open.length)) continue;
    if (isHinted) hinted += 1;
    taken.add(index);
  }
  return taken;
}

/** The first so many in the order of a number. */
function lowest<Item>(items: readonly Item[], numberOf: (item: Item) => number, count: number): readonly Item[] {
  const numbered = items.map((item, place) => ({ item, place, number: numberOf(item) }));
  return numbered.sort((a, b) => a.number - b.number || a.place - b.place).slice(0, count).map(({ item }) => item);
}
