import type { BranchOutcome, FunnelStep, Loss } from '../model/outcome.ts';
import type { Filter, FinishReason, Round } from '../model/stage.ts';
import type { Checker, Verdict } from '../model/verdict.ts';
import { lastBox } from '../verify/box.ts';
import { cleanPath } from '../verify/clean.ts';
import { grade, type GradeResult } from '../verify/grade.ts';
import { findLeak } from '../verify/leak.ts';
import { isPlaceholder } from '../verify/placeholder.ts';
import { referenceFilter } from '../verify/reference.ts';
import { findRefusal } from '../verify/refusal.ts';
import type { TaskContext } from './context.ts';

/** What all filters but the judge found of one path. */
export interface PathCheck {
  /** What goes into the training set if the path is kept. */
  readonly text: string;
  readonly verdicts: readonly (Verdict & { readonly checker: Checker })[];
  /** Every filter that it failed, in the recipe's order. */
  readonly failed: readonly Loss[];
}

interface PathFacts {
  readonly raw: string;
  readonly finish: FinishReason;
  readonly round: Round;
}

/** The verdict that decides whether a path is correct: the typed grader's, or the reference filter's where the run uses that. */
export function verdictOfRecord({ filter }: Pick<TaskContext, 'filter'>, outcome: Pick<BranchOutcome, 'verdicts'>): Verdict | undefined {
  return outcome.verdicts.find(verdict => verdict.checker === filter);
}

/** Runs every filter of the recipe that needs no model over one path; all of them, also after the first that fails. */
export function checkPath(context: TaskContext, path: PathFacts): PathCheck {
  const typed = gradePath(context, path.raw);
  if (context.filter === 'reference') return referenceCheck(context, path, typed);
  const cleaned = context.recipe.clean && context.recipe.filters.includes('clean') ? cleanPath(path.raw, context.recipe.clean) : undefined;
  const text = cleaned?.ok ? cleaned.text : path.raw.trim();
  const failed: Loss[] = [];
  for (const step of context.recipe.filters) {
    const reason = filterReasons[step]({ context, path, typed, text, cleaned });
    if (reason !== null) failed.push({ step, reason });
  }
  return { text, verdicts: [verdictOf(typed, context), ...leakVerdict(failed)], failed };
}

interface FilterInput {
  readonly context: TaskContext;
  readonly path: PathFacts;
  readonly typed: GradeResult;
  readonly text: string;
  readonly cleaned: ReturnType<typeof cleanPath> | undefined;
}

/** Reason of a path that no data file can hold. */
export const brokenText = 'broken-text';
/** Half of a character pair: a data file that holds one is refused whole by most readers of JSON. */
const isBroken = (text: string): boolean => /\p{Surrogate}/u.test(text);

/** Why a path fails each filter; null where it passes. The judge is asked elsewhere, since it needs a call. */
const filterReasons: { readonly [Name in Filter]: (input: FilterInput) => string | null } = {
  finish: ({ path }) => (path.finish === 'length' ? 'cut' : path.finish === 'filtered' ? 'withheld' : null),
  refusal: ({ path }) => findRefusal(path.raw)?.reason ?? null,
  placeholder: ({ path }) => {
    const box = lastBox(path.raw);
    return box && 'content' in box && isPlaceholder(box.content) ? 'placeholder' : null;
  },
  extract: ({ path, typed }) => (isBroken(path.raw) ? brokenText : typed.verdict === 'unreadable' ? typed.reason : null),
  verify: ({ context, typed }) => (context.task.gold === undefined ? null : failedVerdict(typed)),
  judge: () => null,
  leak: ({ context, path }) => (path.round === 1 ? null : leakReason(context, path.raw)),
  clean: ({ cleaned }) => (cleaned && !cleaned.ok ? cleaned.reason : null),
  reverify: ({ context, path, text, typed }) => (context.task.gold === undefined || text === path.raw.trim() ? null : changedBy(gradePath(context, text), typed)),
  length: ({ context, text }) => {
    const { length } = context.recipe;
    return length && context.countTokens && context.countTokens(text) >= length.below ? 'too-long' : null;
  },
};

const failedVerdict = (result: GradeResult): string | null => (result.verdict === 'correct' || result.verdict === 'unreadable' ? null : result.reason);
const changedBy = (after: GradeResult, before: GradeResult): string | null => (after.verdict === before.verdict ? null : 'answer-changed');
/** An answer that was left unused is not there for the grader; whoever reads the verdict sees it beside it. */
const verdictOf = ({ verdict, extracted, reason }: GradeResult, { recipe }: TaskContext): Verdict & { checker: Checker } => ({
  checker: 'typed', kind: verdict, extracted, reason: reason === 'gold-empty' && recipe.knownAnswers === 'unused' ? 'gold-unused' : reason,
});

function gradePath({ task }: TaskContext, output: string): GradeResult {
  return grade({ gold: task.gold ?? '', output, kind: task.answerKind, ...(task.options ? { options: task.options } : {}) });
}

function leakReason({ task }: TaskContext, path: string): string | null {
  return findLeak({ question: task.question, gold: task.gold ?? '', path }).reason;
}

function leakVerdict(failed: readonly Loss[]): (Verdict & { checker: Checker })[] {
  const leak = failed.find(loss => loss.step === 'leak');
  return leak ? [{ checker: 'leak', kind: 'incorrect', extracted: null, reason: leak.reason }] : [];
}

function referenceCheck(context: TaskContext, { raw }: PathFacts, typed: GradeResult): PathCheck {
  const { countTokens, task } = context;
  const found = referenceFilter({ gold: task.gold ?? '', output: raw, ...(countTokens ? { countTokens } : {}) });
  const failed: Loss[] = [];
  const fail = (step: FunnelStep, reason: string) => failed.push({ step, reason });
  if (isBroken(raw)) fail('extract', brokenText);
  if (found.verdict !== 'correct') fail('verify', found.reason);
  if (found.cut === null) fail('clean', 'reference-keeps-nothing');
  const reference = { checker: 'reference' as const, kind: found.verdict, extracted: found.extracted, reason: found.reason };
  return { text: found.cut ?? raw.trim(), verdicts: [reference, verdictOf(typed, context)], failed };
}
