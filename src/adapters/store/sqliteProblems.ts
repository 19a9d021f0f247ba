import path from 'node:path';
import { ProblemError, errorCodeOf, messageOf, problemError, type ProblemCode } from '../../core/model/problem.ts';
import { UnexpectedValue } from './rows.ts';

/** SQLite's result codes that have a meaning of their own here; source: https://sqlite.org/rescode.html. `ioErrorWrite` is in practice a quota. */
const resultCode = { error: 1, busy: 5, locked: 6, readOnly: 8, ioError: 10, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26, ioErrorWrite: 778 } as const;

type Explain = (place: { readonly name: string; readonly folder: string; readonly message: string }) => readonly [code: ProblemCode, message: string];

const lockedElsewhere: Explain = ({ name }) => ['project-locked', `${name} is in use by another program. Close it there and try again.`];
const damagedFile: Explain = ({ name, message }) => [
  'project-damaged',
  `${name} is damaged (${message}). Put a copy of it in its place (a backup, or ${name}.bak-vN if there is one); \`sqlite3 ${name} .recover\` may save the rest.`,
];
const unreachable: Explain = ({ name, message }) => [
  'file-unreadable', `${name} could not be read or written (${message}). Check that the disk works and has room and, on a network drive, that it supports file locks; where such a drive is taken for a disk of this machine, set REGENESIS_STORAGE=network.`,
];

const explanations: ReadonlyMap<number, Explain> = new Map<number, Explain>([
  [resultCode.full, ({ name, folder }) => [
    'disk-full', `The disk that holds ${name} is full; nothing of this step was stored. Make room in ${folder} and go on.`,
  ]],
  [resultCode.ioErrorWrite, ({ name, folder }) => [
    'disk-full', `${name} could not be written: the disk or your quota on it is full, or the disk fails. Make room in ${folder} and go on.`,
  ]],
  [resultCode.readOnly, ({ name, folder }) => [
    'project-read-only', `${name} cannot be written. Make the file and its folder ${folder} writable, or copy the project to a place of yours.`,
  ]],
  [resultCode.busy, lockedElsewhere],
  [resultCode.locked, lockedElsewhere],
  [resultCode.corrupt, damagedFile],
  [resultCode.notADatabase, damagedFile],
  [resultCode.cannotOpen, unreachable],
  [resultCode.ioError, unreachable],
]);

/** The result code of an error of `node:sqlite`, extended where SQLite extends it; `undefined` for any other thing thrown. */
export function sqliteCode(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !('errcode' in thrown)) return undefined;
  return typeof thrown.errcode === 'number' ? thrown.errcode : undefined;
}

/** What something thrown while `file` was used means to whoever asked, with a sentence that says what to do. */
export function storeProblem(thrown: unknown, file: string): ProblemError {
  if (thrown instanceof ProblemError) return thrown;
  if (thrown instanceof UnexpectedValue || isTooLarge(thrown) || isSchemaStrange(thrown)) return damaged(file, thrown);
  const code = sqliteCode(thrown) ?? 0;
  return explained(explanations.get(code) ?? explanations.get(code & 0xff) ?? bug, file, thrown);
}

/** An integer beyond 2^53, which we never write. */
const isTooLarge = (thrown: unknown): boolean => thrown instanceof RangeError && errorCodeOf(thrown) === 'ERR_OUT_OF_RANGE';

/** Our statements are constant and fit our schema: where one does not, the schema was changed under us. Transactions are no matter of the schema. */
const isSchemaStrange = (thrown: unknown): boolean => sqliteCode(thrown) === resultCode.error && !messageOf(thrown).includes('transaction');

/** The file is a project, and not whole. */
export const damaged = (file: string, cause: unknown): ProblemError => explained(damagedFile, file, cause);

const bug: Explain = ({ message }) => ['bug', `The project store failed: ${message}`];

function explained(explain: Explain, file: string, cause: unknown): ProblemError {
  const [code, message] = explain({ name: path.basename(file), folder: path.dirname(file), message: messageOf(cause) });
  return problemError(code, message, { file, cause });
}
