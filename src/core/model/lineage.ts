/**
 * Where the model of a run comes from, where a training job of the same project made it. Kept with the run, so that it says so for ever.
 *
 * Iterations are counted from 1, the runs whose model no job of the project has tuned. A model that learnt from data of iteration n makes iteration n + 1; data of
 * several iterations count as those of the highest.
 */
export interface RunLineage {
  /** 2 or more. */
  readonly iteration: number;
  /** The latest run of the iteration before that its data came from; absent where no run of this project is known to have made them. */
  readonly parentRun?: number;
  readonly job: number;
  /** Of the training set's file, hexadecimal. */
  readonly datasetSha256: string;
  /** What the job began with, by the name or path that its target has for it. */
  readonly base: string;
}
