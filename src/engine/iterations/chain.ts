import type { RunRecord } from '../../ports/store.ts';
import { iterationOf, lineageIn } from './lineage.ts';

/** The runs of one iteration that asked the same model, newest first. */
export interface ChainLink {
  readonly iteration: number;
  /** At least one. */
  readonly runs: readonly [RunRecord, ...RunRecord[]];
}

/** The iterations that lead to the latest run of the highest one, first to last: each is what the data of the next came from. @param runs newest first */
export function chainOf(runs: readonly RunRecord[]): readonly ChainLink[] {
  const chain: ChainLink[] = [];
  for (let run = latestOf(runs, Math.max(0, ...runs.map(iterationOf))); run; run = parentOf(runs, run)) {
    const { identity } = run;
    const iteration = iterationOf(run);
    const [first = run, ...others] = runs.filter(each => each.identity === identity && iterationOf(each) === iteration);
    chain.unshift({ iteration, runs: [first, ...others] });
  }
  return chain;
}

const latestOf = (runs: readonly RunRecord[], iteration: number): RunRecord | undefined => runs.find(run => iterationOf(run) === iteration);

/** The run that a model's data came from; where none is named, the latest of the iteration before. */
function parentOf(runs: readonly RunRecord[], run: RunRecord): RunRecord | undefined {
  const lineage = lineageIn(run);
  if (!lineage) return undefined;
  const named = runs.find(({ id }) => id === lineage.parentRun);
  return named && iterationOf(named) < lineage.iteration ? named : latestOf(runs, lineage.iteration - 1);
}
