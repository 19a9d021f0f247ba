import type { ExportFormat } from '../../core/model/exportRule.ts';
import type { RecordPath, TaskFacts, TaskRecord } from './taskRecords.ts';

interface Place {
  /** Of its data file, from 1. */
  readonly line: number;
  readonly format: ExportFormat;
  /** Which file, where there are two. */
  readonly split?: string;
}

/** Where a record comes from, as a line of the records file. `hinted`: a path of it is; of a pair, the better path is what stands in the line itself. */
export function recordLine({ task, context: { recipe } }: TaskFacts, { path, rejected, hinted }: TaskRecord, { line, format, split }: Place): object {
  const { branch } = path;
  return {
    line, ...(split === undefined ? {} : { split }), task: task.id, dataset: task.origin.dataset, answerKind: task.answerKind, branch: branch.id, round: branch.round, guidelines: branch.guidelines,
    answers: branch.answers, hinted, voted: branch.verdicts.some(verdict => verdict.checker === 'vote'), recipe: recipe.name, recipeId: recipe.id, gold: task.gold ?? null,
    extracted: path.extracted, verdict: path.verdict, ...handOf(path), ...(format === 'kto' ? { label: path.isBetter } : {}), ...rejectedBy(path),
    ...(rejected ? { chosenHinted: branch.hinted, rejected: rejectedLine(rejected) } : {}),
  };
}

/** What people had to do with a path. */
const handOf = ({ branch: { review }, edited }: RecordPath): object =>
  ({ edited: edited.length > 0, ...(edited.length > 0 ? { editedStages: edited } : {}), ...(review ? { review } : {}) });

const rejectedBy = (path: RecordPath): object => (path.rejectedBy === undefined ? {} : { rejectedBy: path.rejectedBy });

const rejectedLine = (path: RecordPath): object => ({
  branch: path.branch.id, round: path.branch.round, guidelines: path.branch.guidelines, answers: path.branch.answers, hinted: path.branch.hinted,
  extracted: path.extracted, verdict: path.verdict, ...handOf(path), ...rejectedBy(path),
});
