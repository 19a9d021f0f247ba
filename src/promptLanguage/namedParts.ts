// Names that recipes use: prompts, guidelines, other recipes. They are read even where the recipe itself is broken.
import type { Guideline } from '../core/model/guideline.ts';
import { recipeNameOf, recipePath } from '../core/model/promptFile.ts';
import type { ModelStage } from '../core/model/stage.ts';
import { readGuidelines } from '../core/recipes/guidelines.ts';
import { namedPrompt } from '../core/recipes/promptPlaces.ts';
import type { Documents, PromptDocument } from './documents.ts';
import { stageOf } from './given.ts';
import type { PromptFolder } from './workspace.ts';

/** The folders in which a recipe looks for its prompts: its own, then those of the recipes that it extends. */
function promptFoldersOf({ folder, path }: PromptDocument): readonly string[] {
  const names: string[] = [];
  for (let next = recipeNameOf(path) ?? path.split('/', 1)[0]; next !== undefined && !names.includes(next);) {
    names.push(next);
    next = /^extends:[ \t]*["']?([^\s"'#]+)/m.exec(folder.files.get(recipePath(next)) ?? '')?.[1];
  }
  return names;
}

/** The path of a prompt that a recipe names; absent where there is none. */
export const promptNamed = (name: string, recipe: PromptDocument): string | undefined => namedPrompt(name, promptFoldersOf(recipe), recipe.folder.files).file;

/** The prompts of a stage by the names that a recipe calls them by, those of its own folders first. */
export function promptsFor(documents: Documents, recipe: PromptDocument, stage: ModelStage): readonly { readonly name: string; readonly file: string }[] {
  const files = [...recipe.folder.files.keys()].filter(file => {
    const prompt = documents.at(recipe.folder, file);
    return prompt?.kind === 'prompt' && stageOf(prompt) === stage;
  });
  const short = (file: string): string => file.slice(file.indexOf('/') + 1);
  const named = files.map(file => ({ name: promptNamed(short(file), recipe) === file ? short(file) : file, file }));
  return named.toSorted((a, b) => Number(a.name.includes('/')) - Number(b.name.includes('/')) || (a.name < b.name ? -1 : 1));
}

/** Every guideline that a folder has. */
export const guidelinesIn = (folder: PromptFolder): readonly Guideline[] => readGuidelines(folder.files).guidelines;
