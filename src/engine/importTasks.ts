import type { ImportChoices } from '../contract/engine.ts';
import type { ImportReport } from '../contract/reports.ts';
import { importRows, refusedFile, type FileImport, type ImportRequest, type RowsToImport } from '../core/exchange/importRows.ts';
import { withoutAbsent } from '../core/model/outside.ts';
import { problemError, problemOf, ProblemError } from '../core/model/problem.ts';
import type { Store } from '../ports/store.ts';
import type { EngineDependencies } from './dependencies.ts';
import { baseName } from './paths.ts';
import { inSlices } from './slices.ts';

/** Rows between two reports of progress. */
const rowsBetweenReports = 5000;
/** Rows taken in one piece: some formats give a whole file at once. */
const rowsPerStep = 500;

type Importing = Pick<EngineDependencies, 'hash' | 'rows' | 'emit' | 'clock'>;

/** Imports files one after the other. What is wrong with a file or a row is in the report; only a store that fails, and a wrong map, are thrown. */
export async function importTasks(dependencies: Importing, store: Store, choices: ImportChoices): Promise<ImportReport> {
  const { files: paths, missingGold, ...rest } = choices;
  const files: ImportReport['files'] = [];
  let refused = 0;
  for (const path of paths) {
    const request: ImportRequest = {
      fileName: baseName(path),
      missingGold: missingGold ?? 'keep',
      hash: dependencies.hash,
      ...withoutAbsent(rest),
    };
    const result = await importFile(dependencies, store, { path, request });
    refused += result.refusedRows;
    const { preset: used, dataset, tasks, withoutGold, duplicates, split, byKind } = result;
    files.push({ path, preset: used, dataset, tasks, withoutGold, duplicates, split, byKind: { ...byKind }, refused: result.refused.map(refusal => ({ ...refusal })) });
  }
  return { files, tasks: files.reduce((sum, file) => sum + file.tasks, 0), refused };
}

async function importFile(dependencies: Importing, store: Store, { path, request }: { readonly path: string; readonly request: ImportRequest }): Promise<FileImport> {
  try {
    const opened = await dependencies.rows.open(path);
    let [rows, reported] = [0, 0];
    return await importRows(inPieces(opened, inSlices(dependencies.clock)), request, tasks => {
      rows += tasks.length;
      if (rows - reported >= rowsBetweenReports) {
        reported = rows;
        dependencies.emit('importProgress', { path, rows });
      }
      return store.addTasks(tasks);
    });
  } catch (thrown) {
    if (!(thrown instanceof ProblemError) || !thrown.problem.code.startsWith('file-') && thrown.problem.code !== 'format-unknown') throw thrown;
    return refusedFile(request, problemOf(thrown));
  }
}

/** The same rows in small batches, with a pause between them. */
function inPieces(source: RowsToImport, pause: () => Promise<void>): RowsToImport {
  return {
    columns: source.columns,
    rows: async function* () {
      for await (const batch of source.rows()) {
        for (let from = 0; from < batch.length; from += rowsPerStep) {
          yield batch.slice(from, from + rowsPerStep);
          await pause();
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
