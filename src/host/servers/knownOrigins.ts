import type * as vscode from 'vscode';
import { originOf } from './keys.ts';

const memoryKey = 'servers';
const most = 200;

/** Origins of servers that somebody chose in this editor. Only these are asked how they are without anybody having asked for it: a project file of somebody else names any address it likes. */
export class KnownOrigins {
  readonly #memory: Pick<vscode.Memento, 'get' | 'update'>;

  constructor(memory: Pick<vscode.Memento, 'get' | 'update'>) {
    this.#memory = memory;
  }

  has(baseUrl: string): boolean {
    return URL.canParse(baseUrl) && this.#all.includes(new URL(baseUrl).origin);
  }

  async add(baseUrl: string): Promise<void> {
    const origin = originOf(baseUrl);
    if (this.#all.at(-1) !== origin) await this.#memory.update(memoryKey, [...this.#all.filter(each => each !== origin), origin].slice(-most));
  }

  get #all(): readonly string[] {
    const value: unknown = this.#memory.get(memoryKey);
    return Array.isArray(value) ? value.filter(each => typeof each === 'string') : [];
  }
}
