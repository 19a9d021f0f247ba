import { sha256 } from '../../src/adapters/hash.ts';
import { problemError, type Problem } from '../../src/core/model/problem.ts';
import type { JobSpec, JobStatus, TrainingTarget } from '../../src/core/model/trainingJob.ts';
import type { JobFiles } from '../../src/ports/jobFiles.ts';
import type { FromTarget, JobRunner } from '../../src/ports/jobRunner.ts';

const bytesOf = (text: string): number => Buffer.byteLength(text);

/** The files of jobs, in the map of `memoryFiles`. */
export function memoryJobFiles(kept: Map<string, string>, training: Readonly<Record<string, string>> = {}): JobFiles {
  const below = (folder: string) => [...kept.keys()].filter(path => path.startsWith(`${folder}/`));
  const removeFolder = (folder: string) => { for (const path of below(folder)) kept.delete(path); };
  const text = (path: string): string => {
    const found = kept.get(path);
    if (found === undefined) throw problemError('file-not-found', `There is no file ${path}.`, { file: path });
    return found;
  };
  return {
    training: () => new Map(Object.entries(training)),
    emptyFolder: removeFolder,
    write: (path, written) => {
      kept.set(path, written);
      return { sha256: sha256(written), bytes: bytesOf(written) };
    },
    moveFolder: (from, to) => {
      const isThere = below(to).length > 0;
      for (const path of below(from)) {
        if (!isThere) kept.set(`${to}${path.slice(from.length)}`, text(path));
        kept.delete(path);
      }
    },
    removeFolder,
    identify: path => Promise.resolve({ sha256: sha256(text(path)), bytes: bytesOf(text(path)) }),
    text,
    putAt: (path, at, more) => {
      const bytes = Buffer.concat([Buffer.from(kept.get(path) ?? '').subarray(0, at), Buffer.from(more)]);
      kept.set(path, bytes.toString());
      return bytes.length;
    },
    piece: (path, { from, most }) => {
      const bytes = Buffer.from(kept.get(path) ?? '');
      const begin = from < 0 ? Math.max(0, bytes.length + from) : from;
      const piece = bytes.subarray(begin, begin + most);
      return { text: piece.toString(), next: begin + piece.length, atEnd: begin + piece.length >= bytes.length };
    },
  };
}

/** A place that trains as it is told to. */
export class FakeRunner implements JobRunner {
  readonly submitted: JobSpec[] = [];
  readonly cancelled: string[] = [];
  readonly jobs = new Map<string, string>();
  logText = '';
  now: JobStatus = { state: 'queued' };
  /** What every call fails with. */
  trouble: Problem | undefined;
  /** Whether a submit ends when it is called off: not where that comes too late. */
  heedsAbort = true;
  /** What a submit waits for. */
  gate: Promise<unknown> = Promise.resolve();
  /** What a look at a job waits for. */
  answers: Promise<unknown> = Promise.resolve();
  closed = 0;

  look() {
    return this.#told({ version: 'fake 1' });
  }

  async submit(spec: JobSpec, { signal, onUpload }: Parameters<JobRunner['submit']>[1]): Promise<FromTarget<{ readonly reference: string; readonly found: boolean }>> {
    const left = new Promise<'left'>(resolve => { if (this.heedsAbort) signal.addEventListener('abort', () => { resolve('left'); }); });
    if (await Promise.race([this.gate, left]) === 'left') return { ok: false, problem: { code: 'cancelled', message: 'It was cancelled.' } };
    if (this.trouble) return { ok: false, problem: this.trouble };
    onUpload?.(10, 10);
    const found = this.jobs.get(spec.key);
    if (found !== undefined) return { ok: true, reference: found, found: true };
    this.submitted.push(spec);
    const reference = `ref-${this.submitted.length}`;
    this.jobs.set(spec.key, reference);
    return { ok: true, reference, found: false };
  }

  async status() {
    await this.answers;
    return this.#told({ status: this.now });
  }

  log(_reference: string, { from, most }: { readonly from: number; readonly most: number }) {
    const bytes = Buffer.from(this.logText);
    const piece = bytes.subarray(from, from + most);
    return this.#told({ text: piece.toString(), next: from + piece.length, atEnd: from + piece.length >= bytes.length });
  }

  cancel(reference: string) {
    this.cancelled.push(reference);
    this.now = { state: 'cancelled' };
    return this.#told({});
  }

  describe({ key, command }: JobSpec) {
    return { place: `jobs/${key.slice(0, 12)}`, command: `run ${key.slice(0, 12)} ${command[0] ?? ''}` };
  }

  close(): Promise<void> {
    this.closed += 1;
    return Promise.resolve();
  }

  #told<Value extends object>(value: Value): Promise<FromTarget<Value>> {
    return Promise.resolve(this.trouble ? { ok: false, problem: this.trouble } : { ok: true, ...value });
  }
}

/** For engines whose tests train nothing. */
export const noJobs = {
  jobFiles: memoryJobFiles(new Map()),
  loadAdapter: async () => undefined,
  createJobRunner: (target: TrainingTarget): JobRunner => { throw new Error(`nobody trains on ${target.name} here`); },
};
