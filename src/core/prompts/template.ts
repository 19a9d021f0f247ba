import { ExpressionParser, reservedNames } from './expression.ts';
import { mostProblems, type PromptProblem, type PromptProblemCode, type Range, type Source } from './problem.ts';
import { cutSegments, type Segment } from './segments.ts';
import type { Expression, IfBranch, TemplateNode } from './syntax.ts';
import { readTagTokens, type TagToken } from './tagTokens.ts';

/** Blocks inside blocks, and branches of one block: few enough that no template can exhaust the stack. */
export const deepestNesting = 32;
/** Each loop multiplies what is written out: a fourth over a plan of thirty steps would keep the engine busy for minutes. */
export const deepestLoops = 3;
const mostBranches = 100;

/** A template as far as it could be read. */
export interface ParsedTemplate {
  readonly nodes: readonly TemplateNode[];
  readonly problems: readonly PromptProblem[];
  /** Names that a construct outside the language would have made: using one is not reported again. */
  readonly tolerated: ReadonlySet<string>;
}

/** Reads a template. Never throws: whatever is broken is reported, and the rest is read as if it were not there. */
export function parseTemplate(source: Source, body: Range): ParsedTemplate {
  const { segments, problems } = cutSegments(source, body);
  const parser = new TemplateParser(source);
  parser.problems.push(...problems);
  for (const segment of segments) parser.add(segment);
  return { nodes: parser.finish(body.end), problems: parser.problems, tolerated: parser.tolerated };
}

interface OpenIf {
  readonly kind: 'if';
  readonly tag: Range;
  readonly branches: { readonly tag: Range; readonly condition?: Expression; readonly body: TemplateNode[] }[];
}

interface OpenFor {
  readonly kind: 'for';
  readonly tag: Range;
  readonly variable: string;
  readonly variableRange: Range;
  readonly list: Expression;
  readonly body: TemplateNode[];
}

type OpenBlock = OpenIf | OpenFor;

/** A statement tag that is being read. */
interface Tag {
  readonly range: Range;
  readonly name: Range;
  readonly expressions: ExpressionParser;
}

/** Statements of the prompt language. */
export const statementNames: readonly string[] = ['if', 'elif', 'else', 'endif', 'for', 'endfor', 'include'];

/** Statements of Jinja that are not ours, with the tag that ends them where they have one. */
const foreignStatements: Readonly<Record<string, string | undefined>> = {
  set: undefined, extends: undefined, import: undefined, from: undefined, do: undefined, break: undefined, continue: undefined, debug: undefined,
  raw: 'endraw', block: 'endblock', macro: 'endmacro', call: 'endcall', filter: 'endfilter', with: 'endwith', autoescape: 'endautoescape', trans: 'endtrans',
  generation: 'endgeneration',
};
const foreignEnds = new Set(['endset', 'pluralize', ...Object.values(foreignStatements).filter(end => end !== undefined)]);

/** Reads a template segment by segment. */
export class TemplateParser {
  readonly problems: PromptProblem[] = [];
  readonly tolerated = new Set<string>();
  readonly #source: Source;
  readonly #top: TemplateNode[] = [];
  readonly #open: OpenBlock[] = [];
  /** Blocks beyond the deepest nesting, which are not read. */
  readonly #skipped: OpenBlock['kind'][] = [];
  #insideRaw = false;

  constructor(source: Source) {
    this.#source = source;
  }

