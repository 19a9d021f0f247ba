import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { parse } from 'yaml';
import type { ExportRuleDraft } from '../../../src/contract/exportRule.ts';
import type { Answer } from '../../../src/core/model/answer.ts';
import { exportFormats, type ExportFormat } from '../../../src/core/model/exportRule.ts';
import { taskId } from '../../../src/core/model/ids.ts';
import { problemError, problemOf } from '../../../src/core/model/problem.ts';
import type { Review } from '../../../src/core/model/review.ts';
import { exportDataset } from '../../../src/engine/export/exportDataset.ts';
import { previewExport } from '../../../src/engine/export/previewExport.ts';
import { aRecipe, aReview, aStage } from '../../support/builders.ts';
import { exportProject, type FatedTask } from '../../support/exportProject.ts';
import { PausingClock } from '../../support/fakeModel.ts';
import { MemoryStore } from '../../support/memoryStore.ts';

type Message = { readonly role: string; readonly content: string };
interface Pair { readonly prompt: Message[]; readonly chosen: Message[]; readonly rejected: Message[] }
interface Labelled { readonly prompt: Message[]; readonly completion: Message[]; readonly label: boolean }

const choice = { answerKind: 'choice', gold: 'A', question: 'Which?\n\n(A) dogs\n(B) cats', options: [{ label: 'A', text: 'dogs' }, { label: 'B', text: 'cats' }] } as const;
/** Tasks of every fate: right and wrong, right alone, wrong alone, solved with the hint, a choice, and one asked in the same words as another. */
const all: readonly FatedTask[] = [
  { id: 'set/1', fates: 'rwucfw', parts: { origin: { dataset: 'set', licence: 'MIT' } } },
  { id: 'set/2', fates: 'rrrrrr' },
  { id: 'set/3', fates: 'wwuwwc', hinted: 'www' },
  { id: 'set/4', fates: 'wcuuff', hinted: 'rrl' },
  { id: 'set/5', fates: 'rwwwww', parts: choice },
  { id: 'set/6', fates: 'rSSsww', parts: { question: 'HOW much  is six times three (set/2)?' } },
];
const said = (record: unknown): string => (record as Labelled).completion[0]?.content ?? '';
const reviewsOf = (decide: (answer: Answer) => Partial<Review> | undefined) => (paths: readonly Answer[]): readonly Review[] => paths.flatMap((answer, index) => {
  const { path: _path, taskId: _task, ...review } = decide(answer) ?? { decision: undefined };
  return review.decision === undefined ? [] : [aReview({ ...review, id: `${answer.taskId} ${index}`, path: answer.fingerprint, taskId: answer.taskId })];
});
const codeOf = async (work: Promise<unknown>) => problemOf(await work.then(() => undefined, (thrown: unknown) => thrown));

