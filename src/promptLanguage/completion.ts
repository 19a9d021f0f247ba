import { CompletionItemKind, type CompletionItem, type Position } from 'vscode-languageserver-types';
import { fileKindOf } from '../core/model/promptFile.ts';
import type { Range } from '../core/prompts/problem.ts';
import type { TagToken } from '../core/prompts/tagTokens.ts';
import { dottedNames, useOf, variableTypes, type ValueType, type VariableRoot } from '../core/prompts/variables.ts';
import { answerKinds } from '../core/model/task.ts';
import { completionItems, literally, type Candidate } from './completionItem.ts';
import type { Documents, PromptDocument } from './documents.ts';
import { givenTo, type Given } from './given.ts';
import { firstLines, inBlock } from './markdown.ts';
import { readPrompt, type ReadPrompt } from './readPrompts.ts';
import { isInTemplate, isSymbol, localsAt, matchAt, meaningOf, pathAtEnd, tagAt, wordsBefore, type LocalVariable, type Tag, type TagWords } from './templatePlace.ts';
import { filterWords, givenWords, loopWords, operatorWords, statementWords, typeWords, variableWords } from './words.ts';
import { yamlCompletions } from './yamlCompletion.ts';

/** What may be written at a place; nothing in prose and comments. */
export function completionAt(documents: Documents, uri: string, position: Position): readonly CompletionItem[] {
  const document = documents.get(uri);
  if (!document) return [];
  const offset = document.offsetAt(position);
  return isInTemplate(document, offset) ? templateCompletions(documents, document, offset) : yamlCompletions(documents, document, offset);
}

/** What is known around a place in a tag. */
interface Place {
  readonly document: PromptDocument;
  readonly tag: Tag;
  readonly read: ReadPrompt;
  readonly given: Given;
  readonly locals: readonly LocalVariable[];
  readonly words: TagWords;
}

function templateCompletions(documents: Documents, document: PromptDocument, offset: number): readonly CompletionItem[] {
  const tag = tagAt(document, offset);
  const words = tag && wordsBefore(document.source, tag, offset);
  if (!words) return [];
  const read = readPrompt(document);
  const place: Place = { document, tag, read, given: givenTo(documents, document), locals: localsAt(read, tag.range.start), words };
  if (tag.kind === 'statement') return statementCompletions(place, offset);
  return words.quote === undefined ? valueItems(place, words.before, 'printed') : [];
}

function statementCompletions(place: Place, offset: number): readonly CompletionItem[] {
  const { before: [statement, ...rest], quote } = place.words;
  const name = statement?.text;
  if (name === 'include') return rest.length === 0 ? partialItems(place, offset) : [];
  const asks = name === 'if' || name === 'elif';
  if (quote !== undefined) return asks ? answerKindItems(place, rest, offset) : [];
  if (asks) return valueItems(place, rest, 'asked');
  if (name === 'for') return loopItems(place);
  return name === undefined ? statementItems(place) : [];
}

/** For what a value is wanted. */
type Wish = 'printed' | 'asked' | 'looped over';

function valueItems(place: Place, before: readonly TagToken[], wish: Wish): readonly CompletionItem[] {
  const last = before.at(-1);
  const { document, words: { name } } = place;
  if (isSymbol(last, '.')) return fieldItems(place, pathAtEnd(before.slice(0, -1)), wish);
  if (isSymbol(last, '|')) return completionItems(document, name, filterCandidates(place, typeAtEnd(before.slice(0, -1), place.locals)));
  const asked = /(?:^| )is( not)?$/.exec(before.slice(-2).map(({ kind, text }) => (kind === 'name' ? text : '"')).join(' '));
  if (asked) return completionItems(document, name, operators(asked[1] === undefined ? ['defined', 'undefined', 'not defined'] : ['defined']));
  if (beginsValue(last)) return completionItems(document, wholePath(document, name), valueCandidates(place, before, wish));
  return wish === 'asked' ? completionItems(document, name, operators(['and', 'or', 'is defined', 'is not defined'])) : [];
}

