import type { JobDetail, JobRow } from '../../contract/jobs.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import type { JobSpec, TrainingJob, TrainingPoint, TrainingTarget } from '../../core/model/trainingJob.ts';
import type { JobRecords } from '../../ports/jobRecords.ts';
import type { JobRunner } from '../../ports/jobRunner.ts';

/** Points of a curve that a screen can show. */
const mostPoints = 2_000;

/** A job in one line. `latest`: the last step of its training. */
export function jobRow(job: TrainingJob, latest: TrainingPoint | undefined): JobRow {
  const { id, spec, target, now, facts, dataset, preset, retry, createdAtMs } = job;
  return {
    id, key: spec.key, target: target.name, kind: target.kind, state: now.state, base: spec.model, preset, records: dataset.records, retry, simulated: dataset.simulated, createdAtMs, atMs: now.atMs,
    ...withoutAbsent({ reason: now.failure, words: now.words, code: now.problem?.code, origin: originOf(target), step: latest?.step, steps: facts.steps, loss: latest?.loss, secondsPerStep: latest?.secondsPerStep, model: now.model }),
  };
}

/** Where a key for a target is sent; absent where it takes none. */
export function originOf(target: TrainingTarget): string | undefined {
  if (target.kind !== 'openai' && target.kind !== 'ray') return undefined;
  return URL.canParse(target.url) ? new URL(target.url).origin : undefined;
}

/** The last step of a training; its held-out figures do not count. */
export const latestPoint = (points: readonly TrainingPoint[]): TrainingPoint | undefined => points.findLast(({ heldOut }) => heldOut !== true);

/** Everything about a job. */
export function jobDetail(job: TrainingJob, { records, runner }: { readonly records: JobRecords; readonly runner: Pick<JobRunner, 'describe'> }): JobDetail {
  const points = records.points(job.id);
  const { spec, dataset: { path, format, records: count, tasks, hinted, humanEdited, reviewed }, facts, reference } = job;
  const { failed: _failed, steps: _steps, ...said } = facts;
  return {
    row: jobRow(job, latestPoint(points)), ...runner.describe(spec), files: spec.files.map(({ name, path: place, bytes }) => ({ name, path: place, bytes })), ...withoutAbsent({ reference }),
    hyperparameters: spec.hyperparameters, dataset: { path, format, records: count, tasks, hinted, humanEdited, reviewed }, facts: said,
    events: records.events(job.id).map(({ atMs, state, words, failure, problem }) => ({ atMs, state, ...withoutAbsent({ words, reason: failure, code: problem?.code }) })),
    points: thinned(points).map(({ step, loss, learningRate, epoch, heldOut }) => ({ step, ...withoutAbsent({ loss, learningRate, epoch, heldOut }) })),
    logBytes: job.log.kept,
  };
}

/** As many points as a screen can show: the last of each stretch, and all that were measured on held-out data. */
export function thinned(points: readonly TrainingPoint[]): readonly TrainingPoint[] {
  const training = points.filter(({ heldOut }) => heldOut !== true);
  const stretch = Math.ceil(training.length / mostPoints);
  const kept = stretch <= 1 ? training : training.filter((_, at) => (training.length - 1 - at) % stretch === 0);
  return [...kept, ...points.filter(({ heldOut }) => heldOut === true).slice(-mostPoints)];
}

/** What stands for a key that is not known yet; no key begins so. */
const unknownKey = '0'.repeat(64);

/** Where a job's files would lie and what would run it, before its key is known. */
export function describeUnkeyed(runner: Pick<JobRunner, 'describe'>, spec: Omit<JobSpec, 'key'>): { readonly place: string; readonly command: string } {
  const { place, command } = runner.describe({ ...spec, key: unknownKey });
  const withoutKey = (text: string): string => text.replaceAll(/0{12,64}/g, '…');
  return { place: withoutKey(place), command: withoutKey(command) };
}
