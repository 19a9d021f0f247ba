/** How a step is marked: what stands around the number, and what it counts with. */
export interface Marker {
  /** Markers of one list have one style. */
  readonly style: string;
  /** From 1; absent for bullets. */
  readonly number?: number;
  /** Characters from the start of the line to the words after the marker. */
  readonly length: number;
  /** Columns of white space before it; a tab counts as four. */
  readonly indent: number;
}

const numberWords = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const romans = ['i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix', 'x', 'xi', 'xii', 'xiii', 'xiv', 'xv'];

/** White space, a quote mark, a heading mark, a bullet before a number, an opening bold mark. */
const lead = '^(?<indent>[ \\t]*)(?:>[ \\t]?)*(?:#{1,6}[ \\t]+)?(?:[-*•+][ \\t]+)?(?:\\*\\*|__|\\*(?=\\S))?';
/** Bold ends here or later. */
const close = '(?:\\*\\*|__)?';
const stepMarker = new RegExp(`${lead}(?:step|stage|phase)[ \\t_-]*#?(?<number>\\d{1,4}|${numberWords.join('|')}|[ivx]{1,5}|[a-h])(?:[ \\t]*(?:/|of)[ \\t]*\\d{1,3})?(?<plain>${close}(?=\\s*$))?${close}[ \\t]*(?<sign>[:.)\\-–—→]+(?!\\d))?${close}(?=\\s|$|\\*\\*)[ \\t]*`, 'i');
const numberMarker = new RegExp(`${lead}(?:\\((?<inside>\\d{1,4}|[a-z]|[ivx]{1,5})\\)|\\[(?<square>\\d{1,4})\\](?!\\()|(?<number>\\d{1,4}|[a-z]|[ivx]{1,5})(?<sign>[.):]))${close}(?=[\\s\\p{L}*$\\\\"'(]|$)[ \\t]*[:–—]?[ \\t]*`, 'iu');
const circledMarker = /^(?<indent>[ \t]*)(?:(?<circled>[\u2460-\u2473])|(?<key>\d)\uFE0F?\u20E3)[ \t]*/u;
const bulletMarker = /^(?<indent>[ \t]*)(?:[-*+•◦▪‣●○►▶–—✓✔☐](?:[ \t]+\[[ xX]?\])?|\[[ xX]?\])[ \t]+(?=\S)/u;

const columns = (indent: string) => indent.length + 3 * (indent.split('\t').length - 1);

/** All readings of a number: `i` is the first Roman number and the ninth letter. */
function readings(written: string): readonly (readonly [system: string, value: number])[] {
  if (/^\d/.test(written)) return [['digits', Number(written)]];
  const small = written.toLowerCase();
  const letterCase = small === written ? 'small' : 'capital';
  const found: (readonly [string, number])[] = [];
  if (romans.includes(small)) found.push([`${letterCase} roman`, romans.indexOf(small) + 1]);
  if (/^[a-z]$/.test(small)) found.push([`${letterCase} letter`, small.charCodeAt(0) - 96]);
  return found;
}

function stepNumber(written: string): number | undefined {
  const word = numberWords.indexOf(written.toLowerCase());
  return word >= 0 ? word + 1 : readings(written)[0]?.[1];
}

function stepMarkers(line: string): readonly Marker[] {
  const match = stepMarker.exec(line);
  const groups = match?.groups;
  if (!match || !groups) return [];
  const decorated = (groups['sign'] ?? groups['plain']) !== undefined || /^\s*(?:#|\*\*|__)/.test(line);
  const number = stepNumber(groups['number'] ?? '');
  if (number === undefined || (!decorated && match[0].length < line.trimEnd().length)) return []; // a sentence may begin with the words
  return [{ style: 'step', number, length: match[0].length, indent: columns(groups['indent'] ?? '') }];
}

function numberMarkers(line: string): readonly Marker[] {
  const match = numberMarker.exec(line);
  const groups = match?.groups;
  if (!match || !groups) return [];
  const sign = groups['inside'] !== undefined ? '()' : groups['square'] !== undefined ? '[]' : groups['sign'] ?? '';
  const written = groups['inside'] ?? groups['square'] ?? groups['number'] ?? '';
  const heading = /^\s*#/.test(line) ? '#' : '';
  return readings(written).map(([system, number]) => ({ style: `${heading}${sign} ${system}`, number, length: match[0].length, indent: columns(groups['indent'] ?? '') }));
}

function circledMarkers(line: string): readonly Marker[] {
  const match = circledMarker.exec(line);
  const groups = match?.groups;
  if (!match || !groups) return [];
  const number = groups['circled'] === undefined ? Number(groups['key']) : groups['circled'].charCodeAt(0) - 0x245F;
  return [{ style: 'circled', number, length: match[0].length, indent: columns(groups['indent'] ?? '') }];
}

/** The readings of the marker that a line begins with: `Step 1:`, `**Step 1**`, `1.`, `1)`, `(1)`, `a)`, `iv.`, `①`. None where it begins with none. */
export function markersOf(line: string): readonly Marker[] {
  for (const find of [stepMarkers, numberMarkers, circledMarkers]) {
    const found = find(line);
    if (found.length > 0) return found;
  }
  return [];
}

/** The bullet that a line begins with, a box to tick included. */
export function bulletOf(line: string): Marker | undefined {
  const match = bulletMarker.exec(line);
  return match ? { style: 'bullet', length: match[0].length, indent: columns(match.groups?.['indent'] ?? '') } : undefined;
}

/** Whether a line is a heading of its own: `## Words`, `**Words**`, `**Words:**`. */
export const isHeading = (line: string): boolean => /^[ \t]*(?:#{1,6}[ \t]+\S|(?:\*\*|__)[^*_]+(?:\*\*|__)[ \t]*:?[ \t]*$)/.test(line);