const beginsValue = (last: TagToken | undefined): boolean =>
  last === undefined || (last.kind === 'symbol' && ['(', ',', '==', '!='].includes(last.text)) || (last.kind === 'name' && ['and', 'or', 'not', 'in'].includes(last.text));

const operators = (words: readonly string[]): readonly Candidate[] => words.map(label => ({
  label, kind: CompletionItemKind.Operator, meaning: operatorWords[label] ?? operatorWords[label.split(' ').at(-1) ?? ''] ?? '', rank: 6,
}));

/** The dotted name from where it is being written on. */
const wholePath = ({ source }: PromptDocument, { start, end }: Range): Range => ({ start, end: matchAt(/(?:[ \t]*\.[ \t]*[A-Za-z_][A-Za-z0-9_]*)*/y, source.text, end) });

function valueCandidates(place: Place, before: readonly TagToken[], wish: Wish): readonly Candidate[] {
  const isArgument = isSymbol(before.at(-1), ',') || (isSymbol(before.at(-1), '(') && Object.hasOwn(filterWords, before.at(-2)?.text ?? '') && isSymbol(before.at(-3), '|'));
  const words = isArgument ? ['true', 'false'] : wish === 'asked' ? ['not'] : [];
  return [...answerKindTexts(before), ...localCandidates(place, wish), ...givenCandidates(place, wish), ...operators(words)];
}

const fitsWish = ({ kind }: ValueType, wish: Wish): boolean => {
  if (kind === 'unknown' || wish === 'asked') return true;
  return wish === 'looped over' ? kind === 'list' : kind !== 'record' && kind !== 'boolean';
};

function localCandidates({ locals }: Place, wish: Wish): readonly Candidate[] {
  const named = locals.flatMap(({ name, type, origin }) => (type.kind === 'record'
    ? Object.entries(type.fields).map(([field, fieldType]) => ({ name: `${name}.${field}`, type: fieldType, origin: `${origin}.${field}` }))
    : [{ name, type, origin }]));
  return named.filter(({ type }) => fitsWish(type, wish)).map(({ name, type, origin }) => ({
    label: name, kind: CompletionItemKind.Variable, detail: typeWords(type), meaning: variableWords[origin] ?? loopWords[origin] ?? 'A variable of a loop.', rank: origin.startsWith('loop') ? 3 : 1,
  }));
}

const ranks = { always: 2, sometimes: 3, hint: 4 } as const;

function givenCandidates({ given, locals }: Place, wish: Wish): readonly Candidate[] {
  const visible = [...given.roots.keys()].filter(root => !locals.some(({ name }) => name === root));
  return visible.flatMap(root => {
    const isGroup: boolean = variableTypes[root].kind === 'record';
    return [...dottedNames(root), ...(wish === 'asked' && isGroup ? [root] : [])].flatMap(name => {
      const type = meaningOf(name.split('.'), [])?.type;
      return type && fitsWish(type, wish) ? [variableCandidate(given, { label: name, name, root, type })] : [];
    });
  });
}

function variableCandidate(given: Given, { label, name, root, type }: { readonly label: string; readonly name: string; readonly root: VariableRoot; readonly type: ValueType }): Candidate {
  const when = given.roots.get(root) ?? 'sometimes';
  const isNeeded = given.needed.has(name);
  const notes = [...(isNeeded ? ['still to be used'] : []), ...(when === 'hint' ? ['hint round'] : [])];
  return {
    label, kind: CompletionItemKind.Variable, rank: isNeeded ? 0 : ranks[when],
    detail: [typeWords(type), ...notes].join(' · '),
    meaning: [variableWords[name] ?? '', givenWords(root), ...(isNeeded ? [neededWords(root)] : [])].join('\n\n'),
  };
}

