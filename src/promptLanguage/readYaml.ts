import { isMap, isScalar, isSeq, visit, type Document } from 'yaml';
import type { Range, Source } from '../core/prompts/problem.ts';
import { rangeOfNode, yamlNodes } from '../core/prompts/yamlFile.ts';
import type { PromptDocument } from './documents.ts';

const known = new WeakMap<Source, { readonly nodes: Document.Parsed | undefined }>();

/** The YAML of a recipe or a file of guidelines as far as it can be read; offsets count from the start of the text. Read once for each text. */
export function yamlOf({ source }: PromptDocument): Document.Parsed | undefined {
  const before = known.get(source);
  if (before) return before.nodes;
  // a byte-order mark is part of the text for the library, as long as it stands at its start
  const nodes = yamlNodes(source, { start: 0, end: source.text.length });
  known.set(source, { nodes });
  return nodes;
}

/** The node below a node; undefined where there is none. Aliases are not followed: what they stand for is found at its own place. */
export function valueAt(node: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((each, key) => (isMap(each) ? each.get(key, true) : undefined), node);
}

/** The nodes of a list, or none. */
export const itemsOf = (node: unknown): readonly unknown[] => (isSeq(node) ? node.items : []);

/** Where a key of a group stands. */
export function rangeOfKey(map: unknown, name: string): Range | undefined {
  return isMap(map) ? rangeOfNode(map.items.find(({ key }) => isScalar(key) && key.value === name)?.key) : undefined;
}

/** Where a node of YAML stands, without the line ends and blanks after it that the library counts to a group or a block of text. */
export function writtenRange({ source }: PromptDocument, node: unknown): Range | undefined {
  const range = rangeOfNode(node);
  return range && { start: range.start, end: range.start + source.text.slice(range.start, range.end).trimEnd().length };
}

/** The texts, numbers and words of a file of YAML, blocks of text with all their lines. */
export function scalarRanges(document: PromptDocument): readonly Range[] {
  const ranges: Range[] = [];
  const root = yamlOf(document);
  if (root) visit(root, { Scalar: (_, node) => { ranges.push(...[rangeOfNode(node)].filter(range => range !== undefined)); } });
  return ranges;
}
