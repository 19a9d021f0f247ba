import type { TextEdit } from 'vscode-languageserver-types';
import type { Range } from '../core/prompts/problem.ts';
import { cutSegments, longestTag, type Segment } from '../core/prompts/segments.ts';
import { readTagTokens, type TagToken } from '../core/prompts/tagTokens.ts';
import { statementNames } from '../core/prompts/template.ts';
import type { PromptDocument } from './documents.ts';
import { readPrompt } from './readPrompts.ts';
import { scalarRanges, yamlOf } from './readYaml.ts';

/**
 * Puts the white space inside tags in order, and takes away blanks at the ends of lines of YAML that belong to no text. What a prompt renders to stays the same to the byte, and so
 * does what a recipe says. The head of a prompt, comments, and tags that cannot be read are left as they are; a shipped file has no edits at all.
 */
export function format(document: PromptDocument): readonly TextEdit[] {
  if (document.folder.isShipped(document.path)) return [];
  const isPrompt = document.kind === 'prompt' || document.kind === 'partial';
  const { text } = document.source;
  return (isPrompt ? tagEdits(document) : blankEdits(document))
    .filter(({ range, newText }) => text.slice(range.start, range.end) !== newText)
    .map(({ range, newText }) => ({ range: document.rangeOf(range), newText }));
}

interface Edit {
  readonly range: Range;
  readonly newText: string;
}

function tagEdits(document: PromptDocument): readonly Edit[] {
  const { source } = document;
  const { body, problems } = readPrompt(document);
  const isBroken = ({ start, end }: Range) => problems.some(problem => problem.offset < end && start < problem.endOffset);
  let insideRaw = false;
  return cutSegments(source, body).segments.flatMap(segment => {
    if (segment.kind !== 'output' && segment.kind !== 'statement') return [];
    const { tokens, problem } = readTagTokens(source, segment.inner);
    const statement = segment.kind === 'statement' ? tokens[0]?.text ?? '' : undefined;
    insideRaw = statement === (insideRaw ? 'endraw' : 'raw') ? !insideRaw : insideRaw;
    return insideRaw || problem || isBroken(segment.range) || !isOfLanguage(statement, tokens) ? [] : tagEdit(source.text, segment, tokens);
  });
}

/** Whether a tag is a statement of the language, or writes something out. */
const isOfLanguage = (statement: string | undefined, tokens: readonly TagToken[]): boolean =>
  tokens.length > 0 && (statement === undefined || statementNames.includes(statement));

function tagEdit(text: string, { range, inner }: Extract<Segment, { kind: 'output' | 'statement' }>, tokens: readonly TagToken[]): readonly Edit[] {
  const words = tokens.map((token, index) => {
    const before = tokens[index - 1];
    return `${before ? gap(text, [tokens[index - 2], before, token]) : ''}${text.slice(token.range.start, token.range.end)}`;
  }).join('');
  const open = text.slice(range.start, range.start + 2) + signAt(text, range.start + 2);
  const first = lineBreakIn(text.slice(inner.start, tokens[0]?.range.start)) ?? ' ';
  const last = lineBreakIn(text.slice(tokens.at(-1)?.range.end, inner.end)) ?? ' ';
  const newText = `${open}${first}${words}${last}${text.slice(inner.end, range.end)}`;
  return newText.length > longestTag && newText.length > range.end - range.start ? [] : [{ range, newText }]; // it must not grow beyond what is read as a tag
}

/** What stands between two words of a tag. A line break that the author put there stays. */
function gap(text: string, [beforeLast, last, next]: readonly [TagToken | undefined, TagToken, TagToken]): string {
  const lineBreak = lineBreakIn(text.slice(last.range.end, next.range.start));
  if (lineBreak !== undefined) return lineBreak;
  const isCall = isSign(next, '(') && last.kind === 'name' && isSign(beforeLast, '|');
  const isTight = isCall || isSign(last, '.', '(') || isSign(next, '.', ')', ',');
  return isTight ? '' : ' ';
}

const isSign = (token: TagToken | undefined, ...texts: readonly string[]): boolean => token?.kind === 'symbol' && texts.includes(token.text);

/** The last line end of some white space with the indentation after it; undefined where there is none. */
const lineBreakIn = (space: string): string | undefined => /(?:\r\n|\r|\n)[^\r\n]*$/.exec(space)?.[0];

const signAt = (text: string, at: number): string => (/[-+]/.test(text.charAt(at)) ? text.charAt(at) : '');

/** Blanks at line ends. In YAML that cannot be read nobody knows which of them belong to a text. */
function blankEdits(document: PromptDocument): readonly Edit[] {
  const yaml = yamlOf(document);
  if (!yaml || yaml.errors.length > 0) return [];
  const texts = scalarRanges(document);
  return [...document.source.text.matchAll(/(?<![ \t])[ \t]+(?=[\r\n]|$)/g)]
    .map(match => ({ range: { start: match.index, end: match.index + match[0].length }, newText: '' }))
    .filter(({ range }) => !texts.some(text => text.start <= range.end && range.start < text.end));
}
