import type { OverviewReport } from '../contract/overview.ts';
import type { RecipeId } from '../core/model/ids.ts';
import { readGuidelines } from '../core/recipes/guidelines.ts';
import { coverageCounts, coverageCurve } from '../core/stats/coverage.ts';
import { guidelineYields, overviewFunnel, passRateRows } from '../core/stats/overview.ts';
import type { Store } from '../ports/store.ts';
import { baseName } from './paths.ts';
import { byState } from './statusReport.ts';

/** Titles of guidelines by id, in the order of their recipe. */
export type GuidelineTitles = ReadonlyMap<string, string>;

/** Reads the titles of guidelines from the recipes that a project was run with, each recipe once: a recipe never changes. */
export class TitlesOfRuns {
  readonly #known = new Map<RecipeId, GuidelineTitles>();

  /** The latest recipe's first; an id that several recipes have keeps the title of the latest. */
  of(store: Store): GuidelineTitles {
    const titles = new Map<string, string>();
    for (const id of new Set(store.runs().map(run => run.recipeId))) {
      const own = this.#known.get(id) ?? titlesOf(store, id);
      this.#known.set(id, own);
      for (const [guideline, title] of own) if (!titles.has(guideline)) titles.set(guideline, title);
    }
    return titles;
  }
}

function titlesOf(store: Store, id: RecipeId): GuidelineTitles {
  const { guidelines } = readGuidelines(new Map(Object.entries(store.recipe(id)?.files ?? {})));
  return new Map(guidelines.map(guideline => [guideline.id, guideline.title]));
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
  const inRound = (round: 1 | 2) => counts.reduce((sum, count) => sum + (count.round === round ? count.branches : 0), 0);
  return {
    project: store.path,
    name: baseName(store.path).replace(/\.regenesis$/, ''),
    recipe: runs[0]?.recipeName ?? null,
    simulated: runs.some(run => run.simulated),
    tasks: { total, trainable, settled: trainable - states['not-started'] - states.running, byState: states },
    branches: { round1: inRound(1), hinted: inRound(2) },
    funnel: overviewFunnel(trainable, counts).map(({ lost, ...row }) => ({ ...row, lost: [...lost] })),
    guidelines: guidelineYields(counts, counters, [...options.titles.keys()]).map(({ id, ...row }) => ({ id, title: options.titles.get(id) ?? id, ...row })),
    coverage: coverageCurve(coverageCounts(counters)),
    passRates: passRateRows(counters),
  };
}
