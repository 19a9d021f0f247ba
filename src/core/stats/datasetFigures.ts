import type { DiversityPoint } from './diversity.ts';
import { quantilesOf } from './quantiles.ts';
import { shareOf } from './share.ts';

/** Lengths of the paths that are learnt, those `known` of them. */
export interface LengthFigures {
  readonly known: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
}

/** What was asked of a model for some tasks, thrown away or not. */
export interface CostFigures {
  readonly requests: number;
  /** Absent where a server did not say how many. */
  readonly outputTokens?: number;
  /** Answered requests without a word about their tokens, or that nobody knows the end of: absent for none. */
  readonly untold?: number;
  /** Paths that those tasks keep, whatever the rule of an export leaves of them. */
  readonly kept: number;
}

/** What can be said of a training set, so that it can be held against another one. No text is in it, and no clock time. */
export interface DatasetFigures {
  /** Train tasks of the project, and the share of them that has a path in the set. */
  readonly trainable: number;
  readonly coverage: number;
  /** In UTF-16 code units of what is written, and in tokens of the answer, as the server counted them. */
  readonly characters?: LengthFigures;
  readonly tokens?: LengthFigures;
  readonly diversity: readonly DiversityPoint[];
  /** Of all paths that were drawn, kept or not, and can be read: on how many tasks, how many paths, and how many distinct answers a task got on average. */
  readonly answers: { readonly tasks: number; readonly paths: number; readonly distinct: number };
  readonly cost: CostFigures;
}

/** Lengths in short; nothing for none. */
export function lengthFigures(lengths: readonly number[]): LengthFigures | undefined {
  const quantiles = quantilesOf(lengths);
  if (!quantiles) return undefined;
  const { known, p50, p90 } = quantiles;
  return { known, mean: Math.round((lengths.reduce((sum, length) => sum + length, 0) / known) * 10) / 10, p50, p90 };
}

/** A request as far as it costs anything. */
export interface RequestCost {
  readonly answered: boolean;
  readonly outputTokens?: number;
}

/** One settled task: what its paths came to, and what they cost. */
export interface TaskCost {
  /** Paths of it that are kept. */
  readonly kept: number;
  /** Of each path that can be read, a text that is the same for equal answers. */
  readonly answers: readonly string[];
  readonly requests: readonly RequestCost[];
}

/** Sums up what was drawn for tasks, one after the other. */
export class DrawnTally {
  #tasks = 0;
  #paths = 0;
  #distinct = 0;
  #kept = 0;
  #requests = 0;
  #tokens = 0;
  #told = 0;
  #untold = 0;

  add({ kept, answers, requests }: TaskCost): void {
    this.#kept += kept;
    if (answers.length > 0) this.#tasks += 1;
    this.#paths += answers.length;
    this.#distinct += new Set(answers).size;
    for (const { answered, outputTokens } of requests) {
      this.#requests += 1;
      this.#tokens += outputTokens ?? 0;
      if (outputTokens !== undefined) this.#told += 1;
      else if (answered) this.#untold += 1;
    }
  }

  figures(): Pick<DatasetFigures, 'answers' | 'cost'> {
    return {
      answers: { tasks: this.#tasks, paths: this.#paths, distinct: shareOf(this.#distinct, this.#tasks) },
      cost: { requests: this.#requests, ...(this.#told > 0 ? { outputTokens: this.#tokens } : {}), ...(this.#untold > 0 ? { untold: this.#untold } : {}), kept: this.#kept },
    };
  }
}
