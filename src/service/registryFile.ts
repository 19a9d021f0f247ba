import { existsSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { readRegistryEntry, type RegistryEntry } from '../contract/registry.ts';

/** The file by which clients find an engine. Written whole and readable by its owner alone, since the token in it opens the engine. */
export class RegistryFile {
  readonly #file: string;
  #entry: RegistryEntry;

  constructor(file: string, entry: RegistryEntry) {
    this.#file = file;
    this.#entry = entry;
  }

  get entry(): RegistryEntry {
    return this.#entry;
  }

  /** Writes the entry, with what has changed in it. */
  write(change: Partial<Pick<RegistryEntry, 'project' | 'schema'>> = {}): void {
    this.#entry = { ...this.#entry, ...change };
    const part = `${this.#file}.${process.pid}`;
    mkdirSync(path.dirname(this.#file), { recursive: true, mode: 0o700 });
    writeFileSync(part, `${JSON.stringify(this.#entry)}\n`, { mode: 0o600 });
    renameSync(part, this.#file);
  }

  /** Keeps what tidies up temporary folders from taking the file for a forgotten one, and brings it back where it was taken. */
  touch(nowMs: number): void {
    if (existsSync(this.#file)) utimesSync(this.#file, nowMs / 1_000, nowMs / 1_000);
    else this.write();
  }

  /** Takes the file away, unless it is another engine's by now. */
  remove(): void {
    if (!existsSync(this.#file)) return;
    if (readRegistryEntry(readFileSync(this.#file, 'utf8'))?.pid === this.#entry.pid) rmSync(this.#file, { force: true });
  }
}
