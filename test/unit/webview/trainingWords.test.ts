import assert from 'node:assert/strict';
import type { JobRow } from '../../../src/contract/jobs.ts';
import type { TrainingSnapshot } from '../../../src/contract/pages/training.ts';
import type { ExportPreview } from '../../../src/contract/reports.ts';
import { usualRule } from '../../../src/core/model/exportRule.ts';
import { balancesOf, earlierWords, isUsual, lengthChange, lookingWords, notReady, percentOf, sampleChange, shareOf, splitChange, summaryOf, matchChange, matchChoices } from '../../../src/webview/training/words.ts';

const preview = (parts: Partial<ExportPreview> = {}): ExportPreview => ({
  format: 'chat', records: 1_200, tasks: 1, hinted: 0, humanEdited: 0, reviewed: 0, excluded: {}, recipes: {}, simulated: false, rule: usualRule, datasets: {},
  balance: { answerKind: {}, choice: {}, yesno: {}, label: {} }, lengths: {}, first: [], ...parts,
});

describe('the words of a training set', () => {
  it('say in one sentence what would be written', () => {
    assert.equal(summaryOf(preview()), '1,200 records of 1 task.');
    assert.equal(summaryOf(preview({ split: { name: 'validation', records: 1, tasks: 1 } })), '1,200 records of 1 task, of these 1 record of 1 task in validation.');
    assert.equal(summaryOf(preview({ missing: 3, rule: { ...usualRule, sample: { by: 'tasks', count: 4 } } })), '1,200 records of 1 task; 3 tasks fewer than the sample asks for, there are no more.');
    assert.deepEqual([lookingWords({ done: 0, total: 0 }), lookingWords({ done: 1_000, total: 5_000 })], ['Looking at the paths…', '1,000 of 5,000 tasks looked at…']);
  });

  it('name what a trainer would see more or less of, largest first', () => {
    const balance = { answerKind: { number: 3, choice: 9, yesno: 1 }, choice: { A: 4 }, yesno: {}, label: { true: 2, false: 10 } };
    assert.deepEqual(balancesOf(preview({ balance, datasets: { mine: { records: 12 }, gsm8k: { records: 1, licence: 'MIT' } } })), [
      { title: 'Data sets', counts: [['mine (licence not stated)', 12], ['gsm8k (MIT)', 1]] }, { title: 'Kinds of answer', counts: [['choice', 9], ['number', 3], ['yes or no', 1]] }, { title: 'Choices', counts: [['A', 4]] },
      { title: 'Labels', counts: [['not to be learnt', 10], ['to be learnt', 2]] },
    ]);
  });

  it('write a share as it was typed', () => {
    for (const typed of ['0', '12.5', '33.3', '100', '0.1']) assert.equal(percentOf(shareOf(typed)), typed);
  });
});

describe('what is typed into the form of a rule', () => {
  it('changes one thing of it, and takes away what is emptied', () => {
    const length = { unit: 'tokens' as const, least: 5, most: 900 };
    assert.deepEqual(lengthChange(usualRule, { least: '20' }), { length: { unit: 'characters', least: 20 } });
    assert.deepEqual(lengthChange({ ...usualRule, length }, { most: '' }), { length: { unit: 'tokens', least: 5 } });
    assert.deepEqual(lengthChange({ ...usualRule, length: { unit: 'tokens', least: 5 } }, { least: '' }), { length: null });
    assert.deepEqual(lengthChange(usualRule, { unit: 'tokens' }), { length: { unit: 'tokens' } }, 'the unit may be chosen first');
    assert.deepEqual(sampleChange(usualRule, { count: '50' }), { sample: { by: 'tasks', count: 50 } });
    assert.deepEqual(sampleChange({ ...usualRule, sample: { by: 'tasks', count: 50 } }, { by: 'records' }), { sample: { by: 'records', count: 50 } });
    assert.deepEqual(sampleChange({ ...usualRule, sample: { by: 'tasks', count: 50 } }, { count: '' }), { sample: null });
    assert.deepEqual(splitChange(usualRule, { percent: '10' }), { split: { name: 'validation', share: 0.1 } });
    assert.deepEqual(splitChange({ ...usualRule, split: { name: 'dev', share: 0.1 } }, { percent: '' }), { split: null });
  });

  it('is the usual rule in whatever order it stands', () => {
    assert.ok(isUsual({ wrapper: 'fitting', seed: 0, hintedShare: 1, rejectedPerChosen: 1, reviews: 'any' }));
    assert.ok(!isUsual({ ...usualRule, seed: 1 }));
  });
});

