import path from 'node:path';
import * as vscode from 'vscode';
import type { EngineClient } from '../../client/engineClient.ts';
import type { EventBody, EventName, MethodName, MethodParams, MethodResult } from '../../contract/engine.ts';
import type { RunProgress, RunReport, StatusReport, TaskReport } from '../../contract/reports.ts';
import { problemError, problemOf, ProblemError, type Problem } from '../../core/model/problem.ts';
import { logOf, type HowOpened } from '../engines.ts';
import { Lifetime } from '../lifetime.ts';
import { projectEnding } from '../manifest.ts';

/** Where a project stands. */
export type ProjectState =
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly status: StatusReport }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** What has changed in a project. */
export type ProjectChange =
  | { readonly kind: 'state' }
  | { readonly kind: 'progress' }
  /** A run ended that was started elsewhere, or before this window was. */
  | { readonly kind: 'joined-run-ended'; readonly report: RunReport }
  /** `all`: too many to name. The status is new too. */
  | { readonly kind: 'tasks'; readonly tasks: ReadonlySet<string>; readonly all: boolean };

/** The engine of a project, with the project opened or made. Throws `ProblemError`. */
export type OpenEngine = (file: string, how: HowOpened) => Promise<EngineClient>;

/** The run that goes on in a project. */
interface ShownRun {
  readonly runId: number;
  /** Whether this window started it, and so is waited for here. */
  readonly own: boolean;
  readonly progress?: RunProgress;
}

/** The tree is told of changed tasks no more often than this: it asks for everything it shows again. */
const tellEveryMs = 500;
/** Reports of tasks that are kept until the tasks change: what is folded out on screen. */
const mostReports = 200;

/** One project and the engine that serves it: the only way of this extension to a project file. */
export class Project implements vscode.Disposable {
  readonly path: string;
  readonly name: string;
  readonly #openEngine: OpenEngine;
  readonly #log: vscode.LogOutputChannel;
  readonly #changes = new vscode.EventEmitter<ProjectChange>();
  readonly #reports = new Map<string, Promise<TaskReport>>();
  readonly #changed = new Set<string>();
  #allChanged = false;
  #telling: NodeJS.Timeout | undefined;
  #state: ProjectState = { kind: 'opening' };
  #engine: { readonly client: EngineClient; readonly lifetime: Lifetime } | undefined;
  #run: ShownRun | undefined;
  #starting = false;
  #ended = new vscode.EventEmitter<RunReport>();
  readonly #attached = new vscode.EventEmitter<EngineClient>();
  #disposed = false;
  #opening: Promise<void> = Promise.resolve();

  constructor(file: string, openEngine: OpenEngine, log: vscode.LogOutputChannel) {
    this.path = file;
    this.name = path.basename(file, `.${projectEnding}`);
    this.#openEngine = openEngine;
    this.#log = log;
  }

  readonly onDidChange = this.#changes.event;

  get state(): ProjectState {
    return this.#state;
  }

  /** Absent while the project is not open. */
  get status(): StatusReport | undefined {
    return this.#state.kind === 'open' ? this.#state.status : undefined;
  }

  /** Whether a run goes on, or is about to, wherever it was started. */
  get running(): boolean {
    return this.#starting || this.#run !== undefined;
  }

  /** How far the run is; absent while none goes on or nothing was heard of it yet. */
  get progress(): RunProgress | undefined {
    return this.#run?.progress;
  }

  /** Whether its engine is of another version and at work: its run is followed until it ends, and nothing else can be had of it. */
  get isFollowedOnly(): boolean {
    return this.#engine !== undefined && !this.#engine.client.isSameProtocol;
  }

  /** Finds or starts its engine and opens the file, or makes it. Throws what went wrong, which is then the project's state too. */
  open(how: HowOpened): Promise<void> {
    const opening = this.#open(how);
    this.#opening = opening.catch(() => undefined); // whoever opened it is told
    return opening;
  }

  /** Resolves when the project has been opened, or could not be. */
  settled(): Promise<void> {
    return this.#opening;
  }