describe('paths with a label', () => {
  it('are right where they are kept, wrong where they were read whole and are not the known answer, and nothing else', async () => {
    const { exported } = exportProject(all);
    const { lines, records, report, manifest } = await exported('kto');
    for (const [index, line] of lines.entries()) {
      assert.deepEqual(Object.keys(line), ['prompt', 'completion', 'label']);
      const { label } = line as unknown as Labelled;
      assert.equal(label, records[index]?.['label']);
      assert.equal(records[index]?.['rejectedBy'], label ? undefined : 'grader');
      assert.doesNotMatch(said(line), /\[cut\]|it is that|cannot help|Since we know/);
      assert.match(said(line), label ? /\\boxed\{(?:18|A)\}/ : /\\boxed\{(?:17|15|B)\}/);
    }
    const labels = (task: string) => records.filter(record => record['task'] === task).map(record => record['label']);
    assert.deepEqual(labels('set/1').toSorted(), [false, false, true]);
    assert.deepEqual(labels('set/2'), [true, true]);
    assert.ok(labels('set/3').every(label => label === false), 'a task may have wrong paths alone');
    assert.deepEqual(manifest['labels'], { false: labels.length === 0 ? 0 : records.filter(({ label }) => label === false).length, true: records.filter(({ label }) => label === true).length });
    assert.ok((report.excluded['no-box'] ?? 0) > 0 && (report.excluded['enough'] ?? 0) > 0, JSON.stringify(report.excluded));
  });

  it('are written once, and a wrong path is none whose words are those of a right one', async () => {
    const { exported } = exportProject([{ id: 'set/1', fates: 'sssrSS' }]);
    const { lines, report } = await exported('kto');
    const texts = lines.map(said);
    assert.equal(new Set(texts).size, texts.length);
    assert.equal(report.excluded['same-text'], 3, 'two of three the same wrong ones, one of two the same right ones');
  });

  it('are cleaned by the rules of the recipe, the wrong ones too', async () => {
    const { filters } = aRecipe();
    const cleaning = exportProject([{ id: 'set/1', fates: 'rpwwww' }], { recipe: { filters: [...filters, 'clean'], clean: { requireSteps: false } } });
    const texts = (await cleaning.exported('kto')).lines.map(said);
    assert.ok(texts.length > 2 && texts.every(text => text.startsWith('1. By')), JSON.stringify(texts));
    const whole = exportProject([{ id: 'set/1', fates: 'rpwwww' }]);
    assert.equal((await whole.exported('kto')).lines.map(said).filter(text => text.startsWith('Let me think.')).length, 1);
  });

  it('take what a person rejected for wrong, however it was lost, and never what a person took in or whose known answer they doubt', async () => {
    const fates = 'rrucww';
    const reject = reviewsOf(({ raw }) => {
      if (raw.includes('it is that') || raw.includes('[cut]')) return { decision: 'reject', reason: 'unclear' };
      if (raw.includes('advice-a') || raw.includes('advice-e')) return { decision: 'reject', reason: 'wrong-known-answer' };
      return raw.includes('advice-f') ? { decision: 'accept' } : undefined;
    });
    const { exported } = exportProject([{ id: 'set/1', fates }], { reviews: reject });
    const { lines, records } = await exported('kto');
    const wrong = lines.filter(line => line['label'] === false).map(said);
    assert.equal(wrong.length, 2, JSON.stringify(wrong));
    assert.ok(wrong.some(text => text.includes('it is that')) && wrong.some(text => text.includes('[cut]')));
    assert.ok(records.filter(record => record['label'] === false).every(record => record['rejectedBy'] === 'person'));
    assert.ok(lines.every(line => !/advice-[aef]/.test(said(line))));
  });

  it('are nothing but what people decided about where that is the rule', async () => {
    const { exported } = exportProject(all, { reviews: reviewsOf(({ raw }) => (raw.includes('advice-a1') ? { decision: 'accept' } : raw.includes('advice-b1') ? { decision: 'reject' } : undefined)) });
    const { lines, report } = await exported('kto', { reviews: 'reviewed-only' });
    assert.ok(lines.length > 4);
    for (const line of lines) assert.match(said(line), line['label'] === true ? /advice-a1/ : /advice-b1/);
    assert.equal(report.reviewed, report.records);
    assert.equal(report.unreviewed, 'left-out');
  });
});

describe('pairs of paths', () => {
  it('hold a kept path against a wrong one of the same task, never twice and never against its own words', async () => {
    const { exported } = exportProject(all);
    for (const rejectedPerChosen of [1, 2, 9]) {
      const { lines, records, report } = await exported('dpo', { rejectedPerChosen });
      const pairs = lines as unknown as Pair[];
      assert.ok(pairs.length >= 4);
      for (const { prompt, chosen, rejected } of pairs) {
        assert.deepEqual([prompt, chosen, rejected].map(([message]) => message?.role), ['user', 'assistant', 'assistant']);
        assert.notEqual(chosen[0]?.content, rejected[0]?.content);
        assert.match(chosen[0]?.content ?? '', /\\boxed\{(?:18|A)\}/);
        assert.doesNotMatch(rejected[0]?.content ?? '', /\\boxed\{(?:18|A)\}|\[cut\]/);
      }
      assert.equal(new Set(lines.map(line => JSON.stringify(line))).size, lines.length);
      const uses = [...Map.groupBy(records, ({ answers }) => (answers as { path: string }).path).values()].map(group => group.length);
      assert.equal(Math.max(...uses) <= rejectedPerChosen, true);
      assert.deepEqual(new Set(records.map(({ task }) => task)), new Set(['set/1', 'set/4', 'set/5', 'set/6']));
      assert.ok((report.excluded['no-rejected'] ?? 0) === 2 && (report.excluded['no-chosen'] ?? 0) > 0, JSON.stringify(report.excluded));
    }
  });

  it('say of both paths whether they were hinted, and hold what a person rejected first', async () => {
    const { exported } = exportProject(all, { reviews: reviewsOf(({ raw, taskId }) => (taskId === 'set/5' && raw.includes('advice-f') ? { decision: 'reject', reason: 'lucky' } : undefined)) });
    const { records } = await exported('dpo');
    const hinted = records.find(({ task }) => task === 'set/4');
    assert.deepEqual([hinted?.['hinted'], hinted?.['chosenHinted'], (hinted?.['rejected'] as { hinted: boolean }).hinted], [true, true, false]);
    const person = records.find(({ task }) => task === 'set/5')?.['rejected'] as { rejectedBy: string; review: { decision: string } };
    assert.deepEqual([person.rejectedBy, person.review.decision], ['person', 'reject']);
  });
});

