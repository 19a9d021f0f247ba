import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { messageOf, ProblemError, problemError } from '../../core/model/problem.ts';
import type { JobFile } from '../../core/model/trainingJob.ts';
import type { OnUpload } from '../../ports/jobRunner.ts';
import { scriptEnds, scriptProblem } from './scriptProblem.ts';
import type { Shell } from './shell.ts';
import { shellQuote } from './shellQuote.ts';

/** A function of shell: the SHA-256 of a file, hexadecimal. Through the input, since programs write strange names of files in ways of their own. */
export const hashFunction = `sha() {
  hash=$(if command -v sha256sum >/dev/null 2>&1; then sha256sum < "$1"
  elif command -v shasum >/dev/null 2>&1; then shasum -a 256 < "$1"
  elif command -v openssl >/dev/null 2>&1; then openssl dgst -sha256 -r < "$1"
  elif command -v python3 >/dev/null 2>&1; then python3 -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())' < "$1"
  else exit ${scriptEnds.noHashProgram}; fi) || return $?
  printf '%.64s\\n' "$hash"
}`;

/** Parts of an upload that nobody goes on with are taken away after a day. */
const forgottenMinutes = 1_440;
/** An upload has no end but that of its connection, which ssh looks after. */
const uploadTimeoutMs = 2 ** 31 - 1;

/**
 * Lines of shell that say which of these files lie in the working folder already: a hash for each, `-` for one that is not there. To be run after `hashFunction`.
 */
export function presentFiles(files: readonly JobFile[]): string {
  const lines = files.map(({ name }) => `if [ -f ${below(name)} ]; then sha ${below(name)} || exit $?; else echo -; fi`);
  return [`find . -name '*.part' -mmin +${forgottenMinutes} -exec rm -f {} + 2>/dev/null`, ...lines].join('\n');
}

/** A name within the working folder that cannot be taken for an option. */
const below = (name: string): string => shellQuote(`./${name}`);

/** What is to be sent where. */
export interface Upload {
  /** Folder on the target, absolute. */
  readonly folder: string;
  readonly files: readonly JobFile[];
  /** What `presentFiles` wrote. */
  readonly present: readonly string[];
  readonly signal: AbortSignal;
  readonly onUpload?: OnUpload;
}

/**
 * Sends what is not there yet. Each file is written under a name of its own, checked there by its hash, and only then gets its name: what a cut connection leaves
 * is never taken for a file, and two that send the same at once do not disturb each other.
 *
 * Throws `ProblemError`.
 */
export async function upload(shell: Shell, { folder, files, present, signal, onUpload }: Upload): Promise<void> {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const missing = files.filter(({ sha256 }, index) => present[index] !== sha256);
  let sent = total - missing.reduce((sum, { bytes }) => sum + bytes, 0);
  onUpload?.(sent, total);
  for (const file of missing) {
    await sendFile(shell, { folder, file, signal, onBytes: bytes => {
      sent += bytes;
      onUpload?.(Math.min(sent, total), total);
    } });
  }
}

interface Sending {
  readonly folder: string;
  readonly file: JobFile;
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: number) => void;
}

async function sendFile(shell: Shell, { folder, file, signal, onBytes }: Sending): Promise<void> {
  const part = below(`${file.name}.${randomBytes(6).toString('hex')}.part`);
  const script = `cd -- ${shellQuote(folder)} && mkdir -p -- ${below(path.posix.dirname(file.name))} || exit ${scriptEnds.noFolder}
${hashFunction}
cat > ${part} || { rm -f ${part}; exit ${scriptEnds.notWritten}; }
hash=$(sha ${part}) || exit $?
[ "$hash" = ${shellQuote(file.sha256)} ] || { rm -f ${part}; exit ${scriptEnds.otherBytes}; }
mv -f ${part} ${below(file.name)}`;
  const answer = await shell.run(script, { signal, stdin: checkedBytes(file, onBytes), timeoutMs: uploadTimeoutMs });
  if (answer.code === 0) return;
  if (answer.code === scriptEnds.otherBytes) throw problemError('target-unreachable', `${file.name} did not arrive on ${shell.place} as it was sent.`, { retryable: true });
  throw scriptProblem(answer, `${file.name} cannot be written on ${shell.place}`);
}

/** The bytes of a file. Throws `file-unreadable`, also where they are not those that it is to have. */
export async function* checkedBytes(file: JobFile, onBytes: (bytes: number) => void = () => undefined): AsyncIterable<Uint8Array> {
  const hash = createHash('sha256');
  try {
    for await (const bytes of createReadStream(file.path, { highWaterMark: 1 << 16 }) as AsyncIterable<Uint8Array>) {
      hash.update(bytes);
      yield bytes;
      onBytes(bytes.length);
    }
  } catch (thrown) {
    throw thrown instanceof ProblemError ? thrown : problemError('file-unreadable', `${file.path} cannot be read: ${messageOf(thrown)}.`, { file: file.path, cause: thrown });
  }
  if (hash.digest('hex') !== file.sha256) throw problemError('file-unreadable', `${file.path} has changed since the job was made from it.`, { file: file.path });
}
