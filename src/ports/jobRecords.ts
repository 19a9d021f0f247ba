import type { JobEvent, JobNote, TrainingJob, TrainingJobDraft, TrainingPoint } from '../core/model/trainingJob.ts';

/** The training jobs that a project knows of. Part of its file, with the same laws: facts are appended, and what is committed is never lost. */
export interface JobRecords {
  /**
   * Stores a job, on the disk itself and before it is sent, so that nothing runs anywhere of which nobody knows; its first event is `preparing`. Where its target, by
   * its name, has one with its key already, that one is given.
   */
  add(draft: TrainingJobDraft): { readonly id: number; readonly added: boolean };
  /** Stores what is learnt of a job, together. With an event it survives a power cut. */
  note(id: number, note: JobNote): void;
  /** Newest first. */
  all(): readonly TrainingJob[];
  one(id: number): TrainingJob | undefined;
  /** What has become of a job, oldest first. */
  events(id: number): readonly JobEvent[];
  /** The steps of a job in their order, those on held-out data after the others. */
  points(id: number): readonly TrainingPoint[];
}
