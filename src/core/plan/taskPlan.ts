import type { Answer, LostAnswer, WantedCall } from '../model/answer.ts';
import type { Edit } from '../model/edit.ts';
import type { Fingerprint, TaskId } from '../model/ids.ts';
import type { Review } from '../model/review.ts';
import { isKept, type TaskOutcome, type UsedAnswers } from '../model/outcome.ts';
import type { CallStage } from '../model/stage.ts';
import { asRecipeKnows, type TaskContext } from './context.ts';
import { RoundRun } from './round.ts';
import type { Conclusion, TaskWork } from './taskWork.ts';
import { selectPaths, stateOf, type SelectedBranch } from './select.ts';
import { TaskFacts } from './taskFacts.ts';

/**
 * All that is to be done for one task: given its facts, which calls are wanted next and, once nothing is, its outcome.
 *
 * Starting and resuming are the same: `receive` what is stored, then ask `next`. The outcome depends on the facts alone, never on the order they came in.
 */
export class TaskPlan implements TaskWork {
  /** As the recipe knows it: without a known answer where that stays unused. */
  readonly context: TaskContext;
  /** How many reviews it knows of. */
  readonly reviews: number;
  readonly #gold: string | undefined;
  readonly #handedOut = new Set<Fingerprint>();
  readonly #facts: TaskFacts;
  readonly #rounds: RoundRun[];

  /**
   * @param edits what a person decided about branches of the task, in the order in which it was stored
   * @param reviews what people think of its paths, likewise
   */
  constructor(context: TaskContext, edits: readonly Edit[] = [], reviews: readonly Review[] = []) {
    this.context = asRecipeKnows(context);
    this.#gold = context.task.gold;
    this.reviews = reviews.length;
    this.#facts = new TaskFacts(edits, reviews);
    this.#rounds = [new RoundRun(this.context, { round: 1, plan: context.recipe.rounds[1], forks: this.#facts.forks(1) })];
  }

