import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { nodeJobFiles as files } from '../../../../src/adapters/files/nodeJobFiles.ts';
import { problemOf } from '../../../../src/core/model/problem.ts';

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'no problem';
  } catch (thrown) {
    return problemOf(thrown).code;
  }
};

describe('the files of training jobs', () => {
  let folder: string;
  const at = (...parts: string[]) => path.join(folder, ...parts);
  beforeEach(() => { folder = mkdtempSync(path.join(os.tmpdir(), 'jobs $(touch x) \u00e4-')); });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

  it('are sent with the code and the presets, and without its tests', () => {
    const names = [...files.training().keys()];
    assert.ok(names.includes('train.py') && names.includes('presets/lora.yaml') && names.includes('requirements.txt'), names.join(' '));
    assert.deepEqual(names.filter(name => name.includes('test') || name.includes('__pycache__')), []);
  });

  it('are written whole, with their hash', async () => {
    const text = 'one\n\u{1F600}\n';
    const written = files.write(at('new', 'deeper', 'a.txt'), text);
    assert.deepEqual(written, { sha256: createHash('sha256').update(text).digest('hex'), bytes: 9 });
    assert.deepEqual(await files.identify(at('new', 'deeper', 'a.txt'), new AbortController().signal), written);
    assert.equal(files.text(at('new', 'deeper', 'a.txt')), text);
    const stopped = AbortSignal.abort();
    assert.equal(problemOf(await files.identify(at('new', 'deeper', 'a.txt'), stopped).catch((thrown: unknown) => thrown)).code, 'cancelled');
    assert.deepEqual([codeOf(() => files.text(at('none'))), codeOf(() => files.text(folder)), codeOf(() => files.write(at('new'), ''))], ['file-not-found', 'file-unreadable', 'file-not-writable']);
  });

  it('get their folder\u2019s name once, and one that is there stays', () => {
    files.emptyFolder(at('next'));
    files.write(at('next', 'a'), 'new');
    files.moveFolder(at('next'), at('mine'));
    files.emptyFolder(at('next'));
    files.write(at('next', 'a'), 'newer');
    files.moveFolder(at('next'), at('mine'));
    assert.deepEqual([files.text(at('mine', 'a')), codeOf(() => files.text(at('next', 'a')))], ['new', 'file-not-found']);
    files.removeFolder(at('mine'));
    files.removeFolder(at('mine'));
    assert.equal(codeOf(() => files.text(at('mine', 'a'))), 'file-not-found');
  });

  it('take text at a place, whatever stood behind it', () => {
    const log = at('log.txt');
    assert.equal(files.putAt(log, 0, 'one\n'), 4);
    assert.equal(files.putAt(log, 4, 'zw\u00f6lf\n'), 11);
    assert.equal(files.putAt(log, 4, 'two\n'), 8);
    assert.equal(readFileSync(log, 'utf8'), 'one\ntwo\n');
    assert.equal(files.putAt(log, 500, 'end'), 11, 'somebody has cut it meanwhile');
    assert.deepEqual(files.piece(at('none'), { from: 0, most: 5 }), { text: '', next: 0, atEnd: true });
  });

  it('are read in pieces that are whole, whatever stands in them', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 4, max: 9 }), (text, most) => {
      writeFileSync(at('log'), text);
      let read = '';
      for (let from = 0; ;) {
        const piece = files.piece(at('log'), { from, most });
        read += piece.text;
        from = piece.next;
        if (piece.atEnd) break;
      }
      assert.equal(read, Buffer.from(text).toString());
      const end = files.piece(at('log'), { from: -5, most: 100 });
      assert.deepEqual([end.next, Buffer.from(text).toString().endsWith(end.text)], [Buffer.byteLength(text), true]);
    }), { numRuns: 200 });
  });
});
