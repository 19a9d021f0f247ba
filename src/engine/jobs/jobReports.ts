import type { JobDetail, JobRow } from '../../contract/jobs.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { hasEnded, type JobSpec, type TrainingJob, type TrainingPoint, type TrainingTarget } from '../../core/model/trainingJob.ts';
import type { JobRecords } from '../../ports/jobRecords.ts';
import type { JobRunner } from '../../ports/jobRunner.ts';
import { baseName } from '../paths.ts';
import { servedName } from './adapterName.ts';

/** Points of a curve that a screen can show. */
const mostPoints = 2_000;
/** Losses of a curve that is as small as a word. */
const mostLosses = 48;

/** A job in one line. `points`: the steps of its training. */
export function jobRow(job: TrainingJob, points: readonly TrainingPoint[]): JobRow {
  const { id, spec, target, now, facts, dataset, preset, retry, createdAtMs } = job;
  const name = servedName(job);
  const latest = latestPoint(points);
  const losses = hasEnded(now.state) ? [] : lossesOf(points);
  return {
    id, key: spec.key, target: target.name, kind: target.kind, state: now.state, base: spec.model, preset, records: dataset.records - (dataset.validation?.records ?? 0), retry, simulated: dataset.simulated, createdAtMs, atMs: now.atMs,
    ...(name === undefined ? {} : { tuned: { name, dataset: `${baseName(dataset.path)} ${dataset.sha256.slice(0, 8)}` } }),
    ...(losses.length < 2 ? {} : { curve: [...losses] }),
    ...withoutAbsent({ reason: now.failure, words: now.words, code: now.problem?.code, origin: originOf(target), step: latest?.step, steps: facts.steps, loss: latest?.loss, secondsPerStep: latest?.secondsPerStep, model: now.model }),
  };
}

/** Where a key for a target is sent; absent where it takes none. */
export function originOf(target: TrainingTarget): string | undefined {
  if (target.kind !== 'openai' && target.kind !== 'ray') return undefined;
  return URL.canParse(target.url) ? new URL(target.url).origin : undefined;
}

/** The last step of a training; its held-out figures do not count. */
const latestPoint = (points: readonly TrainingPoint[]): TrainingPoint | undefined => points.findLast(({ heldOut }) => heldOut !== true);

/** Everything about a job. */
export function jobDetail(job: TrainingJob, { records, runner }: { readonly records: JobRecords; readonly runner: Pick<JobRunner, 'describe'> }): JobDetail {
  const points = records.points(job.id);
  const { spec, dataset: { path, format, records: count, tasks, hinted, humanEdited, reviewed, validation }, facts, reference } = job;
  const { failed: _failed, steps: _steps, ...said } = facts;
  return {
    row: jobRow(job, points), ...runner.describe(spec), files: spec.files.map(({ name, path: place, bytes }) => ({ name, path: place, bytes })), ...withoutAbsent({ reference }),
    hyperparameters: spec.hyperparameters, dataset: { path, format, records: count, tasks, hinted, humanEdited, reviewed, ...withoutAbsent({ validation: validation?.records }) }, facts: said,
    events: records.events(job.id).map(({ atMs, state, words, failure, problem }) => ({ atMs, state, ...withoutAbsent({ words, reason: failure, code: problem?.code }) })),
    points: thinned(points).map(({ step, loss, learningRate, epoch, heldOut }) => ({ step, ...withoutAbsent({ loss, learningRate, epoch, heldOut }) })),
    logBytes: job.log.kept,
  };
}

/** As many points as a screen can show: the last of each stretch, and all that were measured on held-out data. */
export function thinned(points: readonly TrainingPoint[]): readonly TrainingPoint[] {
  const kept = everyFew(points.filter(({ heldOut }) => heldOut !== true), mostPoints);
  return [...kept, ...points.filter(({ heldOut }) => heldOut === true).slice(-mostPoints)];
}

/** At most `most` values, evenly taken, the last of them always. */
function everyFew<Value>(values: readonly Value[], most: number): readonly Value[] {
  const stretch = Math.ceil(values.length / most);
  return stretch <= 1 ? values : values.filter((_, at) => (values.length - 1 - at) % stretch === 0);
}

const lossesOf = (points: readonly TrainingPoint[]): readonly number[] =>
  everyFew(points.flatMap(({ loss, heldOut }) => (loss === undefined || heldOut === true ? [] : [loss])), mostLosses);

/** What stands for a key that is not known yet; no key begins so. */
const unknownKey = '0'.repeat(64);

/** Where a job's files would lie and what would run it, before its key is known. */
export function describeUnkeyed(runner: Pick<JobRunner, 'describe'>, spec: Omit<JobSpec, 'key'>): { readonly place: string; readonly command: string } {
  const { place, command } = runner.describe({ ...spec, key: unknownKey });
  const withoutKey = (text: string): string => text.replaceAll(/0{12,64}/g, '…');
  return { place: withoutKey(place), command: withoutKey(command) };
}
