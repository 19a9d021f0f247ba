import type { Position, Range as LspRange, TextDocumentEdit, TextEdit, WorkspaceEdit } from 'vscode-languageserver-types';
import { problemError } from '../core/model/problem.ts';
import type { FileKind } from '../core/model/promptFile.ts';
import { reservedNames } from '../core/prompts/expression.ts';
import type { Range } from '../core/prompts/problem.ts';
import { isVariableRoot } from '../core/prompts/variables.ts';
import { guidelineIdPattern } from '../core/recipes/guidelines.ts';
import type { Documents, PromptDocument } from './documents.ts';
import { isSame, type Mention, type PromptSymbol } from './mentions.ts';
import { loopOf, type Loop } from './names.ts';
import { readPrompt } from './readPrompts.ts';
import { yamlOf } from './readYaml.ts';
import type { SymbolIndex } from './symbolIndex.ts';

/** Something that has a name of its author's choice, and how it gets another. */
interface Renaming {
  readonly range: LspRange;
  readonly placeholder: string;
  readonly to: (newName: string) => WorkspaceEdit;
}

/** Places of one file that hold a name. */
interface NamedPlaces {
  readonly document: PromptDocument;
  readonly words: readonly Range[];
}

const partialPath = /^partials\/(.+)\.rgprompt$/;

/** Renames the variable of a loop, a guideline, a partial. Either every place is changed and each prompt renders as before, or it is said why not. */
export class Renames {
  readonly #documents: Documents;
  readonly #index: SymbolIndex;

  constructor(documents: Documents, index: SymbolIndex) {
    this.#documents = documents;
    this.#index = index;
  }

  /** What would be renamed; undefined where nothing has a name. Throws `ProblemError` with `usage` where something has one that cannot be changed. */
  prepare(uri: string, position: Position): Pick<Renaming, 'range' | 'placeholder'> | undefined {
    const renaming = this.#renamingAt(uri, position);
    return renaming && { range: renaming.range, placeholder: renaming.placeholder };
  }

  /** Throws `ProblemError` with `usage` where nothing can be renamed, or not so. No edits where the name is the one that it has. */
  rename(uri: string, position: Position, newName: string): WorkspaceEdit {
    const renaming = this.#renamingAt(uri, position);
    if (!renaming) throw refusal('Nothing here has a name that could be changed.');
    const name = newName.trim();
    return name === renaming.placeholder ? { changes: {} } : renaming.to(name);
  }

  #renamingAt(uri: string, position: Position): Renaming | undefined {
    const document = this.#documents.get(uri);
    const mention = document && this.#index.mentionsAt(document, document.offsetAt(position))[0];
    if (!mention) return undefined;
    const { symbol, word } = mention;
    const renaming = { range: document.rangeOf(word), placeholder: symbol.name };
    if (symbol.kind === 'loop' && symbol.loop) return { ...renaming, to: this.#loop(document, symbol.loop) };
    if (symbol.kind === 'guideline') return { ...renaming, to: this.#guideline(document, symbol) };
    if (symbol.kind === 'partial') return { ...renaming, to: this.#partial(document, symbol) };
    throw refusal(whyFixed(symbol));
  }

  #loop(document: PromptDocument, loop: Loop): Renaming['to'] {
    mustBeOwn([document]);
    mustBeReadable(document);
    const { uses } = readPrompt(document).names;
    const own = uses.filter(use => loopOf(use) === loop && use.path[0] === loop.variable);
    return name => {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw refusal(`${shown(name)} is no name of a variable: that is letters, digits and underscores, and begins with no digit.`);
      if (reservedNames.has(name)) throw refusal(`${name} is a word of the prompt language.`);
      const hidden = uses.find(use => use.path[0] === name && use.loops.includes(loop) && !isInside(use.loops, loop, loopOf(use)));
      if (hidden) throw refusal(`${name} is used inside this loop (${placeOf(document, hidden.words[0])}) and would then be the loop's own.`);
      const lost = own.find(use => use.loops.slice(use.loops.indexOf(loop) + 1).some(inner => inner.variable === name));
      if (lost) throw refusal(`A loop inside this one has the variable ${name} already, and ${loop.variable} is used in it (${placeOf(document, lost.words[0])}).`);
      return editsOf([{ document, words: [loop.variableRange, ...own.flatMap(use => use.words[0] ?? [])] }], name);
    };
  }

  #guideline(document: PromptDocument, symbol: PromptSymbol): Renaming['to'] {
    const named = this.#placesOf(document, symbol);
    const declared = named.flatMap(({ mentions }) => mentions.filter(each => each.declares)).length;
    if (declared !== 1) throw refusal(declared === 0 ? `There is no guideline ${symbol.name}.` : `There are ${declared} guidelines ${symbol.name}: change one of them by hand first.`);
    mustBeOwn(named.map(each => each.document));
    this.#mustBeReadable(document, symbol.name, ['recipe', 'guidelines']);
    return id => {
      if (!guidelineIdPattern.test(id)) throw refusal(`${shown(id)} is no id of a guideline: that is small letters, in words with hyphens between them.`);
      if (this.#placesOf(document, { kind: 'guideline', name: id }).length > 0) throw refusal(`The id ${id} is in use already.`);
      return editsOf(named, id);
    };
  }

  /** The file goes with its name. */
  #partial(document: PromptDocument, symbol: PromptSymbol): Renaming['to'] {
    const { folder } = document;
    const file = this.#documents.at(folder, symbol.name);
    if (!file || !partialPath.test(symbol.name)) throw refusal(`There is no partial ${symbol.name}.`);
    const named = this.#placesOf(document, symbol);
    mustBeOwn([file, ...named.map(each => each.document)]);
    this.#mustBeReadable(document, symbol.name, ['prompt', 'partial']);
    return newName => {
      const [, name = newName] = partialPath.exec(newName) ?? [];
      if (!/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(name)) throw refusal(`${shown(name)} is no name of a partial: that is letters, digits, dots, hyphens and underscores.`);
      const path = `partials/${name}.rgprompt`;
      if (folder.files.has(path)) throw refusal(`There is a partial ${path} already.`);
      const edits = named.map((each): TextDocumentEdit => ({ textDocument: { uri: each.document.uri, version: null }, edits: textEdits(each, path) }));
      return { documentChanges: [...edits, { kind: 'rename', oldUri: file.uri, newUri: folder.uriOf(path), options: { overwrite: false } }] };
    };
  }

