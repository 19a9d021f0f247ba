import assert from 'node:assert/strict';
import type { PlanReport, RunRow } from '../../../../src/contract/reports.ts';
import { measuredRate, timeWords } from '../../../../src/host/runs/estimate.ts';
import { runLines, runLook, runNode, type RunFacts } from '../../../../src/host/runs/runLook.ts';
import { dataChildren, dataLook, dataRoots } from '../../../../src/host/data/dataLook.ts';
import { readFilter } from '../../../../src/host/tree/grouping.ts';
import { anEvaluation } from '../../../support/evaluations.ts';
import { aJob } from '../../../support/jobs.ts';
import { aProgress, aStatus } from '../../../support/reports.ts';

const node = runNode('/projects/set.regenesis', 4);
const row = (parts: Partial<RunRow> = {}): RunRow => ({
  id: 4, recipe: 'regenesis', state: 'completed', model: 'llama', baseUrl: 'http://gpu07:8000/v1', simulated: false, tasks: 10, calls: 500, cached: 0, failed: {}, kept: 5808, outputTokens: 100_000,
  startedAtMs: 1_000, endedAtMs: 21_000, ...parts,
});
const facts = (parts: Partial<RunFacts> = {}): RunFacts => ({ row: row(), progress: undefined, latest: true, ...parts });
const lines = (given: RunFacts) => runLines(node, given).map(({ look: { label, description } }) => `${label}|${description ?? ''}`);

describe('a run in its view', () => {
  it('says how far it is and how long is left, folded out', () => {
    const { label, description, fold, tokens, icon } = runLook(node, facts({ progress: aProgress(), row: undefined }));
    assert.deepEqual([label, description, fold, tokens, icon?.name], ['#4 regenesis', '61 % · 12 min left', 'open', ['run', 'running'], 'sync']);
  });

  it('says what it kept once it is over, and offers to go on where it stopped before its time', () => {
    assert.deepEqual([runLook(node, facts()).description, runLook(node, facts()).tokens], ['5,808 kept', ['run']]);
    const paused = facts({ row: row({ state: 'paused', problem: { code: 'server-wrong-key', message: 'the key is refused' } }) });
    assert.deepEqual([runLook(node, paused).description, runLook(node, paused).tokens], ['5,808 kept · waiting for a key', ['run', 'resumable']]);
    assert.match(runLook(node, paused).tooltip, /The key is refused\./);
    assert.deepEqual(runLook(node, { ...paused, latest: false }).tokens, ['run']);
  });

  it('says of which iteration it is where a job of the project made its model, and where that comes from', () => {
    const lineage = { iteration: 2, parentRun: 3, job: 1, datasetSha256: 'abc', base: 'llama' };
    const { description, tooltip, spoken } = runLook(node, facts({ row: row({ lineage, state: 'paused', simulated: true }) }));
    assert.deepEqual([description, tooltip.split('\n')[2]], ['iteration 2 · 5,808 kept · paused · simulation', 'Its model was tuned from llama by job 1, after run 3']);
    assert.match(spoken, /iteration 2/);
    assert.equal(runLook(node, facts({ row: row({ lineage }), progress: aProgress() })).description, '61 % · 12 min left · iteration 2');
    assert.doesNotMatch(runLook(node, facts()).tooltip, /iteration|tuned/);
  });

  it('tells its state by icon and word', () => {
    const icons = (['completed', 'cancelled', 'failed', 'paused', 'interrupted', 'running'] as const).map(state => runLook(node, facts({ row: row({ state }) })).icon?.name);
    assert.equal(new Set(icons).size, 6);
    assert.match(runLook(node, facts({ row: row({ state: 'cancelled' }) })).description ?? '', /cancelled$/);
  });

  it('names the part of the method that it was for', () => {
    assert.equal(runLook(node, facts({ row: row({ stages: ['verify'] }) })).label, '#4 verify');
    assert.match(runLook(node, facts({ row: row({ stages: ['verify'] }) })).tooltip, /Run 4: verify of regenesis/);
    assert.equal(runLook(node, facts({ row: row({ round: 2 }) })).label, '#4 hint');
  });

  it('shows each stage with what is there of what is wanted, failures by reason, what was saved, and what limits it', () => {
    const shown = lines(facts({ progress: aProgress({
      stages: [{ stage: 'adapt', round: 1, done: 36_884, failed: 0, toDo: 23_116 }, { stage: 'path', round: 2, done: 7, failed: 1, toDo: 0 }], failed: { 'timed-out': 19, 'server-error': 5 }, cached: 4120,
      outputTokens: 1_200_000, outputTokensPerSecond: 5200, bound: { by: 'cache', advice: 'Shorten the outputs.' },
    }) }));
    for (const line of ['adapt|36,884 / 60,000', 'path with hint|7 / 7', 'Failed|24 · 19 timed out', '4,120 saved|answers taken from the store', '1.2 M tokens|5.2 k tok/s', 'Limited by its memory|Shorten the outputs.']) {
      assert.ok(shown.includes(line), `${line} in ${shown.join('\n')}`);
    }
    const failed = runLines(node, facts({ row: row({ failed: { 'timed-out': 19, 'server-error': 5 } }) })).find(({ look }) => look.label === 'Failed');
    assert.deepEqual(failed?.below.map(({ look }) => `${look.label} ${look.description ?? ''}`), ['timed out 19', 'server error 5']);
  });

  it('says of one that is over what it took', () => {
    assert.deepEqual(lines(facts()), ['10 tasks|in 20 s', '5,808 kept|paths', '500 calls|25/s', '100 k tokens|5.0 k tok/s', 'llama|http://gpu07:8000/v1']);
    const { kept: _kept, outputTokens: _tokens, endedAtMs: _ended, ...old } = row({ state: 'interrupted' });
    assert.deepEqual(lines(facts({ row: old })), ['10 tasks|', '500 calls|', 'llama|http://gpu07:8000/v1']);
  });

  it('has lines with ids of their own', () => {
    const ids = runLines(node, facts({ progress: aProgress({ failed: { a: 1, b: 2 } }) })).flatMap(line => [line.id, ...line.below.map(({ id }) => id)]);
    assert.equal(new Set(ids).size, ids.length);
  });
});

