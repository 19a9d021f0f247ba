import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import * as z from 'zod/mini';
import { openParquet } from '../../../src/adapters/files/parquetRows.ts';
import { Workshop } from '../../support/commandLine.ts';
import { compareShape, exportPreviewShape, exportShape, runShape } from '../../support/commandShapes.ts';

const message = <Role extends string>(role: Role) => z.strictObject({ role: z.literal(role), content: z.string().check(z.minLength(1)) });
const conversation = z.tuple([message('user'), message('assistant')]);
const asked = z.tuple([message('user')]);
const answered = z.tuple([message('assistant')]);
const labelled = z.strictObject({ prompt: asked, completion: answered, label: z.boolean() });
const pair = z.strictObject({ prompt: asked, chosen: answered, rejected: answered });
const manifestShape = z.object({ command: z.string(), files: z.array(z.string()), sha256: z.string(), recordsSha256: z.string(), rule: z.object({ seed: z.int() }) });

const tasks = ['lighthouse-flashes', 'mountain-pasta', 'root-sum', 'portrait', 'lost-vowels', 'four-boxes'].map(id => `samples/${id}`).join(',');
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('the rules of export', function () {
  this.timeout(90_000);
  const shop = new Workshop();

  before(async () => {
    const server = await shop.demoServer();
    await shop.succeed('init', 'p', '--sample');
    await shop.json(runShape, ['run', 'p', '--server', server.url, '--task', tasks, '--mode', 'all']);
  });
  after(() => shop.close());

  const bytes = (name: string): Buffer => readFileSync(shop.file(name));
  const lines = (name: string): unknown[] => shop.read(name).split('\n').filter(line => line !== '').map(line => JSON.parse(line) as unknown);

  it('write Parquet that holds the lines of chat, and the same bytes a second time', async () => {
    await shop.succeed('export', 'p', '--out', 'chat.jsonl');
    const report = await shop.json(exportShape, ['export', 'p', '--out', 'train.parquet']);
    assert.equal(report.format, 'parquet');
    assert.equal(report.sha256, sha256(bytes('train.parquet')));
    const file = await openParquet(shop.file('train.parquet'));
    const rows: unknown[] = [];
    for await (const batch of file.rows()) rows.push(...batch.map(row => ('fields' in row ? { messages: z.parse(conversation, row.fields['messages']) } : row)));
    assert.deepEqual(rows, lines('chat.jsonl'));
    assert.equal((await shop.json(exportShape, ['export', 'p', '--out', 'train.parquet'])).sha256, report.sha256);
  });

  it('write labels and pairs as their trainers take them', async () => {
    const kto = await shop.json(exportShape, ['export', 'p', '--format', 'kto', '--out', 'kto.jsonl']);
    const labels = lines('kto.jsonl').map(line => z.parse(labelled, line).label);
    assert.ok(labels.includes(true) && labels.includes(false));
    const chat = await shop.json(exportShape, ['export', 'p', '--out', 'chat.jsonl']);
    assert.equal(labels.filter(label => label).length, chat.records, 'what is to be learnt is what chat holds');
    assert.equal(labels.length, kto.records);
    const dpo = await shop.json(exportShape, ['export', 'p', '--format', 'dpo', '--rejected-per-chosen', '2', '--out', 'dpo.jsonl']);
    const pairs = lines('dpo.jsonl').map(line => z.parse(pair, line));
    assert.ok(pairs.length > 0 && pairs.every(({ chosen, rejected }) => chosen[0].content !== rejected[0].content));
    assert.equal(pairs.length, dpo.records);
  });

  it('take as many as another export has', async () => {
    const small = await shop.json(exportShape, ['export', 'p', '--records', '7', '--out', 'small.jsonl']);
    assert.equal(small.records, 7);
    const match = (by: string) => shop.json(exportShape, ['export', 'p', '--match', 'small.jsonl.manifest.json', '--match-by', by, '--seed', '4', '--out', 'match.jsonl']);
    assert.equal((await match('records')).records, 7);
    assert.equal((await match('tasks')).tasks, small.tasks);
    const missing = await shop.run(['export', 'p', '--tasks', '90', '--out', 'match.jsonl']);
    assert.equal(missing.code, 3);
    assert.match(missing.out, /\d+ tasks fewer than the sample asks for/);
    shop.write('none.json', '{"tasks":"many"}');
    for (const [words, says] of [[['--match', 'none.json'], /does not say how many records/], [['--match', 'nowhere.json'], /nowhere\.json cannot be read/]] as const) {
      const refused = await shop.run(['export', 'p', ...words, '--out', 'refused.jsonl']);
      assert.equal(refused.code, 1);
      assert.match(refused.said, says);
    }
  });

  it('are made equal to another one, and stand beside it', async () => {
    const { tasks: count } = await shop.json(exportShape, ['export', 'p', '--paths-per-task', '1', '--out', 'small.jsonl']);
    for (const by of ['paths-per-task', 'paths']) {
      const { code, out } = await shop.run(['export', 'p', '--match', 'small.jsonl.manifest.json', '--match-by', by, '--seed', '4', '--out', 'equal.jsonl']);
      assert.equal(code, 0);
      assert.match(out, new RegExp(`${count} records of ${by === 'paths' ? '\\d' : count} tasks.*matched with small\\.jsonl: ${count} paths of ${count} tasks\\n.*\\d+ match`, 's'));
    }
    assert.equal((await shop.run(['export', 'p', '--match', 'small.jsonl.manifest.json', '--match-by', 'paths', '--records', '4', '--out', 'equal.jsonl'])).code, 2);
    const { rows } = await shop.json(compareShape, ['compare', 'p', 'equal.jsonl', 'small.jsonl.manifest.json']);
    assert.deepEqual(rows.map(({ set }) => [set?.records, set?.matched?.file]), [[count, 'small.jsonl'], [count, undefined]]);
    assert.ok((rows[0]?.set?.requestsPerPath ?? 0) > 1 && (rows[0]?.set?.tokensPerPath ?? 0) > 1);
    const known = await shop.run(['compare', 'p']);
    assert.equal(known.code, 0);
    assert.match(known.out, /^training set +recipe +model.*\nequal\.jsonl \(simulation\) +regenesis/);
    const gone = await shop.run(['compare', 'p', 'small.jsonl', 'nowhere.jsonl']);
    assert.equal(gone.code, 3);
    assert.match(gone.out, /nowhere\.jsonl\.manifest\.json is not there any more/);
  });

  it('say before what would be written, and write nothing then', async () => {
    const before = readdirSync(shop.folder);
    const words = ['--format', 'kto', '--split', 'validation=.3', '--seed', '7', '--hinted-share', '.5'];
    const preview = await shop.json(exportPreviewShape, ['export', 'p', '--preview', ...words]);
    const text = await shop.succeed('export', 'p', '--preview', ...words);
    assert.deepEqual(readdirSync(shop.folder), before);
    assert.match(text, /^would write \d+ records of \d tasks?, [^\n]*\(simulation\)/);
    for (const part of [/in validation\n/, /to be learnt: /, /length in +of paths/, /\n1\. \{"prompt":/]) assert.match(text, part);
    const report = await shop.json(exportShape, ['export', 'p', ...words, '--out', 'previewed.jsonl']);
    assert.deepEqual([preview.records, preview.tasks, preview.hinted, preview.excluded], [report.records, report.tasks, report.hinted, report.excluded]);
    assert.equal(lines('previewed.jsonl').length + lines('previewed.validation.jsonl').length, report.records);
  });

  it('are said again by the manifest: its command makes the same bytes in any shell, whatever the files are called', async () => {
    const rule = ['--hinted-share', '.5', '--paths-per-task', '3', '--min-length', '10', '--max-length', '4000', '--records', '12', '--split', 'validation=.4', '--seed', '11', '--wrapper', 'none', '--card'];
    const names = ['two words', '\'single\' "double" $(touch pwned)', 'line\nbreak `touch pwned`', '--force; touch pwned #'] as const;
    const formats = ['chat', 'parquet', 'kto', 'dpo'] as const;
    const bin = shop.file('bin');
    mkdirSync(bin);
    writeFileSync(path.join(bin, 'regenesis'), `#!/bin/sh\nexec ${JSON.stringify(process.execPath)} ${JSON.stringify(path.resolve('dist/cli.mjs'))} "$@"\n`);
    chmodSync(path.join(bin, 'regenesis'), 0o755);
    for (const [index, name] of names.entries()) {
      const folder = shop.file(`case-${index}`);
      mkdirSync(folder);
      copyFileSync(shop.file('p.regenesis'), path.join(folder, `${name}.regenesis`));
      const format = formats[index] ?? 'chat';
      const out = `${name}.out`;
      await shop.succeed('export', '--format', format, ...rule, `--out=${path.join(folder, out)}`, '--', path.join(folder, `${name}.regenesis`));
      const manifest = z.parse(manifestShape, JSON.parse(readFileSync(path.join(folder, `${out}.manifest.json`), 'utf8')));
      assert.deepEqual(manifest.files.toSorted(), ['README.md', out, `${out}.manifest.json`, `${out}.records.jsonl`, `${name}.validation.out`].toSorted());
      const read = () => manifest.files.map(file => sha256(readFileSync(path.join(folder, file))));
      const first = read();
      for (const file of manifest.files) rmSync(path.join(folder, file));
      const again = spawnSync('sh', ['-c', manifest.command], { cwd: folder, env: { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` }, encoding: 'utf8' });
      assert.equal(again.status, 0, `${manifest.command}\n${again.stderr}`);
      assert.deepEqual(read(), first, manifest.command);
      assert.ok(!readdirSync(folder).includes('pwned'));
      assert.doesNotMatch(readFileSync(path.join(folder, `${out}.manifest.json`), 'utf8'), new RegExp(path.basename(shop.folder)), 'no folder of this machine');
    }
  });

  it('refuse what is no rule', async () => {
    for (const [words, says] of [
      [['--hinted-share', '1.5'], /--hinted-share takes a share from 0 to 1/], [['--hinted-share', 'half'], /share/], [['--split', 'Validation=.1'], /--split takes a name/], [['--split', 'v=1'], /between 0 and 1/],
      [['--tasks', '0'], /--tasks takes a whole number/], [['--tasks', '3', '--records', '3'], /one of --tasks, --records and --match/], [['--wrapper', 'own'], /--wrapper is one of fitting, none/], [['--length-in', 'words'], /--length-in is one of/],
    ] as const) {
      const { code, said } = await shop.run(['export', 'p', '--out', 'refused.jsonl', ...words]);
      assert.equal(code, 2, words.join(' '));
      assert.match(said, says);
    }
    const nothing = await shop.run(['export', 'p', '--out', 'refused.jsonl', '--reviewed']);
    assert.equal(nothing.code, 1);
    assert.match(nothing.said, /Nothing of .* is left to be written as chat: \d+ .*not-reviewed.*Review paths first/);
    assert.ok(!readdirSync(shop.folder).some(name => name.startsWith('refused')));
  });
});
