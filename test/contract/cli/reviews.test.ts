import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import process from 'node:process';
import * as z from 'zod/mini';
import { showShape } from '../../support/commandShapes.ts';
import { readLines, Workshop } from '../../support/commandLine.ts';

/** A line of the review file, as everybody may rely on it. */
const lineShape = z.object({
  sequence: z.int(), id: z.string(), task: z.string(), path: z.string(), reviewer: z.string(), decision: z.enum(['accept', 'reject', 'amend', 'unsure', 'none']),
  reason: z.optional(z.string()), marks: z.array(z.object({ step: z.int(), start: z.int(), end: z.int() })), note: z.optional(z.string()), amendedText: z.optional(z.string()),
  reviewedAtMs: z.int(), seconds: z.number(), supersedes: z.optional(z.string()),
});
const importShape = z.object({ imported: z.int(), known: z.int(), refused: z.array(z.object({ line: z.int(), code: z.string(), message: z.string() })) });
const exportShape = z.object({ path: z.string(), reviews: z.int(), reviewers: z.array(z.object({ name: z.string(), paths: z.int(), secondsPerDecision: z.nullable(z.number()) })), agreement: z.array(z.unknown()) });
const enginesShape = z.object({ engines: z.array(z.object({ pid: z.int(), project: z.nullable(z.string()) })) });

describe('reviews on the command line', function () {
  this.timeout(60_000);
  const shop = new Workshop();
  let paths: readonly { task: string; path: string }[];

  before(async () => {
    const server = await shop.demoServer();
    await shop.succeed('init', 'p', '--sample');
    await shop.succeed('run', 'p', '--server', server.url, '--limit', '6');
    const ids = z.parse(z.object({ tasks: z.array(z.object({ id: z.string() })) }), JSON.parse(await shop.succeed('tasks', 'p', '--json'))).tasks.slice(0, 6).map(({ id }) => id);
    const shown: z.infer<typeof showShape>[] = [];
    for (const id of ids) shown.push(await shop.json(showShape, ['show', 'p', id])); // one after the other: they share a working directory
    paths = shown.flatMap(({ task, branches }) => branches.flatMap(({ answers }) => answers.filter(({ stage }) => stage === 'path').slice(-1).map(({ fingerprint }) => ({ task: task.id, path: fingerprint }))));
    assert.ok(paths.length >= 30, `${paths.length} paths`);
  });
  after(() => shop.close());

  const review = (index: number, more: object = {}) => ({ id: `id-${index}`, ...paths[index], reviewer: 'ann', decision: 'accept', marks: [], reviewedAtMs: 1_700_000_000_000 + index, seconds: 2.5, ...more });
  const exported = async () => readLines(lineShape, await shop.succeed('review', 'export', 'p'));

  it('takes thirty reviews in, and has them in order after the engine was killed', async () => {
    shop.writeLines('in.jsonl', Array.from({ length: 30 }, (_, index) => review(index)));
    const environment = { REGENESIS_IDLE_MS: '60000' };
    const { code, out } = await shop.run(['review', 'import', 'p', 'in.jsonl', '--json'], { environment });
    assert.equal(code, 0, out);
    assert.deepEqual([code, z.parse(importShape, JSON.parse(out))], [0, { imported: 30, known: 0, refused: [] }]);
    const { engines } = await shop.json(enginesShape, ['engines']);
    const engine = engines.find(({ project }) => project === shop.file('p.regenesis'));
    assert.ok(engine, 'it stays for a minute');
    process.kill(engine.pid, 'SIGKILL');
    const lines = await exported();
    assert.deepEqual(lines.map(({ id }) => id), Array.from({ length: 30 }, (_, index) => `id-${index}`));
    assert.deepEqual(lines.map(({ sequence }) => sequence), Array.from({ length: 30 }, (_, index) => index + 1));
    assert.deepEqual(lines[3], { sequence: 4, ...review(3) });
  });

  it('writes a file that another project reads, once, with marks of a merge in it', async () => {
    const report = await shop.json(exportShape, ['review', 'export', 'p', '--out', 'out.jsonl']);
    assert.deepEqual(report.reviewers, [{ name: 'ann', paths: 30, secondsPerDecision: 2.5 }]);
    assert.equal(report.reviews, 30);
    const merged = `<<<<<<< ours\n${shop.read('out.jsonl')}=======\n${JSON.stringify(review(30 % paths.length, { id: 'theirs', reviewer: 'bob', decision: 'reject', reason: 'lucky' }))}\n>>>>>>> theirs\nnonsense\n`;
    shop.write('merged.jsonl', merged);
    const first = await shop.json(importShape, ['review', 'import', 'p', 'merged.jsonl'], 3);
    assert.deepEqual([first.imported, first.known, first.refused.map(({ line }) => line)], [1, 30, [35]]);
    const people = await shop.run(['review', 'import', 'p', 'merged.jsonl']);
    assert.match(people.out, /^0 reviews taken in, 31 known already, 1 refused\n$/);
    assert.match(people.said, /merged\.jsonl:35: the line is not JSON/);
  });

  it('dumps the project as text that is the same each time, reviews and all', async () => {
    const text = await shop.succeed('dump', 'p');
    assert.equal(await shop.succeed('dump', 'p'), text);
    const tasks = [...text.matchAll(/^task (.+)$/gm)].map(([, id]) => id);
    assert.deepEqual(tasks, [...tasks].sort());
    assert.match(text, /\n {2}review id-0\n {4}path: [0-9a-f]{64}\n {4}reviewer: ann\n {4}decision: accept\n/);
    assert.match(text, /\n {4}state: kept\n/);
  });

  it('says what is wrong with a call', async () => {
    for (const words of [['review'], ['review', 'export'], ['review', 'import', 'p'], ['review', 'both', 'p']]) assert.equal((await shop.run(words)).code, 2, words.join(' '));
    const missing = await shop.run(['review', 'import', 'p', 'none.jsonl']);
    assert.deepEqual([missing.code, missing.said], [1, 'none.jsonl: there is no such file\n']);
    assert.equal(existsSync(shop.file('none.jsonl')), false);
    const folder = await shop.run(['review', 'export', 'p', '--out', '.']);
    assert.equal(folder.code, 1);
    assert.match(folder.said, /could not be written/);
  });

  it('leaves out what nobody has reviewed where that is asked for', async () => {
    const { records, reviewed, unreviewed } = await shop.json(z.object({ records: z.int(), reviewed: z.int(), unreviewed: z.string() }), ['export', 'p', '--out', 'some.jsonl', '--reviewed']);
    assert.deepEqual([records > 0 && records === reviewed, unreviewed], [true, 'left-out']);
  });
});
