import type { Round } from '../model/stage.ts';
import type { RoundPlan } from '../recipes/recipe.ts';
import { Branch } from './branch.ts';
import { forkSource, rootsOf, type BranchSource } from './branchSource.ts';
import type { Facts, TaskContext } from './context.ts';
import { seededOrder } from './order.ts';
import type { Fork } from './taskFacts.ts';
import { walk } from './walk.ts';

/**
 * How many of how many branches are taken to pass before anything is known of a task: about the share of right paths of an 8B model on GSM8K. Five wanted make a first
 * wave of seven; six to eight were measured as best. What is learned of the task soon outweighs the guess.
 */
const guess = { passed: 3, settled: 4 } as const;

/** One round of a task: its branches in seeded order, of which as many are under way as the walk may need. */
export class RoundRun {
  readonly round: Round;
  readonly branches: readonly Branch[];
  readonly #context: TaskContext;
  readonly #untilEnough: boolean;
  #launched = 0;

  /** @param parts.forks those of this round; only those that a person included take part, after all others */
  constructor(context: TaskContext, { round, plan, forks }: { readonly round: Round; readonly plan: RoundPlan; readonly forks: readonly Fork[] }) {
    this.round = round;
    this.#context = context;
    // without a known answer the majority needs every vote; and a run that stops at a stage cannot know what will be enough, unless it asks for nothing at all
    this.#untilEnough = context.mode === 'until-enough' && context.task.gold !== undefined && (context.allowed?.size ?? 0) === 0;
    const { recipe, task, hash } = context;
    const ordered: readonly BranchSource[] = seededOrder(rootsOf(plan), `${recipe.seed}:${task.id}:${round}`, hash);
    const included = forks.filter(fork => fork.included).flatMap(fork => forkSource(fork, plan) ?? []);
    this.branches = [...ordered, ...included].map(source => new Branch(context, source, { round, plan }));
    if (new Set(this.branches.map(branch => branch.id)).size !== this.branches.length) throw new Error('two branches of a round have one id');
  }

  /** Branches that were begun: a prefix of the order. */
  get launched(): readonly Branch[] {
    return this.branches.slice(0, this.#launched);
  }

  /**
   * The settled branches that count: all of them, or in mode until-enough those up to the one with which there was enough.
   * What ran beside them by chance of timing is left out, so that the outcome depends on the answers alone.
   */
  get decided(): readonly Branch[] {
    const { firm } = this;
    if (!this.#untilEnough) return this.launched.filter(branch => branch.state?.kind === 'settled');
    const steps = walk(firm.map(walked), this.#context.recipe.perTask);
    let kept = 0;
    const enough = steps.findIndex(step => step === 'kept' && (kept += 1) === this.#context.recipe.perTask);
    return enough < 0 ? firm : firm.slice(0, enough + 1);
  }

  /** Branches before the first that is not settled: what they give is certain, whatever the others bring. */
  get firm(): readonly Branch[] {
    const { launched } = this;
    const open = launched.findIndex(branch => branch.state?.kind !== 'settled');
    return open < 0 ? launched : launched.slice(0, open);
  }

  /** Brings the launched branches up to the facts, and launches more while the walk may need them. */
  advance(facts: Facts): void {
    for (const branch of this.launched) if (branchIsStale(branch, facts)) branch.advance(facts);
    while (this.#launched < this.branches.length && this.#wantsMore()) {
      this.branches[this.#launched]?.advance(facts);
      this.#launched += 1;
    }
  }

  /** Whether nothing of this round can change any more. */
  get finished(): boolean {
    return this.enough || this.#allSettled();
  }

  /** Whether it keeps as many paths as there may be, and stops for that. */
  get enough(): boolean {
    return this.#untilEnough && this.#keptSoFar() >= this.#context.recipe.perTask;
  }

  /** How many of the branches that are not settled, in the order of the walk, have to be before there can be enough: at the least one, in mode all every one. */
  get leastOpen(): number {
    if (this.finished) return 0;
    return this.#untilEnough ? Math.max(1, this.#context.recipe.perTask - this.#keptSoFar() - this.#passingBeyond()) : Infinity;
  }

  #allSettled(): boolean {
    return this.#launched === this.branches.length && this.branches.every(branch => branch.state?.kind === 'settled');
  }

  #wantsMore(): boolean {
    if (!this.#untilEnough) return true;
    const { perTask } = this.#context.recipe;
    const kept = this.#keptSoFar();
    if (kept >= perTask) return false;
    const settled = this.launched.filter(branch => branch.state?.kind === 'settled');
    const underWay = this.#launched - settled.length;
    const passRatio = (settled.filter(passes).length + guess.passed) / (settled.length + guess.settled);
    return underWay === 0 || underWay < Math.ceil((perTask - kept - this.#passingBeyond()) / passRatio);
  }

  /** Branches that pass and that may be kept once those before them are settled. */
  #passingBeyond(): number {
    return this.launched.slice(this.firm.length).filter(passes).length;
  }

  #keptSoFar(): number {
    return walk(this.firm.map(walked), this.#context.recipe.perTask).filter(each => each === 'kept').length;
  }
}

/** Whether no filter took the branch's path. */
const passes = (branch: Branch): boolean =>
  branch.state?.kind === 'settled' && branch.state.settled.outcome.loss === undefined && branch.state.settled.text !== undefined;

const walked = (branch: Branch) =>
  passes(branch) && branch.state?.kind === 'settled' && branch.state.settled.normalised !== undefined ? { normalised: branch.state.settled.normalised } : {};

const branchIsStale = (branch: Branch, facts: Facts): boolean =>
  branch.state === undefined || (branch.state.kind !== 'settled' && (facts.answer(branch.state.fingerprint) ?? facts.lost(branch.state.fingerprint)) !== undefined);
