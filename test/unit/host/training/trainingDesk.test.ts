import assert from 'node:assert/strict';
import type { methods, ParamsOf } from '../../../../src/contract/engine.ts';
import type { JobChoices, JobPlan, JobRow, TrainingPreset } from '../../../../src/contract/jobs.ts';
import type { KnownDataset, TrainingHalf } from '../../../../src/contract/pages/training.ts';
import type { ExportPreview } from '../../../../src/contract/reports.ts';
import { usualRule } from '../../../../src/core/model/exportRule.ts';
import { problemError } from '../../../../src/core/model/problem.ts';
import { knownDataset } from '../../../../src/host/training/knownDataset.ts';
import { readTargets } from '../../../../src/host/training/targets.ts';
import { TrainingDesk, withRuleChange, type Progress, type TrainingEngine } from '../../../../src/host/training/trainingDesk.ts';

type Asked = ParamsOf<typeof methods.previewExport>;

const preview = ({ format, rule }: Asked, parts: Partial<ExportPreview> = {}): ExportPreview => ({
  format, records: 10, tasks: 5, hinted: 1, humanEdited: 0, reviewed: 2, excluded: {}, recipes: { regenesis: 10 }, simulated: false, rule: { ...usualRule, ...rule } as ExportPreview['rule'],
  datasets: {}, balance: { answerKind: {}, choice: {}, yesno: {}, label: {} }, lengths: {}, first: ['{}'], ...parts,
});
const plan = ({ target, model }: JobChoices, parts: Partial<JobPlan> = {}): JobPlan => ({
  format: 'prompt-completion', place: `${target.name}:jobs`, command: `python3 train.py --model ${model}`, training: 'train.py', files: ['train.jsonl'], hyperparameters: {}, target: { version: 'Linux' }, ...parts,
});
const presets: readonly TrainingPreset[] = [
  { name: 'kto', method: 'kto', about: 'Labels.', hyperparameters: { method: 'kto', epochs: 1 } },
  { name: 'lora', method: 'sft', about: 'Adapters.', hyperparameters: { method: 'sft', epochs: 3, gradient_checkpointing: true } },
];
const row = (parts: Partial<JobRow> = {}): JobRow =>
  ({ id: 1, key: 'k', target: 'here', kind: 'command', state: 'succeeded', base: 'llama', preset: 'lora', records: 10, retry: 0, simulated: false, createdAtMs: 0, atMs: 0, ...parts });

/** An engine of which a test decides what it says. */
class FakeEngine implements TrainingEngine {
  readonly previewed: Asked[] = [];
  readonly planned: JobChoices[] = [];
  readonly stopped: string[] = [];
  lost: Readonly<Record<string, number>> = {};
  isBlind = false;
  known: readonly JobRow[] = [];
  says: (asked: Asked, onProgress: (progress: Progress) => void) => ExportPreview | Promise<ExportPreview> = asked => preview(asked);
  plans: (choices: JobChoices) => JobPlan | Promise<JobPlan> = choices => plan(choices);

  async preview(asked: Asked, onProgress: (progress: Progress) => void): Promise<ExportPreview> {
    this.previewed.push(asked);
    return this.says(asked, onProgress);
  }

  async stop(work: string): Promise<void> {
    this.stopped.push(work);
  }

  async losses(): Promise<ReadonlyMap<string, number>> {
    return new Map(Object.entries(this.lost));
  }

  async datasets() {
    if (this.isBlind) throw problemError('bug', 'A manifest is odd.');
    return [{ manifest: '/p/other.jsonl.manifest.json', name: 'other.jsonl' }];
  }

  async presets() {
    return { presets, settings: [{ name: 'max_steps', usual: 0, least: 0, whole: true }] };
  }

  async plan(choices: JobChoices): Promise<JobPlan> {
    this.planned.push(choices);
    return this.plans(choices);
  }

  async jobs(): Promise<readonly JobRow[]> {
    return this.known;
  }
}

interface Told {
  readonly half?: TrainingHalf;
  readonly saved?: readonly unknown[];
  readonly remembered?: unknown;
  readonly dataset?: KnownDataset;
  readonly forbidden?: string;
  readonly model?: { readonly name: string; readonly words?: string };
}

