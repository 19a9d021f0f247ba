import { isMap, isScalar, isSeq, type Scalar } from 'yaml';
import { Source, type Range } from '../core/prompts/problem.ts';
import { yamlNodes, type YamlPath } from '../core/prompts/yamlFile.ts';
import type { PromptDocument } from './documents.ts';
import { readPrompt } from './readPrompts.ts';
import type { KeyTable, KeyWords } from './words.ts';

/** A key or value in YAML. */
export interface YamlPlace {
  readonly role: 'key' | 'value';
  /** Of a key the path of the group that it stands in and the key; of a value its path. */
  readonly path: YamlPath;
  /** As it is written, without quotes. */
  readonly text: string;
  readonly range: Range;
  /** What stands beside it: keys of its group, or items of its list. */
  readonly others: readonly string[];
}

/** The part of a file that is YAML. */
export function yamlPartOf(document: PromptDocument): Range | undefined {
  const { kind, source } = document;
  if (kind === 'partial') return undefined;
  const start = source.text.startsWith('\ufeff') ? 1 : 0;
  if (kind !== 'prompt') return { start, end: source.text.length };
  const opening = /^---[ \t]*(?:\r\n?|\n)/.exec(source.text.slice(start));
  if (!opening) return undefined;
  const { body } = readPrompt(document);
  const closing = /(?:\r\n?|\n)?---[ \t]*(?:\r\n?|\n)?$/.exec(source.text.slice(start + opening[0].length, body.start));
  const yamlStart = start + opening[0].length;
  return { start: yamlStart, end: closing ? Math.max(yamlStart, yamlStart + closing.index) : body.start };
}

/** The key or value that a place touches. */
export function yamlPlaceAt(text: string, part: Range, offset: number): YamlPlace | undefined {
  const document = yamlNodes(new Source('', text), part);
  const found = document && placeIn(document.contents, { path: [], others: [], offset: offset - part.start });
  return found && { ...found, range: { start: found.range.start + part.start, end: found.range.end + part.start } };
}

interface Search {
  readonly path: YamlPath;
  readonly others: readonly string[];
  readonly offset: number;
}

function placeIn(node: unknown, search: Search): YamlPlace | undefined {
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : '';
      const path = [...search.path, name];
      const others = node.items.filter(pair => pair.key !== key).map(pair => (isScalar(pair.key) ? String(pair.key.value) : ''));
      const found = (isScalar(key) ? scalarAt(key, 'key', { ...search, path, others }) : undefined) ?? placeIn(value, { ...search, path, others: [] });
      if (found) return found;
    }
  } else if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      const others = node.items.filter(each => each !== item && isScalar(each)).map(each => (isScalar(each) ? String(each.value) : ''));
      const found = placeIn(item, { ...search, path: [...search.path, index], others });
      if (found) return found;
    }
  }
  return isScalar(node) ? scalarAt(node, 'value', search) : undefined;
}

function scalarAt({ range, value }: Scalar, role: YamlPlace['role'], { path, others, offset }: Search): YamlPlace | undefined {
  if (!range || offset < range[0] || offset > range[1]) return undefined;
  return { role, path, others, text: String(value), range: { start: range[0], end: range[1] } };
}

/** What the table says of a place: its own words, or those of any name or item there. */
export function wordsAt(table: KeyTable, path: YamlPath): KeyWords | undefined {
  const parts = path.map(part => (typeof part === 'number' ? '*' : part));
  const own = parts.join('.');
  if (Object.hasOwn(table, own)) return table[own];
  const any = Object.keys(table).find(place => place.includes('*') && fits(place.split('.'), parts));
  return any === undefined ? undefined : table[any];
}

const fits = (place: readonly string[], parts: readonly string[]): boolean => place.length === parts.length && place.every((part, index) => part === '*' || part === parts[index]);

/** Keys that may stand in a group, in the order of the table. */
export function keysIn(table: KeyTable, group: YamlPath): readonly string[] {
  const parts = group.map(part => (typeof part === 'number' ? '*' : part));
  const keys = Object.keys(table).map(place => place.split('.')).filter(place => place.length === parts.length + 1 && fits(place.slice(0, -1), parts)).map(place => place.at(-1) ?? '');
  return [...new Set(keys)];
}
