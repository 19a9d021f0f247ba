import type { Piece, Span } from './step.ts';

interface Scalar extends Span {
  readonly kind: 'scalar';
  /** It stood in quotes. */
  readonly quoted: boolean;
}

interface Entry {
  readonly key: Scalar | undefined;
  readonly value: Node | undefined;
}

interface Group {
  readonly kind: 'group';
  readonly entries: Entry[];
}

type Node = Scalar | Group;

/** Deeper and longer than any plan; what goes beyond is read as prose. */
const deepest = 24;
const mostTokens = 60_000;
/** So much may stand before the first bracket. */
const longestLead = 300;

const token = /[{}[\]:,]|"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\\n]|\\.)*'(?=\s*[:,}\]])|[^\s{}[\]:,"']+/g;

/** Reads what looks like JSON, token by token. */
class Reader {
  readonly root: Group = { kind: 'group', entries: [] };
  private readonly open: Group[] = [this.root];
  private key: Scalar | undefined;
  private pending: Scalar | undefined;

  get depth(): number {
    return this.open.length - 1;
  }

  take(match: RegExpExecArray): void {
    const [sign] = match;
    if (sign === '{' || sign === '[') this.begin();
    else if (sign === '}' || sign === ']') {
      this.finishEntry();
      this.open.pop();
    } else if (sign === ',') this.finishEntry();
    else if (sign !== ':') this.pending = scalarOf(match, this.pending);
    else if (this.pending) [this.key, this.pending] = [this.pending, undefined];
  }

  finishEntry(): void {
    if (this.pending || this.key) this.add(this.pending);
    this.pending = undefined;
  }

  private begin(): void {
    if (this.pending) this.finishEntry();
    const group: Group = { kind: 'group', entries: [] };
    this.add(group);
    this.open.push(group);
  }

  private add(value: Node | undefined): void {
    this.open.at(-1)?.entries.push({ key: this.key, value });
    this.key = undefined;
  }
}

/** Reads what looks like JSON: commas may be missing or too many, brackets may be left open. Nothing where it is too deep or too long. */
function read(text: string, from: number): Group | undefined {
  const reader = new Reader();
  let tokens = 0;
  token.lastIndex = from;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    tokens += 1;
    reader.take(match);
    if (tokens > mostTokens || reader.depth > deepest) return undefined;
    if (reader.depth <= 0) break;
  }
  reader.finishEntry();
  return reader.root;
}

/** A text in quotes, or bare words, which go on as long as nothing else comes. */
function scalarOf(match: RegExpExecArray, before: Scalar | undefined): Scalar {
  const quoted = /^["']/.test(match[0]) && match[0].length > 1;
  if (quoted) return { kind: 'scalar', quoted, start: match.index + 1, end: match.index + match[0].length - 1 };
  return { kind: 'scalar', quoted: false, start: before && !before.quoted ? before.start : match.index, end: match.index + match[0].length };
}

const isGroup = (node: Node | undefined): node is Group => node?.kind === 'group';
const isRecordKey = /^(?:step|id|n|no|number|index|stage|phase|action|description|title|name|goal|what|how|why|reason|details?|task|content|text|instructions?|explanation|operation|objective|purpose|method|result|output|input)$/i;
const isCountKey = /^(?:(?:step|stage|phase|s)[\s_-]*)?(?:\d{1,4}|one|two|three|four|five|six|seven|eight|nine|ten)$/i;
const isMainField = /^(?:action|description|task|content|text|instruction|operation|what|step|goal)$/i;

/** The group whose entries are the steps. */
function stepsGroup(text: string, root: Group): Group {
  let group = root;
  for (let depth = 0; depth < deepest; depth += 1) {
    const inner = group.entries.filter(({ value }) => isGroup(value) && value.entries.length > 0);
    const named = inner.find(({ key }) => key && /step|plan|structure|outline/i.test(text.slice(key.start, key.end)) && !isCountKey.test(text.slice(key.start, key.end)));
    const next = named ?? (inner.length === 1 && group.entries.length <= 2 ? inner[0] : undefined);
    if (!isGroup(next?.value) || (named === undefined && isRecord(text, group))) return group;
    group = next.value;
  }
  return group;
}

function isRecord(text: string, group: Group): boolean {
  return group.entries.length > 1 && group.entries.every(({ key }) => key !== undefined && isRecordKey.test(text.slice(key.start, key.end)));
}

/** All texts in a node, from first to last. */
function scalarsOf(node: Node | undefined): readonly Scalar[] {
  if (node === undefined) return [];
  if (node.kind === 'scalar') return node.end > node.start ? [node] : [];
  return node.entries.flatMap(({ key, value }) => [...(key ? [key] : []), ...scalarsOf(value)]);
}

function recordPiece(text: string, group: Group): Piece {
  const field = (name: RegExp) => group.entries.find(({ key, value }) => key && value?.kind === 'scalar' && value.quoted && name.test(text.slice(key.start, key.end)))?.value;
  const texts = group.entries.filter(({ value }) => value?.kind === 'scalar' && value.quoted);
  const main = texts.length === 1 ? texts[0]?.value : field(isMainField);
  const all = scalarsOf(group);
  const number = group.entries.map(({ value }) => (value?.kind === 'scalar' ? Number(text.slice(value.start, value.end)) : NaN)).find(value => value > 0);
  const place = main?.kind === 'scalar' && texts.length === 1 ? main : { start: all[0]?.start ?? 0, end: all.at(-1)?.end ?? 0 };
  return number === undefined ? { start: place.start, end: place.end } : { start: place.start, end: place.end, number };
}

function pieceOf(text: string, { key, value }: Entry): Piece | undefined {
  if (isGroup(value) && isRecord(text, value) && !key) return recordPiece(text, value);
  const name = key ? text.slice(key.start, key.end) : '';
  const counted = isCountKey.test(name);
  const shown = [...(key && !counted ? [key] : []), ...scalarsOf(value)];
  const [first, last] = [shown[0], shown.at(-1)];
  if (!first || !last) return undefined;
  const number = counted ? /\d+/.exec(name)?.[0] : undefined;
  const place = { start: first.start, end: last.end };
  return number === undefined ? place : { ...place, number: Number(number) };
}

/**
 * The steps of a structure that is written as JSON, or nearly: an array of texts or records, an object of texts, keys that are steps. Undefined where the text is
 * something else.
 */
export function jsonPieces(text: string): readonly Piece[] | undefined {
  const opening = /(?<![\\\w])[{[]\s*(?=["'{[])/.exec(text.slice(0, longestLead));
  if (!opening) return undefined;
  const root = read(text, opening.index);
  if (!root) return undefined;
  const group = stepsGroup(text, root);
  const pieces = group.entries.flatMap(entry => pieceOf(text, entry) ?? []);
  return pieces.length > 0 && group.entries.some(({ key, value }) => key?.quoted === true || isGroup(value) || value?.quoted === true) ? pieces : undefined;
}