async function aDesk({ half = 'both', saved = [{ kind: 'command', name: 'here' }, { kind: 'openai', name: 'api', url: 'https://x/v1' }], remembered, dataset, forbidden, model }: Told = {}) {
  const engine = new FakeEngine();
  const settings = { saved };
  const kept: unknown[] = [];
  const desk = new TrainingDesk({
    name: 'demo', half, engine, targets: () => readTargets(settings.saved), keyOf: async target => ('url' in target ? 'sesame' : undefined), forbidden: () => forbidden, isRunning: () => false, remembered,
    remember: wish => kept.push(wish), onChange: () => undefined, ...(dataset === undefined ? {} : { dataset }), ...(model ? { model } : {}),
  });
  await desk.ready();
  const looked = async () => { await Promise.all([desk.look(), desk.plan()]); };
  return { engine, desk, settings, kept, looked };
}

async function missingIn(desk: TrainingDesk): Promise<string> {
  const choices = await desk.jobChoices();
  assert.ok(typeof choices === 'string');
  return choices;
}

describe('the draft of a training set and its job', () => {
  it('begins with everything that is kept, the first target and the usual preset', async () => {
    const { engine, desk, looked } = await aDesk();
    await looked();
    const { draft, formats, files, preview: shown, plan: planned, targets } = desk.snapshot();
    assert.deepEqual([draft.rule, draft.format, draft.target, draft.preset, draft.changes], [usualRule, 'prompt-completion', 'here', 'lora', {}]);
    assert.deepEqual(formats, ['prompt-completion', 'chat']);
    assert.deepEqual(files, ['demo.prompt-completion.jsonl', 'demo.prompt-completion.jsonl.records.jsonl', 'demo.prompt-completion.jsonl.manifest.json']);
    assert.deepEqual(targets.map(({ name }) => name), ['here', 'api']);
    assert.deepEqual([shown?.records, planned?.command], [10, 'python3 train.py --model MODEL']);
    assert.deepEqual(engine.previewed.map(({ format, rule }) => ({ format, rule })), [{ format: 'prompt-completion', rule: usualRule }]);
  });

  it('proposes a base, and says where it comes from for as long as it is that', async () => {
    const { desk } = await aDesk({ model: { name: 'org/base', words: 'tuned-2 was tuned from it' } });
    assert.deepEqual([desk.draft.model, desk.snapshot().baseWords], ['org/base', 'tuned-2 was tuned from it']);
    await desk.choose({ model: 'another' });
    assert.equal(desk.snapshot().baseWords, undefined);
  });

  it('asks again for what a change means, and for nothing else', async () => {
    const { engine, desk, looked, kept } = await aDesk();
    await looked();
    await desk.changeRule({ hintedShare: 0.2, split: { name: 'validation', share: 0.1 } });
    assert.deepEqual(engine.previewed.at(-1)?.rule, { ...usualRule, hintedShare: 0.2, split: { name: 'validation', share: 0.1 } });
    assert.ok(desk.snapshot().files.includes('demo.prompt-completion.validation.jsonl'));
    assert.equal(engine.planned.length, 1, 'the rule is no matter of the target');
    const [other] = desk.snapshot().others;
    await desk.changeRule({ match: { by: 'paths', manifest: other?.manifest ?? '' } });
    assert.deepEqual(engine.previewed.at(-1)?.rule?.match, { by: 'paths', manifest: '/p/other.jsonl.manifest.json' });
    await desk.changeRule({ match: null });
    assert.equal(engine.previewed.at(-1)?.rule?.match, undefined);
    await desk.choose({ model: 'llama' });
    await desk.setValue('epochs', 5);
    assert.deepEqual([engine.previewed.length, engine.planned.at(-1)?.model, engine.planned.at(-1)?.changes], [4, 'llama', { epochs: 5 }]);
    await desk.changeRule({ split: null, hintedShare: 1 });
    assert.deepEqual(desk.draft.rule, usualRule);
    assert.equal(kept.length, 6);
  });

  it('shows what would be written also where it is not known what could be matched', async () => {
    const { engine, desk, looked } = await aDesk();
    engine.isBlind = true;
    await looked();
    const { preview: shown, wrong, others } = desk.snapshot();
    assert.deepEqual([shown?.records, wrong, others], [10, undefined, []]);
  });

  it('is there again the next time, unless it is none any more', async () => {
    const first = await aDesk();
    await first.desk.choose({ model: 'llama', target: 'api' });
    const { desk } = await aDesk({ remembered: first.kept.at(-1) });
    assert.deepEqual([desk.draft.model, desk.draft.target, desk.draft.format], ['llama', 'api', 'chat'], 'an API is sent conversations');
    const odd = await aDesk({ remembered: { rule: 'all' } });
    assert.deepEqual(odd.desk.draft.rule, usualRule);
    const gone = await aDesk({ remembered: first.kept.at(-1), saved: [{ kind: 'command', name: 'here' }] });
    assert.equal(gone.desk.draft.target, '', 'nothing is sent to another target than the one that was chosen');
    assert.equal(await gone.desk.jobChoices(), 'Choose a target.');
  });

  it('begins anew with the values of another preset, and writes what that learns from', async () => {
    const { engine, desk, looked } = await aDesk();
    await desk.choose({ model: 'llama', format: 'chat' });
    await desk.setValue('epochs', 5);
    await desk.setValue('epochs', 3);
    assert.deepEqual(desk.draft.changes, {}, 'as in the preset is not changed');
    await desk.setValue('epochs', 5);
    await desk.choose({ preset: 'kto' });
    assert.deepEqual([desk.draft.changes, desk.draft.format, desk.snapshot().formats], [{}, 'kto', ['kto']]);
    assert.equal(engine.previewed.at(-1)?.format, 'kto');
    await looked();
    const choices = await desk.jobChoices();
    assert.ok(typeof choices !== 'string');
    assert.deepEqual([choices.preset, choices.format, choices.rule, choices.dataset], ['kto', 'kto', usualRule, undefined]);
  });

  it('says what is missing before a job can be begun', async () => {
    const { desk } = await aDesk();
    assert.match(await missingIn(desk), /^Name the base model/);
    const none = await aDesk({ saved: [] });
    await none.looked();
    await none.desk.choose({ model: 'llama' });
    assert.match(await missingIn(none.desk), /^No training target is saved yet/);
    assert.match(none.desk.snapshot().unplanned ?? '', /^No training target is saved yet/);
    const untrusted = await aDesk({ forbidden: 'Fine-tuning needs a trusted folder.' });
    await untrusted.looked();
    assert.deepEqual([untrusted.engine.planned, untrusted.desk.snapshot().unplanned], [[], 'Fine-tuning needs a trusted folder.'], 'no target is asked');
  });

  it('plans anew where the targets are other ones, and for no other setting', async () => {
    const { desk, engine, settings, looked } = await aDesk({ saved: [] });
    await looked();
    assert.match(desk.snapshot().unplanned ?? '', /^No training target is saved yet/);
    await desk.settingsChanged();
    assert.equal(engine.planned.length, 0);
    settings.saved = [{ kind: 'command', name: 'here' }];
    await desk.settingsChanged();
    assert.equal(desk.snapshot().unplanned, undefined);
    await desk.settingsChanged();
    assert.equal(engine.planned.length, 1);
  });

  it('sends a key to the target of its origin alone', async () => {
    const { engine, desk } = await aDesk();
    await desk.choose({ model: 'llama' });
    await desk.choose({ target: 'api' });
    assert.deepEqual(engine.planned.map(({ target, apiKey }) => [target.name, apiKey]), [['here', undefined], ['api', 'sesame']]);
  });

  it('shows what was asked for last, and calls off what was asked before', async () => {
    const { engine, desk } = await aDesk({ half: 'export' });
    const waiting: (() => void)[] = [];
    engine.says = (asked, onProgress) => new Promise(resolve => {
      onProgress({ done: 3, total: 9 });
      waiting.push(() => { resolve(preview(asked, { records: asked.rule?.pathsPerTask ?? 0 })); });
    });
    const looks = [desk.look(), desk.changeRule({ pathsPerTask: 2 })];
    await Promise.resolve();
    assert.deepEqual(desk.snapshot().looking, { done: 3, total: 9 });
    assert.deepEqual(engine.stopped, [engine.previewed[0]?.work]);
    waiting[1]?.();
    waiting[0]?.();
    await Promise.all(looks);
    assert.deepEqual([desk.snapshot().preview?.records, desk.snapshot().looking], [2, undefined]);
  });

  it('says why nothing would be written, and why nobody knows what would be done', async () => {
    const { engine, desk, looked } = await aDesk();
    engine.says = () => { throw problemError('usage', 'the rule is odd'); };
    engine.plans = () => { throw problemError('usage', 'sft learns from chat'); };
    await looked();
    const { wrong, preview: shown, unplanned, planning } = desk.snapshot();
    assert.deepEqual([wrong, shown, unplanned, planning], ['The rule is odd.', null, 'Sft learns from chat.', false]);
  });

  it('offers the list of what was left out where the list has as many', async () => {
    const { engine, desk, looked } = await aDesk({ half: 'export' });
    engine.says = asked => preview(asked, { excluded: { 'not-equal': 4, 'no-box': 2, 'hinted-cap': 3 } });
    engine.lost = { 'not-equal': 4, 'no-box': 7 };
    await looked();
    assert.deepEqual(desk.snapshot().listed, ['not-equal']);
  });

  it('knows the latest job of the same target, model and preset', async () => {
    const { engine, desk } = await aDesk();
    engine.known = [row({ id: 3, base: 'other' }), row({ id: 2, state: 'failed' }), row()];
    await desk.choose({ model: 'llama' });
    assert.equal(desk.snapshot().earlier?.id, 2);
    desk.jobChanged(row({ id: 4, state: 'running' }));
    assert.deepEqual([desk.snapshot().earlier?.id, desk.snapshot().earlier?.state], [4, 'running']);
  });

  it('knows the job that this very work is, asked anew where the data change, and where such a job is begun', async () => {
    const { engine, desk } = await aDesk();
    const [first, other] = [row({ id: 1, state: 'running' }), row({ id: 2, preset: 'kto' })];
    engine.known = [other, first];
    await desk.choose({ model: 'llama' });
    assert.deepEqual([desk.snapshot().plan?.existing, desk.snapshot().earlier?.id], [undefined, 1]);
    engine.plans = choices => plan(choices, { key: 'k', existing: other });
    await desk.changeRule({ hintedShare: 0.2 });
    assert.deepEqual([desk.snapshot().earlier?.id, engine.planned.length], [2, 2]);
    desk.jobChanged(row({ id: 2, preset: 'kto', state: 'failed' }));
    assert.deepEqual([desk.snapshot().earlier?.state, engine.planned.length], ['failed', 2], 'as it is now');
    desk.jobChanged(row({ id: 3, state: 'uploading' }));
    await new Promise(resolve => { setImmediate(resolve); });
    assert.equal(engine.planned.length, 3);
  });

  it('calls off a plan that is made for what nobody wants any more', async () => {
    const { engine, desk } = await aDesk();
    const waiting: (() => void)[] = [];
    engine.plans = choices => new Promise(resolve => { waiting.push(() => { resolve(plan(choices)); }); });
    const settle = () => new Promise(resolve => { setImmediate(resolve); });
    const plans = [desk.choose({ model: 'a' })];
    await settle();
    plans.push(desk.choose({ model: 'b' }));
    await settle();
    assert.deepEqual(engine.stopped, [engine.planned[0]?.work]);
    for (const answer of waiting) answer();
    await Promise.all(plans);
    assert.match(desk.snapshot().plan?.command ?? '', /--model b$/);
  });

  it('calls off what is planned where a job is begun, and asks anew afterwards', async () => {
    const { engine, desk } = await aDesk();
    let answer: () => void = () => undefined;
    engine.plans = choices => new Promise(resolve => { answer = () => { resolve(plan(choices)); }; });
    const settle = () => new Promise(resolve => { setImmediate(resolve); });
    const chosen = desk.choose({ model: 'a' });
    await settle();
    const before = desk.snapshot().planning;
    const begun = desk.during('job', { stop: async () => undefined, work: async () => { await settle(); return [...engine.stopped, desk.snapshot().planning]; } });
    answer();
    await chosen;
    assert.deepEqual([before, await begun], [true, [engine.planned[0]?.work, false]]);
    await settle();
    assert.equal(engine.planned.length, 2);
    answer();
    await settle();
    assert.deepEqual([desk.snapshot().planning, desk.snapshot().plan?.command], [false, 'python3 train.py --model a']);
    await desk.during('job', { stop: async () => undefined, work: async () => undefined });
    await settle();
    assert.equal(engine.planned.length, 2, 'a plan that is there stays');
  });

  it('asks for nothing more when its page is closed', async () => {
    const { engine, desk } = await aDesk();
    engine.plans = () => new Promise(() => undefined);
    engine.says = () => new Promise(() => undefined);
    void desk.look();
    void desk.plan();
    await new Promise(resolve => { setImmediate(resolve); });
    desk.dispose();
    assert.deepEqual(engine.stopped, [engine.previewed[0]?.work, engine.planned[0]?.work]);
    await Promise.all([desk.look(), desk.plan(), desk.choose({ model: 'b' })]);
    assert.deepEqual([engine.previewed.length, engine.planned.length, desk.snapshot().planning, desk.snapshot().looking], [1, 1, false, undefined]);
  });

  it('shows how far a work is, which can be called off', async () => {
    const { desk } = await aDesk();
    let stopped = 0;
    await desk.during('export', {
      stop: async () => { stopped += 1; },
      work: async report => {
        report({ done: 1, total: 4 }, 'tasks looked at');
        assert.deepEqual(desk.snapshot().work, { kind: 'export', done: 1, total: 4, words: 'tasks looked at' });
        await desk.cancel();
      },
    });
    await desk.cancel();
    assert.deepEqual([stopped, desk.snapshot().work], [1, undefined]);
  });
});

