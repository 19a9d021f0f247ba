import { CodeLensRefreshRequest, type Connection } from 'vscode-languageserver/node';

/** Asked for so long after the last change: each lens on screen asks a project to count its answers. */
const calmAfterMs = 1_000;

/** Has the editor ask anew for what stands at the heads of files, when something else than the file itself is another. */
export class LensRefresh {
  readonly #connection: Pick<Connection, 'sendRequest'>;
  readonly #failed: (thrown: unknown) => void;
  #due: NodeJS.Timeout | undefined;

  constructor(connection: Pick<Connection, 'sendRequest'>, failed: (thrown: unknown) => void) {
    this.#connection = connection;
    this.#failed = failed;
  }

  /** When nothing changed for a while. */
  soon(): void {
    clearTimeout(this.#due);
    this.#due = setTimeout(() => { this.#connection.sendRequest(CodeLensRefreshRequest.type).catch(this.#failed); }, calmAfterMs).unref();
  }
}
