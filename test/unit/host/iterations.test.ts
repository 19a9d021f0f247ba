import assert from 'node:assert/strict';
import * as z from 'zod/mini';
import type { Iteration, IterationsReport } from '../../../src/contract/iterations.ts';
import { iterationsSnapshotSchema } from '../../../src/contract/pages/iterations.ts';
import { baseOf } from '../../../src/client/lineage.ts';
import { iterationsCsv, openIterations } from '../../../src/host/iterations/iterationSnapshot.ts';
import { aJob } from '../../support/jobs.ts';

const figures = { tasks: 1_200, sampled: false, solved: { value: .5, low: .45, high: .55 }, keptPerTask: { value: 3.2, low: 3, high: 3.4 }, length: { value: 812.4 }, distinctAnswers: { value: 2, low: 1.8, high: 2.2 }, readablePaths: { value: 5, low: 4.9, high: 5.1 }, wrongDiffer: { value: .8, low: .75, high: .85 }, hinted: .125 };
const evaluated = { evaluation: 3, sets: ['far'], outOfDomain: { n: 100, accuracy: .4, low: .31, high: .5 } };
const first: Iteration = { iteration: 1, runs: [1, 2], recipe: 'regenesis', model: '=base', simulated: false, madeBy: null, evaluated, figures };
const second: Iteration = { ...first, iteration: 2, runs: [4], model: 'tuned', madeBy: { job: 7, base: 'org/base', datasetSha256: 'ab' }, figures: { ...figures, sampled: true, hinted: null } };
const report = (iterations: readonly Iteration[], parts: Partial<IterationsReport> = {}): IterationsReport => ({ iterations: [...iterations], others: 0, simulated: false, finding: { kind: 'none', text: 'Nothing.' }, ...parts });

describe('the page of iterations', () => {
  it('draws each figure over the iterations, and the model before them', () => {
    const open = openIterations(report([{ ...first, tuned: { job: 7, evaluated: { ...evaluated, outOfDomain: { ...evaluated.outOfDomain, accuracy: .6 } } } }, second]), true);
    assert.deepEqual(open.marks, [{ at: 0, words: 'base' }, { at: 1, words: '1' }, { at: 2, words: '2' }]);
    const [accuracy, , , length] = open.charts;
    assert.deepEqual(accuracy?.series.map(({ name, points }) => [name, points.map(({ at, value }) => [at, value])]), [['in domain', []], ['out of domain', [[0, .4], [1, .6]]]]);
    assert.deepEqual([length?.series[0]?.points[0], length?.ticks.at(-1)?.value], [{ at: 1, value: 812.4, words: '812' }, 1000]);
    assert.deepEqual(open.rows[1]?.cells, ['2', 'tuned', 'job 7 from org/base', '1,200', '50.0 %', '3.20', '812', '2.00', '5.00', '80.0 %', '–', '–', '–']);
    assert.deepEqual(open.names.length, open.rows[0]?.cells.length);
    assert.match(open.notes.join(), /Iteration 2: counted on a seeded sample of 1,200 settled tasks/);
    assert.ok(z.safeParse(iterationsSnapshotSchema, { name: 'x', shown: open }).success);
  });

  it('says what comes next', () => {
    const next = (iterations: readonly Iteration[], hasModel = false) => openIterations(report(iterations), hasModel).next.map(({ wish }) => wish).join();
    assert.deepEqual([next([]), next([first]), next([first], true), next([{ ...first, tuned: { job: 7 } }], true)], ['run', 'fine-tune', 'fine-tune,iterate', 'iterate,evaluate']);
    assert.match(openIterations(report([]), false).nextWords, /first run is iteration 1/);
  });

  it('is copied as a table with intervals, of which no name is a formula', () => {
    const [names = '', row = ''] = iterationsCsv(report([first])).split('\r\n');
    assert.equal(names.split(',').length, row.split(',').length);
    assert.ok(row.startsWith("1,1 2,regenesis,'=base,false,,,,1200,false,0.5,0.45,0.55,3.2,3,3.4,812.4,,,"));
  });
});

describe('the base of the next training', () => {
  it('is that of the iteration, or of the job that has made the model', () => {
    const jobs = [aJob({ id: 7, base: 'org/base', tuned: { name: 'tuned', dataset: 'x' } })];
    const run = { id: 4, recipe: 'r', state: 'completed' as const, model: 'whole', baseUrl: '', simulated: false, tasks: 1, calls: 1, cached: 0, failed: {}, startedAtMs: 0, lineage: { iteration: 2, job: 7, datasetSha256: 'ab', base: 'org/other' } };
    assert.deepEqual([baseOf('tuned', { runs: [run], jobs }), baseOf('whole', { runs: [run], jobs }), baseOf('base', { runs: [run], jobs })], [{ base: 'org/base' }, { base: 'org/other', iteration: 2 }, undefined]);
  });
});
