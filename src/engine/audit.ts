import { mostAuditRows, type AuditReport } from '../contract/overview.ts';
import type { Answer } from '../core/model/answer.ts';
import type { TaskId } from '../core/model/ids.ts';
import type { BranchOutcome } from '../core/model/outcome.ts';
import { problemError } from '../core/model/problem.ts';
import { excerptOf, type Task } from '../core/model/task.ts';
import { verdictKinds, type VerdictKind } from '../core/model/verdict.ts';
import { takeVote } from '../core/plan/vote.ts';
import { kappa, voteAccuracy, type TakenVote } from '../core/stats/agreement.ts';
import { ReleasedFunnel, type ReleasedBranch } from '../core/stats/released.ts';
import { compareGraders, type Compared } from '../core/verify/difference.ts';
import type { Store } from '../ports/store.ts';
import type { EngineDependencies } from './dependencies.ts';
import { inSlices } from './slices.ts';

const reportEveryMs = 250;
/** Any majority is one here: how often it is right is what is asked. */
const anyMajority = { leastVotes: 2, leastShare: 0, leastMargin: 0 };

/** What an audit needs of the world. */
export type Auditing = Pick<EngineDependencies, 'clock' | 'emit' | 'loadCl100k'>;

type KnownTask = Task & { readonly gold: string };
type Checked = ReadonlyMap<string, { readonly answer: Answer; readonly compared: Compared }>;

/**
 * Holds the filter of the released code against the typed grader, on every stored path of every task with a known answer. Facts may change meanwhile: each task is
 * looked at as it then stands. Throws `cancelled` once the signal is.
 */
export async function audit(dependencies: Auditing, store: Store, signal: AbortSignal): Promise<AuditReport> {
  const { clock } = dependencies;
  const [slice, countTokens] = [inSlices(clock), await dependencies.loadCl100k()];
  const pause = async () => {
    await slice();
    if (signal.aborted) throw problemError('cancelled', 'The audit was cancelled. It changes nothing; start it again at any time.');
  };
  await pause(); // the project may be closed by now
  const [tally, tasks] = [new AuditTally(), store.taskIds({ split: 'train' })];
  let reportedMs = clock.monotonicMs();
  for (const [done, id] of tasks.entries()) {
    const task = knownTask(store, id);
    if (task) {
      const checked = new Map<string, { answer: Answer; compared: Compared }>();
      for (const answer of store.answers(id)) {
        if (answer.stage !== 'path') continue;
        checked.set(answer.fingerprint, { answer, compared: compareGraders(task, answer.raw, countTokens) });
        await pause();
      }
      if (checked.size > 0) tally.add(task, checked, store.outcome(id)?.branches ?? []);
    }
    await pause();
    if (clock.monotonicMs() - reportedMs < reportEveryMs) continue;
    reportedMs = clock.monotonicMs();
    dependencies.emit('auditProgress', { done, total: tasks.length });
  }
  dependencies.emit('auditProgress', { done: tasks.length, total: tasks.length });
  return { project: store.path, simulated: store.runs().some(run => run.simulated), ...tally.report() };
}

function knownTask(store: Store, id: TaskId): KnownTask | undefined {
  const task = store.task(id);
  return task?.gold === undefined ? undefined : { ...task, gold: task.gold };
}

class AuditTally {
  #tasks = 0;
  readonly #differences = { 'agree': 0, 'false-accept': 0, 'false-reject': 0, 'undecided': 0 };
  readonly #rows: AuditReport['rows'] = [];
  readonly #released = new ReleasedFunnel();
  readonly #judged = new Map<VerdictKind, { yes: number; no: number }>();
  readonly #votes: TakenVote[] = [];