describe('the rule of an export', () => {
  it('is that everything kept is written, and stands whole in report and manifest', async () => {
    const { exported } = exportProject(all);
    const { report, manifest } = await exported('chat');
    assert.deepEqual(report.rule, { reviews: 'any', rejectedPerChosen: 1, hintedShare: 1, seed: 0, wrapper: 'fitting' });
    assert.deepEqual(manifest['rule'], report.rule);
    const parts = { wrapper: 'none', split: { share: 0.5, name: 'validation' }, sample: { count: 8, by: 'records' }, length: { most: 999, unit: 'characters' }, seed: 1 } as const;
    const turned = { seed: 1, length: { unit: 'characters', most: 999 }, sample: { by: 'records', count: 8 }, split: { name: 'validation', share: 0.5 }, wrapper: 'none' } as const;
    assert.equal((await exported('chat', parts)).manifestText, (await exported('chat', turned)).manifestText, 'in whatever order it is said');
    assert.equal(report.missing, undefined);
  });

  it('takes out what is too short or too long, in characters or in tokens, and says which', async () => {
    const { exported } = exportProject(all);
    const lengths = (await exported('chat')).lines.map(line => ((line['messages'] as Message[])[1]?.content ?? '').length);
    const [least, most] = [Math.min(...lengths) + 1, Math.max(...lengths) - 1];
    const { report } = await exported('chat', { length: { unit: 'characters', least, most } });
    assert.deepEqual([report.excluded['under-length'], report.excluded['over-length']], [lengths.filter(length => length < least).length, lengths.filter(length => length > most).length]);
    assert.equal(report.records, lengths.filter(length => length >= least && length <= most).length);
    const inTokens = await exported('chat', { length: { unit: 'tokens', most: 16 } });
    assert.ok(inTokens.report.records > 0 && (inTokens.report.excluded['over-length'] ?? 0) > 0);
    assert.equal(inTokens.records.length + (inTokens.report.excluded['over-length'] ?? 0), lengths.length);
  });

  it('keeps so many paths of a task, the unhinted first, and of wrong ones as many', async () => {
    const { exported } = exportProject(all);
    const chat = await exported('chat', { pathsPerTask: 1 });
    assert.equal(chat.report.records, chat.report.tasks);
    assert.ok((chat.report.excluded['over-paths-per-task'] ?? 0) > 0);
    const kto = await exported('kto', { pathsPerTask: 1 });
    const groups = Map.groupBy(kto.records, ({ task, label }) => `${String(task)} ${String(label)}`);
    assert.ok([...groups.values()].every(group => group.length === 1));
  });

  it('takes the wrapper away', async () => {
    const { exported } = exportProject(all);
    const { lines } = await exported('chat', { wrapper: 'none' });
    assert.ok(lines.some(line => (line['messages'] as Message[])[0]?.content === 'How much is six times three (set/1)?'));
  });

  it('says how many of a sample are not there', async () => {
    const { exported } = exportProject(all);
    const { report, manifest } = await exported('chat', { sample: { by: 'tasks', count: 100 } });
    assert.deepEqual([report.missing, manifest['missing']], [100 - report.tasks, 100 - report.tasks]);
    const two = await exported('chat', { sample: { by: 'tasks', count: 2 } });
    assert.deepEqual([two.report.tasks, two.report.missing], [2, undefined]);
    assert.ok((two.report.excluded['sample'] ?? 0) > 0);
  });

  it('puts whole tasks into a file of their own, the same question on one side, and what is added moves no other', async () => {
    const many = (count: number): FatedTask[] => Array.from({ length: count }, (_, index) => ({ id: `set/${index}`, fates: 'rrwwww', parts: { question: `Question ${index % 30}?` } }));
    const split = { name: 'validation', share: 0.3 };
    const project = exportProject(many(40));
    const { files } = project;
    const { report, lines, apart, records, manifest } = await project.exported('chat', { split, seed: 7 });
    assert.equal(report.split?.path, '/out/train.validation.jsonl');
    assert.deepEqual([lines.length + apart.length, apart.length, report.split.records], [report.records, report.split.records, report.split.records]);
    assert.ok(apart.length > 0 && lines.length > 0);
    const asked = (line: Record<string, unknown>) => (line['messages'] as Message[])[0]?.content;
    assert.equal(apart.some(line => lines.some(other => asked(other) === asked(line))), false);
    assert.equal(report.split.sha256, createHash('sha256').update(files.kept.get('/out/train.validation.jsonl') ?? '').digest('hex'));
    assert.deepEqual((manifest['split'] as { file: string }).file, 'train.validation.jsonl');
    const sideOf = (every: Record<string, unknown>[]) => new Map(every.map(record => [record['task'], record['split']]));
    const more = sideOf((await exportProject(many(60)).exported('chat', { split, seed: 7 })).records);
    for (const [task, side] of sideOf(records)) assert.equal(more.get(task), side);
    for (const side of ['train', 'validation']) assert.deepEqual(records.filter(record => record['split'] === side).map(({ line }) => line), (side === 'train' ? lines : apart).map((_, index) => index + 1));
  });

  it('gives the same bytes each time and in both modes, and a preview that counts as the export does, whatever the rule and the format', async () => {
    const rules: fc.Arbitrary<ExportRuleDraft> = fc.record({
      hintedShare: fc.constantFrom(0, 0.2, 0.5, 1), pathsPerTask: fc.integer({ min: 1, max: 3 }), rejectedPerChosen: fc.integer({ min: 1, max: 3 }), seed: fc.nat(3), wrapper: fc.constantFrom('fitting', 'none'),
      sample: fc.record({ by: fc.constantFrom('tasks', 'records'), count: fc.integer({ min: 1, max: 9 }) }), split: fc.constant({ name: 'validation', share: 0.5 }),
      length: fc.record({ unit: fc.constantFrom('characters', 'tokens'), least: fc.nat(60), most: fc.integer({ min: 40, max: 120 }) }),
    }, { requiredKeys: [] });
    const [one, other] = (['all', 'until-enough'] as const).map(mode => exportProject(all, { mode }));
    assert.ok(one && other);
    let written = 0;
    await fc.assert(fc.asyncProperty(fc.constantFrom(...exportFormats), rules, async (format, rule) => {
      const preview = await one.previewed(format, rule);
      const attempt = async (project: typeof one) => {
        project.clear();
        return project.exported(format, rule).catch((thrown: unknown) => problemOf(thrown).code);
      };
      const first = await attempt(one);
      if (typeof first === 'string') {
        const side = preview.split?.records ?? 1;
        assert.ok(preview.records === 0 || side === 0 || side === preview.records, first);
        return;
      }
      written += 1;
      assert.deepEqual(await attempt(one), first);
      const { report } = first;
      assert.deepEqual([preview.records, preview.tasks, preview.hinted, preview.excluded, preview.missing], [report.records, report.tasks, report.hinted, report.excluded, report.missing]);
      assert.equal(first.records.length, report.records);
      if (format !== 'parquet') assert.ok(preview.first.every(line => `${first.data}${one.files.kept.get('/out/train.validation.jsonl') ?? ''}`.split('\n').includes(line)));
      // the wrong paths of a task are more where all branches ran; what is to be learnt is the same
      if (format === 'kto' || format === 'dpo') return;
      const second = await attempt(other);
      assert.ok(typeof second !== 'string');
      assert.deepEqual([second.data, second.records, second.apart], [first.data, first.records, first.apart]);
    }), { numRuns: 150 });
    assert.ok(written > 40, String(written));
  });
});

