import type { Answer } from '../model/answer.ts';
import { attemptId, type BranchId } from '../model/ids.ts';
import type { Message, ModelStage, Round } from '../model/stage.ts';
import type { RoundPlan, StagePlan } from '../recipes/recipe.ts';
import { Branch, type StageTrace } from './branch.ts';
import { forkSource, idOfBranch, rootsOf } from './branchSource.ts';
import { asRecipeKnows, type TaskContext } from './context.ts';
import type { Fork, TaskFacts } from './taskFacts.ts';

/** A branch as far as the facts carry it, with what was seen at each stage on the way. */
export interface BranchLook {
  /** As the recipe knows it, see `asRecipeKnows`. */
  readonly context: TaskContext;
  readonly plan: RoundPlan;
  readonly branch: Branch;
  /** The stages that were come to; what comes after one that waits or is lost is not among them. */
  readonly traces: ReadonlyMap<ModelStage, StageTrace>;
  /** Those of this branch that ask a model, in order; the judge among them where it may be asked. */
  readonly asking: readonly StagePlan[];
  readonly fork: Fork | undefined;
}

/** Looks at one branch of a task, whether a run would come to it or not; nothing where the recipe has no such branch. */
export function lookAtBranch(whole: TaskContext, facts: TaskFacts, { round, id }: { readonly round: Round; readonly id: BranchId }): BranchLook | undefined {
  const context = asRecipeKnows(whole);
  const plan = context.recipe.rounds[round];
  if (!plan) return undefined;
  const fork = facts.forks(round).find(each => each.branch === id);
  const source = fork ? forkSource(fork, plan) : rootsOf(plan).find(each => idOfBranch(each) === id);
  if (!source) return undefined;
  const traces = new Map<ModelStage, StageTrace>();
  const branch = new Branch(context, source, { round, plan, onStage: trace => { traces.set(trace.stage, trace); } });
  branch.advance(facts);
  const judged = plan.judge && context.task.gold !== undefined && context.filter === 'typed' ? [plan.judge] : [];
  const asking = [...('sample' in source && plan.choose ? [plan.choose] : []), ...plan.chain, ...judged];
  return { context, plan, branch, traces, asking, fork };
}

/** A character that no model writes. */
const unlike = '\u{F8FF}';
/** What another branch might be made of: usable at every stage, since it has words, and other than anything from its first character on. */
const otherText = `${unlike} words\n1. ${unlike} words`;

/**
 * How many characters of each message are the same in every branch of the round, from the beginning of the prompt on: what a server's prefix cache serves to all of
 * them. Found by rendering the prompt of a branch that is like no other. Nothing is shared by the judge's prompt, which is about one path.
 */
export function sharedPrefix(look: BranchLook, { stage, messages }: Pick<StageTrace, 'stage' | 'messages'>): readonly number[] {
  const { context, plan, branch } = look;
  if (stage === 'choose') return sharedCharacters(messages, [...look.traces.get('choose')?.unedited ?? []]);
  let other: readonly Message[] = [];
  const stranger = new Branch(context, { guideline: { id: unlike, title: unlike, text: unlike, presupposesSolution: false } }, {
    round: branch.round, plan, onStage: trace => { if (trace.stage === stage) other = trace.unedited; },
  });
  const answer = (fingerprint: Answer['fingerprint']): Answer => ({
    fingerprint, taskId: context.task.id, stage: 'adapt', round: branch.round, branch: branch.id, sample: 0, seed: 0, attemptId: noAttempt, raw: otherText, finish: 'stop', edited: false,
  });
  stranger.advance({ answer, lost: () => undefined, chosen: () => undefined, prompt: () => undefined, ruling: () => undefined });
  return sharedCharacters(messages, other);
}

/** Of an answer that nobody gave. */
const noAttempt = attemptId(0);

function sharedCharacters(messages: readonly Message[], other: readonly Message[]): readonly number[] {
  let same = true;
  return messages.map((message, index) => {
    const beside = other[index];
    if (!same || beside?.role !== message.role) {
      same = false;
      return 0;
    }
    const shared = commonLength(message.content, beside.content);
    same = shared === message.content.length && shared === beside.content.length;
    return shared;
  });
}

function commonLength(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}
