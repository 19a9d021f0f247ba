import type { methods, ParamsOf, ResultOf } from '../../contract/engine.ts';
import { problemError, problemOf } from '../../core/model/problem.ts';
import type { RunContext } from '../../core/plan/context.ts';
import type { RunRecord, Store } from '../../ports/store.ts';
import type { EngineDependencies } from '../dependencies.ts';
import type { FindContamination } from './contaminationIn.ts';
import { exportDataset, type Exporting, type Looking } from './exportDataset.ts';
import { previewExport } from './previewExport.ts';
import { rememberExport } from './remembered.ts';

type Names = 'exportDataset' | 'previewExport' | 'cancelExport';
type Params<N extends Names> = ParamsOf<(typeof methods)[N]>;
type Result<N extends Names> = ResultOf<(typeof methods)[N]>;

/** What training sets are written with. */
export interface ExportDeskOptions {
  readonly dependencies: Exporting & Pick<EngineDependencies, 'emit'>;
  /** The open project. Throws where there is none. */
  readonly store: () => Store;
  readonly contextOf: (run: RunRecord) => Promise<RunContext>;
  /** Resolves when the outcomes know of every review. */
  readonly settled: () => Promise<void>;
  readonly contamination: FindContamination;
}

/** Writes training sets and previews them: exports one after the other, since two into the same file would write into each other; previews whenever they are asked for. */
export class ExportDesk {
  readonly handlers: { readonly [N in Names]: (params: Params<N>) => Promise<Result<N>> };
  readonly #options: ExportDeskOptions;
  readonly #works = new Map<AbortController, string | undefined>();
  readonly #working = new Set<Promise<unknown>>();
  #exports: Promise<unknown> = Promise.resolve();

  constructor(options: ExportDeskOptions) {
    this.#options = options;
    this.handlers = {
      exportDataset: async params => this.#write(params, (store, report) => { this.#remember(store, report); }),
      previewExport: async ({ work, ...choices }) => this.#follow(work, looking => this.#preview(choices, looking)),
      cancelExport: async ({ work }) => (this.#cancel(work), {}),
    };
  }

  /** Stops whatever goes on, and resolves when nothing does any more. */
  async close(): Promise<void> {
    for (const stop of this.#works.keys()) stop.abort();
    await Promise.allSettled(this.#working);
  }

  /** Writes a training set for somebody who keeps it, and who knows of it then. @param asked calls it off, besides its name */
  export(params: Params<'exportDataset'>, asked: AbortSignal): Promise<Result<'exportDataset'>> {
    return this.#write(params, () => undefined, asked);
  }

  async #write({ work, ...choices }: Params<'exportDataset'>, written: (store: Store, report: Result<'exportDataset'>) => void, asked?: AbortSignal): Promise<Result<'exportDataset'>> {
    const { dependencies, store, settled } = this.#options;
    const before = this.#exports;
    const result = this.#follow(work, async looking => {
      await before;
      await settled();
      refuseStopped(looking);
      const project = store();
      const report = await exportDataset(dependencies, project, { ...choices, ...looking });
      written(project, report);
      return report;
    }, asked);
    this.#exports = result.catch(() => undefined);
    return result;
  }

  /** The files stand there whether or not the project can be told. */
  #remember(store: Store, report: Result<'exportDataset'>): void {
    const { files, hash, clock, emit } = this.#options.dependencies;
    try {
      rememberExport(store, report, { manifestSha256: hash(files.text(report.manifest) ?? ''), atMs: clock.nowMs() });
    } catch (thrown) {
      emit('log', { level: 'warning', text: problemOf(thrown).message });
    }
  }

  async #preview(choices: Omit<Params<'previewExport'>, 'work'>, looking: Looking): Promise<Result<'previewExport'>> {
    const { dependencies, store, settled } = this.#options;
    await settled();
    refuseStopped(looking);
    return previewExport(dependencies, store(), { ...choices, ...looking });
  }

  async #follow<Report>(work: string | undefined, begin: (looking: Looking) => Promise<Report>, asked?: AbortSignal): Promise<Report> {
    const { dependencies, contextOf, contamination } = this.#options;
    const stop = new AbortController();
    this.#works.set(stop, work);
    const report = (done: number, total: number) => { if (work !== undefined) dependencies.emit('exportProgress', { work, done, total }); };
    const result = begin({ context: contextOf, contamination, signal: asked ? AbortSignal.any([stop.signal, asked]) : stop.signal, report });
    const ended = result.catch(() => undefined);
    this.#working.add(ended);
    try {
      return await result;
    } finally {
      this.#works.delete(stop);
      this.#working.delete(ended);
    }
  }

  #cancel(work: string): void {
    for (const [stop, name] of this.#works) if (name === work) stop.abort();
  }
}

function refuseStopped({ signal }: Looking): void {
  if (signal?.aborted === true) throw problemError('cancelled', 'It was cancelled before it began.');
}
