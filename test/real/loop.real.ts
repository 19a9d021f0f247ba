import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import * as z from 'zod/mini';
import { iterationsReportSchema } from '../../src/contract/iterations.ts';
import { Workshop } from '../support/commandLine.ts';
import { compareShape, evaluateShape, exportShape, importShape, jobsShape, runShape, type Evaluated } from '../support/commandShapes.ts';
import { given } from './given.ts';
import { sumsOf } from './halfKnown.ts';

const tunedShape = z.object({ jobs: z.tuple([z.object({ tuned: z.object({ name: z.string() }) })]) });
/** Of the base: ample for what fits into a hundred thousand parameters. */
const learning = ['adapter=lora', 'lora_rank=8', 'lora_alpha=16', 'learning_rate=2e-3', 'epochs=3', 'batch=32', 'batch_per_device=32', 'on_too_long=fail'];
const trained = 120;
const asked = 150;

/**
 * Generate, train, evaluate, and once more, with a model that half knows sums: see `half_known.py`. What a model comes to is chance, and is told, whatever it is; that
 * every step does what it says, and tells the truth about the others, is held to.
 */
describe('a loop from a model to a better one', function () {
  this.timeout(600_000);
  this.bail(true);
  const shop = new Workshop();
  const url = given('REGENESIS_REAL_VLLM');
  const environment = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' };
  const base = given('REGENESIS_REAL_MODEL');
  const figures: Record<string, unknown> = {};
  const models: string[] = [];
  let begun = 0;

  before(() => shop.succeed('init', 'p'));
  beforeEach(() => { begun = performance.now(); });
  after(async () => {
    writeFileSync(path.join(given('REGENESIS_REAL_ROOT'), 'figures.json'), JSON.stringify(figures));
    await shop.close();
  });

  const tell = (name: string, figure: object) => { figures[name] = { ...figure, seconds: Math.round((performance.now() - begun) / 100) / 10 }; };
  const show = (text: string) => { process.stdout.write(`\n${text.replaceAll(/^/gm, '      ')}\n`); };

  /** The whole recipe, by one model. */
  async function synthesis(name: string, words: readonly string[]): Promise<void> {
    const report = await shop.json(runShape, ['run', 'p', '--recipe', 'direct', '--server', url, ...words]);
    const { state, calls, cached, failed, tasks, kept } = report;
    assert.deepEqual([state, cached, failed], ['completed', 0, {}], 'an answer of another model is never taken');
    assert.ok(kept > 0 && kept <= 5 * trained, `${kept} kept`);
    tell(name, { calls, kept, tasks });
    show(await shop.succeed('status', 'p'));
  }

  /** A training set of what is kept, and an adapter that has learnt from it. @param words nothing where the base is known from the iteration */
  async function training(name: string, words: readonly string[]): Promise<void> {
    const file = `${name}.jsonl`;
    const { records, tasks, hinted } = await shop.json(exportShape, ['export', 'p', '--format', 'prompt-completion', '--out', file]);
    assert.equal(hinted, 0);
    const { code, out, said } = await shop.run([
      'fine-tune', 'p', '--dataset', file, '--target', 'command', '--folder', shop.file('jobs'), '--python', given('REGENESIS_REAL_PYTHON'), '--env', 'OMP_NUM_THREADS=1', '--env', 'HF_HUB_OFFLINE=1',
      '--preset', 'tiny', ...learning.flatMap(value => ['--set', value]), ...words, '--wait', '--json',
    ], { environment });
    assert.equal(code, 0, `${said}${out}`);
    const { jobs: [job] } = z.parse(jobsShape, JSON.parse(out));
    assert.equal(job?.state, 'succeeded', await shop.succeed('jobs', 'p', String(job?.id), '--log'));
    const { jobs: [{ tuned }] } = z.parse(tunedShape, JSON.parse(await shop.succeed('jobs', 'p', String(job.id), '--json')));
    models.push(tuned.name);
    tell(name, { records, tasks, steps: job.steps, loss: job.loss });
  }

  /** Adapters that are not served yet are loaded for it. @param fresh how many of the models were never asked before */
  async function evaluation(name: string, { words, fresh }: { readonly words: readonly string[]; readonly fresh: number }): Promise<Evaluated> {
    const report = await shop.json(evaluateShape, ['evaluate', 'p', '--server', url, ...words]);
    assert.deepEqual([report.state, report.calls], ['completed', fresh * 2 * asked], 'nothing is asked twice');
    assert.deepEqual(report.sets.map(({ name: set, domain, n }) => [set, domain, n]).sort(), [['differences', 'out', asked], ['sums', 'in', asked]]);
    tell(name, { sentence: report.sentence, sets: report.sets.map(({ name: set, domain, n, models: rows, difference }) => ({ set, domain, n, models: rows, difference })) });
    show(await shop.succeed('evaluate', 'p', '--server', url, ...words));
    return report;
  }

  it('has sums to train on, others to be asked, and differences', async () => {
    const taken = async (name: string, sums: ReturnType<typeof sumsOf>, ...words: string[]) => (await shop.json(importShape, ['import', 'p', shop.writeLines(`${name}.jsonl`, sums), ...words])).tasks;
    assert.equal(await taken('train', sumsOf('plus', { from: 0, count: trained }), '--name', 'sums', '--split', 'train'), trained);
    assert.equal(await taken('sums', sumsOf('plus', { from: trained, count: asked }), '--name', 'sums', '--split', 'held-out'), asked);
    assert.equal(await taken('differences', sumsOf('minus', { from: 0, count: asked }), '--name', 'differences', '--split', 'held-out'), asked);
  });

  it('evaluates the base', async () => {
    await evaluation('before', { words: ['--model', 'tiny'], fresh: 1 });
  });

  it('draws paths from the base, and keeps those that are right', () => synthesis('first run', ['--model', 'tiny']));

  it('trains an adapter on them', () => training('first', ['--model', base]));

  it('evaluates the adapter against the base', async () => {
    await evaluation('after the first', { words: ['--model', models[0] ?? '', '--against', 'tiny'], fresh: 1 });
  });

  it('goes round again with the adapter', () => synthesis('second run', ['--iteration', '1']));

  it('trains the base on what the adapter wrote', () => training('second', []));

  it('evaluates all three', async () => {
    await evaluation('after the second', { words: [...models.flatMap(name => ['--model', name]), '--against', 'tiny'], fresh: 1 });
  });

  it('tells what each round came to, and holds the training sets against each other', async () => {
    const { iterations, others, finding } = await shop.json(iterationsReportSchema, ['iterations', 'p']);
    show(await shop.succeed('iterations', 'p'));
    assert.deepEqual(iterations.map(({ iteration, model, madeBy, tuned }) => [iteration, model, madeBy?.job, madeBy?.base, tuned?.job, tuned?.model]), [
      [1, 'tiny', undefined, undefined, 1, models[0]], [2, models[0], 1, base, 2, models[1]],
    ]);
    assert.equal(others, 0);
    assert.ok(iterations.every(({ figures: each, tuned, evaluated }) => each?.tasks === trained && tuned?.evaluated?.inDomain?.n === asked && evaluated?.outOfDomain?.n === asked), 'every figure is there');
    const { rows } = await shop.json(compareShape, ['compare', 'p']);
    const compared = await shop.succeed('compare', 'p');
    show(compared);
    assert.match(compared, /[12] succeeded +\d+\.\d % \([^)]*\) +\d+\.\d % \(/, 'what each of them was worth');
    assert.deepEqual(rows.map(({ path: file, set, jobs, evaluations }) => [path.basename(file), set?.models, jobs.map(({ id }) => id), evaluations.length > 0]), [
      ['second.jsonl', [models[0]], [2], true], ['first.jsonl', ['tiny'], [1], true],
    ]);
    tell('iterations', { finding: finding.text, iterations });
  });
});
