import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { nodeFiles } from '../../../../src/adapters/files/nodeFiles.ts';
import { problemOf } from '../../../../src/core/model/problem.ts';
import { homeFrom, OwnPrompts, placeOf } from '../../../../src/host/prompts/ownPrompts.ts';
import { ShippedPrompts } from '../../../../src/host/prompts/shippedPrompts.ts';

const prompt = 'regenesis/path.rgprompt';

describe('prompts of one\'s own', () => {
  let folder: string;
  let own: OwnPrompts;
  const copy = (text = 'shipped') => own.add(prompt, text, { isCopy: true });
  const code = async (work: Promise<unknown>): Promise<string> => work.then(() => 'it worked', (thrown: unknown) => problemOf(thrown).code);

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'own-'));
    own = new OwnPrompts(homeFrom(folder));
  });
  afterEach(() => { fs.rmSync(folder, { recursive: true, force: true }); });

  it('lie where an engine looks for them: nearest to the project, upwards', async () => {
    const [above, beside] = [path.join(folder, '.regenesis/prompts'), path.join(folder, 'sub/.regenesis/prompts')];
    fs.mkdirSync(path.join(folder, 'sub'));
    const project = path.join(folder, 'sub/p.regenesis');
    assert.equal(homeFrom(path.dirname(project)), beside, 'there is none yet');
    await copy('above');
    assert.equal(homeFrom(path.dirname(project)), above, 'one beside the project would hide it');
    assert.equal(nodeFiles.prompts(project).get(prompt), 'above');
    await new OwnPrompts(beside).add(prompt, 'beside', { isCopy: true });
    assert.equal(homeFrom(path.dirname(project)), beside);
    assert.equal(nodeFiles.prompts(project).get(prompt), 'beside');
  });

  it('are known by their place', () => {
    const file = path.join(folder, '.regenesis', 'prompts', 'regenesis', 'path.rgprompt');
    assert.deepEqual(placeOf(file), { home: own.home, path: prompt });
    assert.equal(own.fileOf(prompt), file);
    for (const other of ['path.rgprompt', '.regenesis/prompts', '.regenesis/other/path.rgprompt', 'prompts/path.rgprompt']) assert.equal(placeOf(path.join(folder, other)), undefined, other);
  });

  it('are never written over', async () => {
    assert.equal(await copy(), true);
    fs.writeFileSync(own.fileOf(prompt), 'mine');
    assert.equal(await copy('newer'), false);
    assert.equal(fs.readFileSync(own.fileOf(prompt), 'utf8'), 'mine');
    assert.deepEqual(await own.changes(new Map([[prompt, 'shipped']])), [], 'nor is it forgotten what it was made from');
  });

  it('are written once, however many ask for it at the same time', async () => {
    const texts = ['a', 'b', 'c'];
    const written = await Promise.all(texts.map(text => own.add(prompt, text, { isCopy: false })));
    assert.equal(written.filter(each => each).length, 1);
    assert.equal(fs.readFileSync(own.fileOf(prompt), 'utf8'), texts[written.indexOf(true)]);
  });

  it('stand beside a file of which an engine sees nothing', async () => {
    await copy();
    assert.ok(fs.existsSync(own.record));
    const overlaid = nodeFiles.prompts(path.join(folder, 'p.regenesis'));
    assert.deepEqual([...overlaid.keys()].filter(name => name.includes('.shipped')), []);
    assert.equal(overlaid.get(prompt), 'shipped');
  });

  it('are flagged once the shipped one is another, until that was seen', async () => {
    await copy();
    fs.writeFileSync(own.fileOf(prompt), 'mine');
    assert.deepEqual(await own.changes(new Map([[prompt, 'shipped']])), []);
    assert.deepEqual(await own.changes(new Map([[prompt, 'newer']])), [{ path: prompt, kind: 'changed' }]);
    assert.deepEqual(await own.changes(new Map([[prompt, 'mine']])), [], 'it is what ships now');
    assert.deepEqual(await own.changes(new Map()), [{ path: prompt, kind: 'gone' }]);
    await own.mark(prompt, 'newer');
    assert.deepEqual(await own.changes(new Map([[prompt, 'newer']])), []);
    assert.deepEqual(await own.changes(new Map([[prompt, 'newest']])), [{ path: prompt, kind: 'changed' }]);
    await own.mark(prompt, undefined);
    assert.deepEqual(await own.changes(new Map()), []);
  });

  it('are not flagged where they were taken away, nor where somebody made them by hand', async () => {
    await copy();
    await own.add('partials/mine.rgprompt', 'mine', { isCopy: false });
    fs.rmSync(own.fileOf(prompt));
    assert.deepEqual(await own.changes(new Map([[prompt, 'newer'], ['partials/mine.rgprompt', 'newer']])), []);
  });

  it('keep what they were made from a line each, in one order', async () => {
    await copy();
    await own.add('guidelines/library.yaml', 'all', { isCopy: true });
    const lines = fs.readFileSync(own.record, 'utf8').split('\n').map(line => /"([^"]+)": "[\da-f]{64}"/.exec(line)?.[1]);
    assert.deepEqual(lines.filter(each => each !== undefined), ['guidelines/library.yaml', prompt]);
    assert.deepEqual(fs.readdirSync(own.home).sort(), ['.shipped.json', 'guidelines', 'regenesis']);
  });

  it('are not copied over a record that cannot be read: what it says of the others would be lost', async () => {
    fs.mkdirSync(own.home, { recursive: true });
    for (const text of ['<<<<<<< ours', '[]', '{"madeFrom":{"a":1}}']) {
      fs.writeFileSync(own.record, text);
      assert.equal(await code(copy()), 'file-unreadable', text);
      assert.equal(await code(own.changes(new Map())), 'file-unreadable', text);
      assert.equal(own.has(prompt), false);
      assert.equal(await own.add('partials/mine.rgprompt', 'mine', { isCopy: false }), text === '<<<<<<< ours');
      assert.equal(await own.add('partials/mine.rgprompt', 'again', { isCopy: true }), false, 'what is there is opened all the same');
      assert.equal(fs.readFileSync(own.record, 'utf8'), text);
    }
  });

  it('look at nothing outside their folder, whatever a record says', async () => {
    await copy();
    fs.writeFileSync(path.join(folder, 'secret.yaml'), 'secret');
    fs.writeFileSync(own.record, JSON.stringify({ madeFrom: { '../../secret.yaml': 'x', 'regenesis/../regenesis/path.rgprompt': 'x', '': 'x' } }));
    assert.deepEqual(await own.changes(new Map()), []);
  });

  it('are not written by a link that leads elsewhere', async () => {
    const other = fs.mkdtempSync(path.join(os.tmpdir(), 'other-'));
    try {
      fs.mkdirSync(path.join(folder, '.regenesis'));
      fs.symlinkSync(other, path.join(folder, '.regenesis/prompts'));
      assert.equal(await code(copy()), 'file-not-writable');
      assert.deepEqual(fs.readdirSync(other), []);
      fs.rmSync(path.join(folder, '.regenesis/prompts'));
      fs.mkdirSync(own.home);
      fs.symlinkSync(other, path.join(own.home, 'regenesis'));
      assert.equal(await code(copy()), 'file-not-writable');
      assert.deepEqual(fs.readdirSync(other), []);
    } finally {
      fs.rmSync(other, { recursive: true, force: true });
    }
  });

  it('are read as an engine reads them: no link that leads out, nothing that is no file or is too large', async () => {
    await copy('mine');
    assert.equal(await own.read(prompt), 'mine');
    const secret = `${folder}-secret`;
    fs.writeFileSync(secret, 'secret');
    try {
      for (const [target, words] of [[secret, /leads out of/], ['/dev/zero', /leads out of/], [folder, /leads out of|no file/]] as const) {
        for (const file of [own.fileOf(prompt), own.record]) {
          fs.rmSync(file, { force: true });
          fs.symlinkSync(target, file);
        }
        assert.equal(await own.read(prompt), undefined, target);
        await assert.rejects(own.changes(new Map([[prompt, 'newer']])), words, target);
      }
      for (const file of [own.fileOf(prompt), own.record]) {
        fs.rmSync(file);
        fs.writeFileSync(file, ' '.repeat((1 << 20) + 1));
      }
      assert.equal(await own.read(prompt), undefined);
      await assert.rejects(own.changes(new Map()), /larger than 1 MiB/);
    } finally {
      fs.rmSync(secret);
    }
  });

  it('write their record by no link, and leave nothing half written', async () => {
    const secret = `${folder}-secret`;
    fs.writeFileSync(secret, 'secret');
    try {
      fs.mkdirSync(own.home, { recursive: true });
      fs.symlinkSync(secret, `${own.record}.${process.pid}`);
      fs.symlinkSync(path.join(folder, 'nothing'), own.record);
      assert.equal(await copy(), true);
      assert.deepEqual([fs.readFileSync(secret, 'utf8'), fs.lstatSync(own.record).isFile(), fs.existsSync(path.join(folder, 'nothing'))], ['secret', true, false]);
      fs.rmSync(`${own.record}.${process.pid}`);
      const there = fs.readdirSync(own.home);
      // a folder is put in the way once the record was read
      class InTheWay extends OwnPrompts {
        #asked = 0;
        override get record(): string {
          this.#asked += 1;
          return this.#asked === 1 ? super.record : path.dirname(this.fileOf(prompt));
        }
      }
      assert.equal(await code(new InTheWay(own.home).mark(prompt, 'newer')), 'file-not-writable');
      assert.deepEqual(fs.readdirSync(own.home), there);
    } finally {
      fs.rmSync(secret);
    }
  });

  it('make no folder anew that is gone with its project', async () => {
    const gone = new OwnPrompts(homeFrom(path.join(folder, 'gone')));
    assert.equal(await code(gone.add(prompt, 'shipped', { isCopy: true })), 'file-not-writable');
    assert.equal(fs.existsSync(path.join(folder, 'gone')), false);
  });

  it('say where they cannot be written', async () => {
    fs.writeFileSync(path.join(folder, '.regenesis'), 'a file where the folder would be');
    await assert.rejects(copy(), /\.regenesis.* cannot be written/);
    assert.equal(await code(copy()), 'file-not-writable');
  });

  it('are copies of what the engine has', async () => {
    const shipped = await new ShippedPrompts(path.resolve(import.meta.dirname, '../../../../prompts')).files();
    const engine = [...nodeFiles.prompts(path.join(folder, 'p.regenesis'))].filter(([name]) => !name.startsWith('samples/'));
    assert.deepEqual([...shipped], engine.sort(([one], [other]) => (one < other ? -1 : 1)));
  });
});
