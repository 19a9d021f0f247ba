import { startDemoServerProcess, type DemoServerProcess } from '../../client/demoServerProcess.ts';

/** Long enough to choose what to run, however short engines stay. */
const leastIdleMs = 5_000;

/** The demo server of this window: started when it is first needed. It outlives the window, since a run that asks it does, and ends once nobody asks it any more. */
export class DemoServer {
  readonly #start: () => Promise<DemoServerProcess>;
  #running: Promise<DemoServerProcess> | undefined;

  /** @param start where and with what, decided when it is needed; `idleMs` is how long engines stay, and so the demo server without a request */
  constructor(start: () => { readonly node: string; readonly cliPath: string; readonly idleMs: number }) {
    this.#start = () => {
      const { idleMs, ...parts } = start();
      return startDemoServerProcess({ ...parts, endsAfterIdleMs: Math.max(idleMs, leastIdleMs) });
    };
  }

  /** Its base URL; another one each time that it had to be started. Throws `server-unreachable`, `node-too-old`. */
  async url(): Promise<string> {
    this.#running ??= this.#start();
    try {
      const { url, pid } = await this.#running;
      if (isAlive(pid)) return url;
    } catch (thrown) {
      this.#running = undefined;
      throw thrown;
    }
    this.#running = this.#start();
    return (await this.#running).url;
  }

  /** Ends it; resolves when it is gone. */
  async end(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.then(server => server.stop(), () => undefined); // one that never started needs no end
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
