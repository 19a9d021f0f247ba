import type { PlanReport } from '../contract/reports.ts';
import type { Answer, AnswerPlace, WantedCall } from '../core/model/answer.ts';
import type { TaskId } from '../core/model/ids.ts';
import type { UsedAnswers } from '../core/model/outcome.ts';
import { problemError } from '../core/model/problem.ts';
import { rounds, type CallStage, type ModelStage, type Round } from '../core/model/stage.ts';
import { isTrainTask, type TrainTask } from '../core/model/task.ts';
import type { Branch } from '../core/plan/branch.ts';
import { rootsOf } from '../core/plan/branchSource.ts';
import { mayAsk, type RunContext } from '../core/plan/context.ts';
import type { RoundRun } from '../core/plan/round.ts';
import { TaskPlan } from '../core/plan/taskPlan.ts';
import { stagePlansOf, type RoundPlan } from '../core/recipes/recipe.ts';
import { estimateTokens } from '../core/verify/tokens.ts';
import type { Clock } from '../ports/clock.ts';
import type { SettledTask, Store } from '../ports/store.ts';
import { FormerDraws } from './formerDraws.ts';
import { inSlices } from './slices.ts';

/** What is known of a task beside its plan. */
interface Known {
  readonly former: FormerDraws;
  readonly questionTokens: number;
}

/** How something is added: whether a run asks it in any case, or only if it comes to that. */
interface Adding {
  readonly surely: boolean;
  readonly plan: RoundPlan;
  readonly known: Known;
}

interface StageTotals {
  cached: number;
  toDo: number;
  stale: number;
  maxToDo: number;
}

/** Part of an output limit that an answer is taken to use while nothing was measured: a guess, labelled as an estimate wherever it shows. */
export const guessedShareOfLimit = 0.4;

/** What a plan is made of. */
export interface PlanInput {
  readonly store: Store;
  readonly context: RunContext;
  readonly tasks: readonly TaskId[];
  /** Tasks that a run would leave as they are. */
  readonly settled: ReadonlyMap<TaskId, SettledTask>;
  readonly clock: Clock;
  /** The server draws several answers in one request; else each is a request of its own. */
  readonly serverHasN: boolean;
  /** Aborts when nobody waits for it any more; absent: never. */
  readonly signal?: AbortSignal;
}

/** Settled tasks that are looked at all the same, to learn how long answers are. */
const measuredTasks = 16;

/**
 * What a run would ask, counted from the store without asking anything. Each task is counted as it stands when its turn comes: facts may be stored meanwhile.
 *
 * In mode `all`, round 1 is exact where no judge is asked and no new answer has to be drawn again; otherwise `toDo` is the least and `maxToDo` the most. Answers
 * that are stale are taken to need as many draws as they needed before. Throws `cancelled` once the signal is.
 */
export async function planReport({ store, context, tasks, settled, clock, serverHasN, signal }: PlanInput): Promise<PlanReport> {
  const sums = new PlanSums(context, serverHasN);
  const untouched = new UntouchedTasks(isAlike(context) ? untouchedLookedAt : Infinity, () => new PlanSums(context, serverHasN));
  const pause = inSlices(clock);
  let measured = 0;
  for (const id of tasks) {
    const left = settled.get(id);
    if (left && measured >= measuredTasks) sums.leave(left.used);
    else addTask({ sums, untouched }, id, { store, context });
    if (left) measured += 1;
    await pause();
    if (signal?.aborted === true) throw problemError('cancelled', 'The plan was called off. It changes nothing.');
  }
  untouched.addTo(sums);
  return { recipe: context.recipe.name, mode: context.mode, tasks: tasks.length, ...sums.report() };
}

function addTask({ sums, untouched }: { readonly sums: PlanSums; readonly untouched: UntouchedTasks }, id: TaskId, { store, context }: Pick<PlanInput, 'store' | 'context'>): void {
  const task = store.task(id);
  if (!task || !isTrainTask(task)) return;
  const [answers, lost] = [store.answers(id), store.lost(id)];
  const touched = answers.length + lost.length > 0;
  const into = touched ? sums : untouched.next(task);
  if (!into) return;
  const plan = new TaskPlan({ ...context, task }, store.edits(id), store.reviews(id));
  plan.receive(answers, lost);
  into.add(plan, answers);
}

/** Whether just as much is asked about any two tasks of which nothing is stored: until enough, it is chance whether the branches that come first have to choose. */
const isAlike = ({ mode, recipe }: RunContext): boolean => mode === 'all' || !recipe.rounds[1].choose;

/** Tasks of which nothing is stored and that are looked at one by one: all others like them are counted by these. */
const untouchedLookedAt = 64;

/**
 * Tasks of which nothing is stored. Whatever their question, just as much is asked about each that has a known answer, and about each that has none; only the tokens of
 * their prompts differ, which are estimates anyhow. Rendering the prompts of a hundred thousand tasks takes minutes.
 */
