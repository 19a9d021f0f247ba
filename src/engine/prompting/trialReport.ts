import type { TriedShare, TriedSide, TrialReport } from '../../contract/prompts.ts';
import type { Answer, Attempt } from '../../core/model/answer.ts';
import type { TaskId } from '../../core/model/ids.ts';
import { decidingVerdict, type BranchOutcome } from '../../core/model/outcome.ts';
import type { ModelStage } from '../../core/model/stage.ts';
import { wilson } from '../../core/stats/interval.ts';
import { signTest } from '../../core/stats/signTest.ts';
import { estimateTokens } from '../../core/verify/tokens.ts';
import type { Store } from '../../ports/store.ts';

/** What one side of a trial came to, task by task. */
export interface Side {
  readonly tried: readonly (TriedSide & { readonly branch: string })[];
  readonly calls: number;
  readonly cached: number;
}

/** What the one branch of a task came to in the latest run of a scratch project. */
export function sideOf(scratch: Store, { id, stage }: { readonly id: TaskId; readonly stage: ModelStage }): Side['tried'][number] {
  const outcome = scratch.outcome(id)?.branches[0];
  const byFingerprint = new Map(scratch.answers(id).map(answer => [answer.fingerprint, answer]));
  const used = Object.values(outcome?.answers ?? {}).flatMap(fingerprint => byFingerprint.get(fingerprint) ?? []);
  return { branch: outcome?.id ?? '', text: used.find(answer => answer.stage === stage)?.raw ?? null, ...foundOf(outcome), ...tokensOf(used, scratch.attempts(id)) };
}

function foundOf(outcome: BranchOutcome | undefined): Pick<TriedSide, 'extracted' | 'verdict' | 'reason'> {
  if (outcome?.answers.path === undefined) return { extracted: null, verdict: 'lost', reason: outcome?.loss?.reason ?? 'not-settled' };
  const verdict = decidingVerdict(outcome);
  return verdict ? { extracted: verdict.extracted, verdict: verdict.kind, reason: verdict.reason } : { extracted: null, verdict: 'unjudged', reason: 'no-verdict' };
}

function tokensOf(answers: readonly Answer[], attempts: readonly Attempt[]): Pick<TriedSide, 'promptTokens' | 'outputTokens'> {
  const asked = attempts.filter(({ id }) => answers.some(({ attemptId }) => attemptId === id)).flatMap(({ call }) => call.messages);
  const outputs = answers.map(({ outputTokens }) => outputTokens);
  return {
    promptTokens: asked.reduce((sum, { content }) => sum + estimateTokens(content), 0),
    outputTokens: sumOf(outputs),
  };
}

/** Null where one of them was not counted: a sum of the others would say less than there is. */
function sumOf(counts: readonly (number | null | undefined)[]): number | null {
  let sum = 0;
  for (const tokens of counts) {
    if (tokens === null || tokens === undefined) return null;
    sum += tokens;
  }
  return sum;
}

/** Both sides together. Only tasks with a known answer can be right or wrong. */
export function sumsOf({ tasks, store }: { readonly tasks: readonly TaskId[]; readonly store: Store }, before: Side, after: Side): Pick<TrialReport, 'tasks' | 'before' | 'after' | 'better' | 'worse' | 'chance'> {
  const rows = tasks.flatMap((id, index) => {
    const [task, one, other] = [store.task(id), before.tried[index], after.tried[index]];
    if (!task || !one || !other) return [];
    const { branch, ...sideBefore } = one;
    const { branch: same, ...sideAfter } = other;
    return [{ id, question: task.question, gold: task.gold ?? null, branch: branch || same, before: sideBefore, after: sideAfter }];
  });
  const known = rows.filter(({ gold }) => gold !== null);
  const right = ({ verdict }: TriedSide) => verdict === 'correct';
  const share = (side: Side, of: 'before' | 'after'): TriedShare => {
    const correct = known.filter(row => right(row[of])).length;
    return {
      correct, of: known.length, ...wilson(correct, known.length), calls: side.calls, cached: side.cached,
      promptTokens: rows.reduce((sum, row) => sum + row[of].promptTokens, 0), outputTokens: sumOf(rows.map(row => row[of].outputTokens)),
    };
  };
  const better = known.filter(row => !right(row.before) && right(row.after)).length;
  const worse = known.filter(row => right(row.before) && !right(row.after)).length;
  return { tasks: rows, before: share(before, 'before'), after: share(after, 'after'), better, worse, chance: signTest(better, worse) };
}
