import { recipeEnding, recipeNameOf } from '../core/model/promptFile.ts';
import type { Source } from '../core/prompts/problem.ts';
import { readRecipeText, recipeNames, type RecipeText } from '../core/recipes/recipeFile.ts';
import type { Documents, PromptDocument } from './documents.ts';
import { promptMentions, type Mention } from './mentions.ts';
import type { PromptFolder } from './workspace.ts';
import { guidelineMentions, recipeMentions } from './yamlMentions.ts';

/** What the files of a folder mention. Each file is read when it is first asked for, and again when its text has changed. */
export class SymbolIndex {
  readonly #documents: Documents;
  readonly #known = new WeakMap<Source, readonly Mention[]>();
  readonly #recipes = new WeakMap<PromptFolder, { readonly texts: string; readonly recipes: ReadonlyMap<string, RecipeText> }>();

  constructor(documents: Documents) {
    this.#documents = documents;
  }

  /** Every file of the language in a folder, in the order of their paths. */
  documentsOf(folder: PromptFolder): readonly PromptDocument[] {
    return [...folder.files.keys()].sort().flatMap(path => this.#documents.at(folder, path) ?? []);
  }

  /** The recipes of a folder by name, each put together with what it extends. Read again when any of them has changed. */
  recipesOf(folder: PromptFolder): ReadonlyMap<string, RecipeText> {
    const { files } = folder;
    const texts = [...files].filter(([path]) => path.endsWith(recipeEnding)).flat().join('\0');
    const known = this.#recipes.get(folder);
    if (known?.texts === texts) return known.recipes;
    const recipes = new Map(recipeNames(files).flatMap(name => {
      const recipe = readRecipeText(name, files);
      return recipe ? [[name, recipe] as const] : [];
    }));
    this.#recipes.set(folder, { texts, recipes });
    return recipes;
  }

  mentionsOf(document: PromptDocument): readonly Mention[] {
    // the prompts of a recipe are looked up among files that come and go
    if (document.kind === 'recipe') return recipeMentions(document, this.recipesOf(document.folder).get(recipeNameOf(document.path) ?? ''));
    const known = this.#known.get(document.source);
    if (known) return known;
    const mentions = document.kind === 'guidelines' ? guidelineMentions(document) : promptMentions(document);
    this.#known.set(document.source, mentions);
    return mentions;
  }

  /** What is mentioned at an offset, the end of a word included: several where a stage uses several prompts. */
  mentionsAt(document: PromptDocument, offset: number): readonly Mention[] {
    return this.mentionsOf(document).filter(({ word }) => word.start <= offset && offset <= word.end);
  }
}
