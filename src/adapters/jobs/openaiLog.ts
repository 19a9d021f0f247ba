import type { LogPiece } from '../../core/model/trainingJob.ts';
import { leastBytes, logPiece } from './logPiece.ts';
import type { OpenAiApi } from './openaiApi.ts';
import { eventLines, type JobApiEvent } from './openaiEvents.ts';

/**
 * The events of one job as a log, the oldest first. What was read once is kept, since an offset in bytes has to stay what it is, and a list of events can be
 * entered at an event alone. Events come in both orders: OpenAI has the newest first, and others of its shape the oldest.
 */
export class OpenAiLog {
  readonly #api: OpenAiApi;
  readonly #job: string;
  readonly #known = new Set<string>();
  #last: string | undefined;
  /** Not known before two events have different times. */
  #newestFirst: boolean | undefined;
  #text = Buffer.alloc(0);
  /** Reads are made one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(api: OpenAiApi, job: string) {
    this.#api = api;
    this.#job = job;
  }

  read(from: number, most: number, signal: AbortSignal): Promise<LogPiece> {
    const read = this.#turn.then(async () => {
      if (from + most >= this.#text.length) await this.#update(signal);
      return logPiece(this.#text.subarray(from, from + Math.max(leastBytes, most)), from, this.#text.length);
    });
    this.#turn = read.catch(() => undefined);
    return read;
  }

  async #update(signal: AbortSignal): Promise<void> {
    const found: JobApiEvent[] = [];
    const times: number[] = [];
    for await (const event of this.#api.events(this.#job, this.#newestFirst === false ? this.#last : undefined, signal)) {
      times.push(event.created_at);
      if (!this.#known.has(event.id)) found.push(event);
      else if (this.#newestFirst === true) break; // all behind it is known too
    }
    this.#newestFirst ??= falls(times);
    const inOrder = this.#newestFirst === false ? found : found.reverse();
    for (const { id } of inOrder) this.#known.add(id);
    this.#last = inOrder.at(-1)?.id ?? this.#last;
    this.#text = Buffer.concat([this.#text, Buffer.from(inOrder.map(eventLines).join(''), 'utf8')]);
  }
}

/** Whether times get smaller; nothing where all are the same. */
function falls(times: readonly number[]): boolean | undefined {
  const passed = (times.at(-1) ?? 0) - (times[0] ?? 0);
  return passed === 0 ? undefined : passed < 0;
}
