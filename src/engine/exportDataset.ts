import type { ParamsOf, methods } from '../contract/engine.ts';
import type { ExportReport } from '../contract/reports.ts';
import { alpacaRecord, chatRecord, promptCompletionRecord, shareGptRecord, trainingPrompt, type RecordInput } from '../core/exchange/trainingRecord.ts';
import type { Answer } from '../core/model/answer.ts';
import type { RunId } from '../core/model/ids.ts';
import { isKept, type BranchOutcome, type TaskOutcome } from '../core/model/outcome.ts';
import { withoutAbsent } from '../core/model/outside.ts';
import { problemError } from '../core/model/problem.ts';
import { rulings, type Ruling } from '../core/model/review.ts';
import { modelStages, type ModelStage } from '../core/model/stage.ts';
import { isTrainTask, type TrainTask } from '../core/model/task.ts';
import type { Verdict } from '../core/model/verdict.ts';
import { checkPath, verdictOfRecord } from '../core/plan/checkPath.ts';
import type { RunContext, TaskContext } from '../core/plan/context.ts';
import type { NewFile } from '../ports/files.ts';
import type { RunRecord, Store } from '../ports/store.ts';
import type { EngineDependencies } from './dependencies.ts';
import { choicesOf } from './runChoices.ts';
import { inSlices } from './slices.ts';

/** What to export, and how to find the context in which a run worked. */
export interface ExportOptions extends ParamsOf<(typeof methods)['exportDataset']> {
  readonly context: (run: RunRecord) => Promise<RunContext>;
}

type Totals = Pick<ExportReport, 'records' | 'tasks' | 'hinted' | 'humanEdited' | 'reviewed'> & { readonly edits: EditedRecord[]; readonly overrides: OverriddenRecord[]; readonly datasets: Map<string, { readonly records: number; readonly licence?: string }>; readonly excluded: Map<string, number>; readonly recipes: Map<string, number> };

/** A record that a person had a hand in: at which stages of its branch. */
interface EditedRecord {
  readonly task: string;
  readonly branch: string;
  readonly round: number;
  readonly stages: readonly ModelStage[];
}

/** A record that the filters had left out, and a person took in. */
interface OverriddenRecord {
  readonly task: string;
  readonly branch: string;
  readonly round: number;
  readonly reviewer: string;
  readonly step: string;
  readonly reason: string;
}

const recordOf: { readonly [Format in ExportReport['format']]: (input: RecordInput) => string } = {
  chat: chatRecord, 'prompt-completion': promptCompletionRecord, sharegpt: shareGptRecord, alpaca: alpacaRecord,
};

/**
 * Writes the kept paths, in the order of import and of the walk, with a records file (where each line comes from) and a manifest beside it.
 * Every answer is verified once more before it is written. The three files appear when whole; the same project gives the same bytes.
 *
 * What is written is the project as it stood at the beginning, whatever a run stores meanwhile: runs are read and the walk over outcomes begins in one go, that
 * walk shows every outcome as it was then, and answers, tasks and recipes never change.
 */
export async function exportDataset(dependencies: Pick<EngineDependencies, 'files' | 'app' | 'clock'>, store: Store, options: ExportOptions): Promise<ExportReport> {
  const { out, format } = options;
  const [recordsFile, manifest] = [`${out}.records.jsonl`, `${out}.manifest.json`];
  const runs = usedRuns(store);
  const isForeign = (dependencies.files.sizeBytes(out) ?? 0) > 0 && dependencies.files.sizeBytes(manifest) === undefined;
  if (isForeign && options.overwrite !== true) {
    throw problemError('file-exists', `${out} is there already and no earlier export, since no manifest stands beside it: it was left as it is. Choose another name, or say --force.`, { file: out });
  }
  const files: NewFile[] = [];
  const create = (path: string) => {
    const file = dependencies.files.create(path);
    files.push(file);
    return file;
  };
  try {
    const [data, records, manifestFile] = [create(out), create(recordsFile), create(manifest)];
    const totals = await writeRecords(store, { data, records, format }, { pause: inSlices(dependencies.clock), contextOf: rememberedContext(store, options), reviewedOnly: options.reviewedOnly === true });
    const [sha256, recordsHash] = [data.seal(), records.seal()];
    manifestFile.write(`${JSON.stringify(manifestOf({ format, totals, runs, sha256, recordsHash, app: dependencies.app, unreviewed: unreviewedRule(options) }), null, 2)}\n`);
    manifestFile.seal();
    for (const file of files) file.keep();
    const { records: written, tasks, hinted, humanEdited, reviewed } = totals;
    return {
      format, path: out, manifest, recordsFile, records: written, tasks, hinted, humanEdited, reviewed, unreviewed: unreviewedRule(options), sha256,
      excluded: sorted(totals.excluded), recipes: sorted(totals.recipes), simulated: runs.some(run => run.simulated),
    };
  } finally {
    for (const file of files) file.discard();
  }
}

