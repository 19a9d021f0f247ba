import type { BranchChoice } from '../../contract/stepper.ts';
import type { Answer } from '../../core/model/answer.ts';
import { branchTitle } from '../../core/model/branchTitle.ts';
import type { Edit } from '../../core/model/edit.ts';
import { branchId } from '../../core/model/ids.ts';
import { problemError } from '../../core/model/problem.ts';
import type { Review } from '../../core/model/review.ts';
import type { ModelStage } from '../../core/model/stage.ts';
import type { TrainTask } from '../../core/model/task.ts';
import type { StageTrace } from '../../core/plan/branch.ts';
import { idOfBranch, rootsOf } from '../../core/plan/branchSource.ts';
import { lookAtBranch, type BranchLook } from '../../core/plan/branchLook.ts';
import type { TaskContext } from '../../core/plan/context.ts';
import { TaskFacts } from '../../core/plan/taskFacts.ts';
import type { Store } from '../../ports/store.ts';

/** One branch as its project knows it. */
export interface SteppedBranch extends BranchLook {
  /** With its known answer, whether the recipe uses that or not. */
  readonly task: TrainTask;
  /** All of the task, in the order in which they were stored. */
  readonly answers: readonly Answer[];
  /** Those of the task, likewise. */
  readonly edits: readonly Edit[];
  /** Likewise. */
  readonly reviews: readonly Review[];
  readonly facts: TaskFacts;
  /** Why a stage was given up by a run: a person who steps asks for it again. */
  readonly givenUp: ReadonlyMap<string, string>;
}

/** Reads the facts and looks at a branch. What a run gave up is not taken for lost here. Throws `usage` for a branch that the recipe does not have. */
export function readBranch(store: Store, context: TaskContext, { branch, round }: Pick<BranchChoice, 'branch' | 'round'>): SteppedBranch {
  const { task, recipe } = context;
  const [answers, edits] = [store.answers(task.id), store.edits(task.id)];
  const reviews = store.reviews(task.id);
  const facts = new TaskFacts(edits, reviews);
  facts.learn(answers, []);
  const look = lookAtBranch(context, facts, { round, id: branchId(branch) });
  if (!look) {
    const reason = recipe.rounds[round] ? `Recipe ${recipe.name} has no branch ${branch}` : `Recipe ${recipe.name} has no hint round`;
    throw problemError('usage', `${reason}. Choose another branch of ${task.id}, or look at this one under the recipe that it was made by.`);
  }
  const givenUp = new Map(store.lost(task.id).map(({ fingerprint, problem }): [string, string] => [fingerprint, problem.code]));
  return { ...look, task, answers, edits, reviews, facts, givenUp };
}

/** Every branch of a task: those of the recipe in its order, each with its forks, and what became of those that are settled. */
export function* branchRows(store: Store, context: TaskContext): Generator<{ id: string; round: 1 | 2; title: string; words: string; edited: boolean }> {
  const { task, recipe } = context;
  const facts = new TaskFacts(store.edits(task.id), store.reviews(task.id));
  facts.learn(store.answers(task.id), []);
  for (const round of [1, 2] as const) {
    const plan = recipe.rounds[round];
    if (!plan) continue;
    for (const root of rootsOf(plan)) {
      const own = idOfBranch(root);
      for (const id of [own, ...facts.forks(round).filter(fork => fork.source === own).map(fork => fork.branch)]) {
        const look = lookAtBranch(context, facts, { round, id });
        if (!look) continue;
        const title = branchTitle(own, look.branch.guidelines.map(guideline => guideline.title));
        yield { id, round, title: id === own ? title : `${title}, fork ${id.slice(own.length + 1)}`, ...standing(look) };
      }
    }
  }
}

function standing({ branch, traces }: BranchLook): { readonly words: string; readonly edited: boolean } {
  const edited = [...traces.values()].some(trace => trace.answer?.edited === true);
  const { state } = branch;
  if (state?.kind !== 'settled') return { words: branch.used.size === 0 ? 'not begun' : `next: ${state?.stage ?? ''}`, edited };
  const { loss, verdicts } = state.settled.outcome;
  return { words: loss ? `${loss.step}: ${loss.reason}` : verdicts[0]?.kind ?? 'settled', edited };
}

/** The trace of a stage that was come to. Throws `usage` for one that is not of the branch, or that waits for another. */
export function traceOf(look: BranchLook, stage: ModelStage): StageTrace {
  const trace = look.traces.get(stage);
  if (trace) return trace;
  if (!look.asking.some(each => each.stage === stage)) throw problemError('usage', `Branch ${look.branch.id} has no stage ${stage} under recipe ${look.context.recipe.name}.`);
  throw problemError('usage', `Stage ${stage} waits for a stage before it. Run that one first.`);
}

/** The newest answer of a stage that does not stand: what was there before something that it was made from became another. */
export function formerAnswer({ branch, answers }: SteppedBranch, stage: ModelStage): Answer | undefined {
  const used = new Set([...branch.used].map(({ fingerprint }) => fingerprint));
  const isHere = (answer: Answer) => (stage === 'choose'
    ? 'sample' in branch.source && answer.branch === 'choose' && answer.sample === branch.source.sample
    : answer.branch === branch.id);
  return answers.findLast(answer => answer.stage === stage && answer.round === branch.round && isHere(answer) && !used.has(answer.fingerprint));
}

/** What stood in the place of a stage, in the order in which it came: the model's own answer, and what a person put there. */
export function versionsOf({ answers, edits, branch }: SteppedBranch, { stage, answerOf }: StageTrace): readonly Answer[] {
  const chosen = edits.flatMap(edit => (edit.kind === 'answer' && edit.stage === stage && edit.of === answerOf && edit.branch === branch.id && edit.round === branch.round ? [edit.chosen] : []));
  const byFingerprint = new Map(answers.map(answer => [answer.fingerprint, answer]));
  return [...new Set([answerOf, ...chosen])].flatMap(fingerprint => byFingerprint.get(fingerprint) ?? []);
}

/** The edit that is in force at a stage, whether of its answer or of its prompt. */
export function editAt({ edits, branch }: SteppedBranch, trace: StageTrace): { readonly what: 'answer' | 'prompt'; readonly atMs?: number } | undefined {
  const own = edits.filter(edit => edit.branch === branch.id && edit.round === branch.round);
  const { answer } = trace;
  const written = own.findLast(edit => edit.kind === 'answer' && edit.of === trace.answerOf && edit.chosen === answer?.fingerprint && edit.chosen !== edit.of);
  if (written) return { what: 'answer', atMs: written.atMs };
  if (trace.messages !== trace.unedited) {
    const prompt = own.findLast(edit => edit.kind === 'prompt' && edit.of === trace.promptOf);
    return { what: 'prompt', ...(prompt ? { atMs: prompt.atMs } : {}) };
  }
  return answer?.edited === true ? { what: 'answer' } : undefined;
}
