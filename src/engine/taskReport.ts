import type { BranchReport, TaskReport } from '../contract/reports.ts';
import type { Answer, Attempt } from '../core/model/answer.ts';
import { branchTitle } from '../core/model/branchTitle.ts';
import type { AttemptId } from '../core/model/ids.ts';
import { isKept, type BranchOutcome } from '../core/model/outcome.ts';
import { isTrainTask, type Task } from '../core/model/task.ts';
import { TaskPlan } from '../core/plan/taskPlan.ts';
import type { RunContext } from '../core/plan/context.ts';
import type { Branch } from '../core/plan/branch.ts';
import type { SelectedBranch } from '../core/plan/select.ts';
import { stepTexts } from '../core/verify/steps.ts';
import type { Store } from '../ports/store.ts';
import { taskNamed } from './taskNamed.ts';

/**
 * Everything known of one task, worked out anew from its facts by the recipe of the run that settled it.
 *
 * @param options.context of that run, or of the latest one where none has settled the task; absent where nothing was run yet
 * Throws `task-not-found`.
 */
export function taskReport(store: Store, id: string, options: { readonly context?: RunContext; readonly active: boolean; readonly simulated: boolean }): TaskReport {
  const task = taskNamed(store, id);
  const state = options.active ? 'running' as const : store.outcome(task.id)?.state ?? 'not-started' as const;
  const { question, gold, answerKind, split, origin } = task;
  const branches = options.context && isTrainTask(task) ? branchReports(store, task, options.context) : [];
  return {
    task: { id, question, ...(gold === undefined ? {} : { gold }), answerKind, split, dataset: origin.dataset, state },
    branches,
    selection: branches.filter(branch => branch.kept).map(branch => ({
      branch: branch.id, round: branch.round, hinted: branch.hinted, path: branch.answers.find(answer => answer.stage === 'path')?.fingerprint ?? '',
    })),
    simulated: options.simulated,
  };
}

function branchReports(store: Store, task: Extract<Task, { split: 'train' }>, context: RunContext): BranchReport[] {
  const plan = new TaskPlan({ ...context, task }, store.edits(task.id), store.reviews(task.id));
  plan.receive(store.answers(task.id), store.lost(task.id));
  const attempts = new Map(store.attempts(task.id).map(attempt => [attempt.id, attempt]));
  const selected = new Map(plan.selected().map(each => [`${each.outcome.round}/${each.outcome.id}`, each]));
  return plan.rounds.flatMap(round => round.launched.flatMap(branch => {
    const settled = selected.get(`${round.round}/${branch.id}`);
    // an open branch of a finished round was not needed; it is shown as far as it came
    return settled || branch.used.size > 0 ? [branchReport(branch, settled, attempts)] : [];
  }));
}

function branchReport(branch: Branch, settled: SelectedBranch | undefined, attempts: ReadonlyMap<AttemptId, Attempt>): BranchReport {
  const used = [...branch.used];
  return {
    id: branch.id,
    round: branch.round,
    guidelines: branch.guidelines.map(guideline => guideline.id),
    title: branchTitle(branch.id, branch.guidelines.map(guideline => guideline.title)),
    ...textsOf(used, settled?.text),
    ...findingsOf(settled?.outcome),
    hinted: branch.round === 2,
    edited: used.some(answer => answer.edited),
    answers: used.map(answer => answerReport(answer, attempts.get(answer.attemptId))),
  };
}

/** What was understood of each stage. @param kept the path as it goes into the training set; said only where it differs from the raw one */
function textsOf(used: readonly Answer[], kept: string | undefined): Pick<BranchReport, 'adapted' | 'structure' | 'path'> {
  const last = (stage: Answer['stage']) => used.findLast(answer => answer.stage === stage)?.raw;
  const [adapted, structure, path] = [last('adapt')?.trim(), last('structure')?.trim(), last('path')];
  const cleaned = kept === undefined || kept === path?.trim() ? {} : { cleaned: kept };
  return {
    ...(adapted === undefined ? {} : { adapted }),
    ...(structure === undefined ? {} : { structure: { text: structure, steps: [...stepTexts(structure)] } }),
    ...(path === undefined ? {} : { path: { text: path, ...cleaned } }),
  };
}

function findingsOf(outcome: BranchOutcome | undefined): Pick<BranchReport, 'verdicts' | 'kept' | 'loss' | 'failed'> {
  if (!outcome) return { verdicts: [], kept: false, failed: [] };
  const { verdicts, loss, failed } = outcome;
  return { verdicts: verdicts.map(verdict => ({ ...verdict })), kept: isKept(outcome), failed: failed.map(each => ({ ...each })), ...(loss ? { loss: { ...loss } } : {}) };
}

function answerReport(answer: Answer, attempt: Attempt | undefined): BranchReport['answers'][number] {
  const { stage, fingerprint, sample, raw, finish, seed, edited } = answer;
  const messages = attempt ? attempt.call.messages.map(message => ({ ...message })) : [];
  return { stage, fingerprint, sample, messages, raw, finish, seed, edited, ...(attempt?.usage ? { usage: { ...attempt.usage } } : {}) };
}