/** Finds the context of a run once. */
function rememberedContext(store: Store, { context }: ExportOptions): (id: RunId) => Promise<RunContext | undefined> {
  const runs = new Map(store.runs().map(run => [run.id, run]));
  const contexts = new Map<RunId, RunContext>();
  return async id => {
    const run = runs.get(id);
    const found = contexts.get(id) ?? (run && await context(run));
    if (found) contexts.set(id, found);
    return found;
  };
}

interface Sinks {
  readonly data: NewFile;
  readonly records: NewFile;
  readonly format: ExportReport['format'];
}

/** What happens to paths that nobody has decided about. */
const unreviewedRule = ({ reviewedOnly }: ExportOptions): ExportReport['unreviewed'] => (reviewedOnly === true ? 'left-out' : 'kept');

interface Walking {
  /** Leaves out what no person has accepted. */
  readonly reviewedOnly: boolean;
  readonly pause: () => Promise<void>;
  readonly contextOf: (id: RunId) => Promise<RunContext | undefined>;
}

async function writeRecords(store: Store, sinks: Sinks, { pause, contextOf, reviewedOnly }: Walking): Promise<Totals> {
  const totals: Totals = { records: 0, tasks: 0, hinted: 0, humanEdited: 0, reviewed: 0, edits: [], overrides: [], datasets: new Map(), excluded: new Map(), recipes: new Map() };
  for (const outcome of store.outcomes()) {
    const task = store.task(outcome.taskId);
    const context = await contextOf(outcome.runId);
    // the type says it again: a held-out task has no way into a training set
    if (!task || !isTrainTask(task) || !context) continue;
    const before = totals.records;
    writeTask(store, { task, outcome, context }, { sinks, totals, reviewedOnly });
    if (totals.records > before) totals.tasks += 1;
    await pause();
  }
  return totals;
}

interface TaskToWrite {
  readonly task: TrainTask;
  readonly outcome: TaskOutcome;
  readonly context: RunContext;
}

function writeTask(store: Store, { task, outcome, context }: TaskToWrite, { sinks, totals, reviewedOnly }: { readonly sinks: Sinks; readonly totals: Totals; readonly reviewedOnly: boolean }): void {
  const answers = outcome.branches.some(isKept) ? store.answers(task.id) : [];
  // the outcome of a task that a run works on may not know of the latest reviews
  const judged = rulings(store.reviews(task.id));
  const { name: recipe, id: recipeId } = context.recipe;
  for (const branch of outcome.branches) {
    const answer = isKept(branch) ? answers.find(each => each.fingerprint === branch.answers.path) : undefined;
    const ruling = answer && judged.get(answer.fingerprint);
    const verified = verifiedAgain({ ...context, task }, { branch, answer, ruling, reviewedOnly });
    if ('reason' in verified) {
      totals.excluded.set(verified.reason, (totals.excluded.get(verified.reason) ?? 0) + 1);
      continue;
    }
    const edited = editedStages(branch, { answers, amended: ruling?.decision === 'amend' });
    count(totals, { task, recipe, branch, edited });
    sinks.data.write(`${recordOf[sinks.format]({ task, path: verified.text, wrapper: trainingPrompt(task) })}\n`);
    const record = { line: totals.records, ...provenance(task, branch), recipe, recipeId, gold: task.gold ?? null, extracted: verified.extracted, verdict: verified.verdict, ...handOf(branch, edited) };
    sinks.records.write(`${JSON.stringify(record)}\n`);
  }
}

/** What people had to do with a record. */
const handOf = ({ review }: BranchOutcome, edited: readonly ModelStage[]) =>
  ({ edited: edited.length > 0, ...(edited.length > 0 ? { editedStages: edited } : {}), ...(review ? { review } : {}) });

interface Verified {
  readonly text: string;
  readonly extracted: string | null;
  readonly verdict: string;
}

/** The text that goes into the training set, after one more look at its answer; or why it does not. */
function verifiedAgain(context: TaskContext, { branch, answer, ruling, reviewedOnly }: PathToVerify): { readonly reason: string } | Verified {
  const against = leftOut(ruling, reviewedOnly);
  if (!answer) return { reason: branch.loss?.reason ?? 'path-missing' };
  if (against !== undefined) return { reason: against };
  const text = ruling?.decision === 'amend' ? { raw: ruling.text, finish: 'stop' as const } : answer;
  const check = checkPath(context, { raw: text.raw, finish: text.finish, round: branch.round });
  const verdict = verdictOfRecord(context, check);
  if (!verdict || !isExported(verdict, context, ruling)) return { reason: 'not-verified-again' };
  return { text: check.text, extracted: verdict.extracted, verdict: verdict.reason };
}

interface Counted {
  readonly task: TrainTask;
  readonly recipe: string;
  readonly branch: BranchOutcome;
  readonly edited: readonly ModelStage[];
}

interface PathToVerify {
  readonly branch: BranchOutcome;
  readonly answer: Answer | undefined;
  readonly ruling: Ruling | undefined;
  readonly reviewedOnly: boolean;
}

