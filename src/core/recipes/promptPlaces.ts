import type { ModelStage } from '../model/stage.ts';
import { layouts, type Layout } from './recipe.ts';
import { isOn } from './recipeChecks.ts';
import type { PromptFiles, RecipeText } from './recipeFile.ts';

/** How the names of a stage's prompts end, by their layout. */
const endings: { readonly [Each in Layout]: string } = { prefix: '.rgprompt', reference: '.reference.rgprompt' };

/** Where a prompt is, or where it was looked for. */
export interface FoundPrompt {
  /** Absent where there is none. */
  readonly file?: string;
  readonly candidates: readonly string[];
}

/** A prompt that a recipe names, whatever its layout: looked for in the recipe's own folder first, then in those of the recipes that it extends. */
export function namedPrompt(name: string, folders: readonly string[], files: PromptFiles): FoundPrompt {
  const candidates = name.includes('/') ? [name] : folders.map(folder => `${folder}/${name}`);
  return { ...found(candidates.find(candidate => files.has(candidate))), candidates };
}

/** The stage's prompt in the recipe's layout, out of the first folder that has one in any layout: what somebody changed is never passed over for what lies behind it. */
export function laidOutPrompt(asked: { readonly stage: ModelStage; readonly layout: Layout; readonly folders: readonly string[] }, files: PromptFiles):
FoundPrompt & { readonly inOtherLayout?: { readonly found: string; readonly wanted: string } } {
  const { stage, layout, folders } = asked;
  const fileIn = (folder: string, each: Layout) => `${folder}/${stage}${endings[each]}`;
  const candidates = folders.map(folder => fileIn(folder, layout));
  const first = folders.flatMap(folder => layouts.map(each => ({ folder, file: fileIn(folder, each) }))).find(({ file }) => files.has(file));
  if (!first) return { candidates };
  const wanted = fileIn(first.folder, layout);
  return files.has(wanted) ? { file: wanted, candidates } : { candidates, inOtherLayout: { found: first.file, wanted } };
}

/** The prompts that a recipe uses for a stage: that of round 1, and the one of the hint round where it is another. Empty where the recipe lacks the stage or the prompt. */
export function promptsOfStage({ recipe, folders }: Pick<RecipeText, 'recipe' | 'folders'>, stage: ModelStage, files: PromptFiles): readonly string[] {
  const stated = recipe.stages[stage];
  if (!isOn(stated)) return [];
  const first = stated.prompt !== undefined ? namedPrompt(stated.prompt, folders, files) : laidOutPrompt({ stage, layout: recipe.layout, folders }, files);
  const hinted = typeof recipe.hints === 'object' ? recipe.hints.prompts?.[stage] : undefined;
  const second = hinted === undefined ? undefined : namedPrompt(hinted, folders, files);
  return [...new Set([first.file, second?.file].filter(file => file !== undefined))];
}

const found = (file: string | undefined): { readonly file?: string } => (file === undefined ? {} : { file });
