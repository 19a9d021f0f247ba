import type { EngineClient } from '../client/engineClient.ts';
import { counted, duration, thousands } from '../client/words.ts';
import { mostConcurrent } from '../contract/engine.ts';
import { mostModels, mostSamples, type EvaluationChoices, type EvaluationReport, type EvaluationRow, type ModelChoice } from '../contract/evaluation.ts';
import { domains, extractionRules, type Domain } from '../core/model/evaluation.ts';
import { withoutAbsent } from '../core/model/outside.ts';
import { problemError, problemOf } from '../core/model/problem.ts';
import { boundKey } from './boundKey.ts';
import { exitCodes, type Command, type CommandEnvironment, type Given } from './command.ts';
import { evaluationJson, evaluationText, planText, unaskedText } from './evaluationText.ts';
import { json } from './print.ts';
import { ProgressLine } from './runProgress.ts';
import { apiKeyIn } from './runOptions.ts';
import { withProject } from './withEngine.ts';

const longestAnswer = 131_072;
const hottest = 2;

/** Asks models the held-out tasks and compares them. */
export const evaluate: Command = {
  name: 'evaluate',
  summary: 'Ask one or more models the held-out tasks, and say how often each is right and what the difference is worth. Nothing is asked twice.',
  usage: 'PROJECT --model MODEL [--against MODEL]',
  options: {
    'model': { type: 'string', multiple: true, value: 'MODEL', help: 'model to evaluate: NAME on the server, NAME@URL on another, or the URL of a server that serves one model; may be repeated' },
    'against': { type: 'string', value: 'MODEL', help: 'model that all others are compared with, as a rule their base' },
    'set': { type: 'string', multiple: true, value: 'NAME', help: 'held-out data set; may be repeated (default: all of them)' },
    'domain': { type: 'string', multiple: true, value: 'SET=DOMAIN', help: 'say for good that a data set is in or out of the domain of what is trained on; may be repeated' },
    'samples': { type: 'string', value: 'N', help: 'answers of each task, of which the majority counts (default 1)' },
    'temperature': { type: 'string', value: 'T', help: `0 to ${hottest} (default 0: greedy; 0.7 for several --samples)` },
    'limit': { type: 'string', value: 'N', help: 'only N tasks of each set, drawn by --seed' },
    'seed': { type: 'string', value: 'N', help: 'decides which tasks --limit takes and what is drawn (default 0)' },
    'extract': { type: 'string', value: 'RULE', help: 'boxed (default): the answer is what stands in the last box; any: in any form that announces it' },
    'server': { type: 'string', value: 'URL', help: 'server of the models that name none (default: the project’s), its key comes from REGENESIS_API_KEY, and goes to no other host' },
    'against-server': { type: 'string', value: 'URL', help: 'server of the model that is compared with (default: as the others)' },
    'max-tokens': { type: 'string', value: 'N', help: 'longest answer (default: as the prompt says)' },
    'concurrency': { type: 'string', value: 'N', help: 'requests in flight (default: as many as the servers are found to hold)' },
    'retry-lost': { type: 'boolean', help: 'ask again for answers that were given up' },
  },
  positionals: [1, 1],
  notes: `Only tasks that every model has answered count, so that all are measured by the same. Answers that cannot be read are counted apart from wrong ones.
Ctrl-C stops cleanly and keeps what has arrived; the same command goes on from there. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 some answers were given up or it
was paused, 130 cancelled.`,
  run: async (given, environment) => {
    const named = evaluationChoices(given);
    const stated = domainsIn(given);
    return withProject(environment, { project: given.positionals[0] ?? '' }, async engine => {
      const choices = { ...named, ...await keyFor(engine, named, { key: apiKeyIn(environment), server: given.text('server') }) };
      for (const [dataset, domain] of stated) await engine.call('setDomain', { dataset, domain });
      const report = await evaluated(engine, choices, environment);
      await environment.out(given.flag('json') ? json(evaluationJson(report)) : `${evaluationText(report)}\n`);
      return exitCodeOf(report);
    });
  },
};

