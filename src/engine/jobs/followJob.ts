import { problemOf, type Problem } from '../../core/model/problem.ts';
import { hasEnded, type JobEvent, type JobFailure, type JobStatus, type LogPiece, type TrainingFacts, type TrainingJob, type TrainingPoint } from '../../core/model/trainingJob.ts';
import { readTrainingLine } from '../../core/training/trainingLine.ts';
import type { Clock } from '../../ports/clock.ts';
import type { JobFiles } from '../../ports/jobFiles.ts';
import type { JobRecords } from '../../ports/jobRecords.ts';
import type { JobRunner } from '../../ports/jobRunner.ts';

/** What is needed to look at one job. */
export interface Following {
  readonly records: JobRecords;
  readonly runner: JobRunner;
  readonly jobFiles: JobFiles;
  /** Where its log is kept here. */
  readonly logFile: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Most of a log that is read at a time. */
const pieceBytes = 1 << 20;
/** A log that is longer is read on for what it says, and not kept any further. */
const mostKept = 256 * (1 << 20);
/** Most that is read at one look while a job goes on; the rest is read at the next. */
const mostPieces = 32;

/** One line for a screen: a target's own words may be anything. */
export const oneLine = (words: string): string => words.replaceAll(/\p{Cs}/gu, '\uFFFD').replaceAll(/[\p{Cc}\s]+/gu, ' ').trim().slice(0, 500);

/**
 * Looks once at a job: how it is, and what its log says since the last look. Its end is stored once its log is read to the end, so that whoever sees it ended sees
 * all of it.
 *
 * @returns whether anything is known now that was not before
 */
export async function lookAt(id: number, following: Following): Promise<boolean> {
  const { records, runner, signal } = following;
  const job = records.one(id);
  if (!job || hasEnded(job.now.state) || job.reference === undefined) return false;
  const told = await runner.status(job.reference, signal);
  if (!told.ok) return noteProblem(job, told.problem, following);
  const ended = hasEnded(told.status.state);
  const read = await readLog(job, { following, toEnd: ended });
  if (ended && read === 'lost') return noteProblem(job, { code: 'target-unreachable', message: 'Its log could not be read to the end yet.', retryable: true }, following);
  return noteStatus(id, told.status, following) || read === 'more';
}

/** It cannot be asked: nobody knows how the job is, and that is no failure of the job. */
function noteProblem({ id, now }: TrainingJob, problem: Problem, { records, clock }: Following): boolean {
  if (problem.code === 'cancelled') return false;
  const words = oneLine(problem.message);
  if (now.state === 'lost' && now.words === words) return false;
  records.note(id, { event: { atMs: clock.nowMs(), state: 'lost', words, problem } });
  return true;
}

function noteStatus(id: number, status: JobStatus, { records, clock }: Following): boolean {
  const job = records.one(id);
  if (!job) return false;
  const event = eventOf(status, { job, atMs: clock.nowMs() });
  const { now } = job;
  if (now.state === event.state && now.words === event.words && now.failure === event.failure) return false;
  records.note(id, { event });
  return true;
}

/** What a status comes to, with what the training itself has said. */
function eventOf(status: JobStatus, { job: { facts }, atMs }: { readonly job: TrainingJob; readonly atMs: number }): JobEvent {
  switch (status.state) {
    case 'succeeded': {
      const model = status.model ?? facts.output;
      return { atMs, state: 'succeeded', ...(model === undefined ? {} : { model }) };
    }
    case 'failed': {
      const failure = (facts.failed && failures[facts.failed.reason]) ?? status.reason;
      const words = oneLine(facts.failed?.message ?? status.words ?? '');
      return { atMs, state: 'failed', failure, ...(words === '' ? {} : { words }) };
    }
    default: {
      const words = oneLine(status.words ?? '');
      return { atMs, state: status.state, ...(words === '' ? {} : { words }) };
    }
  }
}

/** What `train.py` says of itself, where that is more than that it ended. */
const failures: Readonly<Record<string, JobFailure>> = { 'out-of-memory': 'out-of-memory', 'bad-data': 'data-rejected', 'bad-config': 'set-up-failed', 'bad-usage': 'set-up-failed', 'bad-model': 'set-up-failed' };

interface Reading {
  readonly following: Following;
  /** Not only what comes at once. */
  readonly toEnd: boolean;
}

/** Reads on in the log, keeps it, and stores what it says. */
async function readLog(job: TrainingJob, { following, toEnd }: Reading): Promise<'nothing' | 'more' | 'lost'> {
  const { runner, signal } = following;
  const reference = job.reference ?? '';
  let { next, kept } = job.log;
  let heard = false;
  for (let pieces = 0; toEnd || pieces < mostPieces; pieces += 1) {
    const piece = await runner.log(reference, { from: next, most: pieceBytes }, signal);
    if (!piece.ok) return heard ? 'more' : 'lost';
    const text = wholeLines(piece, toEnd);
    if (text !== '') {
      heard = true;
      kept = keep(text, { kept, following });
      next = piece.next - bytesOf(piece.text.slice(text.length));
      noteLines(job.id, text.split('\n'), { following, log: { next, kept } });
    }
    if (piece.atEnd) break;
  }
  return heard ? 'more' : 'nothing';
}

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** A line that is being written is left to the next look; one that is longer than a piece is taken in pieces. */
function wholeLines({ text, atEnd }: LogPiece, ended: boolean): string {
  if (atEnd && ended) return text;
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole === '' && !atEnd ? text : whole;
}

function keep(text: string, { kept, following: { jobFiles, logFile } }: { readonly kept: number; readonly following: Following }): number {
  if (kept >= mostKept) return kept;
  try {
    return jobFiles.putAt(logFile, kept, text);
  } catch (thrown) {
    if (problemOf(thrown).code === 'disk-full') return kept; // what it says is worth more than the text
    throw thrown;
  }
}

/** Stores what lines say. */
function noteLines(id: number, lines: readonly string[], { following: { records }, log }: { readonly following: Following; readonly log: TrainingJob['log'] }): void {
  const points: TrainingPoint[] = [];
  let facts: TrainingFacts = records.one(id)?.facts ?? {};
  for (const line of lines) {
    const said = readTrainingLine(line);
    if (!said) continue;
    switch (said.kind) {
      case 'point':
        points.push(said.point);
        if (said.steps !== undefined) facts = { ...facts, steps: said.steps };
        break;
      case 'start': {
        const { kind: _kind, ...rest } = said;
        facts = { ...facts, ...rest };
        break;
      }
      case 'checkpoint': facts = { ...facts, checkpoint: said.path }; break;
      case 'done': {
        const { kind: _kind, ...rest } = said;
        facts = { ...facts, ...rest };
        break;
      }
      case 'failed': facts = { ...facts, failed: { reason: said.reason, message: said.message } };
    }
  }
  records.note(id, { points, log, facts });
}
