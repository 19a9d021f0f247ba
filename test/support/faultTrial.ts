import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import process from 'node:process';
import type { EngineClient } from '../../src/client/engineClient.ts';
import type { RunChoices } from '../../src/contract/engine.ts';
import type { JournalPage, RunProgress, RunReport, StatusReport } from '../../src/contract/reports.ts';
import type { Workshop } from './commandLine.ts';
import { engineOf, leave, runToEnd } from './engine.ts';
import type { LoggedRequest } from './requestLog.ts';

/** Two that are soon solved, one that never is, and one that needs the round of hints: some 230 calls. */
export const faultTasks = ['lighthouse-flashes', 'root-sum', 'lost-vowels', 'four-boxes'].map(id => `samples/${id}`);

/** What a run left behind. */
export interface Outcome {
  readonly report: RunReport;
  /** The exported training set, and where each of its lines comes from. */
  readonly data: string;
  readonly records: string;
  readonly status: StatusReport;
  readonly journal: JournalPage['events'];
}

/** Runs of one project, each on a copy of its own and with an engine of its own. */
export class FaultTrials {
  readonly #shop: Workshop;
  #projects = 0;

  constructor(shop: Workshop) {
    this.#shop = shop;
  }

  /** A new project with the sample tasks. @returns its path */
  async project(): Promise<string> {
    const base = this.#shop.file('base.regenesis');
    if (this.#projects === 0) await leave(await engineOf(base, 'create-sample'));
    const project = this.#shop.file(`trial-${(this.#projects += 1)}.regenesis`);
    copyFileSync(base, project);
    return project;
  }

  /** A new project with an engine that has it open. @param environment what the engine finds in its environment beside the usual */
  async engine(environment: Readonly<Record<string, string>> = {}): Promise<EngineClient> {
    return engineOf(await this.project(), 'open', { environment: { ...process.env, ...environment } });
  }

  /** Runs the tasks to their end in a new project, and ends its engine. */
  async run(choices: RunChoices, environment: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    const engine = await this.engine(environment);
    try {
      return await this.outcome(engine, await runToEnd(engine, { tasks: faultTasks, ...choices }));
    } finally {
      await leave(engine);
    }
  }

  /** What a run that has ended left behind. */
  async outcome(engine: EngineClient, report: RunReport): Promise<Outcome> {
    const name = `trained-${engine.pid}.jsonl`;
    await engine.call('exportDataset', { format: 'chat', out: this.#shop.file(name), overwrite: true });
    const { events: journal } = await engine.call('journalPage', { after: 0, limit: 10_000 });
    return { report, data: this.#shop.read(name), records: this.#shop.read(`${name}.records.jsonl`), status: await engine.call('status', {}), journal };
  }
}

/** A run has made of a server with faults what it makes of one without: it is complete, nothing is lost, and the training set has the same bytes. */
export function sameAs(usual: Outcome, outcome: Outcome): void {
  assert.deepEqual([outcome.report.state, outcome.report.problem], ['completed', undefined]);
  nothingLost(outcome);
  assert.equal(outcome.data, usual.data);
  assert.equal(outcome.records, usual.records);
  assert.deepEqual(outcome.status.funnel, usual.status.funnel);
  assert.deepEqual(outcome.report.tasks, usual.report.tasks);
}

/** No answer was given up, and every call that was sent has come to an end. */
export function nothingLost({ journal }: Pick<Outcome, 'journal'>): void {
  const count = (kind: string) => journal.filter(event => event.kind === kind).length;
  assert.equal(count('answer-lost'), 0);
  assert.equal(count('call-sent'), count('call-answered') + count('call-failed') + count('call-unknown'));
}

/** Of requests that failed, each was asked again once at most, and no other was asked twice. */
export function askedAgain(requests: readonly LoggedRequest[], { failed }: RunReport): void {
  const bodies = requests.map(request => JSON.stringify(request));
  const again = bodies.length - new Set(bodies).size;
  const failures = Object.values(failed).reduce((sum, count) => sum + count, 0);
  assert.ok(again <= failures, `${again} requests were asked again, and ${failures} failed`);
}

/** So long a test may take; whatever it waits for in vain must not keep the tests from ending. */
const mostMs = 50_000;

/** Resolves when something has come about. */
export async function until(hasCome: () => boolean): Promise<void> {
  for (const fromMs = performance.now(); !hasCome();) {
    if (performance.now() - fromMs > mostMs) throw new Error(`it did not come about: ${String(hasCome)}`);
    await new Promise(resolve => { setTimeout(resolve, 10); });
  }
}

/** Resolves with the first progress of a run that is as wanted. */
export const progressOf = (engine: EngineClient, isWanted: (progress: RunProgress) => boolean): Promise<RunProgress> => new Promise((resolve, reject) => {
  const listeners = [
    engine.on('runProgress', progress => { if (isWanted(progress)) settle(() => { resolve(progress); }); }),
    engine.on('runEnded', ({ state, problem }) => { settle(() => { reject(new Error(`the run ended before, ${state}: ${problem?.message ?? ''}`)); }); }),
  ];
  const settle = (how: () => void) => {
    for (const listener of listeners) listener.dispose();
    how();
  };
});
