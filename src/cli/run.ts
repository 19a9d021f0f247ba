import type { EngineClient } from '../client/engineClient.ts';
import { counted, duration, reasons } from '../client/words.ts';
import type { RunChoices } from '../contract/engine.ts';
import type { RunProgress, RunReport, StartReport } from '../contract/reports.ts';
import { problemError, problemOf } from '../core/model/problem.ts';
import { withoutEnding } from '../core/model/server.ts';
import { exitCodes, type Command, type CommandEnvironment } from './command.ts';
import { funnelTable, json, keyAdvice } from './print.ts';
import { ProgressLine } from './runProgress.ts';
import { runChoices, runOptions } from './runOptions.ts';
import { withProject } from './withEngine.ts';

/** How often, and after which pause, it is looked whether a run that was about to start has begun. */
const startingAgain = { times: 50, afterMs: 100 } as const;

/** Runs a recipe. */
export const run: Command = {
  name: 'run',
  summary: 'Run a recipe: one stage, several or all, on some train tasks or all. Run again, it goes on where it stopped.',
  usage: 'PROJECT',
  options: runOptions,
  positionals: [1, 1],
  notes: 'Ctrl-C stops cleanly and keeps what has arrived; a second one stops at once, and loses nothing that was stored. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 paused, 130 cancelled.',
  run: async (given, environment) => {
    const choices = runChoices(given, environment);
    return withProject(environment, { project: given.positionals[0] ?? '' }, async engine => {
      const report = await followRun(engine, choices, environment);
      if (given.flag('json')) await environment.out(json(report));
      else {
        await environment.out(`${runText(report)}\n`);
        // an engine that was told to end has ended the run with it
        const status = await engine.call('status', {}).catch((thrown: unknown) => { if (problemOf(thrown).code !== 'engine-unavailable') throw thrown; });
        if (status) await environment.out(`\nthe whole project:\n${funnelTable(status.funnel)}\n`);
      }
      return exitCodeOf(report);
    });
  },
};

/**
 * Starts a run, or joins the one that goes on, and follows it to its end with progress. The first Ctrl-C cancels it, the second leaves at once.
 *
 * Throws `run-active` where another run goes on than what was asked for.
 */
export async function followRun(engine: EngineClient, choices: RunChoices, environment: CommandEnvironment): Promise<RunReport> {
  const line = new ProgressLine(environment);
  const following = new Following(engine, body => { line.show(body); });
  let interrupts = 0;
  const stopListening = environment.onInterrupt(() => {
    interrupts += 1;
    if (interrupts > 1) following.leave();
    else void engine.call('cancelRun', { lane: choices.lane ?? 'bulk' }).catch(() => undefined); // a dead engine is noticed below
  });
  try {
    const { runId, recipe, tasks, simulated, joined } = await startedOrJoined(engine, choices);
    if (choices.retryLost === true) environment.say(joined ? 'Answers that were given up before this run began are not asked for again by it.\n' : 'Answers that were given up are asked for again; what is kept may change.\n');
    environment.say(`run ${runId}: ${recipe} on ${counted(tasks, 'task')}${simulated ? ' (simulation: the demo server plays the model)' : ''}${joined ? ', which goes on already; Ctrl-C cancels it' : ''}\n`);
    return await following.end(runId);
  } finally {
    line.end();
    following.dispose();
    if (interrupts === 0) stopListening(); // else this process is about to end, and another Ctrl-C must not change how
  }
}

/** Of two that start the same run at the same moment the later one follows it, once it has begun. */
async function startedOrJoined(engine: EngineClient, choices: RunChoices): Promise<StartReport & { readonly joined: boolean }> {
  for (let attempt = 0; ; attempt += 1) {
    const joined = await joinedRun(engine, choices);
    if (joined) return { ...joined, joined: true };
    try {
      return { ...await engine.call('startRun', choices), joined: false };
    } catch (thrown) {
      if (problemOf(thrown).code !== 'run-active' || choices.lane === 'interactive' || attempt >= startingAgain.times) throw thrown;
      await new Promise(resolve => { setTimeout(resolve, startingAgain.afterMs); });
    }
  }
}

