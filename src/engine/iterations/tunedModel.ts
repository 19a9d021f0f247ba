import type { RunChoices } from '../../contract/engine.ts';
import type { RunLineage } from '../../core/model/lineage.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { problemError, problemOf, type Problem } from '../../core/model/problem.ts';
import { asksNothing } from '../../core/model/stage.ts';
import { adapterFolder, type TrainingJob } from '../../core/model/trainingJob.ts';
import type { RunRecord, Store } from '../../ports/store.ts';
import type { EngineDependencies } from '../dependencies.ts';
import { servedName } from '../jobs/adapterName.ts';
import { keyAt } from '../resolveRun.ts';
import { serverSetting } from '../settings.ts';
import { iterationRuns, jobServedAs, lineageIn, lineageOf } from './lineage.ts';

/** What the model of an iteration is found with. */
export type FindingTuned = Pick<EngineDependencies, 'createModel' | 'createJobRunner' | 'loadAdapter'>;

/**
 * The choices of an iteration with the model that its job has made: by the name that a server has for it, at the server that was named, else the API that tuned it, else
 * the project's. An adapter that a server does not serve yet is loaded there. Other choices are given back as they are.
 *
 * Throws `job-not-found`, `usage` for a job that has come to no model that can be asked for, and `server-unknown-model` or what the server says where it does not serve it.
 */
export async function askingTuned(finding: FindingTuned, { store, choices, signal }: { readonly store: Store; readonly choices: RunChoices; readonly signal: AbortSignal }): Promise<RunChoices> {
  if (!choices.iteration) return choices;
  if (asksNothing(choices.stages)) throw problemError('usage', 'An iteration asks the tuned model, and these stages ask none. Leave the stages out, or the iteration.');
  const job = succeededJob(store, choices.iteration.job);
  const before = iterationRuns(store).find(run => lineageIn(run)?.job === job.id);
  const model = choices.model ?? servedName(job) ?? before?.model;
  if (model === undefined) throw problemError('usage', `Job ${job.id} trained all weights and no adapter, so that no server is told a name for them. Start a server with those in ${job.now.model ?? 'its folder'}, and say where it is and what it calls them: its address as the server, its name as the model.`);
  const server = choices.server ?? ownServer(job, before);
  for (const baseUrl of serversOf(store, { server, replicas: choices.replicas })) await serve(finding, { baseUrl, model, job, choices, signal });
  return { ...choices, model, ...withoutAbsent({ server }) };
}

/**
 * Sees to it that a model which a job of the project has made is served where it is about to be asked: an adapter that is not there is loaded. Any other model is let be.
 *
 * Throws `server-unknown-model`, or what the server says, where it does not serve it.
 */
export async function serveTuned(finding: FindingTuned, { store, choices, signal }: { readonly store: Store; readonly choices: Pick<RunChoices, 'model' | 'server' | 'apiKey' | 'apiKeys'>; readonly signal: AbortSignal }): Promise<void> {
  const { model, server } = choices;
  const job = model === undefined ? undefined : jobServedAs(store, model);
  if (model === undefined || !job) return;
  for (const baseUrl of serversOf(store, { server, replicas: undefined })) await serve(finding, { baseUrl, model, job, choices, signal });
}

/** Where what a job has tuned is served unless told: by the API that tuned it, and weights that no server was told a name for where an earlier run asked them. Absent: by the project's server. */
function ownServer(job: TrainingJob, before: RunRecord | undefined): string | undefined {
  if (job.target.kind === 'openai') return job.target.url;
  return servedName(job) === undefined ? before?.baseUrl : undefined;
}

/** All servers that will be asked: the one that is named with its replicas, else those of the project. */
function serversOf(store: Store, { server, replicas }: { readonly server: string | undefined; readonly replicas: readonly string[] | undefined }): readonly string[] {
  if (server !== undefined) return [server, ...replicas ?? []];
  const remembered = serverSetting(store);
  return remembered ? [remembered.baseUrl, ...replicas ?? remembered.replicas ?? []] : [];
}

/** What a run with a model is, where a job made that: the one of an iteration, else the one whose name the model has. */
export function lineageFor({ store, jobFiles }: Parameters<typeof lineageOf>[0], model: string, { iteration }: Pick<RunChoices, 'iteration'>): RunLineage | undefined {
  const job = iteration ? store.jobs.one(iteration.job) : jobServedAs(store, model);
  return job && lineageOf({ store, jobFiles }, job);
}

function succeededJob(store: Store, id: number): TrainingJob {
  const job = store.jobs.one(id);
  if (!job) throw problemError('job-not-found', `There is no job ${id} in this project.`);
  if (job.now.state === 'succeeded') return job;
  throw problemError('usage', `Job ${id} has not succeeded, so that there is no model to go on with: it is ${job.now.state}. Wait for its end, or take another job.`);
}

interface Serving {
  readonly baseUrl: string;
  readonly model: string;
  readonly job: TrainingJob;
  /** Whose keys are used. */
  readonly choices: Pick<RunChoices, 'apiKey' | 'apiKeys'>;
  readonly signal: AbortSignal;
}

/** Sees to it that a server serves the model. One that is not there is left to the run itself, which says so or goes on without it. */
async function serve(dependencies: FindingTuned, { baseUrl, model, job, choices, signal }: Serving): Promise<void> {
  const apiKey = keyAt(baseUrl, choices);
  const unserved = await unservedProblem(dependencies, { baseUrl, model, signal, ...withoutAbsent({ apiKey }) });
  if (!unserved) return;
  const others = withoutAbsent({ choices: unserved.choices });
  if (job.target.kind === 'openai') throw problemError(unserved.code, `${unserved.message} Job ${job.id} was tuned by ${job.target.url}, which serves it itself: name that server.`, others);
  if (servedName(job) !== model) throw problemError(unserved.code, `${unserved.message} Start a server with what job ${job.id} has tuned, and name it and the model as it calls it.`, others);
  const path = await adapterPlace(dependencies, job);
  const problem = await dependencies.loadAdapter({ baseUrl, name: model, path, signal, ...withoutAbsent({ apiKey }) });
  if (problem) throw problemError(problem.code, `${baseUrl} does not serve ${model}, which job ${job.id} has made, and could not load it from ${path}: ${problem.message} Load the adapter by hand from a folder that the server's machine has, or name a server that serves it.`);
}

/** What keeps a server from being asked for a model; absent where it serves it, and where something else is wrong with it. */
async function unservedProblem(dependencies: FindingTuned, { signal, ...endpoint }: { readonly baseUrl: string; readonly model: string; readonly apiKey?: string; readonly signal: AbortSignal }): Promise<Problem | undefined> {
  const model = dependencies.createModel(endpoint);
  try {
    await model.describe(signal);
    return undefined;
  } catch (thrown) {
    const problem = problemOf(thrown);
    return problem.code === 'server-unknown-model' ? problem : undefined;
  } finally {
    await model.close();
  }
}

/** Where the adapter of a job lies, as its target knows it; nothing is asked for that. */
async function adapterPlace({ createJobRunner }: FindingTuned, { target, spec, now, facts }: TrainingJob): Promise<string> {
  const runner = createJobRunner(target, {});
  try {
    return adapterFolder({ kind: target.kind, place: runner.describe(spec).place, ...withoutAbsent({ model: now.model, output: facts.output }) });
  } finally {
    await runner.close();
  }
}