describe('an export while people go on', () => {
  it('holds to the reviews of its beginning, and to the known answers that it found first', async () => {
    const { store, dependencies, looking, exported, files } = exportProject(all);
    const before = await exported('kto', { seed: 1 });
    const clock = new PausingClock();
    clock.between = () => {
      const paths = store.answers(taskId('set/6')).filter(({ stage }) => stage === 'path');
      if (clock.pauses === 1) store.commit({ reviews: paths.map(({ fingerprint }, index) => aReview({ id: `late ${index}`, path: fingerprint, taskId: 'set/6', decision: 'reject' })) });
      if (clock.pauses === 7) store.commit({ corrections: [{ taskId: taskId('set/6'), gold: '99', reviewer: 'ada', atMs: 1 }] });
    };
    await exportDataset({ ...dependencies, clock }, store, { format: 'kto', out: '/out/later.jsonl', rule: { seed: 1 }, ...looking });
    assert.equal(store.task(taskId('set/6'))?.gold, '99');
    assert.equal(files.kept.get('/out/later.jsonl'), before.data);
    assert.deepEqual((files.kept.get('/out/later.jsonl.records.jsonl') ?? '').split('\n').filter(line => line !== '').map(line => JSON.parse(line) as unknown), before.records);
    const now = await codeOf(exported('kto', { seed: 1 }).then(({ records }) => { assert.ok(records.every(({ task, label }) => task !== 'set/6' || label === false)); }));
    assert.equal(now.message, 'undefined', 'and the next export knows of both');
  });
});

