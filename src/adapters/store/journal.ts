import { attemptStates, type Answer, type Attempt, type LostAnswer, type WantedCall } from '../../core/model/answer.ts';
import type { Edit } from '../../core/model/edit.ts';
import { attemptId, branchId, fingerprint, runId, type AttemptId, type Fingerprint, type TaskId } from '../../core/model/ids.ts';
import { problemError } from '../../core/model/problem.ts';
import { callStages, finishReasons, type CallStage } from '../../core/model/stage.ts';
import type { AttemptDraft, Commit, RequestRow, Settlement } from '../../ports/store.ts';
import type { Connection } from './connection.ts';
import { stageCounter, type CounterChanges } from './counters.ts';
import type { EventTable } from './eventTable.ts';
import { exact, exactText, integer, json, optionalInteger, optionalJson, rounds, text, toJson, word, type Row } from './rows.ts';
import { isCall, isEdit, isProblem, isUsage } from './shapes.ts';

/** Finds the row of a task; a task that is not there gives NULL, which no column takes. */
const ordinalOf = '(SELECT ordinal FROM tasks WHERE id = ?)';

/** What a transaction writes beside its facts, and when it is. */
export interface Noting {
  readonly counters: CounterChanges;
  readonly events: EventTable;
  readonly nowMs: number;
}

/** What was asked, what came back, and what was given up. */
export class Journal {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The receipts of calls that are about to leave. */
  sendAll(drafts: readonly AttemptDraft[], { events, nowMs }: Noting): readonly AttemptId[] {
    const ids = drafts.map(draft => this.#send(draft));
    if (ids[0] !== undefined) events.callsSent(ids[0], nowMs);
    return ids;
  }

  /** An attempt that has ended keeps its end; answers that come late are kept all the same. */
  settle(settlement: Settlement, { counters, events, nowMs }: Noting): void {
    const { attemptId: id, problem } = settlement;
    const ended = this.#connection.run(
      'INSERT INTO attempt_ends (attempt, state, ended_at, usage, problem) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
      id, settlement.state, settlement.endedAtMs, toJson(settlement.usage), toJson(problem),
    );
    if (ended > 0) events.callEnded(settlement, nowMs);
    this.#connection.run('DELETE FROM in_flight WHERE attempt = ?', id);
    for (const answer of settlement.answers) {
      if (!this.#add({ ...answer, attemptId: id, edited: answer.edited === true }, { counters })) continue;
      this.#connection.run(`DELETE FROM outcome_bases WHERE task IN (SELECT task FROM lost WHERE fingerprint = ? AND current = 1)`, answer.fingerprint);
    }
  }

  /** What a person wrote and decided. Their texts are answers as any other, and count as such. */
  amend({ written = [], edits = [] }: Pick<Commit, 'written' | 'edits'>, noting: Noting): void {
    for (const answer of written) this.#add(answer, noting);
    for (const edit of edits) this.#edit(edit, noting);
  }

  #edit(edit: Edit, { events, nowMs }: Noting): void {
    const row = this.#connection.get('SELECT ordinal FROM tasks WHERE id = ?', edit.taskId);
    if (row === undefined) throw problemError('bug', `There is no task ${edit.taskId} to have a branch edited.`);
    const ordinal = integer(row, 'ordinal');
    const { taskId: _row, ...body } = edit;
    this.#connection.run('INSERT INTO edits (task, body) VALUES (?, ?)', ordinal, JSON.stringify(body));
    this.#connection.run('DELETE FROM outcome_bases WHERE task = ?', ordinal);
    events.ofTask('branch-edited', ordinal, nowMs);
  }

  edits(taskId: TaskId): readonly Edit[] {
    return this.#connection.all(`SELECT body FROM edits WHERE task = ${ordinalOf} ORDER BY sequence`, taskId).map(row => ({ ...json(row, 'body', isEdit), taskId }));
  }

