import { jobFailures, jobStates, type JobEvent, type JobNote, type TrainingJob, type TrainingJobDraft, type TrainingPoint } from '../../core/model/trainingJob.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { problemError } from '../../core/model/problem.ts';
import type { JobRecords } from '../../ports/jobRecords.ts';
import type { Connection } from './connection.ts';
import { integer, json, optionalInteger, optionalJson, optionalText, optionalWord, toJson, word, type Row } from './rows.ts';
import { isJobDraft, isProblem, isTrainingFacts } from './shapes.ts';

const columns = 'jobs.id, jobs.body, jobs.log_next, jobs.log_kept, jobs.facts, (SELECT reference FROM job_events WHERE job = jobs.id AND reference IS NOT NULL ORDER BY sequence DESC LIMIT 1) AS reference';

/** What a job table writes through: one transaction for each call. */
interface Writing {
  readonly connection: Connection;
  readonly write: <T>(work: () => T) => T;
}

/** Jobs, what has become of them, and the steps of their training. */
export class JobTable implements JobRecords {
  readonly #connection: Connection;
  readonly #write: Writing['write'];

  constructor({ connection, write }: Writing) {
    this.#connection = connection;
    this.#write = write;
  }

  add(draft: TrainingJobDraft): { readonly id: number; readonly added: boolean } {
    return this.#connection.durably(() => this.#write(() => {
      const { spec: { key }, target: { name }, createdAtMs } = draft;
      const known = this.#connection.get('SELECT id FROM jobs WHERE key = ? AND target = ?', key, name);
      if (known) return { id: integer(known, 'id'), added: false };
      this.#connection.run('INSERT INTO jobs (key, target, body) VALUES (?, ?, ?)', key, name, JSON.stringify(draft));
      const id = integer(this.#connection.get('SELECT last_insert_rowid() AS id') ?? {}, 'id');
      this.#append(id, { atMs: createdAtMs, state: 'preparing' });
      return { id, added: true };
    }));
  }

  note(id: number, { event, points = [], log, facts }: JobNote): void {
    const noteAll = () => {
      this.#write(() => {
        if (!this.#connection.get('SELECT id FROM jobs WHERE id = ?', id)) throw problemError('bug', `There is no job ${id} to note anything of.`);
        if (event) this.#append(id, event);
        for (const point of points) this.#keep(id, point);
        if (log) this.#connection.run('UPDATE jobs SET log_next = ?, log_kept = ? WHERE id = ?', log.next, log.kept, id);
        if (facts) this.#connection.run('UPDATE jobs SET facts = ? WHERE id = ?', JSON.stringify(facts), id);
      });
    };
    if (event) this.#connection.durably(noteAll);
    else noteAll();
  }

  all(): readonly TrainingJob[] {
    return this.#connection.guard(() => this.#connection.all(`SELECT ${columns} FROM jobs ORDER BY id DESC`).map(row => this.#jobOf(row)));
  }

  one(id: number): TrainingJob | undefined {
    return this.#connection.guard(() => {
      const row = this.#connection.get(`SELECT ${columns} FROM jobs WHERE id = ?`, id);
      return row && this.#jobOf(row);
    });
  }

  events(id: number): readonly JobEvent[] {
    return this.#connection.guard(() => this.#connection.all('SELECT * FROM job_events WHERE job = ? ORDER BY sequence', id).map(eventOf));
  }

  points(id: number): readonly TrainingPoint[] {
    return this.#connection.guard(() => this.#connection.all('SELECT * FROM job_points WHERE job = ? ORDER BY held_out, step', id).map(pointOf));
  }

  #append(id: number, { atMs, state, failure, words, reference, model, problem }: JobEvent): void {
    this.#connection.run(
      'INSERT INTO job_events (job, at, state, failure, words, reference, model, problem) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      id, atMs, state, failure ?? null, words ?? null, reference ?? null, model ?? null, toJson(problem),
    );
  }

  #keep(id: number, { step, heldOut, loss, learningRate, gradNorm, epoch, secondsPerStep }: TrainingPoint): void {
    this.#connection.run(
      'INSERT OR REPLACE INTO job_points (job, held_out, step, loss, learning_rate, grad_norm, epoch, seconds) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      id, Number(heldOut === true), step, loss ?? null, learningRate ?? null, gradNorm ?? null, epoch ?? null, secondsPerStep ?? null,
    );
  }

  #jobOf(row: Row): TrainingJob {
    const id = integer(row, 'id');
    const reference = optionalText(row, 'reference');
    const latest = this.#connection.get('SELECT * FROM job_events WHERE job = ? ORDER BY sequence DESC LIMIT 1', id) ?? {};
    return {
      ...json(row, 'body', isJobDraft), id, now: eventOf(latest), ...(reference === undefined ? {} : { reference }),
      log: { next: integer(row, 'log_next'), kept: integer(row, 'log_kept') }, facts: json(row, 'facts', isTrainingFacts),
    };
  }
}

const eventOf = (row: Row): JobEvent => ({
  atMs: integer(row, 'at'), state: word(row, 'state', jobStates),
  ...withoutAbsent({
    failure: optionalWord(row, 'failure', jobFailures), words: optionalText(row, 'words'), reference: optionalText(row, 'reference'), model: optionalText(row, 'model'),
    problem: optionalJson(row, 'problem', isProblem),
  }),
});

function pointOf(row: Row): TrainingPoint {
  const [loss, learningRate, gradNorm, epoch, secondsPerStep] = ['loss', 'learning_rate', 'grad_norm', 'epoch', 'seconds'].map(column => optionalInteger(row, column)); // any numbers, fractions too
  return { step: integer(row, 'step'), ...withoutAbsent({ loss, learningRate, gradNorm, epoch, secondsPerStep }), ...(row['held_out'] === 1 ? { heldOut: true as const } : {}) };
}
