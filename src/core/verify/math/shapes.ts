import { callNode, constantNames, isConstant, someParts, type ChainNode, type Expression, type GroupNode, type Relation } from './expression.ts';
import { determinantOf, matrixOfDeterminant, reducedMatrix } from './matrix.ts';
import { unnamed } from './parser.ts';
import { withoutWords, wordless, type Value } from './description.ts';

/** `left operator right`, the operator an inequality, `=` or `!=`. */
export interface Comparison {
  readonly left: Expression;
  readonly operator: Relation;
  readonly right: Expression;
}

/**
 * What kind of thing an answer is, once its notation is taken away: one value, several without order, a tuple or an interval, a matrix,
 * a ratio, an equation, inequalities, or a set written with operations.
 */
export type Shape =
  | (Value & { readonly type: 'value'; readonly name: string | null; readonly equation: Comparison | null })
  | { readonly type: 'several'; readonly items: readonly Shape[]; readonly braces: boolean }
  | { readonly type: 'tuple'; readonly items: readonly Shape[]; readonly group: GroupNode }
  | { readonly type: 'matrix'; readonly rows: readonly (readonly Shape[])[] }
  | { readonly type: 'ratio'; readonly items: readonly Shape[] }
  | { readonly type: 'equation'; readonly equation: Comparison }
  | { readonly type: 'inequalities'; readonly comparisons: readonly Comparison[] }
  | { readonly type: 'set'; readonly expression: Expression };

const setOperations: ReadonlySet<string> = new Set(['union', 'intersection', 'difference', 'builder']);
const isNumber = (part: Expression) => part.kind === 'number';

const isSegment = (expression: Expression): boolean => expression.kind === 'symbol' && /^[A-Z]/.test(expression.name);

/**
 * Whether the left side of `… = 5` only names what is asked: a letter, a word, a segment `AB`, a function `f(2)`, `|AB|`, a ratio or tuple of such.
 * An expression with numbers in it, such as `a + 3z`, makes an equation instead.
 */
export function isName(expression: Expression): boolean {
  switch (expression.kind) {
    case 'symbol': return !constantNames.has(expression.name);
    case 'word': return true;
    case 'group': return expression.items.every(isName);
    case 'list': return expression.items.every(isName);
    case 'call': return isNameCall(expression.name, expression.arguments);
    default: return false;
  }
}

function isNameCall(name: string, given: readonly Expression[]): boolean {
  if (name === 'apply:beside') return given.every(part => isName(part) || isNumber(part));
  if (name.startsWith('apply:')) return true;
  if (name === '*') return isNameProduct(given.flatMap(factorsOf));
  return ['abs', '/', 'ratio'].includes(name) && given.every(isName);
}

const factorsOf = (expression: Expression): readonly Expression[] =>
  (expression.kind === 'call' && expression.name === '*' ? expression.arguments.flatMap(factorsOf) : [expression]);

/** A segment such as `AB`, or a phrase of words and functions (`area of f(x)`). */
function isNameProduct(factors: readonly Expression[]): boolean {
  return factors.every(isSegment) || (factors.some(factor => factor.kind === 'word' || factor.kind === 'call') && factors.every(isName));
}

/** Whether a sum or product without any number stands left, as in `x + y = 9` where the sum is asked for. */
export const isNumberless = (expression: Expression) => !someParts(expression, isNumber) && !isConstant(expression);

function named(expression: Expression): string {
  switch (expression.kind) {
    case 'symbol': return expression.name;
    case 'word': return expression.text.toLowerCase();
    case 'group':
    case 'list': return expression.items.map(named).join(',');
    case 'call': return `${expression.name}(${expression.arguments.map(named).join(',')})`;
    case 'number': return String(expression.value.top);
    default: return '';
  }
}

/** Both readings of `±` in an expression, the upper signs first; the expression alone where it has none. */
function signReadings(expression: Expression): readonly Expression[] {
  if (!someParts(expression, part => part.kind === 'call' && (part.name === 'plusMinus' || part.name === 'minusPlus'))) return [expression];
  return [withSigns(expression, true), withSigns(expression, false)];
}

function withSigns(expression: Expression, upper: boolean): Expression {
  const inner = (part: Expression) => withSigns(part, upper);
  switch (expression.kind) {
    case 'call': {
      const given = expression.arguments.map(inner);
      const [first, second] = given;
      if (first === undefined || (expression.name !== 'plusMinus' && expression.name !== 'minusPlus')) return callNode(expression.name, ...given);
      const positive = (expression.name === 'plusMinus') === upper;
      if (second === undefined) return positive ? first : callNode('negate', first);
      return callNode('+', first, positive ? second : callNode('negate', second));
    }
    case 'group': return { ...expression, items: expression.items.map(inner) };
    case 'list': return { ...expression, items: expression.items.map(inner) };
    case 'chain': return { ...expression, operands: expression.operands.map(inner) };
    default: return expression;
  }
}

const isListed = (shape: Shape): boolean => shape.type === 'several' && !shape.braces;