class UntouchedTasks {
  readonly #most: number;
  readonly #begin: () => PlanSums;
  readonly #kinds = new Map<boolean, { readonly sums: PlanSums; tasks: number }>();

  /** @param most how many of a kind are looked at */
  constructor(most: number, begin: () => PlanSums) {
    this.#most = most;
    this.#begin = begin;
  }

  /** Counts a task. @returns where it is to be added; absent where it need not be looked at */
  next({ gold }: TrainTask): PlanSums | undefined {
    const known = gold !== undefined;
    const kind = this.#kinds.get(known) ?? { sums: this.#begin(), tasks: 0 };
    this.#kinds.set(known, kind);
    kind.tasks += 1;
    return kind.tasks > this.#most ? undefined : kind.sums;
  }

  addTo(sums: PlanSums): void {
    for (const kind of this.#kinds.values()) sums.addTimes(kind.sums, kind.tasks / Math.min(kind.tasks, this.#most));
  }
}

class PlanSums {
  readonly #context: RunContext;
  readonly #serverHasN: boolean;
  readonly #totals = new Map<string, StageTotals>();
  readonly #outputTokens = new Map<CallStage, { tokens: number; answers: number }>();
  /** Of stale answers, which say how long those are that take their places. */
  readonly #formerTokens = new Map<CallStage, { tokens: number; answers: number }>();
  #calls = 0;
  #promptTokens = 0;

  constructor(context: RunContext, serverHasN: boolean) {
    this.#context = context;
    this.#serverHasN = serverHasN;
  }

  /** What is stored is understood and graded again: every stage is shown with what there is of it. */
  get #asksNothing(): boolean {
    return this.#context.allowed?.size === 0;
  }