describe('a training set that was exported before', () => {
  const manifest = JSON.stringify({ format: 'kto', simulation: true, records: 4, tasks: 2, hinted: 1, humanEdited: 0 });

  it('is learnt from as what it is, by a preset that can', async () => {
    const dataset = knownDataset('/data/train.jsonl', manifest);
    const { engine, desk, looked } = await aDesk({ half: 'train', dataset });
    await desk.choose({ model: 'llama' });
    await looked();
    assert.deepEqual(engine.previewed, []);
    assert.deepEqual([desk.draft.preset, desk.draft.format, desk.snapshot().files], ['kto', 'kto', []]);
    const choices = await desk.jobChoices();
    assert.ok(typeof choices !== 'string');
    assert.deepEqual([choices.dataset, choices.rule], ['/data/train.jsonl', undefined]);
    assert.deepEqual(desk.snapshot().dataset?.facts, { format: 'kto', records: 4, tasks: 2, hinted: 1, humanEdited: 0, reviewed: 0, simulated: true });
  });

  it('says why it can be none', async () => {
    const { desk } = await aDesk({ half: 'train', dataset: knownDataset('/data/train.jsonl', undefined) });
    assert.match(await missingIn(desk), /no manifest beside this file/);
    assert.match(knownDataset('/data/train.jsonl', '{"format":"odd"}').wrong ?? '', /cannot be read/);
    await desk.setDataset(knownDataset('/data/other.jsonl', manifest));
    assert.equal(desk.snapshot().dataset?.wrong, undefined);
  });
});

describe('a rule that a person changes', () => {
  it('keeps what is not spoken of, and loses what is taken away', () => {
    const rule = { ...usualRule, sample: { by: 'tasks' as const, count: 5 }, pathsPerTask: 2 };
    assert.deepEqual(withRuleChange(rule, { sample: null, seed: 7 }), { ...usualRule, pathsPerTask: 2, seed: 7 });
  });
});
