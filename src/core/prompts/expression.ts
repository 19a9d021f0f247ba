import { filterSignatures, signatureOf } from './filterSignatures.ts';
import type { PromptProblem, Range, Source } from './problem.ts';
import type { Expression } from './syntax.ts';
import type { TagToken } from './tagTokens.ts';

/** Words that cannot name a variable. */
export const reservedNames: ReadonlySet<string> = new Set([
  'and', 'or', 'not', 'is', 'in', 'if', 'elif', 'else', 'endif', 'for', 'endfor', 'include', 'recursive', 'true', 'false', 'none', 'True', 'False', 'None',
  'loop', 'self', 'super', 'caller', 'varargs', 'kwargs', 'context', 'environment',
]);

/** Thrown inside the parser at the first thing it cannot read, and caught by `parseExpression`. */
class Unreadable extends Error {
  readonly problem: PromptProblem;
  constructor(problem: PromptProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

const wholeConstructs: Readonly<Record<string, string>> = {
  '[': 'Brackets ([ ]) are', '{': 'Braces ({ }) are', '+': 'Arithmetic is', '-': 'Arithmetic is', '*': 'Arithmetic is', '/': 'Arithmetic is', '//': 'Arithmetic is',
  '**': 'Arithmetic is', '%': 'Arithmetic is', '~': 'Joining texts with ~ is', '<': 'Comparing sizes is', '>': 'Comparing sizes is', '<=': 'Comparing sizes is',
  '>=': 'Comparing sizes is', '=': 'Naming an argument is', ':': 'A colon is', 'if': 'An if inside an expression is', 'in': 'The test in is',
};

/** Reads tokens as an expression; reads no further than it understands. */
export class ExpressionParser {
  readonly #source: Source;
  readonly #tokens: readonly TagToken[];
  readonly #end: Range;
  readonly problems: PromptProblem[] = [];
  #next = 0;

  /** @param end where the tag's inside ends: the place of a problem when something is missing there */
  constructor(source: Source, tokens: readonly TagToken[], end: number) {
    this.#source = source;
    this.#tokens = tokens;
    this.#end = { start: end, end };
  }

  /** The next token if it is this symbol or word, taken. */
  take(text: string): TagToken | undefined {
    return this.#is(text) ? this.takeAny() : undefined;
  }

  /** The next token, taken. */
  takeAny(): TagToken | undefined {
    const token = this.#tokens[this.#next];
    if (token) this.#next += 1;
    return token;
  }

  /** Reports what is left over, if anything is. */
  finish(): void {
    const token = this.#tokens[this.#next];
    if (token && this.problems.length === 0) this.problems.push(this.#unexpected(token).problem);
  }

  /** The expression that is all the rest of the tag. */
  parseLast(): Expression {
    const value = this.parse();
    const before = this.problems.length;
    this.finish();
    return this.problems.length > before ? { kind: 'unknown', inner: value, range: value.range } : value;
  }

  /** One expression; `unknown` where it cannot be read, which is then among the problems. */
  parse(): Expression {
    const first = this.#tokens[this.#next]?.range ?? this.#end;
    try {
      return this.#or();
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      this.problems.push(error.problem);
      this.#next = this.#tokens.length;
      return { kind: 'unknown', range: first };
    }
  }

  #or(): Expression {
    let left = this.#and();
    while (this.take('or')) left = logic('or', left, this.#and());
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    while (this.take('and')) left = logic('and', left, this.#not());
    return left;
  }

  #not(): Expression {
    const not = this.take('not');
    if (!not) return this.#compare();
    const operand = this.#not();
    return { kind: 'not', operand, range: { start: not.range.start, end: operand.range.end } };
  }

  #compare(): Expression {
    const left = this.#filtered();
    const operator = this.take('==') ?? this.take('!=');
    if (!operator) return left;
    const right = this.#filtered();
    const second = this.#tokens[this.#next];
    if (second?.text === '==' || second?.text === '!=') throw this.#refuse(second.range, 'Two comparisons in a row are not part of the prompt language; join them with and.');
    return { kind: 'compare', operator: operator.text === '==' ? '==' : '!=', left, right, range: { start: left.range.start, end: right.range.end } };
  }

  #filtered(): Expression {
    let value = this.#primary();
    for (;;) {
      if (this.take('|')) value = this.#filter(value);
      else if (this.take('is')) return this.#test(value);
      else return value;
    }
  }

  #filter(operand: Expression): Expression {
    const name = this.#expectName('the name of a filter');
    const signature = signatureOf(name.text);
    const args = this.take('(') ? this.#arguments() : [];
    const range = { start: operand.range.start, end: this.#tokens[this.#next - 1]?.range.end ?? name.range.end };
    if (!signature) {
      this.problems.push(this.#source.misnamed(name.range, 'filter.unknown', { words: `There is no filter ${name.text}`, name: name.text, known: Object.keys(filterSignatures) }));
      return { kind: 'unknown', inner: operand, range };
    }
    const { least, args: { length: most } } = signature;
    if (args.length < least || args.length > most) {
      this.#report(name.range, 'filter.arguments', `The filter ${name.text} takes ${argumentCount(least, most)}, not ${args.length}.`);
      return { kind: 'unknown', inner: operand, range };
    }
    return { kind: 'filter', name: name.text, nameRange: name.range, operand, args, range };
  }

  #arguments(): Expression[] {
    const args: Expression[] = [];
    if (this.take(')')) return args;
    do args.push(this.#or()); while (this.take(','));
    if (!this.take(')')) throw this.#unexpected(this.#tokens[this.#next], 'a closing parenthesis');
    return args;
  }

  #test(operand: Expression): Expression {
    const negated = this.take('not') !== undefined;
    const name = this.#expectName('the name of a test');
    const range = { start: operand.range.start, end: name.range.end };
    if (name.text !== 'defined' && name.text !== 'undefined') {
      throw this.#refuse(name.range, `The test is ${name.text} is not part of the prompt language: there are is defined and is undefined.`);
    }
    const next = this.#tokens[this.#next];
    if (next?.text === 'is' || next?.text === '|') throw this.#unexpected(next);
    return { kind: 'defined', operand, negated: negated !== (name.text === 'undefined'), range };
  }

  #primary(): Expression {
    const token = this.takeAny();
    if (!token) throw this.#unexpected(undefined, 'a value');
    const { kind, text, range } = token;
    if (kind === 'string') return this.#noTextAfter({ kind: 'text', value: text, range });
    if (kind === 'number') return { kind: 'number', value: Number(text), range };
    if (text === '(') return this.#parenthesised(range);
    if (kind === 'symbol') throw this.#unexpected(token, 'a value');
    if (/^[Tt]rue$|^[Ff]alse$/.test(text)) return { kind: 'boolean', value: /^t/i.test(text), range };
    if (/^[Nn]one$/.test(text)) throw this.#refuse(range, 'none is not part of the prompt language; ask is defined.');
    if (reservedNames.has(text) && text !== 'loop') throw this.#unexpected(token, 'a value');
    return this.#variable(text, range);
  }

