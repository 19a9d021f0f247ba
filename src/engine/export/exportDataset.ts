import type { ParamsOf, methods } from '../../contract/engine.ts';
import type { ExportReport } from '../../contract/reports.ts';
import { grouped } from '../../core/exchange/grouped.ts';
import { problemError } from '../../core/model/problem.ts';
import { DrawnTally } from '../../core/stats/datasetFigures.ts';
import type { RunContext } from '../../core/plan/context.ts';
import type { RunRecord, Store } from '../../ports/store.ts';
import type { EngineDependencies } from '../dependencies.ts';
import { cardOf } from './card.ts';
import { costOf, FiguresOfSet } from './figures.ts';
import { contaminationIn, type FindContamination, type SetContamination } from './contaminationIn.ts';
import { FileSet, placesOf, refuseForeign, type ExportHashes, type ExportPlaces } from './exportFiles.ts';
import { manifestOf, unreviewedOf } from './manifest.ts';
import { recordLine } from './recordLine.ts';
import { recordRule } from './recordRule.ts';
import { inputOf, recordSink } from './recordSink.ts';
import { refuseEmpty } from './refuseEmpty.ts';
import { matchedIn, missingOf, sorted, surveyProject, tasksIn, totalsOf, type Survey } from './survey.ts';
import { recordsOf, type RecordRule, type TaskFacts } from './taskRecords.ts';
import { TaskWalks } from './taskWalks.ts';

/** What an export needs of the world. */
export type Exporting = Pick<EngineDependencies, 'files' | 'app' | 'clock' | 'hash'>;

/** What looks at a project for an export, and how its client follows it. */
export interface Looking {
  /** The context in which a run worked. */
  readonly context: (run: RunRecord) => Promise<RunContext>;
  readonly signal?: AbortSignal;
  readonly report?: (done: number, total: number) => void;
  /** Absent: nothing is said of what stands in evaluation sets as well. */
  readonly contamination?: FindContamination;
}

/** What to export, and how to find the context in which a run worked. */
export type ExportOptions = Omit<ParamsOf<(typeof methods)['exportDataset']>, 'work'> & Looking;

/** What of a training set stands among the held-out tasks of its project; nothing where there are none, or nobody asks. */
export async function contaminationOf(store: Store, { records }: Survey, { contamination: find, signal = new AbortController().signal }: Looking): Promise<SetContamination | undefined> {
  const found = await find?.(store, signal);
  return found && contaminationIn(found, new Set(records.map(({ task }) => task)));
}

/** Walks over a project, begun now. */
export const walksOf = ({ clock }: Pick<Exporting, 'clock'>, store: Store, { format, walks, looking: { context, signal, report } }: { readonly format: RecordRule['format']; readonly walks: number; readonly looking: Looking }): TaskWalks =>
  new TaskWalks(store, { clock, format, walks, context, signal: signal ?? new AbortController().signal, report: report ?? (() => undefined) });

/**
 * Writes the paths that a rule takes, in the order of import and of the walk, with a records file (where each line comes from) and a manifest beside it. Every answer
 * is verified once more before it is written. The files appear together when all of them are whole; the same project and rule give the same bytes.
 *
 * What is written is the project as it stood at the beginning, whatever a run stores meanwhile; see `TaskWalks`. Where a task of it was held out by the end, nothing is: `task-held-out`. The first walk decides what is written, the second
 * writes it, so that no more than numbers are held of a project of any size.
 */
export async function exportDataset(dependencies: Exporting, store: Store, options: ExportOptions): Promise<ExportReport> {
  refuseNew(store);
  const by = await recordRule(dependencies, options);
  const began = usedRuns(store);
  const places = placesOf(options.out, { split: by.rule.split?.name, card: options.card === true });
  const leftovers = refuseForeign(dependencies.files, places, options.overwrite === true);
  const walks = walksOf(dependencies, store, { format: by.format, walks: 2, looking: options });
  const trainable = store.countTasks({ split: 'train' });
  const files = new FileSet(dependencies.files);
  try {
    const writer = new ExportWriter(dependencies, files, { places, by });
    const drawn = new DrawnTally();
    const survey = await surveyProject(walks, { by, hash: dependencies.hash, look: facts => { drawn.add(costOf(facts)); } });
    refuseEmpty(store, survey, by);
    const runs = runsBehind(survey.records, began);
    const contamination = await contaminationOf(store, survey, options);
    const figures = new FiguresOfSet(survey.records, { drawn, trainable });
    const hashes = await writer.write(walks, survey, figures);
    const manifest = manifestOf({ by, survey, figures: await figures.figures(dependencies.clock), runs, places, hashes, app: dependencies.app, project: store.path, leftovers, contamination });
    refuseMoved(store, survey);
    writer.finish({ manifest, ...(places.card === undefined ? {} : { card: cardOf({ by, survey, runs, places, app: dependencies.app, contamination }) }) });
    files.keep();
    return reportOf({ by, survey, runs, places, hashes, leftovers, contamination });
  } finally {
    walks.end();
    files.discard();
  }
}

/** Runs that asked the model anything: a run that found every answer in the store adds nothing to where the data come from. */
export const usedRuns = (store: Store): readonly RunRecord[] => store.runs().filter(run => run.calls > 0).toReversed();

/** The runs that records come from: of the recipe and the model of one of them. A project may have asked others, whose answers are no part of the data. */
export function runsBehind(records: Survey['records'], runs: readonly RunRecord[]): readonly RunRecord[] {
  const sources = new Set(records.map(({ recipe, identity }) => `${recipe}\n${identity}`));
  return runs.filter(({ recipeName, identity }) => sources.has(`${recipeName}\n${identity}`));
}