function evaluationChoices(given: Given): EvaluationChoices {
  const [server, againstServer, against] = [given.text('server'), given.text('against-server'), given.text('against')];
  const models = given.texts('model').map(text => modelIn('model', text, server));
  if (models.length === 0) throw problemError('usage', 'Say which model: --model NAME, --model NAME@URL, or --model URL. See regenesis evaluate --help.');
  if (models.length > mostModels) throw problemError('usage', `--model can be given ${mostModels} times, not ${models.length}. Evaluate the others by themselves: what was answered is not asked again.`);
  const sets = given.texts('set');
  return {
    models,
    ...withoutAbsent({
      against: against !== undefined ? modelIn('against', against, againstServer ?? server) : againstServer !== undefined ? { server: againstServer } : undefined,
      sets: sets.length > 0 ? [...sets] : undefined,
      limit: given.count('limit', 1),
      samples: given.count('samples', 1, mostSamples),
      temperature: temperatureIn(given),
      maxTokens: given.count('max-tokens', 1, longestAnswer),
      seed: given.count('seed', 0, 2 ** 31 - 1),
      extraction: given.word('extract', extractionRules),
      concurrency: given.count('concurrency', 1, mostConcurrent),
      retryLost: given.flag('retry-lost') ? true : undefined,
    }),
  };
}

/** The key that there is, for the server that it belongs to. */
async function keyFor(engine: EngineClient, choices: EvaluationChoices, { key, server }: { readonly key: string | undefined; readonly server: string | undefined }): Promise<Pick<EvaluationChoices, 'apiKeys'>> {
  if (key === undefined) return {};
  const { server: own } = await engine.call('status', {});
  return { apiKeys: boundKey(choices, { key, own: own ? [own.baseUrl, ...own.replicas ?? []] : [], ...withoutAbsent({ server }) }) };
}

/** `NAME`, `NAME@URL` or `URL`. Throws `usage` for none. */
function modelIn(option: string, text: string, server: string | undefined): ModelChoice {
  const [, name = text, address] = /^(.*?)@?(https?:\/\/.*)$/.exec(text.trim()) ?? [];
  if (name.trim() === '' && address === undefined) throw problemError('usage', `--${option} takes a model's name, NAME@URL or URL.`);
  return withoutAbsent({ model: name.trim() === '' ? undefined : name.trim(), server: address ?? server });
}

function temperatureIn(given: Given): number | undefined {
  const text = given.text('temperature');
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^(?:\d+\.?\d*|\.\d+)$/.test(text) && value <= hottest) return value;
  throw problemError('usage', `--temperature takes a number from 0 to ${hottest}, not ${text}.`);
}

function domainsIn(given: Given): readonly (readonly [dataset: string, domain: Domain])[] {
  return given.texts('domain').map(text => {
    const at = text.lastIndexOf('=');
    const domain = domains.find(each => each === text.slice(at + 1));
    if (at > 0 && domain !== undefined) return [text.slice(0, at), domain];
    throw problemError('usage', `--domain takes SET=in or SET=out, not ${text}.`);
  });
}

/** Begins an evaluation, or goes on with it, and follows it to its end with progress. The first Ctrl-C cancels it, the second leaves at once. */
async function evaluated(engine: EngineClient, choices: EvaluationChoices, environment: CommandEnvironment): Promise<EvaluationReport> {
  const following = new Following(engine, environment);
  const starting = new AbortController();
  let id: number | undefined;
  let interrupts = 0;
  const stopListening = environment.onInterrupt(() => {
    interrupts += 1;
    if (interrupts > 1) following.leave();
    else if (id === undefined) starting.abort();
    else void engine.call('cancelEvaluation', { id }).catch(() => undefined); // a dead engine is noticed below
  });
  try {
    const plan = await engine.call('planEvaluation', choices, starting.signal).catch(refused);
    const unasked = choices.sets ? '' : unaskedText((await engine.call('heldOutSets', {})).sets, plan);
    environment.say(`${unasked}${planText(plan, choices)}\n`);
    const started = await startedOrJoined(engine, choices, starting.signal);
    ({ id } = started);
    if (starting.signal.aborted) await engine.call('cancelEvaluation', { id }); // it had begun by the time that the engine heard of the first Ctrl-C
    const ended = started.goesOn ? await following.end(started) : undefined;
    // nobody is left to be asked for figures
    if (ended?.problem?.code === 'engine-stopped') throw problemError('engine-stopped', ended.problem.message);
    return await engine.call('evaluation', { id });
  } finally {
    following.dispose();
    if (interrupts === 0) stopListening(); // else this process is about to end, and another Ctrl-C must not change how
  }
}

/** The same evaluation goes on already where another terminal, or the editor, has begun it. One that has ended meanwhile is told of no more; what ends later is heard, since we listen already. */
async function startedOrJoined(engine: EngineClient, choices: EvaluationChoices, signal: AbortSignal): Promise<{ readonly id: number; readonly pass: number; readonly joined: boolean; readonly goesOn: boolean }> {
  try {
    const { id, pass } = await engine.call('startEvaluation', choices, signal);
    return { id, pass, joined: false, goesOn: true };
  } catch (thrown) {
    const { code, field } = problemOf(thrown);
    if (code !== 'run-active') return refused(thrown);
    const going = (await engine.call('evaluations', {})).rows.find(({ id }) => String(id) === field);
    if (!going) throw thrown;
    return { id: going.id, pass: going.pass, joined: true, goesOn: going.state === 'running' };
  }
}

