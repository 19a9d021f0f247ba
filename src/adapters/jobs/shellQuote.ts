import { problemError } from '../../core/model/problem.ts';

/** Nothing in these means anything to a shell. No `=`: at the beginning of a command it would be an assignment. */
const plain = /^[\w@%+:,./-]+$/;

/**
 * One argument for a POSIX shell, which takes it exactly as it is: also where it is empty, or has quotes, line ends or `$(…)` in it. An argument that begins with
 * `-` is still an option to the program that is given it.
 *
 * Throws `ProblemError`: `usage` for an argument with a NUL character, which no program can be given.
 */
export function shellQuote(argument: string): string {
  if (argument.includes('\0')) throw problemError('usage', `${JSON.stringify(argument)} has a NUL character in it, which no program can be given.`);
  return plain.test(argument) ? argument : `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}

/** A program with its arguments as one line for a shell. */
export const shellCommand = (words: readonly string[]): string => words.map(shellQuote).join(' ');