const neededWords = (root: VariableRoot): string => `This prompt must use ${useOf[root].map(name => `\`${name}\``).join(' or ')}, and does not yet.`;

function fieldItems(place: Place, path: readonly TagToken[], wish: Wish): readonly CompletionItem[] {
  const { document, given, locals, words: { name } } = place;
  const names = path.map(({ text }) => text);
  const found = meaningOf(names, locals);
  if (found?.type.kind !== 'record') return [];
  const root = [...given.roots.keys()].find(each => each === names[0]);
  if (!found.local && root === undefined) return [];
  const candidates = Object.entries(found.type.fields).filter(([, type]) => fitsWish(type, wish)).map(([label, type]): Candidate => {
    const origin = `${found.origin}.${label}`;
    if (!found.local && root) return { ...variableCandidate(given, { label, name: origin, root, type }), kind: CompletionItemKind.Field };
    return { label, kind: CompletionItemKind.Field, detail: typeWords(type), meaning: variableWords[origin] ?? loopWords[origin] ?? '' };
  });
  return completionItems(document, wholePath(document, name), candidates);
}

/** What the value before a place holds. */
function typeAtEnd(before: readonly TagToken[], locals: readonly LocalVariable[]): ValueType {
  const last = before.at(-1);
  if (last?.kind === 'string' || last?.kind === 'number') return { kind: last.kind === 'string' ? 'text' : 'number' };
  const filter = filterAtEnd(before);
  if (filter !== undefined) return { kind: Object.hasOwn(filterWords, filter) ? filterWords[filter]?.result ?? 'unknown' : 'unknown' };
  return meaningOf(pathAtEnd(before).map(({ text }) => text), locals)?.type ?? { kind: 'unknown' };
}

/** The filter that was applied last, with its arguments or without. */
function filterAtEnd(before: readonly TagToken[]): string | undefined {
  const end = isSymbol(before.at(-1), ')') ? before.findLastIndex(token => isSymbol(token, '(')) : before.length;
  const filter = before[end - 1];
  return filter?.kind === 'name' && isSymbol(before[end - 2], '|') ? filter.text : undefined;
}

function filterCandidates({ document: { source }, words: { name } }: Place, type: ValueType): readonly Candidate[] {
  const hasArguments = matchAt(/[ \t]*\(/y, source.text, name.end) > name.end;
  return Object.entries(filterWords).filter(([, { operand }]) => isOperand(type, operand)).map(([label, { usage, snippet, meaning, example: [template, result] }]) => ({
    label, kind: CompletionItemKind.Function, detail: usage, meaning: `${meaning}\n\n\`${template}\` → \`${result}\``,
    ...(hasArguments || snippet === label ? {} : { snippet }),
  }));
}

function isOperand(type: ValueType, operand: (typeof filterWords)[string]['operand']): boolean {
  if (type.kind === 'unknown') return true;
  if (type.kind === 'text') return operand !== 'texts';
  return type.kind === 'list' && (operand === 'text or list' || (operand === 'texts' && type.of.kind === 'text'));
}

/** The values that `task.answerKind` may be compared with. */
function answerKindTexts(before: readonly TagToken[]): readonly Candidate[] {
  if (!isSymbol(before.at(-1), '==') && !isSymbol(before.at(-1), '!=')) return [];
  if (pathAtEnd(before.slice(0, -1)).map(({ text }) => text).join('.') !== 'task.answerKind') return [];
  return answerKinds.map(kind => ({ label: `"${kind}"`, kind: CompletionItemKind.EnumMember, meaning: variableWords['task.answerKind'] ?? '', rank: 0 }));
}

function answerKindItems({ document, words: { quote = 0 } }: Place, before: readonly TagToken[], offset: number): readonly CompletionItem[] {
  const range = { start: quote + 1, end: matchAt(/[a-z]*/y, document.source.text, offset) };
  return completionItems(document, range, answerKindTexts(before).map(each => ({ ...each, label: each.label.slice(1, -1) })));
}

function loopItems(place: Place): readonly CompletionItem[] {
  const { document, words: { before, name } } = place;
  if (before.length === 2) return completionItems(document, name, operators(['in']));
  return before[2]?.text === 'in' ? valueItems(place, before.slice(3), 'looped over') : [];
}

