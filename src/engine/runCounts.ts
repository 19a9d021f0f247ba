import type { WantedCall } from '../core/model/answer.ts';
import type { Fingerprint, TaskId } from '../core/model/ids.ts';
import { isKept, type TaskOutcome } from '../core/model/outcome.ts';
import type { CallStage, Round } from '../core/model/stage.ts';
import { countStates, type TaskState } from '../core/model/task.ts';
import type { TaskWork } from '../core/plan/taskWork.ts';
import type { ChatReply } from '../ports/languageModel.ts';
import type { Commit, SettledTask } from '../ports/store.ts';

/** Counts of one stage in one round: answers there, requests that failed, answers wanted and not there. */
export interface StageCounts {
  readonly stage: CallStage;
  readonly round: Round;
  done: number;
  failed: number;
  toDo: number;
}

/** What a run counts while it goes on. */
export class RunCounts {
  calls = 0;
  cached = 0;
  kept = 0;
  outputTokens = 0;
  tasksDone = 0;
  /** Those of `tasksDone` that were settled before, and so say nothing about how long one takes. */
  tasksLeftAlone = 0;
  readonly failed = new Map<string, number>();
  readonly #stages = new Map<string, StageCounts>();
  readonly #states = new Map<TaskState, number>();
  /** Answers that this run asked for itself, of the tasks that it works on. */
  readonly #fresh = new Map<TaskId, Set<Fingerprint>>();

  get stages(): readonly StageCounts[] {
    return [...this.#stages.values()];
  }

  /** What the project keeps of them. */
  stored(): Omit<NonNullable<Commit['run']>, 'id'> {
    const { calls, cached, failed, kept, outputTokens } = this;
    return { calls, cached, failed: Object.fromEntries(failed), kept, outputTokens };
  }

  /** A task begins: what the store already holds of it counts as done. */
  begin(work: TaskWork): void {
    this.#fresh.set(work.taskId, new Set());
    for (const answer of work.usedAnswers()) this.#stage(answer.stage, answer.round).done += 1;
  }

  want(call: WantedCall): void {
    const [first] = call.answers;
    if (first) this.#stage(first.stage, first.round).toDo += call.answers.length;
  }

  /** A call that was wanted and is not sent after all. */
  drop(call: WantedCall): void {
    const [first] = call.answers;
    if (first) this.#stage(first.stage, first.round).toDo -= call.answers.length;
  }

  /** Answers of a call that were got by another run meanwhile. */
  learn(call: WantedCall, answers: number): void {
    const [first] = call.answers;
    this.drop(call);
    if (first) this.#stage(first.stage, first.round).done += answers;
  }

  arrive(call: WantedCall, reply: ChatReply): void {
    const [first] = call.answers;
    if (!first) return;
    const counts = this.#stage(first.stage, first.round);
    this.drop(call);
    if (reply.ok) {
      counts.done += reply.choices.length;
      this.outputTokens += reply.usage?.outputTokens ?? 0;
      const fresh = this.#fresh.get(first.taskId);
      for (const answer of call.answers.slice(0, reply.choices.length)) fresh?.add(answer.fingerprint);
    } else {
      counts.failed += 1;
      this.failed.set(reply.problem.code, (this.failed.get(reply.problem.code) ?? 0) + 1);
    }
  }

  settle(work: TaskWork, outcome: TaskOutcome): void {
    this.pass(work);
    this.kept += outcome.branches.filter(isKept).length;
    this.#states.set(outcome.state, (this.#states.get(outcome.state) ?? 0) + 1);
  }

  /** A task that the run has done all for that it may, without an outcome. */
  pass(work: TaskWork): void {
    this.end(work);
    this.tasksDone += 1;
  }

  /** A task that an earlier run settled in the same way: counted as if it had been worked out anew. */
  leave({ state, kept, used }: SettledTask): void {
    for (const { stage, round, answers } of used) {
      this.#stage(stage, round).done += answers;
      this.cached += answers;
    }
    this.tasksDone += 1;
    this.tasksLeftAlone += 1;
    this.kept += kept;
    this.#states.set(state, (this.#states.get(state) ?? 0) + 1);
  }

  /** The work on a task ends, settled or not: what it took from the store instead of asking for it is counted. */
  end(work: TaskWork): void {
    const fresh = this.#fresh.get(work.taskId);
    this.#fresh.delete(work.taskId);
    for (const answer of work.usedAnswers()) if (!fresh?.has(answer.fingerprint)) this.cached += 1;
  }

  /** Every state with its count; tasks that were not settled stand as not started. */
  tasksByState(total: number): Record<TaskState, number> {
    const settled = [...this.#states.values()].reduce((sum, count) => sum + count, 0);
    return { ...countStates(state => this.#states.get(state) ?? 0), 'not-started': total - settled };
  }

  #stage(stage: CallStage, round: Round): StageCounts {
    const key = `${stage}/${round}`;
    const counts = this.#stages.get(key) ?? { stage, round, done: 0, failed: 0, toDo: 0 };
    this.#stages.set(key, counts);
    return counts;
  }
}