  /** What of people's judgement it knows, for the basis of its outcome: how many reviews, and the known answer as it was corrected by then. */
  get judgedBy(): Conclusion['judgedBy'] {
    return { reviews: this.reviews, ...(this.#gold === undefined ? {} : { gold: this.#gold }) };
  }

  get taskId(): TaskId {
    return this.context.task.id;
  }

  /** The rounds begun so far; the second one only for a task that qualifies for hints. */
  get rounds(): readonly RoundRun[] {
    return this.#rounds;
  }

  /** Takes in facts, stored or new, and goes on as far as they allow. */
  receive(answers: Iterable<Answer>, lost: Iterable<Pick<LostAnswer, 'fingerprint' | 'problem'>> = []): void {
    this.#facts.learn(answers, lost);
    const [first] = this.#rounds;
    first?.advance(this.#facts);
    if (this.#rounds.length === 1 && this.#qualifiesForHints()) {
      const hints = this.context.recipe.rounds[2];
      if (hints) this.#rounds.push(new RoundRun(this.context, { round: 2, plan: hints, forks: this.#facts.forks(2) }));
    }
    this.#rounds[1]?.advance(this.#facts);
  }

  /** Calls that are wanted now and were not handed out before, in the order of the walk. */
  next(): readonly WantedCall[] {
    const calls: WantedCall[] = [];
    for (const { state } of this.#rounds.flatMap(round => (round.finished ? [] : round.launched))) {
      if (state?.kind !== 'wants' || this.#handedOut.has(state.fingerprint)) continue;
      const answers = state.call.answers.filter(answer => !this.#handedOut.has(answer.fingerprint));
      for (const answer of answers) this.#handedOut.add(answer.fingerprint);
      calls.push({ ...state.call, answers });
    }
    return calls;
  }

  /** Whether everything is settled, so that `outcome` can be asked for. */
  get settled(): boolean {
    return this.#rounds.every(round => round.finished);
  }

  /** Answers that stand in the branches or were drawn in vain for them. */
  usedAnswers(): ReadonlySet<Answer> {
    return new Set(this.#rounds.flatMap(round => round.launched.flatMap(branch => [...branch.used])));
  }

  /**
   * How many answers stand in the branches that count or were drawn in vain for them; asked for once everything is settled. A plan that is given the same facts
   * at once uses just these: it begins no branch beyond.
   */
  decidedAnswers(): UsedAnswers {
    return this.#rounds.flatMap(({ round, decided }) => {
      const counts = new Map<CallStage, number>();
      for (const { stage } of new Set(decided.flatMap(branch => [...branch.used]))) counts.set(stage, (counts.get(stage) ?? 0) + 1);
      return [...counts].map(([stage, answers]) => ({ stage, round, answers }));
    });
  }

  /** Every settled branch in the order of the walk, round 1 first, with what the vote and the walk made of it. */
  selected(): readonly SelectedBranch[] {
    return selectPaths(this.context, this.#rounds);
  }

  /** What became of the task; asked for once it is `settled`. */
  outcome(): TaskOutcome {
    return this.#outcomeOf(this.selected());
  }

  conclude(): Conclusion {
    return { outcome: this.outcome(), used: this.decidedAnswers(), judgedBy: this.judgedBy };
  }

  /** A run that leaves stages out grades what there is of a task only where it also reads paths. */
  concludeInPart(replaces: boolean): TaskOutcome | undefined {
    const { allowed, onlyRound } = this.context;
    const asksNothing = allowed?.size === 0;
    const grades = asksNothing || (onlyRound !== 2 && (!allowed || allowed.has('path') || allowed.has('judge')));
    return grades ? this.outcomeInPart(asksNothing && replaces) : undefined;
  }

  /**
   * What can be said of a task that is not settled and that the run may ask nothing more about, because it leaves stages out: its branches up to the first that
   * is not settled, whose paths stay kept whatever the rest brings. The next run goes on from there.
   *
   * @param replaces there is an outcome already, which grading anew puts right in any case
   * @returns absent where it would say nothing yet: no path is kept and branches of round 1 are missing, or the majority has not voted
   */
  outcomeInPart(replaces: boolean): TaskOutcome | undefined {
    const [first] = this.#rounds;
    if (!first || this.context.task.gold === undefined) return undefined;
    const outcome = this.#outcomeOf(selectPaths(this.context, this.#rounds, round => (round.finished ? round.decided : round.firm)));
    return outcome.branches.length > 0 && (replaces || first.finished || outcome.branches.some(isKept)) ? outcome : undefined;
  }

  #outcomeOf(selected: readonly SelectedBranch[]): TaskOutcome {
    const branches = selected.map(each => each.outcome);
    const voted = branches.flatMap(branch => branch.verdicts).find(verdict => verdict.checker === 'vote' && verdict.kind === 'correct')?.extracted ?? undefined;
    const exist = this.#rounds.reduce((sum, round) => sum + round.branches.length, 0);
    return {
      taskId: this.context.task.id,
      runId: this.context.runId,
      state: stateOf(this.context, branches),
      branches,
      notNeeded: exist - branches.length,
      ...(voted === undefined ? {} : { voted }),
      ...(this.context.recipe.knownAnswers === 'unused' ? { knownAnswerUnused: true as const } : {}),
    };
  }

  /**
   * Hints go only to a task all of whose branches are settled, none correct, and at least one readably wrong: never to one that merely lost its format. What
   * the model wrote counts, whatever people made of it: amending a path takes no hinted path away. Where people's accepts and amendments make enough in round 1, a run
   * until enough needs no hints: whether the branches beyond happened to be settled too must not decide.
   */
  #qualifiesForHints(): boolean {
    const [first] = this.#rounds;
    if (!first || first.enough || this.context.task.gold === undefined || !first.branches.every(branch => branch.state?.kind === 'settled')) return false;
    const kinds = first.branches.map(branch => branch.state?.kind === 'settled' ? branch.state.settled.verdict?.kind : undefined);
    return !kinds.includes('correct') && kinds.includes('incorrect');
  }
}