  #parenthesised(open: Range): Expression {
    const inner = this.#or();
    const close = this.take(')');
    if (!close) throw this.#unexpected(this.#tokens[this.#next], 'a closing parenthesis');
    return { ...inner, range: { start: open.start, end: close.range.end } };
  }

  #variable(root: string, range: Range): Expression {
    const path: [string, ...string[]] = [root];
    let { end } = range;
    while (this.take('.')) {
      const name = this.#expectName('a name after the dot');
      path.push(name.text);
      ({ end } = name.range);
    }
    const next = this.#tokens[this.#next];
    if (next?.text === '(' && next.kind === 'symbol') throw this.#refuse(next.range, 'Calling a function is not part of the prompt language.');
    return { kind: 'variable', path, range: { start: range.start, end } };
  }

  #noTextAfter(value: Expression): Expression {
    const next = this.#tokens[this.#next];
    if (next?.kind === 'string') throw this.#refuse(next.range, 'Two texts in a row are not part of the prompt language; write them as one.');
    return value;
  }

  #expectName(what: string): TagToken {
    const token = this.takeAny();
    if (token?.kind === 'name') return token;
    if (token?.kind === 'number' && what.endsWith('dot')) throw this.#refuse(token.range, 'Picking an item by its number is not part of the prompt language.');
    throw this.#unexpected(token, what);
  }

  #is(text: string): boolean {
    const token = this.#tokens[this.#next];
    return token?.text === text && token.kind !== 'string';
  }

  #unexpected(token: TagToken | undefined, wanted?: string): Unreadable {
    if (!token) return new Unreadable(this.#source.problem(this.#end, 'expression.invalid', `Here ${wanted ?? 'something'} is missing.`));
    const construct = token.kind !== 'string' && Object.hasOwn(wholeConstructs, token.text) ? wholeConstructs[token.text] : undefined;
    if (construct !== undefined) return this.#refuse(token.range, `${construct} not part of the prompt language.`);
    const found = token.kind === 'string' ? 'this text' : token.text;
    return new Unreadable(this.#source.problem(token.range, 'expression.invalid', wanted === undefined ? `${found} cannot stand here.` : `Here ${wanted} is wanted, not ${found}.`));
  }

  #refuse(range: Range, message: string): Unreadable {
    return new Unreadable(this.#source.problem(range, 'construct.unsupported', message));
  }

  #report(range: Range, code: PromptProblem['code'], message: string): void {
    this.problems.push(this.#source.problem(range, code, message));
  }
}

const argumentCount = (least: number, most: number): string => {
  if (least === most) return least === 0 ? 'no argument' : least === 1 ? 'one argument' : `${least} arguments`;
  return `${least} to ${most} arguments`;
};

const logic = (operator: 'and' | 'or', left: Expression, right: Expression): Expression =>
  ({ kind: 'logic', operator, left, right, range: { start: left.range.start, end: right.range.end } });
