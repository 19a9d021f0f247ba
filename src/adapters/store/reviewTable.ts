import { fingerprint, taskId as brandedTaskId, type TaskId } from '../../core/model/ids.ts';
import { problemError } from '../../core/model/problem.ts';
import { decisions, rejectReasons, type GoldCorrection, type Review, type StoredCorrection, type StoredReview } from '../../core/model/review.ts';
import type { Commit } from '../../ports/store.ts';
import type { Connection } from './connection.ts';
import type { Noting } from './journal.ts';
import type { OutcomeTable } from './outcomeTable.ts';
import { exact, exactText, integer, json, optionalText, optionalWord, text, word, type Row } from './rows.ts';
import { isBadSteps } from './shapes.ts';

const columns = 'reviews.sequence, reviews.id, tasks.id AS task, path, reviewer, decision, reason, marks, note, amended_text, reviewed_at, seconds, supersedes, sampled';

/** What people think of paths, and which known answers they corrected. */
export class ReviewTable {
  readonly #connection: Connection;
  readonly #outcomes: OutcomeTable;

  constructor(connection: Connection, outcomes: OutcomeTable) {
    this.#connection = connection;
    this.#outcomes = outcomes;
  }

  takeIn({ reviews = [], corrections = [] }: Pick<Commit, 'reviews' | 'corrections'>, noting: Noting): void {
    for (const review of reviews) this.#append(review, noting);
    for (const correction of corrections) this.#correct(correction, noting);
  }

  /** One whose id is there already is left as it was, and nothing else happens. */
  #append(review: Review, { events, nowMs }: Noting): void {
    const ordinal = this.#ordinalOf(review.taskId);
    const stored = this.#connection.run(
      `INSERT INTO reviews (id, task, path, reviewer, decision, reason, marks, note, amended_text, reviewed_at, seconds, supersedes, sampled)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
      review.id, ordinal, review.path, exact(review.reviewer), review.decision, review.reason ?? null, JSON.stringify(review.marks), optionalExact(review.note),
      optionalExact(review.amendedText), review.reviewedAtMs, review.seconds, review.supersedes ?? null, Number(review.sampled === true),
    );
    if (stored === 0) return;
    this.#connection.run('DELETE FROM outcome_bases WHERE task = ?', ordinal);
    events.ofTask('path-reviewed', ordinal, nowMs);
  }

  #correct(correction: GoldCorrection, noting: Noting): void {
    const ordinal = this.#ordinalOf(correction.taskId);
    this.#connection.run(
      'INSERT INTO gold_corrections (task, gold, before, reviewer, at) SELECT ordinal, ?, gold, ?, ? FROM tasks WHERE ordinal = ?',
      correction.gold, exact(correction.reviewer), correction.atMs, ordinal,
    );
    this.#outcomes.underGold(correction.taskId, ordinal, { gold: correction.gold, noting });
    noting.events.ofTask('gold-corrected', ordinal, noting.nowMs);
  }

  ofTask(id: TaskId): readonly StoredReview[] {
    return this.#connection.all(`SELECT ${columns} FROM reviews JOIN tasks ON ordinal = task WHERE tasks.id = ? ORDER BY sequence`, id).map(reviewOf);
  }

  page(after: number, limit: number): readonly StoredReview[] {
    return this.#connection.all(`SELECT ${columns} FROM reviews JOIN tasks ON ordinal = task WHERE sequence > ? ORDER BY sequence LIMIT ?`, after, limit).map(reviewOf);
  }

  unsettled(): readonly TaskId[] {
    return this.#connection
      .all(`SELECT id FROM tasks JOIN outcomes ON outcomes.task = ordinal LEFT JOIN outcome_bases ON outcome_bases.task = ordinal
             WHERE outcome_bases.task IS NULL AND ordinal IN (SELECT task FROM reviews UNION SELECT task FROM gold_corrections) ORDER BY ordinal`)
      .map(row => brandedTaskId(text(row, 'id')));
  }

  corrections(id: TaskId): readonly StoredCorrection[] {
    return this.#connection
      .all('SELECT gold_corrections.gold, before, reviewer, at FROM gold_corrections JOIN tasks ON ordinal = task WHERE tasks.id = ? ORDER BY sequence', id)
      .map(row => {
        const before = optionalText(row, 'before');
        return { taskId: id, gold: text(row, 'gold'), reviewer: exactText(row, 'reviewer'), atMs: integer(row, 'at'), ...(before === undefined ? {} : { before }) };
      });
  }

  #ordinalOf(id: TaskId): number {
    const row = this.#connection.get('SELECT ordinal FROM tasks WHERE id = ?', id);
    if (row === undefined) throw problemError('bug', `There is no task ${id} to be reviewed.`);
    return integer(row, 'ordinal');
  }
}

const optionalExact = (value: string | undefined) => (value === undefined ? null : exact(value));
const optionalExactText = (row: Row, column: string): string | undefined => (row[column] === null ? undefined : exactText(row, column));

function reviewOf(row: Row): StoredReview {
  const reason = optionalWord(row, 'reason', rejectReasons);
  const [note, amendedText, supersedes] = [optionalExactText(row, 'note'), optionalExactText(row, 'amended_text'), optionalText(row, 'supersedes')];
  return {
    sequence: integer(row, 'sequence'),
    id: text(row, 'id'),
    taskId: brandedTaskId(text(row, 'task')),
    path: fingerprint(text(row, 'path')),
    reviewer: exactText(row, 'reviewer'),
    decision: word(row, 'decision', decisions),
    ...(reason === undefined ? {} : { reason }),
    marks: json(row, 'marks', isBadSteps),
    ...(note === undefined ? {} : { note }),
    ...(amendedText === undefined ? {} : { amendedText }),
    reviewedAtMs: integer(row, 'reviewed_at'),
    seconds: integer(row, 'seconds'), // any number, fractions too
    ...(supersedes === undefined ? {} : { supersedes }),
    ...(integer(row, 'sampled') === 1 ? { sampled: true as const } : {}),
  };
}
