import type { JobFile, JobSpec, TrainingTarget } from '../model/trainingJob.ts';

/** What makes two jobs the same work. */
export interface JobWork {
  /** Where it is done. */
  readonly target: TrainingTarget;
  /** Hash of the training set's manifest: of whatever went into the data. */
  readonly manifestSha256: string;
  readonly model: string;
  /** Code, configuration and data, by name and hash. */
  readonly files: readonly Pick<JobFile, 'name' | 'sha256'>[];
  readonly command: readonly string[];
  readonly hyperparameters: JobSpec['hyperparameters'];
  /** 0 for the first time; a person who wants the same work done once more says so. */
  readonly retry: number;
}

/** The key of a job: the same work on the same target has the same key wherever and whenever it is begun. @param hash hexadecimal SHA-256 of a text */
export function jobKey({ target, manifestSha256, model, files, command, hyperparameters, retry }: JobWork, hash: (text: string) => string): string {
  const sorted = files.map(({ name, sha256 }) => [name, sha256]).sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
  const values = Object.entries(hyperparameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return hash(JSON.stringify(['training job 2', targetIdentity(target), manifestSha256, model, sorted, command, values, retry]));
}

/** What tells a target from every other: its name and where it is. What it is asked for, such as its time limit, makes no other work. */
export const targetIdentity = (target: TrainingTarget): readonly (string | null)[] =>
  [target.kind, target.name, ...('url' in target ? [target.url] : [target.host ?? null, target.folder ?? null])];
