import type { MissingGoldRule, PresetName } from '../model/dataset.ts';
import { taskId, type Hash, type TaskId } from '../model/ids.ts';
import type { Fields } from '../model/outside.ts';
import type { ProblemCode } from '../model/problem.ts';
import type { SourceRow } from '../model/sourceRow.ts';
import type { Split, Task } from '../model/task.ts';
import { importPresets } from './importPresets.ts';
import { columnMap, mapRow } from './mapRow.ts';
import { SeenRows } from './seenRows.ts';
import { isRowProblem, tidy, type RowProblem, type TaskDraft } from './taskDraft.ts';

/** A row that made no task. `line` is 1-based, as the row source counts. */
export interface Refusal {
  readonly line: number;
  readonly field?: string;
  readonly code: ProblemCode;
  readonly message: string;
  /** Columns of the file, where none of them is known. */
  readonly choices?: readonly string[];
}

/** What became of one row. A duplicate has the id and the content of an earlier row. */
export type Imported =
  | { readonly task: Task; readonly withoutGold: boolean }
  | { readonly refused: Refusal }
  | { readonly duplicate: { readonly line: number; readonly firstLine: number } };

/** How the rows of one file become tasks. */
export interface ImporterOptions {
  /** How rows are read: by a preset, or by a map of fields to columns. */
  readonly rows: { readonly preset: PresetName } | { readonly map: Readonly<Record<string, string>> };
  /** Name of the data set; it begins every task's id. */
  readonly dataset: string;
  /** Absent: the preset's own, else `train`. */
  readonly split?: Split;
  /** Whether a row without a known answer makes a task. */
  readonly missingGold: MissingGoldRule;
  readonly hash: Hash;
}

/** Turns rows into tasks, one at a time. */
export interface Importer {
  readonly split: Split;
  add(row: SourceRow): Imported;
}

/** Most code units of what a task is made of: its question stands in every request of it, its id in every fact, and it is grouped by its difficulty. */
const longest = [
  { of: 'question', field: 'question', most: 1_000_000, why: ', more than any model reads' },
  { of: 'sourceId', field: 'id', most: 200, why: '' },
  { of: 'difficulty', field: 'difficulty', most: 40, why: ': tasks are grouped by it' },
] as const;

/** The id of a task that has an id in its source. White space, commas and percent signs are encoded, since ids are listed with commas on command lines. */
const namedId = (dataset: string, sourceId: string): TaskId =>
  taskId(`${dataset}/${sourceId.replaceAll(/[\s,%\p{Cc}]/gu, found => encodeURIComponent(found))}`);

/**
 * Makes an importer for one file. Ids depend on the file's content alone, so the same file again gives the same ids:
 * the source's id, else a hash of the question and how often this text has come up.
 *
 * Throws `ProblemError` with `usage` where the map is wrong.
 */
export function createImporter(options: ImporterOptions): Importer {
  const { rows, dataset, missingGold, hash } = options;
  const preset = 'preset' in rows ? importPresets[rows.preset] : undefined;
  const convert = converterOf(rows);
  const split = options.split ?? preset?.split ?? 'train';
  const bySourceId = new SeenRows('values');
  const byQuestion = new SeenRows('numbers');

  const add = (row: SourceRow): Imported => {
    if ('problem' in row) return { refused: refusalOf(row.line, row.problem) };
    const draft = convert(row.fields);
    if (isRowProblem(draft)) return { refused: refusalOf(row.line, draft) };
    const wrong = draftProblem(draft, missingGold);
    if (wrong) return { refused: refusalOf(row.line, wrong) };
    const question = tidy(draft.question);
    if (draft.sourceId === undefined) {
      const digest = hash(question);
      return made(taskId(`${dataset}/${digest.slice(0, 16)}-${byQuestion.count(digest)}`), draft, row.line);
    }
    const content = hash(JSON.stringify([question, draft.gold, draft.answerKind]));
    const before = bySourceId.remember(hash(draft.sourceId), content, row.line);
    if (before === undefined) return made(namedId(dataset, draft.sourceId), draft, row.line);
    if (before.sameValue) return { duplicate: { line: row.line, firstLine: before.number } };
    const message = `the id ${draft.sourceId} has other content at ${before.number}; give each row an id of its own`;
    return { refused: { line: row.line, field: 'id', code: 'duplicate', message } };
  };

  const made = (id: TaskId, draft: TaskDraft, line: number): Imported => {
    const { sourceId, gold, answerKind, difficulty, options: choices } = draft;
    const licence = draft.licence ?? preset?.licence;
    const task: Task = {
      id, question: tidy(draft.question), answerKind, split,
      ...(gold === undefined ? {} : { gold }), ...(choices === undefined ? {} : { options: choices }),
      origin: { dataset, line, ...(sourceId === undefined ? {} : { sourceId }), ...(licence === undefined ? {} : { licence }), ...(difficulty === undefined ? {} : { difficulty }) },
    };
    return { task, withoutGold: gold === undefined };
  };

  return { split, add };
}

function converterOf(rows: ImporterOptions['rows']): (fields: Fields) => TaskDraft | RowProblem {
  if ('preset' in rows) {
    const preset = importPresets[rows.preset];
    return fields => preset.convert(fields);
  }
  const map = columnMap(rows.map);
  return fields => mapRow(map, fields);
}

/** A problem as the refusal of a row. */
export const refusalOf = (line: number, { code, field, message }: RowProblem): Refusal => ({ line, ...(field === undefined ? {} : { field }), code, message });

function draftProblem(draft: TaskDraft, missingGold: MissingGoldRule): RowProblem | undefined {
  if (tidy(draft.question) === '') return { code: 'field-missing', field: 'question', message: 'the question is empty' };
  for (const [field, text] of [['question', draft.question], ['answer', draft.gold ?? ''], ['id', draft.sourceId ?? ''], ['difficulty', draft.difficulty ?? '']] as const) {
    if (/\p{Surrogate}/u.test(text)) return { code: 'encoding-invalid', field, message: `the ${field} holds half of a character pair, which no UTF-8 file can` };
  }
  const long = longest.find(({ of, most }) => (draft[of]?.length ?? 0) > most);
  if (long) return { code: 'field-invalid', field: long.field, message: `the ${long.field} is longer than ${long.most} characters${long.why}` };
  if (draft.gold === undefined && missingGold === 'refuse') return { code: 'gold-missing', message: 'there is no known answer' };
  return undefined;
}