describe('how long a run will take', () => {
  const plan: PlanReport = { recipe: 'regenesis', mode: 'all', exact: true, tasks: 938, stages: [], calls: 51_230, promptTokens: 0, outputTokens: 7_200_000 };
  const server = { baseUrl: 'http://gpu07:8000/v1', model: 'llama', simulated: false };
  const rate = (runs: readonly RunRow[], of = server) => measuredRate({ runs: [...runs], server: of });

  it('comes from the latest run that asked this server enough', () => {
    assert.deepEqual(rate([row({ calls: 3 }), row({ tasks: 20 }), row()]), { callsPerSecond: 25, tasks: 20, tokensPerSecond: 5000 });
    assert.equal(rate([row({ baseUrl: 'http://other/v1' }), row({ model: 'other' })]), undefined);
    assert.ok(rate([row({ simulated: true, baseUrl: 'http://127.0.0.1:1/v1' })], { ...server, simulated: true, baseUrl: 'http://127.0.0.1:2/v1' }), 'a demo server has another address each time');
  });

  it('is said with the rate and what it was measured on', () => {
    assert.equal(timeWords(plan, rate([row()])), 'about 24 min at 5.0 k tok/s (measured on 10 tasks)');
    const { outputTokens: _tokens, ...uncounted } = row();
    assert.equal(timeWords({ ...plan, exact: false }, rate([uncounted])), 'at least 34 min at 25 calls/s (measured on 10 tasks)');
    assert.match(timeWords(plan, undefined), /pilot/);
    assert.equal(timeWords({ ...plan, calls: 0 }, undefined), '');
  });
});

describe('the data sets of a project', () => {
  const status = aStatus({}, { datasets: [{ name: 'gsm8k', split: 'train', tasks: 7473 }, { name: 'svamp', split: 'held-out', tasks: 1000 }] });
  const none = { jobs: { of: () => [], one: () => undefined, uploaded: () => undefined }, evaluations: { of: () => [], one: () => undefined, sets: () => [] } };
  const project = { path: '/projects/set.regenesis', name: 'set', status };

  it('stand with split and count, and are what a filter of tasks takes', () => {
    const [root, ...others] = dataRoots([project], none);
    assert.ok(root && others.length === 0);
    assert.deepEqual([dataLook(root, none).label, dataLook(root, none).description], ['Data sets', '2']);
    assert.deepEqual(dataChildren(root, none).map(each => `${dataLook(each, none).label} ${dataLook(each, none).description ?? ''}`), ['gsm8k 7,473 · train', 'svamp 1,000 · held out']);
    assert.deepEqual(dataChildren(root, none).map(each => readFilter(each)), [{ dataset: 'gsm8k' }, { dataset: 'svamp' }]);
  });

  it('stand above the training jobs of the project', () => {
    const known = { ...none, jobs: { of: () => [aJob()], one: () => aJob(), uploaded: () => undefined } };
    const roots = dataRoots([project], known);
    assert.deepEqual(roots.map(root => dataLook(root, known).label), ['Data sets', 'Training jobs']);
    assert.deepEqual(roots.flatMap(root => (root.kind === 'jobs' ? dataChildren(root, known) : [])).map(node => [node.kind, dataLook(node, known).label]), [['job', 'Job 3 · cluster']]);
    assert.deepEqual(dataRoots([{ ...project, status: undefined }], known), [], 'a project that is not open has none');
  });

  it('stand above the evaluations, and say of what is held out which domain it is of', () => {
    const row = anEvaluation();
    const known = { ...none, evaluations: { of: () => [row], one: () => row, sets: () => [{ name: 'svamp', tasks: 1000, withoutGold: 0, moved: 0, domain: 'out', stated: true } as const] } };
    const roots = dataRoots([project], known);
    assert.deepEqual(roots.map(root => dataLook(root, known).label), ['Data sets', 'Evaluations']);
    assert.deepEqual(roots.flatMap(root => dataChildren(root, known)).map(node => `${dataLook(node, known).label} ${dataLook(node, known).description ?? ''}`), ['gsm8k 7,473 · train', 'svamp 1,000 · held out · out of domain', 'Evaluation 5 in +6.2 · out +1.4 · llama → llama-ft']);
    assert.deepEqual(dataChildren({ kind: 'datasets', id: '', project: '', name: undefined, sets: project.status.datasets }, known).map(node => dataLook(node, known).tokens), [['dataset'], ['dataset', 'heldOut']]);
  });

  it('are named by their project where several are open, and nothing where there are none', () => {
    assert.deepEqual(dataRoots([project, { ...project, path: '/b', name: 'b' }], none).map(root => dataLook(root, none).label), ['Data sets of set', 'Data sets of b']);
    assert.deepEqual(dataRoots([{ ...project, status: aStatus() }, { ...project, status: undefined }], none), []);
  });
});
