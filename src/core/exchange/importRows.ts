import { presetNames, type MissingGoldRule, type PresetName } from '../model/dataset.ts';
import type { Hash, TaskId } from '../model/ids.ts';
import type { Fields } from '../model/outside.ts';
import { problemError, ProblemError, type Problem } from '../model/problem.ts';
import type { SourceRow } from '../model/sourceRow.ts';
import type { AnswerKind, Split, Task } from '../model/task.ts';
import { createImporter, refusalOf, type Imported, type Importer, type ImporterOptions, type Refusal } from './importer.ts';
import { columnsSentence, detectPreset, hasColumns, importPresets } from './importPresets.ts';
import { columnMap, missingColumns } from './mapRow.ts';
import { columnList, quoted } from './taskDraft.ts';

/** An opened data file, as the row source gives it. */
export interface RowsToImport {
  readonly columns: readonly string[];
  rows(): AsyncIterable<readonly SourceRow[]>;
}

/** How one file is to be imported. Neither preset nor map: the preset is found from the rows. */
export interface ImportRequest {
  /** Name of the file without its folder; the data set is named after it where no preset names one. */
  readonly fileName: string;
  readonly preset?: PresetName;
  /** Field → column; see `columnMap`. */
  readonly map?: Readonly<Record<string, string>>;
  /** Name of the data set. */
  readonly name?: string;
  readonly split?: Split;
  readonly missingGold: MissingGoldRule;
  readonly hash: Hash;
}

/** What came of one file. */
export interface FileImport {
  readonly preset: PresetName | null;
  /** Field → column, given or found; absent where a preset reads the rows, and where it could not be settled how they are read. */
  readonly map?: Readonly<Record<string, string>>;
  readonly dataset: string;
  readonly split: Split;
  /** Tasks that are new in the project; `withoutGold` and `byKind` count these. */
  readonly tasks: number;
  readonly withoutGold: number;
  /** Rows whose task was there before, in this file or in the project. */
  readonly duplicates: number;
  readonly byKind: Readonly<Record<AnswerKind, number>>;
  /** In the order of the file; at most `mostRefusals`, so that a broken file cannot fill the memory. */
  readonly refused: readonly Refusal[];
  /** All of them. */
  readonly refusedRows: number;
  /** Why the file as a whole was not read, or not to its end; it stands in `refused` too. */
  readonly problem?: Problem;
}

/** Most refusals that are kept one by one. */
export const mostRefusals = 10_000;

const longestName = 100;

/** Takes tasks in order and tells which of them were there before. */
export type TaskSink = (tasks: readonly Task[]) => { readonly duplicates: readonly TaskId[] };

/** The data set's name where none is given: `bbh-FILE` for the many files of BIG-Bench-Hard, else the preset's, else the file's without its ending. */
export function datasetName(fileName: string, preset: PresetName | null): string {
  const stem = fileName.replace(/\.[^.]*$/, '').replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replaceAll(/^-+|-+$/g, '') || 'tasks';
  return [...preset === 'bbh' ? `bbh-${stem}` : preset ?? stem].slice(0, longestName).join('');
}

/**
 * Reads a file's rows and hands the tasks on, a batch at a time; memory holds a batch.
 * A file that does not fit its preset or map is refused as a whole before any task is handed on (`columns-missing`, `preset-mismatch`).
 * What the sink throws is thrown on, and `usage` for a map or a name that can be none; everything that is wrong with the file is in the result.
 */
export async function importRows(source: RowsToImport, request: ImportRequest, sink: TaskSink): Promise<FileImport> {
  const tally = new Tally(request);
  const batches = source.rows()[Symbol.asyncIterator]();
  try {
    let importer: Importer | undefined;
    let rows = 0;
    for (let batch = await nextBatch(batches); batch; batch = await nextBatch(batches)) {
      rows += batch.length;
      if (!importer && batch.some(row => 'fields' in row)) {
        const settled = settle(source.columns, batch, request);
        importer = createImporter(settled);
        tally.settled(settled, importer.split);
      }
      tally.add(batch, importer, sink);
    }
    if (rows === 0) {
      if (source.columns.length > 0) settle(source.columns, [], request);
      throw refuse({ code: 'no-tasks', message: 'the file has no rows' });
    }
  } catch (thrown) {
    if (!(thrown instanceof FileRefused)) throw thrown;
    tally.fail(thrown.problem);
  } finally {
    await batches.return?.();
  }
  return tally.result();
}

