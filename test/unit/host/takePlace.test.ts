import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { takePlace } from '../../../src/host/takePlace.ts';

describe('a copy of the engine that takes its place', () => {
  let folder: string;
  let half: string;
  let whole: string;
  const made = (at: string, file: string, text: string): void => {
    fs.mkdirSync(at, { recursive: true });
    fs.writeFileSync(path.join(at, file), text);
  };

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'place-'));
    [half, whole] = [path.join(folder, 'half'), path.join(folder, 'whole')];
    made(half, 'engine.mjs', 'mine');
  });
  afterEach(() => { fs.rmSync(folder, { recursive: true, force: true }); });

  const stands = () => [fs.readFileSync(path.join(whole, 'engine.mjs'), 'utf8'), fs.readdirSync(whole), fs.readdirSync(folder)];

  it('is put where there is none', () => {
    takePlace(half, whole, 'engine.mjs');
    assert.deepEqual(stands(), ['mine', ['engine.mjs'], ['whole']]);
  });

  it('leaves the one of another window that was quicker', () => {
    made(whole, 'engine.mjs', 'theirs');
    takePlace(half, whole, 'engine.mjs');
    assert.deepEqual(stands(), ['theirs', ['engine.mjs'], ['whole']]);
  });

  it('takes the place of a folder from which the engine was removed', () => {
    made(whole, 'cl100k.mjs', 'left');
    takePlace(half, whole, 'engine.mjs');
    assert.deepEqual(stands(), ['mine', ['engine.mjs'], ['whole']]);
  });

  it('says why it cannot be put there, and leaves nothing', () => {
    assert.throws(() => { takePlace(half, path.join(folder, 'gone', 'whole'), 'engine.mjs'); }, /ENOENT/);
    assert.deepEqual(fs.readdirSync(folder), []);
  });
});
