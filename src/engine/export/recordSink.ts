import { lineOf, messagesOf, trainingPrompt, type JudgedInput } from '../../core/exchange/trainingRecord.ts';
import type { ExportFormat, ExportRule } from '../../core/model/exportRule.ts';
import type { TrainTask } from '../../core/model/task.ts';
import type { Files, NewFile } from '../../ports/files.ts';
import type { TaskRecord } from './taskRecords.ts';

/** What a record says. */
export const inputOf = (task: TrainTask, { path, rejected }: TaskRecord, { wrapper }: ExportRule): JudgedInput => ({
  task, path: path.text, label: path.isBetter, rejected: rejected?.text ?? '', wrapper: wrapper === 'none' ? '' : trainingPrompt(task),
});

/** Takes the records of one data file. */
export interface RecordSink {
  write(input: JudgedInput): void;
  /** After the last record. */
  end(): void;
}

/** Rows of a group: a reader takes a group at a time. */
const rowsPerGroup = 1000;

/** Writes records into a file, in the shape of a format. */
export function recordSink(format: ExportFormat, file: NewFile, files: Files): RecordSink {
  if (format !== 'parquet') return { write: input => { file.write(`${lineOf[format](input)}\n`); }, end: () => undefined };
  const table = files.conversationTable();
  let rows: JudgedInput[] = [];
  const flush = () => {
    if (rows.length > 0) file.write(table.rows(rows.map(messagesOf)));
    rows = [];
  };
  return {
    write: input => {
      rows.push(input);
      if (rows.length === rowsPerGroup) flush();
    },
    end: () => {
      flush();
      file.write(table.end());
    },
  };
}
