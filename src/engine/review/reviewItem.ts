import { mostShown, type ReviewItem } from '../../contract/review.ts';
import { align } from '../../core/align/align.ts';
import type { Answer } from '../../core/model/answer.ts';
import { branchTitle } from '../../core/model/branchTitle.ts';
import type { Guideline } from '../../core/model/guideline.ts';
import { decidingVerdict, isKept, type BranchOutcome, type TaskOutcome } from '../../core/model/outcome.ts';
import { standingReviews } from '../../core/model/review.ts';
import type { ModelStage } from '../../core/model/stage.ts';
import type { Task } from '../../core/model/task.ts';
import { findLeak } from '../../core/verify/leak.ts';
import type { Store } from '../../ports/store.ts';

/** Most characters of an answer that are handed over: nobody compares longer ones by eye. */
const mostOfAnswer = 20_000;

/** What is known of a path beside its task's facts. */
export interface ItemContext {
  readonly guidelines: ReadonlyMap<string, Guideline>;
  readonly perTask: number;
  readonly simulated: boolean;
  readonly doubts: ReviewItem['doubts'];
  readonly sampled: boolean;
}

/** A path as a person reviews it; absent where the task's outcome does without it. */
export function reviewItem(store: Store, { task, path }: { readonly task: Task; readonly path: string }, context: ItemContext): ReviewItem | undefined {
  const outcome = store.outcome(task.id);
  const branch = outcome?.branches.find(each => each.answers.path === path);
  const answers = store.answers(task.id);
  const answer = answers.find(each => each.fingerprint === path);
  if (!outcome || !branch || !answer) return undefined;
  const textOf = (stage: ModelStage) => answers.find(each => each.fingerprint === branch.answers[stage])?.raw.slice(0, mostShown);
  const [adapted, structure] = [textOf('adapt')?.trim(), textOf('structure')?.trim()];
  const text = answer.raw.slice(0, mostShown);
  const leak = leakOf(task, branch, text);
  return {
    path,
    task: taskOf(store, task, { outcome, perTask: context.perTask }),
    branch: branchOf(branch, context),
    doubts: [...context.doubts],
    sampled: context.sampled,
    ...(adapted === undefined ? {} : { adapted }),
    ...(structure === undefined ? {} : { structure }),
    text,
    length: answer.raw.length,
    alignment: alignmentOf(structure, text),
    ...findingsOf(branch),
    ...(leak ? { leak } : {}),
    ...answerFacts(branch, answer),
    simulated: context.simulated,
    reviews: reviewsOf(store, task, path),
    rail: railOf(outcome, context),
  };
}

function taskOf(store: Store, task: Task, { outcome, perTask }: { readonly outcome: TaskOutcome; readonly perTask: number }): ReviewItem['task'] {
  const { id, question, gold, answerKind } = task;
  return {
    id, question: question.slice(0, mostShown), ...(gold === undefined ? {} : { gold: gold.slice(0, mostOfAnswer) }), answerKind, state: outcome.state, kept: outcome.branches.filter(isKept).length, perTask,
    corrected: store.corrections(id).length > 0,
  };
}

function branchOf({ id, round, guidelines }: BranchOutcome, { guidelines: known }: ItemContext): ReviewItem['branch'] {
  const own = guidelines.map(each => known.get(each));
  return { id, round, title: titleOf(id, guidelines, known), guidelines: [...guidelines], guidelineText: own.map(each => each?.text ?? '').filter(each => each !== '').join('\n') };
}

const titleOf = (id: string, guidelines: readonly string[], known: ReadonlyMap<string, Guideline>): string => branchTitle(id, guidelines.map(each => known.get(each)?.title ?? each));

/** Held against the structure where the recipe builds one; else the path's own steps. */
export function alignmentOf(structure: string | undefined, path: string): ReviewItem['alignment'] {
  const { structure: steps, path: pathSteps, pairs, marks, coverage } = align({ structure: structure ?? '', path });
  const step = ({ text, start, end }: (typeof steps)[number]) => ({ text, start, end });
  return {
    structure: steps.map(step), path: pathSteps.map(step), pairs: pairs.map(([one, other]) => [one, other]),
    marks: { structure: [...marks.structure], path: structure === undefined ? marks.path.map(() => 'joined' as const) : [...marks.path] },
    coverage: structure === undefined || steps.length === 0 ? null : coverage,
  };
}

function findingsOf(branch: BranchOutcome): Pick<ReviewItem, 'verdicts' | 'extracted' | 'kept' | 'loss' | 'failed'> {
  const { verdicts, loss, failed } = branch;
  const cut = (answer: string | null | undefined) => answer?.slice(0, mostOfAnswer) ?? null;
  return { verdicts: verdicts.map(verdict => ({ ...verdict, extracted: cut(verdict.extracted) })), extracted: cut(decidingVerdict(branch)?.extracted), kept: isKept(branch), ...(loss ? { loss: { ...loss } } : {}), failed: failed.map(each => ({ ...each })) };
}

/** Only a path that was shown the answer can betray it. */
function leakOf({ question, gold }: Task, { hinted }: BranchOutcome, path: string): ReviewItem['leak'] {
  if (!hinted || gold === undefined) return undefined;
  const { reason, start, end } = { start: undefined, end: undefined, ...findLeak({ question, gold, path }) };
  return reason === null || start === undefined || end === undefined ? undefined : { reason, start, end };
}

const answerFacts = ({ hinted, edited }: BranchOutcome, { finish, outputTokens }: Answer): Pick<ReviewItem, 'hinted' | 'edited' | 'finish' | 'outputTokens'> =>
  ({ hinted, edited: edited === true, finish, ...(outputTokens === undefined ? {} : { outputTokens }) });

function reviewsOf(store: Store, { id }: Task, path: string): ReviewItem['reviews'] {
  const standing = standingReviews(store.reviews(id).filter(review => review.path === path));
  const said = standing.filter(({ decision, note, marks }) => decision !== 'none' || note !== undefined || marks.length > 0);
  return said.toSorted((one, other) => other.reviewedAtMs - one.reviewedAtMs).map(({ id: own, reviewer, reviewedAtMs, decision, reason, marks, note, amendedText }) => ({
    id: own, reviewer, reviewedAtMs, decision, marks: marks.map(mark => ({ ...mark })),
    ...(reason === undefined ? {} : { reason }), ...(note === undefined ? {} : { note }), ...(amendedText === undefined ? {} : { amendedText }),
  }));
}

const railOf = ({ branches }: TaskOutcome, { guidelines }: ItemContext): ReviewItem['rail'] => branches.flatMap(branch => {
  const { path } = branch.answers;
  return path === undefined ? [] : [{ path, title: titleOf(branch.id, branch.guidelines, guidelines), round: branch.round, group: groupOf(branch) }];
});

function groupOf(branch: BranchOutcome): ReviewItem['rail'][number]['group'] {
  if (isKept(branch)) return 'kept';
  if (branch.review?.decision === 'reject') return 'rejected';
  if (branch.loss?.step === 'leak') return 'leak';
  return decidingVerdict(branch)?.kind ?? 'unreadable';
}
