import type { KnownTask } from '../knowledge.ts';
import type { Voice } from '../voices/voice.ts';
import { shareOf, type Random } from './random.ts';

/** How a path fails to be a clean answer. `plain` is no failure: the voice is forgotten, so that such paths repeat each other. */
export type Flaw = 'no-box' | 'open-box' | 'placeholder' | 'two-values' | 'runaway' | 'refusal' | 'empty' | 'no-list' | 'plain';

/** Of a thousand paths at temperature 0.85. What a small instruct model does was the measure, raised where a funnel of a hundred tasks would not show it. */
const flawRates: readonly (readonly [flaw: Flaw, perThousand: number])[] = [
  ['no-box', 28], ['open-box', 10], ['placeholder', 12], ['two-values', 7], ['runaway', 7], ['refusal', 6], ['empty', 3], ['no-list', 25], ['plain', 60],
];

/** Chance of a right path by difficulty, 1 to 5, with a guideline that neither helps nor hinders. */
const rightByDifficulty = [0.93, 0.84, 0.7, 0.5, 0.3];
/** How far a guideline that happens to suit or not to suit a task moves the chance, to either side. */
const voiceSpread = 0.18;
const rightWithHint = 0.9;

/** How much more, or less, goes wrong than at temperature 0.85. */
const heatOf = (temperature: number): number => 0.5 + temperature / 1.7;

/** What decides over a right answer besides chance. */
export interface Situation {
  readonly serverSeed: number;
  /** Of the model that is played, see `PlayedModel`. */
  readonly accuracy?: number | undefined;
  readonly task: KnownTask;
  readonly voices: readonly Voice[];
  readonly hinted: boolean;
  readonly temperature: number;
}

/** Probability that a path is right. */
export function chanceOfRight({ serverSeed, accuracy: usual, task, voices, hinted, temperature }: Situation): number {
  if (task.accuracy !== undefined) {
    const accuracy = task.hasOwnAccuracy === true ? task.accuracy : usual ?? task.accuracy;
    return hinted ? Math.max(accuracy, 0.95) : accuracy;
  }
  if (task.habit === 'stubborn') return 0;
  if (hinted) return rightWithHint;
  if (task.habit === 'hard' || task.habit === 'leaky') return 0;
  const base = rightByDifficulty[task.difficulty - 1] ?? 0.5;
  const moved = voices.map(voice => voice.skill + (shareOf(`${serverSeed}|suits|${task.id}|${voice.id}`) - 0.5) * 2 * voiceSpread);
  const mean = moved.reduce((sum, each) => sum + each, 0) / Math.max(1, moved.length);
  return Math.min(0.98, Math.max(0.04, (base + mean) * (1.06 - 0.06 * heatOf(temperature))));
}

/** The flaw of one path, mostly none. A task of which only the answer is known shows none: its accuracy is what was asked for. */
export function drawFlaw({ task, hinted, temperature }: Situation, random: Random): Flaw | undefined {
  const share = random.next() * 1_000 / heatOf(temperature);
  if (task.accuracy !== undefined) return undefined;
  if (task.habit === 'unboxed' && !hinted) return 'no-box';
  let below = 0;
  for (const [flaw, rate] of flawRates) {
    below += rate;
    if (share < below) return flaw;
  }
  return undefined;
}
