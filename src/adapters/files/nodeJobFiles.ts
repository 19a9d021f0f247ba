import { createHash } from 'node:crypto';
import { closeSync, createReadStream, existsSync, fstatSync, ftruncateSync, mkdirSync, openSync, readFileSync, readSync, renameSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { errorCodeOf, messageOf, problemError, ProblemError } from '../../core/model/problem.ts';
import type { JobFiles } from '../../ports/jobFiles.ts';
import { shippedTraining } from './shippedTraining.ts';
import { writeProblem } from './writeProblem.ts';

const mostTextBytes = 16 << 20;

/** The files of training jobs on this machine. */
export const nodeJobFiles: JobFiles = {
  training: () => new Map(shippedTraining()),
  emptyFolder: folder => {
    writing(folder, () => {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
    });
  },
  write: (file, text) => writing(file, () => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return { sha256: createHash('sha256').update(text).digest('hex'), bytes: Buffer.byteLength(text) };
  }),
  moveFolder: (from, to) => {
    writing(to, () => {
      if (existsSync(to)) rmSync(from, { recursive: true, force: true });
      else renameSync(from, to);
    });
  },
  removeFolder: folder => { rmSync(folder, { recursive: true, force: true }); },
  identify,
  text: file => {
    try {
      if (statSync(file).size > mostTextBytes) throw unreadable(file, `it is larger than ${mostTextBytes >> 20} MiB`);
      return readFileSync(file, 'utf8');
    } catch (thrown) {
      throw readProblem(file, thrown);
    }
  },
  putAt: (file, at, text) => writing(file, () => {
    const descriptor = openSync(file, existsSync(file) ? 'r+' : 'w+');
    try {
      const bytes = Buffer.from(text, 'utf8');
      const place = Math.min(at, fstatSync(descriptor).size); // somebody may have removed the file, or have cut it
      ftruncateSync(descriptor, place);
      for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written, bytes.length - written, place + written);
      return place + bytes.length;
    } finally {
      closeSync(descriptor);
    }
  }),
  piece,
};

async function identify(file: string, signal: AbortSignal): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(file, { signal }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  } catch (thrown) {
    if (signal.aborted) throw problemError('cancelled', `Reading ${file} was cancelled.`, { cause: thrown });
    throw readProblem(file, thrown);
  }
  return { sha256: hash.digest('hex'), bytes };
}

function piece(file: string, { from, most }: { readonly from: number; readonly most: number }): { readonly text: string; readonly next: number; readonly atEnd: boolean } {
  if (!existsSync(file)) return { text: '', next: 0, atEnd: true };
  try {
    const descriptor = openSync(file, 'r');
    try {
      const { size } = fstatSync(descriptor);
      const begin = from < 0 ? characterAt(descriptor, Math.max(0, size + from)) : Math.min(size, from);
      const bytes = Buffer.alloc(Math.min(most, size - begin));
      const read = readSync(descriptor, bytes, 0, bytes.length, begin);
      const whole = bytes.subarray(0, read);
      // characters that go on behind the end come with the next piece, but for the last
      const atEnd = begin + read >= size;
      const text = atEnd ? whole.toString('utf8') : new StringDecoder('utf8').write(whole);
      return { text, next: atEnd ? begin + read : begin + read - unfinished(whole), atEnd };
    } finally {
      closeSync(descriptor);
    }
  } catch (thrown) {
    throw readProblem(file, thrown);
  }
}

/** The first place from one on at which a character begins. */
function characterAt(descriptor: number, place: number): number {
  const bytes = Buffer.alloc(4);
  const read = readSync(descriptor, bytes, 0, bytes.length, place);
  const inside = [...bytes.subarray(0, read)].findIndex(byte => (byte & 0xc0) !== 0x80);
  return place + Math.max(0, inside);
}

/** How many bytes at the end belong to a character that goes on. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0;
  }
  return 0;
}

const unreadable = (file: string, why: string, cause?: unknown): ProblemError => problemError('file-unreadable', `${file} cannot be read: ${why}.`, { file, cause });

function readProblem(file: string, thrown: unknown): ProblemError {
  if (thrown instanceof ProblemError) return thrown;
  return errorCodeOf(thrown) === 'ENOENT' ? problemError('file-not-found', `There is no file ${file}.`, { file, cause: thrown }) : unreadable(file, messageOf(thrown), thrown);
}

function writing<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (thrown) {
    throw thrown instanceof ProblemError ? thrown : writeProblem(file, thrown);
  }
}
