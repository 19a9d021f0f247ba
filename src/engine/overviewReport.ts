import type { OverviewReport } from '../contract/overview.ts';
import type { RecipeId } from '../core/model/ids.ts';
import type { Guideline } from '../core/model/guideline.ts';
import type { BranchCount } from '../core/model/yield.ts';
import { readGuidelines } from '../core/recipes/guidelines.ts';
import { coverageCounts, coverageCurve } from '../core/stats/coverage.ts';
import { guidelineYields, overviewFunnel, passRateRows } from '../core/stats/overview.ts';
import type { Store } from '../ports/store.ts';
import { baseName } from './paths.ts';
import { byState } from './statusReport.ts';

/** Titles of guidelines by id, in the order of their recipe. */
export type GuidelineTitles = ReadonlyMap<string, string>;

/** Reads the guidelines of the recipes that a project was run with, each recipe once: a recipe never changes. */
export class GuidelinesOfRuns {
  readonly #known = new Map<RecipeId, readonly Guideline[]>();

  /** By their ids, the latest recipe's first; an id that several recipes have is the latest one's. */
  of(store: Store): ReadonlyMap<string, Guideline> {
    const all = new Map<string, Guideline>();
    for (const id of new Set(store.runs().map(run => run.recipeId))) {
      const own = this.#known.get(id) ?? readGuidelines(new Map(Object.entries(store.recipe(id)?.files ?? {}))).guidelines;
      this.#known.set(id, own);
      for (const guideline of own) if (!all.has(guideline.id)) all.set(guideline.id, guideline);
    }
    return all;
  }

  titles(store: Store): GuidelineTitles {
    return new Map([...this.of(store)].map(([id, { title }]) => [id, title]));
  }
}

/**
 * Where every path of the project went. From counters alone: what it costs depends on how many guidelines and reasons there are, not on how many tasks or paths.
 *
 * @param options.active how many tasks the current run works on at this moment
 */
export function overviewReport(store: Store, options: { readonly active: number; readonly titles: GuidelineTitles }): OverviewReport {
  const [counters, counts, runs] = [store.counters(), store.branchCounts(), store.runs()];
  const [total, trainable] = [store.countTasks(), store.countTasks({ split: 'train' })];
  const states = byState(counters, trainable, options.active);
  const branchesOf = (isCounted: (count: BranchCount) => boolean) => counts.reduce((sum, count) => sum + (isCounted(count) ? count.branches : 0), 0);
  return {
    project: store.path,
    name: baseName(store.path).replace(/\.regenesis$/, ''),
    recipe: runs[0]?.recipeName ?? null,
    simulated: runs.some(run => run.simulated),
    tasks: { total, trainable, settled: trainable - states['not-started'] - states.running, byState: states },
    branches: { round1: branchesOf(({ round }) => round === 1), hinted: branchesOf(({ round }) => round === 2) },
    funnel: overviewFunnel(trainable, counters, branchesOf(count => count.accepted !== undefined)).map(({ lost, ...row }) => ({ ...row, lost: [...lost] })),
    guidelines: guidelineYields(counts, counters, [...options.titles.keys()]).map(({ id, ...row }) => ({ id, title: options.titles.get(id) ?? id, ...row })),
    coverage: coverageCurve(coverageCounts(counters)),
    passRates: passRateRows(counters),
  };
}
