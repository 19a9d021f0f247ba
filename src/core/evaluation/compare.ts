import type { Hash } from '../model/ids.ts';
import type { VerdictKind } from '../model/verdict.ts';
import { wilson } from '../stats/interval.ts';
import { signTest } from '../stats/signTest.ts';
import { domains, type Domain } from '../model/evaluation.ts';
import { commonRows, type CommonRow, type Evaluated, type EvaluatedRow } from './evaluated.ts';
import { bootstrapDraws, pairedBootstrap, type Bounds, type Draws } from './pairedBootstrap.ts';

/** What one model came to on the tasks that count. */
export interface ModelScore {
  readonly model: string;
  /** Tasks it has an answer for, those that are left out among them. */
  readonly answered: number;
  readonly correct: number;
  /** Answers that could not be read; not correct, and counted apart: a model that forgot the form of an answer has not forgotten how to reason. */
  readonly unreadable: number;
  /** Answers of which it could not be decided whether they are the known one, and votes that ended in a tie; not correct either. */
  readonly undecided: number;
  /** The share of correct ones, 0 to 1; `null` where no task counts. */
  readonly accuracy: number | null;
  /** Wilson's 95 % interval of it. */
  readonly low: number;
  readonly high: number;
}

/** How answers that cannot be read moved from base to tuned, in tasks. */
export interface UnreadableShift {
  /** The base's answer cannot be read and the tuned model's can; `gains` of them are correct now. */
  readonly fewer: number;
  readonly gains: number;
  /** The tuned model's cannot be read and the base's can; `losses` of them were correct before. */
  readonly more: number;
  readonly losses: number;
  /** The difference over the tasks whose answers can be read on both sides; `null` where there are none. It says what is left when form is taken out, and no more. */
  readonly readable: ({ readonly n: number; readonly value: number } & Bounds) | null;
}

/** One model against another on the same tasks, as `tuned` less `base`: above 0 where tuned is better. */
export interface Difference {
  readonly base: string;
  readonly tuned: string;
  /** Pairs: tasks that count. */
  readonly n: number;
  /** Difference of the accuracies, −1 to 1: `gains` less `losses` over `n`. */
  readonly value: number;
  /** Its 95 % interval (`pairedBootstrap`). */
  readonly low: number;
  readonly high: number;
  /** Tasks that only tuned, and that only base has correct. */
  readonly gains: number;
  readonly losses: number;
  /** Exact McNemar, two-sided (`signTest`). */
  readonly p: number;
  readonly unreadable: UnreadableShift;
}

/** A row of the table: a data set, or all of a domain. */
export interface ComparedRow {
  readonly domain: Domain;
  /** Tasks that count: with a known answer, and answered by every model. All figures of the row are of these. */
  readonly n: number;
  /** Tasks that some model has not answered, and tasks without a known answer. */
  readonly leftOut: { readonly unanswered: number; readonly withoutKnown: number };
  /** In the order of the models. */
  readonly models: readonly ModelScore[];
  /** Of every model but the base, in that order. */
  readonly differences: readonly Difference[];
  /** Why there are none. */
  readonly noDifference: 'no-base' | 'no-common-tasks' | null;
}

/** The row of one data set. */
export interface ComparedSet extends ComparedRow {
  readonly name: string;
}

/** The row of all tasks of a domain, over so many data sets. */
export interface PooledRow extends ComparedRow {
  readonly sets: number;
}

/** What an evaluation came to. */
export interface Comparison {
  readonly models: readonly string[];
  readonly base: string | null;
  /** In the order in which they were given. */
  readonly sets: readonly ComparedSet[];
  /** In domain first; a domain without data sets has none. Pooled over tasks, so that a large set counts for more. */
  readonly pooled: readonly PooledRow[];
}

/** How chance is made. The same seed gives the same intervals. */
export interface CompareOptions {
  readonly hash: Hash;
  readonly seed?: number;
  readonly resamples?: number;
}

/** The same for all rows. */
interface Comparing extends Pick<Evaluated, 'models' | 'base'> {
  readonly draws: Draws;
}

/**
 * Compares models set by set and domain by domain, and stops after each row, which takes some milliseconds: others can be answered meanwhile. Models that have no answers at
 * all should not be among them: no task would be common to all.
 */
