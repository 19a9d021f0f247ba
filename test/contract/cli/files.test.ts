import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { errorShape, importShape, statusShape } from '../../support/commandShapes.ts';
import { readObject, Workshop } from '../../support/commandLine.ts';

describe('files that are not as they should be', function () {
  this.timeout(60_000);
  const shop = new Workshop();
  before(() => shop.succeed('init', 'good', '--sample'));
  after(() => shop.close());

  const copy = (name: string): string => {
    copyFileSync(shop.file('good.regenesis'), shop.file(`${name}.regenesis`));
    return shop.file(`${name}.regenesis`);
  };
  const database = (file: string, work: (open: DatabaseSync) => void) => {
    const open = new DatabaseSync(file);
    work(open);
    open.close();
  };

  const projects: readonly { readonly name: string; readonly make: () => string; readonly code: string; readonly says: RegExp }[] = [
    { name: 'missing', make: () => 'missing', code: 'project-not-found', says: /There is no project .*missing\.regenesis\. Check the path, or make it with `regenesis init/ },
    { name: 'a text', make: () => shop.write('text.regenesis', 'question,answer\n1+1,2\n'.repeat(40)), code: 'project-foreign', says: /text\.regenesis is not a project file\. Choose a \.regenesis file; data files come into a project with `regenesis import`/ },
    { name: 'empty', make: () => shop.write('empty.regenesis', ''), code: 'project-damaged', says: /empty\.regenesis .*make the project anew/ },
    {
      name: 'of another program', code: 'project-foreign', says: /is an SQLite file of another program\. Choose/,
      make: () => { database(shop.file('other.regenesis'), open => { open.exec('CREATE TABLE songs (title TEXT)'); }); return shop.file('other.regenesis'); },
    },
    {
      name: 'newer', code: 'project-newer', says: /newer\.regenesis .*(?:newer|update)/i,
      make: () => { const file = copy('newer'); database(file, open => { open.exec('PRAGMA user_version = 99'); }); return file; },
    },
    { name: 'cut off', make: () => { const file = copy('cut'); truncateSync(file, 20_000); return file; }, code: 'project-damaged', says: /cut\.regenesis .*(?:damaged|cut off)/ },
    { name: 'read-only', make: () => { const file = copy('still'); chmodSync(file, 0o444); return file; }, code: 'project-read-only', says: /still\.regenesis is read-only\. Make the file and its folder .* writable, or copy the project/ },
    { name: 'a folder', make: () => { mkdirSync(shop.file('folder.regenesis')); return shop.file('folder.regenesis'); }, code: 'project-foreign', says: /folder\.regenesis is not a file/ },
  ];
  for (const { name, make, code, says } of projects) {
    it(`a project that is ${name}: what is wrong, what to do, and not a byte changed`, async () => {
      const file = make();
      const bytes = () => (['missing', 'a folder'].includes(name) ? '' : readFileSync(file).toString('base64'));
      const before = bytes();
      const ended = await shop.run(['status', file, '--json']);
      assert.equal(ended.code, 1, ended.said);
      assert.match(ended.said, says);
      assert.doesNotMatch(ended.said, /\n\s+at |SQLITE_/);
      assert.equal(readObject(errorShape, ended.out).error.code, code);
      assert.equal(bytes(), before);
    });
  }

  it('init never writes over a file, and needs a folder', async () => {
    const before = readFileSync(shop.file('good.regenesis'));
    const { code, said } = await shop.run(['init', 'good', '--sample']);
    assert.equal(code, 1);
    assert.match(said, /good\.regenesis exists already\. Open it, or choose another name\./);
    assert.deepEqual(readFileSync(shop.file('good.regenesis')), before);
    const nowhere = await shop.run(['init', 'no/such/place']);
    assert.equal(nowhere.code, 1);
    assert.match(nowhere.said, /There is no folder .*no\/such\. Make it first, or choose another place\./);
  });

  it('a project that an engine out of reach has open: whoever comes is told who has it, and the first is not disturbed', async () => {
    const server = await shop.demoServer('--step-ms', '20,0,0');
    copy('busy');
    const first = shop.start(['run', 'busy', '--server', server.url, '--limit', '2', '--json'], { environment: { REGENESIS_RUNTIME_DIR: shop.file('elsewhere') } });
    await first.says(/run 1/);
    const { code, said, out } = await shop.run(['status', 'busy', '--json']);
    assert.equal(code, 1);
    assert.equal(readObject(errorShape, out).error.code, 'project-locked');
    assert.match(said, /busy\.regenesis is open in .*: process \d+ on host \S+, since .* UTC\. Close it there, or end that process, and try again\./);
    first.child.kill('SIGINT');
    assert.equal((await first.ended).code, 130);
    assert.equal((await shop.run(['status', 'busy'])).code, 0);
  });

  it('data that cannot be read: the file, the line, what was expected; the rest is imported', async () => {
    copy('tasks');
    const map = ['--map', 'question=q', '--map', 'gold=a'];
    const good = (index: number) => `{"q":"What is ${index}+1?","a":"${index + 1}"}`;
    shop.write('long.jsonl', `\uFEFF${Array.from({ length: 3500 }, (_, index) => (index === 3411 ? '{"q": oops' : good(index))).join('\r\n')}`);
    const report = await shop.json(importShape, ['import', 'tasks', 'long.jsonl', ...map], 3);
    assert.deepEqual([report.tasks, report.files[0]?.refused.map(refusal => [refusal.line, refusal.code])], [3499, [[3412, 'row-malformed']]]);
    const plain = await shop.run(['import', 'tasks', 'long.jsonl', ...map]);
    assert.equal(plain.code, 3);
    assert.match(plain.out, /long\.jsonl:3412: /);
    assert.match(plain.out, /3,499 were there already/);

    const mixed = await shop.json(importShape, ['import', 'tasks', 'long.jsonl', 'nowhere.jsonl', ...map], 3);
    assert.deepEqual(mixed.files.map(file => file.refused[0]?.code), ['row-malformed', 'file-not-found']);
    shop.write('strange.bin', '\u0000\u0001\u0002');
    assert.equal((await shop.json(importShape, ['import', 'tasks', 'strange.bin', ...map], 3)).files[0]?.refused.length, 1);
    const preset = await shop.run(['import', 'tasks', 'long.jsonl', '--preset', 'gsm9k']);
    assert.equal(preset.code, 2);
    assert.match(preset.said, /gsm8k, svamp, asdiv, .*, not gsm9k/);
    const wrong = await shop.json(importShape, ['import', 'tasks', 'long.jsonl', '--preset', 'aqua'], 3);
    assert.match(wrong.files[0]?.refused[0]?.message ?? '', /aqua/i);
    assert.equal((await shop.json(statusShape, ['status', 'tasks'])).tasks.total, 90 + 3499);
  });
});
