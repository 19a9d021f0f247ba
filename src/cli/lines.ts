import { createReadStream } from 'node:fs';
import * as z from 'zod/mini';
import { isFields, parseJson } from '../core/model/outside.ts';
import { errorCodeOf, messageOf, problemError, type ProblemError } from '../core/model/problem.ts';
import { boundedLines, type BoundedLine } from './boundedLines.ts';
import { exitCodes, type CommandEnvironment } from './command.ts';

/** Lines gathered before they are written: one system call for many. */
const gatheredLines = 256;
/** A longer line is answered with an error: no model writes that much. */
const longestLineBytes = 64 << 20;

/** How lines are worked off. */
export interface LineWork<Input, Answer extends object = object> {
  /** File to read; `-` or absent: standard input. */
  readonly file: string | undefined;
  readonly schema: z.ZodMiniType<Input>;
  readonly work: (input: Input) => Answer;
  /** How an answer is written for people; absent: as a JSON line. What could not be read always is one. */
  readonly show?: (answer: Answer, id: string | number) => string;
}

/**
 * Answers JSON lines with JSON lines, in order, one for one, in constant memory. A line that cannot be read is answered with its `id` (else its number) and an `error`.
 *
 * @returns the exit code: 3 when lines could not be read
 * Throws `file-not-found`, `file-unreadable`.
 */
export async function answerLines<Input extends Identified, Answer extends object>(environment: CommandEnvironment, given: LineWork<Input, Answer>): Promise<number> {
  const { file } = given;
  const input = file === undefined || file === '-' ? environment.stdin : createReadStream(file);
  input.once('error', () => undefined); // comes out of the loop below
  let malformed = 0;
  let gathered: string[] = [];
  const write = async () => {
    if (gathered.length > 0) await environment.out(`${gathered.join('\n')}\n`);
    gathered = [];
  };
  try {
    for await (const { text, number } of numberedLines(input)) {
      if (text?.trim() === '') continue;
      const answer = answerLine(given, text, number);
      if (!answer.read) malformed += 1;
      gathered.push(answer.line);
      if (gathered.length >= gatheredLines) await write();
    }
  } catch (thrown) {
    throw unreadable(file ?? 'standard input', thrown);
  }
  await write();
  return malformed > 0 ? exitCodes.inPart : exitCodes.done;
}

/** The lines of a stream with their numbers, from 1; without a byte order mark. */
export async function* numberedLines(input: AsyncIterable<Buffer>): AsyncGenerator<BoundedLine & { readonly number: number }> {
  let number = 0;
  for await (const lines of boundedLines(input, longestLineBytes)) {
    for (const { text } of lines) {
      number += 1;
      yield { number, text: number === 1 ? text?.replace(/^\uFEFF/, '') : text };
    }
  }
}

interface Identified {
  readonly id?: string | number | undefined;
}

interface LineAnswer {
  readonly read: boolean;
  readonly line: string;
}

function answerLine<Input extends Identified, Answer extends object>({ schema, work, show }: LineWork<Input, Answer>, text: string | undefined, number: number): LineAnswer {
  const refused = (error: string, id: string | number = number): LineAnswer => ({ read: false, line: JSON.stringify({ id, error }) });
  if (text === undefined) return refused(`line ${number} is longer than ${longestLineBytes >> 20} MiB`);
  const value = parseJson(text);
  if (value === undefined) return refused(`line ${number} is not JSON`);
  const parsed = z.safeParse(schema, value);
  if (!parsed.success) return refused(`line ${number}: ${wanted(value, parsed.error.issues[0])}`, idOf(value));
  const [id, answer] = [parsed.data.id ?? number, work(parsed.data)];
  return { read: true, line: show ? show(answer, id) : JSON.stringify({ id, ...answer }) };
}

/** What a value lacks, in words. All that these lines hold are texts and words of a list, an id aside. */
function wanted(value: unknown, issue: z.core.$ZodIssue | undefined): string {
  const [field] = issue?.path ?? [];
  if (!isFields(value) || issue === undefined || field === undefined) return 'expected an object, {…}';
  const name = `"${String(field)}"`;
  if (!Object.hasOwn(value, field)) return `${name} is missing`;
  if (issue.code === 'invalid_value') return `${name} should be one of ${issue.values.join(', ')}`;
  return `${name} should be a text${issue.code === 'invalid_union' ? ' or a number' : ''}`;
}

/** What is wrong with a file that cannot be read. */
export function unreadable(file: string, thrown: unknown): ProblemError {
  if (errorCodeOf(thrown) === 'ENOENT') return problemError('file-not-found', `${file}: there is no such file`, { file, cause: thrown });
  const why = errorCodeOf(thrown) === 'EISDIR' ? 'it is a folder' : messageOf(thrown);
  return problemError('file-unreadable', `${file} cannot be read: ${why}`, { file, cause: thrown });
}

function idOf(value: unknown): string | number | undefined {
  const found = z.safeParse(z.object({ id: z.union([z.string(), z.number()]) }), value);
  return found.success ? found.data.id : undefined;
}