describe('a preview of an export', () => {
  it('counts what a trainer would see more or less of, and shows the first records as they would be written', async () => {
    const { exported, previewed } = exportProject(all);
    const preview = await previewed('kto');
    const { lines } = await exported('kto');
    assert.deepEqual(preview.first.map(line => JSON.parse(line) as unknown), lines.slice(0, 3));
    assert.deepEqual(preview.balance.choice, { A: 1 });
    assert.deepEqual(preview.balance.answerKind, { choice: lines.filter(line => /dogs/.test(JSON.stringify(line))).length, number: lines.filter(line => !/dogs/.test(JSON.stringify(line))).length });
    assert.deepEqual(preview.balance.label, { false: lines.filter(line => line['label'] === false).length, true: lines.filter(line => line['label'] === true).length });
    const lengths = lines.map(line => said(line).length).sort((a, b) => a - b);
    assert.deepEqual([preview.lengths.characters?.known, preview.lengths.characters?.least, preview.lengths.characters?.most], [lengths.length, lengths[0], lengths.at(-1)]);
    assert.equal(preview.lengths.characters?.p50, lengths[Math.ceil(lengths.length / 2) - 1]);
    assert.equal(preview.lengths.tokens?.known, lines.length);
    assert.equal(preview.datasets['set']?.records, lines.length);
  });

  it('writes nothing, also where nothing would be written', async () => {
    const { previewed, files } = exportProject([{ id: 'set/1', fates: 'uuuuuu' }]);
    const { records, first, excluded } = await previewed('parquet');
    assert.deepEqual([records, first, excluded], [0, [], { 'no-box': 6 }]);
    assert.equal(files.kept.size, 0);
    const { dependencies, looking } = exportProject([]);
    const unrun = await previewExport(dependencies, new MemoryStore(), { format: 'dpo', ...looking });
    assert.deepEqual([unrun.records, unrun.excluded, unrun.lengths, unrun.simulated], [0, {}, {}, false], 'nor where nothing was run');
  });

  it('says how far it is, and stops where it is cancelled', async () => {
    const { store, dependencies, looking } = exportProject(all);
    const heard: number[] = [];
    await previewExport(dependencies, store, { format: 'chat', ...looking, report: (done, total) => { assert.ok(done <= total); heard.push(total); } });
    assert.equal(heard.at(-1), 12, 'both walks');
    const stop = new AbortController();
    const clock = new PausingClock();
    clock.between = () => { stop.abort(); };
    assert.equal((await codeOf(previewExport({ ...dependencies, clock }, store, { format: 'chat', ...looking, signal: stop.signal }))).code, 'cancelled');
    assert.equal(clock.pauses, 1);
  });
});

