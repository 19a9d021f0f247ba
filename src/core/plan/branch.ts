import type { Answer, WantedCall } from '../model/answer.ts';
import type { Guideline } from '../model/guideline.ts';
import { branchId, type BranchId, type Fingerprint } from '../model/ids.ts';
import type { BranchOutcome, Loss } from '../model/outcome.ts';
import type { PromptVariables } from '../model/prompt.ts';
import type { Ruling } from '../model/review.ts';
import type { Message, ModelStage, Round } from '../model/stage.ts';
import type { Checker, Verdict } from '../model/verdict.ts';
import type { RoundPlan, StagePlan } from '../recipes/recipe.ts';
import { understand, type StageValues, type StructureText } from '../stages/understand.ts';
import { idOfBranch, type BranchSource } from './branchSource.ts';
import { checkPath, verdictOfRecord, type PathCheck } from './checkPath.ts';
import { mayAsk, type Facts, type TaskContext } from './context.ts';
import { promptVariables, type StageInputs } from './promptVariables.ts';
import { underRuling } from './ruling.ts';
import { normalisedPath } from './walk.ts';
import { requestDraws, type RequestDraws } from './wanted.ts';

/** A branch all of whose calls are settled. */
export interface SettledBranch {
  readonly outcome: Omit<BranchOutcome, 'order' | 'loss'> & { readonly loss?: Loss };
  /** What decides whether the path is correct that the model wrote, whatever people made of it. */
  readonly verdict?: Verdict;
  /** What goes into the training set, and the same as the walk compares it; absent where there is no path. */
  readonly text?: string;
  readonly normalised?: string;
}

/**
 * How a branch stands: it wants an answer (`call` is the request that brings it), may not ask (`blocked`: the run leaves the stage out), or is settled.
 */
export type BranchState =
  | { readonly kind: 'wants'; readonly stage: ModelStage; readonly fingerprint: Fingerprint; readonly call: WantedCall }
  | { readonly kind: 'blocked'; readonly stage: ModelStage; readonly fingerprint: Fingerprint }
  | { readonly kind: 'settled'; readonly settled: SettledBranch };

/** The one answer a stage came to, or why it came to none. */
type Resolved<Value> =
  | { readonly kind: 'value'; readonly value: Value; readonly answer: Answer }
  | { readonly kind: 'waits'; readonly state: BranchState }
  | { readonly kind: 'lost'; readonly reason: string };

/** How far a branch came at one stage that asks a model, for whoever looks at it step by step. */
export interface StageTrace {
  readonly stage: ModelStage;
  /** The answers that it is made from. */
  readonly inputs: readonly Fingerprint[];
  /** What the recipe's prompt was given. */
  readonly variables: PromptVariables;
  /** As they are sent; for a stage that a fork shares, as the prompt makes them now. */
  readonly messages: readonly Message[];
  /** As the recipe's prompt makes them: others than `messages` where a person wrote those. */
  readonly unedited: readonly Message[];
  /** By which an edit of the prompt is known. */
  readonly promptOf: Fingerprint;
  /** By which an edit of the answer is known: the place of the draw that counts, or that is waited for. */
  readonly answerOf: Fingerprint;
  /** What stands there, or was drawn last in vain; absent where nothing is there. */
  readonly answer?: Answer;
  /** Why there is no usable answer; absent while it waits for one. */
  readonly reason?: string;
  readonly state: 'value' | 'waits' | 'lost';
}

/** What a branch is made with. */
export interface BranchParts {
  readonly round: Round;
  readonly plan: RoundPlan;
  /** Told of each stage that is come to, for whoever looks at single steps. */
  readonly onStage?: (trace: StageTrace) => void;
}

interface Draw<Stage extends ModelStage> {
  readonly stage: Stage;
  readonly branch: BranchId;
  readonly sample: number;
  readonly samples: number;
}

/** A draw with what is said of it whatever comes of it. */
type Tracing = Pick<StageTrace, 'stage' | 'inputs' | 'variables' | 'messages' | 'unedited' | 'promptOf'>;

interface Inputs {
  guidelines: readonly Guideline[];
  adapted?: string;
  structure?: StructureText;
  path?: Answer;
}

/**
 * One chain of a task. `advance` goes as far as the facts allow and remembers how far it came, so that each answer is rendered and hashed for once.
 * Given the same facts it always stands the same, whatever order they came in.
 */
