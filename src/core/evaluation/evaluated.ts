import type { Domain } from '../model/evaluation.ts';
import type { TaskId } from '../model/ids.ts';
import type { Verdict } from '../model/verdict.ts';

/** What every model came to on one task. */
export interface EvaluatedRow {
  readonly task: TaskId;
  /** In the order of the models; `null` where one has no answer (yet). Of several samples what `voteOf` makes of them. */
  readonly verdicts: readonly (Verdict | null)[];
}

/** A data set as the models answered it. */
export interface EvaluatedSet {
  readonly name: string;
  readonly domain: Domain;
  /** A task stands in it once. What is listed of them keeps their order. */
  readonly rows: readonly EvaluatedRow[];
}

/** Everything that an evaluation has found so far. */
export interface Evaluated {
  /** In the order in which they are shown; each once. */
  readonly models: readonly string[];
  /** The one of them that all others are compared with, as tuned less base; `null` to compare nothing. */
  readonly base: string | null;
  readonly sets: readonly EvaluatedSet[];
}

/** A task that every model answered. */
export interface CommonRow {
  readonly task: TaskId;
  readonly verdicts: readonly Verdict[];
}

/** Whether a verdict says that the task has no known answer that could be compared. */
export const lacksKnownAnswer = ({ kind, reason }: Verdict): boolean => kind === 'unjudged' && reason.startsWith('gold-');

/**
 * The tasks that count: those with a known answer that every model answered, in their order. All figures of a table are of the same tasks, so that they add up.
 *
 * @returns beside them how many were left out, each for one reason
 */
export function commonRows(rows: readonly EvaluatedRow[]): { readonly common: readonly CommonRow[]; readonly unanswered: number; readonly withoutKnown: number } {
  const common: CommonRow[] = [];
  let withoutKnown = 0;
  for (const { task, verdicts } of rows) {
    const given = verdicts.filter(verdict => verdict !== null);
    if (given.some(lacksKnownAnswer)) withoutKnown += 1;
    else if (given.length === verdicts.length) common.push({ task, verdicts: given });
  }
  return { common, unanswered: rows.length - common.length - withoutKnown, withoutKnown };
}