describe('files of an export', () => {
  const formats: readonly ExportFormat[] = ['chat', 'parquet', 'dpo'];
  const rule = { split: { name: 'validation', share: 0.5 }, seed: 1 } as const;

  it('appear together or not at all, whichever write or rename fails, and what stood there stays', async () => {
    for (const format of formats) {
      for (const failing of ['write', 'keep'] as const) {
        let at = 0;
        let end: string;
        do {
          at += 1;
          const { store, dependencies, looking, files, exported } = exportProject(all);
          await exported('chat', rule, { card: true });
          const before = new Map(files.kept);
          let calls = 0;
          const full = { ...files, create: (path: string) => {
            const file = files.create(path);
            const fail = () => { if ((calls += 1) === at) throw problemError('disk-full', `The disk is full: ${path}`); };
            return { ...file, [failing]: (...given: [string]) => { fail(); return file[failing](...given); } };
          } };
          end = await exportDataset({ ...dependencies, files: full }, store, { format, out: '/out/train.jsonl', rule, card: true, ...looking }).then(() => 'written', (thrown: unknown) => problemOf(thrown).message);
          if (end !== 'written') assert.deepEqual(new Map(files.kept), before, `${format}: ${failing} ${at}`);
          assert.match(end, /^(?:written|The disk is full: \/out\/.*)$/);
        } while (end !== 'written');
        assert.ok(at > 5, `${format} ${failing} ${at}`);
      }
    }
  });

  it('are none where it is cancelled in the middle of the second walk', async () => {
    const { store, dependencies, looking, files } = exportProject(all);
    const stop = new AbortController();
    const clock = new PausingClock();
    clock.between = () => { if (clock.pauses === 8) stop.abort(); };
    assert.equal((await codeOf(exportDataset({ ...dependencies, clock }, store, { format: 'chat', out: '/out/t.jsonl', ...looking, signal: stop.signal }))).code, 'cancelled');
    assert.equal(files.kept.size, 0);
  });

  it('are none where nothing is left, and the reasons are named with what to do', async () => {
    const { exported, files } = exportProject(all);
    for (const [format, more, says] of [
      ['chat', { length: { unit: 'characters', least: 9999 } }, /\d+ under-length.*The rule of this export takes them \(under-length\): make it wider/],
      ['chat', { reviews: 'reviewed-only' }, /\d+ not-reviewed.*Review paths first/],
      ['chat', { split: { name: 'validation', share: 1e-9 } }, /No task falls into validation.*another seed/],
      ['chat', { split: { name: 'validation', share: 1 - 1e-9 } }, /All tasks fall into validation/],
    ] as const) {
      const { code, message } = await codeOf(exported(format, more));
      assert.equal(code, 'split' in more ? 'usage' : 'nothing-to-export');
      assert.match(message, says);
      assert.match(message, /No file was written/);
    }
    const none = exportProject([{ id: 'set/1', fates: 'uuuuff' }]);
    assert.match((await codeOf(none.exported('chat'))).message, /4 no-box, 2 .*No path is kept: the funnel says/);
    const right = exportProject([{ id: 'set/1', fates: 'rrrrrr' }]);
    assert.match((await codeOf(right.exported('dpo'))).message, /2 no-rejected.*Pairs need a rejected or wrong path/);
    assert.equal(files.kept.size + none.files.kept.size + right.files.kept.size, 0);
  });

  it('of somebody else are left alone: data, split and card', async () => {
    for (const name of ['train.jsonl', 'train.validation.jsonl', 'README.md']) {
      const { store, dependencies, looking, files, exported } = exportProject(all);
      if (name !== 'train.jsonl') await exported('chat'); // an earlier export that had none of them
      const foreign = { ...files, sizeBytes: (path: string) => (path === `/out/${name}` ? 7 : files.sizeBytes(path)), text: (path: string) => (path === `/out/${name}` ? 'the only copy' : files.text(path)) };
      const write = (overwrite: boolean) => exportDataset({ ...dependencies, files: foreign }, store, { format: 'chat', out: '/out/train.jsonl', rule, card: true, overwrite, ...looking });
      const { code, message } = await codeOf(write(false));
      assert.deepEqual([code, message.startsWith(`/out/${name} is there already`)], ['file-exists', true]);
      assert.equal((await write(true)).card, '/out/README.md');
    }
  });

  it('have names of their own', async () => {
    const { exported, files } = exportProject(all);
    assert.equal((await codeOf(exported('chat', {}, { card: true, out: '/out/README.md' }))).code, 'usage');
    assert.equal(files.kept.size, 0);
  });

  it('of an earlier export that are not written again are named', async () => {
    const { exported } = exportProject(all);
    await exported('chat', rule);
    const { report } = await exported('chat');
    assert.deepEqual(report.leftovers, ['train.validation.jsonl']);
    assert.deepEqual((await exported('chat')).report.leftovers, report.leftovers, 'as long as they are there');
    assert.equal((await exported('chat', rule)).report.leftovers, undefined, 'and are replaced, since they are ours');
  });

  it('have a card with counts, rule, models, licences and limits, and no clock time', async () => {
    const { exported } = exportProject(all);
    const { card, report, manifestText } = await exported('kto', { ...rule, hintedShare: 0.5 }, { card: true });
    const [, head = '', body = ''] = /^---\n([^]*?)\n---\n([^]*)$/.exec(card) ?? [];
    const fields = parse(head) as Record<string, unknown>;
    assert.deepEqual(fields['configs'], [{ config_name: 'default', data_files: [{ split: 'train', path: 'train.jsonl' }, { split: 'validation', path: 'train.validation.jsonl' }] }]);
    assert.deepEqual([fields['license'], fields['size_categories'], fields['task_categories']], ['other', ['n<1K'], ['text-generation']]);
    assert.ok((fields['tags'] as string[]).includes('synthetic') && (fields['tags'] as string[]).includes('simulation') && (fields['tags'] as string[]).includes('kto'));
    assert.match(body, /This is a simulation/);
    for (const words of [`| records | ${report.records} |`, `| tasks | ${report.tasks} |`, 'licence MIT', 'Model: m (`model`)', 'At most 50 % with a hint', 'as a hint | ', '## Limits', 'no question is on both sides']) assert.ok(body.includes(words), words);
    for (const text of [card, manifestText]) assert.doesNotMatch(text.replaceAll(/[0-9a-f]{64}/g, ''), /12345678|AtMs|20\d\d-\d\d/);
    const one = exportProject([{ id: 'set/1', fates: 'rrrrrr', parts: { origin: { dataset: '[x](javascript:y) | <b>', licence: 'MIT' } } }]);
    const plain = await one.exported('chat', {}, { card: true });
    assert.match(plain.card, /license: mit\n/);
    assert.match(plain.card, /\n- regenesis\n[^]*by the method of ReGenesis \(Peng[^]*compared with the known one once more/);
    assert.equal(plain.manifest['knownAnswers'], undefined);
    assert.match(plain.card, /\*\*\\\[x\\\]\(javascript:y\) \\\| \\<b\\>\*\*/);
  });

  it('name no method that was not used, and no known answer that decided nothing', async () => {
    const drawn = { 1: { guidelines: [], choices: [], drawn: 6, chain: [aStage('path')], hintStages: [] } };
    const draws = exportProject([{ id: 'set/1', fates: 'rrrwwu' }], { recipe: { name: 'lmsi', knownAnswers: 'unused', rounds: drawn } });
    const { card, manifest } = await draws.exported('chat', {}, { card: true });
    assert.match(card, /wrote itself, by the recipe lmsi, checked/);
    assert.doesNotMatch(card, /the method of|- regenesis|with the known one/);
    assert.match(card, /with what most answers to its task said once more[^\n]*Known answers that the recipe leaves unused/);
    assert.match(card, /say may be wrong/);
    assert.deepEqual(manifest['knownAnswers'], { unused: 2 });
    const some = exportProject([{ id: 'set/1', fates: 'rrrwww' }, { id: 'set/2', fates: 'rrrrwu', isUnknown: true }]);
    const both = await some.exported('chat', {}, { card: true });
    assert.match(both.card, /compared with the known one \(2\) or with what most answers to its task said \(2\) once more/);
    assert.deepEqual(both.manifest['knownAnswers'], { absent: 2, used: 2 });
  });
});
