import type { methods, ParamsOf, ResultOf } from '../../contract/engine.ts';
import { targetOf, type JobChoices, type JobRow } from '../../contract/jobs.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { problemError, problemOf, type Problem } from '../../core/model/problem.ts';
import { hasEnded, type TrainingJob, type TrainingTarget } from '../../core/model/trainingJob.ts';
import { targetIdentity } from '../../core/training/jobKey.ts';
import { configText } from '../../core/training/preset.ts';
import type { JobRecords } from '../../ports/jobRecords.ts';
import type { JobRunner } from '../../ports/jobRunner.ts';
import type { Store } from '../../ports/store.ts';
import type { Asking } from '../asking.ts';
import type { EngineDependencies } from '../dependencies.ts';
import { adapterName } from './adapterName.ts';
import { lookAt, oneLine } from './followJob.ts';
import { logFile, jobTitle } from './jobFolders.ts';
import { describeUnkeyed, jobDetail, jobRow, originOf } from './jobReports.ts';
import { plannedKey, prepareJob, sentFiles, setsOf, trainingCommand, trainingOf, type Preparing, type Training } from './prepareJob.ts';
import { trainingPresets, trainingSettings } from './presets.ts';
import { Rounds } from './rounds.ts';

type Names = 'trainingPresets' | 'planJob' | 'startJob' | 'retryJob' | 'jobs' | 'jobDetail' | 'jobLog' | 'followJobs' | 'cancelJob' | 'loadAdapter';
type Params<N extends Names> = ParamsOf<(typeof methods)[N]>;
type Result<N extends Names> = ResultOf<(typeof methods)[N]>;
/** The methods about training jobs. */
export type JobHandlers = { readonly [N in Names]: (params: Params<N>, asking?: Pick<Asking, 'signal'>) => Promise<Result<N>> };

/** What jobs are handled with. */
export interface JobDeskOptions {
  readonly dependencies: EngineDependencies;
  /** The open project. Throws where there is none. */
  readonly store: () => Store;
  readonly exportTo: Preparing['exportTo'];
}

/** How long a cancel waits to see the end. */
const endsWithinMs = 5_000;

/** Sends training jobs, and knows how they are: it looks at them for as long as the project is open, and takes up what it finds unfinished. */
export class JobDesk {
  readonly handlers: JobHandlers;
  readonly #options: JobDeskOptions;
  readonly #runners = new Map<string, JobRunner>();
  readonly #keys = new Map<string, string>();
  readonly #sending = new Map<number, AbortController>();
  /** Jobs that may be sent: begun here, or allowed by whoever trusts the project. */
  readonly #ours = new Set<number>();
  /** What is planned or prepared, by the name that its client gave it. */
  readonly #works = new Map<AbortController, string | undefined>();
  #preparing: Promise<unknown> = Promise.resolve();
  #open = new AbortController();
  #rounds: Rounds;

