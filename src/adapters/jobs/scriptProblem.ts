import { problemError, type ProblemError } from '../../core/model/problem.ts';
import { shortWords } from './answering.ts';
import type { ShellAnswer } from './shell.ts';

/** How scripts of ours end where they cannot go on. */
export const scriptEnds = { noHashProgram: 81, noFolder: 82, notSubmitted: 83, noScheduler: 84, otherBytes: 85, locked: 86, elsewhere: 87, notWritten: 88 } as const;

/** Words of the system for a disk that takes no more. */
const fullWords = /No space left on device|Disk quota exceeded|File too large/i;

/** Words of Slurm for a controller that cannot be asked just now. */
const busyWords = /Unable to contact|Socket timed out|connect failure|Connection refused|Connection timed out|Zero Bytes were transmitted|temporarily unable/i;

/** What a script of ours failed of. `what`: what could not be done, as the first half of a sentence. */
export function scriptProblem(answer: ShellAnswer, what: string): ProblemError {
  const said = shortWords(answer.stderr);
  const words = said === '' ? `exit code ${answer.code}` : said;
  if (fullWords.test(answer.stderr)) return problemError('disk-full', `${what}: the disk is full there. It says: ${words}`);
  if (answer.code === scriptEnds.noScheduler || busyWords.test(answer.stderr)) return problemError('target-unreachable', `${what}: Slurm does not answer. It says: ${words}`, { retryable: true });
  if (answer.code === scriptEnds.noHashProgram) return problemError('target-unfit', `${what}: there is no sha256sum, shasum, openssl or python3, and so nothing to check files with.`);
  if (answer.code === 127) return problemError('target-unfit', `${what}: a program is not there. It says: ${words}`);
  if (answer.code === scriptEnds.locked) return problemError('target-unreachable', `${what}: another window has been at it for too long. It says: ${words}`, { retryable: true });
  if (answer.code === scriptEnds.elsewhere) return problemError('target-unreachable', `${what}: it runs on ${words}, and another machine answers under this name. Name that host in the target.`, { retryable: true });
  return problemError('target-rejected', `${what}: ${words}`);
}
