import type * as vscode from 'vscode';

/** What a workspace remembers, for one test. */
export class Memory implements vscode.Memento {
  readonly #values = new Map<string, unknown>();
  keys(): readonly string[] {
    return [...this.#values.keys()];
  }

  get<Value>(key: string, otherwise?: Value): Value | undefined {
    return (this.#values.get(key) ?? otherwise) as Value | undefined;
  }

  async update(key: string, value: unknown): Promise<void> {
    this.#values.set(key, value);
  }
}
