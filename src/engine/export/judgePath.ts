import type { Answer } from '../../core/model/answer.ts';
import { isKept, type BranchOutcome } from '../../core/model/outcome.ts';
import type { Ruling } from '../../core/model/review.ts';
import type { Filter } from '../../core/model/stage.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import { brokenText, checkPath, verdictOfRecord, type PathCheck } from '../../core/plan/checkPath.ts';
import { voteKey } from '../../core/verify/equal.ts';
import { asRecipeKnows, type TaskContext } from '../../core/plan/context.ts';

/** A path with what was found of it, looked at once more before it is written. */
export interface JudgedPath {
  /** As it is written, cleaned by the rules of its recipe. */
  readonly text: string;
  readonly extracted: string | null;
  readonly verdict: string;
  /** Who says that it is not to be learnt; of worse paths only. */
  readonly rejectedBy?: 'person' | 'grader';
}

/** A branch, and what is known of its path. */
export interface PathToJudge {
  readonly branch: BranchOutcome;
  readonly answer: Answer | undefined;
  readonly ruling: Ruling | undefined;
  readonly reviewedOnly: boolean;
}

/** A kept path whose answer is found right once more, or that a person has taken in; else why it is not to be learnt. */
export function betterPath(whole: TaskContext, { branch, answer, ruling, reviewedOnly }: PathToJudge): JudgedPath | string {
  if (!answer || !isKept(branch)) return branch.loss?.reason ?? 'path-missing';
  const against = leftOut(ruling, reviewedOnly);
  if (against !== undefined) return against;
  const context = asRecipeKnows(whole);
  const text = ruling?.decision === 'amend' ? { raw: ruling.text, finish: 'stop' as const } : answer;
  const check = checkPath(context, { raw: text.raw, finish: text.finish, round: branch.round });
  const verdict = verdictOfRecord(context, check);
  if (!verdict || !isExported(verdict, context, { branch, ruling })) return 'not-verified-again';
  return { text: check.text, extracted: verdict.extracted, verdict: verdict.reason };
}

/** Why people leave a path out; nothing where they do not. */
function leftOut(ruling: Ruling | undefined, reviewedOnly: boolean): string | undefined {
  if (ruling?.decision === 'reject') return ruling.reason ?? 'rejected';
  return !ruling && reviewedOnly ? 'not-reviewed' : undefined;
}

/** Correct, or what the majority said where that decides; or a person's word for it, which nothing makes right that was read and is wrong. */
function isExported({ kind, extracted }: Verdict, { task: { gold, answerKind, options } }: TaskContext, { branch, ruling }: Pick<PathToJudge, 'branch' | 'ruling'>): boolean {
  if (ruling !== undefined) return kind !== 'incorrect';
  if (gold !== undefined) return kind === 'correct';
  const said = branch.verdicts.find(verdict => verdict.checker === 'vote' && verdict.kind === 'correct')?.extracted ?? null;
  return said !== null && extracted !== null && voteKey(said, answerKind, options) === voteKey(extracted, answerKind, options);
}

/** What makes a path no example of wrong reasoning, though its answer is wrong: it was cut, says nothing, has no answer that can be read, or betrays the hint. */
const unfit: readonly Filter[] = ['finish', 'refusal', 'placeholder', 'extract', 'leak'];

/**
 * A path that is not to be learnt, as an example of what is wrong: what a person has rejected, whatever the filters say of it, and what was read whole and is not the
 * known answer. Nothing else: a path that cannot be read, was cut or leaks may reason well; one that was rejected since the *known* answer is wrong may be right; and
 * where no answer is known, the majority's is no more than likely.
 */
export function worsePath(whole: TaskContext, { branch, answer, ruling, reviewedOnly }: PathToJudge): JudgedPath | undefined {
  if (!answer || !mayBeWorse(ruling, reviewedOnly)) return undefined;
  const context = asRecipeKnows(whole);
  const path = { raw: answer.raw, finish: answer.finish, round: branch.round };
  const mistake = checkPath(asMistake(context), path);
  const recorded = context.filter === 'typed' ? mistake : checkPath(context, path);
  const [verdict] = mistake.verdicts;
  if (!verdict || recorded.text === '' || mistake.failed.some(({ reason }) => reason === brokenText)) return undefined;
  const found = { text: recorded.text, extracted: verdict.extracted, verdict: verdict.reason };
  if (ruling?.decision === 'reject') return { ...found, rejectedBy: 'person' };
  return !isKept(branch) && isMistake(context, { mistake, recorded }) ? { ...found, rejectedBy: 'grader' } : undefined;
}

/** Read whole, and not the known answer, whoever grades it. */
function isMistake(context: TaskContext, { mistake, recorded }: { readonly mistake: PathCheck; readonly recorded: PathCheck }): boolean {
  if (context.task.gold === undefined || mistake.failed.some(({ step }) => unfit.some(each => each === step))) return false;
  return mistake.verdicts[0]?.kind === 'incorrect' && verdictOfRecord(context, recorded)?.kind !== 'correct';
}

/** A person who takes a path in says that it is not worse, and one who doubts the known answer says nothing of the path. */
const mayBeWorse = (ruling: Ruling | undefined, reviewedOnly: boolean): boolean =>
  ruling === undefined ? !reviewedOnly : ruling.decision === 'reject' && ruling.reason !== 'wrong-known-answer';

/** The same context, in which a path is graded by the typed grader and held against nothing but what makes it unfit. */
function asMistake(context: TaskContext): TaskContext {
  const { recipe } = context;
  return { ...context, filter: 'typed', recipe: { ...recipe, filters: recipe.filters.includes('clean') ? [...unfit, 'clean'] : unfit } };
}
