import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { unzipSync } from 'fflate';
import { logPiece } from '../../../../src/adapters/jobs/logPiece.ts';
import { makePackage } from '../../../../src/adapters/jobs/rayPackage.ts';
import { framesOf } from '../../../../src/adapters/jobs/rayTail.ts';
import type { JobFile } from '../../../../src/core/model/trainingJob.ts';
import { frame } from '../../../support/jobServers.ts';

describe('a piece of a log', () => {
  it('has whole characters, and the pieces are the whole', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 4, max: 9 }), (text, most) => {
      const log = Buffer.from(text);
      let from = 0;
      let read = '';
      for (let atEnd = false; !atEnd;) {
        const piece = logPiece(log.subarray(from, from + most), from, log.length);
        read += piece.text;
        from = piece.next;
        ({ atEnd } = piece);
      }
      assert.equal(read, log.toString());
      assert.equal(from, log.length);
    }));
  });

  it('waits for the rest of a character, and passes over what is none', () => {
    const half = Buffer.from('ab𝄞').subarray(0, 4);
    assert.deepEqual(logPiece(half, 10, 14), { text: 'ab', next: 12, atEnd: true });
    assert.equal(logPiece(Buffer.from([0xf0, 0xff, 0xff, 0xff]), 0, 4).next, 4);
    assert.deepEqual(logPiece(Buffer.alloc(0), 7, 3), { text: '', next: 7, atEnd: true });
  });
});

/** A connection on which the other side sends this, in such portions. */
class Socket extends Duplex {
  readonly written: Buffer[] = [];
  #reads = 0;
  readonly #portions: Buffer[];

  constructor(portions: Buffer[]) {
    super();
    this.#portions = portions;
  }

  get reads(): number {
    return this.#reads;
  }

  override _read(): void {
    this.#reads += 1;
    this.push(this.#portions.shift() ?? null);
  }

  override _write(piece: Buffer, _encoding: string, done: () => void): void {
    this.written.push(piece);
    done();
  }
}

async function contentOf(socket: Socket): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of framesOf(socket)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

describe('the frames of a tail', () => {
  it('are read however the connection cuts them', async () => {
    const lengths = fc.constantFrom(0, 1, 125, 126, 127, 300, 65_535, 65_536, 70_000);
    await fc.assert(fc.asyncProperty(fc.array(lengths, { maxLength: 6 }), fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 30 }), async (sizes, cuts) => {
      const texts = sizes.map((size, index) => String.fromCharCode(97 + index).repeat(size));
      const bytes = Buffer.concat([...texts.map(text => frame(1, Buffer.from(text))), frame(8, Buffer.from([3, 232])), Buffer.from('not read')]);
      const portions: Buffer[] = [];
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const size = cuts[turn % cuts.length] ?? 1;
        portions.push(bytes.subarray(at, at + size));
        at += size;
      }
      assert.equal(await contentOf(new Socket(portions)), texts.join(''));
    }), { numRuns: 60 });
  });

  it('are answered where they ask whether anybody is there', async () => {
    const socket = new Socket([frame(9, Buffer.from('hey')), frame(1, Buffer.from('x')), frame(8, Buffer.alloc(0))]);
    assert.equal(await contentOf(socket), 'x');
    const [pong] = socket.written;
    assert.ok(pong !== undefined);
    assert.deepEqual([...pong.subarray(0, 2)], [0x8a, 0x83]);
    assert.equal(Buffer.from(pong.subarray(6).map((byte, index) => byte ^ (pong[2 + index] ?? 0))).toString(), 'hey');
  });

  it('wait until somebody reads on', async () => {
    const socket = new Socket(Array.from({ length: 1_000 }, () => frame(1, Buffer.alloc(60_000))));
    const frames = framesOf(socket);
    for (let reads = 0; reads < 5; reads += 1) await frames.next();
    assert.ok(socket.reads < 20, `${socket.reads} of 1000 frames were taken in`);
    await frames.return();
  });
});

describe('the package for Ray', () => {
  let folder: string;
  const file = (name: string, content: Buffer): JobFile => {
    const where = path.join(folder, createHash('sha256').update(name).digest('hex'));
    writeFileSync(where, content);
    return { name, path: where, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
  };
  beforeEach(() => { folder = mkdtempSync(path.join(os.tmpdir(), 'regenesis-zip-')); });
  afterEach(() => { rmSync(folder, { recursive: true }); });

  it('holds the files, the same bytes for the same files', async () => {
    const files = [file('train.jsonl', Buffer.from('{"a":1}\n'.repeat(50_000))), file('code/ä b.py', Buffer.from('x')), file('empty', Buffer.alloc(0))];
    const zip = await makePackage(files);
    assert.deepEqual(Object.keys(unzipSync(zip)).sort(), ['code/ä b.py', 'empty', 'train.jsonl']);
    assert.equal(Buffer.from(unzipSync(zip)['train.jsonl'] ?? []).toString(), '{"a":1}\n'.repeat(50_000));
    assert.deepEqual(await makePackage([...files].reverse()), zip);
  });

  it('is refused beforehand where it is too large, by its size', async () => {
    await assert.rejects(makePackage([file('train.jsonl', randomBytes(3_000_000))], 2_000_000), /3 MB, and Ray takes no more than 2 MB/);
  });
});
