import { signTest } from '../stats/signTest.ts';
import type { Comparison, Difference, ModelScore, PooledRow } from './compare.ts';
import { chanceLevel, domains, isClear, type Domain } from '../model/evaluation.ts';
import type { Bounds } from './pairedBootstrap.ts';

/** A piece of a text; `strong` where it is what the text claims. */
export interface TextPart {
  readonly text: string;
  readonly strong?: true;
}

/** What else has to be said beside the figures. */
export interface SentenceFacts {
  /** Tasks of data sets that stand in the training data of a model; sets with none may be left away. */
  readonly contaminated?: readonly { readonly set: string; readonly tasks: number }[];
  /** Models of which nobody can say any more what they were trained on. */
  readonly untold?: readonly string[];
  /** Models whose answers are a simulation. */
  readonly simulated?: readonly string[];
}

/** The parts as one text. */
export const plainText = (parts: readonly TextPart[]): string => parts.map(({ text }) => text).join('');

/** Of fewer tasks it is said that they are too few where nothing is clear; ours. */
const fewTasks = 30;
/** Unreadable answers are spoken of when their share moved by so much, and not by chance; ours. */
const noticeable = 0.01;

const domainWords: Readonly<Record<Domain, string>> = { in: 'in domain', out: 'out of domain' };

/**
 * The result as a text that claims no more than the figures give: what is better or worse by how much, what cannot be told, and what to know before believing it.
 *
 * Points are percentage points, tuned less base.
 */
export function sentenceOf(comparison: Comparison, { contaminated = [], untold = [], simulated = [] }: SentenceFacts = {}): TextPart[] {
  const sentences = [
    ...simulationOf(comparison.models, simulated),
    ...resultOf(comparison),
    ...comparison.pooled.flatMap(row => row.differences.flatMap(difference => unreadableOf(difference, row, comparison))),
    ...missingDomain(comparison),
    ...leftOutOf(comparison),
    ...contaminationOf(contaminated),
    ...untoldOf(untold),
  ];
  return sentences.flatMap((sentence, index) => (index === 0 ? sentence : [{ text: ' ' }, ...sentence]));
}

type Sentence = readonly TextPart[];
const said = (text: string): Sentence => [{ text }];

function simulationOf(models: readonly string[], simulated: readonly string[]): Sentence[] {
  const own = models.filter(model => simulated.includes(model));
  if (own.length === 0) return [];
  return [[{ text: 'Simulation', strong: true }, { text: own.length === models.length ? '.' : `: ${listed(own)}.` }]];
}

/** How figures are worded: the first of a text say what they are. */
interface Wording {
  readonly interval: string;
  readonly unit: string;
}

/** By the place of a row, where the one at `first` is the first with figures. */
const wording = (at: number, first: number): Wording => (at === first ? { interval: '95 % interval', unit: ' points' } : { interval: 'interval', unit: '' });

function resultOf({ models, base, pooled }: Comparison): Sentence[] {
  if (pooled.length === 0) return [said('Nothing was evaluated.')];
  const tuned = base !== null && models.includes(base) ? models.filter(model => model !== base) : [];
  if (tuned.length === 0) return models.map((model, at) => scoresOf(pooled, at, models.length > 1 ? model : undefined));
  const first = pooled.findIndex(({ differences }) => differences.length > 0);
  if (tuned.length === 1) return pooled.map((row, at) => capital(ended(changeOf(row, tuned[0], wording(at, first)))));
  return [
    ...tuned.map((model, which) => [
      { text: `${model} against ${base ?? ''}: ` }, ...ended(joined(pooled.map((row, at) => changeOf(row, model, wording(at, which === 0 ? first : -1))), '; ')),
    ]),
    said('The intervals are not widened for comparing several models.'),
  ];
}

/** What became of one model in one domain, without a capital and a full stop. */
function changeOf({ domain, n, differences }: PooledRow, tuned: string | undefined, { interval, unit }: Wording): Sentence {
  const [where, difference] = [domainWords[domain], differences.find(each => each.tuned === tuned)];
  if (!difference) return [{ text: `no comparison ${where}`, strong: true }, { text: ': no task that counts was answered by every model' }];
  const { value, low, high, gains, losses, p } = difference;
  if (isClear(difference)) {
    const [least, most] = value > 0 ? [low, high] : [-high, -low];
    return [{ text: `${value > 0 ? 'better' : 'worse'} ${where} by ${points(Math.abs(value))} points`, strong: true }, { text: ` (${interval} ${points(least)} to ${points(most)})` }];
  }
  const figures = `${signed(value)}${unit}, ${interval} ${range(difference)}`;
  if (n < fewTasks) return [{ text: `too few tasks ${where} to tell`, strong: true }, { text: ` (${n}): ${figures}` }];
  if (gains + losses === 0) return [{ text: `no task changed sides ${where}`, strong: true }, { text: `: ${figures}` }];
  const doubt = low > 0 || high < 0 ? `, which chance may be all the same (exact test: p ${p.toFixed(3)})` : '';
  return [{ text: `no clear change ${where}`, strong: true }, { text: `: ${figures}${doubt}` }];
}

