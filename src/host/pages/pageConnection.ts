// The host's end of a page: checks what the page says, and sends it snapshots no faster than it can use them. Knows nothing of the editor.
import * as z from 'zod/mini';
import { fromPageSchema, type PageContract, type PageProblem, type ToPage } from '../../contract/pages/page.ts';
import { messageOf, problemOf, type Problem } from '../../core/model/problem.ts';
import type { Disposable } from '../lifetime.ts';
import { commands, isCommand, type CommandId } from '../manifest.ts';
import { problemWords, waysOut } from '../wayOut.ts';

/** The page's place in the editor. */
export interface PageWindow {
  readonly visible: boolean;
  /** Never waited for: a page that is gone hears nothing. */
  post(message: ToPage): void;
}

/** What a page is about and what it can do. */
export interface PageOptions<Snapshot, Intent, News = never> {
  readonly contract: PageContract<Snapshot, Intent, News>;
  readonly window: PageWindow;
  /** All that the page is to show, now. What it throws is shown in its place. */
  readonly snapshot: () => Snapshot | Promise<Snapshot>;
  /** Fulfils a wish. What it throws is shown on the page. */
  readonly fulfil: (intent: Intent) => unknown;
  /** The page has been loaded, for the first time or again, and knows nothing of what it was told before. Not called where it shows the snapshot already that was sent ahead. */
  readonly ready?: () => void;
  /** Runs the way out of a problem that a person chose. */
  readonly runCommand: (id: CommandId) => unknown;
  readonly log: (line: string) => void;
  /** Least time between two snapshots; absent: 100 ms. */
  readonly everyMs?: number;
  /** Calls later, unless it is disposed of before; absent: a timer. */
  readonly later?: (ms: number, call: () => void) => Disposable;
}

const timer = (ms: number, call: () => void): Disposable => {
  const handle = setTimeout(call, ms);
  return { dispose: () => { clearTimeout(handle); } };
};

/** A problem as pages show it: the words of the message boxes, and the same ways out. */
export const pageProblem = (problem: Problem): PageProblem => ({
  code: problem.code, words: problemWords(problem), ways: waysOut(problem.code).map(command => ({ command, title: commands[command].title })),
});

/**
 * Talks with one page for as long as it is there.
 *
 * A page that is hidden, or has not said that it is ready, is sent nothing; when it is shown it gets the snapshot of that moment. One snapshot may be sent ahead, while
 * the page is loaded.
 */
export class PageConnection<Snapshot, Intent, News = never> implements Disposable {
  readonly #options: PageOptions<Snapshot, Intent, News>;
  /** What is sent to the page: nothing, one snapshot that the editor keeps until the page is loaded, or everything. */
  #hears: 'nothing' | 'ahead' | 'everything' = 'nothing';
  #stale = true;
  #sending = false;
  #pause: Disposable | undefined;
  #disposed = false;

  constructor(options: PageOptions<Snapshot, Intent, News>) {
    this.#options = options;
  }

  /** The editor has begun to load the page: what it is to show is got meanwhile. */
  ahead(): void {
    this.#hears = 'ahead';
    this.#send();
  }

  /** What the page would show is different now. May be called as often as one likes. */
  changed(): void {
    this.#stale = true;
    this.#send();
  }

  /** Tells the page something once. A page that is hidden, or not loaded yet, does not hear it. @returns whether it was told */
  tell(news: News): boolean {
    const { contract, window } = this.#options;
    if (this.#disposed || this.#hears !== 'everything' || !window.visible || !contract.news) return false;
    window.post({ kind: 'news', news: z.parse(contract.news, news) });
    return true;
  }

  /** The page was shown or hidden. A hidden one is unloaded by the editor, and says that it is ready when it has been loaded again. */
  visibilityChanged(): void {
    if (!this.#options.window.visible) this.#hears = 'nothing';
    else this.#send();
  }

  /** A message of the page, or of whatever else can reach it. Resolves when what it wants is done. */
  async receive(message: unknown): Promise<void> {
    const said = z.safeParse(fromPageSchema, message);
    if (!said.success) {
      this.#refuse(said.error);
      return;
    }
    switch (said.data.kind) {
      case 'ready':
        this.#hears = 'everything';
        if (!said.data.shows) this.#loaded();
        this.#send();
        break;
      case 'intent': await this.#fulfil(said.data.intent); break;
      case 'way': {
        const { command } = said.data;
        if (isCommand(command)) await this.#attempt(() => this.#options.runCommand(command));
        break;
      }
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#pause?.dispose();
  }

  /** A snapshot that is being got will be heard. */
  #loaded(): void {
    this.#options.ready?.();
    if (!this.#sending) this.#stale = true;
  }

  async #fulfil(intent: unknown): Promise<void> {
    const checked = z.safeParse(this.#options.contract.intent, intent);
    if (checked.success) await this.#attempt(() => this.#options.fulfil(checked.data));
    else this.#refuse(checked.error);
  }

  async #attempt(work: () => unknown): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.#fail('intent', thrown);
    }
  }

  #fail(what: 'intent' | 'snapshot', thrown: unknown): void {
    const problem = problemOf(thrown);
    if (problem.code === 'cancelled' || this.#disposed) return;
    const cause = thrown instanceof Error && thrown.cause !== undefined ? ` (${messageOf(thrown.cause)})` : '';
    this.#options.log(`${this.#options.contract.name}: ${problem.code}: ${problem.message}${cause}`);
    this.#options.window.post({ kind: 'failed', what, problem: pageProblem(problem) });
  }

  /** Only our own page can be heard, so that this is a fault of ours; a person can do nothing about it. */
  #refuse(error: z.core.$ZodError): void {
    this.#options.log(`${this.#options.contract.name}: a message was refused: ${z.prettifyError(error)}`);
  }

  #send(): void {
    if (this.#disposed || this.#sending || this.#pause || !this.#stale || this.#hears === 'nothing' || !this.#options.window.visible) return;
    this.#stale = false;
    this.#sending = true;
    void this.#sendSnapshot().finally(() => {
      this.#sending = false;
      if (this.#disposed) return;
      const { later = timer, everyMs = 100 } = this.#options;
      this.#pause = later(everyMs, () => {
        this.#pause = undefined;
        this.#send();
      });
    });
  }

  async #sendSnapshot(): Promise<void> {
    try {
      const snapshot = await this.#options.snapshot();
      if (this.#disposed) return;
      this.#options.window.post({ kind: 'snapshot', snapshot: z.parse(this.#options.contract.snapshot, snapshot) });
      if (this.#hears === 'ahead') this.#hears = 'nothing';
    } catch (thrown) {
      this.#fail('snapshot', thrown);
    }
  }
}
