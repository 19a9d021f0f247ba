import { eventKinds, type EventKind, type JournalEvent } from '../../core/model/event.ts';
import { attemptId, runId, taskId, type AttemptId, type RunId } from '../../core/model/ids.ts';
import type { TaskOutcome } from '../../core/model/outcome.ts';
import { problemCodes, type Problem } from '../../core/model/problem.ts';
import { runStates, type RunState } from '../../core/model/run.ts';
import { callStages } from '../../core/model/stage.ts';
import { taskStates } from '../../core/model/task.ts';
import type { Settlement } from '../../ports/store.ts';
import type { Connection } from './connection.ts';
import { integer, optionalInteger, optionalText, optionalWord, rounds, word, type Row } from './rows.ts';

/** The journal of events. Each is written in the transaction of its fact, with the time of that transaction. */
export class EventTable {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** That a project was opened, and what that ended: to be called while calls and runs are still open. */
  opened(app: string, nowMs: number): void {
    this.#connection.run(`INSERT INTO events (at, kind, word) VALUES (?, 'project-opened', ?)`, nowMs, app);
    this.#connection.run(`INSERT INTO events (at, kind, attempt) SELECT ?, 'call-unknown', attempt FROM in_flight ORDER BY attempt`, nowMs);
    this.#connection.run(`INSERT INTO events (at, kind, run) SELECT ?, 'run-interrupted', id FROM runs WHERE state = 'running' ORDER BY id`, nowMs);
  }

  runStarted(run: RunId, nowMs: number): void {
    this.#connection.run(`INSERT INTO events (at, kind, run) VALUES (?, 'run-started', ?)`, nowMs, run);
  }

  /** A paused run that goes on has started. */
  runEnded(run: RunId, state: RunState, end: { readonly nowMs: number; readonly problem: Problem | undefined }): void {
    if (state === 'running') this.runStarted(run, end.nowMs);
    else this.#connection.run(`INSERT INTO events (at, kind, run, word, code) VALUES (?, 'run-ended', ?, ?, ?)`, end.nowMs, run, state, end.problem?.code ?? null);
  }

  /** One statement for all calls of a transaction, whose numbers begin with this one. */
  callsSent(first: AttemptId, nowMs: number): void {
    this.#connection.run(`INSERT INTO events (at, kind, attempt) SELECT ?, 'call-sent', id FROM attempts WHERE id >= ? ORDER BY id`, nowMs, first);
  }

  callEnded({ attemptId: attempt, state, problem }: Settlement, nowMs: number): void {
    const kind: EventKind = `call-${state}`;
    this.#connection.run('INSERT INTO events (at, kind, attempt, code) VALUES (?, ?, ?, ?)', nowMs, kind, attempt, problem?.code ?? null);
  }

  /** @param lost the number of its row */
  answerLost(lost: number, nowMs: number): void {
    this.#connection.run(`INSERT INTO events (at, kind, lost) VALUES (?, 'answer-lost', ?)`, nowMs, lost);
  }

  /** What a person did about a task. */
  ofTask(kind: 'branch-edited' | 'path-reviewed' | 'gold-corrected' | 'task-held-out' | 'task-held-in' | 'task-left-out' | 'task-taken-in', ordinal: number, nowMs: number): void {
    this.#connection.run('INSERT INTO events (at, kind, task) VALUES (?, ?, ?)', nowMs, kind, ordinal);
  }

  taskSettled(ordinal: number, outcome: TaskOutcome, now: { readonly nowMs: number; readonly kept: number }): void {
    this.#connection.run(
      `INSERT INTO events (at, kind, run, task, word, number) VALUES (?, 'task-settled', ?, ?, ?, ?)`, now.nowMs, outcome.runId, ordinal, outcome.state, now.kept,
    );
  }

  /** Nothing is written where nothing happened. */
  counted(kind: 'tasks-imported' | 'lost-retried', count: number, nowMs: number): void {
    if (count > 0) this.#connection.run('INSERT INTO events (at, kind, number) VALUES (?, ?, ?)', nowMs, kind, count);
  }

  page(after: number, limit: number): readonly JournalEvent[] {
    return this.#connection.all(
      `SELECT events.sequence, at, kind, word, code, number, coalesce(events.run, attempts.run, lost.run) AS run, events.attempt,
              coalesce(tasks.id, call ->> '$.answers[0].taskId') AS task, coalesce(stage, call ->> '$.stage') AS stage,
              coalesce(round, call ->> '$.answers[0].round') AS round, problem ->> '$.code' AS lost_code
         FROM events LEFT JOIN attempts ON attempts.id = events.attempt LEFT JOIN lost ON lost.sequence = events.lost
              LEFT JOIN tasks ON tasks.ordinal = coalesce(events.task, lost.task)
        WHERE events.sequence > ? ORDER BY events.sequence LIMIT ?`, after, limit,
    ).map(eventOf);
  }
}

function eventOf(row: Row): JournalEvent {
  const run = optionalInteger(row, 'run');
  const attempt = optionalInteger(row, 'attempt');
  const task = optionalText(row, 'task');
  const stage = optionalWord(row, 'stage', callStages);
  const round = optionalWord(row, 'round', rounds);
  const code = optionalWord(row, 'code', problemCodes) ?? optionalWord(row, 'lost_code', problemCodes);
  return {
    sequence: integer(row, 'sequence'),
    atMs: integer(row, 'at'),
    ...wordsOf(row),
    ...(run === undefined ? {} : { run: runId(run) }),
    ...(attempt === undefined ? {} : { attempt: attemptId(attempt) }),
    ...(task === undefined ? {} : { task: taskId(task) }),
    ...(stage === undefined ? {} : { stage }),
    ...(round === undefined ? {} : { round }),
    ...(code === undefined ? {} : { code }),
  };
}

/** The columns that mean another thing in each kind. */
function wordsOf(row: Row): Pick<JournalEvent, 'kind' | 'state' | 'kept' | 'count' | 'app'> {
  const kind = word(row, 'kind', eventKinds);
  const app = optionalText(row, 'word');
  const number = optionalInteger(row, 'number');
  if (kind === 'project-opened') return { kind, ...(app === undefined ? {} : { app }) };
  if (kind === 'task-settled') return { kind, state: word(row, 'word', taskStates), kept: integer(row, 'number') };
  return { kind, ...(kind === 'run-ended' ? { state: word(row, 'word', runStates) } : {}), ...(number === undefined ? {} : { count: number }) };
}