  constructor(options: JobDeskOptions) {
    this.#options = options;
    this.#rounds = this.#newRounds();
    this.handlers = {
      trainingPresets: async () => {
        const code = options.dependencies.jobFiles.training();
        return { presets: [...trainingPresets(code)], settings: [...trainingSettings(code)] };
      },
      planJob: (choices, asking) => this.#work(choices.work, signal => this.#plan(choices, signal), asking?.signal),
      startJob: params => this.#start(params),
      retryJob: params => this.#retry(params),
      jobs: async () => ({ jobs: this.#records.all().map(job => this.#rowOf(job)) }),
      jobDetail: async ({ job }) => this.#detail(this.#one(job)),
      jobLog: async ({ job, from, most }) => this.#log(this.#one(job), { from, most }),
      followJobs: params => this.#follow(params),
      cancelJob: async ({ job }) => this.#cancel(this.#one(job)),
      loadAdapter: params => this.#load(params),
    };
  }

  /** Whether anything is on its way to a target: what is there goes on without us. */
  get running(): boolean {
    return this.#sending.size > 0;
  }

  /** A project was opened. Its file may be anybody's: nothing of it is asked or begun until a client wants that. */
  opened(): void {
    this.#open = new AbortController();
    this.#rounds = this.#newRounds();
    this.#ours.clear();
  }

  /** Calls off what is planned or prepared under a name, though its turn has not come yet; harmless where nothing is. */
  callOff(work: string): void {
    for (const [stop, name] of this.#works) if (name === work) stop.abort();
  }

  /** Lets go of all jobs, which go on where they are. A project may be opened before this resolves. */
  async close(): Promise<void> {
    const [rounds, runners] = [this.#rounds, [...this.#runners.values()]];
    this.#runners.clear();
    this.#open.abort();
    for (const sending of this.#sending.values()) sending.abort();
    await this.#preparing.catch(() => undefined); // whoever asked was told
    await rounds.ended();
    await Promise.allSettled(runners.map(runner => runner.close()));
  }

  get #records(): JobRecords {
    return this.#options.store().jobs;
  }

  #one(id: number): TrainingJob {
    const job = this.#records.one(id);
    if (!job) throw problemError('job-not-found', `There is no job ${id} in this project.`);
    return job;
  }

  #rowOf(job: TrainingJob): JobRow {
    return jobRow(job, this.#records.points(job.id));
  }

  /** Lets something be called off: by its name, by whoever asks, and where the project is closed. */
  async #work<Value>(name: string | undefined, begin: (signal: AbortSignal) => Promise<Value>, asked?: AbortSignal): Promise<Value> {
    const stop = new AbortController();
    this.#works.set(stop, name);
    try {
      return await begin(AbortSignal.any([this.#open.signal, stop.signal, ...(asked ? [asked] : [])]));
    } finally {
      this.#works.delete(stop);
    }
  }

  async #plan(choices: JobChoices, signal: AbortSignal): Promise<Result<'planJob'>> {
    const { dependencies: { jobFiles }, store } = this.#options;
    const target = targetOf(choices.target);
    this.#learn(target, choices.apiKey);
    const training = trainingOf(choices, jobFiles);
    const { hyperparameters, format } = training;
    const runner = this.#runnerOf(target);
    const sets = setsOf(choices, jobFiles);
    const command = trainingCommand(target, { model: choices.model, sets });
    const files = sentFiles(target, { jobFiles, sets });
    const [look, key] = await Promise.all([runner.look(signal), this.#plannedKey(choices, training, signal)]);
    refuseCancelled(signal);
    const existing = key === undefined ? undefined : this.#withKey(key);
    return {
      ...describeUnkeyed(runner, { title: jobTitle(store().path), model: choices.model, files: files.map(name => ({ name, path: name, sha256: '', bytes: 0 })), command, hyperparameters }),
      format, training: command.join(' '), files: [...files], hyperparameters, target: look.ok ? { version: look.version } : { problem: look.problem.message },
      ...withoutAbsent({ key, existing: existing && this.#rowOf(existing) }),
    };
  }

  /** Its key costs an export, which is made only where a job is there that differs in nothing else. Absent too where nothing can be exported: a start says why. */
  async #plannedKey(choices: JobChoices, { hyperparameters, format }: Training, signal: AbortSignal): Promise<string | undefined> {
    const wanted = workIn({ target: targetOf(choices.target), model: choices.model, hyperparameters, format });
    const mayBeThere = this.#records.all().some(({ target, spec, dataset }) => wanted === workIn({ target, model: spec.model, hyperparameters: spec.hyperparameters, format: dataset.format }));
    return mayBeThere ? this.#inTurn(signal, () => plannedKey(choices, this.#preparation(signal))).catch(() => undefined) : undefined;
  }

  #withKey(key: string): TrainingJob | undefined {
    return this.#records.all().find(({ spec }) => spec.key === key);
  }

  /** One after the other: two that are the same are to find each other, and all are prepared in one folder. */
  #inTurn<Value>(signal: AbortSignal, work: () => Promise<Value>): Promise<Value> {
    const done = this.#preparing.catch(() => undefined).then(() => { // whoever asked before was told
      refuseCancelled(signal);
      return work();
    });
    this.#preparing = done;
    return done;
  }

  #start(choices: JobChoices): Promise<Result<'startJob'>> {
    return this.#work(choices.work, signal => this.#inTurn(signal, () => this.#prepare(choices, signal))).then(async ({ id, added }) => {
      const job = this.#one(id);
      // one that no target has taken yet is sent again
      this.#ours.add(id);
      const send = added || (job.reference === undefined && (job.now.state === 'failed' || job.now.state === 'cancelled'));
      if (send) await this.#send(id);
      else this.#watch(id);
      return { job: this.#rowOf(this.#one(id)), found: !added };
    });
  }

  async #prepare(choices: JobChoices, signal: AbortSignal): Promise<{ readonly id: number; readonly added: boolean }> {
    this.#learn(targetOf(choices.target), choices.apiKey);
    return this.#records.add(await prepareJob(choices, this.#preparation(signal)));
  }