describe('what a training set is made equal to', () => {
  const other = { manifest: '/p/other.jsonl.manifest.json', name: 'other.jsonl' };
  const rule = { ...usualRule, match: { by: 'paths' as const, manifest: '/gone.json' } };

  it('is one that is known, or was chosen before, or nothing', () => {
    const values = (of: typeof usualRule) => matchChoices({ others: [other], draft: { card: false, target: '', model: '', preset: '', format: 'chat', rule: of, changes: {} } }).map(({ value, words }) => [value, words]);
    assert.deepEqual(values(usualRule), [['', 'Nothing'], [other.manifest, 'other.jsonl']]);
    assert.deepEqual(values(rule), [['', 'Nothing'], [other.manifest, 'other.jsonl'], ['/gone.json', '/gone.json']]);
    assert.deepEqual(values({ ...rule, match: { by: 'paths', manifest: other.manifest } }), values(usualRule));
  });

  it('is changed by parts, and taken away', () => {
    assert.deepEqual(matchChange(usualRule, { manifest: other.manifest }), { match: { by: 'paths-per-task', manifest: other.manifest } });
    assert.deepEqual(matchChange(rule, { manifest: other.manifest }), { match: { by: 'paths', manifest: other.manifest } });
    assert.deepEqual(matchChange(rule, { by: 'paths-per-task' }), { match: { by: 'paths-per-task', manifest: '/gone.json' } });
    assert.deepEqual(matchChange(rule, { manifest: '' }), { match: null });
  });

  it('is said with what would be written', () => {
    assert.match(summaryOf(preview({ matched: { by: 'paths', file: 'other.jsonl', sha256: '', tasks: 9, paths: 12 } })), /; other\.jsonl has 12 paths of 9 tasks\.$/);
  });
});

describe('what keeps a job from being begun', () => {
  const ready: TrainingSnapshot = {
    name: 'demo', half: 'both', draft: { card: false, target: 'here', model: 'm', preset: 'lora', format: 'chat', rule: usualRule, changes: {} }, running: false, formats: ['chat'], preview: preview(), listed: [], others: [],
    files: [], targets: [{ name: 'here', kind: 'command', place: 'this machine' }], broken: [], presets: [], settings: [], plan: null, planning: false,
  };

  it('is said, the nearest first', () => {
    assert.equal(notReady(ready), undefined);
    assert.equal(notReady({ ...ready, preview: preview({ records: 0 }) }), 'There is nothing to learn from.');
    assert.equal(notReady({ ...ready, half: 'train', preview: null }), undefined);
    assert.equal(notReady({ ...ready, half: 'train', dataset: { path: '/a', wrong: 'No manifest.' } }), 'No manifest.');
    assert.equal(notReady({ ...ready, targets: [] }), 'Choose a target.');
    assert.equal(notReady({ ...ready, unplanned: 'It needs trust.' }), 'It needs trust.');
    assert.equal(notReady({ ...ready, work: { kind: 'job', done: 0, total: 0, words: '' } }), 'It is being done.');
  });

  it('is no earlier job, which is named', () => {
    const job: JobRow = { id: 3, key: 'k', target: 'here', kind: 'command', state: 'failed', base: 'm', preset: 'lora', records: 1, retry: 1, simulated: false, createdAtMs: 0, atMs: 0 };
    const plan: NonNullable<TrainingSnapshot['plan']> = { format: 'chat', place: '', command: '', training: '', files: [], hyperparameters: {}, target: {} };
    const words = (parts: Partial<Parameters<typeof earlierWords>[0]> = {}) => earlierWords({ earlier: job, plan, planning: false, ...parts });
    assert.equal(words(), 'Job 3 trained m with lora here before, on 1 record, try 2: failed. Something differs now: another job is begun.');
    assert.equal(words({ plan: { ...plan, key: 'k', existing: job } }), 'This very work was begun before. Job 3 trained m with lora here before, on 1 record, try 2: failed. It is shown, and none is begun.');
    for (const unknown of [{ plan: null }, { planning: true }]) assert.match(words(unknown) ?? '', /Where nothing differs, that job is shown and none is begun\.$/);
    assert.equal(earlierWords({ plan, planning: false }), undefined);
  });
});