/** The run that goes on where it is what was asked for, or where the engine is of another version and nothing else can be had of it. */
async function joinedRun(engine: EngineClient, choices: RunChoices): Promise<StartReport | undefined> {
  const { run } = await engine.call('followRun', {});
  if (!run) {
    if (engine.isSameProtocol) return undefined;
    throw problemError('engine-protocol', `Another version (${engine.introduction.app}) has this project open, and nothing runs there. \`regenesis engines --stop\` ends it; nothing is lost.`);
  }
  // beside one of the other lane a run of its own can begin
  if (engine.isSameProtocol && (choices.lane ?? 'bulk') !== (run.choices?.['lane'] ?? 'bulk')) return undefined;
  if (choices.lane === 'interactive') return undefined;
  const others = Object.entries(choices).filter(([name, value]) => !unaskedFor.has(name) && !isSame(run.choices?.[name], value));
  if (others.length === 0 || !engine.isSameProtocol) return run;
  throw problemError('run-active', `Run ${run.runId} of ${run.recipe} is going on in this project, with another ${others.map(([name]) => name).join(', ')} than asked for. Without it this command follows that run; else cancel it or wait for its end.`);
}

/** Addresses may be written with and without the ending that every server has. */
const isSame = (one: unknown, other: unknown): boolean =>
  (typeof one === 'string' && typeof other === 'string' ? withoutEnding(one) === withoutEnding(other) : JSON.stringify(one) === JSON.stringify(other));

/** Choices that change nothing about what a run works out, or that are told to nobody. */
const unaskedFor: ReadonlySet<string> = new Set(['apiKey', 'concurrency', 'retryLost', 'lane']);

/** The events of one engine's runs, kept from before a run is asked for, since its end may come before its number. */
class Following {
  readonly #listeners: readonly { dispose(): void }[];
  readonly #ended = new Map<number, RunReport>();
  readonly #left: Promise<never>;
  #leave: (problem: Error) => void = () => undefined;
  #runId: number | undefined;
  #settle: (report: RunReport) => void = () => undefined;

  constructor(engine: EngineClient, onProgress: (progress: RunProgress) => void) {
    this.#listeners = [
      engine.on('runProgress', progress => { if (progress.runId === this.#runId) onProgress(progress); }),
      engine.on('runEnded', report => {
        this.#ended.set(report.runId, report);
        if (report.runId === this.#runId) this.#settle(report);
      }),
    ];
    this.#left = new Promise<never>((_, reject) => { this.#leave = reject; });
    this.#left.catch(() => undefined); // told by whoever waits for the end
    void engine.gone.then(reason => { this.#leave(problemError('engine-unavailable', `The engine ended: ${reason}. What had arrived is stored; the same command goes on from there.`)); });
  }

  /** Ends the waiting; the run is being cancelled by the engine meanwhile. */
  leave(): void {
    this.#leave(problemError('cancelled', 'Stopped at once. What had arrived is stored; the same command goes on from there.'));
  }

  end(runId: number): Promise<RunReport> {
    this.#runId = runId;
    const known = this.#ended.get(runId);
    const ended = known ? Promise.resolve(known) : new Promise<RunReport>(resolve => { this.#settle = resolve; });
    return Promise.race([ended, this.#left]);
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
  }
}

/** Exit code of a run by its end. */
export function exitCodeOf({ state }: Pick<RunReport, 'state'>): number {
  return { completed: exitCodes.done, cancelled: exitCodes.cancelled, failed: exitCodes.failed, paused: exitCodes.inPart }[state];
}

/** How a run ended, for people. */
export function runText(report: RunReport): string {
  const failed = Object.values(report.failed).reduce((sum, count) => sum + count, 0);
  return [
    `run ${report.runId} ${report.state} after ${duration(report.elapsedMs)}: ${counted(report.calls, 'call')}, ${counted(report.cached, 'answer')} from the store${failed > 0 ? `, ${counted(failed, 'failed request')} (${reasons(report.failed)})` : ''}`,
    ...(report.problem ? [`${report.problem.code}: ${report.problem.message}${report.problem.code === 'server-wrong-key' ? keyAdvice : ''}`] : []),
    ...(report.state === 'cancelled' || report.state === 'failed' ? ['Run the same command to go on from here.'] : []),
    `tasks: ${reasons(report.tasks)}`,
    `${counted(report.kept, 'path')} kept`,
    ...(report.tasks['all-unreadable'] > 0 ? [`${counted(report.tasks['all-unreadable'], 'task')} without one readable answer: \`tasks PROJECT --state all-unreadable\` lists them, \`show\` shows what the model wrote`] : []),
  ].join('\n');
}