export function* compareInSteps({ models, base, sets }: Evaluated, { hash, seed = 0, resamples }: CompareOptions): Generator<undefined, Comparison, undefined> {
  const comparing = { models, base, draws: bootstrapDraws({ seed, hash, ...(resamples === undefined ? {} : { resamples }) }) };
  const compared: ComparedSet[] = [];
  for (const { name, domain, rows } of sets) {
    compared.push({ name, ...comparedRow(domain, rows, comparing) });
    yield;
  }
  const pooled: PooledRow[] = [];
  for (const domain of domains) {
    const own = sets.filter(set => set.domain === domain);
    if (own.length === 0) continue;
    pooled.push({ sets: own.length, ...comparedRow(domain, own.flatMap(({ rows }) => rows), comparing) });
    yield;
  }
  return { models, base, sets: compared, pooled };
}

function comparedRow(domain: Domain, rows: readonly EvaluatedRow[], { models, base, draws }: Comparing): ComparedRow {
  const { common, ...leftOut } = commonRows(rows);
  const baseAt = base === null ? -1 : models.indexOf(base);
  const tuned = baseAt < 0 ? [] : models.flatMap((model, at) => (at === baseAt ? [] : [{ model, at }]));
  return {
    domain, n: common.length, leftOut,
    models: models.map((model, at) => ({ model, answered: rows.filter(({ verdicts }) => verdicts[at]).length, ...scoreOf(common.flatMap(({ verdicts }) => verdicts[at]?.kind ?? [])) })),
    differences: common.length === 0 ? [] : tuned.map(({ model, at }) => ({ base: base ?? '', tuned: model, ...differenceOf(pairsOf(common, baseAt, at), draws) })),
    noDifference: tuned.length === 0 ? 'no-base' : common.length === 0 ? 'no-common-tasks' : null,
  };
}

function scoreOf(kinds: readonly VerdictKind[]): Omit<ModelScore, 'model' | 'answered'> {
  const count = (kind: VerdictKind) => kinds.filter(each => each === kind).length;
  const correct = count('correct');
  return { correct, unreadable: count('unreadable'), undecided: count('unjudged'), accuracy: kinds.length === 0 ? null : correct / kinds.length, ...wilson(correct, kinds.length) };
}

/** What base and tuned came to on one task. */
type Pair = readonly [base: VerdictKind, tuned: VerdictKind];

const pairsOf = (common: readonly CommonRow[], base: number, tuned: number): readonly Pair[] =>
  common.flatMap(({ verdicts }) => {
    const [before, after] = [verdicts[base], verdicts[tuned]];
    return before && after ? [[before.kind, after.kind] as const] : [];
  });

function differenceOf(pairs: readonly Pair[], draws: Draws): Omit<Difference, 'base' | 'tuned'> {
  const change = changeOf(pairs, draws);
  const isRead = (kind: VerdictKind) => kind !== 'unreadable';
  const [fewer, more] = [pairs.filter(([base, tuned]) => !isRead(base) && isRead(tuned)), pairs.filter(([base, tuned]) => isRead(base) && !isRead(tuned))];
  const readable = pairs.filter(pair => pair.every(isRead));
  const ofReadable = readable.length === pairs.length ? change : changeOf(readable, draws);
  return {
    ...change, p: signTest(change.gains, change.losses),
    unreadable: {
      fewer: fewer.length, gains: fewer.filter(([, tuned]) => tuned === 'correct').length, more: more.length, losses: more.filter(([base]) => base === 'correct').length,
      readable: readable.length === 0 ? null : { n: ofReadable.n, value: ofReadable.value, low: ofReadable.low, high: ofReadable.high },
    },
  };
}

function changeOf(pairs: readonly Pair[], draws: Draws): Pick<Difference, 'n' | 'value' | 'low' | 'high' | 'gains' | 'losses'> {
  const counts = { both: 0, gains: 0, losses: 0, neither: 0 };
  for (const [base, tuned] of pairs) counts[tuned === 'correct' ? (base === 'correct' ? 'both' : 'gains') : base === 'correct' ? 'losses' : 'neither'] += 1;
  const { gains, losses } = counts;
  return { n: pairs.length, value: (gains - losses) / pairs.length, ...pairedBootstrap(counts, draws), gains, losses };
}