  /** An answer whose fingerprint exists is left as it was. @returns whether it was stored */
  #add(answer: Answer, { counters }: Pick<Noting, 'counters'>): boolean {
    const stored = this.#connection.run(
      `INSERT INTO answers (fingerprint, task, stage, round, branch, sample, seed, attempt, finish, output_tokens, edited, raw)
         VALUES (?, ${ordinalOf}, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (fingerprint) DO NOTHING`,
      answer.fingerprint, answer.taskId, answer.stage, answer.round, answer.branch, answer.sample, answer.seed, answer.attemptId,
      answer.finish, answer.outputTokens ?? null, Number(answer.edited), exact(answer.raw),
    );
    if (stored > 0) counters.add(stageCounter(answer.stage, answer.round, 'done'), 1);
    return stored > 0;
  }

  /** An answer that is given up already stays as it was. It counts for the stage and round of the call that asked for it. */
  lose(lost: LostAnswer, { counters, events, nowMs }: Noting): void {
    const { stage, round } = this.#wanted(lost);
    const row = this.#connection.get(
      `INSERT INTO lost (fingerprint, task, run, stage, round, problem) VALUES (?, ${ordinalOf}, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING sequence`,
      lost.fingerprint, lost.taskId, lost.runId, stage, round, JSON.stringify(lost.problem),
    );
    if (row === undefined) return;
    counters.add(stageCounter(stage, round, 'failed'), 1);
    events.answerLost(integer(row, 'sequence'), nowMs);
  }

  /** An outcome that rests on an answer which is lost no more is worked out anew. */
  retryLost({ counters, events, nowMs }: Noting, stages: readonly CallStage[]): number {
    const [current, wanted] = ['current = 1 AND stage IN (SELECT value FROM json_each(?))', JSON.stringify(stages)];
    for (const row of this.#connection.all(`SELECT stage, round, count(*) AS answers FROM lost WHERE ${current} GROUP BY stage, round`, wanted)) {
      counters.add(stageCounter(text(row, 'stage'), integer(row, 'round'), 'failed'), -integer(row, 'answers'));
    }
    this.#connection.run(`DELETE FROM outcome_bases WHERE task IN (SELECT task FROM lost WHERE ${current})`, wanted);
    const retried = this.#connection.run(`UPDATE lost SET current = 0 WHERE ${current}`, wanted);
    events.counted('lost-retried', retried, nowMs);
    return retried;
  }

  /** What was on its way when an engine died may have been worked on for nothing: nobody knows. */
  endUnfinished(nowMs: number): void {
    const problem = { code: 'outcome-unknown', message: 'The engine stopped while this call was on its way; the server may have worked on it for nothing.' };
    this.#connection.run(
      `INSERT INTO attempt_ends (attempt, state, ended_at, problem) SELECT attempt, 'unknown', ?, ? FROM in_flight`, nowMs, JSON.stringify(problem),
    );
    this.#connection.run('DELETE FROM in_flight');
  }

  answers(taskId: TaskId): readonly Answer[] {
    return this.#connection.all(
      `SELECT fingerprint, stage, round, branch, sample, seed, attempt, finish, output_tokens, edited, raw
         FROM answers WHERE task = ${ordinalOf} ORDER BY sequence`, taskId,
    ).map(row => answerOf(row, taskId));
  }

  lost(taskId: TaskId): readonly LostAnswer[] {
    return this.#connection
      .all(`SELECT fingerprint, run, problem FROM lost WHERE task = ${ordinalOf} AND current = 1 ORDER BY sequence`, taskId)
      .map(row => ({ fingerprint: fingerprint(text(row, 'fingerprint')), taskId, runId: runId(integer(row, 'run')), problem: json(row, 'problem', isProblem) }));
  }

  attempts(taskId: TaskId): readonly Attempt[] {
    return this.#connection.all(
      `SELECT id, run, retry, sent_at, call, coalesce(state, 'sent') AS state, ended_at, usage, problem
         FROM attempt_tasks JOIN attempts ON attempts.id = attempt_tasks.attempt LEFT JOIN attempt_ends ON attempt_ends.attempt = attempts.id
        WHERE task = ${ordinalOf} ORDER BY id`, taskId,
    ).map(attemptOf);
  }

  requests(taskId: TaskId): readonly RequestRow[] {
    const brought = new Map<number, Fingerprint[]>();
    for (const row of this.#connection.all(`SELECT fingerprint, attempt FROM answers WHERE task = ${ordinalOf} ORDER BY sequence`, taskId)) {
      const [attempt, print] = [integer(row, 'attempt'), fingerprint(text(row, 'fingerprint'))];
      brought.set(attempt, [...brought.get(attempt) ?? [], print]);
    }
    return this.#connection.all(
      `SELECT id, run, coalesce(state, 'sent') AS state, usage
         FROM attempt_tasks JOIN attempts ON attempts.id = attempt_tasks.attempt LEFT JOIN attempt_ends ON attempt_ends.attempt = attempts.id
        WHERE task = ${ordinalOf} ORDER BY id`, taskId,
    ).map(row => requestOf(row, brought));
  }

  #send(draft: AttemptDraft): AttemptId {
    const id = this.#connection.insert(
      'INSERT INTO attempts (run, retry, sent_at, call) VALUES (?, ?, ?, ?)', draft.runId, draft.retry, draft.sentAtMs, JSON.stringify(draft.call),
    );
    this.#connection.run('INSERT INTO in_flight (attempt) VALUES (?)', id);
    for (const task of tasksOf(draft.call)) this.#connection.run(`INSERT INTO attempt_tasks (task, attempt) VALUES (${ordinalOf}, ?)`, task, id);
    return attemptId(id);
  }

  #wanted(lost: LostAnswer): WantedCall['answers'][number] {
    const rows = this.#connection.all(
      `SELECT call FROM attempt_tasks JOIN attempts ON id = attempt WHERE task = ${ordinalOf} AND instr(call, ?) > 0 ORDER BY id DESC`,
      lost.taskId, lost.fingerprint,
    );
    for (const row of rows) {
      const wanted = json(row, 'call', isCall).answers.find(answer => answer.fingerprint === lost.fingerprint);
      if (wanted) return wanted;
    }
    throw problemError('bug', `An answer of ${lost.taskId} was given up that nobody had asked for.`);
  }
}

