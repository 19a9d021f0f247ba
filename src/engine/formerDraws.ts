import type { Answer, AnswerPlace } from '../core/model/answer.ts';
import { branchId } from '../core/model/ids.ts';
import type { CallStage, ModelStage } from '../core/model/stage.ts';
import type { Branch } from '../core/plan/branch.ts';
import { stagePlansOf, type RoundPlan } from '../core/recipes/recipe.ts';
import { understand } from '../core/stages/understand.ts';

type Place = Omit<AnswerPlace, 'taskId'>;

/**
 * Answers of a task that its plan does not use any more, since a prompt or an input has changed. They say how often each place was drawn before, which is the
 * best guess at how often it will be drawn now.
 */
export class FormerDraws {
  readonly #newest = new Map<string, Map<number, Answer>>();

  /** @param stale in the order in which they were stored */
  constructor(stale: readonly Answer[]) {
    for (const answer of stale) {
      const key = keyOf(answer);
      const samples = this.#newest.get(key) ?? new Map<number, Answer>();
      samples.delete(answer.sample); // the newest stands last
      this.#newest.set(key, samples.set(answer.sample, answer));
    }
  }

  /** Whether that very draw was made before. */
  has(place: Place): boolean {
    return this.#newest.get(keyOf(place))?.has(place.sample) ?? false;
  }

  /** How many draws were made after this one because it, and those between, could not be used. */
  drawsAfter(place: Place, plan: RoundPlan): number {
    const samples = samplesOf(place.stage, plan);
    const last = this.#last(place, samples);
    return last && last.sample > place.sample ? Math.floor((last.sample - place.sample) / samples) : 0;
  }

  /** Whether a branch ended at a stage: none of the draws that it may have could be used. */
  endsWith(branch: Branch, stage: ModelStage, plan: RoundPlan): boolean {
    const place = stage === 'choose' ? { branch: branchId('choose'), sample: 'sample' in branch.source ? branch.source.sample : 0 } : { branch: branch.id, sample: 0 };
    const samples = samplesOf(stage, plan);
    const last = this.#last({ stage, round: branch.round, ...place }, samples);
    const retries = stagePlansOf(plan).find(each => each.stage === stage)?.retries ?? 0;
    return last !== undefined && Math.floor(last.sample / samples) >= retries && !understand[stage](last, plan).usable;
  }

  /** The newest draw among those that replace each other: sample i, i + n, i + 2n … of n. */
  #last({ sample, ...place }: Place, samples: number): Answer | undefined {
    const drawn = [...this.#newest.get(keyOf(place))?.values() ?? []];
    return drawn.findLast(answer => answer.sample % samples === sample % samples);
  }
}

const keyOf = ({ stage, round, branch }: { readonly stage: string; readonly round: number; readonly branch: string }): string => `${stage}/${round}/${branch}`;

const samplesOf = (stage: CallStage, plan: RoundPlan): number => (stage === 'choose' ? plan.choose?.samples ?? 1 : 1);
