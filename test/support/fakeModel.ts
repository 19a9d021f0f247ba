import type { ChatReply, ChatRequest, CompleteOptions, LanguageModel, ServerDescription, ServerGauges, ServerSurvey } from '../../src/ports/languageModel.ts';
import type { Clock } from '../../src/ports/clock.ts';

/** What a fake model says to a request, n times over; a reply of its own where it is not the plain good one. */
export type Script = (request: ChatRequest, sample: number) => string | ChatReply;

/** A model whose answers a test decides. Records every request. */
export class FakeModel implements LanguageModel {
  readonly requests: ChatRequest[] = [];
  readonly baseUrl: string;
  readonly #script: Script;
  /** Called before each answer; a test may hold an answer back here. */
  before: (request: ChatRequest) => Promise<void> = () => Promise.resolve();
  /** Requests whose answers were told word by word. */
  readonly streamed: ChatRequest[] = [];
  /** Called after each word that was told; a test may hold the rest back here. */
  between: (request: ChatRequest) => Promise<void> = () => Promise.resolve();

  /** What it says of itself; absent where it does not tell. */
  gauges: ServerGauges | undefined;
  /** What `describe` gives; a test may let it throw instead. */
  identity: () => string = () => 'fake';

  constructor(script: Script, baseUrl = 'http://fake/v1') {
    this.baseUrl = baseUrl;
    this.#script = script;
  }

  async describe(): Promise<ServerDescription> {
    const untested = 'untested' as const;
    const capabilities = { n: 'supported' as const, seed: untested, logprobs: untested, structuredOutput: untested, tokenize: untested, metrics: untested, loraLoading: untested };
    return { baseUrl: this.baseUrl, model: 'fake', identity: this.identity(), capabilities: { ...capabilities, metrics: this.gauges ? 'supported' : 'untested' }, simulated: true };
  }

  survey(): Promise<ServerSurvey> {
    return Promise.resolve({ baseUrl: this.baseUrl, kind: 'other', models: ['fake'] });
  }

  probe(): Promise<ServerDescription> {
    return this.describe();
  }

  async complete(request: ChatRequest, { signal, onText }: Pick<CompleteOptions, 'signal' | 'onText'>): Promise<ChatReply> {
    this.requests.push(request);
    const aborted = new Promise<void>(resolve => { signal.addEventListener('abort', () => { resolve(); }, { once: true }); });
    await Promise.race([this.before(request), aborted]);
    if (signal.aborted) return { ok: false, problem: { code: 'cancelled', message: 'cancelled' } };
    const said = Array.from({ length: request.n }, (_, index) => this.#script(request, index));
    const replies = said.filter(each => typeof each !== 'string');
    if (replies[0]) return replies[0];
    const texts = said.filter(each => typeof each === 'string');
    if (onText && !await this.#tell(request, texts, { signal, onText })) return { ok: false, problem: { code: 'cancelled', message: 'cancelled' } };
    return { ok: true, choices: texts.map(text => ({ text, finish: 'stop' })), usage: { inputTokens: 10, outputTokens: 5 } };
  }

  /** Tells the texts word by word. @returns false once it was called off */
  async #tell(request: ChatRequest, texts: readonly string[], { signal, onText }: Required<Pick<CompleteOptions, 'signal' | 'onText'>>): Promise<boolean> {
    this.streamed.push(request);
    const aborted = new Promise<void>(resolve => { signal.addEventListener('abort', () => { resolve(); }, { once: true }); });
    for (const [choice, text] of texts.entries()) {
      for (const word of text.split(/(?<= )/)) {
        onText(word, choice);
        await Promise.race([this.between(request), aborted]);
        if (signal.aborted) return false;
      }
    }
    return true;
  }

  load(): Promise<ServerGauges | undefined> {
    return Promise.resolve(this.gauges);
  }

  countTokens(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A clock on which a sleep costs no time: it moves on instead. */
export class SwiftClock implements Clock {
  #nowMs = 1_000_000;

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  /** The time goes on without anybody having waited for it. */
  jump(ms: number): void {
    this.#nowMs += ms;
  }

  async sleep(delayMs: number, signal: AbortSignal): Promise<void> {
    await new Promise(resolve => { setImmediate(resolve); });
    signal.throwIfAborted();
    this.#nowMs += delayMs;
  }
}

/** A clock that moves on by 10 ms with every look, so that work in slices pauses after each step. */
export class PausingClock extends SwiftClock {
  #looks = 0;
  pauses = 0;
  /** Called in every pause; a test may change the world here. */
  between: () => void = () => undefined;

  override monotonicMs(): number {
    this.#looks += 1;
    return super.monotonicMs() + 10 * this.#looks;
  }

  override sleep(delayMs: number, signal: AbortSignal): Promise<void> {
    this.pauses += 1;
    this.between();
    return super.sleep(delayMs, signal);
  }
}
