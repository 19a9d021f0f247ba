import { isAlias, isMap, isSeq, parseDocument, type Document, type Node } from 'yaml';
import type * as z from 'zod/mini';
import { messageOf } from '../model/problem.ts';
import { nearestName } from './nearest.ts';
import { inReadingOrder, mostProblems, type PromptProblem, type PromptProblemCode, type Range, type Source, wanting } from './problem.ts';

/** Longer YAML than anybody writes here is refused unread, so that no hostile text can cost much. */
const longestYaml = 50_000;
/** Brackets and braces inside each other; the library's effort grows with the square of it. */
const deepestBrackets = 64;

/** A place in YAML: keys and indexes from its root. */
export type YamlPath = readonly (string | number)[];

/** What a YAML text is held to. */
export interface YamlRules<Value> {
  readonly schema: { readonly safeParse: (value: unknown) => z.core.util.SafeParseResult<Value> };
  readonly codes: { readonly invalid: PromptProblemCode; readonly unknownKey: PromptProblemCode };
  /** Keys that may stand at a place, for suggestions. */
  readonly keysAt: (path: YamlPath) => readonly string[];
}

/** YAML that was read, with the places of its parts. */
export interface YamlFile<Value> {
  /** Present where nothing was wrong. */
  readonly value?: Value;
  /** The part at a path; undefined where there is none, and in a text that is no YAML. */
  readonly rangeOf: (path: YamlPath) => Range | undefined;
  readonly problems: readonly PromptProblem[];
}

/** Reads part of a text as YAML and holds it to a schema. Never throws. */
export function readYaml<Value>(source: Source, part: Range, rules: YamlRules<Value>): YamlFile<Value> {
  const nowhere = { rangeOf: () => undefined };
  if (isTooLong(part)) {
    return { ...nowhere, problems: [source.problem({ start: part.start, end: part.start }, rules.codes.invalid, `This is longer than ${longestYaml} characters.`)] };
  }
  const read = parsePart(source, part);
  if ('failure' in read) return { ...nowhere, problems: [source.problem(part, rules.codes.invalid, `This YAML cannot be read: ${read.failure}.`)] };
  const { document, value } = read;
  const rangeOf = (path: YamlPath): Range | undefined => shifted(nodeRange(document.contents, path), part.start);
  const broken = document.errors.slice(0, mostProblems).map(error => source.problem(within(error.pos, part), rules.codes.invalid, sentence(error.code === 'MULTIPLE_DOCS' ? severalDocuments : error.message)));
  if (broken.length > 0) return { ...nowhere, problems: inReadingOrder(broken) };
  const result = rules.schema.safeParse(value);
  if (result.success) return { value: result.data, rangeOf, problems: [] };
  const place = (path: YamlPath): Range => rangeOf(path) ?? headOf(path.length > 0 ? place(path.slice(0, -1)) : part);
  const problems = result.error.issues.flatMap(issue => describe(issue, [])).slice(0, mostProblems).map(({ path, key, text, nearest, values = [] }) => {
    if (key !== undefined) {
      const range = shifted(keyRange(document.contents, path, key), part.start) ?? place(path);
      return source.misnamed(range, rules.codes.unknownKey, { words: text, name: key, known: rules.keysAt(path) });
    }
    const range = place(path);
    const wanted = nearest?.value ?? nearestName(source.text.slice(range.start, range.end), values);
    const message = path.length === 0 || rangeOf(path) ? text : `${path.join('.')} is missing: ${text}`;
    return wanting(source.problem(range, nearest && (path.includes('sampling') || path[0] === 'stop') ? 'sampling.out-of-range' : rules.codes.invalid, message), wanted);
  });
  return { rangeOf, problems: inReadingOrder(problems) };
}

/**
 * The nodes of YAML as far as it could be read, whatever it says; undefined where it is too long or too deep to be looked at. Never throws.
 * Offsets of nodes count from the start of the part.
 */
export function yamlNodes(source: Source, part: Range): Document.Parsed | undefined {
  const read = isTooLong(part) ? undefined : parsePart(source, part);
  return read && 'document' in read ? read.document : undefined;
}

const isTooLong = ({ start, end }: Range): boolean => end - start > longestYaml;

const parsePart = (source: Source, part: Range): ReturnType<typeof parse> =>
  (deepestIn(source, part) > deepestBrackets ? { failure: 'brackets stand too deep in each other' } : parse(source.text.slice(part.start, part.end).replace(/\r(?!\n)/g, '\n'))); // the library does not know that CR ends a line