  /** Files of these kinds in which the name stands somewhere. */
  #mustBeReadable({ folder }: PromptDocument, name: string, kinds: readonly FileKind[]): void {
    for (const each of this.#index.documentsOf(folder)) if (kinds.includes(each.kind) && each.source.text.includes(name)) mustBeReadable(each);
  }

  #placesOf({ folder }: PromptDocument, symbol: PromptSymbol): readonly (NamedPlaces & { readonly mentions: readonly Mention[] })[] {
    return this.#index.documentsOf(folder).flatMap(document => {
      const mentions = this.#index.mentionsOf(document).filter(each => isSame(each.symbol, symbol));
      return mentions.length > 0 ? [{ document, mentions, words: mentions.map(({ word }) => word) }] : [];
    });
  }
}

/** Whether a loop stands inside another one, among the loops around a place. */
const isInside = (loops: readonly Loop[], outer: Loop, inner: Loop | undefined): boolean => inner !== undefined && loops.indexOf(inner) > loops.indexOf(outer);

function whyFixed({ kind, name }: PromptSymbol): string {
  switch (kind) {
    case 'variable': return isVariableRoot(name.split('.', 1)[0] ?? '') ? `${name} is a variable of the prompt language: every prompt is given it by this name.` : `There is no variable ${name}.`;
    case 'loop part': return `${name} is what every loop over such a list gives: the prompt language has named it.`;
    case 'recipe': return `A recipe has the name of its folder and its file: rename both, then what extends ${name}.`;
    default: return `Recipes find ${name} by the name of its file: rename the file, then what names it.`;
  }
}

function mustBeOwn(documents: readonly PromptDocument[]): void {
  const shipped = documents.find(({ folder, path }) => folder.isShipped(path));
  if (shipped) throw refusal(`The name stands in ${shipped.path}, a shipped file that nobody can change: copy it to .regenesis/prompts/${shipped.path} first, then rename.`);
}

/** A place that cannot be read might hold the name. */
function mustBeReadable(document: PromptDocument): void {
  const isPrompt = document.kind === 'prompt' || document.kind === 'partial';
  const yaml = isPrompt ? undefined : yamlOf(document);
  const broken = isPrompt ? readPrompt(document).problems[0]?.offset : yaml ? yaml.errors[0]?.pos[0] : 0;
  if (broken !== undefined) throw refusal(`${document.path} cannot be read at ${placeOf(document, { start: broken, end: broken })}, where the name might stand: mend that first.`);
}

function placeOf(document: PromptDocument, range: Range = { start: 0, end: 0 }): string {
  return `line ${document.rangeOf(range).start.line + 1}`;
}

const editsOf = (places: readonly NamedPlaces[], text: string): WorkspaceEdit => ({ changes: Object.fromEntries(places.map(each => [each.document.uri, textEdits(each, text)])) });
const textEdits = ({ document, words }: NamedPlaces, newText: string): TextEdit[] => words.map(word => ({ range: document.rangeOf(word), newText }));
const shown = (name: string): string => (name === '' ? 'An empty text' : name);
const refusal = (message: string): Error => problemError('usage', message);
