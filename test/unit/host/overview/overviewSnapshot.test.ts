import assert from 'node:assert/strict';
import * as z from 'zod/mini';
import type { AuditReport, OverviewReport } from '../../../../src/contract/overview.ts';
import { openOverviewSchema, overviewIntentSchema, type Figure } from '../../../../src/contract/pages/overview.ts';
import type { RunProgress, StatusReport } from '../../../../src/contract/reports.ts';
import { countStates } from '../../../../src/core/model/task.ts';
import { listBehind, pathLine, taskLine } from '../../../../src/host/overview/lists.ts';
import { openOverview, overviewHead, type OverviewFacts } from '../../../../src/host/overview/overviewSnapshot.ts';
import { overviewCsv } from '../../../../src/host/overview/overviewTables.ts';
import { anEvaluation } from '../../../support/evaluations.ts';
import { aJob } from '../../../support/jobs.ts';

const report: OverviewReport = {
  project: '/p/everyday.regenesis', name: 'everyday', recipe: 'regenesis', simulated: false,
  tasks: { total: 2500, trainable: 2400, settled: 1464, byState: countStates(() => 0) },
  branches: { round1: 900, hinted: 100 },
  funnel: [
    { step: 'tasks', count: 1464, lost: [] },
    { step: 'branches', count: 1000, lost: [] },
    { step: 'finished', count: 970, lost: [{ step: 'stage-path', reason: 'timed-out', count: 10 }, { step: 'finish', reason: 'cut', count: 20 }] },
    { step: 'readable', count: 900, lost: [{ step: 'extract', reason: 'no-box', count: 70 }] },
    { step: 'correct', count: 700, lost: [{ step: 'verify', reason: 'not-equal', count: 200 }] },
    { step: 'leak-free', count: 700, lost: [] },
    { step: 'in-length', count: 700, lost: [] },
    { step: 'kept', count: 150, lost: [{ step: 'cap', reason: 'enough', count: 550 }] },
  ],
  guidelines: [
    { id: 'simplify', title: 'Simplify', branches: 600, judged: 500, correct: 400, low: 0.76, high: 0.83, solvedOnly: 3, kept: 90, tokensPerKept: 164.4 },
    { id: 'reflect', title: '=Reflect', branches: 400, judged: 300, correct: 200, low: 0.61, high: 0.72, solvedOnly: 0, kept: 60, tokensPerKept: null },
  ],
  coverage: [{ k: 1, share: 0.6 }, { k: 2, share: 0.8 }],
  passRates: [{ bucket: '0', tasks: 153, hinted: 54 }],
};

const run: StatusReport['runs'][number] = {
  id: 4, recipe: 'regenesis', state: 'running', model: 'llama', baseUrl: 'http://gpu07:8000/v1', simulated: false, tasks: 2400, calls: 900, cached: 12, failed: { 'timed-out': 2 }, startedAtMs: 1000,
};
const status: StatusReport = {
  project: '/p/everyday.regenesis', tasks: { total: 2500, trainable: 2400, heldOut: 100, withoutGold: 0, byState: { ...countStates(() => 0), 'not-started': 936 }, byKind: {} },
  datasets: [], stages: [], funnel: [], kept: 150, hinted: 10, run: { id: 4, state: 'running' },
  runs: [run, { ...run, id: 3, state: 'paused', endedAtMs: 61_000, problem: { code: 'budget-spent', message: 'the budget is spent' } }, { ...run, id: 2, state: 'completed', endedAtMs: 1500, failed: {} }],
  server: { baseUrl: 'http://gpu07:8000/v1', model: 'llama', simulated: false },
};
const progress: RunProgress = {
  runId: 4, recipe: 'regenesis', tasks: { done: 1464, total: 2400 }, stages: [], calls: 900, cached: 12, inFlight: 64, kept: 150, failed: {}, elapsedMs: 1, callsPerSecond: 98, outputTokensPerSecond: 12_700,
  remainingMs: 720_000, simulated: false, servers: [{ baseUrl: 'http://gpu07:8000/v1', inFlight: 64, allowed: 64, state: 'up', running: 212, waiting: 8 }],
};
const released: AuditReport = {
  project: '', tasks: 1, paths: 1, agreed: 1, falseAccepts: 0, falseRejects: 0, undecided: 0, rows: [], judge: null, vote: null, simulated: false,
  released: { steps: [{ step: 'readable', count: 950, incorrect: 0 }, { step: 'kept', count: 170, incorrect: 12 }], kept: 170, incorrect: 12 },
};
const facts: OverviewFacts = { status, report, running: true, progress, audit: { state: { kind: 'none' }, report: undefined }, jobs: [], evaluations: [], machine: 'login1' };