  add(segment: Segment): void {
    if (this.problems.length >= mostProblems) return;
    if (segment.kind === 'statement') this.#addStatement(segment);
    else if (this.#insideRaw) return;
    else if (segment.kind === 'output') this.#into().push({ kind: 'output', value: this.#outputValue(segment.inner), range: segment.range });
    else this.#into().push(segment);
  }

  /** How many blocks are open, one in the other; undefined where that is not all that a reader of what follows must know. */
  get openBlocks(): number | undefined {
    return this.#skipped.length > 0 || this.#insideRaw ? undefined : this.#open.length;
  }

  /** Closes what is still open and returns all nodes. */
  finish(end: number): readonly TemplateNode[] {
    while (this.#open.length > 0) this.#closeUnclosed(end);
    return this.#top;
  }

  #into(): TemplateNode[] {
    const block = this.#open.at(-1);
    if (!block) return this.#top;
    return block.kind === 'for' ? block.body : block.branches.at(-1)?.body ?? this.#top;
  }

  #outputValue(inner: Range): Expression {
    const { expressions, problem } = this.#expressions(inner);
    const value = problem ? { kind: 'unknown' as const, range: inner } : expressions.parseLast();
    this.problems.push(...(problem ? [problem] : expressions.problems));
    return value;
  }

  #expressions(inner: Range): { readonly expressions: ExpressionParser; readonly problem?: PromptProblem } {
    const { tokens, problem } = readTagTokens(this.#source, inner);
    const expressions = new ExpressionParser(this.#source, tokens, inner.end);
    return problem ? { expressions, problem } : { expressions };
  }

  #addStatement({ inner, range }: { readonly inner: Range; readonly range: Range }): void {
    const { expressions, problem } = this.#expressions(inner);
    const name = expressions.takeAny();
    if (this.#insideRaw) {
      this.#insideRaw = name?.text !== 'endraw';
      return;
    }
    if (name?.kind !== 'name') {
      this.problems.push(problem ?? this.#source.problem(range, 'expression.invalid', 'Here the name of a statement is missing, such as if, for or include.'));
      return;
    }
    this.#statement(name.text, { range, name: name.range, expressions });
    if (!problem) expressions.finish();
    const known = statementNames.includes(name.text);
    if (known) this.problems.push(...(problem ? [problem] : expressions.problems));
  }

  #statement(name: string, tag: Tag): void {
    switch (name) {
      case 'if': this.#openBlock({ kind: 'if', tag: tag.range, branches: [{ tag: tag.range, condition: tag.expressions.parseLast(), body: [] }] }); return;
      case 'elif': this.#addBranch(name, tag, { tag: tag.range, condition: tag.expressions.parseLast(), body: [] }); return;
      case 'else': this.#addBranch(name, tag, { tag: tag.range, body: [] }); return;
      case 'for': this.#for(tag); return;
      case 'endif': this.#close('if', tag); return;
      case 'endfor': this.#close('for', tag); return;
      case 'include': this.#include(tag); return;
      default: this.#foreign(name, tag);
    }
  }

