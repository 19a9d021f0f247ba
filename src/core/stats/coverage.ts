/** So many tasks were tried with `tried` guidelines, of which `solving` led to the known answer. */
export interface Coverage {
  readonly tried: number;
  readonly solving: number;
  readonly tasks: number;
}

/** The counters `coverage/TRIED/SOLVING` of a project; others are passed over. */
export function coverageCounts(counters: ReadonlyMap<string, number>): readonly Coverage[] {
  return [...counters].flatMap(([key, tasks]) => {
    const [kind, tried, solving] = key.split('/');
    return kind === 'coverage' && tasks > 0 ? [{ tried: Number(tried), solving: Number(solving), tasks }] : [];
  });
}

/**
 * The share of tasks that `k` guidelines would have solved, drawn at random and without regard to their order from those that a task was tried with: the exact mean over
 * all draws, for each `k` from 1 to the most that any task was tried with. A task that was tried with fewer counts with all of them, so that the curve is low, never high,
 * where a run stopped when enough was kept.
 *
 * @returns shares of 0 to 1; empty for no tasks
 */
export function coverageCurve(counts: readonly Coverage[]): { readonly k: number; readonly share: number }[] {
  const most = counts.reduce((largest, { tried }) => Math.max(largest, tried), 0);
  const total = counts.reduce((sum, { tasks }) => sum + tasks, 0);
  return Array.from({ length: most }, (_, index) => {
    const solved = counts.reduce((sum, { tried, solving, tasks }) => sum + tasks * chanceOfOne({ tried, solving }, index + 1), 0);
    return { k: index + 1, share: Math.min(1, solved / total) };
  });
}

/** The chance that at least one of `k` out of `tried` is one of the `solving`: one less the chance of drawing past all of them, draw by draw. */
function chanceOfOne({ tried, solving }: Pick<Coverage, 'tried' | 'solving'>, k: number): number {
  let missed = 1;
  for (let drawn = 0; drawn < Math.min(k, tried); drawn += 1) missed *= Math.max(0, tried - solving - drawn) / (tried - drawn);
  return 1 - missed;
}