/** Why people leave a path out; nothing where they do not. */
function leftOut(ruling: Ruling | undefined, reviewedOnly: boolean): string | undefined {
  if (ruling?.decision === 'reject') return ruling.reason ?? 'rejected';
  return !ruling && reviewedOnly ? 'not-reviewed' : undefined;
}

/** Correct, or a person's word for it, which nothing makes right that was read and is wrong. */
const isExported = ({ kind }: Verdict, { task }: TaskContext, ruling: Ruling | undefined): boolean =>
  task.gold === undefined ? kind !== 'incorrect' : kind === 'correct' || (ruling !== undefined && kind !== 'incorrect');

/** The stages of a branch at which a person wrote the answer or its prompt; whatever came after them was made from that. */
function editedStages(branch: BranchOutcome, { answers, amended }: { readonly answers: readonly Answer[]; readonly amended: boolean }): readonly ModelStage[] {
  if (branch.edited !== true && !amended) return [];
  return modelStages.filter(stage => (stage === 'path' && amended) || answers.some(answer => answer.fingerprint === branch.answers[stage] && answer.edited));
}

function count(totals: Totals, { task: { id, origin }, recipe, branch, edited }: Counted): void {
  totals.records += 1;
  totals.recipes.set(recipe, (totals.recipes.get(recipe) ?? 0) + 1);
  if (branch.hinted) totals.hinted += 1;
  if (branch.review) totals.reviewed += 1;
  const overridden = branch.review?.overrides;
  if (branch.review && overridden) totals.overrides.push({ task: id, branch: branch.id, round: branch.round, reviewer: branch.review.reviewer, ...overridden });
  if (edited.length > 0) {
    totals.humanEdited += 1;
    totals.edits.push({ task: id, branch: branch.id, round: branch.round, stages: edited });
  }
  const { records, licence = origin.licence } = totals.datasets.get(origin.dataset) ?? { records: 0 };
  totals.datasets.set(origin.dataset, { records: records + 1, ...(licence === undefined ? {} : { licence }) });
}

const provenance = (task: TrainTask, branch: BranchOutcome) => ({
  task: task.id, dataset: task.origin.dataset, answerKind: task.answerKind, branch: branch.id, round: branch.round, guidelines: branch.guidelines,
  answers: branch.answers, hinted: branch.hinted, voted: branch.verdicts.some(verdict => verdict.checker === 'vote'),
});

const sorted = <Value>(counts: ReadonlyMap<string, Value>): Record<string, Value> => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));

/** Runs that asked the model anything: a run that found every answer in the store adds nothing to where the data come from. */
function usedRuns(store: Store): readonly RunRecord[] {
  const runs = store.runs().filter(run => run.calls > 0).toReversed();
  if (store.runs().length === 0) throw problemError('no-tasks', `Nothing was run in ${store.path} yet, so there is nothing to export. Run a recipe first: \`regenesis run ${store.path}\`.`);
  return runs;
}

interface ManifestInput {
  readonly format: string;
  readonly totals: Totals;
  readonly runs: readonly RunRecord[];
  readonly sha256: string;
  readonly recordsHash: string;
  readonly app: string;
  readonly unreviewed: ExportReport['unreviewed'];
}

/** Everything that is needed to make the file again, and what a reader of the data must know. No clock time is in it. */
function manifestOf({ format, totals, runs, sha256, recordsHash, app, unreviewed }: ManifestInput): object {
  const share = (count: number) => (totals.records === 0 ? 0 : Math.round((count / totals.records) * 10_000) / 10_000);
  return {
    format,
    madeBy: `ReGenesis Workbench ${app}`,
    simulation: runs.some(run => run.simulated),
    records: totals.records,
    tasks: totals.tasks,
    hinted: totals.hinted,
    hintedRatio: share(totals.hinted),
    humanEdited: totals.humanEdited,
    humanEditedRatio: share(totals.humanEdited),
    ...(totals.edits.length > 0 ? { edits: totals.edits } : {}),
    reviewed: totals.reviewed,
    unreviewed,
    ...(totals.overrides.length > 0 ? { overrides: totals.overrides } : {}),
    sha256,
    recordsSha256: recordsHash,
    datasets: sorted(totals.datasets),
    excluded: sorted(totals.excluded),
    recipes: sorted(totals.recipes),
    runs: runs.filter(run => totals.recipes.has(run.recipeName)).map(({ id, recipeName, recipeId, mode, filter, model, identity, simulated, choices }) => ({ id, recipe: recipeName, recipeId, mode, filter, model, identity, ...judgeOf(choices), simulated })),
  };
}

/** The model that judged, where it was another than the run's. */
function judgeOf(choices: RunRecord['choices']): { readonly judge?: { readonly model: string | undefined; readonly identity: string | undefined } } {
  const judge = choicesOf(withoutAbsent({ choices }))?.judge;
  return judge ? { judge: { model: judge.model, identity: judge.identity } } : {};
}
