import type { Answer, LostAnswer } from '../model/answer.ts';
import type { Edit } from '../model/edit.ts';
import type { BranchId, Fingerprint } from '../model/ids.ts';
import type { Problem } from '../model/problem.ts';
import { rulings, type Review, type Ruling } from '../model/review.ts';
import type { Message, Round } from '../model/stage.ts';
import type { BranchKey, Facts } from './context.ts';

/** A branch that began as a copy of another. */
export interface Fork extends Pick<Extract<Edit, { readonly kind: 'fork' }>, 'branch' | 'round' | 'source' | 'from' | 'inputs'> {
  /** A person said that it takes part in the selection. */
  readonly included: boolean;
}

const keyOf = ({ round, id }: BranchKey, of: string): string => `${round}/${id}/${of}`;

/** The facts of one task: those that grow while a run goes on, and what a person decided, which is the same from beginning to end. */
export class TaskFacts implements Facts {
  readonly #answers = new Map<Fingerprint, Answer>();
  readonly #lost = new Map<Fingerprint, Problem>();
  readonly #chosen = new Map<string, Fingerprint>();
  readonly #prompts = new Map<string, readonly Message[] | null>();
  readonly #forks = new Map<string, Fork>();
  readonly #rulings: ReadonlyMap<Fingerprint, Ruling>;

  /** @param edits in the order in which they were made */
  constructor(edits: readonly Edit[] = [], reviews: readonly Review[] = []) {
    for (const edit of edits) this.#decide(edit);
    this.#rulings = rulings(reviews);
  }

  /** The forks of a round, in the order in which they were made. */
  forks(round: Round): readonly Fork[] {
    return [...this.#forks.values()].filter(fork => fork.round === round);
  }

  learn(answers: Iterable<Answer>, lost: Iterable<Pick<LostAnswer, 'fingerprint' | 'problem'>>): void {
    for (const answer of answers) this.#answers.set(answer.fingerprint, answer);
    for (const { fingerprint, problem } of lost) this.#lost.set(fingerprint, problem);
  }

  answer(fingerprint: Fingerprint): Answer | undefined {
    return this.#answers.get(fingerprint);
  }

  lost(fingerprint: Fingerprint): Problem | undefined {
    return this.#lost.get(fingerprint);
  }

  chosen(branch: BranchKey, of: Fingerprint): Answer | undefined {
    if (this.#chosen.size === 0) return undefined;
    const chosen = this.#chosen.get(keyOf(branch, of));
    return chosen === undefined ? undefined : this.#answers.get(chosen);
  }

  prompt(branch: BranchKey, of: Fingerprint): readonly Message[] | undefined {
    return this.#prompts.size === 0 ? undefined : this.#prompts.get(keyOf(branch, of)) ?? undefined;
  }

  ruling(path: Fingerprint): Ruling | undefined {
    return this.#rulings.get(path);
  }

  #decide(edit: Edit): void {
    const { round, branch } = edit;
    switch (edit.kind) {
      case 'answer': this.#chosen.set(keyOf({ round, id: branch }, edit.of), edit.chosen); break;
      case 'prompt': this.#prompts.set(keyOf({ round, id: branch }, edit.of), edit.messages); break;
      case 'fork': this.#forks.set(forkKey(round, branch), { branch, round, source: edit.source, from: edit.from, inputs: edit.inputs, included: false }); break;
      case 'include': {
        const fork = this.#forks.get(forkKey(round, branch));
        if (fork) this.#forks.set(forkKey(round, branch), { ...fork, included: edit.included });
      }
    }
  }
}

const forkKey = (round: Round, branch: BranchId): string => `${round}/${branch}`;
