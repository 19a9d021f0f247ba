import assert from 'node:assert/strict';
import fs from 'node:fs';
import { assertGolden } from '../support/golden.ts';
import { packageExtension } from '../support/packaged.ts';

const mostBytes = 3 * 1024 * 1024;

/** Names in a ZIP file without comment, from its central directory: APPNOTE 6.3.10, sections 4.3.12 and 4.3.16. */
function namesInZip(file: string): string[] {
  const bytes = fs.readFileSync(file);
  const end = bytes.length - 22;
  assert.equal(bytes.readUInt32LE(end), 0x06054b50, 'no end of a ZIP file where it should be');
  const names: string[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const nameLength = bytes.readUInt16LE(at + 28);
    names.push(bytes.toString('utf8', at + 46, at + 46 + nameLength));
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return names;
}

describe('the packaged extension', () => {
  let file: string;

  before(() => {
    file = packageExtension('contract');
  });

  it('holds exactly the files that are meant to ship', () => {
    // the parts that are loaded later, or shared, bear names that change with what is in them
    const names = new Set(namesInZip(file).map(name => name.replace(/^(extension\/dist\/(?:host\/|shared-))[\w-]+(\.mjs)$/, '$1*$2')));
    assertGolden('vsix-files.txt', `${[...names].sort().join('\n')}\n`);
  });

  it('is at most 3 MB', () => {
    const { size } = fs.statSync(file);
    assert.ok(size <= mostBytes, `${size} bytes`);
  });
});
