import { startDemoServerProcess, type DemoServerProcess } from '../../client/demoServerProcess.ts';

/** Without a request for this long a demo server ends by itself: as long as an engine stays. */
const endsAfterIdleMs = 600_000;

/** The demo server of this window: started when it is first needed. It outlives the window, since a run that asks it does, and ends once nobody asks it any more. */
export class DemoServer {
  readonly #start: () => Promise<DemoServerProcess>;
  #running: Promise<DemoServerProcess> | undefined;

  /** @param start where and with what, decided when it is needed */
  constructor(start: () => { readonly node: string; readonly cliPath: string }) {
    this.#start = () => startDemoServerProcess({ ...start(), endsAfterIdleMs });
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
