import type { methods, ParamsOf, ResultOf } from '../../contract/engine.ts';
import type { CompareRow } from '../../contract/compare.ts';
import type { EvaluatedRow, EvaluationRow } from '../../contract/evaluation.ts';
import type { TrainingJob } from '../../core/model/trainingJob.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { commonSize } from '../../core/stats/diversity.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Files } from '../../ports/files.ts';
import type { Store } from '../../ports/store.ts';
import { servedName } from '../jobs/adapterName.ts';
import { rememberedExports } from '../export/remembered.ts';
import { inSlices } from '../slices.ts';
import { comparedSet } from './comparedSet.ts';

type Params = ParamsOf<(typeof methods)['compareDatasets']>;
type Result = ResultOf<(typeof methods)['compareDatasets']>;

/** What training sets are compared with. */
export interface CompareDeskOptions {
  readonly files: Pick<Files, 'text'>;
  readonly clock: Clock;
  /** The open project. Throws where there is none. */
  readonly store: () => Store;
  /** What evaluations of the project came to, the newest first. */
  readonly evaluations: () => Promise<readonly EvaluationRow[]>;
}

/** A training set that may be compared. */
interface Known {
  readonly manifest: string;
  readonly path: string;
  readonly sha256?: string;
  readonly atMs?: number;
}

const ending = '.manifest.json';

/** Puts training sets side by side, by what their manifests say: whichever project they come from. */
export class CompareDesk {
  readonly handlers: { readonly compareDatasets: (params: Params) => Promise<Result> };
  readonly #options: CompareDeskOptions;

  constructor(options: CompareDeskOptions) {
    this.#options = options;
    this.handlers = { compareDatasets: async params => this.#compare(params) };
  }

  async #compare({ manifests, more = [] }: Params): Promise<Result> {
    const store = this.#options.store();
    const [jobs, evaluations] = [store.jobs.all(), await this.#options.evaluations()];
    const remembered = rememberedExports(store);
    const knownAs = (manifest: string): Known => remembered.find(each => each.manifest === manifest) ?? { manifest, path: manifest.endsWith(ending) ? manifest.slice(0, -ending.length) : manifest };
    const first = manifests?.map(knownAs) ?? [...remembered, ...learntFrom(jobs, remembered)];
    const beside = more.filter(manifest => first.every(each => each.manifest !== manifest)).map(knownAs);
    const pause = inSlices(this.#options.clock);
    const rows: CompareRow[] = [];
    for (const known of [...first, ...beside]) {
      rows.push(this.#row(known, jobs, evaluations));
      await pause();
    }
    const size = commonSize(rows.flatMap(({ set }) => (set?.figures ? [set.figures.diversity] : [])));
    return { size: size ?? null, rows: rows.map(row => atSize(row, size)) };
  }

  #row({ manifest, path, atMs }: Known, all: readonly TrainingJob[], evaluations: readonly EvaluationRow[]): CompareRow {
    const read = comparedSet(manifest, this.#options.files.text(manifest));
    const own = { manifest, path, ...withoutAbsent({ exportedAtMs: atMs }) };
    if (typeof read === 'string') return { ...own, wrong: read, jobs: [], evaluations: [] };
    const jobs = all.filter(({ dataset }) => dataset.sha256 === read.sha256);
    return { ...own, set: read, evaluations: evaluationsOf(jobs, evaluations), jobs: jobs.map(({ id, now, spec }) => ({ id, state: now.state, base: spec.model })) };
  }
}

/** What the models that came of jobs were found to be worth, the oldest evaluation first. */
function evaluationsOf(jobs: readonly TrainingJob[], rows: readonly EvaluationRow[]): CompareRow['evaluations'] {
  const tuned = new Set(jobs.flatMap(job => servedName(job) ?? []));
  return rows.toReversed().flatMap(({ id, models, inDomain, outOfDomain }) => models.filter(({ model }) => tuned.has(model)).map(({ label, model }) =>
    ({ id, model, ...withoutAbsent({ inDomain: accuracyIn(inDomain, label), outOfDomain: accuracyIn(outOfDomain, label) }) })));
}

function accuracyIn(row: EvaluatedRow | undefined, label: string): CompareRow['evaluations'][number]['inDomain'] {
  const own = row?.models.find(({ model }) => model === label);
  return row && own && { accuracy: own.accuracy, low: own.low, high: own.high, n: row.n };
}

/** Training sets that were written for jobs, each once, where none that is remembered is the same. */
function learntFrom(jobs: readonly TrainingJob[], remembered: readonly Known[]): readonly Known[] {
  const known = new Set(remembered.map(({ sha256 }) => sha256));
  return jobs.flatMap(({ dataset: { path, sha256 } }) => {
    if (known.has(sha256)) return [];
    known.add(sha256);
    return [{ manifest: `${path}${ending}`, path, sha256 }];
  });
}

/** A row with its diversity at a size of the samples. */
function atSize({ set, ...row }: CompareRow, size: number | undefined): CompareRow {
  if (!set) return row;
  const point = set.figures?.diversity.find(({ records }) => records === size);
  return { ...row, set: { ...set, ...withoutAbsent({ distinct: point?.distinct, skeletons: point?.skeletons }) } };
}