/** Which sets have tasks to ask is known before: the words of the call are wrong. */
function refused(thrown: unknown): never {
  const { code, message } = problemOf(thrown);
  if (code === 'no-tasks') throw problemError('usage', message, { cause: thrown });
  throw thrown;
}

const startText = ({ id, models, base, tasks, sets, simulated }: EvaluationRow): string =>
  `evaluation ${id}: ${models.map(({ label }) => label).filter(label => label !== base).join(', ')}${base === null ? '' : ` against ${base}`} on ${counted(tasks, 'task')} of ${counted(sets.length, 'set')}${simulated ? ' (simulation: the demo server plays a model)' : ''}`;

/** What an engine tells of its evaluations, kept from before one is begun, since its end may come before its number. */
class Following {
  readonly #environment: CommandEnvironment;
  readonly #listener: { dispose(): void };
  readonly #line: ProgressLine;
  readonly #latest = new Map<number, EvaluationRow>();
  readonly #left: Promise<never>;
  #leave: (problem: Error) => void = () => undefined;
  #followed: { readonly id: number; readonly pass: number; readonly joined: boolean } | undefined;
  #introduced = false;
  #settle: (row: EvaluationRow) => void = () => undefined;

  constructor(engine: EngineClient, environment: CommandEnvironment) {
    this.#environment = environment;
    this.#line = new ProgressLine(environment);
    this.#listener = engine.on('evaluationChanged', row => {
      this.#latest.set(row.id, row);
      if (row.id === this.#followed?.id) this.#show(row, this.#followed);
    });
    this.#left = new Promise<never>((_, reject) => { this.#leave = reject; });
    this.#left.catch(() => undefined); // told by whoever waits for the end
    void engine.gone.then(reason => { this.#leave(problemError('engine-unavailable', `The engine ended: ${reason}. What had arrived is stored; the same command goes on from there.`)); });
  }

  /** What is told of an earlier pass says nothing of this one. */
  #show(row: EvaluationRow, { pass, joined }: { readonly pass: number; readonly joined: boolean }): void {
    if (row.pass < pass) return;
    if (!this.#introduced) this.#environment.say(`${startText(row)}${joined ? ', which goes on already; Ctrl-C cancels it' : ''}\n`);
    this.#introduced = true;
    if (row.state === 'running') this.#line.write(progressText(row), performance.now());
    else this.#settle(row);
  }

  /** Ends the waiting; the evaluation is being cancelled by the engine meanwhile. */
  leave(): void {
    this.#leave(problemError('cancelled', 'Stopped at once. What had arrived is stored; the same command goes on from there.'));
  }

  /** Resolves with what is told of it when it has ended. */
  end(followed: { readonly id: number; readonly pass: number; readonly joined: boolean }): Promise<EvaluationRow> {
    const ended = new Promise<EvaluationRow>(resolve => { this.#settle = resolve; });
    this.#followed = followed;
    const known = this.#latest.get(followed.id);
    if (known) this.#show(known, followed);
    return Promise.race([ended, this.#left]);
  }

  dispose(): void {
    this.#line.end();
    this.#listener.dispose();
  }
}

function progressText({ progress, simulated }: EvaluationRow): string {
  if (!progress) return 'asking the servers who they are';
  const { done, total, failed, calls, callsPerSecond, remainingMs, notice } = progress;
  return [
    `${thousands(done)}/${thousands(total)} answers`,
    ...(done === total ? [] : [remainingMs === null ? 'time left unknown' : `${duration(remainingMs)} left`]),
    `${callsPerSecond} calls/s`,
    ...(simulated ? ['simulation'] : []),
    counted(calls, 'call'),
    ...(failed > 0 ? [`${thousands(failed)} failed`] : []),
    ...(notice === undefined ? [] : [notice]),
  ].join(' · ');
}

/** Where nothing is left to ask, what is not answered was given up. */
function exitCodeOf({ state, rows }: EvaluationReport): number {
  if (state === 'cancelled') return exitCodes.cancelled;
  if (state === 'paused') return exitCodes.inPart;
  if (state !== 'completed') return exitCodes.failed;
  return rows.some(({ unanswered }) => unanswered > 0) ? exitCodes.inPart : exitCodes.done;
}
