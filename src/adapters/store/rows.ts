import { Buffer } from 'node:buffer';
import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';

/** One row as SQLite gives it; read through the functions below. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

/** A value that this program cannot have written; becomes `project-damaged`. */
export class UnexpectedValue extends Error {
  constructor(column: string, options?: ErrorOptions) {
    super(`unexpected value of ${column}`, options);
  }
}

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new UnexpectedValue(column);
  return value;
}

/** The start of a text, taken as bytes, which may end within a character: SQLite's own functions of text end at the first NUL, and would hide what follows. */
export function textStart(row: Row, column: string): string {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw new UnexpectedValue(column);
  return Buffer.from(value).toString('utf8').replace(/\uFFFD$/, '');
}

export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new UnexpectedValue(column);
  return value;
}

export const optionalText = (row: Row, column: string): string | undefined => (row[column] === null ? undefined : text(row, column));

export const optionalInteger = (row: Row, column: string): number | undefined => (row[column] === null ? undefined : integer(row, column));

/** A text that is one of a closed list. */
export function word<const Words extends readonly (string | number)[]>(row: Row, column: string, words: Words): Words[number] {
  const value = row[column];
  const found = words.find(each => each === value);
  if (found === undefined) throw new UnexpectedValue(column);
  return found;
}

export const optionalWord = <const Words extends readonly (string | number)[]>(row: Row, column: string, words: Words): Words[number] | undefined =>
  row[column] === null ? undefined : word(row, column, words);

/** What a column of rounds may hold. */
export const rounds = [1, 2] as const;

/** A JSON column; `isShape` looks at what tells a whole value from a damaged one. */
export function json<T>(row: Row, column: string, isShape: (value: unknown) => value is T): T {
  const value = parsed(text(row, column), column);
  if (!isShape(value)) throw new UnexpectedValue(column);
  return value;
}

export const optionalJson = <T>(row: Row, column: string, isShape: (value: unknown) => value is T): T | undefined =>
  row[column] === null ? undefined : json(row, column, isShape);

/** JSON of any shape. */
export const anyJson = (row: Row, column: string): unknown => parsed(text(row, column), column);

function parsed(source: string, column: string): unknown {
  try {
    return JSON.parse(source);
  } catch (cause) {
    throw new UnexpectedValue(column, { cause });
  }
}

/** `null` for what is absent, JSON for what is there. */
export const toJson = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));

/**
 * A text that must come back exactly. UTF-8 has no half of a surrogate pair, and Node 22 reads a text up to its first zero byte only; a server can
 * send both. Such a text is kept as UTF-16 bytes.
 */
export const exact = (value: string): SQLInputValue => (value.isWellFormed() && !value.includes('\0') ? value : Buffer.from(value, 'utf16le'));

/** What `exact` kept. */
export function exactText(row: Row, column: string): string {
  const value = row[column];
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf16le') : text(row, column);
}
