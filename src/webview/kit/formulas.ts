// Where a text of a model has LaTeX. Knows no DOM.
import { visible } from '../../client/words.ts';

/** A formula in a text, or an answer in its box. Offsets are UTF-16 code units; `tex` is without its delimiters. */
export interface Formula {
  readonly start: number;
  readonly end: number;
  readonly display: boolean;
  /** A box with nothing but plain text in it is shown as it was written. */
  readonly box: boolean;
  readonly tex: string;
}

/** A longer formula stays text. */
export const longestFormula = 2_000;

const openings = /```+|`+|~~~+|\$\$|\$|\\\(|\\\[|\\boxed\s*\{|\\[\s\S]/g;

/** The formulas of a text, in order: `$…$`, `$$…$$`, `\(…\)`, `\[…\]` and boxes, outside of code. Money is none. Linear time but for dollars, which look ahead `longestFormula`. */
export function findFormulas(text: string): readonly Formula[] {
  const found: Formula[] = [];
  const search = new RegExp(openings);
  const never = new Set<string>();
  const endOf = (close: string, from: number): number => {
    const at = never.has(close) ? -1 : text.indexOf(close, from);
    if (at < 0) never.add(close);
    return at;
  };
  for (let match = search.exec(text); match; match = search.exec(text)) {
    const [opening] = match;
    const inside = match.index + opening.length;
    const piece = pieceAt(text, { opening, start: match.index, inside, endOf });
    if (piece?.formula && piece.end - match.index <= longestFormula) found.push(piece.formula);
    if (piece) search.lastIndex = piece.end;
  }
  return found;
}

interface Opened {
  readonly opening: string;
  readonly start: number;
  readonly inside: number;
  /** Where a delimiter comes next; negative where it never does. */
  readonly endOf: (close: string, from: number) => number;
}

/** What an opening begins: a formula, or a stretch in which none is looked for. Undefined where nothing closes it. */
function pieceAt(text: string, opened: Opened): { readonly end: number; readonly formula?: Formula } | undefined {
  const { opening, start, inside } = opened;
  if (opening.startsWith('`') || opening.startsWith('~')) return codeAt(opened);
  if (opening === '$') return dollars(text, start);
  if (opening.startsWith('\\boxed')) return boxAt(text, start, inside);
  const close = { '$$': '$$', '\\(': '\\)', '\\[': '\\]' }[opening];
  if (close === undefined) return undefined;
  const at = opened.endOf(close, inside);
  if (at < 0) return undefined;
  const end = at + close.length;
  const tex = text.slice(inside, at).trim();
  return tex === '' ? { end } : { end, formula: formulaOf(tex, { start, end, display: opening !== '\\(' }) };
}

function codeAt({ opening, inside, endOf }: Opened): { readonly end: number } | undefined {
  const at = endOf(opening, inside);
  return at < 0 ? undefined : { end: at + opening.length };
}

/** Pandoc's rule, and no sentence: a dollar that opens stands before a sign, one that closes after a sign and not before a digit. */
function dollars(text: string, start: number): { readonly end: number; readonly formula: Formula } | undefined {
  if (!/\S/.test(text[start + 1] ?? '')) return undefined;
  const last = Math.min(text.length, start + longestFormula);
  for (let at = start + 1; at < last; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '\n' && /^\n[ \t]*\n/.test(text.slice(at, at + 40))) return undefined;
    else if (text[at] === '$') {
      const tex = text.slice(start + 1, at);
      return isMoney(tex, text[at + 1]) ? undefined : { end: at + 1, formula: formulaOf(tex, { start, end: at + 1, display: false }) };
    }
  }
  return undefined;
}

/** Whether what stands between two dollars is none of theirs: the second belongs to a number, or words stand between two sums. */
const isMoney = (tex: string, after = ''): boolean =>
  tex === '' || /\s$/.test(tex) || /\d/.test(after) || (!tex.includes('\\') && /\p{L}{2,}[,;:]?\s+\p{L}{2,}/u.test(tex));

function formulaOf(tex: string, place: Pick<Formula, 'start' | 'end' | 'display'>): Formula {
  const boxed = /^\\boxed\s*\{([^{}\\]*)\}$/.exec(tex);
  return { ...place, tex, box: boxed !== null };
}

/** The box with its braces in balance. */
function boxAt(text: string, start: number, inside: number): { readonly end: number; readonly formula: Formula } | undefined {
  let depth = 1;
  for (let at = inside; at < Math.min(text.length, start + longestFormula); at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '{') depth += 1;
    else if (text[at] === '}' && (depth -= 1) === 0) return { end: at + 1, formula: formulaOf(text.slice(start, at + 1), { start, end: at + 1, display: false }) };
  }
  return undefined;
}

/** Signs that stand in Markdown for what is put in afterwards; a text has none of them itself. */
export const signs = { formula: '\uE000', end: '\uE001', mark: '\uE002', unmark: '\uE003' } as const;

/** A text with every sign that is seen by nobody, or is one of ours, written out. */
const plain = (text: string): string => visible(text).replaceAll(/[\uE000-\uE003]/g, sign => `‹U+${sign.charCodeAt(0).toString(16).toUpperCase()}›`);

/** Lines of a step that stand as far in as its list does; Markdown would take them for code. */
export function dedented(text: string): string {
  const [first = '', ...rest] = text.split('\n');
  const indents = rest.filter(line => line.trim() !== '').map(line => /^[ \t]*/.exec(line)?.[0].length ?? 0);
  const least = indents.reduce((least, indent) => Math.min(least, indent), Infinity);
  return least === Infinity || least === 0 ? text : [first, ...rest.map(line => line.slice(least))].join('\n');
}

/** A text as Markdown with signs in the places of its formulas and around what is marked; a formula is never marked in part. */
export function signedText(text: string, mark?: { readonly start: number; readonly end: number }): { readonly source: string; readonly formulas: readonly Formula[] } {
  const formulas = findFormulas(text);
  const within = (at: number) => formulas.find(({ start, end }) => start < at && at < end);
  const from = mark && (within(mark.start)?.start ?? mark.start);
  const to = mark && (within(mark.end)?.end ?? mark.end);
  const cuts = [
    ...(from === undefined || to === undefined ? [] : [{ start: from, end: from, sign: signs.mark }, { start: to, end: to, sign: signs.unmark }]),
    ...formulas.map(({ start, end }, index) => ({ start, end, sign: `${signs.formula}${index}${signs.end}` })),
  ].sort((one, other) => one.start - other.start);
  let [source, at] = ['', 0];
  for (const { start, end, sign } of cuts) {
    source += plain(text.slice(at, start)) + sign;
    at = end;
  }
  return { source: source + plain(text.slice(at)), formulas };
}
