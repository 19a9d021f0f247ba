import type { Answer, LostAnswer, WantedCall } from '../model/answer.ts';
import { branchId, type Fingerprint, type Hash } from '../model/ids.ts';
import type { EvaluationRule } from '../model/evaluation.ts';
import type { Prompt } from '../model/prompt.ts';
import type { HeldOutTask } from '../model/task.ts';
import type { TaskWork } from '../plan/taskWork.ts';
import { requestDraws, type RequestPlace } from '../plan/wanted.ts';

/** What is the same for every task of an evaluation, for one of its models. */
export interface EvaluationContext {
  readonly prompt: Prompt;
  readonly rule: EvaluationRule;
  /** Of the model, see `ServerDescription`. */
  readonly identity: string;
  readonly hash: Hash;
}

/** Part of the fingerprint; raised when what an evaluation asks means something else. */
const version = 1;
const branch = branchId('evaluate');

/** What is asked of one model about one held-out task: a prompt without examples, guidelines or the known answer, and as many answers as the rule says. */
export class TaskEvaluation implements TaskWork {
  readonly task: HeldOutTask;
  readonly #call: WantedCall;
  readonly #handedOut = new Set<Fingerprint>();
  readonly #answers = new Map<Fingerprint, Answer>();
  readonly #lost = new Set<Fingerprint>();

  constructor(task: HeldOutTask, { prompt, rule, identity, hash }: EvaluationContext) {
    this.task = task;
    const { question, answerKind } = task;
    const place: RequestPlace = { taskId: task.id, stage: 'evaluate', stageVersion: version, round: 1, branch, inputs: [] };
    const body = { messages: prompt.render({ task: { question, answerKind } }), sampling: rule.sampling, identity, recipeSeed: rule.seed };
    this.#call = requestDraws(place, body, hash).call(Array.from({ length: rule.samples }, (_, sample) => sample));
  }

  get taskId(): HeldOutTask['id'] {
    return this.task.id;
  }

  /** Answers of other models, and of other stages, are passed over. */
  receive(answers: Iterable<Answer>, lost: Iterable<Pick<LostAnswer, 'fingerprint' | 'problem'>> = []): void {
    const wanted = new Set(this.#call.answers.map(({ fingerprint }) => fingerprint));
    for (const answer of answers) if (wanted.has(answer.fingerprint)) this.#answers.set(answer.fingerprint, answer);
    for (const { fingerprint } of lost) if (wanted.has(fingerprint)) this.#lost.add(fingerprint);
  }

  next(): readonly WantedCall[] {
    const answers = this.#missing.filter(({ fingerprint }) => !this.#handedOut.has(fingerprint));
    for (const { fingerprint } of answers) this.#handedOut.add(fingerprint);
    return answers.length === 0 ? [] : [{ ...this.#call, answers }];
  }

  get settled(): boolean {
    return this.#missing.length === 0;
  }

  /** In the order of their samples; fewer than were asked for where some were given up, or are not there yet. */
  get answers(): readonly Answer[] {
    return this.#call.answers.flatMap(({ fingerprint }) => this.#answers.get(fingerprint) ?? []);
  }

  usedAnswers(): ReadonlySet<Answer> {
    return new Set(this.#answers.values());
  }

  conclude(): undefined {
    return undefined;
  }

  concludeInPart(): undefined {
    return undefined;
  }

  get #missing(): WantedCall['answers'] {
    return this.#call.answers.filter(({ fingerprint }) => !this.#answers.has(fingerprint) && !this.#lost.has(fingerprint));
  }
}
