import { CompletionItemKind, type CompletionItem } from 'vscode-languageserver-types';
import { recipeNameOf } from '../core/model/promptFile.ts';
import { modelStages } from '../core/model/stage.ts';
import { outputOfStage } from '../core/prompts/frontMatter.ts';
import type { Range } from '../core/prompts/problem.ts';
import { dottedNames } from '../core/prompts/variables.ts';
import type { YamlPath } from '../core/prompts/yamlFile.ts';
import { recipeNames } from '../core/recipes/recipeFile.ts';
import { completionItems, type Candidate } from './completionItem.ts';
import type { Documents, PromptDocument } from './documents.ts';
import { givenTo, stageOf } from './given.ts';
import { guidelinesIn, promptsFor } from './namedParts.ts';
import { inBlock, inCode } from './markdown.ts';
import { matchAt } from './templatePlace.ts';
import { givenWords, keyTables, variableWords, type KeyTable, type KeyWords, type Words } from './words.ts';
import { keysIn, wordsAt, yamlPartOf, yamlPlaceAt, type YamlPlace } from './yamlPlace.ts';

/** What may be written at a place in the head of a prompt, in a recipe or in guidelines. */
export function yamlCompletions(documents: Documents, document: PromptDocument, offset: number): readonly CompletionItem[] {
  const part = yamlPartOf(document);
  if (!part || offset < part.start || offset > part.end) return [];
  const { text } = document.source;
  const name = nameAround(text, part, offset);
  for (const attempt of attempts(text, part, name)) {
    const found = candidatesAt({ documents, document, name, ...attempt });
    if (found.length > 0) return completionItems(document, name, found);
  }
  return [];
}

function nameAround(text: string, part: Range, offset: number): Range {
  const before = /[A-Za-z0-9_][A-Za-z0-9_./-]*$/.exec(text.slice(Math.max(part.start, offset - 200), offset))?.[0] ?? '';
  return { start: offset - before.length, end: Math.min(matchAt(/[A-Za-z0-9_./-]*/y, text, offset), part.end) };
}

/** Stands where a name is being written, so that the rest can be read. */
const marker = 'zqz';