  add(task: KnownTask, checked: Checked, branches: readonly BranchOutcome[]): void {
    this.#tasks += 1;
    for (const { answer, compared } of checked.values()) {
      const { difference } = compared;
      this.#differences[difference] += 1;
      if ((difference === 'false-accept' || difference === 'false-reject') && this.#rows.length < mostAuditRows) this.#rows.push(rowOf(task, answer, compared));
    }
    this.#released.add(branches.map(branch => releasedBranch(branch, checked)));
    for (const branch of branches) this.#judge(branch, checked);
    const vote = voteOf(task, branches, checked);
    if (vote) this.#votes.push(vote);
  }

  report(): Omit<AuditReport, 'project' | 'simulated'> {
    const { agree, undecided, ...differing } = this.#differences;
    const steps = this.#released.rows();
    const last = steps.at(-1) ?? { count: 0, incorrect: 0 };
    return {
      tasks: this.#tasks,
      paths: agree + undecided + differing['false-accept'] + differing['false-reject'],
      agreed: agree,
      falseAccepts: differing['false-accept'],
      falseRejects: differing['false-reject'],
      undecided,
      rows: this.#rows,
      released: { steps: steps.map(step => ({ ...step })), kept: last.count, incorrect: last.incorrect },
      judge: this.#judgeReport(),
      vote: this.#votes.length === 0 ? null : voteAccuracy(this.#votes),
    };
  }

  #judge(branch: BranchOutcome, checked: Checked): void {
    const [said, found] = [judgeOf(branch), checked.get(branch.answers.path ?? '')];
    if (said === undefined || !found) return;
    const row = this.#judged.get(found.compared.typed.verdict) ?? { yes: 0, no: 0 };
    row[said ? 'yes' : 'no'] += 1;
    this.#judged.set(found.compared.typed.verdict, row);
  }

  /** What the typed grader cannot decide says nothing of agreement. */
  #judgeReport(): AuditReport['judge'] {
    if (this.#judged.size === 0) return null;
    const sum = (kinds: readonly VerdictKind[], word: 'yes' | 'no') => kinds.reduce((total, kind) => total + (this.#judged.get(kind)?.[word] ?? 0), 0);
    const wrong: readonly VerdictKind[] = ['incorrect', 'unreadable'];
    return {
      confusion: verdictKinds.flatMap(typed => (this.#judged.has(typed) ? [{ typed, yes: sum([typed], 'yes'), no: sum([typed], 'no') }] : [])),
      kappa: kappa({ yesYes: sum(['correct'], 'yes'), yesNo: sum(['correct'], 'no'), noYes: sum(wrong, 'yes'), noNo: sum(wrong, 'no') }),
    };
  }
}

function rowOf(task: KnownTask, answer: Answer, { typed, released }: Compared): AuditReport['rows'][number] {
  return {
    task: task.id, path: answer.fingerprint, branch: answer.branch, round: answer.round, gold: excerptOf(task.gold),
    typed: typed.verdict, reason: typed.reason, extracted: shortened(typed.extracted),
    reference: released.verdict === 'correct', referenceReason: released.reason, referenceExtracted: shortened(released.extracted),
  };
}

const shortened = (text: string | null): string | null => (text === null ? null : excerptOf(text));

/** What the judge said; absent where it was not asked. */
function judgeOf(branch: BranchOutcome): boolean | undefined {
  const verdict = branch.verdicts.find(({ checker }) => checker === 'judge');
  return verdict && verdict.kind === 'correct';
}

function releasedBranch(branch: BranchOutcome, checked: Checked): ReleasedBranch {
  const found = checked.get(branch.answers.path ?? '');
  if (!found) return {};
  const { typed, released } = found.compared;
  const judge = judgeOf(branch);
  return {
    path: {
      saysBoxed: found.answer.raw.includes('boxed'), ...(judge === undefined ? {} : { judge }), takesAnswer: released.verdict === 'correct', isCut: released.cut !== null,
      incorrect: typed.verdict === 'incorrect' || typed.verdict === 'unreadable',
    },
  };
}

/** The majority of a task's unhinted paths as if its answer were not known; absent where there is none. */
function voteOf(task: KnownTask, branches: readonly BranchOutcome[], checked: Checked): TakenVote | undefined {
  const voters = branches.flatMap(branch => (branch.round === 1 ? checked.get(branch.answers.path ?? '')?.compared.typed ?? [] : []));
  const result = takeVote(voters.map(typed => (typed.verdict === 'unreadable' ? null : typed.extracted)), anyMajority, task);
  if (result.winner === null) return undefined;
  const votes = result.keys.filter(key => key !== null);
  return { share: votes.filter(key => key === result.winner).length / votes.length, right: voters.some((typed, index) => result.keys[index] === result.winner && typed.verdict === 'correct') };
}