function deepestIn(source: Source, part: Range): number {
  let [depth, deepest] = [0, 0];
  for (let at = part.start; at < part.end; at += 1) {
    const char = source.text.charAt(at);
    if (char === '[' || char === '{') depth += 1;
    else if (char === ']' || char === '}') depth = Math.max(0, depth - 1);
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

function parse(text: string): { readonly document: Document.Parsed; readonly value: unknown } | { readonly failure: string } {
  try {
    const document = parseDocument(text, { prettyErrors: false, logLevel: 'error' });
    return { document, value: document.errors.length > 0 ? null : document.toJS({ maxAliasCount: 50 }) };
  } catch (error) {
    // nesting that exhausts the library's stack, or aliases that multiply
    return { failure: messageOf(error) };
  }
}

interface Finding {
  readonly path: YamlPath;
  readonly text: string;
  /** The unknown key, where that is the problem. */
  readonly key?: string;
  /** For what is beyond a bound: the nearest value that is not; none for texts and lists. */
  readonly nearest?: { readonly value: string | undefined };
  /** What may stand there, where that is a choice. */
  readonly values?: readonly string[];
}

function describe(issue: z.core.$ZodIssue, above: YamlPath): Finding[] {
  const path = [...above, ...issue.path.map(part => (typeof part === 'number' ? part : String(part)))];
  const name = path.length === 0 ? 'This' : path.map(String).join('.');
  switch (issue.code) {
    case 'unrecognized_keys': return issue.keys.map(key => ({ path, key, text: `There is no key ${key} here` }));
    case 'invalid_union': {
      const deepest = issue.errors.toSorted((a, b) => depthOf(b) - depthOf(a))[0];
      return deepest && depthOf(deepest) > 0 ? deepest.flatMap(each => describe(each, path)) : [{ path, text: `${name} is not one of the things that may stand here.` }];
    }
    case 'invalid_value': return [{ path, text: `${name} must be ${issue.values.map(String).join(', ').replace(/, ([^,]*)$/, ' or $1')}.`, values: issue.values.map(String) }];
    case 'invalid_type': return [{ path, text: `${name} must be ${typeNames[issue.expected] ?? issue.expected}.` }];
    case 'too_small':
    case 'too_big': return [{ path, text: `${name} must be ${bound(issue)}.`, nearest: { value: nearestWithin(issue) } }];
    default: return [{ path, text: `${name} is not valid.` }];
  }
}

function nearestWithin(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string | undefined {
  if (issue.origin === 'array' || issue.origin === 'string') return undefined;
  const [limit, step] = issue.code === 'too_small' ? [issue.minimum, 0.01] : [issue.maximum, -0.01];
  return String(issue.inclusive === false ? Number(limit) + step : limit);
}

function bound(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const [limit, exclusive, inclusive] = issue.code === 'too_small' ? [issue.minimum, 'more than', 'at least'] : [issue.maximum, 'less than', 'at most'];
  const words = `${issue.inclusive === false ? exclusive : inclusive} ${limit}`;
  if (issue.origin === 'array') return `a list of ${words}`;
  return issue.origin === 'string' ? `of ${words} characters` : words;
}

/** How deep a branch of a union got before it failed: the deepest is the one that was meant. An unknown key counts as one step. */
const depthOf = (issues: readonly z.core.$ZodIssue[]): number => Math.max(0, ...issues.map(issue => issue.path.length + (issue.code === 'unrecognized_keys' ? 1 : 0)));

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text', number: 'a number', int: 'a whole number', boolean: 'true or false', object: 'a group of keys', array: 'a list', tuple: 'a list', record: 'a group of keys',
};

function nodeRange(root: unknown, path: YamlPath): Range | undefined {
  let node = root;
  for (const part of path) {
    if (isMap(node)) node = node.get(part, true);
    else if (isSeq(node) && typeof part === 'number') node = node.get(part, true);
    else return undefined;
  }
  return rangeOfNode(node);
}

function keyRange(root: unknown, path: YamlPath, key: string): Range | undefined {
  let node = root;
  for (const part of path) node = isMap(node) || isSeq(node) ? node.get(part, true) : undefined;
  return isMap(node) ? rangeOfNode(node.items.find(pair => String(pair.key) === key)?.key) : undefined;
}

/** Where a node of YAML stands, counted as its document counts; undefined for what is not there. Of a text in quotes the quotes are part. */
export function rangeOfNode(node: unknown): Range | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined;
  const { range } = node as Node;
  return range ? { start: range[0], end: isAlias(node) ? range[2] : range[1] } : undefined;
}

const headOf = ({ start }: Range): Range => ({ start, end: start });
const shifted = (range: Range | undefined, by: number): Range | undefined => range && { start: range.start + by, end: range.end + by };
const within = ([start, end]: readonly [number, number], part: Range): Range => ({ start: Math.min(start + part.start, part.end), end: Math.min(end + part.start, part.end) });
const severalDocuments = 'A line --- begins a second document here; one file holds one';
const sentence = (text: string): string => (text.endsWith('.') ? text : `${text}.`);