/** The place as it would be with a name there: as a key where nothing else stands on its line, and as it is. */
function attempts(text: string, part: Range, name: Range): readonly { readonly place: YamlPlace; readonly isAlone: boolean }[] {
  const lineStart = Math.max(text.lastIndexOf('\n', name.start - 1), text.lastIndexOf('\r', name.start - 1)) + 1;
  const isAlone = /^[ \t]*(?:-[ \t]+)*$/.test(text.slice(Math.max(lineStart, part.start), name.start)) && /^[ \t]*(?:#|[\r\n]|$)/.test(text.slice(name.end, part.end));
  const withName = (written: string): YamlPlace | undefined =>
    yamlPlaceAt(text.slice(0, name.start) + written + text.slice(name.end), { start: part.start, end: part.end + written.length - (name.end - name.start) }, name.start);
  return [...(isAlone ? [`${marker}:`] : []), marker].map(withName).filter(place => place !== undefined).map(place => ({ place, isAlone }));
}

interface Attempt {
  readonly documents: Documents;
  readonly document: PromptDocument;
  readonly name: Range;
  readonly place: YamlPlace;
  readonly isAlone: boolean;
}

function candidatesAt(attempt: Attempt): readonly Candidate[] {
  const { document, place: { role, path, others } } = attempt;
  const table = keyTables[document.kind];
  if (role === 'key') return keyCandidates(attempt, table);
  const inList = typeof path.at(-1) === 'number';
  const key = inList ? path.slice(0, -1) : path;
  const words = wordsAt(table, key);
  if (!words || (inList && words.form !== 'list')) return [];
  return valuesOf(attempt, { key, words, inList }).filter(({ label }) => !others.includes(label) || !inList);
}

function keyCandidates({ document: { source: { text } }, name, place: { path, others }, isAlone }: Attempt, table: KeyTable): readonly Candidate[] {
  const group = path.slice(0, -1);
  const hasColon = /^[ \t]*:/.test(text.slice(name.end, name.end + 80));
  const behind = { plain: ': ', list: ': [$0]', group: isAlone ? ':\n  $0' : ': { $0 \\}', groups: isAlone ? ':\n  - $0' : ': [$0]' };
  return keysIn(table, group).filter(key => !others.includes(key)).flatMap(key => {
    const words = wordsAt(table, [...group, key]);
    if (!words) return [];
    const { form, meaning } = words;
    const written = hasColon ? {} : form === 'plain' ? { text: `${key}: ` } : { snippet: `${key}${behind[form]}` };
    return [{ label: key, kind: CompletionItemKind.Property, meaning, rank: mustBeThere.includes(key) ? 0 : 2, ...written }];
  });
}

/** Keys that a prompt, a recipe or a guideline cannot do without. */
const mustBeThere: readonly string[] = ['stage', 'title', 'id', 'text'];

interface Wanted {
  readonly key: YamlPath;
  readonly words: KeyWords;
  readonly inList: boolean;
}

function valuesOf(attempt: Attempt, wanted: Wanted): readonly Candidate[] {
  const { document } = attempt;
  if (document.kind === 'prompt') return headValues(attempt, wanted);
  return document.kind === 'recipe' ? recipeValues(attempt, wanted) : stated(wanted);
}

const fromWords = (words: Words): readonly Candidate[] => Object.entries(words).map(([label, meaning]) => ({ label, kind: CompletionItemKind.EnumMember, meaning }));

/** The values that the table has for a key; a list written as one word has them too. */
const stated = ({ words }: Wanted): readonly Candidate[] => fromWords(words.values ?? {});

function headValues({ documents, document }: Attempt, wanted: Wanted): readonly Candidate[] {
  const stage = stageOf(document);
  const key = wanted.key.join('.');
  if (key === 'output' && stage) return stated(wanted).filter(({ label }) => label === outputOfStage[stage]);
  if (key !== 'variables') return stated(wanted);
  if (!wanted.inList) return [];
  return [...givenTo(documents, document).roots.keys()].flatMap(root => dottedNames(root).map(name => ({
    label: name, kind: CompletionItemKind.Variable, meaning: `${variableWords[name] ?? ''}\n\n${givenWords(root)}`,
  })));
}

function recipeValues({ documents, document, place }: Attempt, wanted: Wanted): readonly Candidate[] {
  const { folder, path } = document;
  const key = wanted.key.join('.');
  const stage = modelStages.find(each => key === `stages.${each}.prompt` || key === `hints.prompts.${each}`);
  if (stage) return promptsFor(documents, document, stage).map(({ name, file }) => ({ label: name, kind: CompletionItemKind.File, meaning: `The prompt ${inCode(file)} of the stage \`${stage}\`.` }));
  if (key === 'extends') {
    return recipeNames(folder.files).filter(name => name !== recipeNameOf(path)).map(label => ({ label, kind: CompletionItemKind.Reference, meaning: `The recipe ${inCode(label)}.` }));
  }
  if (key === 'filters' && wanted.inList) return filtersInOrder(stated(wanted), place);
  if (key !== 'guidelines' && key !== 'hints.guidelines') return wanted.words.form === 'list' && !wanted.inList ? [] : stated(wanted);
  if (!wanted.inList) return stated(wanted);
  return guidelinesIn(folder).map(({ id, title, text }) => ({ label: id, kind: CompletionItemKind.Constant, detail: title, meaning: inBlock(text) }));
}

/** Filters stand in one order: what comes behind those that are there already is offered first. */
function filtersInOrder(filters: readonly Candidate[], { others }: YamlPlace): readonly Candidate[] {
  const last = Math.max(-1, ...others.map(other => filters.findIndex(({ label }) => label === other)));
  return filters.map((filter, index) => ({ ...filter, rank: index > last ? 1 : 2 }));
}
