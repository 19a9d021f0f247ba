import type { PromptProblem, Range, Source } from '../core/prompts/problem.ts';
import { cutSegments, unclosedEnd } from '../core/prompts/segments.ts';
import type { TemplateNode } from '../core/prompts/syntax.ts';
import { readTagTokens, type TagToken } from '../core/prompts/tagTokens.ts';
import { isVariableRoot, loopType, variableTypes, type ValueType } from '../core/prompts/variables.ts';
import type { PromptDocument } from './documents.ts';
import { readPrompt, type ReadPrompt } from './readPrompts.ts';

/** A tag, whether it has an end or not. */
export interface Tag {
  readonly kind: 'output' | 'statement';
  readonly range: Range;
  readonly inner: Range;
  readonly isClosed: boolean;
}

/** A variable that a loop makes, with the name of what it holds in the table of words. */
export interface LocalVariable {
  readonly name: string;
  readonly type: ValueType;
  readonly origin: string;
}

/** Whether a place of a prompt or partial is in its template, and not in its head. */
export function isInTemplate(document: PromptDocument, offset: number): boolean {
  if (document.kind !== 'prompt') return document.kind === 'partial';
  const { head, body } = readPrompt(document);
  return offset >= body.start && head?.problems.some(({ code }) => code === 'frontmatter.unclosed') !== true;
}

/** The tag whose inside a place is in; absent in text and comments. A tag without an end reaches to the end of its line, or to the next tag. */
export function tagAt(document: PromptDocument, offset: number): Tag | undefined {
  const { source } = document;
  const { segments, problems } = cutSegments(source, readPrompt(document).body);
  for (const segment of segments) {
    if (segment.kind === 'text' || segment.kind === 'comment' || !isWithin(segment.inner, offset)) continue;
    return { kind: segment.kind, range: segment.range, inner: segment.inner, isClosed: true };
  }
  return problems.map(problem => unclosedTag(source, problem)).find(tag => tag !== undefined && isWithin(tag.inner, offset));
}

function unclosedTag({ text }: Source, { offset }: PromptProblem): Tag | undefined {
  const sign = text.charAt(offset + 1);
  if (sign === '#') return undefined;
  const end = unclosedEnd(text, offset);
  const start = Math.min(offset + (/[-+]/.test(text.charAt(offset + 2)) ? 3 : 2), end);
  return { kind: sign === '{' ? 'output' : 'statement', range: { start: offset, end }, inner: { start, end }, isClosed: false };
}

/** Whether a place is in a range or at one of its ends. */
export const isWithin = (range: Range, offset: number): boolean => range.start <= offset && offset <= range.end;

/** The words of a tag before a place. */
export interface TagWords {
  /** Without the name that is being written. */
  readonly before: readonly TagToken[];
  /** The name around the place, empty where none is. */
  readonly name: Range;
  /** Where the text in quotes begins that the place is in, the quote itself. */
  readonly quote?: number;
}

/** Absent where something before the place cannot be read. */
export function wordsBefore(source: Source, { inner }: Tag, offset: number): TagWords | undefined {
  const { tokens, problem } = readTagTokens(source, { start: inner.start, end: offset });
  const nowhere = { start: offset, end: offset };
  // the one thing that it cannot read: a text in quotes that goes on behind the place
  if (problem) return problem.code === 'expression.invalid' ? { before: tokens, name: nowhere, quote: problem.offset } : undefined;
  const last = tokens.at(-1);
  const isWriting = last?.kind === 'name' && last.range.end >= offset;
  const name = { start: isWriting ? last.range.start : offset, end: matchAt(/[A-Za-z0-9_]*/y, source.text, offset) };
  return { before: isWriting ? tokens.slice(0, -1) : tokens, name };
}

/** Where a pattern that begins at a place ends. */
export function matchAt(pattern: RegExp, text: string, offset: number): number {
  pattern.lastIndex = offset;
  return offset + (pattern.exec(text)?.[0].length ?? 0);
}

/** The variables of loops around the tag that begins at a place, `loop` among them; the innermost of a name alone. */
export function localsAt({ nodes }: Pick<ReadPrompt, 'nodes'>, tagStart: number): readonly LocalVariable[] {
  let locals: readonly LocalVariable[] = [];
  for (let inside: readonly TemplateNode[] = nodes; ;) {
    const node = inside.find(({ range }) => range.start < tagStart && tagStart < range.end);
    if (node?.kind === 'if') inside = node.branches.flatMap(({ body }) => body);
    else if (node?.kind !== 'for') return locals;
    else {
      const made = madeBy(node, locals);
      locals = [...made, ...locals.filter(({ name }) => !made.some(each => each.name === name))];
      inside = node.body;
    }
  }
}

function madeBy({ variable, list }: Extract<TemplateNode, { kind: 'for' }>, outside: readonly LocalVariable[]): readonly LocalVariable[] {
  const loop: LocalVariable = { name: 'loop', type: loopType, origin: 'loop' };
  if (variable === '') return [loop];
  const found = list.kind === 'variable' ? meaningOf(list.path, outside) : undefined;
  const [type, origin]: [ValueType, string] = found?.type.kind === 'list' ? [found.type.of, `${found.origin}.*`] : [{ kind: 'unknown' }, ''];
  return [{ name: variable, type, origin }, loop];
}

/** What a dotted name holds, with its name in the table of words; absent for one that nobody knows. */
export function meaningOf(path: readonly string[], locals: readonly LocalVariable[]): { readonly type: ValueType; readonly origin: string; readonly local?: LocalVariable } | undefined {
  const [root = '', ...fields] = path;
  const local = locals.find(({ name }) => name === root);
  const type = fieldOf(local ? local.type : isVariableRoot(root) ? variableTypes[root] : undefined, fields);
  return type && { type, origin: [local?.origin ?? root, ...fields].join('.'), ...(local ? { local } : {}) };
}

const fieldOf = (type: ValueType | undefined, fields: readonly string[]): ValueType | undefined =>
  fields.reduce<ValueType | undefined>((group, field) => (group?.kind === 'record' && Object.hasOwn(group.fields, field) ? group.fields[field] : undefined), type);

/** The dotted name that ends with these words; nothing where they end otherwise. */
export function pathAtEnd(words: readonly TagToken[]): readonly TagToken[] {
  let start = words.length;
  while (words[start - 1]?.kind === 'name') {
    start -= 1;
    if (!isSymbol(words[start - 1], '.') || words[start - 2]?.kind !== 'name') break;
    start -= 1;
  }
  return words.slice(start).filter(({ kind }) => kind === 'name');
}

/** Whether a word is this sign, and not a text in quotes that says so. */
export const isSymbol = (token: TagToken | undefined, text: string): boolean => token?.kind === 'symbol' && token.text === text;