/** The result for a file that could not even be opened. */
export function refusedFile(request: ImportRequest, problem: Problem): FileImport {
  const tally = new Tally(request);
  tally.fail(problem);
  return tally.result();
}

/** A problem of the file, told apart from one of whoever takes the tasks. */
class FileRefused extends ProblemError {}

const unreadable = (row: SourceRow): Imported =>
  ({ refused: 'problem' in row ? refusalOf(row.line, row.problem) : { line: row.line, code: 'row-malformed', message: 'the row was not read' } });

/** The next batch that is not empty. */
async function nextBatch(batches: AsyncIterator<readonly SourceRow[]>): Promise<readonly SourceRow[] | undefined> {
  try {
    for (;;) {
      const next = await batches.next();
      if (next.done) return undefined;
      if (next.value.length > 0) return next.value;
    }
  } catch (thrown) {
    throw thrown instanceof ProblemError ? new FileRefused(thrown.problem, { cause: thrown }) : thrown;
  }
}

class Tally {
  #preset: PresetName | null;
  #map: Readonly<Record<string, string>> | undefined;
  #dataset: string;
  #split: Split;
  #tasks = 0;
  #withoutGold = 0;
  #duplicates = 0;
  readonly #byKind: Record<AnswerKind, number> = { number: 0, expression: 0, choice: 0, yesno: 0, text: 0 };
  readonly #refused: Refusal[] = [];
  #refusedRows = 0;
  #problem: Problem | undefined;

  constructor(request: ImportRequest) {
    this.#preset = request.preset ?? null;
    this.#dataset = request.name ?? datasetName(request.fileName, this.#preset);
    this.#split = request.split ?? (request.preset ? importPresets[request.preset].split : 'train');
  }

  settled(options: ImporterOptions, split: Split): void {
    this.#preset = 'preset' in options.rows ? options.rows.preset : null;
    this.#map = 'map' in options.rows ? options.rows.map : undefined;
    this.#dataset = options.dataset;
    this.#split = split;
  }

  /** Without an importer the batch holds unreadable rows only. */
  add(batch: readonly SourceRow[], importer: Importer | undefined, sink: TaskSink): void {
    const tasks: Task[] = [];
    for (const row of batch) {
      const result = importer ? importer.add(row) : unreadable(row);
      if ('task' in result) tasks.push(result.task);
      else if ('refused' in result) this.#refuse(result.refused);
      else this.#duplicates += 1;
    }
    if (tasks.length === 0) return;
    const known = new Set(sink(tasks).duplicates);
    for (const task of tasks) {
      if (known.has(task.id)) {
        this.#duplicates += 1;
        continue;
      }
      this.#tasks += 1;
      this.#byKind[task.answerKind] += 1;
      if (task.gold === undefined) this.#withoutGold += 1;
    }
  }

  fail(problem: Problem): void {
    this.#problem = problem;
    this.#refuse({ ...refusalOf(problem.line ?? 1, problem), ...(problem.choices ? { choices: problem.choices } : {}) });
  }

  result(): FileImport {
    return {
      preset: this.#preset, ...(this.#map ? { map: this.#map } : {}), dataset: this.#dataset, split: this.#split,
      tasks: this.#tasks, withoutGold: this.#withoutGold, duplicates: this.#duplicates, byKind: { ...this.#byKind },
      refused: this.#refused, refusedRows: this.#refusedRows, ...(this.#problem ? { problem: this.#problem } : {}),
    };
  }

  #refuse(refusal: Refusal): void {
    this.#refusedRows += 1;
    if (this.#refused.length < mostRefusals) this.#refused.push(refusal);
  }
}

