import { checkTemplate, lastBlocks, type Surroundings, type Template, type TemplateCheck } from './check.ts';
import { mostProblems, Source, type PromptProblem, type Range } from './problem.ts';
import { SegmentCutter } from './segments.ts';
import type { TemplateNode } from './syntax.ts';
import { deepestLoops, deepestNesting, parseTemplate, TemplateParser } from './template.ts';
import type { Situation } from './variables.ts';

/** An include of a partial. */
export type Include = Extract<TemplateNode, { kind: 'include' }>;

/** What a part of a body is made from. */
interface PartInput {
  readonly template: Template;
  readonly problems: readonly PromptProblem[];
  /** Whether it mentions `\boxed`, its partials apart. */
  readonly mentionsBox: boolean;
}

/** Part of a body that is read and checked on its own, once: all of it, or what lies between two places where no block is open. */
export class BodyPart {
  readonly template: Template;
  readonly problems: readonly PromptProblem[];
  readonly mentionsBox: boolean;
  readonly includes: readonly Include[];
  readonly #checks = new Map<string, TemplateCheck>();
  #depth: OpenBlocks | undefined;

  constructor({ template, problems, mentionsBox }: PartInput) {
    this.template = template;
    this.problems = problems;
    this.mentionsBox = mentionsBox;
    this.includes = template.nodes.filter(node => node.kind === 'include');
  }

  /** As `checkTemplate` does, in the body that it is a part of. */
  check(situation: Situation, body: BodyAround): TemplateCheck {
    const { tolerated, partial, within } = body;
    const { stage, given } = situation;
    const key = JSON.stringify([stage, ...given, [...tolerated], within.reachable, within.scopes.map(scope => [...scope])]);
    // what it includes may have changed
    const known = this.includes.length === 0 ? this.#checks.get(key) : undefined;
    const check = known ?? checkTemplate({ ...this.template, tolerated, within }, situation, partial);
    this.#checks.set(key, check);
    return check;
  }

  /** Whether it comes to the same within so many blocks that never end. */
  fitsInto({ blocks, loops }: OpenBlocks): boolean {
    if (blocks === 0) return true;
    this.#depth ??= depthOf(this.template.nodes);
    return this.includes.length === 0 && this.#depth.blocks + blocks <= deepestNesting && this.#depth.loops + loops <= deepestLoops && !this.problems.some(problem => problem.code === 'block.unexpected');
  }
}

/** Blocks, one in the other, and how many of them are loops. */
export interface OpenBlocks {
  readonly blocks: number;
  readonly loops: number;
}

function depthOf(nodes: readonly TemplateNode[]): OpenBlocks {
  let [blocks, loops] = [0, 0];
  for (const node of nodes) {
    if (node.kind !== 'if' && node.kind !== 'for') continue;
    const inner = depthOf(node.kind === 'for' ? node.body : node.branches.flatMap(branch => branch.body));
    blocks = Math.max(blocks, inner.blocks + 1);
    loops = Math.max(loops, inner.loops + (node.kind === 'for' ? 1 : 0));
  }
  return { blocks, loops };
}

/** What of a body its parts must know. */
export interface BodyAround {
  /** Names that a construct outside the language would have made, anywhere in the body. */
  readonly tolerated: ReadonlySet<string>;
  readonly partial: (name: string) => Template | undefined;
  readonly within: Surroundings;
}

/** A part where it stands now: so much later in the file than when it was read. */
export interface PlacedPart {
  readonly part: BodyPart;
  readonly shift: number;
  /** The last so many of its blocks, one in the other, have no end in all of the body: what follows stands in them. */
  readonly open: number;
}

/** Cuts a body into parts, all of it in one where nobody remembers any. */
export type CutBody = (source: Source, body: Range) => readonly PlacedPart[];

/** A body in one part. */
export const inOnePart: CutBody = (source, body) => {
  const { nodes, problems, tolerated } = parseTemplate(source, body);
  return [{ part: new BodyPart({ template: { source, nodes, tolerated }, problems, mentionsBox: mentionBox(nodes) }), shift: 0, open: 0 }];
};

