import * as z from 'zod/mini';
import type { RunLineage } from '../../core/model/lineage.ts';
import { parseJson, withoutAbsent } from '../../core/model/outside.ts';
import type { TrainingJob } from '../../core/model/trainingJob.ts';
import type { JobFiles } from '../../ports/jobFiles.ts';
import type { RunRecord, Store } from '../../ports/store.ts';
import { servedName } from '../jobs/adapterName.ts';
import { manifestOf } from '../jobs/prepareJob.ts';
import { choicesOf, isStep } from '../runChoices.ts';

/** Where a lineage is read. */
export interface LineagePlaces {
  readonly store: Store;
  readonly jobFiles: Pick<JobFiles, 'text'>;
}

/** What is known of where a run's model comes from; absent for one that no job of the project has made. */
export const lineageIn = (run: Pick<RunRecord, 'choices'>): RunLineage | undefined => {
  const lineage = choicesOf(run)?.lineage;
  return lineage && { iteration: lineage.iteration, job: lineage.job, datasetSha256: lineage.datasetSha256, base: lineage.base, ...withoutAbsent({ parentRun: lineage.parentRun }) };
};

/** Which iteration a run is of: 1 where no job of the project has made its model. */
export const iterationOf = (run: Pick<RunRecord, 'choices'>): number => lineageIn(run)?.iteration ?? 1;

/** The runs that iterations are made of, newest first: none that is a step of one branch. */
export const iterationRuns = (store: Store): readonly RunRecord[] => store.runs().filter(run => !isStep(run));

/** What a run with the model of a job is: its iteration follows on the highest among the runs that the job's data came from. */
export function lineageOf({ store, jobFiles }: LineagePlaces, { id, spec, dataset, createdAtMs }: TrainingJob): RunLineage {
  const sources = runsBehind(jobFiles, iterationRuns(store), { path: dataset.path, createdAtMs });
  const highest = Math.max(0, ...sources.map(iterationOf));
  const parent = sources.find(run => iterationOf(run) === highest);
  return { iteration: Math.max(1, highest) + 1, job: id, datasetSha256: dataset.sha256, base: spec.model, ...withoutAbsent({ parentRun: parent?.id }) };
}

const manifestSchema = z.object({ runs: z.array(z.object({ id: z.number(), recipeId: z.string(), identity: z.string() })) });

/** The runs that a training set was made from, newest first: those that its manifest names, else all that had asked anything by when the job was begun. */
function runsBehind(jobFiles: Pick<JobFiles, 'text'>, runs: readonly RunRecord[], { path, createdAtMs }: { readonly path: string; readonly createdAtMs: number }): readonly RunRecord[] {
  const named = namedRuns(jobFiles, path);
  if (named) return runs.filter(run => named.some(each => each.id === run.id && each.recipeId === run.recipeId && each.identity === run.identity));
  return runs.filter(run => run.calls > 0 && run.startedAtMs <= createdAtMs);
}

/** Of a training set that was moved away the manifest is gone. */
function namedRuns(jobFiles: Pick<JobFiles, 'text'>, path: string): z.infer<typeof manifestSchema>['runs'] | undefined {
  try {
    const manifest = z.safeParse(manifestSchema, parseJson(jobFiles.text(manifestOf(path))));
    return manifest.success ? manifest.data.runs : undefined;
  } catch {
    return undefined;
  }
}

/** The job that made a model, by the name that a server has for it; absent where none of the project has. */
export const jobServedAs = (store: Store, model: string): TrainingJob | undefined => store.jobs.all().find(job => servedName(job) === model);
