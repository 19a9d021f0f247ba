import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import * as z from 'zod/mini';
import { exportShape, gradeShape, leakShape, runShape, showShape } from '../../support/commandShapes.ts';
import { readLines, Workshop } from '../../support/commandLine.ts';
import { shippedPrompts } from '../../support/promptFiles.ts';
import { sampleTasks, shippedGuidelines } from '../../support/sampleTasks.ts';

const message = <Role extends string>(role: Role) => z.strictObject({ role: z.literal(role), content: z.string() });
const turn = <From extends string>(from: From) => z.strictObject({ from: z.literal(from), value: z.string() });

/** Each format: the exact shape of a line, and what it asks and answers. */
const formats = {
  'chat': z.pipe(z.strictObject({ messages: z.tuple([message('user'), message('assistant')]) }), z.transform(({ messages: [user, assistant] }) => [user.content, assistant.content])),
  'prompt-completion': z.pipe(z.strictObject({ prompt: z.tuple([message('user')]), completion: z.tuple([message('assistant')]) }), z.transform(({ prompt: [user], completion: [assistant] }) => [user.content, assistant.content])),
  'sharegpt': z.pipe(z.strictObject({ conversations: z.tuple([turn('human'), turn('gpt')]) }), z.transform(({ conversations: [human, gpt] }) => [human.value, gpt.value])),
  'alpaca': z.pipe(z.strictObject({ instruction: z.string(), input: z.string(), output: z.string() }), z.transform(({ instruction, input, output }) => [`${instruction}\n\n${input}`, output])),
} as const;

const recordShape = z.object({
  line: z.int(), task: z.string(), dataset: z.string(), answerKind: z.string(), branch: z.string(), round: z.union([z.literal(1), z.literal(2)]), guidelines: z.array(z.string()),
  answers: z.object({ path: z.string() }), hinted: z.boolean(), gold: z.string(), extracted: z.string(), edited: z.literal(false),
});
type ExportRecord = z.infer<typeof recordShape>;

