import type { Answer, WantedCall } from '../model/answer.ts';
import type { Guideline } from '../model/guideline.ts';
import { branchId, type BranchId, type Fingerprint } from '../model/ids.ts';
import type { BranchOutcome, Loss } from '../model/outcome.ts';
import type { PromptVariables } from '../model/prompt.ts';
import type { ModelStage, Round } from '../model/stage.ts';
import type { Checker, Verdict } from '../model/verdict.ts';
import type { RoundPlan, StagePlan } from '../recipes/recipe.ts';
import { understand, type StageValues, type StructureText } from '../stages/understand.ts';
import { checkPath, type PathCheck } from './checkPath.ts';
import { mayAsk, type Facts, type TaskContext } from './context.ts';
import { normalisedPath } from './walk.ts';
import { requestDraws } from './wanted.ts';

/** Where a branch comes from: a guideline of its own, or a sample of the choose stage. */
export type BranchSource = { readonly guideline: Guideline } | { readonly sample: number };

/** A branch all of whose calls are settled. */
export interface SettledBranch {
  readonly outcome: Omit<BranchOutcome, 'order' | 'loss'> & { readonly loss?: Loss };
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

/** The verdict that decides whether a path is correct: the typed grader's, or the reference filter's where the run uses that. */
export function verdictOfRecord({ filter }: Pick<TaskContext, 'filter'>, outcome: Pick<BranchOutcome, 'verdicts'>): Verdict | undefined {
  return outcome.verdicts.find(verdict => verdict.checker === filter);
}

/** The id of a branch: `guideline:ID` or `chosen:INDEX`. */
export const idOfBranch = (source: BranchSource): BranchId => branchId('guideline' in source ? `guideline:${source.guideline.id}` : `chosen:${source.sample}`);

/** The one answer a stage came to, or why it came to none. */
type Resolved<Value> =
  | { readonly kind: 'value'; readonly value: Value; readonly answer: Answer }
  | { readonly kind: 'waits'; readonly state: BranchState }
  | { readonly kind: 'lost'; readonly reason: string };

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
  readonly #answers: { [S in ModelStage]?: Fingerprint } = {};
  readonly #used = new Set<Answer>();
  readonly #inputs: Inputs;
  #next = 0;
  #check: PathCheck | undefined;
  state: BranchState | undefined;

  constructor(context: TaskContext, source: BranchSource, { round, plan }: { readonly round: Round; readonly plan: RoundPlan }) {
    this.#context = context;
    this.#plan = plan;
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
      const resolved = this.#resolve(plan, facts, { stage });
      if (resolved.kind === 'value') this.#inputs.adapted = resolved.value;
      return resolved;
    }
    if (stage === 'structure') {
      const resolved = this.#resolve(plan, facts, { stage });
      if (resolved.kind === 'value') this.#inputs.structure = resolved.value;
      return resolved;
    }
    const resolved = this.#resolve(plan, facts, { stage: 'path' });
    if (resolved.kind === 'value') this.#inputs.path = resolved.answer;
    return resolved;
  }

  /** Asks the judge only about a path that passed every filter before it: its word cannot save one that did not. */
  #judge(facts: Facts): BranchState {
    const { path } = this.#inputs;
    if (!path) return this.#settle({ step: 'stage-path', reason: 'reply-empty' });
    this.#check ??= checkPath(this.#context, { raw: path.raw, finish: path.finish, round: this.round });
    const plan = this.#judgeFor(this.#check);
    if (!plan) return this.#settle();
    const resolved = this.#resolve(plan, facts, { stage: 'judge' });
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

  #resolve<Stage extends ModelStage>(plan: StagePlan, facts: Facts, draw: {
    readonly stage: Stage;
    readonly branch?: BranchId;
    readonly sample?: number;
    readonly samples?: number;
  }): Resolved<StageValues[Stage]> {
    const { task, recipe, identity, hash } = this.#context;
    const { stage, sample = 0, samples = 1, branch = this.id } = draw;
    const place = { taskId: task.id, stage, stageVersion: plan.version, round: this.round, branch, inputs: branch === this.id ? Object.values(this.#answers) : [] };
    const draws = requestDraws(place, { messages: plan.prompt.render(this.#variables(plan)), sampling: plan.sampling, identity, recipeSeed: recipe.seed }, hash);
    let reason = 'reply-empty';
    for (let retry = 0; retry <= plan.retries; retry += 1) {
      const wanted = sample + retry * samples;
      const fingerprint = draws.fingerprint(wanted);
      const answer = facts.answer(fingerprint);
      if (!answer) {
        const problem = facts.lost(fingerprint);
        if (problem) return { kind: 'lost', reason: problem.code };
        const call = draws.call(retry === 0 ? missingAround(wanted, samples, number => facts.answer(draws.fingerprint(number)) ?? facts.lost(draws.fingerprint(number))) : [wanted]);
        return { kind: 'waits', state: this.#waits(stage, fingerprint, call) };
      }
      this.#used.add(answer);
      const understood = understand[stage](answer, this.#plan);
      if (understood.usable) {
        this.#answers[stage] = fingerprint;
        return { kind: 'value', value: understood.value, answer };
      }
      ({ reason } = understood);
    }
    return { kind: 'lost', reason };
  }

  #waits(stage: ModelStage, fingerprint: Fingerprint, call: WantedCall): BranchState {
    return mayAsk(this.#context, stage, this.round) ? { kind: 'wants', stage, fingerprint, call } : { kind: 'blocked', stage, fingerprint };
  }

  /** Only what the stage may see: no guideline text beside a structure, and the known answer nowhere but in judge and in the hint stages. */
  #variables({ stage }: StagePlan): PromptVariables {
    const { question, answerKind, gold } = this.#context.task;
    const hint = gold !== undefined && this.#plan.hintStages.includes(stage) ? { hint: { answer: gold } } : {};
    return { task: { question, answerKind }, ...hint, ...this.#inputOf(stage, gold ?? '') };
  }

  #inputOf(stage: ModelStage, gold: string): Omit<PromptVariables, 'task' | 'hint'> {
    const { guidelines, adapted, structure, path } = this.#inputs;
    const guideline = { id: guidelines.map(each => each.id).join('+'), text: guidelines.map(each => each.text).join('\n') };
    switch (stage) {
      case 'choose': return { guidelines: this.#plan.choices };
      case 'adapt': return { guideline };
      case 'structure': return adapted === undefined ? { guideline } : { adapted: { text: adapted } };
      case 'path': return structure ? { structure } : { adapted: { text: adapted ?? '' } };
      case 'judge': return { path: { text: path?.raw ?? '' }, gold };
    }
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
      ...(loss ? { loss } : {}),
    };
    return { kind: 'settled', settled: { outcome, ...(this.#check ? { text: this.#check.text, normalised: normalisedPath(this.#check.text) } : {}) } };
  }
}

/** The samples without an answer around the wanted one, without a gap: a request draws neighbours together. */
function missingAround(wanted: number, samples: number, known: (sample: number) => unknown): readonly number[] {
  let [first, last] = [wanted, wanted];
  while (first > 0 && known(first - 1) === undefined) first -= 1;
  while (last < samples - 1 && known(last + 1) === undefined) last += 1;
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
