import type { ProblemCode } from '../model/problem.ts';
import type { AnswerKind, ChoiceOption } from '../model/task.ts';

/** What one row of a data set says of a task, before it has an id, a split and an origin. */
export interface TaskDraft {
  /** The row's own id, where the data set has ids. */
  readonly sourceId?: string;
  /** The whole text for the model, options included. */
  readonly question: string;
  /** Absent where the row has no known answer. */
  readonly gold?: string;
  readonly answerKind: AnswerKind;
  readonly options?: readonly ChoiceOption[];
  readonly licence?: string;
  /** See `TaskOrigin`. */
  readonly difficulty?: string;
}

/** Why a row makes no task. `field` is the column, dotted where it is nested. */
export interface RowProblem {
  readonly code: ProblemCode;
  readonly field?: string;
  readonly message: string;
}

/** Whether a value is the reason why something could not be made. */
export const isRowProblem = (value: object): value is RowProblem => 'code' in value;

/** A known answer that was read, `{}` where there is none, or why it cannot be used. */
export type Gold = { readonly gold?: string } | RowProblem;

/** Text as it is kept: line ends as LF, no white space around it. */
export const tidy = (text: string): string => text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').trim();

/** White space folded to single spaces. */
export const fold = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** A value for a message: short, on one line. */
export function quoted(value: unknown): string {
  const text = fold(typeof value === 'string' ? value : typeof value === 'number' ? String(value) : JSON.stringify(value));
  return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
}

const mostNamed = 20;

/** Columns for a message: the first few by name, the rest counted. */
export function columnList(columns: readonly string[]): string {
  const more = columns.length - mostNamed;
  return `${columns.slice(0, mostNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}` || 'none';
}

/** Longer than any answer that a path could be held against; every comparison takes time by its length. */
const longestGold = 10_000;

/**
 * The known answer of a field that holds text, a number or a truth value; `{}` for null, nothing and blank text.
 * Refused as `field-invalid`: NaN and infinities (also spelled out), lists and objects, and text of more than 10,000 characters.
 */
export function plainGold(value: unknown, field: string): Gold {
  if (value === undefined || value === null) return {};
  if (typeof value === 'boolean') return { gold: value ? 'yes' : 'no' };
  if (typeof value !== 'string' && typeof value !== 'number') {
    return { code: 'field-invalid', field, message: `${field} should be text, a number or true or false, and is ${Array.isArray(value) ? 'a list' : 'an object'}` };
  }
  const text = tidy(String(value));
  if (text.length > longestGold) return { code: 'field-invalid', field, message: `${field} is longer than ${longestGold} characters, too long for a known answer` };
  if (/^[-+]?(?:nan|inf|infinity)$/i.test(text)) return { code: 'field-invalid', field, message: `${field} is ${text}, which is no answer` };
  return text === '' ? {} : { gold: text };
}

/** A number as data sets write one: sign, currency, thousands commas, decimals, percent, or a fraction of whole numbers. */
const numeral = /^[-+−]?\$?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?%?$|^[-−]?\d+\s*\/\s*\d+$/;

/** Whether a text is one number and nothing else. */
export const isNumeral = (text: string): boolean => /\d/.test(text) && text.length < 400 && numeral.test(text);

/** The known answer of a field that must hold a number, as the data set words it (commas kept). Refused as `field-invalid` where it holds anything else. */
export function numberGold(value: unknown, field: string): Gold {
  const read = plainGold(value, field);
  if (isRowProblem(read) || read.gold === undefined || (typeof value !== 'boolean' && isNumeral(read.gold))) return read;
  return { code: 'field-invalid', field, message: `${field} should be a number and is ${quoted(value)}` };
}

/** The known answer of a field that must hold yes or no: truth values, or the words yes, no, true, false. */
export function yesNoGold(value: unknown, field: string): Gold {
  const read = plainGold(value, field);
  if (isRowProblem(read) || read.gold === undefined) return read;
  if (/^(?:yes|true)$/i.test(read.gold)) return { gold: 'yes' };
  if (/^(?:no|false)$/i.test(read.gold)) return { gold: 'no' };
  return { code: 'field-invalid', field, message: `${field} should be true or false, or yes or no, and is ${quoted(value)}` };
}
