import type { ExportReport } from '../../contract/reports.ts';
import { grouped } from '../../core/exchange/grouped.ts';
import { drawing, isSplitOff, pickRecords, type Drawable, type Draws } from '../../core/exchange/pickRecords.ts';
import type { Hash, TaskId } from '../../core/model/ids.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import type { ModelStage } from '../../core/model/stage.ts';
import type { AnswerKind } from '../../core/model/task.ts';
import { choiceLetter } from '../../core/verify/choice.ts';
import { readYesNo } from '../../core/verify/yesno.ts';
import { lengthOf, recordsOf, type RecordRule, type TaskFacts, type TaskRecord } from './taskRecords.ts';
import type { TaskWalks } from './taskWalks.ts';

/** A record that a person had a hand in: at which stages of its branch. */
export interface EditedRecord {
  readonly task: string;
  readonly branch: string;
  readonly round: number;
  readonly stages: readonly ModelStage[];
}

/** A record that the filters had left out, and a person took in. */
export interface OverriddenRecord {
  readonly task: string;
  readonly branch: string;
  readonly round: number;
  readonly reviewer: string;
  readonly step: string;
  readonly reason: string;
}

/** What is remembered of a record between the walks: all that is counted, and no text. */
export interface SurveyedRecord extends Drawable {
  readonly task: TaskId;
  readonly key: string;
  readonly isBetter: boolean;
  /** It stands in the file of the split. */
  readonly splitOff: boolean;
  readonly reviewed: boolean;
  readonly recipe: string;
  /** Made by branches of guidelines, as ReGenesis makes it, and no plain draw. */
  readonly isGuided: boolean;
  /** What its answer was held against: the known one stays `unused` by the recipe, or is not there, and then the majority decides. */
  readonly knownAnswer: 'used' | 'unused' | 'absent';
  /** Of the model that wrote it; see `ServerDescription`. */
  readonly identity: string;
  readonly dataset: string;
  readonly licence?: string;
  readonly answerKind: AnswerKind;
  /** Which of few answers it teaches, of choice and yes-or-no tasks. */
  readonly answer?: string;
  readonly characters: number;
  readonly tokens?: number;
  readonly edit?: EditedRecord;
  readonly override?: OverriddenRecord;
}

/** What a training set will be: its records in the order in which they are written, and what is left out by reason. */
export interface Survey {
  readonly records: readonly SurveyedRecord[];
  readonly excluded: ReadonlyMap<string, number>;
}

/** Walks over the project once, and decides what is written. @param look is shown every task as well */
export async function surveyProject(walks: TaskWalks, { by, hash, look }: { readonly by: RecordRule; readonly hash: Hash; readonly look?: (facts: TaskFacts) => void }): Promise<Survey> {
  const found: SurveyedRecord[] = [];
  const excluded = new Map<string, number>();
  const drawsOf = drawing(hash, by.rule.seed);
  const leaveOut = (reason: string) => excluded.set(reason, (excluded.get(reason) ?? 0) + 1);
  await walks.walk(facts => {
    look?.(facts);
    const { records, leftOut } = recordsOf(facts, by);
    for (const reason of leftOut) leaveOut(reason);
    if (walks.leftOut.has(facts.task.id)) {
      for (const _record of records) leaveOut('left-out');
      return;
    }
    if (records.length === 0) return;
    const splitOff = by.rule.split !== undefined && isSplitOff(facts.task.question, { ...by.rule.split, seed: by.rule.seed }, hash);
    const draws = drawsOf(facts.task.id, records.map(({ key }) => key));
    found.push(...records.flatMap((record, index) => surveyed(facts, record, { splitOff, draws: draws[index] })));
  });
  const reasons = pickRecords(found, { ...by.rule, ...(by.other ? { matching: by.other.matching } : {}) });
  for (const reason of reasons) if (reason !== undefined) leaveOut(reason);
  return { records: found.filter((_, index) => reasons[index] === undefined), excluded };
}