  add(plan: TaskPlan, answers: readonly Answer[]): void {
    const used = plan.usedAnswers();
    for (const answer of used) {
      this.#of(answer.stage, answer.round).cached += 1;
      measure(this.#outputTokens, answer);
    }
    const unused = answers.filter(answer => !used.has(answer));
    for (const answer of unused) measure(this.#formerTokens, answer);
    const former = new FormerDraws(unused);
    const calls = plan.next();
    for (const round of plan.rounds) this.#addRound(round, calls.filter(call => call.answers[0]?.round === round.round), { former, questionTokens: estimateTokens(plan.context.task.question) });
    const { recipe: { rounds: { 2: hints } }, onlyRound } = this.#context;
    if (plan.rounds.length === 1 && hints && !plan.settled && plan.context.task.gold !== undefined && !this.#asksNothing && onlyRound === undefined) this.#addPossible(hints, 2);
  }

  /** The counts of other tasks, as many times. */
  addTimes(other: PlanSums, times: number): void {
    for (const [key, { cached, toDo, stale, maxToDo }] of other.#totals) {
      const totals = this.#under(key);
      totals.cached += Math.round(cached * times);
      totals.toDo += Math.round(toDo * times);
      totals.stale += Math.round(stale * times);
      totals.maxToDo += Math.round(maxToDo * times);
    }
    this.#calls += Math.round(other.#calls * times);
    this.#promptTokens += other.#promptTokens * times;
  }

  /** A task of which nothing is asked any more. */
  leave(used: UsedAnswers): void {
    for (const { stage, round, answers } of used) this.#of(stage, round).cached += answers;
  }

  report(): Omit<PlanReport, 'recipe' | 'mode' | 'tasks'> {
    const { recipe, mode } = this.#context;
    const shown = rounds.filter(round => recipe.rounds[round] !== undefined);
    const stages = shown.flatMap(round => stagesOf(recipe.rounds[round]).filter(stage => this.#asksNothing || mayAsk(this.#context, stage, round)).map(stage => {
      const { cached, toDo, stale, maxToDo } = this.#of(stage, round);
      return { stage, round, cached, toDo, stale, ...(maxToDo > toDo ? { maxToDo } : {}) };
    }));
    const outputTokens = stages.reduce((sum, row) => sum + row.toDo * this.#meanOutput(row.stage), 0);
    const exact = this.#asksNothing || mode === 'all' && stages.every(row => row.round === 2 || !('maxToDo' in row));
    return { exact, stages, calls: this.#calls, promptTokens: Math.round(this.#promptTokens), outputTokens: Math.round(outputTokens) };
  }

  #addRound(round: RoundRun, calls: readonly WantedCall[], known: Known): void {
    const plan = this.#context.recipe.rounds[round.round];
    if (!plan || round.finished) return;
    const open = round.branches.filter(branch => branch.state?.kind !== 'settled');
    const sure = new Set(open.slice(0, round.leastOpen));
    for (const call of calls) this.#addCall(call, { surely: open.some(branch => sure.has(branch) && waitsFor(branch, call)), plan, known });
    for (const branch of open) this.#addLater(branch, { surely: sure.has(branch), plan, known });
  }

  /** A request that would be sent at once: it is known to the word. */
  #addCall(call: WantedCall, { surely, plan, known }: Adding): void {
    const draws = call.answers.map(answer => ({ answer, stale: known.former.has(answer), again: known.former.drawsAfter(answer, plan) }));
    for (const { answer, stale, again } of draws) this.#want(answer, 1, { surely, stale: stale ? 1 : 0 }).#want(answer, again, { surely, stale: again });
    if (!surely) return;
    const again = draws.reduce((sum, draw) => sum + draw.again, 0);
    const requests = (this.#serverHasN ? 1 : draws.length) + again;
    this.#calls += requests;
    this.#promptTokens += requests * call.messages.reduce((sum, message) => sum + estimateTokens(message.content), 0);
  }

  /** What follows for a branch once its next answer is there; nothing where the stale one could not be used, which the new one is taken to share. */
  #addLater(branch: Branch, adding: Adding): void {
    const { plan, known: { former } } = adding;
    const { state, stagesLeft } = branch;
    if (state?.kind === 'blocked' || (state?.kind === 'wants' && former.endsWith(branch, state.stage, plan))) return;
    for (const stage of this.#reachable(branch.round, state ? stagesLeft.slice(1) : stagesLeft)) {
      this.#addStage({ stage, round: branch.round, branch: branch.id, sample: 0 }, adding);
      if (former.endsWith(branch, stage, plan)) return;
    }
  }

  /** A stage whose prompt is not known yet. Whether a path comes before the judge is known of one that came before it the last time. */
  #addStage(place: Omit<AnswerPlace, 'taskId'>, { surely, plan, known: { former, questionTokens } }: Adding): void {
    const stale = former.has(place);
    const draws = stale ? 1 + former.drawsAfter(place, plan) : 1;
    const asked = surely && (place.stage !== 'judge' || stale);
    this.#want(place, draws, { surely: asked, stale: stale ? draws : 0 });
    if (!asked) return;
    this.#calls += draws;
    const limit = plan.chain.find(each => each.stage === place.stage)?.sampling.maxTokens ?? 0;
    this.#promptTokens += draws * (questionTokens + promptOverheadTokens + guessedShareOfLimit * limit);
  }

  /** A branch's stages up to the first that may not ask: what comes after it is never reached. */
  #reachable(round: Round, stages: readonly ModelStage[]): readonly ModelStage[] {
    const stop = stages.findIndex(stage => !mayAsk(this.#context, stage, round));
    return stop < 0 ? stages : stages.slice(0, stop);
  }

  #want({ stage, round }: Pick<AnswerPlace, 'stage' | 'round'>, answers: number, { surely, stale }: { readonly surely: boolean; readonly stale: number }): this {
    const totals = this.#of(stage, round);
    totals.maxToDo += answers;
    if (surely) totals.toDo += answers;
    if (surely) totals.stale += stale;
    return this;
  }

  #addPossible(plan: RoundPlan, round: Round): void {
    for (const stage of stagesOf(plan)) this.#of(stage, round).maxToDo += stage === 'choose' ? plan.choose?.samples ?? 0 : rootsOf(plan).length;
  }

  #of(stage: CallStage, round: Round): StageTotals {
    return this.#under(`${stage}/${round}`);
  }

  #under(key: string): StageTotals {
    const totals = this.#totals.get(key) ?? { cached: 0, toDo: 0, stale: 0, maxToDo: 0 };
    this.#totals.set(key, totals);
    return totals;
  }

  #meanOutput(stage: CallStage): number {
    const measured = this.#outputTokens.get(stage) ?? this.#formerTokens.get(stage);
    if (measured) return measured.tokens / measured.answers;
    const first = this.#context.recipe.rounds[1];
    const plan = stagePlansOf(first).find(each => each.stage === stage);
    return (plan?.sampling.maxTokens ?? 0) * guessedShareOfLimit;
  }
}

function measure(sums: Map<CallStage, { tokens: number; answers: number }>, { stage, outputTokens }: Answer): void {
  if (outputTokens === undefined) return;
  const { tokens, answers } = sums.get(stage) ?? { tokens: 0, answers: 0 };
  sums.set(stage, { tokens: tokens + outputTokens, answers: answers + 1 });
}

/** Tokens of a prompt beside the question and its input: an estimate. */
const promptOverheadTokens = 120;

const stagesOf = (round: RoundPlan | undefined): readonly ModelStage[] => stagePlansOf(round).map(plan => plan.stage);

const waitsFor = ({ state }: Branch, call: WantedCall): boolean =>
  state?.kind === 'wants' && call.answers.some(answer => answer.fingerprint === state.fingerprint);
