import { pairPaths } from '../../core/exchange/pairPaths.ts';
import type { Matching } from '../../core/exchange/pickRecords.ts';
import type { Answer } from '../../core/model/answer.ts';
import { holdsRejected, type ExportFormat, type ExportRule, type LengthRule, type RuleReason } from '../../core/model/exportRule.ts';
import type { Fingerprint } from '../../core/model/ids.ts';
import { isKept, type BranchOutcome, type TaskOutcome } from '../../core/model/outcome.ts';
import type { Ruling } from '../../core/model/review.ts';
import { modelStages, type ModelStage } from '../../core/model/stage.ts';
import type { TrainTask } from '../../core/model/task.ts';
import type { RunContext } from '../../core/plan/context.ts';
import { normalisedPath } from '../../core/plan/walk.ts';
import type { RequestRow } from '../../ports/store.ts';
import { betterPath, worsePath, type JudgedPath } from './judgePath.ts';

/** Everything that is known of a task that was settled. */
export interface TaskFacts {
  readonly task: TrainTask;
  readonly outcome: TaskOutcome;
  readonly context: RunContext;
  /** Of the whole task; empty where no record can come of it. */
  readonly answers: readonly Answer[];
  /** What people's reviews come to. The outcome of a task that a run works on may not know of the latest. */
  readonly judged: ReadonlyMap<Fingerprint, Ruling>;
  /** What was asked for it; see `TaskWalks`. Read when it is called. */
  readonly requests: () => readonly RequestRow[];
}

/** A path of a record. */
export interface RecordPath extends JudgedPath {
  readonly branch: BranchOutcome;
  readonly answer: Answer;
  /** Stages at which a person wrote the answer or its prompt. */
  readonly edited: readonly ModelStage[];
  /** Whether it is to be learnt. */
  readonly isBetter: boolean;
}

/** One record of a training set. */
export interface TaskRecord {
  /** Tells it apart from every other record of the project, the same whenever it is made. */
  readonly key: string;
  /** A path of it was written with the known answer as a hint. */
  readonly hinted: boolean;
  readonly path: RecordPath;
  /** What the path is held against; of `dpo` only. */
  readonly rejected?: RecordPath;
}

/** What a training set is made by. */
export interface RecordRule {
  readonly format: ExportFormat;
  /** A manifest that it names stands without its folder. */
  readonly rule: ExportRule;
  /** What the rule wants to be matched; absent: nothing. */
  readonly other?: OtherSet;
}

/** Another training set, as far as one can be made equal to it. */
export interface OtherSet {
  /** Name of its data file. */
  readonly file: string;
  readonly sha256: string;
  readonly tasks: number;
  readonly paths: number;
  readonly matching: Matching;
}

/** What comes of one task: records in the order of the walk, and the reason of each path that is left out. */
export interface TaskRecords {
  readonly records: readonly TaskRecord[];
  readonly leftOut: readonly string[];
}

/** Whether a branch may come to a record: where none of a task does, its answers need not be read. */
export const mayCount = (branch: BranchOutcome, format: ExportFormat): boolean => isKept(branch) || (holdsRejected(format) && branch.answers.path !== undefined);

/** The records of one task, but for what is drawn among all tasks. */
export function recordsOf(facts: TaskFacts, by: RecordRule): TaskRecords {
  const leftOut: string[] = [];
  const paths: RecordPath[] = [];
  const texts = new Set<string>();
  for (const branch of facts.outcome.branches) {
    const found = pathOf(facts, branch, by);
    const reason = typeof found === 'string' ? found : lengthReason(found, by.rule.length);
    if (reason !== undefined) leftOut.push(reason);
    else if (typeof found !== 'string') paths.push(found);
  }
  for (const { isBetter, text } of paths) if (isBetter) texts.add(normalisedPath(text));
  const distinct = paths.filter(({ isBetter, text }) => {
    const isNew = isBetter || !texts.has(normalisedPath(text));
    if (isNew) texts.add(normalisedPath(text));
    else leftOut.push('same-text');
    return isNew;
  });
  const some = within(distinct, by.rule.pathsPerTask, leftOut);
  const records = by.format === 'dpo' ? pairsOf(some, by.rule, leftOut) : some.map(path => ({ path }));
  return { leftOut, records: records.map(named) };
}

