import { FoldingRangeKind, type FoldingRange } from 'vscode-languageserver-types';
import { isCollection, isNode, visit } from 'yaml';
import type { Range } from '../core/prompts/problem.ts';
import type { TemplateNode } from '../core/prompts/syntax.ts';
import { rangeOfNode } from '../core/prompts/yamlFile.ts';
import type { PromptDocument } from './documents.ts';
import { readPrompt } from './readPrompts.ts';
import { scalarRanges, writtenRange, yamlOf } from './readYaml.ts';

/** What can be folded away: the head of a prompt, branches and loops, comments over several lines, groups and lists of YAML. In the order of the lines, one for each. */
export function foldingRanges(document: PromptDocument): readonly FoldingRange[] {
  const isPrompt = document.kind === 'prompt' || document.kind === 'partial';
  const found = (isPrompt ? promptFolds(document) : yamlFolds(document)).filter(fold => fold.endLine > fold.startLine);
  // of those that begin on one line an editor shows one: the longest
  const longest = new Map(found.toSorted((a, b) => a.endLine - b.endLine).map(fold => [fold.startLine, fold]));
  return [...longest.values()].toSorted((a, b) => a.startLine - b.startLine);
}

/** From the line of the first offset to that of the second. */
function fold({ rangeOf }: PromptDocument, range: Range, kind?: FoldingRange['kind']): FoldingRange {
  const { start, end } = rangeOf(range);
  return { startLine: start.line, endLine: end.line, ...(kind === undefined ? {} : { kind }) };
}

function promptFolds(document: PromptDocument): readonly FoldingRange[] {
  const { head, body, nodes } = readPrompt(document);
  const headEnd = document.source.text.slice(0, body.start).trimEnd().length;
  return [...(head ? [fold(document, { start: 0, end: headEnd })] : []), ...nodes.flatMap(node => nodeFolds(document, node))];
}

function nodeFolds(document: PromptDocument, node: TemplateNode): readonly FoldingRange[] {
  const inside = (nodes: readonly TemplateNode[]) => nodes.flatMap(each => nodeFolds(document, each));
  switch (node.kind) {
    case 'comment': return [fold(document, node.range, FoldingRangeKind.Comment)];
    case 'for': return [beforeLine(document, node.range), ...inside(node.body)];
    case 'if': return node.branches.flatMap(({ tag, body }, index) => [
      beforeLine(document, { start: tag.start, end: node.branches[index + 1]?.tag.start ?? node.range.end }), ...inside(body),
    ]);
    default: return [];
  }
}

/** The line of the tag that ends a block or begins its next branch stays in sight. */
function beforeLine(document: PromptDocument, range: Range): FoldingRange {
  const whole = fold(document, range);
  return { ...whole, endLine: whole.endLine - 1 };
}

function yamlFolds(document: PromptDocument): readonly FoldingRange[] {
  const folds: FoldingRange[] = [...commentFolds(document)];
  const add = (start: number | undefined, node: unknown) => {
    const range = writtenRange(document, node);
    if (range && start !== undefined) folds.push(fold(document, { start, end: Math.max(start, range.end) }));
  };
  const root = yamlOf(document);
  if (root) {
    visit(root, {
      Pair: (_, { key, value }) => add(rangeOfNode(key)?.start, value),
      Seq: (_, { items }) => items.forEach(item => { if (isNode(item) && isCollection(item)) add(rangeOfNode(item)?.start, item); }),
    });
  }
  return folds;
}

/** Lines in a row that hold nothing but a comment. What looks like one inside a text is none. */
function commentFolds(document: PromptDocument): readonly FoldingRange[] {
  const texts = scalarRanges(document);
  const blocks = /(?:^|(?<=[\r\n]))[ \t]*#[^\r\n]*(?:(?:\r\n?|\n)[ \t]*#[^\r\n]*)+/g;
  return [...document.source.text.matchAll(blocks)]
    .map(match => ({ start: match.index, end: match.index + match[0].length }))
    .filter(range => !texts.some(text => text.start < range.end && range.start < text.end))
    .map(range => fold(document, range, FoldingRangeKind.Comment));
}
