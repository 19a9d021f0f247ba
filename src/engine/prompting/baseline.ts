import type { Hash } from '../../core/model/ids.ts';
import { loadRecipe } from '../../core/recipes/loadRecipe.ts';
import type { Recipe } from '../../core/recipes/recipe.ts';
import type { PromptFiles } from '../../core/recipes/recipeFile.ts';
import type { RunRecord, Store } from '../../ports/store.ts';
import { isStep } from '../runChoices.ts';

/** What a recipe that is being changed is held against. */
export interface Baseline {
  /** Absent where it can be used neither as it was run nor as it is saved. */
  readonly recipe: Recipe | undefined;
  /** The latest run of it; absent where none was. */
  readonly run: RunRecord | undefined;
}

/**
 * A recipe as it was run last, since that is what its answers are of, whatever was saved meanwhile: many editors save of themselves. As it is saved where it was
 * never run, or cannot be read any more as it was.
 */
export function baselineOf(store: Store, name: string, { saved, hash }: { readonly saved: PromptFiles; readonly hash: Hash }): Baseline {
  const run = store.runs().find(each => each.recipeName === name && !isStep(each));
  const record = run && store.recipe(run.recipeId);
  const asRun = record && loadRecipe({ name, files: new Map(Object.entries(record.files)), hash }).recipe;
  return { recipe: asRun ?? loadRecipe({ name, files: saved, hash }).recipe, run };
}