/** A value read with both signs becomes two items of the list around it. */
function itemShapes(items: readonly Expression[]): readonly Shape[] {
  return items.flatMap(item => {
    const shape = shapeOf(item);
    return isListed(shape) && shape.type === 'several' && item.kind !== 'list' ? shape.items : [shape];
  });
}

function comparisonsOf({ operands, operators }: ChainNode): readonly Comparison[] {
  return operators.map((operator, index) => ({ left: operands[index] ?? unnamed, operator, right: operands[index + 1] ?? unnamed }));
}

/** Drops what follows an approximation, unless only a name stands before it. */
function exactPart(chain: ChainNode): ChainNode {
  const at = chain.operators.indexOf('~');
  if (at < 0) return chain;
  const before = chain.operands[at];
  if (before !== undefined && (isName(before) || before === unnamed)) {
    return { ...chain, operators: chain.operators.map(operator => (operator === '~' ? '=' : operator)) };
  }
  return { kind: 'chain', operands: chain.operands.slice(0, at + 1), operators: chain.operators.slice(0, at) };
}

/** Gives a shape the name it was introduced with. */
function withName(shape: Shape, name: string, equation: Comparison): Shape {
  if (shape.type === 'value') return { ...shape, name, equation };
  if (isListed(shape) && shape.type === 'several') return { ...shape, items: shape.items.map(item => withName(item, name, equation)) };
  return shape;
}

const isPlainValue = (operand: Expression) => isConstant(withoutWords(operand).expression);

function equationShape(operands: readonly Expression[]): Shape {
  const last = operands.at(-1) ?? unnamed;
  const [first = last] = operands;
  if (operands.length === 1) return shapeOf(last);
  const equation: Comparison = { left: first, operator: '=', right: last };
  const naming = operands.slice(0, -1).findLast(isName);
  if (naming !== undefined) return withName(shapeOf(last), named(naming), equation);
  if (operands.length > 2 || operands.every(isPlainValue)) return shapeOf(last);
  if (isName(last) && isConstant(first)) return withName(shapeOf(first), named(last), { left: last, operator: '=', right: first });
  return { type: 'equation', equation };
}

function chainShape(chain: ChainNode): Shape {
  const exact = exactPart(chain);
  const { operands, operators } = exact;
  if (operators.every(operator => operator === '=')) return equationShape(operands);
  if (operators.includes('other') || operators.includes('notin')) return opaque(exact);
  const membership = operators.lastIndexOf('in');
  if (membership >= 0) {
    const set = operands[membership + 1];
    return set === undefined || membership + 1 < operators.length ? opaque(exact) : shapeOf(set);
  }
  // x = 5 > 3, an aside: the inequality stays.
  return { type: 'inequalities', comparisons: comparisonsOf(exact) };
}

const opaque = (expression: Expression): Shape => ({ type: 'value', ...wordless(expression), name: null, equation: null });

function valueShape(expression: Expression): Shape {
  const value = withoutWords(expression);
  const { expression: bare, before, after } = value;
  if (before + after !== '' && bare.kind !== 'call' && bare.kind !== 'number' && bare.kind !== 'symbol') {
    const inner = shapeOf(bare);
    return inner.type === 'value' ? { ...inner, before, after } : inner;
  }
  return { type: 'value', ...value, name: null, equation: null };
}

function determinantIn(expression: Expression): Expression | null {
  const matrix = matrixOfDeterminant(expression);
  return matrix && determinantOf(matrix);
}

function callShape(name: string, expression: Expression & { kind: 'call' }): Shape {
  const readings = signReadings(expression);
  if (readings.length > 1) return { type: 'several', items: readings.map(shapeOf), braces: false };
  if (name === 'ratio') return { type: 'ratio', items: expression.arguments.map(shapeOf) };
  if (setOperations.has(name)) return { type: 'set', expression };
  if (!someParts(expression, part => part.kind === 'matrix')) return valueShape(expression);
  const matrix = reducedMatrix(expression) ?? determinantIn(expression);
  return matrix ? shapeOf(matrix) : valueShape(expression);
}

/** What an expression is when it stands as an answer. */
export function shapeOf(expression: Expression): Shape {
  switch (expression.kind) {
    case 'list': {
      const items = itemShapes(expression.items);
      const [only] = items;
      return items.length === 1 && only !== undefined ? only : { type: 'several', items, braces: false };
    }
    case 'group': {
      if (expression.open === '{') return { type: 'several', items: itemShapes(expression.items), braces: true };
      return { type: 'tuple', items: expression.items.map(shapeOf), group: expression };
    }
    case 'chain': return chainShape(expression);
    case 'matrix': {
      const determinant = determinantIn(expression);
      return determinant ? shapeOf(determinant) : { type: 'matrix', rows: expression.rows.map(row => row.map(shapeOf)) };
    }
    case 'symbol': {
      if (expression.name === 'emptyset') return { type: 'several', items: [], braces: true };
      return valueShape(expression);
    }
    case 'call': return callShape(expression.name, expression);
    default: return valueShape(expression);
  }
}

/** The difference of both sides, whose zeros are the equation's solutions. */
export const differenceOf = ({ left, right }: Comparison) => callNode('+', left, callNode('negate', right));
