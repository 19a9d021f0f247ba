import { isMap, isScalar, isSeq, visit, type Node, type Pair, type visitor } from 'yaml';
import { filters } from '../core/model/stage.ts';
import type { Range } from '../core/prompts/problem.ts';
import { yamlNodes } from '../core/prompts/yamlFile.ts';
import type { Fix } from './codeActions.ts';
import type { PromptDocument } from './documents.ts';
import { itemsOf, valueAt, yamlOf } from './readYaml.ts';
import { yamlPartOf } from './yamlPlace.ts';

/** Takes away a key with all that stands under it; nothing where there is no such key. */
export function withoutKey(document: PromptDocument, key: Range): Fix['edits'] {
  const part = partOf(document);
  const found = find(document, part, (pair, items, isFlow) => {
    const node = pair.key as Node | null;
    return node?.range?.[0] === key.start - part.start ? { start: key.start, end: part.start + (endOf(pair.value) ?? node.range[1]), isFlow, takesDash: items === 1, alone: items === 1 } : undefined;
  });
  return found ? [{ range: spanOf(document.source.text, found), text: '' }] : [];
}

/** Takes an item out of a list; nothing where there is none at the place. */
export function withoutItem(document: PromptDocument, item: Range): Fix['edits'] {
  const part = partOf(document);
  let found: Found | undefined;
  each(document, part, {
    Seq: (_, seq) => {
      if (seq.items.some(node => (node as Node).range?.[0] === item.start - part.start)) found = { ...item, isFlow: seq.flow === true, takesDash: true, alone: seq.items.length === 1 };
    },
  });
  return found ? [{ range: spanOf(document.source.text, found), text: '' }] : [];
}

/** Puts the filters of a recipe in their order, each once, with the one that is never left out; nothing where they stand in a block, or there are others among them. */
export function inFilterOrder(document: PromptDocument): Fix['edits'] {
  const list = valueAt(yamlOf(document)?.contents, ['filters']);
  const named = itemsOf(list).map(item => filters.find(filter => isScalar(item) && item.value === filter));
  const wanted = filters.filter(filter => filter === 'verify' || named.includes(filter));
  if (!isSeq(list) || list.flow !== true || !list.range || named.includes(undefined) || wanted.join() === named.join()) return [];
  const [start, end] = list.range;
  return document.source.text.slice(start, end).includes('#') ? [] : [{ range: { start, end }, text: `[${wanted.join(', ')}]` }];
}

interface Found extends Range {
  /** In `{ }` or `[ ]`. */
  readonly isFlow: boolean;
  /** A dash before it goes with it: it is all of an item of a list. */
  readonly takesDash: boolean;
  /** There is nothing beside it. */
  readonly alone: boolean;
}

function find(document: PromptDocument, part: Range, look: (pair: Pair, items: number, isFlow: boolean) => Found | undefined): Found | undefined {
  let found: Found | undefined;
  each(document, part, {
    Map: (_, map) => {
      for (const pair of map.items) found ??= look(pair, map.items.length, map.flow === true);
    },
  });
  return found;
}

const nowhere: Range = { start: 0, end: 0 };
const partOf = (document: PromptDocument): Range => yamlPartOf(document) ?? nowhere;

function each({ source }: PromptDocument, part: Range, visitor: visitor): void {
  const nodes = yamlNodes(source, part);
  if (nodes) visit(nodes, visitor);
}

const endOf = (value: unknown): number | undefined => (isMap(value) || isSeq(value) || (typeof value === 'object' && value !== null && 'range' in value) ? (value as Node).range?.[1] : undefined);

/** What has to go with it: its comma, or its lines. */
function spanOf(text: string, found: Found): Range {
  const { start, end, isFlow, alone } = found;
  if (!isFlow) return linesOf(text, found);
  if (alone) return { start, end };
  const after = /^\s*,\s*/.exec(text.slice(end))?.[0];
  return after === undefined ? { start: startWithComma(text, start), end } : { start, end: end + after.length };
}

function startWithComma(text: string, start: number): number {
  const before = text.slice(0, start).trimEnd();
  return before.endsWith(',') ? before.length - 1 : start;
}

function linesOf(text: string, { start, end, takesDash }: Found): Range {
  const above = text.slice(0, start);
  const before = above.slice(Math.max(above.lastIndexOf('\n'), above.lastIndexOf('\r')) + 1);
  const lineEnd = /[\r\n]$/.test(text.slice(start, end)) ? 0 : /^[^\r\n]*(?:\r\n?|\n|$)/.exec(text.slice(end))?.[0].length ?? 0;
  if (before.trim() === '' || (takesDash && /^\s*-\s+$/.test(before))) return { start: start - before.length, end: end + lineEnd };
  // the first key of an item leaves the dash to the next
  return { start, end: end + lineEnd + (/^[ \t]*/.exec(text.slice(end + lineEnd))?.[0].length ?? 0) };
}
