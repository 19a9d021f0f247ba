import type { Location, Position } from 'vscode-languageserver-types';
import { recipePath } from '../core/model/promptFile.ts';
import { modelStages, type ModelStage } from '../core/model/stage.ts';
import { promptsOfStage } from '../core/recipes/promptPlaces.ts';
import type { RecipeText } from '../core/recipes/recipeFile.ts';
import type { Documents, PromptDocument } from './documents.ts';
import { isSame, type Mention, type PromptSymbol } from './mentions.ts';
import { readPrompt } from './readPrompts.ts';
import { rangeOfKey, yamlOf } from './readYaml.ts';
import type { SymbolIndex } from './symbolIndex.ts';
import { makers } from './words.ts';

/** Finds where things come from and where they are used, through all prompts, partials, recipes and guidelines of a folder. */
export class Navigation {
  readonly #documents: Documents;
  readonly #index: SymbolIndex;

  constructor(documents: Documents, index: SymbolIndex) {
    this.#documents = documents;
    this.#index = index;
  }

  /** Where what stands at a place comes from; of a variable of the language the prompt of the stage that makes it, or the guidelines. Empty where nothing is known. */
  definition(uri: string, position: Position): readonly Location[] {
    const document = this.#documents.get(uri);
    return document ? inOrder(this.#mentionsAt(document, position).flatMap(({ symbol }) => this.#definitionOf(document, symbol))) : [];
  }

  /** Where what stands at a place is used, in the whole folder. With `includeDeclaration` also where it comes from. */
  references(uri: string, position: Position, includeDeclaration: boolean): readonly Location[] {
    const document = this.#documents.get(uri);
    if (!document) return [];
    return inOrder(this.#mentionsAt(document, position).flatMap(({ symbol }) => [
      ...this.#mentionsOf(document, symbol).filter(({ mention }) => !mention.declares).map(locate),
      ...(includeDeclaration ? this.#definitionOf(document, symbol) : []),
    ]));
  }

  #mentionsAt(document: PromptDocument, position: Position): readonly Mention[] {
    return this.#index.mentionsAt(document, document.offsetAt(position));
  }

  /** What belongs to a loop is mentioned in its own file alone. */
  #mentionsOf(document: PromptDocument, symbol: PromptSymbol): readonly { readonly document: PromptDocument; readonly mention: Mention }[] {
    const searched = symbol.loop ? [document] : this.#index.documentsOf(document.folder);
    return searched.flatMap(each => this.#index.mentionsOf(each).filter(mention => isSame(mention.symbol, symbol)).map(mention => ({ document: each, mention })));
  }

  #definitionOf(document: PromptDocument, symbol: PromptSymbol): readonly Location[] {
    switch (symbol.kind) {
      case 'loop':
      case 'loop part': return symbol.loop ? [{ uri: document.uri, range: document.rangeOf(symbol.loop.variableRange) }] : [];
      case 'guideline': return this.#mentionsOf(document, symbol).filter(({ mention }) => mention.declares).map(locate);
      case 'recipe': return this.#fileAt(document, recipePath(symbol.name));
      case 'partial':
      case 'prompt': return this.#fileAt(document, symbol.name);
      case 'variable': return this.#originOf(document, symbol.name);
    }
  }

  #originOf(document: PromptDocument, name: string): readonly Location[] {
    const [root = ''] = name.split('.');
    if (root === 'guideline' || root === 'guidelines') return this.#index.documentsOf(document.folder).filter(({ kind }) => kind === 'guidelines').map(headOf);
    const maker = makers.get(root);
    return maker ? this.#promptsOf(document, maker).flatMap(path => this.#fileAt(document, path)) : [];
  }

  #fileAt({ folder }: PromptDocument, path: string): readonly Location[] {
    const found = this.#documents.at(folder, path);
    return found ? [headOf(found)] : [];
  }

  /** The prompts of a stage in the recipes that use a file; in all recipes where none does. */
  #promptsOf(document: PromptDocument, stage: ModelStage): readonly string[] {
    const { files } = document.folder;
    const recipes = [...this.#index.recipesOf(document.folder).values()];
    const using = recipes.filter(recipe => this.#uses(recipe, document));
    return [...new Set((using.length > 0 ? using : recipes).flatMap(recipe => promptsOfStage(recipe, stage, files)))];
  }

  #uses(recipe: RecipeText, { kind, path, folder }: PromptDocument): boolean {
    const prompts = modelStages.flatMap(stage => promptsOfStage(recipe, stage, folder.files));
    if (kind !== 'partial') return prompts.includes(path);
    return prompts.some(prompt => {
      const document = this.#documents.at(folder, prompt);
      return document !== undefined && this.#index.mentionsOf(document).some(({ symbol }) => symbol.kind === 'partial' && symbol.name === path);
    });
  }
}

/** The place of a whole file: the stage of a prompt, the list of guidelines, else the beginning. */
function headOf(document: PromptDocument): Location {
  const nowhere = { start: 0, end: 0 };
  const range = document.kind === 'prompt' ? readPrompt(document).head?.stageRange : document.kind === 'guidelines' ? rangeOfKey(yamlOf(document)?.contents, 'guidelines') : undefined;
  return { uri: document.uri, range: document.rangeOf(range ?? nowhere) };
}

const locate = ({ document, mention }: { readonly document: PromptDocument; readonly mention: Mention }): Location => ({ uri: document.uri, range: document.rangeOf(mention.range) });

/** Each place once, file by file in the order in which they were found, and within a file by place. */
function inOrder(locations: readonly Location[]): readonly Location[] {
  const files = [...new Set(locations.map(({ uri }) => uri))];
  const once = new Map(locations.map(location => [JSON.stringify(location), location]));
  return [...once.values()].toSorted((a, b) => files.indexOf(a.uri) - files.indexOf(b.uri) || a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character);
}