export class Branch {
  readonly id: BranchId;
  readonly source: BranchSource;
  readonly round: Round;
  readonly #context: TaskContext;
  readonly #plan: RoundPlan;
  readonly #onStage: BranchParts['onStage'];
  readonly #answers: { [S in ModelStage]?: Fingerprint } = {};
  readonly #used = new Set<Answer>();
  readonly #inputs: Inputs;
  #next = 0;
  #edited = false;
  #check: PathCheck | undefined;
  #ruling: Ruling | undefined;
  state: BranchState | undefined;

  constructor(context: TaskContext, source: BranchSource, { round, plan, onStage }: BranchParts) {
    this.#context = context;
    this.#plan = plan;
    this.#onStage = onStage;
    this.source = source;
    this.round = round;
    this.id = idOfBranch(source);
    this.#inputs = { guidelines: 'guideline' in source ? [source.guideline] : [] };
  }

  /** Answers that this branch consists of or drew in vain, in the order in which it took them. */
  get used(): ReadonlySet<Answer> {
    return this.#used;
  }

  /** The guidelines it follows; empty while they are not chosen. */
  get guidelines(): readonly Guideline[] {
    return this.#inputs.guidelines;
  }

  /** What it has come to so far. */
  get inputs(): StageInputs {
    const { path, ...before } = this.#inputs;
    return { ...before, ...(path ? { path: path.raw } : {}) };
  }

  /** Stages still to be answered, the one that is waited for first; the judge among them where it may come to that. */
  get stagesLeft(): readonly ModelStage[] {
    if (this.state?.kind === 'settled') return [];
    const left = this.#plan.chain.slice(this.#next).map(stage => stage.stage);
    const judged = this.#plan.judge && this.#context.task.gold !== undefined && this.#context.filter === 'typed' ? ['judge' as const] : [];
    return 'sample' in this.source && this.#inputs.guidelines.length === 0 ? ['choose', ...left, ...judged] : [...left, ...judged];
  }

  /** Goes on as far as the facts allow. */
  advance(facts: Facts): BranchState {
    if (this.state?.kind === 'settled') return this.state;
    this.state = this.#chooseThenChain(facts);
    return this.state;
  }