function partialItems({ document, words: { name, quote } }: Place, offset: number): readonly CompletionItem[] {
  const { folder, source: { text } } = document;
  const partials = document.kind === 'prompt' ? [...folder.files].filter(([file]) => fileKindOf(file) === 'partial').toSorted() : [];
  const candidates = (before: string, after: string): readonly Candidate[] => partials.map(([file, content]) => ({
    label: `${before}${file}${after}`, kind: CompletionItemKind.File, meaning: inBlock(firstLines(content)),
  }));
  if (quote === undefined) return completionItems(document, name, candidates('"', '"'));
  const range = { start: quote + 1, end: matchAt(/[^"'\s%}]*/y, text, offset) };
  const sign = text.charAt(quote);
  return completionItems(document, range, candidates('', text.charAt(range.end) === sign ? '' : sign));
}

const heads: Readonly<Record<string, { readonly snippet: string; readonly end?: string }>> = {
  if: { snippet: '${1:hint}', end: 'endif' }, for: { snippet: '${1:step} in ${2:structure.steps}', end: 'endfor' }, elif: { snippet: '$1' },
  include: { snippet: '"partials/${1:task}.rgprompt"' },
};

function statementItems(place: Place): readonly CompletionItem[] {
  const { document, tag, read, words: { name } } = place;
  const { text } = document.source;
  // nothing else in the tag: then its end is written too, and what closes the block
  const alone = /^[ \t]*(?:([-+]?%\})|(?=[\r\n]|$))/.exec(text.slice(name.end, tag.range.end + 1));
  const space = /[ \t\r\n]/.test(text.charAt(name.start - 1)) ? '' : ' ';
  const open = openBlock(read.nodes, tag.range.start);
  const range = { start: name.start, end: name.end + (alone?.[0].length ?? 0) };
  const closer = alone?.[1] ?? '%}';
  const candidates = Object.keys(statementWords).filter(each => mayStand(each, open, document)).map((label): Candidate => {
    const head = heads[label];
    const ends = label === `end${open?.kind ?? ''}`;
    const meaning = statementWords[label] ?? '';
    const words = { label, kind: CompletionItemKind.Keyword, meaning, rank: ends ? 0 : open && /^el/.test(label) ? 1 : 2 };
    if (!alone) return { ...words, text: space + label };
    if (!head) return { ...words, text: `${space}${label} ${closer}` };
    const block = head.end !== undefined && !hasOrphan(place, head.end) ? `\n$0\n{% ${head.end} %\\}` : '$0';
    return { ...words, snippet: `${space}${label} ${head.snippet} ${literally(closer)}${block}` };
  });
  return completionItems(document, range, candidates);
}

type Block = Extract<ReadPrompt['nodes'][number], { kind: 'if' | 'for' }>;

/** The innermost block around a tag. */
function openBlock(nodes: ReadPrompt['nodes'], tagStart: number): Block | undefined {
  const around = nodes.find((node): node is Block => (node.kind === 'if' || node.kind === 'for') && node.range.start < tagStart && tagStart < node.range.end);
  if (!around) return undefined;
  const inside = around.kind === 'for' ? around.body : around.branches.flatMap(({ body }) => body);
  return openBlock(inside, tagStart) ?? around;
}

function mayStand(statement: string, open: Block | undefined, { kind }: PromptDocument): boolean {
  if (statement === 'include') return !open && kind === 'prompt';
  if (statement === 'endfor') return open?.kind === 'for';
  return !['elif', 'else', 'endif'].includes(statement) || open?.kind === 'if';
}

/** Whether an end stands behind a tag that belongs to nothing yet. */
function hasOrphan({ document: { source }, read, tag }: Place, end: string): boolean {
  return read.problems.some(({ code, offset, endOffset }) => code === 'block.unexpected' && offset > tag.range.start && /\w+/.exec(source.text.slice(offset, endOffset))?.[0] === end);
}