function surveyed({ task, context }: TaskFacts, record: TaskRecord, { splitOff, draws }: { readonly splitOff: boolean; readonly draws: Draws | undefined }): SurveyedRecord | [] {
  if (!draws) return [];
  const { path, rejected } = record;
  const paths = rejected ? [path, rejected] : [path];
  const { branch } = path;
  const place = { task: task.id, branch: branch.id, round: branch.round };
  const override = branch.review?.overrides && { ...place, reviewer: branch.review.reviewer, ...branch.review.overrides };
  return {
    task: task.id, key: record.key, hinted: record.hinted, draws, isBetter: path.isBetter, splitOff, reviewed: branch.review !== undefined || paths.some(({ rejectedBy }) => rejectedBy === 'person'),
    recipe: context.recipe.name, identity: context.identity, isGuided: context.recipe.rounds[1].drawn === undefined, knownAnswer: task.gold === undefined ? 'absent' : context.recipe.knownAnswers, dataset: task.origin.dataset, answerKind: task.answerKind, characters: path.text.length,
    ...withoutAbsent({
      licence: task.origin.licence, answer: path.isBetter ? answerOf(task, path.extracted) : undefined, tokens: lengthOf(path, 'tokens'), override,
      edit: paths.some(({ edited }) => edited.length > 0) ? { ...place, stages: path.edited } : undefined,
    }),
  };
}

/** The letter, or yes or no: whether a training set teaches to say always the same. */
function answerOf({ answerKind, gold, options }: TaskFacts['task'], extracted: string | null): string | undefined {
  const answer = gold ?? extracted;
  if (answer === null) return undefined;
  if (answerKind === 'choice') return choiceLetter(answer, options) ?? undefined;
  return answerKind === 'yesno' ? readYesNo(answer) ?? undefined : undefined;
}

/** What is counted of records, in whatever is said of them. */
export type Totals = Pick<ExportReport, 'records' | 'tasks' | 'hinted' | 'humanEdited' | 'reviewed' | 'recipes'>;

/** Counts records. */
export const totalsOf = (records: readonly SurveyedRecord[]): Totals => ({
  records: records.length, tasks: tasksIn(records), hinted: records.filter(({ hinted }) => hinted).length, humanEdited: records.filter(({ edit }) => edit).length,
  reviewed: records.filter(({ reviewed }) => reviewed).length, recipes: countsOf(records, ({ recipe }) => recipe),
});

/** How many tasks records are of. */
export const tasksIn = (records: readonly SurveyedRecord[]): number => new Set(records.map(({ task }) => task)).size;

/** How many records there are of each word, sorted; those without one are passed over. */
export function countsOf<Item>(items: readonly Item[], wordOf: (item: Item) => string | undefined): Record<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) {
    const word = wordOf(item);
    if (word !== undefined) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return sorted(counts);
}

/** What stands under each name, by name. */
export const sorted = <Value>(values: ReadonlyMap<string, Value>): Record<string, Value> => Object.fromEntries([...values].sort(([a], [b]) => (a < b ? -1 : 1)));

/** Records by data set, with the licences that their tasks name. */
export function datasetsOf(records: readonly SurveyedRecord[]): Record<string, { records: number; licence?: string }> {
  const groups = grouped(records, ({ dataset }) => dataset);
  return sorted(new Map([...groups].map(([name, own]) => {
    const licences = [...new Set(own.flatMap(({ licence }) => licence ?? []))].sort();
    return [name, { records: own.length, ...(licences.length === 0 ? {} : { licence: licences.join(', ') }) }];
  })));
}

/** What was matched, in what is said of an export. */
export const matchedIn = ({ rule: { match }, other }: RecordRule): Pick<ExportReport, 'matched'> =>
  (match && other ? { matched: { by: match.by, file: other.file, sha256: other.sha256, tasks: other.tasks, paths: other.paths } } : {});

/** How many of what a sample wants, or else of what another training set has, are not there. */
export function missingOf({ records }: Survey, { rule: { sample }, other }: RecordRule): number {
  if (!sample) return Math.max(0, (other?.paths ?? 0) - records.length);
  return Math.max(0, sample.count - (sample.by === 'tasks' ? tasksIn(records) : records.length));
}