/** Whether a template mentions `\boxed` itself, its partials apart. */
export function mentionBox(nodes: readonly TemplateNode[]): boolean {
  return nodes.some(node => {
    switch (node.kind) {
      case 'text': return node.value.includes('\\boxed');
      case 'output': return node.value.kind === 'text' && node.value.value.includes('\\boxed');
      case 'if': return node.branches.some(branch => mentionBox(branch.body));
      case 'for': return mentionBox(node.body);
      default: return false;
    }
  });
}

interface KeptPart {
  readonly part: BodyPart;
  /** Its text: it is the same part wherever the same text stands between two ends of parts. */
  readonly text: string;
  /** Where it stood when it was read. */
  readonly start: number;
  /** What it came to depends on text behind it. */
  readonly isOpen: boolean;
  readonly open: OpenBlocks;
}

/** Where a part may end beside the end of the body. */
interface Ends {
  /** Where parts begin that were read before, in order. */
  readonly stops: readonly number[];
  /** Whether blocks that are open at such a place are taken to have no end, as when somebody is about to write it. */
  readonly hopeful: boolean;
}

/**
 * The body of one file, cut into parts of some thousand characters, which are kept as long as their text stays the same: with a key, one part is read anew.
 *
 * It comes to the same as a body in one part, but where a file has more problems than anybody is shown, and its nodes hold no text.
 */
export class BodyParts {
  readonly #size: number;
  #kept: readonly KeptPart[] = [];

  /** @param size least length of a part, in UTF-16 units */
  constructor(size = 8_192) {
    this.#size = size;
  }

  /** The body as it is now. */
  readonly cut: CutBody = (source, body) => {
    const known = this.#keptAt(source.text, body);
    const stops = [...known.keys()].sort((a, b) => a - b);
    const kept = this.#cut(source, body, { known, stops, hopeful: true }) ?? this.#cut(source, body, { known, stops, hopeful: false }) ?? [];
    this.#kept = kept.map(({ next, at }) => ({ ...next, text: source.text.slice(at, at + next.text.length) })); // not out of an older text, all of which would stay in memory
    return kept.map(({ next, at }) => ({ part: next.part, shift: at - next.start, open: next.open.blocks }));
  };

  /** Undefined where a block was taken to have no end, and has one. */
  #cut(source: Source, body: Range, ends: Ends & { readonly known: ReadonlyMap<number, KeptPart> }): readonly { readonly next: KeptPart; readonly at: number }[] | undefined {
    const found: { readonly next: KeptPart; readonly at: number }[] = [];
    let open: OpenBlocks = { blocks: 0, loops: 0 };
    let problems = 0;
    for (let at = body.start; at < body.end && problems < mostProblems;) {
      const next = ends.known.get(at) ?? this.#read(source, { start: at, end: body.end }, ends);
      if (!next.part.fitsInto(open)) return undefined;
      found.push({ next, at });
      open = { blocks: open.blocks + next.open.blocks, loops: open.loops + next.open.loops };
      problems += next.part.problems.length;
      at += next.text.length;
    }
    return found;
  }

  /** The parts whose text still stands at the beginning or at the end, by where. The last one ends where the body does, or it is another. */
  #keptAt(text: string, { start, end }: Range): ReadonlyMap<number, KeptPart> {
    // equality compares at the speed of memory, which startsWith does not
    const standsAt = (at: number, part: string): boolean => text.slice(at, at + part.length) === part;
    const found = new Map<number, KeptPart>();
    let first = 0;
    let at = start;
    for (; first < this.#kept.length - 1; first += 1) {
      const each = this.#kept[first];
      if (!each || at + each.text.length > end || !standsAt(at, each.text)) break;
      if (!each.isOpen) found.set(at, each);
      at += each.text.length;
    }
    let last = end;
    for (let index = this.#kept.length - 1; index >= first; index -= 1) {
      const each = this.#kept[index];
      if (!each || last - each.text.length < at || !standsAt(last - each.text.length, each.text)) break;
      last -= each.text.length;
      if (!each.isOpen) found.set(last, each);
    }
    return found;
  }

  #read(source: Source, rest: Range, ends: Ends): KeptPart {
    const reader = new PartReader(source, rest, { ...ends, size: this.#size });
    const end = reader.read() ?? rest.end;
    const { open, nodes, problems, tolerated } = reader.finish(end);
    // where positions are wanted they are found in the text as it then is
    const part = new BodyPart({ template: { source: new Source(source.file, ''), nodes, tolerated }, problems, mentionsBox: reader.mentionsBox || mentionBox(nodes) });
    return {
      part, start: rest.start, text: source.text.slice(rest.start, end), isOpen: reader.hasLooseQuote || problems.some(problem => problem.code === 'block.unclosed'),
      open: { blocks: open, loops: lastBlocks(nodes, open).filter(block => block.kind === 'for').length },
    };
  }
}

