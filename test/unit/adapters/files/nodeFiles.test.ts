import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nodeFiles } from '../../../../src/adapters/files/nodeFiles.ts';
import { sha256 } from '../../../../src/adapters/hash.ts';
import { problemOf } from '../../../../src/core/model/problem.ts';

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'nothing';
  } catch (thrown) {
    return problemOf(thrown).code;
  }
};

describe('files on this machine', () => {
  let folder = '';
  const at = (...names: readonly string[]) => path.join(folder, ...names);
  beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'regenesis-files-')); });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

  it('have no text where there is no file with an end', () => {
    assert.deepEqual(['/dev/null', folder, at('nowhere')].map(file => nodeFiles.text(file)), [undefined, undefined, undefined]);
  });

  describe('a new file', () => {
    it('replaces nothing before it is kept, and is whole then', () => {
      writeFileSync(at('train.jsonl'), 'before');
      const file = nodeFiles.create(at('train.jsonl'));
      file.write('one\n');
      file.write('two\n');
      assert.equal(file.seal(), sha256('one\ntwo\n'));
      assert.equal(readFileSync(at('train.jsonl'), 'utf8'), 'before');
      file.keep();
      file.discard();
      assert.equal(readFileSync(at('train.jsonl'), 'utf8'), 'one\ntwo\n');
      assert.deepEqual(readdirSync(folder), ['train.jsonl']);
    });

    it('gives its name back, and what stood there too, as long as it is not discarded', () => {
      writeFileSync(at('old.bin'), 'before');
      for (const [name, before] of [['old.bin', 'before'], ['new.bin', undefined]] as const) {
        const file = nodeFiles.create(at(name));
        file.write(new Uint8Array([0, 255, 10]));
        const undo = file.keep();
        assert.deepEqual([...readFileSync(at(name))], [0, 255, 10]);
        undo();
        file.discard();
        assert.equal(nodeFiles.text(at(name)), before);
      }
      assert.deepEqual(readdirSync(folder), ['old.bin']);
    });

    it('leaves nothing behind when it is discarded', () => {
      const file = nodeFiles.create(at('train.jsonl'));
      file.write('half');
      file.discard();
      assert.deepEqual(readdirSync(folder), []);
    });

    it('never takes the place of a project, also not by a link', () => {
      writeFileSync(at('mine.regenesis'), 'project');
      symlinkSync(at('mine.regenesis'), at('train.jsonl'));
      for (const name of ['mine.regenesis', 'MINE.REGENESIS', 'mine.regenesis-wal', 'train.jsonl']) assert.equal(codeOf(() => nodeFiles.create(at(name))), 'file-not-writable', name);
      assert.equal(readFileSync(at('mine.regenesis'), 'utf8'), 'project');
    });

    it('never takes the place of a folder or a device', () => {
      mkdirSync(at('folder'));
      assert.equal(codeOf(() => nodeFiles.create(at('folder'))), 'file-not-writable');
      if (!existsSync('/dev/null')) return; // Windows has none to be replaced
      symlinkSync('/dev/null', at('device'));
      assert.equal(codeOf(() => nodeFiles.create(at('device'))), 'file-not-writable');
    });

    it('is written where a link leads', () => {
      mkdirSync(at('big'));
      writeFileSync(at('big', 'train.jsonl'), 'before');
      symlinkSync(at('big', 'train.jsonl'), at('train.jsonl'));
      const file = nodeFiles.create(at('train.jsonl'));
      file.write('after');
      file.keep();
      assert.equal(readFileSync(at('big', 'train.jsonl'), 'utf8'), 'after');
    });

    it('says so where it cannot be made', () => {
      writeFileSync(at('file'), '');
      symlinkSync(at('loop'), at('loop'));
      for (const names of [['nowhere', 'train.jsonl'], ['file', 'train.jsonl'], ['loop', 'train.jsonl'], ['x'.repeat(300)]]) {
        assert.equal(codeOf(() => nodeFiles.create(at(...names))), 'file-not-writable', names.join('/'));
      }
    });
  });

  describe('prompts of a workspace', () => {
    const write = (name: string, text: string | Buffer) => {
      mkdirSync(path.dirname(at(name)), { recursive: true });
      writeFileSync(at(name), text);
    };
    const prompts = () => nodeFiles.prompts(at('mine.regenesis'));

    it('take the place of the shipped ones, also where a link leads to them', () => {
      write('elsewhere/path.txt', 'linked');
      write('.regenesis/prompts/regenesis/adapt.rgprompt', '\uFEFFown');
      symlinkSync(at('elsewhere', 'path.txt'), at('.regenesis/prompts/regenesis/path.rgprompt'));
      assert.deepEqual(['adapt', 'path'].map(name => prompts().get(`regenesis/${name}.rgprompt`)), ['own', 'linked']);
      assert.ok(prompts().get('regenesis/regenesis.rgrecipe.yaml')?.includes('title:'));
    });

    for (const [what, text] of [['not UTF-8', Buffer.from([0x61, 0xff, 0x62])], ['huge', 'x'.repeat((1 << 20) + 1)]] as const) {
      it(`are refused by name where one is ${what}`, () => {
        write('.regenesis/prompts/regenesis/path.rgprompt', text);
        assert.throws(prompts, (thrown: unknown) => problemOf(thrown).code === 'file-unreadable' && problemOf(thrown).message.includes('path.rgprompt'));
      });
    }

    it('are refused by name where a link leads nowhere, and where the folder is a file', () => {
      mkdirSync(at('.regenesis/prompts/regenesis'), { recursive: true });
      symlinkSync(at('nowhere'), at('.regenesis/prompts/regenesis/path.rgprompt'));
      assert.equal(codeOf(prompts), 'file-unreadable');
      rmSync(at('.regenesis'), { recursive: true });
      write('.regenesis/prompts', 'no folder');
      assert.equal(codeOf(prompts), 'file-unreadable');
    });

    it('are refused by name where a link leads out of the folder that they belong to, whatever is a link', () => {
      const elsewhere = mkdtempSync(path.join(tmpdir(), 'secret-'));
      try {
        writeFileSync(path.join(elsewhere, 'path.rgprompt'), 'the key of the house');
        mkdirSync(at('.regenesis/prompts/regenesis'), { recursive: true });
        const refused = (read: () => unknown) => { assert.throws(read, (thrown: unknown) => /path\.rgprompt cannot be read: it is a link that leads out of/.test(problemOf(thrown).message)); };
        symlinkSync(path.join(elsewhere, 'path.rgprompt'), at('.regenesis/prompts/regenesis/path.rgprompt'));
        refused(prompts);
        rmSync(at('.regenesis'), { recursive: true });
        mkdirSync(at('.regenesis'));
        symlinkSync(elsewhere, at('.regenesis/prompts'));
        refused(prompts);
        mkdirSync(at('own'));
        symlinkSync(path.join(elsewhere, 'path.rgprompt'), at('own/path.rgprompt'));
        refused(() => nodeFiles.promptFolder(at('own')));
      } finally {
        rmSync(elsewhere, { recursive: true });
      }
    });

    it('end with their folder: what lies around a recipe file of one’s own is not read', () => {
      write('own/own.rgrecipe.yaml', 'extends: regenesis');
      write('own/deeper/own.rgrecipe.yaml', 'extends: other');
      write('own/compose.yaml', 'x'.repeat((1 << 20) + 1));
      assert.deepEqual([...nodeFiles.promptFolder(at('own'))], [['own.rgrecipe.yaml', 'extends: regenesis']]);
    });
  });

  it('gives a place for a project that is thrown away, with all that comes beside it', () => {
    const [one, other] = [nodeFiles.scratch(), nodeFiles.scratch()];
    assert.notEqual(path.dirname(one.project), path.dirname(other.project));
    for (const name of [one.project, `${one.project}-wal`, other.project]) writeFileSync(name, '');
    one.remove();
    assert.deepEqual([existsSync(path.dirname(one.project)), existsSync(other.project)], [false, true]);
    other.remove();
    other.remove();
    assert.equal(existsSync(path.dirname(other.project)), false);
  });

  it('removes such a place that was left behind, once it is older than a day', () => {
    const [left, fresh] = [nodeFiles.scratch(), nodeFiles.scratch()];
    writeFileSync(left.project, '');
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);
    utimesSync(path.dirname(left.project), hoursAgo(25), hoursAgo(25));
    utimesSync(path.dirname(fresh.project), hoursAgo(23), hoursAgo(23));
    const next = nodeFiles.scratch();
    assert.deepEqual([left, fresh, next].map(({ project }) => existsSync(path.dirname(project))), [false, true, true]);
    for (const each of [fresh, next]) each.remove();
  });
});