/** Columns that say themselves what they hold: `question` with `gold` or `answer`, and `id`, `kind` and `difficulty` (or `level`) where they are there. */
function plainMap(columns: readonly string[]): Readonly<Record<string, string>> | undefined {
  const gold = ['gold', 'answer'].find(column => columns.includes(column));
  if (gold === undefined || !columns.includes('question')) return undefined;
  const named = ['id', 'kind'].filter(column => columns.includes(column));
  const difficulty = ['difficulty', 'level'].find(column => columns.includes(column));
  return { question: 'question', gold, ...Object.fromEntries(named.map(column => [column, column])), ...(difficulty === undefined ? {} : { difficulty }) };
}

/** Decides how the rows are read, from the columns and the first batch. Throws `FileRefused`, and `usage` for a name that is none. */
function settle(columns: readonly string[], batch: readonly SourceRow[], request: ImportRequest): ImporterOptions {
  const { map, name, split, missingGold, hash, fileName } = request;
  const rows = batch.flatMap(row => 'fields' in row ? [row.fields] : []);
  const rest = { missingGold, hash, ...(split === undefined ? {} : { split }) };
  const preset = map ? null : request.preset ?? found(columns, rows);
  const dataset = name ?? datasetName(fileName, preset);
  if (!/^[\p{L}\p{N}._-]{1,100}$/u.test(dataset)) throw problemError('usage', `--name ${quoted(dataset)}: a data set's name has letters, digits, dots, dashes and underscores, at most ${longestName} in all`);
  if (map) {
    const missing = missingColumns(columnMap(map), columns);
    if (missing.length > 0) throw refuse({ code: 'columns-missing', message: `--map names ${missing.join(', ')}; this file has ${columnList(columns)}` });
    return { ...rest, dataset, rows: { map } };
  }
  const plain = preset === null ? plainMap(columns) : undefined;
  if (plain) return { ...rest, dataset, rows: { map: plain } };
  if (preset === null) {
    throw refuse({ code: 'columns-missing', message: `no preset fits the columns ${columnList(columns)}; say which one holds what: --map question=COLUMN --map gold=COLUMN`, choices: columns });
  }
  checkFit(preset, columns, rows);
  return { ...rest, dataset, rows: { preset } };
}

const refuse = (problem: Problem): FileRefused => new FileRefused(problem);

/** The preset of the first row that tells. A row without an answer could be one of several data sets: it is looked at only where all are so. */
function found(columns: readonly string[], rows: readonly Fields[]): PresetName | null {
  const first = rows.slice(0, 20);
  const gold = plainMap(columns)?.['gold'];
  const answered = gold === undefined ? first : first.filter(row => (row[gold] ?? '') !== '');
  for (const row of answered.length > 0 ? answered : first) {
    const preset = detectPreset(columns, row);
    if (preset !== null) return preset;
  }
  return null;
}

/** Few rows may be broken rows of the right file; many that do not fit are a wrong preset. */
const fewRows = 3;
const manyRows = 50;

function checkFit(name: PresetName, columns: readonly string[], rows: readonly Fields[]): void {
  const preset = importPresets[name];
  if (!hasColumns(preset, columns)) throw refuse({ code: 'columns-missing', message: `${columnsSentence(preset, columns)}${hint(columns, rows)}` });
  const fitting = rows.filter(row => preset.fits(row)).length;
  if (fitting > 0 && (rows.length < manyRows || fitting * 2 >= rows.length)) return;
  if (rows.length < fewRows) return;
  const many = fitting === 0 ? `none of the first ${rows.length} rows is` : `only ${fitting} of the first ${rows.length} rows are`;
  throw refuse({ code: 'preset-mismatch', message: `${many} written as ${preset.title} is (preset ${name})${hint(columns, rows)}; ${columnsSentence(preset, columns)}` });
}

function hint(columns: readonly string[], rows: readonly Fields[]): string {
  const better = rows[0] ? detectPreset(columns, rows[0]) : null;
  return better === null ? `; presets are ${presetNames.join(', ')}, anything else goes by --map` : `; it looks like --preset ${better}`;
}
