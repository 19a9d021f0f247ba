import type { PreviewChoices } from '../contract/engine.ts';
import type { ImportPreview, PreviewRow } from '../contract/reports.ts';
import type { Refusal } from '../core/exchange/importer.ts';
import { importRows, refusedFile, type FileImport, type ImportRequest, type RowsToImport } from '../core/exchange/importRows.ts';
import type { SourceRow } from '../core/model/sourceRow.ts';
import type { Task } from '../core/model/task.ts';
import type { OpenedRows } from '../ports/rowSource.ts';
import type { Store } from '../ports/store.ts';
import { importRequest, inPieces, problemOfFile, type Importing } from './importTasks.ts';
import { inSlices } from './slices.ts';

const longestQuestion = 2_000;
const longestMessage = 500;
const longestSample = 80;
const mostColumns = 200;

/** The rows that were read, and what the importer made of them. */
interface Taken {
  readonly rows: SourceRow[];
  readonly tasks: Map<number, { readonly task: Task; readonly known: boolean }>;
  more: boolean;
}

/**
 * What `importTasks` would make of the first rows of a file: the same importer is given the same pieces, and what it hands on is looked at instead of stored. So
 * it reads the whole first piece, whose rows decide how the file is read, and says of all of them how many would be taken. Throws `usage`.
 */
export async function previewImport(dependencies: Importing, store: Store, { file, rows, ...choices }: PreviewChoices): Promise<ImportPreview> {
  const request = importRequest(file, choices, dependencies.hash);
  const taken: Taken = { rows: [], tasks: new Map(), more: false };
  let opened: OpenedRows | undefined;
  try {
    opened = await dependencies.rows.open(file);
    const source = firstRows(inPieces(opened, inSlices(dependencies.clock)), rows, taken);
    const result = await importRows(source, request, tasks => ({ duplicates: noted(tasks, store, taken) }));
    return { ...reported(result, taken, rows), path: file, format: opened.format, columns: samples(opened.columns, taken.rows) };
  } catch (thrown) {
    return { ...reported(refused(request, thrown), taken, rows), path: file, format: opened?.format ?? null, columns: samples(opened?.columns ?? [], taken.rows) };
  }
}

const refused = (request: ImportRequest, thrown: unknown): FileImport => refusedFile(request, problemOfFile(thrown));

function firstRows(source: RowsToImport, wanted: number, taken: Taken): RowsToImport {
  return {
    columns: source.columns,
    rows: async function* () {
      for await (const batch of source.rows()) {
        if (taken.rows.length >= wanted) {
          taken.more = true;
          return;
        }
        taken.rows.push(...batch);
        yield batch;
      }
    },
  };
}

/** Notes which tasks there are, and tells which of them the project has. */
function noted(tasks: readonly Task[], store: Store, taken: Taken): readonly Task['id'][] {
  return tasks.flatMap(task => {
    const known = store.task(task.id) !== undefined;
    if (task.origin.line !== undefined) taken.tasks.set(task.origin.line, { task, known });
    return known ? [task.id] : [];
  });
}

function reported(result: FileImport, taken: Taken, wanted: number): Omit<ImportPreview, 'path' | 'format' | 'columns'> {
  const { preset, map, dataset, split, tasks, withoutGold, duplicates, refusedRows, problem } = result;
  const refusals = new Map(result.refused.map(refusal => [refusal.line, refusal]));
  return {
    preset, map: map ? { ...map } : null, dataset, split,
    rows: problem ? [] : taken.rows.slice(0, wanted).map(({ line }) => previewRow(line, taken, refusals.get(line))),
    read: taken.rows.length, tasks, withoutGold, duplicates, refused: refusedRows, more: taken.more,
    ...(problem ? { problem } : {}),
  };
}

function previewRow(line: number, taken: Taken, refusal: Refusal | undefined): PreviewRow {
  if (refusal) {
    const { field, code, message } = refusal;
    return { line, outcome: 'refused', code, message: message.slice(0, longestMessage), ...(field === undefined ? {} : { field }) };
  }
  const found = taken.tasks.get(line);
  if (!found) return { line, outcome: 'duplicate' };
  const { id, question, gold, answerKind } = found.task;
  return {
    line, outcome: found.known ? 'duplicate' : 'task', id, kind: answerKind, question: question.slice(0, longestQuestion), questionLength: question.length,
    ...(gold === undefined ? {} : { gold }),
  };
}

function samples(columns: readonly string[], rows: readonly SourceRow[]): ImportPreview['columns'] {
  const fields = rows.flatMap(row => 'fields' in row ? [row.fields] : []).slice(0, 20);
  return columns.slice(0, mostColumns).map(name => ({ name, sample: fields.map(each => sampleOf(each[name])).find(text => text !== '') ?? '' }));
}

function sampleOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'string' ? value.slice(0, 10 * longestSample) : JSON.stringify(value);
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, longestSample);
}
