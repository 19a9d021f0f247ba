import type { DemoServerProcess } from '../../client/demoServerProcess.ts';
import type { Disposable } from '../lifetime.ts';

/** Long enough to choose what to run, however short engines stay. */
const leastIdleMs = 5_000;

/** The demo server of this window: started when it is first needed. It outlives the window, since a run that asks it does, and ends once nobody asks it any more. */
export class DemoServer {
  readonly #start: () => Promise<DemoServerProcess>;
  readonly #listeners = new Set<() => void>();
  #running: Promise<DemoServerProcess> | undefined;
  #process: DemoServerProcess | undefined;

  /** @param start where and with what, decided when it is needed; `idleMs` is how long engines stay, and so the demo server without a request */
  constructor(start: () => { readonly node: string; readonly cliPath: string; readonly idleMs: number }) {
    this.#start = async () => {
      const { idleMs, ...parts } = start();
      const { startDemoServerProcess } = await import('../../client/demoServerProcess.ts'); // most windows start none
      return startDemoServerProcess({ ...parts, endsAfterIdleMs: Math.max(idleMs, leastIdleMs) });
    };
  }

  /** Its base URL while it is on; absent where it was not started, or has ended. */
  get current(): string | undefined {
    return this.#process && isAlive(this.#process.pid) ? this.#process.url : undefined;
  }

  /** Listens to its being started and ended by this window. */
  onDidChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Its base URL; another one each time that it had to be started. Throws `server-unreachable`, `node-too-old`. */
  async url(): Promise<string> {
    if (this.#process && !isAlive(this.#process.pid)) this.#running = undefined;
    this.#running ??= this.#start();
    try {
      const started = await this.#running;
      if (this.#process !== started) this.#set(started);
      return started.url;
    } catch (thrown) {
      this.#running = undefined;
      throw thrown;
    }
  }

  /** Ends it; resolves when it is gone. */
  async end(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.then(server => server.stop(), () => undefined); // one that never started needs no end
    if (running) this.#set(undefined);
  }

  #set(process: DemoServerProcess | undefined): void {
    this.#process = process;
    for (const listener of this.#listeners) listener();
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