describe('the overview of a project', () => {
  it('is what its page expects', () => {
    const shown = openOverview(facts);
    assert.deepEqual(z.parse(openOverviewSchema, shown), shown);
  });

  it('names every loss, and each row is the one above without its losses', () => {
    const { funnel } = openOverview(facts);
    assert.deepEqual(funnel[2]?.lost.map(({ words, count }) => `${count} ${words}`), ['20 cut', '10 path: timed out']);
    assert.deepEqual(funnel.at(-1)?.lost.map(({ words }) => words), ['over the cap']);
    for (const { count, previous, lost } of funnel) if (previous !== null) assert.equal(previous - lost.reduce((sum, each) => sum + each.count, 0), count);
    assert.deepEqual([funnel[0]?.count, funnel[0]?.note], [2400, '61 % settled']);
  });

  it('says which server works on it and how long its queue is, and from where it is seen', () => {
    const { server } = openOverview(facts);
    assert.equal(server?.words, 'llama @ gpu07:8000 · 212 running · 8 waiting');
    assert.match(server.hint, /as seen from login1$/);
    assert.equal(openOverview({ ...facts, progress: undefined, running: false }).server?.words, 'llama @ gpu07:8000');
    assert.equal(openOverview({ ...facts, status: { ...status, server: null } }).server, null);
  });

  it('has the losses of a job that goes on, and says them in words', () => {
    const { jobs } = openOverview({ ...facts, jobs: [aJob({ curve: [1.2, 0.35, 0.3702] }), aJob({ id: 2, curve: [1] }), aJob({ id: 1 })] });
    assert.deepEqual(jobs.map(({ curve }) => curve), [{ losses: [1.2, 0.35, 0.3702], words: 'Loss up to step 640: from 1.200 to 0.370, at least 0.350' }, null, null]);
    assert.deepEqual(z.parse(openOverviewSchema, openOverview({ ...facts, jobs: [aJob({ curve: [1.2, 0.35] })] })).jobs[0]?.curve?.losses, [1.2, 0.35]);
  });

  it('has a line for each of the latest jobs, with what is likeliest to be wanted', () => {
    const rows = [aJob(), aJob({ id: 2, state: 'failed', reason: 'out-of-memory', step: 12 }), aJob({ id: 1, state: 'succeeded', model: 'ft-1' })];
    const { jobs, moreJobs } = openOverview({ ...facts, jobs: rows });
    assert.deepEqual(jobs.map(({ counts, words, action }) => [counts, words, action.title]), [
      ['running · 640 of 1,089', 'loss 0.370 · 22 min left', 'Cancel'], ['failed · 12 of 1,089', 'out of memory · loss 0.370', 'Retry'], ['succeeded', 'loss 0.370 · ft-1', 'Show'],
    ]);
    assert.deepEqual(jobs.map(({ ratio }) => ratio === null), [false, true, true]);
    assert.equal(moreJobs, 0);
    assert.equal(openOverview({ ...facts, jobs: [aJob({ simulated: true })] }).jobs[0]?.counts, 'running · 640 of 1,089 · simulation', 'where no narrow column cuts it off');
    assert.equal(openOverview({ ...facts, jobs: Array.from({ length: 9 }, (_, id) => aJob({ id })) }).moreJobs, 5);
  });

  it('has a line for each of the latest evaluations, with what is likeliest to be wanted', () => {
    const going = anEvaluation({ state: 'running', progress: { done: 1, total: 4, failed: 0, calls: 1, cached: 0, callsPerSecond: 1, remainingMs: 3_000 } });
    const shown = openOverview({ ...facts, evaluations: [going, anEvaluation(), anEvaluation({ state: 'interrupted' }), anEvaluation(), anEvaluation()] });
    assert.deepEqual(z.parse(openOverviewSchema, shown), shown);
    assert.deepEqual(shown.evaluations.slice(0, 3).map(({ title, counts, words, ratio, action }) => [title, counts, words, ratio, action.title]), [
      ['Evaluation 5 · llama → llama-ft', '1,680 tasks · running', '25 % · 3 s left', 0.25, 'Cancel'], ['Evaluation 5 · llama → llama-ft', '1,680 tasks · done', 'in +6.2 · out +1.4', null, 'Show'],
      ['Evaluation 5 · llama → llama-ft', '1,680 tasks · interrupted', 'in +6.2 · out +1.4 · interrupted · 100 %', null, 'Continue'],
    ]);
    assert.equal(shown.moreEvaluations, 1);
  });

  it('has a line for each run with what can be done about it', () => {
    const { runs } = openOverview(facts);
    assert.deepEqual(runs.map(({ counts }) => counts), ['1,464 of 2,400 tasks · 61 %', '2,400 tasks · paused', '2,400 tasks · done']);
    assert.equal(openOverview({ ...facts, status: { ...facts.status, runs: [{ ...run, id: 3, state: 'paused', problem: { code: 'server-wrong-key', message: 'no' } }] } }).runs[0]?.counts, '2,400 tasks · waiting for a key');
    assert.deepEqual(runs.map(({ words }) => words), ['98 calls/s · 12,700 tok/s · 12 min left', '900 calls · 12 cached · 60 s · failed: 2 timed-out · The budget is spent.', '900 calls · 12 cached · less than a second']);
    assert.deepEqual(runs.map(({ action }) => action?.title), ['Cancel Run', undefined, undefined]);
    assert.deepEqual(openOverview({ ...facts, running: false, progress: undefined }).runs.map(({ action }) => action?.title), [undefined, 'Resume Run', undefined]);
  });

  it('puts what the released filter would have left beside it, where it was asked', () => {
    const { funnel } = openOverview({ ...facts, audit: { state: { kind: 'there', kept: 170, incorrect: 12, stale: false }, report: released } });
    assert.deepEqual(funnel.map(row => row.released), [null, null, null, 950, null, null, null, 170]);
  });

  it('knows its name by its file', () => {
    assert.deepEqual(overviewHead('/data/my tasks.regenesis'), { name: 'my tasks', file: 'my tasks.regenesis', folder: '/data' });
  });

  it('is copied with whole figures and without formulas', () => {
    const shown = openOverview(facts);
    assert.match(overviewCsv('funnel', shown), /^step,count,released,lost at,reason,lost\r\ntasks,2400,,,,\r\n[\s\S]*finished,970,,finish,cut,20\r\nfinished,970,,stage-path,timed-out,10\r\n/);
    assert.match(overviewCsv('guidelines', shown), /\r\nreflect,'=Reflect,400,300,200,0\.61,0\.72,0,60,\r\n$/);
    assert.equal(overviewCsv('passRates', shown), 'percent correct,tasks,hinted\r\n0,153,54\r\n');
    assert.equal(overviewCsv('coverage', shown), 'guidelines,share solved\r\n1,0.6\r\n2,0.8\r\n');
    assert.equal(overviewCsv('runs', shown).split('\r\n').length, 5);
  });
});

describe('the list behind a figure', () => {
  const titled = (figure: Figure) => listBehind(figure, id => `title of ${id}`);

  it('asks for exactly what the figure counts', () => {
    assert.deepEqual(titled({ kind: 'tasks' }).of, { kind: 'tasks', filter: { split: 'train' } });
    assert.deepEqual(titled({ kind: 'reached', step: 'readable' }), { title: 'Readable paths', of: { kind: 'paths', filter: { reached: 'readable' } } });
    assert.deepEqual(titled({ kind: 'reached', step: 'branches', round: 2 }), { title: 'Branches with a hint', of: { kind: 'paths', filter: { reached: 'branches', round: 2 } } });
    assert.deepEqual(titled({ kind: 'lost', step: 'stage-path', reason: 'timed-out' }), { title: 'Lost: path: timed out', of: { kind: 'paths', filter: { step: 'stage-path', reason: 'timed-out' } } });
    assert.deepEqual(titled({ kind: 'guideline', id: 'simplify', which: 'correct' }), { title: 'title of simplify: correct in round 1', of: { kind: 'paths', filter: { guideline: 'simplify', round: 1, correct: true } } });
    assert.deepEqual(titled({ kind: 'guideline', id: 'simplify', which: 'only' }).of, { kind: 'tasks', filter: { solvedOnlyBy: 'simplify' } });
  });

  it('takes no figure that there is not', () => {
    for (const figure of [{ kind: 'reached', step: 'tasks' }, { kind: 'lost', step: 'nowhere', reason: 'x' }, { kind: 'guideline', id: 'x', which: 'all' }]) {
      assert.equal(z.safeParse(overviewIntentSchema, { kind: 'list', figure }).success, false);
    }
  });

  it('says of each path what became of it', () => {
    const row = { sequence: 7, task: 'gsm8k/1', branch: 'guideline:think-stepwise', round: 2 as const, fingerprint: 'f', excerpt: 'One\n\u202Etwo', finish: 'stop' as const };
    assert.deepEqual(pathLine({ ...row, kept: true, verdict: 'correct' }), { id: '7', icon: 'pass-filled', tone: 'ok', state: 'kept', task: 'gsm8k/1', of: 'think stepwise · hinted', excerpt: 'One ‹U+202E›two' });
    const state = (rest: Partial<Parameters<typeof pathLine>[0]>) => pathLine({ ...row, ...rest }).state;
    assert.equal(state({ kept: false, verdict: 'correct', loss: { step: 'cap', reason: 'enough' } }), 'correct, over the cap');
    assert.equal(state({ kept: false, verdict: 'incorrect', loss: { step: 'verify', reason: 'not-equal' } }), 'incorrect');
    assert.equal(state({ kept: false, verdict: 'unreadable', loss: { step: 'extract', reason: 'no-box' } }), 'no box');
    assert.equal(state({}), 'not settled');
    assert.deepEqual([pathLine({ ...row, sequence: -3, excerpt: '', loss: { step: 'stage-adapt', reason: 'timed-out' } })].map(line => [line.id, line.state, line.excerpt]), [['-3', 'adapt: timed out', '(no path)']]);
  });

  it('says of each task what it has', () => {
    const line = taskLine({ ordinal: 1, id: 't', excerpt: 'How many?', dataset: 'd', answerKind: 'number', split: 'train', state: 'all-unreadable', kept: 0, correct: 2, branches: 25, hinted: true });
    assert.deepEqual([line.state, line.of], ['all unreadable', '0 kept · 2 of 25 ✓ · hinted']);
  });
});
