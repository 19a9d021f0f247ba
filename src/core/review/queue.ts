import type { Loss } from '../model/outcome.ts';
import { doubts, type Doubt } from '../model/review.ts';
import type { VerdictKind } from '../model/verdict.ts';

/** A path as the queue sees it. */
export interface QueuedPath {
  /** Fingerprint. Evenly spread, so that ascending fingerprints are a random order that stays the same. */
  readonly path: string;
  readonly round: 1 | 2;
  readonly guidelines: readonly string[];
  /** Absent for a kept path. */
  readonly loss?: Loss;
  /** See `BranchClass`. */
  readonly accepted?: 'as-filtered' | 'overridden';
  /** Whether the typed grader found it equal to the known answer; `null` where there is none. */
  readonly correct: boolean | null;
  /** The verdict that decides. */
  readonly verdict?: VerdictKind;
  /** Share of the structure's steps that are carried out; absent while it was not measured. */
  readonly coverage?: number;
}

/** How much a decision about such a path teaches: the more, the earlier its turn. Ours. */
const weights: Readonly<Record<Doubt, number>> = { 'disagree': 4, 'leak': 4, 'unjudged': 3, 'lost-to-format': 2, 'low-coverage': 2, 'rare-guideline': 1, 'hinted': 1 };

/** A path that carries out less than this share of its structure is doubted. */
export const lowCoverage = 0.6;
/** A guideline is rare that kept less than this share of what guidelines keep on average. */
const rareShare = 0.5;

/** Filters that look at the form of a path. `verify` is one of them where another checker than the typed grader decides, which reads by form alone. */
const formSteps: ReadonlySet<Loss['step']> = new Set(['finish', 'refusal', 'placeholder', 'extract', 'verify', 'clean', 'reverify', 'length']);
/** Where a path was lost that is correct, or may be: a person can win it back. */
const winnable: ReadonlySet<Loss['step']> = new Set([...formSteps, 'judge', 'leak', 'vote']);

/** Whether a person's accept would put a lost path into the training set, as far as its filters tell: not where the answer was read and is wrong by the verdict that decides. */
export const isWinnable = ({ loss, correct, verdict }: Pick<QueuedPath, 'loss' | 'correct' | 'verdict'>): boolean =>
  loss !== undefined && winnable.has(loss.step) && loss.reason !== 'broken-text' && (verdict === undefined ? correct === true : verdict !== 'incorrect');

/** Whether the filters let a path through, whatever people made of it: neither are their rejects a filter, nor is what they won back let through. */
export const passedFilters = ({ loss, accepted }: Pick<QueuedPath, 'loss' | 'accepted'>): boolean => (loss === undefined ? accepted !== 'overridden' : loss.step === 'review');

/** Paths kept by each guideline, to tell the rare ones. */
export function rareGuidelines(keptBy: ReadonlyMap<string, number>): ReadonlySet<string> {
  const mean = [...keptBy.values()].reduce((sum, kept) => sum + kept, 0) / Math.max(1, keptBy.size);
  return new Set([...keptBy].filter(([, kept]) => kept > 0 && kept < rareShare * mean).map(([id]) => id));
}

/** Why a path is doubted, the weightiest first; empty for one that nothing speaks against. */
export function doubtsOf(path: QueuedPath, rare: ReadonlySet<string>): readonly Doubt[] {
  const { loss, correct, verdict, coverage, round, guidelines } = path;
  const found: Readonly<Record<Doubt, boolean>> = {
    'disagree': isDisputed(path),
    'leak': loss?.step === 'leak',
    'unjudged': isUnjudged(path),
    'lost-to-format': loss !== undefined && formSteps.has(loss.step) && (correct === true || verdict === 'unreadable'),
    'low-coverage': coverage !== undefined && coverage < lowCoverage,
    'rare-guideline': guidelines.some(id => rare.has(id)),
    'hinted': round === 2,
  };
  return doubts.filter(doubt => found[doubt]);
}

/** What votes come to where those who vote say different things; of too few, or of an answer that nobody could read, nobody says anything. */
const split: ReadonlySet<string> = new Set(['minority', 'tie', 'no-majority']);

/** Whether those who check a path say different things of it: the judge against the typed grader, the votes against each other. A check that came to no word says nothing. */
export const isDisputed = ({ loss, correct }: Pick<QueuedPath, 'loss' | 'correct'>): boolean =>
  (loss?.step === 'judge' && loss.reason === 'judge-no' && correct === true) || (loss?.step === 'reverify' && loss.reason === 'answer-changed') || (loss?.step === 'vote' && split.has(loss.reason));

/** Whether nobody could say if the answer is right: neither the grader that decides, nor too few votes, nor a judge whose word was lost. */
const isUnjudged = ({ loss, verdict }: Pick<QueuedPath, 'loss' | 'verdict'>): boolean =>
  (loss?.step === 'judge' && loss.reason !== 'judge-no') || (verdict === 'unjudged' && (loss?.step !== 'vote' || loss.reason === 'too-few-votes'));

/** How much a decision about a path teaches; at least 0. */
export const doubtWeight = (found: readonly Doubt[]): number => found.reduce((sum, doubt) => sum + weights[doubt], 0);

/** A path whose turn it is. */
export interface Turn {
  readonly path: string;
  /** It was drawn, whatever speaks for or against it. */
  readonly sampled: boolean;
}

/** Every so many-th path is drawn at random. */
const sampledEvery = 4;

/**
 * The order of a queue: doubted paths first, those of one doubt by their fingerprints, and every fourth the next of the random part. A path stands in it once.
 *
 * @param randomPart fingerprints of paths that the filters let through, ascending: drawing from it one after the other is drawing at random. Empty for a queue that holds
 *   only some of them, such as those of one doubt: what is drawn from some says nothing of all
 */
export function queueOrder(paths: readonly { readonly path: string; readonly weight: number }[], randomPart: readonly string[]): readonly Turn[] {
  const ordered = [...paths].sort((one, other) => other.weight - one.weight || (one.path < other.path ? -1 : 1));
  const wanted = new Set(ordered.map(({ path }) => path));
  const drawn = randomPart.filter(path => wanted.has(path));
  const shown = new Set<string>();
  const turns: Turn[] = [];
  const take = (path: string | undefined, sampled: boolean): boolean => {
    if (path === undefined || shown.has(path)) return false;
    shown.add(path);
    turns.push({ path, sampled });
    return true;
  };
  let [next, random] = [0, 0];
  while (turns.length < wanted.size) {
    if (turns.length % sampledEvery === sampledEvery - 1) {
      // one that was shown for its doubts already is drawn all the same, and needs no second turn
      while (random < drawn.length && !take(drawn[random], true)) random += 1;
      random += 1;
    }
    while (next < ordered.length && !take(ordered[next]?.path, false)) next += 1;
    next += 1;
  }
  return turns;
}
