import type { JobRow } from '../contract/jobs.ts';
import type { RunRow, StatusReport } from '../contract/reports.ts';
import { counted, visible } from './words.ts';

/** What a served model was tuned from, by which job and on what; nothing where no job of the project made it. */
export function lineageWords(jobs: readonly JobRow[], model: string): string | undefined {
  const job = jobs.find(({ tuned }) => tuned?.name === model);
  return job?.tuned && `tuned from ${visible(job.base)} by job ${job.id} on ${counted(job.records, 'record')} (${job.tuned.dataset})${job.simulated ? ', simulation' : ''}`;
}

/** `iteration 2`, among what is said of a run; nothing where no job of the project made its model. */
export const iterationTag = ({ lineage }: Pick<RunRow, 'lineage'>): readonly string[] => (lineage ? [`iteration ${lineage.iteration}`] : []);

/** Where the model of a run comes from, as a line: `Its model was tuned from llama by job 1, after run 3`; nothing as above. */
export const runLineage = ({ lineage }: Pick<RunRow, 'lineage'>): readonly string[] =>
  (lineage ? [`Its model was tuned from ${visible(lineage.base)} by job ${lineage.job}${lineage.parentRun === undefined ? '' : `, after run ${lineage.parentRun}`}`] : []);

/** The same of all models that a job of the project made, by their names. */
export const lineagesOf = (jobs: readonly JobRow[], models: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(models.flatMap(model => {
    const words = lineageWords(jobs, model);
    return words === undefined ? [] : [[model, words] as const];
  }));

/**
 * What a fine-tuning begins with unless it is told: where the model that the project asks was made by a job of it, the base of that job, since each iteration is trained
 * from the base and not from the one before. Absent where no job has made it.
 */
export function baseOf(model: string, { runs, jobs }: { readonly runs: StatusReport['runs']; readonly jobs: readonly JobRow[] }): { readonly base: string; readonly iteration?: number } | undefined {
  const lineage = runs.find(run => run.model === model)?.lineage;
  if (lineage) return { base: lineage.base, iteration: lineage.iteration };
  const job = jobs.find(({ tuned }) => tuned?.name === model);
  return job && { base: job.base };
}