  #for({ range, name, expressions }: Tag): void {
    const head = this.#loopHead(name, expressions);
    const list: Expression = head ? expressions.parseLast() : { kind: 'unknown', range };
    this.#openBlock({ kind: 'for', tag: range, variable: head?.text ?? '', variableRange: head?.range ?? range, list, body: [] });
  }

  /** The loop's variable, with the word in behind it taken; undefined where something else stands there, which is then reported. */
  #loopHead(statement: Range, expressions: ExpressionParser): TagToken | undefined {
    const variable = expressions.takeAny();
    if (variable?.kind !== 'name' || reservedNames.has(variable.text)) {
      this.#report(variable?.range ?? statement, 'expression.invalid', 'After for stands the name of a variable of your own: {% for step in structure.steps %}.');
      rest(expressions);
      return undefined;
    }
    if (expressions.take('in')) return variable;
    const found = expressions.takeAny();
    if (found?.text === ',') this.#report(found.range, 'construct.unsupported', 'Two variables in one loop are not part of the prompt language.');
    else this.#report(found?.range ?? { start: variable.range.end, end: variable.range.end }, 'expression.invalid', 'After the loop variable the word in is wanted.');
    // the loop is what is wrong, not the names it would have made
    this.#tolerate([variable, ...rest(expressions)]);
    return undefined;
  }

  #tolerate(tokens: readonly TagToken[]): void {
    for (const token of tokens) if (token.kind === 'name') this.tolerated.add(token.text);
  }

  #include({ range, expressions }: Tag): void {
    const value = expressions.parseLast();
    if (value.kind === 'unknown') return;
    if (value.kind !== 'text') { this.#report(value.range, 'construct.unsupported', 'The name of a partial is a text in quotes: {% include "partials/task.rgprompt" %}.'); return; }
    if (this.#open.length > 0) { this.#report(range, 'partial.nested', 'A partial is included at the top level of a prompt only, not inside if or for.'); return; }
    this.#top.push({ kind: 'include', name: value.value, nameRange: value.range, range });
  }

  #foreign(name: string, { range, expressions }: Tag): void {
    if (foreignEnds.has(name)) return; // its beginning has been reported
    if (!Object.hasOwn(foreignStatements, name)) {
      this.problems.push(this.#source.misnamed(range, 'construct.unsupported', { words: `There is no statement ${name}`, name, known: statementNames }));
      return;
    }
    this.#report(range, 'construct.unsupported', `The statement ${name} is not part of the prompt language.`);
    this.#insideRaw = name === 'raw';
    this.#tolerate(rest(expressions));
  }

  #openBlock(block: OpenBlock): void {
    const tooManyLoops = block.kind === 'for' && this.#open.filter(each => each.kind === 'for').length >= deepestLoops;
    if (this.#skipped.length === 0 && this.#open.length < deepestNesting && !tooManyLoops) this.#open.push(block);
    else if (this.#skipped.push(block.kind) === 1) {
      this.#report(block.tag, 'construct.unsupported', tooManyLoops ? `Loops stand at most ${deepestLoops} deep.` : `Blocks stand at most ${deepestNesting} deep.`);
    }
  }

  #addBranch(name: string, tag: Tag, branch: OpenIf['branches'][number]): void {
    const block = this.#open.at(-1);
    if (this.#skipped.length > 0) return;
    if (block?.kind === 'for' && name === 'else') { this.#report(tag.range, 'construct.unsupported', 'else in a loop is not part of the prompt language.'); return; }
    if (block?.kind !== 'if' || !block.branches.at(-1)?.condition) { this.#report(tag.range, 'block.unexpected', `This ${name} belongs to no if.`); return; }
    if (block.branches.length >= mostBranches) { this.#report(tag.range, 'construct.unsupported', `An if has at most ${mostBranches} branches.`); return; }
    block.branches.push(branch);
  }

  #close(kind: OpenBlock['kind'], tag: Tag): void {
    if (this.#skipped.pop()) return;
    if (!this.#open.some(block => block.kind === kind)) { this.#report(tag.range, 'block.unexpected', `This end${kind} belongs to no ${kind}.`); return; }
    while (this.#open.at(-1)?.kind !== kind) this.#closeUnclosed(tag.range.start);
    const block = this.#open.pop();
    if (block) this.#into().push(nodeOf(block, tag.range.end));
  }

  #closeUnclosed(end: number): void {
    const block = this.#open.pop();
    if (!block) return;
    this.#report(block.tag, 'block.unclosed', `This ${block.kind} has no {% end${block.kind} %}.`);
    this.#into().push(nodeOf(block, end));
  }

  #report(range: Range, code: PromptProblemCode, message: string): void {
    this.problems.push(this.#source.problem(range, code, message));
  }
}

function nodeOf(block: OpenBlock, end: number): TemplateNode {
  const range = { start: block.tag.start, end };
  if (block.kind === 'if') return { kind: 'if', branches: block.branches satisfies readonly IfBranch[], range };
  const { kind, variable, variableRange, list, body } = block;
  return { kind, variable, variableRange, list, body, range };
}

/** What is left of a tag, taken. */
function rest(expressions: ExpressionParser): readonly TagToken[] {
  const tokens: TagToken[] = [];
  for (let token = expressions.takeAny(); token; token = expressions.takeAny()) tokens.push(token);
  return tokens;
}
