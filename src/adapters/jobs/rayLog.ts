import { randomBytes } from 'node:crypto';
import { problemError } from '../../core/model/problem.ts';
import type { LogPiece } from '../../core/model/trainingJob.ts';
import { leastBytes, logPiece } from './logPiece.ts';
import type { RayHttp } from './rayHttp.ts';
import { framesOf } from './rayTail.ts';

/** How long a dashboard may say nothing before that counts as the end for now: it sends new lines once a second. */
const quietMs = 1_500;
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

  /** Reads on until `most` bytes from there are held. @returns `more`: they are; `quiet`: no more came for a while; `over`: no more will come */
  async fill(from: number, most: number, signal: AbortSignal): Promise<'more' | 'quiet' | 'over'> {
    const pieces = [this.held];
    let held = this.held.length;
    const quiet = Promise.withResolvers<'quiet'>();
    const stop = () => { quiet.resolve('quiet'); };
    const timer = setTimeout(stop, quietMs);
    signal.addEventListener('abort', stop, { once: true });
    try {
      for (;;) {
        if (this.at + held - from > most) return 'more';
        this.#next ??= this.#frames.next().catch(() => ({ done: true, value: undefined }));
        const result = await Promise.race([this.#next, quiet.promise]);
        if (result === 'quiet') return 'quiet';
        this.#next = undefined;
        if (result.done === true) return 'over';
        timer.refresh();
        held += result.value.length;
        if (this.at + held > from) pieces.push(result.value);
        else {
          this.at += held; // all of it lies before what is wanted
          held = 0;
          pieces.length = 0;
        }
      }
    } finally {
      clearTimeout(timer);
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
