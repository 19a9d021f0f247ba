import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { DiagnosticSeverity, type Connection, type Diagnostic, type TextDocuments } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Problem } from '../core/model/problem.ts';
import { diagnosticSource } from '../promptLanguage/diagnostics.ts';
import type { PromptLanguage } from '../promptLanguage/promptLanguage.ts';

/** A change waits this long for more keys before it is looked at, however many come. */
const keysWithinMs = 10;
/** So long after the last key the other files are looked at, and the project is asked. */
const calmAfterMs = 250;
const head = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** What finds problems, and whom they are told. */
export interface DiagnosticsOptions {
  readonly connection: Pick<Connection, 'sendDiagnostics'>;
  readonly documents: Pick<TextDocuments<TextDocument>, 'get' | 'keys'>;
  readonly language: Pick<PromptLanguage, 'diagnostics' | 'projectDiagnostics'>;
  /** Why the file as it lies on the disk is one that no run would read. */
  readonly unreadable: (uri: string) => Problem | undefined;
  /** Takes what was thrown; the next change is looked at all the same. */
  readonly failed: (thrown: unknown) => void;
}

/** Tells the editor while somebody types what is wrong with the files that it has open, always of the text as it stands then. */
export class DiagnosticsPush {
  readonly #options: DiagnosticsOptions;
  readonly #due = new Map<string, NodeJS.Timeout>();
  /** What the project said last of each open file: told along until it answers anew. */
  readonly #ofProject = new Map<string, readonly Diagnostic[]>();
  #calm = new AbortController();

  constructor(options: DiagnosticsOptions) {
    this.#options = options;
  }

  /** The text of an open file is another. */
  changed(uri: string): void {
    if (!this.#due.has(uri)) this.#due.set(uri, setTimeout(() => { this.#look(uri); }, keysWithinMs));
    this.#lookAround(uri);
  }

  /** A file is no longer open. */
  closed(uri: string): void {
    clearTimeout(this.#due.get(uri));
    this.#due.delete(uri);
    this.#ofProject.delete(uri);
    this.#send(uri, []);
    this.#lookAround();
  }

  /** Something on the disk is another. */
  all(): void {
    for (const uri of this.#options.documents.keys()) this.changed(uri);
  }

  /** Something that the project knows is another. */
  projectChanged(): void {
    this.#lookAround();
  }

  #look(uri: string): void {
    this.#due.delete(uri);
    this.#guarded(() => { this.#send(uri, [...this.#unreadable(uri), ...this.#options.language.diagnostics(uri), ...this.#ofProject.get(uri) ?? []]); });
  }

  /** What a file says of others, and what the project says of it: when nobody types. The next key calls it off. */
  #lookAround(typed?: string): void {
    this.#calm.abort();
    this.#calm = new AbortController();
    const { signal } = this.#calm;
    const guarded = (thrown: unknown): void => { if (!signal.aborted) this.#options.failed(thrown); };
    delay(calmAfterMs, undefined, { signal, ref: false }).then(() => {
      const open = this.#options.documents.keys();
      for (const uri of open) if (uri !== typed) this.#look(uri);
      for (const uri of open) this.#askProject(uri, signal).catch(guarded);
    }).catch(guarded);
  }

  async #askProject(uri: string, signal: AbortSignal): Promise<void> {
    const found = await this.#options.language.projectDiagnostics(uri, signal);
    if (signal.aborted || isDeepStrictEqual(found, this.#ofProject.get(uri) ?? [])) return;
    this.#ofProject.set(uri, found);
    this.#look(uri);
  }

  #unreadable(uri: string): readonly Diagnostic[] {
    const problem = this.#options.unreadable(uri);
    return problem ? [{ range: head, severity: DiagnosticSeverity.Error, source: diagnosticSource, code: problem.code, message: problem.message }] : [];
  }

  #send(uri: string, diagnostics: readonly Diagnostic[]): void {
    const version = this.#options.documents.get(uri)?.version;
    void this.#options.connection.sendDiagnostics({ uri, diagnostics: [...diagnostics], ...(version === undefined ? {} : { version }) });
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (thrown) {
      this.#options.failed(thrown);
    }
  }
}
