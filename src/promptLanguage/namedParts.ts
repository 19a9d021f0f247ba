// Names that recipes use: prompts, guidelines, other recipes. They are read even where the recipe itself is broken.
import { isScalar } from 'yaml';
import type { Guideline } from '../core/model/guideline.ts';
import { recipeNameOf, recipePath } from '../core/model/promptFile.ts';
import type { ModelStage } from '../core/model/stage.ts';
import { Source } from '../core/prompts/problem.ts';
import { yamlNodes } from '../core/prompts/yamlFile.ts';
import { readGuidelines } from '../core/recipes/guidelines.ts';
import { namedPrompt } from '../core/recipes/promptPlaces.ts';
import type { Documents, PromptDocument } from './documents.ts';
import { stageOf } from './given.ts';
import { valueAt } from './readYaml.ts';
import type { PromptFolder } from './workspace.ts';

/** The folders in which a recipe looks for its prompts: its own, then those of the recipes that it extends. */
function promptFoldersOf({ folder, path }: PromptDocument): readonly string[] {
  const names: string[] = [];
  for (let next = recipeNameOf(path) ?? path.split('/', 1)[0]; next !== undefined && !names.includes(next);) {
    names.push(next);
    next = extendedBy(recipePath(next), folder);
  }
  return names;
}

function extendedBy(path: string, { files }: PromptFolder): string | undefined {
  const source = new Source(path, files.get(path) ?? '');
  const name = valueAt(yamlNodes(source, { start: 0, end: source.text.length })?.contents, ['extends']);
  return isScalar(name) && typeof name.value === 'string' ? name.value : undefined;
}

/** The path of a prompt that a recipe names; absent where there is none. */
export const promptNamed = (name: string, recipe: PromptDocument): string | undefined => promptIn(promptFoldersOf(recipe), name, recipe);
const promptIn = (folders: readonly string[], name: string, { folder }: PromptDocument): string | undefined => namedPrompt(name, folders, folder.files).file;

/** The prompts of a stage by the names that a recipe calls them by, those of its own folders first. */
export function promptsFor(documents: Documents, recipe: PromptDocument, stage: ModelStage): readonly { readonly name: string; readonly file: string }[] {
  const files = [...recipe.folder.files.keys()].filter(file => {
    const prompt = documents.at(recipe.folder, file);
    return prompt?.kind === 'prompt' && stageOf(prompt) === stage;
  });
  const folders = promptFoldersOf(recipe);
  const short = (file: string): string => file.slice(file.indexOf('/') + 1);
  const named = files.map(file => ({ name: promptIn(folders, short(file), recipe) === file ? short(file) : file, file }));
  return named.toSorted((a, b) => Number(a.name.includes('/')) - Number(b.name.includes('/')) || (a.name < b.name ? -1 : 1));
}

/** Every guideline that a folder has. */
export const guidelinesIn = (folder: PromptFolder): readonly Guideline[] => readGuidelines(folder.files).guidelines;
