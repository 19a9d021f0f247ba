import { inlinePieces } from './inline.ts';
import { jsonPieces } from './jsonSteps.ts';
import { mainList, type List } from './list.ts';
import { isHeading } from './markers.ts';
import { paragraphsOf, prosePieces } from './prose.ts';
import { linesOf, visible, wholeRegions, type Line } from './regions.ts';
import type { Piece, Span, Step, StepRole } from './step.ts';

/** More steps than any path has. What follows the last of them belongs to it. */
const mostSteps = 10_000;
/** A list that holds less of a text is an aside in prose. */
const listShare = 0.4;

interface Text {
  readonly text: string;
  readonly regions: readonly Span[];
  readonly lines: readonly Line[];
}

/** Sentences that only say that reasoning follows. */
const announcement = /^(?:(?:sure|certainly|of course|okay|ok|alright|great)\b[,.!]?\s*)?(?:(?:here(?:'s|’s| is| are)|let(?:'s|’s| us| me)|we(?:'ll|’ll| will| can| need to)|i(?:'ll|’ll| will)|to solve|now)\b.{0,60}\b(?:step[ -]by[ -]step|step|work (?:through|this|it)|solve|reason(?:ing)?|think|plan|solution|structure|outline|approach|break)\b.{0,60}|(?:reasoning|step-by-step|solution|plan|outline|structure|answer|approach|steps)(?: (?:structure|plan|solution|steps))?)[:.!]?$/i;
const isAnnouncement = (text: string) => text.length < 160 && !/[\d=]/.test(text) && (announcement.test(text.replace(/[*_#]/g, '').trim()) || /^(?:sure|certainly|of course|okay)[!.,]*$/i.test(text.trim()));

/** The last lines of a path: what they begin with. */
const conclusion = /^[\s>*_#$]*(?:\\\[|\\\(|\$+)?\s*(?:\\boxed|(?:so|thus|hence|therefore|in conclusion|in summary|overall|finally|consequently|final|the (?:final |correct )?(?:answer|result|solution)|answer|conclusion|result)\b)/i;

/** What stands before the first item: nothing but a heading or an announcement in most texts. */
function leadPieces({ text, regions, lines }: Text, firstLine: number): readonly Span[] {
  return prosePieces(text, regions, lines.slice(0, firstLine)).filter(({ start, end }) => {
    const words = text.slice(start, Math.min(end, start + 400)).trim();
    const short = words.split(/\s+/).length <= 12;
    return words.split(/\s+/).length >= 4 && !isAnnouncement(words) && !isHeading(words) && !(short && words.endsWith(':'));
  });
}

/** Whether most items but the last have a paragraph of their own below their line. */
function mostHaveBodies(lines: readonly Line[], items: readonly { readonly line: number }[]): boolean {
  const bodies = items.slice(0, -1).filter(({ line }, at) => hasParagraph(lines, line, items[at + 1]?.line ?? lines.length));
  return bodies.length * 2 > items.length - 1;
}

/** The line where the last item ends and what concludes the text begins; the number of lines where nothing does. */
function tailLine({ lines }: Text, items: readonly { readonly line: number }[]): number {
  const last = items.at(-1)?.line ?? 0;
  const bare = isBare(lines[last]);
  let bodyExpected = bare || mostHaveBodies(lines, items);
  for (let at = last + (bare ? 2 : 1); at < lines.length; at += 1) {
    const opens = opening(lines[at], lines[at - 1]);
    if (opens === 'conclusion' || (opens === 'paragraph' && !bodyExpected)) return at;
    if (opens === 'paragraph') bodyExpected = false;
  }
  return lines.length;
}

/** What a line opens, seen from the last item above it. */
function opening(line: Line | undefined, before: Line | undefined): 'conclusion' | 'paragraph' | undefined {
  if (!line || line.blank || line.inside) return undefined;
  if (concludes(line)) return 'conclusion';
  return before?.blank === true && !belongsAbove.test(line.text) ? 'paragraph' : undefined;
}

const concludes = (line: Line) => conclusion.test(line.text) || line.text.includes('\\boxed');
/** What belongs to the item above though a blank line stands between: what is indented, mathematics, code, a table. */
const belongsAbove = /^(?:[ \t]{2,}\S|\t|[ \t]*(?:\$\$|\\\[|\\begin|```|\|))/;

/** A title without a word of work: what belongs to it comes below. */
const isBare = (line: Line | undefined) => line !== undefined && (isHeading(line.text) || /:[*_\s]*$/.test(line.text) || /^[\s>#*_]*(?:step|stage|phase)?\s*\w{1,5}[.:)\s*_]*$/i.test(line.text));

function hasParagraph(lines: readonly Line[], from: number, to: number): boolean {
  return lines.slice(from + 1, to).some((line, at) => !line.blank && lines[from + at]?.blank === true);
}

function listPieces(cut: Text, list: List, role: StepRole): readonly Piece[] {
  const { text, regions, lines } = cut;
  const end = tailLine(cut, list.items);
  const items = list.items.flatMap((item, at): readonly Piece[] => {
    const start = (lines[item.line]?.start ?? 0) + item.length;
    const next = list.items[at + 1]?.line ?? end;
    const stop = bodyEnd(cut, item.line, lines[next]?.start ?? text.length);
    const check = role === 'structure' ? stop : checkStart(cut, item.line, next) ?? stop;
    const place = { start, end: Math.min(check, stop) };
    return [item.number === undefined ? place : { ...place, number: item.number }, ...(check < stop ? [{ start: check, end: stop }] : [])];
  });
  if (role === 'structure') return items;
  return [...leadPieces(cut, list.items[0]?.line ?? 0), ...items, ...prosePieces(text, regions, lines.slice(end))];
}

/** A line below an item that begins a check is a step of its own: nothing of the item. */
const checkLine = /^(?:\*\*|__|\()?(?:(?:let me|let['’]s|to|as a|a|quick)\s+)*(?:(?:double|sanity|cross)[- ])?(?:check|verif)/i;

/** Where a check begins between an item and the next; undefined where none does. */
function checkStart({ lines }: Text, itemLine: number, nextLine: number): number | undefined {
  const below = itemLine + (isBare(lines[itemLine]) ? 2 : 1); // what belongs to a title is no check of it
  return lines.slice(below, nextLine).find(line => !line.inside && checkLine.test(line.text))?.start;
}

/** An item ends before a heading that stands above the next one. */
function bodyEnd({ lines }: Text, itemLine: number, stop: number): number {
  let end = stop;
  for (let at = itemLine + 1; at < lines.length && (lines[at]?.start ?? stop) < stop; at += 1) {
    const line = lines[at];
    if (line && !line.blank) end = isHeading(line.text) && !line.inside && lines[at - 1]?.blank === true ? Math.min(end, line.start) : stop;
  }
  return end;
}

/** Headings, each with what stands below it. Undefined where there are not at least two. */
function sectionPieces(cut: Text): readonly Span[] | undefined {
  const { text, regions, lines } = cut;
  const hash = (line: Line) => /^[ \t]*#/.test(line.text);
  const headings = lines.flatMap((line, at) => (!line.inside && isHeading(line.text) && hasBody(lines, at) ? [{ line: at, hash: hash(line) }] : []));
  const first = headings[0];
  const own = headings.filter(heading => heading.hash === first?.hash);
  if (own.length < 2) return undefined;
  const end = tailLine(cut, own);
  const sections = own.map(({ line }, at) => ({ start: lines[line]?.start ?? 0, end: lines[own[at + 1]?.line ?? end]?.start ?? text.length }));
  return [...leadPieces(cut, first?.line ?? 0), ...sections, ...prosePieces(text, regions, lines.slice(end))];
}

/** Whether words follow a heading before the next heading. */
function hasBody(lines: readonly Line[], heading: number): boolean {
  let next = heading + 1;
  while (lines[next]?.blank === true) next += 1;
  const line = lines[next];
  return line !== undefined && !isHeading(line.text);
}

function piecesOf(cut: Text, role: StepRole): readonly Piece[] {
  const json = role === 'structure' ? jsonPieces(cut.text) : undefined;
  if (json) return json;
  const list = mainList(cut.lines, role === 'structure' ? 0.2 : listShare);
  if (list && (list.items.length > 1 || list.numbered)) {
    const inline = list.items.length === 1 ? inlinePieces(cut.text, cut.regions) : undefined;
    return inline ?? listPieces(cut, list, role);
  }
  return inlinePieces(cut.text, cut.regions) ?? sectionPieces(cut) ?? prose(cut, role);
}

function prose(cut: Text, role: StepRole): readonly Span[] {
  const { text, regions, lines } = cut;
  const pieces = prosePieces(text, regions, lines).filter(({ start, end }, _, all) => all.length === 1 || !(isTitle(text.slice(start, Math.min(end, start + 200))) || isAnnouncement(text.slice(start, Math.min(end, start + 200)).trim())));
  const [only] = pieces;
  return role === 'structure' && pieces.length === 1 && only ? clausesOf(text, only) : pieces;
}

const isTitle = (text: string) => isHeading(text.trim()) && !/[\d=]|\\boxed/.test(text) && !text.trim().includes('\n');

/** A plan in one sentence: its parts. */
function clausesOf(text: string, { start, end }: Span): readonly Span[] {
  const parts: Span[] = [];
  let from = start;
  for (const match of text.slice(start, Math.min(end, start + 4000)).matchAll(/\s*(?:;|→|->|=>|⇒|,(?=\s*(?:and\s+)?(?:then|next|finally|lastly|after that)\b))\s*/gi)) {
    parts.push({ start: from, end: start + match.index });
    from = start + match.index + match[0].length;
  }
  return [...parts, { start: from, end }];
}

/** Signs around a step that belong to nobody. */
const trimStart = /^(?:[\s\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF]+)/;
const trimEnd = (text: string, start: number, end: number): number => {
  let at = end;
  while (at > start && (/\s/.test(text[at - 1] ?? '') || visible(text[at - 1] ?? '') === '')) at -= 1;
  return at;
};

function stepOf(text: string, { start, end, number }: Piece): Step | undefined {
  const from = start + (trimStart.exec(text.slice(start, end))?.[0].length ?? 0);
  const to = trimEnd(text, from, end);
  const words = text.slice(from, to);
  if (!/[\p{L}\p{N}]/u.test(words)) return undefined;
  return number === undefined ? { text: words, start: from, end: to } : { text: words, start: from, end: to, number };
}

/**
 * Cuts a structure or a path into its steps: the items of the list it is built on (any usual numbering, bullets, headings, JSON as models write it), else its
 * paragraphs, lines or sentences. Code fences and LaTeX blocks stay whole, nested lists with their item.
 *
 * @returns steps in the order of the text, without overlaps; empty where the text has neither letters nor digits. Linear time.
 */
export function cutSteps(text: string, role: StepRole): readonly Step[] {
  const regions = wholeRegions(text);
  const cut = { text, regions, lines: linesOf(text, regions) };
  const pieces = piecesOf(cut, role);
  const kept = pieces.slice(0, mostSteps);
  const last = kept.at(-1);
  if (last && pieces.length > mostSteps) kept[kept.length - 1] = { ...last, end: pieces.at(-1)?.end ?? last.end };
  const steps = kept.flatMap(piece => stepOf(text, piece) ?? []);
  return steps.length > 0 || paragraphsOf(cut.lines).length === 0 ? steps : [stepOf(text, { start: 0, end: text.length })].flatMap(step => step ?? []);
}
