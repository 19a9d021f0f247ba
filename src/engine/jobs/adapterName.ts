import { problemError } from '../../core/model/problem.ts';
import type { TrainingJob } from '../../core/model/trainingJob.ts';

/**
 * What a server is to call the adapter of a job: its base, its job, and the first digits of its weights' hash, such as `llama-3-8b-ft3-1a2b3c4d`. Two trainings never
 * have one name, however often they are done again.
 *
 * Throws `usage` for a job that has come to no adapter.
 */
export function adapterName(job: TrainingJob): string {
  const { id, spec: { hyperparameters }, now, target } = job;
  if (now.state !== 'succeeded') throw problemError('usage', `Job ${id} has not succeeded, so that there is nothing to load.`);
  if (target.kind === 'openai') throw problemError('usage', `What job ${id} tuned is served by ${target.url} itself, as ${now.model ?? 'the name that it gave it'}.`);
  if (hyperparameters['adapter'] !== 'lora') throw problemError('usage', `Job ${id} trained all weights and not an adapter. A server is started with those: they lie in ${now.model ?? 'its folder'}.`);
  return nameOf(job);
}

/** By which name a server serves what came of a job; nothing where it is told of none. */
export function servedName(job: TrainingJob): string | undefined {
  if (job.now.state !== 'succeeded') return undefined;
  if (job.target.kind === 'openai') return job.now.model;
  return job.spec.hyperparameters['adapter'] === 'lora' ? nameOf(job) : undefined;
}

function nameOf({ id, spec: { model, key }, facts }: TrainingJob): string {
  const base = model.split(/[/\\]/).filter(part => part !== '').at(-1) ?? 'model';
  return `${base.replaceAll(/[^\w.-]+/g, '-').slice(0, 80)}-ft${id}-${(facts.weightsSha256 ?? key).slice(0, 8)}`;
}