const manifestShape = z.object({
  format: z.string(), madeBy: z.string(), simulation: z.literal(true), records: z.int(), tasks: z.int(), hinted: z.int(), humanEdited: z.literal(0), sha256: z.string(), recordsSha256: z.string(),
  datasets: z.record(z.string(), z.object({ records: z.int() })), excluded: z.record(z.string(), z.int()), runs: z.array(z.object({ recipe: z.string(), recipeId: z.string(), identity: z.string() })),
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Sentences of the shipped prompts, as they stand there: none of them belongs into a training set. */
const instructions = [...shippedPrompts()].filter(([file]) => file.endsWith('.rgprompt')).flatMap(([, text]) => (
  text.replace(/^---\n[^]*?\n---\n/, '').replaceAll(/\{[{%#][^]*?[}%#]\}/g, '\n').split(/\n|(?<=[.?:])\s/).map(sentence => sentence.trim()).filter(sentence => sentence.length > 20)
));

/** Whether braces, dollar signs and \left … \right come in pairs. */
function isWholeLatex(text: string): boolean {
  let depth = 0;
  for (const [mark] of text.matchAll(/\\?[{}]/g)) {
    depth += mark === '{' ? 1 : mark === '}' ? -1 : 0;
    if (depth < 0) return false;
  }
  const count = (pattern: RegExp) => (text.match(pattern) ?? []).length;
  return depth === 0 && count(/(?<!\\)\$/g) % 2 === 0 && count(/\\left\b/g) === count(/\\right\b/g);
}

for (const [recipe, tasks] of [['regenesis', sampleTasks.filter(({ difficulty }, index) => index % 4 === 0 || difficulty === 5)], ['regenesis-released', sampleTasks.filter((_, index) => index % 10 === 2)]] as const) {
  describe(`a training set made by ${recipe}`, function () {
    this.timeout(60_000);
    const shop = new Workshop();
    let records: readonly ExportRecord[];
    let pairs: readonly (readonly string[])[];

    before(async () => {
      const server = await shop.demoServer();
      await shop.succeed('init', 'p', '--sample');
      await shop.json(runShape, ['run', 'p', '--server', server.url, '--recipe', recipe, '--task', tasks.map(({ id }) => `samples/${id}`).join(',')]);
      await shop.succeed('export', 'p', '--out', 'chat.jsonl');
      records = readLines(recordShape, shop.read('chat.jsonl.records.jsonl'));
      pairs = readLines<readonly string[]>(formats.chat, shop.read('chat.jsonl'));
    });
    after(() => shop.close());

    const paths = () => pairs.map(([, answer = '']) => answer);
    const kinds = () => new Set(records.map(record => record.answerKind));

    it('has the stated keys and roles and nothing else, in every format the same questions and paths', async () => {
      assert.ok(pairs.length > 20 && kinds().size >= 4);
      for (const [format, shape] of Object.entries(formats)) {
        const report = await shop.json(exportShape, ['export', 'p', '--format', format, '--out', `${format}.out.jsonl`]);
        assert.equal(report.format, format);
        const text = shop.read(`${format}.out.jsonl`);
        assert.deepEqual(readLines<readonly string[]>(shape, text), pairs, format);
        assert.equal(sha256(text), report.sha256);
      }
      assert.equal(shop.read('chat.out.jsonl'), shop.read('chat.jsonl'), 'two exports have the same bytes');
      assert.equal(shop.read('chat.out.jsonl.manifest.json').replaceAll('chat.out.jsonl', 'chat.jsonl'), shop.read('chat.jsonl.manifest.json'), 'but for the name, the manifest too');
      assert.equal(shop.read('alpaca.out.jsonl.records.jsonl'), shop.read('chat.jsonl.records.jsonl'));
    });

    it('asks the whole question', () => {
      pairs.forEach(([question = ''], index) => {
        const task = sampleTasks.find(({ id }) => `samples/${id}` === records[index]?.task);
        assert.ok(task && question.endsWith(`\n\n${task.question}`), question);
        assert.equal(records[index]?.gold.includes(task.answer), true);
      });
    });

    it('has every box and every formula whole, and every answer is right again', async () => {
      for (const text of paths()) {
        assert.ok(isWholeLatex(text), text);
        assert.match(text, /\\boxed\{[^]+\}/);
        assert.equal(text, text.trim());
      }
      const graded = await shop.succeed('grade', shop.writeLines('again.jsonl', records.map(({ gold, answerKind: kind }, index) => ({ gold, kind, output: paths()[index] }))));
      readLines(gradeShape, graded).forEach((line, index) => {
        assert.ok('verdict' in line && line.verdict === 'correct', `${JSON.stringify(line)} ${paths()[index] ?? ''}`);
        assert.equal(line.extracted, records[index]?.extracted);
      });
    });

    it('holds no scaffolding', async () => {
      for (const text of paths()) {
        for (const guideline of shippedGuidelines) assert.ok(!text.includes(guideline.text) && !guideline.text.split(/(?<=[.;:]) /).some(part => part.length > 30 && text.includes(part)), guideline.id);
        for (const sentence of instructions) assert.ok(!text.includes(sentence), sentence);
        assert.ok(!/###|\{\{|<think|correct answer is|(?:the|this) (?:guideline|hint|plan above|advice)\b/i.test(text), text);
      }
      assert.ok(instructions.length > 20);
      const ids = [...new Set(records.map(({ task }) => task))];
      for (const id of [...ids.slice(0, 2), ...ids.slice(-2)]) {
        const { branches, selection } = await shop.json(showShape, ['show', 'p', id]);
        const own = records.flatMap((record, index) => (record.task === id ? [{ record, text: paths()[index] ?? '' }] : []));
        assert.deepEqual(selection.map(({ branch, path: print, hinted }) => [branch, print, hinted]), own.map(({ record }) => [record.branch, record.answers.path, record.hinted]));
        for (const { record, text } of own) {
          const branch = branches.find(each => each.id === record.branch && each.round === record.round);
          assert.ok(branch && branch.path?.includes(text) === true, 'a path is exported as it was written, or its end');
          assert.deepEqual(record.guidelines, branch.guidelines);
          for (const scaffold of [branch.adapted, branch.structure]) assert.ok(scaffold !== undefined && !text.includes(scaffold));
        }
      }
      const hinted = records.flatMap(({ hinted: isHinted, gold, task }, index) => (isHinted ? [{ gold, question: task, path: paths()[index] }] : []));
      const leaks = readLines(leakShape, await shop.succeed('leak', shop.writeLines('hinted.jsonl', hinted)));
      assert.ok(leaks.every(line => 'leak' in line && !line.leak), 'no hinted path betrays that it was told');
      assert.ok(recipe === 'regenesis-released' || hinted.length > 5);
    });

    it('stands in the order of the import and of the walk, and says where each line comes from', () => {
      assert.deepEqual(records.map(({ line }) => line), records.map((_, index) => index + 1));
      assert.equal(records.length, pairs.length);
      const positions = records.map(({ task, round }) => sampleTasks.findIndex(({ id }) => `samples/${id}` === task) * 2 + round);
      assert.deepEqual(positions, positions.toSorted((a, b) => a - b));
      assert.ok(records.every(({ round, hinted }) => hinted === (round === 2)));
      const perTask = Object.values(Object.groupBy(records, ({ task }) => task)).map(group => group?.length ?? 0);
      assert.ok(Math.max(...perTask) <= 5);
      const texts = pairs.map(([, answer = '']) => answer.toLowerCase().replaceAll(/\s+/g, ' '));
      assert.equal(new Set(texts.map((text, index) => `${records[index]?.task ?? ''} ${text}`)).size, texts.length, 'no path twice');
    });

    it('has a manifest whose hashes and counts agree, without a clock time', () => {
      const text = shop.read('chat.jsonl.manifest.json');
      const manifest = manifestShape.parse(JSON.parse(text));
      assert.equal(manifest.sha256, sha256(shop.read('chat.jsonl')));
      assert.equal(manifest.recordsSha256, sha256(shop.read('chat.jsonl.records.jsonl')));
      assert.deepEqual([manifest.records, manifest.tasks, manifest.hinted], [records.length, new Set(records.map(({ task }) => task)).size, records.filter(({ hinted }) => hinted).length]);
      assert.deepEqual(manifest.runs.map(run => run.recipe), [recipe]);
      for (const file of ['chat.jsonl', 'chat.jsonl.manifest.json', 'chat.jsonl.records.jsonl']) {
        assert.doesNotMatch(shop.read(file).replaceAll(/[0-9a-f]{64}/g, ''), /\b1[6-9]\d{11}\b|\b20\d\d-\d\d-\d\dT|AtMs|127\.0\.0\.1/, file);
      }
    });
  });
}

describe('an export that cannot be', function () {
  this.timeout(30_000);
  const shop = new Workshop();
  after(() => shop.close());

  it('says why, and leaves nothing behind', async () => {
    await shop.succeed('init', 'p', '--sample');
    const early = await shop.run(['export', 'p', '--out', 'early.jsonl']);
    assert.deepEqual([early.code, early.out], [1, '']);
    assert.match(early.said, /Nothing was run in .*regenesis run/);
    const server = await shop.demoServer();
    await shop.succeed('run', 'p', '--server', server.url, '--limit', '1');
    const nowhere = await shop.run(['export', 'p', '--out', 'no/folder/train.jsonl']);
    assert.equal(nowhere.code, 1);
    assert.match(nowhere.said, /train\.jsonl cannot be written: its folder is not there/);
    const folder = await shop.run(['export', 'p', '--out', '.']);
    assert.equal(folder.code, 1);
    assert.ok(!existsSync(shop.file('early.jsonl')));
    assert.deepEqual(readdirSync(shop.folder).filter(name => !name.startsWith('p.regenesis') && !name.startsWith('requests')), []);
  });
});