function refuseNew(store: Store): void {
  if (store.runs().length === 0) throw problemError('nothing-to-export', `Nothing was run in ${store.path} yet, so there is nothing to export. Run a recipe first: \`regenesis run ${store.path}\`.`);
}

/** What was found of contamination is of the tasks as they are held out by now, and what was written is of those of the beginning: a task between would be evaluated on, and nothing would name it. */
function refuseMoved(store: Store, { records }: Survey): void {
  const written = new Set(records.map(({ task }) => task));
  const moved = store.withdrawn.moved().filter(({ taskId }) => written.has(taskId));
  const [first] = moved;
  if (!first) return;
  const which = moved.length === 1 ? `Task ${first.taskId} was` : `Task ${first.taskId} and ${moved.length - 1} more were`;
  throw problemError('task-held-out', `${which} held out while this was exported, so that nothing was written. Export again: what is held out by then is left out.`);
}

/** The new files of one export; made at once, so that a place that cannot be written is refused before the work. */
class ExportWriter {
  readonly #by: RecordRule;
  readonly #files: { readonly [Name in keyof ExportPlaces]: ReturnType<FileSet['create']> };
  readonly #sinks: { readonly main: ReturnType<typeof recordSink>; readonly split: ReturnType<typeof recordSink> | undefined };
  readonly #lines = { main: 0, split: 0 };

  constructor({ files: port }: Pick<Exporting, 'files'>, files: FileSet, { places, by }: { readonly places: ExportPlaces; readonly by: RecordRule }) {
    this.#by = by;
    const { out, records, manifest, split, card } = places;
    this.#files = {
      out: files.create(out), ...(split === undefined ? {} : { split: files.create(split) }), records: files.create(records),
      ...(card === undefined ? {} : { card: files.create(card) }), manifest: files.create(manifest),
    };
    this.#sinks = { main: recordSink(by.format, this.#files.out, port), split: this.#files.split && recordSink(by.format, this.#files.split, port) };
  }

  /** Writes what a survey found, by a walk of its own. */
  async write(walks: TaskWalks, survey: Survey, figures: FiguresOfSet): Promise<ExportHashes> {
    const wanted = grouped(survey.records, ({ task }) => task);
    let written = 0;
    await walks.walk(facts => {
      const keys = new Map((wanted.get(facts.task.id) ?? []).map(({ key, splitOff }) => [key, splitOff]));
      for (const record of recordsOf(facts, this.#by).records) {
        const splitOff = keys.get(record.key);
        if (splitOff === undefined) continue;
        this.#writeOne(facts, record, splitOff ? 'split' : 'main');
        figures.add(record);
        written += 1;
      }
    }, new Set(wanted.keys()));
    if (written !== survey.records.length) throw problemError('bug', `Of ${survey.records.length} records ${written} were found again.`);
    this.#sinks.main.end();
    this.#sinks.split?.end();
    const split = this.#files.split?.seal();
    return { data: this.#files.out.seal(), records: this.#files.records.seal(), ...(split === undefined ? {} : { split }) };
  }

  finish({ manifest, card }: { readonly manifest: object; readonly card?: string }): void {
    this.#files.manifest.write(`${JSON.stringify(manifest, null, 2)}\n`);
    if (card !== undefined) this.#files.card?.write(card);
  }

  #writeOne(facts: TaskFacts, record: Parameters<typeof recordLine>[1], side: 'main' | 'split'): void {
    this.#lines[side] += 1;
    this.#sinks[side]?.write(inputOf(facts.task, record, this.#by.rule));
    const { split } = this.#by.rule;
    this.#files.records.write(`${JSON.stringify(recordLine(facts, record, { line: this.#lines[side], format: this.#by.format, ...(split ? { split: side === 'split' ? split.name : 'train' } : {}) }))}\n`);
  }
}

/** The same without the names of tasks, which stand in the manifest. */
export const contaminationReport = ({ thresholds, sets, tasks }: SetContamination): NonNullable<ExportReport['contamination']> => ({ thresholds: { ...thresholds }, sets: [...sets], tasks: tasks.length });

interface ReportInput {
  readonly by: RecordRule;
  readonly survey: Survey;
  readonly runs: readonly RunRecord[];
  readonly places: ExportPlaces;
  readonly hashes: ExportHashes;
  readonly leftovers: readonly string[];
  readonly contamination: SetContamination | undefined;
}

function reportOf({ by, survey, runs, places, hashes, leftovers, contamination }: ReportInput): ExportReport {
  const { records, tasks, hinted, humanEdited, reviewed, recipes } = totalsOf(survey.records);
  const missing = missingOf(survey, by);
  const own = survey.records.filter(({ splitOff }) => splitOff);
  const { split } = by.rule;
  return {
    format: by.format, path: places.out, manifest: places.manifest, recordsFile: places.records, records, tasks, hinted, humanEdited, reviewed,
    unreviewed: unreviewedOf(by.rule), sha256: hashes.data, excluded: sorted(survey.excluded), recipes, simulated: runs.some(run => run.simulated), rule: by.rule,
    ...(split && places.split !== undefined && hashes.split !== undefined ? { split: { name: split.name, path: places.split, records: own.length, tasks: tasksIn(own), sha256: hashes.split } } : {}),
    ...(places.card === undefined ? {} : { card: places.card }), ...(missing === 0 ? {} : { missing }), ...matchedIn(by), ...(leftovers.length === 0 ? {} : { leftovers: [...leftovers] }),
    ...(contamination ? { contamination: contaminationReport(contamination) } : {}),
  };
}
