import type { ImportChoices } from '../contract/engine.ts';
import type { ImportReport } from '../contract/reports.ts';
import { importRows, refusedFile, type FileImport, type ImportRequest, type RowsToImport } from '../core/exchange/importRows.ts';
import type { Hash } from '../core/model/ids.ts';
import { withoutAbsent } from '../core/model/outside.ts';
import { problemError, problemOf, ProblemError, type Problem } from '../core/model/problem.ts';
import type { Store } from '../ports/store.ts';
import type { EngineDependencies } from './dependencies.ts';
import { baseName } from './paths.ts';
import { inSlices } from './slices.ts';

/** Rows between two reports of progress. */
const rowsBetweenReports = 5000;
/** Rows taken in one piece: some formats give a whole file at once. */
const rowsPerStep = 500;

/** What an import needs of the world. */
export type Importing = Pick<EngineDependencies, 'hash' | 'rows' | 'emit' | 'clock'>;

/** Imports files one after the other, until it is told to stop. What is wrong with a file or a row is in the report; only a store that fails, and a wrong map, are thrown. */
export async function importTasks(dependencies: Importing, store: Store, { signal, ...choices }: Omit<ImportChoices, 'domain'> & { readonly signal?: AbortSignal }): Promise<ImportReport> {
  const { files: paths, ...rest } = choices;
  const files: ImportReport['files'] = [];
  let refused = 0;
  for (const path of paths) {
    if (signal?.aborted === true) break;
    const result = await importFile(dependencies, store, { path, request: importRequest(path, rest, dependencies.hash), signal });
    refused += result.refusedRows;
    const { preset: used, dataset, tasks, withoutGold, duplicates, split, byKind } = result;
    files.push({ path, preset: used, dataset, tasks, withoutGold, duplicates, split, byKind: { ...byKind }, refused: result.refused.map(refusal => ({ ...refusal })) });
  }
  return { files, tasks: files.reduce((sum, file) => sum + file.tasks, 0), refused, ...(signal?.aborted === true ? { cancelled: true } : {}) };
}

/** How one file is imported by such choices. */
export function importRequest(path: string, { missingGold, ...rest }: Omit<ImportChoices, 'files' | 'domain'>, hash: Hash): ImportRequest {
  return { fileName: baseName(path), missingGold: missingGold ?? 'keep', hash, ...withoutAbsent(rest) };
}

interface OneFile {
  readonly path: string;
  readonly request: ImportRequest;
  readonly signal: AbortSignal | undefined;
}

async function importFile(dependencies: Importing, store: Store, { path, request, signal }: OneFile): Promise<FileImport> {
  try {
    const opened = await dependencies.rows.open(path);
    let [rows, reported] = [0, 0];
    return await importRows(inPieces(opened, inSlices(dependencies.clock), signal), request, tasks => {
      rows += tasks.length;
      if (rows - reported >= rowsBetweenReports) {
        reported = rows;
        dependencies.emit('importProgress', { path, rows });
      }
      return store.addTasks(tasks);
    });
  } catch (thrown) {
    return refusedFile(request, problemOfFile(thrown));
  }
}

/** What is wrong with a file that could not be opened or read. Throws anything else on. */
export function problemOfFile(thrown: unknown): Problem {
  const { code, ...problem } = problemOf(thrown);
  if (!(thrown instanceof ProblemError) || (!code.startsWith('file-') && code !== 'format-unknown')) throw thrown;
  return { code, ...problem };
}

/** The same rows in small batches, with a pause between them, up to a stop. */
export function inPieces(source: RowsToImport, pause: () => Promise<void>, signal?: AbortSignal): RowsToImport {
  return {
    columns: source.columns,
    rows: async function* () {
      for await (const batch of source.rows()) {
        for (let from = 0; from < batch.length; from += rowsPerStep) {
          yield batch.slice(from, from + rowsPerStep);
          await pause();
          if (signal?.aborted === true) return;
        }
      }
    },
  };
}

/** Puts the shipped sample tasks into a new project. @returns how many there are */
export async function importSamples(dependencies: EngineDependencies, store: Store): Promise<number> {
  const text = dependencies.files.prompts(store.path).get('samples/tasks.jsonl') ?? '';
  const rows = text.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [{ line: index + 1, fields: JSON.parse(line) as Record<string, unknown> }]));
  const columns = Object.keys(rows[0]?.fields ?? {});
  const optional = rows.some(row => 'options' in row.fields) ? { options: 'options' } : {};
  const result = await importRows(
    { columns: [...new Set([...columns, ...Object.keys(optional)])], rows: async function* () { yield await Promise.resolve(rows); } },
    { fileName: 'samples.jsonl', name: 'samples', map: { id: 'id', question: 'question', gold: 'answer', kind: 'kind', difficulty: 'difficulty', ...optional }, missingGold: 'keep', hash: dependencies.hash },
    tasks => store.addTasks(tasks),
  );
  const [wrong] = result.refused;
  if (wrong) throw problemError('bug', `Sample task ${wrong.line} cannot be imported: ${wrong.message}`);
  return result.tasks;
}
