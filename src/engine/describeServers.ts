import type { RunChoices } from '../contract/engine.ts';
import { problemError, problemOf, type Problem } from '../core/model/problem.ts';
import { asksNothing } from '../core/model/stage.ts';
import type { LanguageModel, ServerDescription } from '../ports/languageModel.ts';
import type { Store } from '../ports/store.ts';
import type { FleetServer } from './fleet.ts';
import { choicesOf } from './runChoices.ts';

/** A server that a plan or a run names. The model is the caller's to close. */
export interface NamedServer {
  readonly baseUrl: string;
  readonly model: LanguageModel;
}

/** All servers that a plan or a run names. */
interface Named {
  readonly servers: readonly NamedServer[];
  /** Answers stage `judge` in place of the others. */
  readonly judge?: NamedServer;
}

/** What passes: a replica that fails like this when a run begins may join it later. */
const passing: readonly Problem['code'][] = ['server-unreachable', 'server-error', 'server-rate-limited', 'timed-out'];

const untested: ServerDescription['capabilities'] = {
  n: 'untested', seed: 'untested', logprobs: 'untested', structuredOutput: 'untested', tokenize: 'untested', metrics: 'untested', loraLoading: 'untested',
};

/**
 * The servers of a plan or a run and what they serve. For choices that ask nothing there are none: the model is the one that the latest run asked, whose answers are
 * graded again. Throws as `describeServers`, and `run-not-found` where nothing is stored that could be graded.
 */
export async function describeFor(choices: RunChoices, { store, ...named }: Named & { readonly store: Store }, signal: AbortSignal): Promise<FoundServers> {
  if (!asksNothing(choices.stages)) return describeRoles(named, signal);
  const [latest] = store.runs();
  if (!latest) throw problemError('run-not-found', `Nothing was run in this project yet, so there is nothing to ${choices.stages?.join(', ') ?? 'grade'}. Run the pipeline, or a stage that asks the model, first.`);
  const { baseUrl, model, identity, simulated } = latest;
  const judge = choicesOf(latest)?.judge;
  const server = { baseUrl, model, identity, simulated, capabilities: untested };
  if (judge?.identity === undefined) return { servers: [], server };
  return { servers: [], server, judge: { servers: [], server: { ...server, baseUrl: judge.server, model: judge.model ?? model, identity: judge.identity } } };
}

/**
 * Asks all servers what they serve. Throws what the first said where none answers, and what is wrong with any that will not mend itself; `model-mismatch` where
 * two serve different models.
 *
 * @returns `server` is the first that answered
 */
async function describeServers(servers: readonly NamedServer[], signal: AbortSignal): Promise<{ readonly servers: readonly FleetServer[]; readonly server: ServerDescription }> {
  const all = await Promise.all(servers.map(async ({ baseUrl, model }) => {
    try {
      const description = await model.describe(signal);
      return { server: { baseUrl: description.baseUrl, model, description }, problem: undefined };
    } catch (thrown) {
      return { server: { baseUrl, model, description: undefined }, problem: problemOf(thrown) };
    }
  }));
  const anyTells = all.some(({ server: { description } }) => description && description.onTrust !== true);
  // one that cannot say what it serves may join once it says the same as the others
  const asked = all.map(each => (anyTells && each.server.description?.onTrust === true ? { ...each, server: { ...each.server, description: undefined } } : each));
  const [first, ...others] = asked.flatMap(({ server: { description } }) => description ?? []);
  const problems = asked.flatMap(({ problem }) => problem ?? []);
  const fatal = problems.find(({ code }) => !passing.includes(code)) ?? (first ? undefined : problems[0]);
  if (fatal) throw problemError(fatal.code, fatal.message, fatal);
  if (!first) throw problemError('no-server', 'No inference server is named. Name one with --server URL.');
  const odd = others.find(({ identity }) => identity !== first.identity);
  if (odd) {
    throw problemError('model-mismatch', `${first.baseUrl} serves ${first.identity} and ${odd.baseUrl} serves ${odd.identity}: replicas must serve the very same model under the same name. Leave one of them out, or load the same model on both.`);
  }
  return { servers: asked.map(({ server }) => server), server: first };
}

/** The servers of a run, as they were found. */
export interface FoundServers {
  readonly servers: readonly FleetServer[];
  /** The first that answered. */
  readonly server: ServerDescription;
  /** The one that answers stage `judge`; absent where the others do. */
  readonly judge?: { readonly servers: readonly FleetServer[]; readonly server: ServerDescription };
}

/** Asks all servers of a run what they serve, the judge's among them. Throws as `describeServers`. */
async function describeRoles({ servers, judge }: Named, signal: AbortSignal): Promise<FoundServers> {
  const [found, ofJudge] = await Promise.all([describeServers(servers, signal), judge && describeServers([judge], signal)]);
  return { ...found, ...(ofJudge ? { judge: ofJudge } : {}) };
}

/**
 * Refuses a server that cannot say what it serves, where it has said it to an earlier run or evaluation of the project: under the bare name nothing would be found of
 * what that one has stored, and all of it be asked for again. Throws `server-error`.
 */
export function refuseUntold(store: Store, { onTrust, baseUrl, model, identity }: ServerDescription): void {
  if (onTrust !== true) return;
  const { evaluations } = store;
  const runs = [...store.runs(), ...evaluations.all().flatMap(({ id }) => evaluations.runs(id))];
  const before = runs.toSorted((one, other) => other.id - one.id).find(run => run.baseUrl === baseUrl && run.model === model);
  if (!before || before.identity === identity) return;
  throw problemError('server-error', `${baseUrl} cannot list its models just now, so that nobody knows whether it still serves ${before.identity}, which this project's answers are of. Try again when it can; ${baseUrl}/models shows it.`);
}

/** Where it is not known that the server draws several answers in one request, each is a request of its own: the draws are the same. */
export const hasN = (server: ServerDescription): boolean => server.capabilities.n === 'supported';

/** What makes the servers of two runs the same: addresses, models and keys. Kept in memory only. */
export function fleetKey({ servers, judge }: FoundServers, keys: Pick<RunChoices, 'apiKey' | 'apiKeys'>): string {
  const of = (some: readonly FleetServer[]) => [some.map(({ baseUrl }) => baseUrl).toSorted(), some.find(({ description }) => description)?.description?.model];
  return JSON.stringify([of(servers), of(judge?.servers ?? []), keys.apiKey, keys.apiKeys]);
}