  async #open(how: HowOpened): Promise<void> {
    this.#set({ kind: 'opening' });
    try {
      await this.#detach();
      const client = await this.#openEngine(this.path, how);
      if (this.#disposed) { // closed while it was opened: nobody is left to leave the engine later
        await client.close();
        return;
      }
      this.#attach(client);
      const { run } = await client.call('followRun', {});
      if (run) this.#show({ runId: run.runId, own: false, ...(run.progress ? { progress: run.progress } : {}) });
      this.#set(client.isSameProtocol ? { kind: 'open', status: await client.call('status', {}) } : { kind: 'failed', problem: otherVersion(client, this.name) });
    } catch (thrown) {
      const problem = problemOf(thrown);
      this.#set({ kind: 'failed', problem });
      await this.#detach();
      throw new ProblemError(problem, { cause: thrown });
    }
  }

  /** Asks the engine. Throws the project's own problem where it is not open. @param signal takes the request back */
  async call<Name extends MethodName>(name: Name, params: MethodParams<Name>, signal?: AbortSignal): Promise<MethodResult<Name>> {
    if (this.#state.kind === 'failed') throw new ProblemError(this.#state.problem);
    if (!this.#engine) throw problemError('engine-unavailable', `${this.name} is not open.`);
    return this.#ask(this.#engine.client, { name, params, signal });
  }

  /** Reads the status anew and tells that everything may be different. */
  async refresh(): Promise<void> {
    this.#allChanged = true;
    await this.#tell();
  }

  /** Everything known of one task; kept until it changes. */
  async report(task: string): Promise<TaskReport> {
    const known = this.#reports.get(task);
    if (known) return known;
    const asked = this.call('showTask', { task });
    this.#reports.set(task, asked);
    asked.catch(() => this.#reports.delete(task));
    const oldest = this.#reports.size > mostReports ? this.#reports.keys().next().value : undefined;
    if (oldest !== undefined) this.#reports.delete(oldest);
    return asked;
  }

  /** Listens to an event of whichever engine serves the project, now and later. */
  onEvent<Name extends EventName>(name: Name, listener: (body: EventBody<Name>) => void): vscode.Disposable {
    let listening = this.#engine?.client.on(name, listener);
    const again = this.#attached.event(client => { listening = client.on(name, listener); });
    return new vscode.Disposable(() => {
      listening?.dispose();
      again.dispose();
    });
  }

  /** Listens to an event of the engine while the work goes on. */
  async whileHearing<Name extends EventName, Result>(name: Name, listener: (body: EventBody<Name>) => void, work: () => Promise<Result>): Promise<Result> {
    const listening = this.#engine?.client.on(name, listener);
    try {
      return await work();
    } finally {
      listening?.dispose();
    }
  }

  /**
   * Starts a run, or resumes the latest one, and follows it to its end, with progress as change.
   *
   * Throws what kept it from starting, and `engine-unavailable` where the engine ended in mid-run.
   */
  async run<Name extends 'startRun' | 'resumeRun'>(name: Name, params: MethodParams<Name>): Promise<RunReport> {
    const engine = this.#engine;
    if (!engine) throw problemError('engine-unavailable', `${this.name} is not open.`);
    if (this.running) throw problemError('run-active', `A run is going on in ${this.name}.`);
    this.#starting = true;
    this.#changes.fire({ kind: 'progress' });
    const reports = new Map<number, RunReport>();
    const listening = new Lifetime();
    try {
      let wake: (report: RunReport) => void = () => undefined;
      listening.add(this.#ended.event(report => {
        reports.set(report.runId, report);
        wake(report);
      }));
      const gone = engine.client.gone.then(reason => { throw problemError('engine-unavailable', `The engine ended in mid-run: ${reason}. What had arrived is stored.`); });
      gone.catch(() => undefined); // the call notices it too
      const { runId } = await this.#ask(engine.client, { name, params, signal: undefined });
      this.#starting = false;
      const known = reports.get(runId);
      if (known) return known;
      this.#show({ ...this.#run, runId, own: true });
      return await Promise.race([new Promise<RunReport>(resolve => { wake = report => { if (report.runId === runId) resolve(report); }; }), gone]);
    } finally {
      listening.dispose();
      this.#starting = false;
      this.#changes.fire({ kind: 'progress' });
      await this.refresh();
    }
  }

  /** Ends the engine and opens the project with a new one. @returns whether a run was going on, which can be resumed */
  async restart(): Promise<boolean> {
    const { running } = this;
    const engine = this.#engine;
    this.#engine = undefined;
    this.#show(undefined);
    engine?.lifetime.dispose();
    await engine?.client.shutdown();
    await this.open('open');
    return running;
  }

  /** Leaves the engine, which goes on with what it does. */
  async close(): Promise<void> {
    this.#disposed = true;
    clearTimeout(this.#telling);
    await this.#detach();
    this.#changes.dispose();
    this.#ended.dispose();
    this.#attached.dispose();
  }

  dispose(): void {
    void this.close();
  }

  /** A file that was moved or deleted under its engine is not open any more, whoever notices it. */
  async #ask<Name extends MethodName>(client: EngineClient, { name, params, signal }: { readonly name: Name; readonly params: MethodParams<Name>; readonly signal: AbortSignal | undefined }): Promise<MethodResult<Name>> {
    try {
      return await client.call(name, params, signal);
    } catch (thrown) {
      const problem = problemOf(thrown);
      if (problem.code === 'project-not-found' && this.#engine?.client === client) {
        this.#set({ kind: 'failed', problem });
        await this.#detach();
      }
      throw thrown;
    }
  }

  #set(state: ProjectState): void {
    this.#state = state;
    if (!this.#disposed) this.#changes.fire({ kind: 'state' });
  }

  #attach(client: EngineClient): void {
    const lifetime = new Lifetime();
    this.#engine = { client, lifetime };
    this.#attached.fire(client);
    lifetime.add(client.on('runProgress', progress => {
      if (progress.lane !== 'interactive') this.#show({ own: this.#run?.own ?? this.#starting, runId: progress.runId, progress });
    }));
    lifetime.add(client.on('runEnded', report => { this.#end(report); }));
    lifetime.add(client.on('tasksChanged', ({ tasks, all }) => { this.#note(tasks, all); }));
    lifetime.add(client.on('log', logOf(this.#log, this.name)));
    void client.gone.then(reason => {
      if (this.#engine?.client !== client) return;
      this.#engine = undefined;
      lifetime.dispose();
      this.#show(undefined);
      this.#log.error(`${this.name}: the engine ended: ${reason}`);
      this.#set({ kind: 'failed', problem: { code: 'engine-unavailable', message: `The engine of ${this.name} ended: ${reason}. Nothing that was stored is lost.` } });
    });
  }

  async #detach(): Promise<void> {
    const engine = this.#engine;
    this.#engine = undefined;
    this.#run = undefined;
    this.#reports.clear();
    if (!engine) return;
    engine.lifetime.dispose();
    await engine.client.close();
  }

  #show(run: ShownRun | undefined): void {
    this.#run = run;
    if (!this.#disposed) this.#changes.fire({ kind: 'progress' });
  }

  #end(report: RunReport): void {
    const run = this.#run;
    this.#ended.fire(report);
    if (run?.runId !== report.runId) return;
    this.#show(undefined);
    if (run.own || this.#starting) return;
    this.#changes.fire({ kind: 'joined-run-ended', report });
    if (this.isFollowedOnly) void this.open('open').catch(() => undefined); // the project shows what is wrong with it
    else void this.refresh();
  }

  #note(tasks: readonly string[], all: boolean): void {
    for (const task of tasks) {
      this.#changed.add(task);
      this.#reports.delete(task);
    }
    if (all) this.#reports.clear();
    this.#allChanged ||= all;
    this.#telling ??= setTimeout(() => { void this.#tell(); }, tellEveryMs);
  }

  async #tell(): Promise<void> {
    clearTimeout(this.#telling);
    this.#telling = undefined;
    const change = { kind: 'tasks', tasks: new Set(this.#changed), all: this.#allChanged } as const;
    this.#changed.clear();
    this.#allChanged = false;
    if (change.all) this.#reports.clear();
    if (this.#state.kind !== 'open' || !this.#engine) return;
    const status = await this.call('status', {}).catch(() => undefined); // an engine that went away is told by its exit
    if (!status || this.#disposed) return;
    this.#state = { kind: 'open', status };
    this.#changes.fire(change);
  }
}

const otherVersion = ({ introduction }: EngineClient, name: string): Problem => ({
  code: 'engine-protocol',
  message: `${name} is at work in an engine of version ${introduction.app}, another than this one. Its run goes on and is shown until it ends; the project opens then by itself. Restart Engine opens it now: the run is stopped, and nothing is lost.`,
});
