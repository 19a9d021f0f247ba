import { errorCodeOf, messageOf, problemError, type ProblemError } from '../../core/model/problem.ts';

/** A file that must not be written, or cannot be. */
export const notWritable = (file: string, why: string, cause?: unknown): ProblemError =>
  problemError('file-not-writable', `${file} cannot be written: ${why}. Choose another place.`, { file, cause });

/** What the system says when a file cannot be written, as a problem. */
export function writeProblem(file: string, thrown: unknown): ProblemError {
  const code = errorCodeOf(thrown);
  if (code === 'ENOSPC' || code === 'EDQUOT') return problemError('disk-full', `The disk is full: ${file} was not written. Nothing that stood there was changed. Make room there, or choose a place on another disk, and try again.`, { file, cause: thrown });
  return notWritable(file, code === 'ENOENT' ? 'its folder is not there' : messageOf(thrown), thrown);
}