/** What a model came to where it is compared with nothing. */
function scoresOf(pooled: readonly PooledRow[], at: number, name: string | undefined): Sentence {
  const first = pooled.findIndex(({ n }) => n > 0);
  const clauses = pooled.flatMap((row, index): Sentence[] => {
    const score = row.models[at];
    return score ? [scoreOf(score, row, wording(index, first))] : [];
  });
  const text = ended(joined(clauses, '; '));
  return name === undefined ? capital(text) : [{ text: `${name}: ` }, ...text];
}

function scoreOf({ accuracy, low, high, unreadable }: ModelScore, { domain, n }: PooledRow, { interval }: Wording): Sentence {
  const where = domainWords[domain];
  if (accuracy === null) return [{ text: `no task that counts was answered ${where}` }];
  const form = unreadable / n >= noticeable ? `, ${points(unreadable / n)} % cannot be read` : '';
  return [{ text: `${points(accuracy)} % correct ${where}`, strong: true }, { text: ` (${interval} ${points(low)} to ${points(high)}${form})` }];
}

/** Answers that lost or found their form, where so many did that it is no chance: a change of accuracy may be theirs. */
function unreadableOf({ base, tuned, n, gains, losses, unreadable }: Difference, { domain, models }: PooledRow, comparison: Comparison): Sentence[] {
  const moved = unreadable.more - unreadable.fewer;
  if (Math.abs(moved) / n < noticeable || signTest(unreadable.more, unreadable.fewer) >= chanceLevel) return [];
  const share = (name: string) => points((models.find(({ model }) => model === name)?.unreadable ?? 0) / n);
  const whose = comparison.models.length > 2 ? ` of ${tuned}` : '';
  const part = moved > 0 ? ofWhich(unreadable.losses, counted(losses, 'loss', 'losses'), 'cannot be read') : ofWhich(unreadable.gains, counted(gains, 'gain', 'gains'), 'could not be read before');
  const readable = unreadable.readable ? ` Where both can be read: ${signed(unreadable.readable.value)} points, interval ${range(unreadable.readable)}.` : '';
  return [[{ text: `Unreadable answers${whose} ${moved > 0 ? 'rose' : 'fell'} from ${share(base)} % to ${share(tuned)} % ${domainWords[domain]}`, strong: true }, { text: `${part}.${readable}` }]];
}

const ofWhich = (some: number, all: string, what: string): string => (some === 0 ? '' : `: ${some.toLocaleString('en-US')} of ${all} ${what}`);

function missingDomain({ pooled }: Comparison): Sentence[] {
  const missing = domains.filter(domain => !pooled.some(row => row.domain === domain));
  return missing.length === 1 ? missing.map(domain => said(`Nothing was evaluated ${domainWords[domain]}.`)) : [];
}

function leftOutOf({ models, pooled }: Comparison): Sentence[] {
  const sum = (of: (row: PooledRow) => number) => pooled.reduce((total, row) => total + of(row), 0);
  const [unanswered, withoutKnown] = [sum(({ leftOut }) => leftOut.unanswered), sum(({ leftOut }) => leftOut.withoutKnown)];
  return [
    ...unanswered > 0 ? [said(`${tasks(unanswered)} without an answer${models.length > 1 ? ' of every model' : ''} ${unanswered === 1 ? 'is' : 'are'} left out.`)] : [],
    ...withoutKnown > 0 ? [said(`${tasks(withoutKnown)} without a known answer ${withoutKnown === 1 ? 'is' : 'are'} left out.`)] : [],
  ];
}

function contaminationOf(contaminated: NonNullable<SentenceFacts['contaminated']>): Sentence[] {
  const sets = contaminated.filter(each => each.tasks > 0);
  const [one, ...others] = sets;
  if (!one) return [];
  const stands = others.length === 0 && one.tasks === 1 ? 'stands' : 'stand';
  return [[{ text: `${listed(sets.map(each => `${tasks(each.tasks)} of ${each.set}`))} ${stands} in the training data`, strong: true }, { text: '.' }]];
}

/** Silence would be taken for having looked. */
const untoldOf = (models: readonly string[]): Sentence[] =>
  (models.length === 0 ? [] : [[{ text: `What ${listed(models)} ${models.length === 1 ? 'was' : 'were'} trained on is not known`, strong: true }, { text: ': the records beside the training set are gone or changed.' }]]);

/** A share in percent, or a difference in points, with one decimal; what is more than nothing is never 0.0. */
function points(share: number): string {
  const exact = share * 100;
  return exact > 0 && exact < 0.05 ? '< 0.1' : exact.toFixed(1);
}

/** A difference in points with its sign, a true minus. */
function signed(share: number): string {
  if (share === 0) return '0.0';
  return `${share < 0 ? '−' : '+'}${(Math.abs(share) * 100).toFixed(1)}`;
}

const range = ({ low, high }: Bounds): string => `${signed(low)} to ${signed(high)}`;
const counted = (count: number, one: string, many: string): string => `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
const tasks = (count: number): string => counted(count, 'task', 'tasks');
const listed = (words: readonly string[]): string => words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;

const ended = (sentence: Sentence): Sentence => [...sentence, { text: '.' }];
const joined = (clauses: readonly Sentence[], by: string): Sentence => clauses.flatMap((clause, index) => (index === 0 ? clause : [{ text: by }, ...clause]));

function capital([head, ...rest]: Sentence): Sentence {
  return head ? [{ ...head, text: head.text.charAt(0).toUpperCase() + head.text.slice(1) }, ...rest] : rest;
}
