import { BranchTable } from './branchTable.ts';
import type { Connection } from './connection.ts';
import { countAnew } from './counters.ts';
import { OutcomeTable } from './outcomeTable.ts';
import { TaskTable } from './taskTable.ts';

/**
 * Works out again whatever a file repeats of its facts, for lists and counts: once, when an older file is brought forward. In code and not in SQL, so that
 * it can never differ from what is written as the facts come. In a transaction of the caller's.
 */
export function rebuild(connection: Connection): void {
  for (const table of ['branch_findings', 'branch_classes', 'kept_guidelines', 'counters']) connection.run(`DELETE FROM ${table}`);
  const outcomes = new OutcomeTable(connection, { tasks: new TaskTable(connection), branches: new BranchTable(connection) });
  // each outcome is read and understood once, for all that repeats it
  for (const [key, value] of countAnew(connection, outcomes.noteAnew())) connection.run('INSERT INTO counters (key, value) VALUES (?, ?)', key, value);
}