function named(record: Pick<TaskRecord, 'path' | 'rejected'>): TaskRecord {
  const paths = [record.path, ...(record.rejected ? [record.rejected] : [])];
  return { ...record, key: paths.map(({ branch, answer }) => `${branch.round} ${branch.id} ${answer.fingerprint}`).join('\n'), hinted: paths.some(({ branch }) => branch.hinted) };
}

/** A branch as a path of a record, or why it is none. */
function pathOf({ task, context, answers, judged }: TaskFacts, branch: BranchOutcome, { format, rule }: RecordRule): RecordPath | string {
  const answer = mayCount(branch, format) ? answers.find(each => each.fingerprint === branch.answers.path) : undefined;
  const ruling = answer && judged.get(answer.fingerprint);
  const input = { branch, answer, ruling, reviewedOnly: rule.reviews === 'reviewed-only' };
  const better = betterPath({ ...context, task }, input);
  const isBetter = typeof better !== 'string';
  const found = isBetter || !holdsRejected(format) ? better : worsePath({ ...context, task }, input) ?? better;
  if (typeof found === 'string' || !answer) return typeof found === 'string' ? found : 'path-missing';
  return { ...found, branch, answer, isBetter, edited: editedStages(branch, { answers, amended: isBetter && ruling?.decision === 'amend' }) };
}

/** The stages of a branch at which a person wrote the answer or its prompt; whatever came after them was made from that. */
function editedStages(branch: BranchOutcome, { answers, amended }: { readonly answers: readonly Answer[]; readonly amended: boolean }): readonly ModelStage[] {
  if (branch.edited !== true && !amended) return [];
  return modelStages.filter(stage => (stage === 'path' && amended) || answers.some(answer => answer.fingerprint === branch.answers[stage] && answer.edited));
}

/** How long a path is; absent where its server did not say, or a person has changed it since. */
export const lengthOf = ({ text, answer, edited }: Pick<RecordPath, 'text' | 'answer' | 'edited'>, unit: LengthRule['unit']): number | undefined =>
  unit === 'characters' ? text.length : edited.includes('path') ? undefined : answer.outputTokens;

function lengthReason(path: RecordPath, rule: LengthRule | undefined): RuleReason | undefined {
  if (rule === undefined || (rule.least === undefined && rule.most === undefined)) return undefined;
  const length = lengthOf(path, rule.unit);
  if (length === undefined) return 'length-unknown';
  if (length < (rule.least ?? 0)) return 'under-length';
  return length > (rule.most ?? Infinity) ? 'over-length' : undefined;
}

/** The first so many of each kind, in the order of the walk. */
function within(paths: readonly RecordPath[], most: number | undefined, leftOut: string[]): readonly RecordPath[] {
  const seen = { better: 0, worse: 0 };
  return paths.filter(({ isBetter }) => {
    const place = (seen[isBetter ? 'better' : 'worse'] += 1);
    if (place <= (most ?? Infinity)) return true;
    leftOut.push('over-paths-per-task' satisfies RuleReason);
    return false;
  });
}

/** Pairs of a better and a worse path; what people rejected comes first, since they looked at it. */
function pairsOf(paths: readonly RecordPath[], { rejectedPerChosen }: ExportRule, leftOut: string[]): readonly Pick<Required<TaskRecord>, 'path' | 'rejected'>[] {
  const better = paths.filter(({ isBetter }) => isBetter);
  const worse = paths.filter(({ isBetter }) => !isBetter).toSorted((a, b) => Number(b.rejectedBy === 'person') - Number(a.rejectedBy === 'person'));
  const pairs = pairPaths(better.length, worse.length, rejectedPerChosen).flatMap(({ chosen, rejected }) => {
    const [path, against] = [better[chosen], worse[rejected]];
    return path && against ? [{ path, rejected: against }] : [];
  });
  const used = new Set(pairs.flatMap(pair => [pair.path, pair.rejected]));
  const reason: RuleReason = better.length === 0 ? 'no-chosen' : worse.length === 0 ? 'no-rejected' : 'not-paired';
  for (const path of paths) if (!used.has(path)) leftOut.push(reason);
  return pairs;
}
