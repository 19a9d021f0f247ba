import { isMap, isSeq, parseDocument, visit, type Node, type Pair } from 'yaml';
import { splitPrompt } from '../core/prompts/frontMatter.ts';
import type { Range } from '../core/prompts/problem.ts';
import type { Fix } from './codeActions.ts';
import type { PromptDocument } from './documents.ts';

/** Longer YAML is refused unread by whoever checks it. */
const longestYaml = 50_000;

/** Takes away a key with all that stands under it; nothing where there is no such key. */
export function withoutKey(document: PromptDocument, key: Range): Fix['edits'] {
  const part = yamlOf(document);
  const found = find(document, part, (pair, items, isFlow) => {
    const node = pair.key as Node | null;
    return node?.range?.[0] === key.start - part.start ? { start: key.start, end: part.start + (endOf(pair.value) ?? node.range[1]), isFlow, takesDash: items === 1, alone: items === 1 } : undefined;
  });
  return found ? [{ range: spanOf(document.source.text, found), text: '' }] : [];
}

/** Takes an item out of a list; nothing where there is none at the place. */
export function withoutItem(document: PromptDocument, item: Range): Fix['edits'] {
  const part = yamlOf(document);
  let found: Found | undefined;
  visit(parsed(document, part), {
    Seq: (_, seq) => {
      if (seq.items.some(each => (each as Node).range?.[0] === item.start - part.start)) found = { ...item, isFlow: seq.flow === true, takesDash: true, alone: seq.items.length === 1 };
    },
  });
  return found ? [{ range: spanOf(document.source.text, found), text: '' }] : [];
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
  visit(parsed(document, part), {
    Map: (_, map) => {
      for (const pair of map.items) found ??= look(pair, map.items.length, map.flow === true);
    },
  });
  return found;
}

const parsed = ({ source }: PromptDocument, { start, end }: Range) => parseDocument(end - start > longestYaml ? '' : source.text.slice(start, end), { prettyErrors: false, logLevel: 'error' });

/** The part of a file that is YAML. */
function yamlOf({ kind, source }: PromptDocument): Range {
  if (kind !== 'prompt') return { start: source.text.startsWith('\ufeff') ? 1 : 0, end: source.text.length };
  const start = /^\ufeff?---[ \t]*(?:\r\n?|\n)/.exec(source.text)?.[0].length ?? 0;
  return { start, end: splitPrompt(source).body.start };
}

const endOf = (value: unknown): number | undefined => (isMap(value) || isSeq(value) || (typeof value === 'object' && value !== null && 'range' in value) ? (value as Node).range?.[1] : undefined);

/** What has to go with it: its comma, or its lines. */
function spanOf(text: string, found: Found): Range {
  const { start, end, isFlow, alone } = found;
  if (!isFlow) return linesOf(text, found);
  if (alone) return { start, end };
  const after = /^\s*,\s*/.exec(text.slice(end))?.[0];
  return after === undefined ? { start: start - (/,\s*$/.exec(text.slice(0, start))?.[0].length ?? 0), end } : { start, end: end + after.length };
}

function linesOf(text: string, { start, end, takesDash }: Found): Range {
  const before = /[^\r\n]*$/.exec(text.slice(0, start))?.[0] ?? '';
  const lineEnd = /[\r\n]$/.test(text.slice(start, end)) ? 0 : /^[^\r\n]*(?:\r\n?|\n|$)/.exec(text.slice(end))?.[0].length ?? 0;
  if (before.trim() === '' || (takesDash && /^\s*-\s+$/.test(before))) return { start: start - before.length, end: end + lineEnd };
  // the first key of an item leaves the dash to the next
  return { start, end: end + lineEnd + (/^[ \t]*/.exec(text.slice(end + lineEnd))?.[0].length ?? 0) };
}
