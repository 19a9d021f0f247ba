import type { PreviewChoices } from '../contract/engine.ts';
import type { ImportPreview, PreviewRow } from '../contract/reports.ts';
import type { Refusal } from '../core/exchange/importer.ts';
import { importRows, refusedFile, type FileImport, type RowsToImport } from '../core/exchange/importRows.ts';
import { withoutAbsent, type Fields } from '../core/model/outside.ts';
import type { SourceRow } from '../core/model/sourceRow.ts';
import type { Task } from '../core/model/task.ts';
import type { Clock } from '../ports/clock.ts';
import type { OpenedRows } from '../ports/rowSource.ts';
import type { Store } from '../ports/store.ts';
import { statedDomain } from './evaluation/heldOutSets.ts';
import { importRequest, inPieces, problemOfFile, type Importing } from './importTasks.ts';
import { inSlices } from './slices.ts';

const longestQuestion = 2_000;
const longestMessage = 500;
const longestSample = 80;
const mostColumns = 200;

/** Rows that are read at least, where it takes no longer than this: enough to count small files to their end. */
const least = { rows: 500, ms: 500 } as const;
const sampledRows = 20;

/** What was read: nothing of it is kept but what is shown. */
interface Taken {
  readonly wanted: number;
  /** Of the rows that are shown. */
  readonly lines: number[];
  readonly shown: Map<number, PreviewRow>;
  readonly samples: Map<string, string>;
  read: number;
  more: boolean;
}

/**
 * What `importTasks` would make of the first rows of a file: the same importer is given the same pieces, and what it hands on is looked at instead of stored. So
 * it reads the whole first piece, whose rows decide how the file is read, and says of all of them how many would be taken. Throws `usage`.
 */
export async function previewImport(dependencies: Importing, store: Store, { file, rows, ...choices }: PreviewChoices): Promise<ImportPreview> {
  const request = importRequest(file, choices, dependencies.hash);
  const taken: Taken = { wanted: rows, lines: [], shown: new Map(), samples: new Map(), read: 0, more: false };
  let opened: OpenedRows | undefined;
  try {
    opened = await dependencies.rows.open(file);
    const source = firstRows(inPieces(opened, inSlices(dependencies.clock)), taken, dependencies.clock);
    const result = await importRows(source, request, tasks => ({ duplicates: noted(tasks, store, taken) }));
    return { ...reported(result, taken), path: file, format: opened.format, columns: columnsOf(opened, taken), ...withoutAbsent({ domain: statedDomain(store, result.dataset) }) };
  } catch (thrown) {
    return { ...reported(refusedFile(request, problemOfFile(thrown)), taken), path: file, format: opened?.format ?? null, columns: columnsOf(opened, taken) };
  }
}

function firstRows(source: RowsToImport, taken: Taken, clock: Clock): RowsToImport {
  const beganMs = clock.monotonicMs();
  const enough = (): boolean => taken.read >= taken.wanted && (taken.read >= least.rows || clock.monotonicMs() - beganMs > least.ms);
  return {
    columns: source.columns,
    rows: async function* () {
      for await (const batch of source.rows()) {
        if (enough()) {
          taken.more = true;
          return;
        }
        take(batch, taken);
        yield batch;
      }
    },
  };
}

function take(batch: readonly SourceRow[], taken: Taken): void {
  for (const row of batch) {
    if (taken.lines.length < taken.wanted) taken.lines.push(row.line);
    if ('fields' in row && taken.read < sampledRows) sample(row.fields, taken.samples);
    taken.read += 1;
  }
}

function sample(fields: Fields, samples: Map<string, string>): void {
  for (const [name, value] of Object.entries(fields).slice(0, mostColumns)) {
    if (!samples.get(name)) samples.set(name, sampleOf(value));
  }
}

/** Notes what is shown of the tasks, and tells which of them the project has. */
function noted(tasks: readonly Task[], store: Store, { lines, shown }: Taken): readonly Task['id'][] {
  const last = lines.at(-1) ?? 0;
  return tasks.flatMap(task => {
    const known = store.task(task.id) !== undefined;
    const { line } = task.origin;
    if (line !== undefined && line <= last) shown.set(line, taskRow(task, { line, known }));
    return known ? [task.id] : [];
  });
}

function taskRow({ id, question, gold, answerKind }: Task, { line, known }: { readonly line: number; readonly known: boolean }): PreviewRow {
  return {
    line, outcome: known ? 'duplicate' : 'task', id, kind: answerKind, question: question.slice(0, longestQuestion), questionLength: question.length,
    ...(gold === undefined ? {} : { gold }),
  };
}

function reported(result: FileImport, taken: Taken): Omit<ImportPreview, 'path' | 'format' | 'columns'> {
  const { preset, map, dataset, split, tasks, withoutGold, duplicates, refusedRows, problem } = result;
  const refusals = new Map(result.refused.map(refusal => [refusal.line, refusal]));
  return {
    preset, map: map ? { ...map } : null, dataset, split,
    rows: problem ? [] : taken.lines.map(line => refusedRow(refusals.get(line)) ?? taken.shown.get(line) ?? { line, outcome: 'duplicate' }),
    read: taken.read, tasks, withoutGold, duplicates, refused: refusedRows, more: taken.more,
    ...(problem ? { problem } : {}),
  };
}

function refusedRow(refusal: Refusal | undefined): PreviewRow | undefined {
  if (!refusal) return undefined;
  const { line, field, code, message } = refusal;
  return { line, outcome: 'refused', code, message: message.slice(0, longestMessage), ...(field === undefined ? {} : { field }) };
}

const columnsOf = (opened: OpenedRows | undefined, { samples }: Taken): ImportPreview['columns'] =>
  (opened?.columns ?? []).slice(0, mostColumns).map(name => ({ name, sample: samples.get(name) ?? '' }));

function sampleOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'string' ? value.slice(0, 10 * longestSample) : JSON.stringify(value);
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, longestSample);
}