  #chooseThenChain(facts: Facts): BranchState {
    if ('sample' in this.source && this.#inputs.guidelines.length === 0) {
      const chosen = this.#choose(facts, this.source.sample);
      if (chosen.kind === 'waits') return chosen.state;
      if (chosen.kind === 'lost') return this.#settle({ step: 'stage-choose', reason: chosen.reason });
      this.#inputs.guidelines = chosen.value;
    }
    for (let plan = this.#plan.chain[this.#next]; plan; plan = this.#plan.chain[this.#next]) {
      const resolved = this.#runStage(plan, facts);
      if (resolved.kind === 'waits') return resolved.state;
      if (resolved.kind === 'lost') return this.#settle({ step: `stage-${plan.stage}`, reason: resolved.reason });
      this.#next += 1;
    }
    return this.#judge(facts);
  }

  #choose(facts: Facts, sample: number): Resolved<readonly Guideline[]> {
    const plan = this.#plan.choose;
    if (!plan) return { kind: 'lost', reason: 'choice-invalid' };
    return this.#resolve(plan, facts, { stage: 'choose', branch: branchId('choose'), sample, samples: plan.samples });
  }

  #runStage(plan: StagePlan, facts: Facts): Resolved<unknown> {
    const { stage } = plan;
    if (stage === 'adapt') {
      const resolved = this.#resolve(plan, facts, this.#own(stage));
      if (resolved.kind === 'value') this.#inputs.adapted = resolved.value;
      return resolved;
    }
    if (stage === 'structure') {
      const resolved = this.#resolve(plan, facts, this.#own(stage));
      if (resolved.kind === 'value') this.#inputs.structure = resolved.value;
      return resolved;
    }
    const resolved = this.#resolve(plan, facts, this.#own('path'));
    if (resolved.kind === 'value') this.#inputs.path = resolved.answer;
    return resolved;
  }

  /** Asks the judge only about a path that passed every filter before it: its word cannot save one that did not. */
  #judge(facts: Facts): BranchState {
    const { path } = this.#inputs;
    if (!path) return this.#settle({ step: 'stage-path', reason: 'reply-empty' });
    this.#check ??= checkPath(this.#context, { raw: path.raw, finish: path.finish, round: this.round });
    this.#ruling = facts.ruling(path.fingerprint);
    const plan = this.#judgeFor(this.#check);
    if (!plan) return this.#settle();
    const resolved = this.#resolve(plan, facts, this.#own('judge'));
    if (resolved.kind === 'waits') return resolved.state;
    if (resolved.kind === 'lost') return this.#settle(undefined, { step: 'judge', reason: resolved.reason });
    const found = resolved.value ? { kind: 'correct' as const, reason: 'judge-yes' } : { kind: 'incorrect' as const, reason: 'judge-no' };
    return this.#settle(undefined, resolved.value ? undefined : { step: 'judge', reason: 'judge-no' }, { checker: 'judge', extracted: null, ...found });
  }

  #judgeFor(check: PathCheck): StagePlan | undefined {
    const { recipe, task, filter } = this.#context;
    const position = recipe.filters.indexOf('judge');
    if (position < 0 || task.gold === undefined || filter === 'reference') return undefined;
    const failedBefore = check.failed.some(loss => recipe.filters.findIndex(step => step === loss.step) < position);
    return failedBefore ? undefined : this.#plan.judge;
  }

  #own<Stage extends ModelStage>(stage: Stage): Draw<Stage> {
    return { stage, branch: this.id, sample: 0, samples: 1 };
  }

  #resolve<Stage extends ModelStage>(plan: StagePlan, facts: Facts, draw: Draw<Stage>): Resolved<StageValues[Stage]> {
    const { draws, tracing } = this.#ask(plan, facts, draw);
    const shared = this.source.fork?.inputs[draw.stage];
    if (shared !== undefined) return this.#share(draw, { facts, shared, tracing });
    const { stage, sample, samples } = draw;
    for (let retry = 0; ; retry += 1) {
      const wanted = sample + retry * samples;
      const answerOf = draws.fingerprint(wanted);
      const answer = facts.chosen(this, answerOf) ?? facts.answer(answerOf);
      if (!answer) return this.#miss(draw, wanted, { facts, draws, tracing });
      const taken = this.#take(stage, answer, { ...tracing, answerOf });
      if (taken.kind === 'value') return taken;
      // what a person put there is not drawn anew
      if (answer.fingerprint !== answerOf || retry >= plan.retries) return this.#come({ ...tracing, answerOf, answer, state: 'lost', reason: taken.reason });
    }
  }

  /** A draw without an answer: it was given up, or is waited for. */
  #miss<Stage extends ModelStage>({ stage, sample, samples }: Draw<Stage>, wanted: number, { facts, draws, tracing }: { readonly facts: Facts; readonly draws: RequestDraws; readonly tracing: Tracing }): Resolved<StageValues[Stage]> {
    const answerOf = draws.fingerprint(wanted);
    const problem = facts.lost(answerOf);
    if (problem) return this.#come({ ...tracing, answerOf, state: 'lost', reason: problem.code });
    const alone = wanted !== sample || tracing.messages !== tracing.unedited;
    const call = draws.call(alone ? [wanted] : missingAround(wanted, samples, number => facts.answer(draws.fingerprint(number)) ?? facts.lost(draws.fingerprint(number))));
    this.#onStage?.({ ...tracing, answerOf, state: 'waits' });
    return { kind: 'waits', state: this.#waits(stage, answerOf, call) };
  }

  /** What a stage asks: the recipe's prompt, or the one that a person wrote in its place. */
  #ask<Stage extends ModelStage>(plan: StagePlan, facts: Facts, { stage, sample, branch }: Draw<Stage>): { readonly draws: RequestDraws; readonly tracing: Tracing } {
    const { task, recipe, hash } = this.#context;
    const inputs = branch === this.id ? Object.values(this.#answers) : [];
    const place = { taskId: task.id, stage, stageVersion: plan.version, round: this.round, branch, inputs };
    const variables = promptVariables(stage, { task, plan: this.#plan, inputs: this.inputs });
    const unedited = plan.prompt.render(variables);
    const body = { messages: unedited, sampling: plan.sampling, identity: this.#identityFor(stage), recipeSeed: recipe.seed };
    const own = requestDraws(place, body, hash);
    const promptOf = own.fingerprint(sample);
    const messages = facts.prompt(this, promptOf);
    return {
      draws: messages ? requestDraws(place, { ...body, messages, edited: true }, hash) : own,
      tracing: { stage, inputs, variables, messages: messages ?? unedited, unedited, promptOf },
    };
  }

  /** The answer that a fork shares with the branch it was copied from, or what a person put in its place. */
  #share<Stage extends ModelStage>({ stage }: Draw<Stage>, { facts, shared, tracing }: { readonly facts: Facts; readonly shared: Fingerprint; readonly tracing: Tracing }): Resolved<StageValues[Stage]> {
    const answer = facts.chosen(this, shared) ?? facts.answer(shared);
    if (!answer) return this.#come({ ...tracing, answerOf: shared, state: 'lost', reason: 'reply-empty' });
    const taken = this.#take(stage, answer, { ...tracing, answerOf: shared });
    return taken.kind === 'value' ? taken : this.#come({ ...tracing, answerOf: shared, answer, state: 'lost', reason: taken.reason });
  }

  #take<Stage extends ModelStage>(stage: Stage, answer: Answer, tracing: Tracing & Pick<StageTrace, 'answerOf'>): Extract<Resolved<StageValues[Stage]>, { kind: 'value' | 'lost' }> {
    this.#used.add(answer);
    const understood = understand[stage](answer, this.#plan);
    if (!understood.usable) return { kind: 'lost', reason: understood.reason };
    this.#answers[stage] = answer.fingerprint;
    this.#edited ||= answer.edited;
    this.#onStage?.({ ...tracing, answer, state: 'value' });
    return { kind: 'value', value: understood.value, answer };
  }

  #come(trace: StageTrace & { readonly reason: string }): { readonly kind: 'lost'; readonly reason: string } {
    this.#onStage?.(trace);
    return { kind: 'lost', reason: trace.reason };
  }

  #identityFor(stage: ModelStage): string {
    const { identity, judgeIdentity = identity } = this.#context;
    return stage === 'judge' ? judgeIdentity : identity;
  }

  #waits(stage: ModelStage, fingerprint: Fingerprint, call: WantedCall): BranchState {
    return mayAsk(this.#context, stage, this.round) ? { kind: 'wants', stage, fingerprint, call } : { kind: 'blocked', stage, fingerprint };
  }

  #settle(stageLoss?: Loss, judgeLoss?: Loss, verdict?: Verdict & { checker: Checker }): BranchState {
    const failed = [...(stageLoss ? [stageLoss] : []), ...(this.#check?.failed ?? []), ...(judgeLoss ? [judgeLoss] : [])];
    const { filters } = this.#context.recipe;
    const rank = (loss: Loss) => filters.findIndex(step => step === loss.step);
    const [loss] = this.#context.filter === 'reference' ? failed : failed.toSorted((a, b) => rank(a) - rank(b));
    const outcome = {
      id: this.id,
      round: this.round,
      guidelines: this.#inputs.guidelines.map(guideline => guideline.id),
      answers: { ...this.#answers },
      verdicts: [...(this.#check?.verdicts ?? []), ...(verdict ? [verdict] : [])],
      failed,
      hinted: this.round === 2,
      ...(this.#edited ? { edited: true as const } : {}),
      ...(loss ? { loss } : {}),
    };
    return { kind: 'settled', settled: this.#judged(outcome) };
  }

  /** As the filters left it, and then as people have judged it. */
  #judged(outcome: SettledBranch['outcome']): SettledBranch {
    const record = verdictOfRecord(this.#context, outcome);
    const settled: SettledBranch = { outcome, ...(record ? { verdict: record } : {}), ...(this.#check ? { text: this.#check.text, normalised: normalisedPath(this.#check.text) } : {}) };
    return this.#ruling ? underRuling(this.#context, settled, this.#ruling) : settled;
  }
}

/** The samples without an answer around the wanted one, without a gap: a request draws neighbours together. */
function missingAround(wanted: number, samples: number, known: (sample: number) => unknown): readonly number[] {
  let [first, last] = [wanted, wanted];
  while (first > 0 && known(first - 1) === undefined) first -= 1;
  while (last < samples - 1 && known(last + 1) === undefined) last += 1;
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
