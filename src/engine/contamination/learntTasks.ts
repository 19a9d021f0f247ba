import * as z from 'zod/mini';
import type { EvaluatedModel } from '../../core/model/evaluation.ts';
import { parseJson } from '../../core/model/outside.ts';
import { problemError } from '../../core/model/problem.ts';
import type { JobDataset, TrainingJob } from '../../core/model/trainingJob.ts';
import type { Store } from '../../ports/store.ts';
import type { EngineDependencies } from '../dependencies.ts';
import { placesOf } from '../export/exportFiles.ts';
import { jobServedAs } from '../iterations/lineage.ts';
import { inSlices } from '../slices.ts';

/** What models have learnt from that jobs of the project have trained; nothing is known, or said, of others. */
interface Learnt {
  /** Whether one of them has learnt from a task, by its id. */
  readonly from: (task: string) => boolean;
  /** Labels of those of which it cannot be told any more. */
  readonly untold: readonly string[];
}

const manifestSchema = z.object({ recordsSha256: z.string() });
const recordSchema = z.object({ task: z.string(), split: z.optional(z.string()) });

/** Reads what a model was trained on from the records beside the training set of its job: exact whatever has become of the project's tasks since. */
export class LearntTasks {
  readonly #dependencies: Pick<EngineDependencies, 'jobFiles' | 'rows' | 'clock'>;
  /** By the hash of their manifest, which has those of all files of the set. */
  readonly #known = new Map<string, ReadonlySet<string>>();

  constructor(dependencies: Pick<EngineDependencies, 'jobFiles' | 'rows' | 'clock'>) {
    this.#dependencies = dependencies;
  }

  /** Throws `cancelled` once the signal is aborted, which it is when nobody waits for it any more. */
  async of(store: Store, models: readonly Pick<EvaluatedModel, 'label' | 'model'>[], signal: AbortSignal): Promise<Learnt> {
    const [sets, untold] = [[] as ReadonlySet<string>[], new Set<string>()];
    for (const { label, model } of models) {
      for (const { dataset } of jobsBehind(store, model)) {
        const tasks = await this.#tasksOf(dataset, signal);
        if (tasks) sets.push(tasks);
        else untold.add(label);
      }
    }
    return { from: task => sets.some(tasks => tasks.has(task)), untold: [...untold] };
  }

  /** Undefined where the files are gone, or are others by now. */
  async #tasksOf({ path, manifestSha256 }: JobDataset, signal: AbortSignal): Promise<ReadonlySet<string> | undefined> {
    const known = this.#known.get(manifestSha256);
    if (known) return known;
    const { jobFiles } = this.#dependencies;
    const { manifest, records } = placesOf(path, { split: undefined, card: false });
    try {
      if ((await jobFiles.identify(manifest, signal)).sha256 !== manifestSha256) return undefined;
      const { recordsSha256 } = z.parse(manifestSchema, parseJson(jobFiles.text(manifest)));
      if ((await jobFiles.identify(records, signal)).sha256 !== recordsSha256) return undefined;
      const tasks = await this.#read(records, signal);
      this.#known.set(manifestSha256, tasks);
      return tasks;
    } catch {
      if (signal.aborted) throw problemError('cancelled', 'Nobody waits for what a model was trained on any more.');
      return undefined;
    }
  }

  /** The part for validation was measured on, and not learnt from. */
  async #read(records: string, signal: AbortSignal): Promise<ReadonlySet<string>> {
    const { rows, clock } = this.#dependencies;
    const [tasks, pause] = [new Set<string>(), inSlices(clock)];
    for await (const batch of (await rows.open(records)).rows()) {
      for (const row of batch) {
        const { task, split = 'train' } = z.parse(recordSchema, 'fields' in row ? row.fields : undefined);
        if (split === 'train') tasks.add(task);
      }
      await pause();
      signal.throwIfAborted(); // which is said in words above
    }
    return tasks;
  }
}

/** The job that made a model, and where it went on from what another one had made, that one too. */
function jobsBehind(store: Store, model: string, found: readonly TrainingJob[] = []): readonly TrainingJob[] {
  const job = jobServedAs(store, model);
  return job && !found.some(({ id }) => id === job.id) ? jobsBehind(store, job.spec.model, [...found, job]) : found;
}