/** Reads a body until a part of it may end. */
class PartReader {
  mentionsBox = false;
  readonly #source: Source;
  readonly #start: number;
  readonly #ends: Ends & { readonly size: number };
  readonly #cutter: SegmentCutter;
  readonly #parser: TemplateParser;
  #seen = 0;

  constructor(source: Source, rest: Range, ends: Ends & { readonly size: number }) {
    this.#source = source;
    this.#start = rest.start;
    this.#ends = ends;
    this.#cutter = new SegmentCutter(source, rest);
    this.#parser = new TemplateParser(source);
  }

  get hasLooseQuote(): boolean {
    return this.#cutter.hasLooseQuote;
  }

  /** Where the part ends; undefined where that is the end of the body. */
  read(): number | undefined {
    for (let more = true; more;) {
      more = this.#cutter.cut();
      const { position } = this.#cutter;
      const end = this.#add() ?? (more ? this.#endIn({ start: position, end: position }) : undefined);
      if (end !== undefined) return end;
    }
    return undefined;
  }

  /** What the part came to. */
  finish(end: number): { readonly open: number; readonly nodes: readonly TemplateNode[]; readonly problems: readonly PromptProblem[]; readonly tolerated: ReadonlySet<string> } {
    const open = this.#parser.openBlocks ?? 0;
    const nodes = this.#parser.finish(end);
    return { open, nodes, problems: [...this.#cutter.problems.filter(problem => problem.offset < end), ...this.#parser.problems], tolerated: this.#parser.tolerated };
  }

  /** Takes what was cut, up to the end of the part. */
  #add(): number | undefined {
    for (; this.#seen < this.#cutter.segments.length; this.#seen += 1) {
      const segment = this.#cutter.segments[this.#seen];
      if (segment?.kind === 'text') {
        this.mentionsBox ||= segment.value.includes('\\boxed');
        const end = this.#endIn(segment.range);
        if (end !== undefined) return end;
      } else if (segment) this.#parser.add(segment);
    }
    return undefined;
  }

  #endIn({ start, end }: Range): number | undefined {
    const open = this.#parser.openBlocks;
    const { stops, hopeful, size } = this.#ends;
    if (open === undefined || (open > 0 && !hopeful)) return undefined;
    const stop = stopIn(stops, { start: Math.max(start, this.#start + 1), end });
    // an opening brace at the end could be half a tag once something is written behind it
    return stop ?? (open === 0 && end - this.#start >= size && this.#source.text.charAt(end - 1) !== '{' ? end : undefined);
  }
}

/** The first of some places, in order, that lies in a range, both ends included. */
function stopIn(stops: readonly number[], { start, end }: Range): number | undefined {
  let [low, high] = [0, stops.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((stops[middle] ?? Infinity) < start) low = middle + 1;
    else high = middle;
  }
  const stop = stops[low];
  return stop !== undefined && stop <= end ? stop : undefined;
}
