import { createHash } from 'node:crypto';
import { Zip, ZipDeflate } from 'fflate';
import { problemError } from '../../core/model/problem.ts';
import type { JobFile } from '../../core/model/trainingJob.ts';
import { checkedBytes } from './upload.ts';

/** A dashboard takes no body above 100 MiB, and says so badly: ray-project/ray#38566. */
const largestPackage = 100 << 20;

/** The name of the package that holds these files, the same for the same files. */
export function packageName(files: readonly JobFile[]): string {
  const content = createHash('sha256');
  for (const { name, sha256 } of inOrder(files)) content.update(`${JSON.stringify(name)} ${sha256}\n`);
  return `_ray_pkg_${content.digest('hex').slice(0, 32)}.zip`;
}

const inOrder = (files: readonly JobFile[]): readonly JobFile[] => files.toSorted((one, other) => (one.name < other.name ? -1 : 1));

/**
 * A zip with the files at its root, the same bytes for the same files. Made piece by piece, so that whatever else goes on meanwhile goes on.
 *
 * Throws `ProblemError`: `target-rejected` for one that no dashboard takes, `file-unreadable`.
 */
export async function makePackage(files: readonly JobFile[], most = largestPackage): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  let broken: Error | undefined;
  const zip = new Zip((error, piece) => {
    broken ??= error ?? undefined;
    pieces.push(piece);
    bytes += piece.length;
  });
  for (const file of inOrder(files)) {
    const entry = new ZipDeflate(file.name, { level: 1 }); // whatever comes of it is soon sent, and meanwhile nothing else gets on
    entry.mtime = new Date(1980, 0, 1); // of this machine's own time zone, as a zip has it
    zip.add(entry);
    for await (const part of checkedBytes(file)) {
      entry.push(part);
      if (bytes > most) throw tooLarge(files, most);
    }
    entry.push(new Uint8Array(0), true);
  }
  zip.end();
  if (broken !== undefined) throw broken;
  if (bytes > most) throw tooLarge(files, most);
  return Buffer.concat(pieces, bytes);
}

function tooLarge(files: readonly JobFile[], most: number): Error {
  const megabytes = Math.ceil(files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6);
  return problemError('target-rejected', `The files of the job are ${megabytes} MB, and Ray takes no more than ${Math.round(most / 1e6)} MB once they are packed. Train on fewer paths, or on a target that is reached over ssh.`);
}
