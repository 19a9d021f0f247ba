import type { Guideline } from '../model/guideline.ts';
import { branchId, type BranchId, type Fingerprint } from '../model/ids.ts';
import type { ModelStage } from '../model/stage.ts';
import type { RoundPlan } from '../recipes/recipe.ts';
import type { Fork } from './taskFacts.ts';

/** Where a branch comes from, beside forks: a guideline of its own, a sample of the choose stage, or nothing, so that its number is all that tells it from other draws. */
export type BranchRoot = { readonly guideline: Guideline } | { readonly sample: number } | { readonly drawn: number };

/** What a fork has of its own: its id, and the answers that it shares with the branch it was copied from. */
export interface ForkOf {
  readonly id: BranchId;
  readonly inputs: { readonly [S in ModelStage]?: Fingerprint };
}

/** Where a branch comes from. */
export type BranchSource = BranchRoot & { readonly fork?: ForkOf };

/** The id of a branch, see `BranchId`; of a fork its own. */
export const idOfBranch = (source: BranchSource): BranchId => source.fork?.id ?? branchId(rootId(source));

function rootId(root: BranchRoot): string {
  if ('guideline' in root) return `guideline:${root.guideline.id}`;
  return 'sample' in root ? `chosen:${root.sample}` : `drawn:${root.drawn}`;
}

/** All branches that a round has by its recipe, in the recipe's order. */
export function rootsOf(plan: RoundPlan): readonly BranchRoot[] {
  return [
    ...plan.guidelines.map(guideline => ({ guideline })),
    ...Array.from({ length: plan.choose?.samples ?? 0 }, (_, sample) => ({ sample })),
    ...Array.from({ length: plan.drawn ?? 0 }, (_, drawn) => ({ drawn })),
  ];
}

/** A fork as a source; nothing where the recipe has no such branch, as after a change of its guidelines. */
export function forkSource({ branch, source, inputs }: Pick<Fork, 'branch' | 'source' | 'inputs'>, plan: RoundPlan): BranchSource | undefined {
  const root = rootsOf(plan).find(each => idOfBranch(each) === source);
  return root && { ...root, fork: { id: branch, inputs } };
}