const tasksOf = (call: WantedCall): ReadonlySet<TaskId> => new Set(call.answers.map(answer => answer.taskId));

function answerOf(row: Row, taskId: TaskId): Answer {
  const outputTokens = optionalInteger(row, 'output_tokens');
  return {
    fingerprint: fingerprint(text(row, 'fingerprint')),
    attemptId: attemptId(integer(row, 'attempt')),
    taskId,
    stage: word(row, 'stage', callStages),
    round: word(row, 'round', rounds),
    branch: branchId(text(row, 'branch')),
    sample: integer(row, 'sample'),
    seed: integer(row, 'seed'),
    raw: exactText(row, 'raw'),
    finish: word(row, 'finish', finishReasons),
    ...(outputTokens === undefined ? {} : { outputTokens }),
    edited: integer(row, 'edited') === 1,
  };
}

function requestOf(row: Row, brought: ReadonlyMap<number, readonly Fingerprint[]>): RequestRow {
  const [id, usage] = [integer(row, 'id'), optionalJson(row, 'usage', isUsage)];
  return { id: attemptId(id), runId: runId(integer(row, 'run')), state: word(row, 'state', attemptStates), ...(usage === undefined ? {} : { usage }), brought: brought.get(id) ?? [] };
}

function attemptOf(row: Row): Attempt {
  const endedAtMs = optionalInteger(row, 'ended_at');
  const usage = optionalJson(row, 'usage', isUsage);
  const problem = optionalJson(row, 'problem', isProblem);
  return {
    id: attemptId(integer(row, 'id')),
    runId: runId(integer(row, 'run')),
    state: word(row, 'state', attemptStates),
    call: json(row, 'call', isCall),
    retry: integer(row, 'retry'),
    sentAtMs: integer(row, 'sent_at'),
    ...(endedAtMs === undefined ? {} : { endedAtMs }),
    ...(usage === undefined ? {} : { usage }),
    ...(problem === undefined ? {} : { problem }),
  };
}
