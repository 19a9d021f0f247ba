import { randomBytes } from 'node:crypto';
import { problemError } from '../../core/model/problem.ts';
import type { LogPiece } from '../../core/model/trainingJob.ts';
import { leastBytes, logPiece } from './logPiece.ts';
import type { RayHttp } from './rayHttp.ts';
import { framesOf } from './rayTail.ts';

/** How long a dashboard may say nothing before that counts as the end for now: it looks for new lines once a second, and sends them a second later. */
const quietMs = 1_500;
/** What is there it sends at once, with pauses that are shorter than this but for the last lines. */
const pauseMs = 500;
/** After a pause all that was there has come within so long. More is not waited for: a job that says something each second would never be read to its end. */
const enoughMs = 3_000;
/** A tail that nobody reads from is let go after this long. */
const idleMs = 90_000;

/**
 * The log of one job, read by offset. Ray has no way to ask for a part: `GET …/logs` builds the whole log in the memory of the head node for each call
 * (ray-project/ray#28336), the tail begins at the beginning. So one tail stays open between two reads and is read from only as far as a reader wants: nothing but
 * the next piece is in memory here, and the head node waits. Only a reader that goes back, or one that is new, has the log sent from its beginning, once.
 *
 * The end of a tail says nothing of the job (ray-project/ray#57002): the next read begins another one.
 */
export class RayLog {
  readonly #http: RayHttp;
  readonly #path: string;
  #tail: Tail | undefined;
  #idle: NodeJS.Timeout | undefined;
  /** Reads of one log are made one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(http: RayHttp, job: string) {
    this.#http = http;
    this.#path = `/api/jobs/${encodeURIComponent(job)}/logs/tail`;
  }

  read(from: number, most: number, signal: AbortSignal): Promise<LogPiece> {
    const read = this.#turn.then(() => this.#read(from, Math.max(leastBytes, most), signal));
    this.#turn = read.catch(() => undefined);
    return read;
  }

  close(): void {
    clearTimeout(this.#idle);
    this.#tail?.close();
    this.#tail = undefined;
  }

  async #read(from: number, most: number, signal: AbortSignal): Promise<LogPiece> {
    clearTimeout(this.#idle);
    if (this.#tail !== undefined && from < this.#tail.at) this.close();
    const tail = this.#tail ?? await this.#open(signal);
    if (tail === undefined) return { text: '', next: from, atEnd: true };
    this.#tail = tail;
    const state = await tail.fill(from, most, signal);
    if (signal.aborted) throw problemError('cancelled', 'It was cancelled.');
    const bytes = tail.held.subarray(0, most);
    const piece = logPiece(bytes, from, state === 'more' ? Infinity : from + tail.held.length);
    tail.take(piece.next - from);
    if (state === 'over' && piece.atEnd) this.close();
    else this.#idle = setTimeout(() => { this.close(); }, idleMs).unref();
    return piece;
  }

  async #open(signal: AbortSignal): Promise<Tail | undefined> {
    const socket = await this.#http.upgrade(this.#path, randomBytes(16).toString('base64'), signal);
    return socket && new Tail(framesOf(socket), () => socket.destroy());
  }
}

/** Calls `stop` when all that was there must have been heard, though more may come. */
function listen(stop: () => void): { readonly heard: () => void; readonly end: () => void } {
  const silence = setTimeout(stop, quietMs);
  let pause: NodeJS.Timeout | undefined;
  let enough: NodeJS.Timeout | undefined;
  const heard = () => {
    silence.refresh();
    if (enough) return;
    clearTimeout(pause);
    pause = setTimeout(() => { enough = setTimeout(stop, enoughMs); }, pauseMs);
  };
  const end = () => { for (const timer of [silence, pause, enough]) clearTimeout(timer); };
  return { heard, end };
}

/** One pass over a log. */
class Tail {
  /** Where `held` begins. */
  at = 0;
  held: Buffer = Buffer.alloc(0);
  readonly #frames: AsyncGenerator<Buffer, void>;
  readonly #end: () => void;
  /** Asked for and not there yet. */
  #next: Promise<IteratorResult<Buffer, void>> | undefined;

  constructor(frames: AsyncGenerator<Buffer, void>, end: () => void) {
    this.#frames = frames;
    this.#end = end;
  }

  /** Reads on until `most` bytes from there are held. @returns `more`: they are; `quiet`: these are all for now; `over`: no more will come */
  async fill(from: number, most: number, signal: AbortSignal): Promise<'more' | 'quiet' | 'over'> {
    const pieces = [this.held];
    let held = this.held.length;
    const quiet = Promise.withResolvers<'quiet'>();
    const stop = () => { quiet.resolve('quiet'); };
    const silence = listen(stop);
    signal.addEventListener('abort', stop, { once: true });
    try {
      for (;;) {
        if (this.at + held - from > most) return 'more';
        this.#next ??= this.#frames.next().catch(() => ({ done: true, value: undefined }));
        const result = await Promise.race([this.#next, quiet.promise]);
        if (result === 'quiet') return 'quiet';
        this.#next = undefined;
        if (result.done === true) return 'over';
        silence.heard();
        held += result.value.length;
        if (this.at + held > from) pieces.push(result.value);
        else {
          this.at += held; // all of it lies before what is wanted
          held = 0;
          pieces.length = 0;
        }
      }
    } finally {
      silence.end();
      signal.removeEventListener('abort', stop);
      this.held = Buffer.concat(pieces);
      this.take(Math.min(Math.max(from - this.at, 0), this.held.length));
    }
  }

  take(bytes: number): void {
    this.held = this.held.subarray(bytes);
    this.at += bytes;
  }

  close(): void {
    this.#end();
  }
}
