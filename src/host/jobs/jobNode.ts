// Jobs as nodes of a tree, and whatever else names one. Knows nothing of the editor.

/** A job, as commands are handed it. Anybody may make one. */
export interface JobAddress {
  readonly kind: 'job';
  /** Absolute path of the project file. */
  readonly project: string;
  readonly job: number;
}

/** A job in the view of data. */
export interface JobNode extends JobAddress {
  readonly id: string;
}

/** What names a job to a command. */
export const jobAddress = (project: string, job: number): JobAddress => ({ kind: 'job', project, job });

/** The node of a job. */
export const jobNode = (project: string, job: number): JobNode => ({ ...jobAddress(project, job), id: `job|${encodeURIComponent(project)}|${job}` });

/** The job that a command was called on; absent where it was called on none. Anybody may hand over anything. */
export function jobIn(target: unknown): JobAddress | undefined {
  if (typeof target !== 'object' || target === null) return undefined;
  const { kind, project, job }: { readonly kind?: unknown; readonly project?: unknown; readonly job?: unknown } = target;
  return kind === 'job' && typeof project === 'string' && typeof job === 'number' && Number.isInteger(job) ? jobAddress(project, job) : undefined;
}