  #preparation(signal: AbortSignal): Preparing {
    const { dependencies: { jobFiles, hash, clock }, store, exportTo } = this.#options;
    return { project: store().path, jobFiles, hash, clock, exportTo, has: key => this.#withKey(key) !== undefined, signal };
  }

  async #retry({ job: id, apiKey }: Params<'retryJob'>): Promise<Result<'retryJob'>> {
    const { target, spec: { model, hyperparameters }, preset, dataset, now } = this.#one(id);
    if (!hasEnded(now.state)) throw problemError('usage', `Job ${id} has not ended. Cancel it first, or let it go on.`);
    return this.#start({
      target: target as JobChoices['target'], model, preset, changes: { ...hyperparameters }, dataset: dataset.path, format: dataset.format as JobChoices['format'], retry: true,
      ...(apiKey === undefined ? {} : { apiKey }),
    });
  }

  /** Sends a job to its target, again where that was broken off. */
  async #send(id: number): Promise<void> {
    if (this.#sending.has(id)) return;
    const { target, spec } = this.#one(id);
    const sending = new AbortController();
    this.#sending.set(id, sending);
    const open = this.#open.signal; // another project may be open when it has been sent
    const { emit } = this.#options.dependencies;
    try {
      this.#note(id, { state: 'uploading' });
      const signal = AbortSignal.any([sending.signal, open]);
      const sent = await this.#runnerOf(target).submit(spec, { signal, onUpload: (done, total) => { emit('jobUpload', { job: id, sent: done, total }); } });
      if (open.aborted) return; // it is taken up when the project is opened again
      if (!sent.ok) this.#noteRefusal(id, sent.problem);
      else {
        this.#note(id, { state: target.kind === 'command' ? 'running' : 'queued', reference: sent.reference }); // a process of its own waits in no queue
        if (sending.signal.aborted) await this.#cancel(this.#one(id)); // it was there before it could be called back
      }
    } catch (thrown) {
      if (!open.aborted) this.#noteRefusal(id, problemOf(thrown));
    } finally {
      this.#sending.delete(id);
    }
    this.#watch(id);
  }

  #noteRefusal(id: number, problem: Problem): void {
    if (problem.code === 'cancelled') {
      if (!hasEnded(this.#one(id).now.state)) this.#note(id, { state: 'cancelled' });
    } else if (problem.retryable === true) this.#note(id, { state: 'lost', words: oneLine(problem.message), problem });
    else this.#note(id, { state: 'failed', failure: 'refused', words: oneLine(problem.message), problem });
  }

  #note(id: number, event: Omit<Parameters<JobRecords['note']>[1]['event'] & object, 'atMs'>): void {
    this.#records.note(id, { event: { ...event, atMs: this.#options.dependencies.clock.nowMs() } });
    this.#tell(id);
  }

  #tell(id: number): void {
    const job = this.#records.one(id);
    if (job) this.#options.dependencies.emit('jobChanged', this.#rowOf(job));
  }

  #detail(job: TrainingJob): Result<'jobDetail'> {
    return jobDetail(job, { records: this.#records, runner: this.#runnerOf(job.target) });
  }

  #log({ spec: { key } }: TrainingJob, { from, most }: { readonly from: number; readonly most: number }): Result<'jobLog'> {
    const { dependencies: { jobFiles }, store } = this.#options;
    return jobFiles.piece(logFile(store().path, key), { from, most });
  }

  /** Whoever follows brings the keys, and sees how all jobs are now. What was never taken by its target is sent on only where that is wished: a project file may name any command. */
  async #follow({ apiKeys = {}, apiKey, now = false, resume = false }: Params<'followJobs'>): Promise<Result<'followJobs'>> {
    const going = this.#records.all().filter(job => !hasEnded(job.now.state));
    for (const { id, target } of going) {
      this.#learn(target, apiKeys[originOf(target) ?? ''] ?? apiKey);
      if (resume) this.#ours.add(id);
    }
    const targets = new Set(going.map(({ target }) => nameOf(target)));
    await Promise.all([...targets].map(async name => {
      for (const { id, target } of going) {
        if (nameOf(target) !== name) continue;
        if (now) await this.#look(id);
        this.#watch(id);
      }
    }));
    return { jobs: this.#records.all().map(job => this.#rowOf(job)) };
  }

  async #cancel(job: TrainingJob): Promise<Result<'cancelJob'>> {
    const { id, target, reference, now } = job;
    this.#sending.get(id)?.abort();
    if (reference === undefined) {
      if (!hasEnded(now.state)) this.#note(id, { state: 'cancelled' });
    } else if (!hasEnded(now.state)) {
      const told = await this.#runnerOf(target).cancel(reference, this.#open.signal);
      if (!told.ok) throw problemError(told.problem.code, told.problem.message);
      await this.#seeEnd(id);
      this.#watch(id);
    }
    return { job: this.#rowOf(this.#one(id)) };
  }

  async #load({ job, server, path, apiKey }: Params<'loadAdapter'>): Promise<Result<'loadAdapter'>> {
    const name = adapterName(this.#one(job));
    const problem = await this.#options.dependencies.loadAdapter({ baseUrl: server, path, name, signal: this.#open.signal, ...(apiKey === undefined ? {} : { apiKey }) });
    if (problem) throw problemError(problem.code, problem.message);
    return { name };
  }

  /** A job that was told to end takes a moment for it, and a cluster may take minutes. */
  async #seeEnd(id: number): Promise<void> {
    const { clock } = this.#options.dependencies;
    const begun = clock.monotonicMs();
    for (let waitMs = 100; ; waitMs *= 1.5) {
      await this.#look(id);
      if (hasEnded(this.#one(id).now.state) || clock.monotonicMs() - begun > endsWithinMs) return;
      await clock.sleep(waitMs, this.#open.signal).catch(() => undefined); // the project is closed, and the next look finds that
      this.#open.signal.throwIfAborted();
    }
  }

  #learn(target: TrainingTarget, key: string | undefined): void {
    const origin = originOf(target);
    if (origin === undefined || key === undefined || this.#keys.get(origin) === key) return;
    this.#keys.set(origin, key);
    const name = nameOf(target);
    void this.#runners.get(name)?.close();
    this.#runners.delete(name);
  }

  #runnerOf(target: TrainingTarget): JobRunner {
    const name = nameOf(target);
    const known = this.#runners.get(name);
    if (known) return known;
    const apiKey = this.#keys.get(originOf(target) ?? '');
    const runner = this.#options.dependencies.createJobRunner(target, apiKey === undefined ? {} : { apiKey });
    this.#runners.set(name, runner);
    return runner;
  }

  #newRounds(): Rounds {
    return new Rounds({ clock: this.#options.dependencies.clock, signal: this.#open.signal, look: id => this.#look(id) });
  }

  /** Looks at a job soon, and then now and then until it has ended. */
  #watch(id: number): void {
    const job = this.#records.one(id);
    if (job && !this.#open.signal.aborted) this.#rounds.follow(id, nameOf(job.target));
  }

  /** Looks at one job, and decides when to look again. Does not throw. */
  async #look(id: number): Promise<void> {
    const { clock, jobFiles, emit } = this.#options.dependencies;
    const { signal } = this.#open; // another project may be open when it has been looked at
    const isClosed = () => signal.aborted;
    if (isClosed()) return;
    try {
      const job = this.#records.one(id);
      if (!job || hasEnded(job.now.state)) {
        this.#rounds.leave(id);
        return;
      }
      if (job.reference === undefined) {
        this.#rounds.leave(id);
        if (this.#ours.has(id)) await this.#send(id);
        return;
      }
      const isNew = await lookAt(id, { records: this.#records, runner: this.#runnerOf(job.target), jobFiles, logFile: logFile(this.#options.store().path, job.spec.key), clock, signal });
      if (isClosed()) return;
      const state = this.#records.one(id)?.now.state;
      if (state !== undefined) this.#rounds.seen(id, { state, isNew });
      if (isNew) this.#tell(id);
    } catch (thrown) {
      if (isClosed()) return;
      emit('log', { level: 'warning', text: `job ${id}: ${problemOf(thrown).message}` });
      this.#rounds.seen(id, { state: 'lost', isNew: false }); // nobody knows how it is: the project file itself may be what cannot be read
    }
  }
}

function refuseCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw problemError('cancelled', 'It was called off, or the project was closed meanwhile.');
}

/** What a target is told apart by from others, in all that is said of it. */
const nameOf = (target: TrainingTarget): string => JSON.stringify(target);

/** All that is known of a job's work without its training set. */
const workIn = ({ target, model, hyperparameters, format }: Pick<Training, 'hyperparameters'> & { readonly target: TrainingTarget; readonly model: string; readonly format: string }): string =>
  JSON.stringify([targetIdentity(target), model, configText(hyperparameters), format]);
