import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nodeFiles } from '../../../src/adapters/files/nodeFiles.ts';
import { problemOf } from '../../../src/core/model/problem.ts';
import { FileSet } from '../../../src/engine/export/exportFiles.ts';

describe('files that come together', () => {
  let folder = '';
  const at = (name: string) => path.join(folder, name);
  beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'regenesis-set-')); });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

  /** Three files of one set, and what is done to the folder before they get their names. */
  function kept(spoil: () => void): string {
    writeFileSync(at('one'), 'before');
    const set = new FileSet(nodeFiles);
    try {
      for (const name of ['one', 'two', 'three']) set.create(at(name)).write(`new ${name}`);
      spoil();
      set.keep();
      return 'kept';
    } catch (thrown) {
      return problemOf(thrown).message;
    } finally {
      set.discard();
    }
  }

  it('leave nothing but themselves', () => {
    assert.equal(kept(() => undefined), 'kept');
    assert.deepEqual(readdirSync(folder).toSorted(), ['one', 'three', 'two']);
    assert.equal(readFileSync(at('one'), 'utf8'), 'new one');
  });

  it('give their names back where one of them cannot have its own', () => {
    assert.match(kept(() => { mkdirSync(path.join(at('three'), 'in the way'), { recursive: true }); }), /three cannot be written/);
    assert.deepEqual(readdirSync(folder).toSorted(), ['one', 'three']);
    assert.equal(readFileSync(at('one'), 'utf8'), 'before');
  });
});
