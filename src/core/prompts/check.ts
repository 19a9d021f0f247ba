import { signatureOf, type FilterSignature } from './filterSignatures.ts';
import { mostProblems, type PromptProblem, type PromptProblemCode, type Range, type Source, wanting } from './problem.ts';
import type { Expression, TemplateNode } from './syntax.ts';
import { dottedNames, everGiven, isVariableRoot, loopType, variableTypes, type Situation, type ValueType, type VariableRoot } from './variables.ts';

/** A template with the text it came from. */
export interface Template {
  readonly source: Source;
  readonly nodes: readonly TemplateNode[];
  /** Names that a construct outside the language would have made. */
  readonly tolerated: ReadonlySet<string>;
  /** The blocks that all of it stands in, where it is part of a template; none where it is all of one. */
  readonly within?: Surroundings;
}

/** What blocks around a place mean for it. */
export interface Surroundings {
  /** Variables of the loops, the innermost last. */
  readonly scopes: readonly ReadonlyMap<string, ValueType>[];
  /** Whether the place can be reached in the situation. */
  readonly reachable: boolean;
}

/** What a template does in one situation. */
export interface TemplateCheck {
  readonly problems: readonly PromptProblem[];
  /** Full names of the variables that it may write out or ask for there, such as `task.question`. */
  readonly used: ReadonlySet<string>;
  /** Names that were probably meant by the unknown ones: mistyped, not missing. */
  readonly meant: ReadonlySet<string>;
}

const printable = new Set<ValueType['kind']>(['text', 'number', 'unknown']);
const comparable = new Set<ValueType['kind']>(['text', 'number', 'boolean', 'unknown']);
/** What a value is called in a sentence, by its kind. */
export const kindWords: { readonly [Kind in ValueType['kind']]: string } = {
  text: 'a text', number: 'a number', boolean: 'true or false', mixed: 'one thing or another', unknown: 'unknown', list: 'a list', record: 'a group of values',
};

/**
 * Checks a template in one situation: are its variables given there, and does every value fit its place? What passes renders alike here and in Python's Jinja.
 *
 * A branch that cannot be reached there (`{% if hint %}` where no hint is given) may use what is not given.
 */
export function checkTemplate(template: Template, situation: Situation, partial: (name: string) => Template | undefined): TemplateCheck {
  const checker = new Checker(template, situation, partial);
  checker.walk(template.nodes);
  return checker;
}

/** The surroundings of what follows a template whose last `open` blocks, one in the other, have no end. */
export function surroundingsAfter(template: Template, situation: Situation, open: number): Surroundings {
  const checker = new Checker(template, situation, () => undefined);
  for (const block of lastBlocks(template.nodes, open)) checker.enter(block);
  return checker;
}

/** A block of a template. */
export type Block = Extract<TemplateNode, { kind: 'if' | 'for' }>;

/** The last block, the last one in that, and so on. */
export function lastBlocks(nodes: readonly TemplateNode[], depth: number): readonly Block[] {
  const last = nodes.findLast(node => node.kind === 'if' || node.kind === 'for');
  if (depth === 0 || !last) return [];
  return [last, ...lastBlocks(last.kind === 'for' ? last.body : last.branches.at(-1)?.body ?? [], depth - 1)];
}

class Checker {
  readonly problems: PromptProblem[] = [];
  readonly used = new Set<string>();
  readonly meant = new Set<string>();
  readonly #situation: Situation;
  readonly #everGiven: ReadonlySet<VariableRoot>;
  readonly #partial: (name: string) => Template | undefined;
  #template: Template;
  #scopes: readonly ReadonlyMap<string, ValueType>[];
  #reachable: boolean;

  constructor(template: Template, situation: Situation, partial: (name: string) => Template | undefined) {
    this.#template = template;
    this.#situation = situation;
    this.#everGiven = everGiven(situation.stage);
    this.#partial = partial;
    this.#scopes = template.within?.scopes ?? [];
    this.#reachable = template.within?.reachable ?? true;
  }

  get scopes(): Surroundings['scopes'] {
    return this.#scopes;
  }

  get reachable(): boolean {
    return this.#reachable;
  }

  /** Goes into a block, into its last branch where it has several, without reading what stands there. */
  enter(block: Block): void {
    if (block.kind === 'for') this.#enterLoop(block);
    else for (const [index, { condition }] of block.branches.entries()) {
      const truth = condition ? this.#condition(condition) : true;
      this.#reachable &&= index < block.branches.length - 1 ? truth !== true : truth !== false;
    }
  }

  walk(nodes: readonly TemplateNode[]): void {
    for (const node of nodes) {
      if (this.problems.length >= mostProblems) return;
      if (node.kind === 'output') this.#output(node.value);
      else if (node.kind === 'if') this.#if(node);
      else if (node.kind === 'for') this.#for(node);
      else if (node.kind === 'include') this.#include(node);
    }
  }

  #output(value: Expression): void {
    const type = this.#typeOf(value);
    if (printable.has(type.kind)) return;
    const wanted = type.kind === 'record' ? `${nameOf(value)}.${Object.keys(type.fields)[0] ?? ''}` : type.kind === 'list' && type.of.kind === 'text' ? `${nameOf(value)} | join("\\n")` : undefined;
    const advice = type.kind === 'record' ? `write one of them, such as ${wanted ?? ''}` : type.kind === 'list' ? 'loop over it, or join it' : 'ask for it with if';
    const problem = this.#template.source.problem(value.range, 'type.mismatch', `This is ${kindWords[type.kind]}, which cannot be written out; ${advice}.`);
    this.problems.push(wanting(problem, value.kind === 'variable' ? wanted : undefined));
  }

  #if({ branches }: Extract<TemplateNode, { kind: 'if' }>): void {
    const outside = this.#reachable;
    for (const { condition, body } of branches) {
      const truth = condition ? this.#condition(condition) : true;
      const later = this.#reachable && truth !== true;
      this.#reachable &&= truth !== false;
      this.walk(body);
      this.#reachable = later;
    }
    this.#reachable = outside;
  }

  #condition(condition: Expression): boolean | undefined {
    this.#typeOf(condition);
    return this.#truth(condition);
  }

  #for(loop: Extract<TemplateNode, { kind: 'for' }>): void {
    const outside = this.#scopes;
    this.#enterLoop(loop);
    this.walk(loop.body);
    this.#scopes = outside;
  }

  #enterLoop({ variable, list }: Extract<TemplateNode, { kind: 'for' }>): void {
    const type = this.#typeOf(list);
    if (type.kind !== 'list' && type.kind !== 'unknown') this.#report(list.range, 'type.mismatch', `A loop goes over a list, and this is ${kindWords[type.kind]}.`);
    this.#scopes = [...this.#scopes, new Map<string, ValueType>([['loop', loopType], [variable, type.kind === 'list' ? type.of : { kind: 'unknown' }]])];
  }

  #include({ name }: Extract<TemplateNode, { kind: 'include' }>): void {
    const partial = this.#partial(name);
    if (!partial) return; // reported where the file was read
    const outside = this.#template;
    this.#template = partial;
    this.walk(partial.nodes);
    this.#template = outside;
  }

  /** What an expression holds; its problems are reported on the way. */
  #typeOf(expression: Expression): ValueType {
    switch (expression.kind) {
      case 'variable': return this.#variable(expression);
      case 'filter': return this.#filter(expression);
      case 'compare': return this.#compare(expression);
      case 'logic': return this.#logic(expression);
      case 'defined': return this.#defined(expression);
      case 'not':
        this.#typeOf(expression.operand);
        return { kind: 'boolean' };
      case 'unknown':
        if (expression.inner) this.#typeOf(expression.inner);
        return { kind: 'unknown' };
      default: return { kind: expression.kind };
    }
  }

  #variable(variable: Extract<Expression, { kind: 'variable' }>): ValueType {
    const [root, ...fields] = variable.path;
    const local = this.#scopes.findLast(scope => scope.has(root))?.get(root);
    if (local) return this.#field(variable, local, fields);
    if (this.#template.tolerated.has(root)) return { kind: 'unknown' };
    if (!isVariableRoot(root)) return this.#unknown(variable);
    if (!this.#everGiven.has(root)) return this.#neverGiven(variable, root);
    const dotted = variable.path.length > 1;
    if (this.#situation.given.has(root)) {
      if (this.#reachable) this.used.add(variable.path.join('.'));
    } else if (this.#reachable && (dotted || variableTypes[root].kind !== 'record')) this.#optional(variable, root);
    return this.#field(variable, variableTypes[root], fields);
  }

  #field(variable: Extract<Expression, { kind: 'variable' }>, type: ValueType, fields: readonly string[]): ValueType {
    const [first, ...rest] = fields;
    if (first === undefined || type.kind === 'unknown') return type;
    const inner = type.kind === 'record' && Object.hasOwn(type.fields, first) ? type.fields[first] : undefined;
    return inner ? this.#field(variable, inner, rest) : this.#unknown(variable);
  }

  #unknown(variable: Extract<Expression, { kind: 'variable' }>): ValueType {
    this.#reportUnknown(variable, 'has no variable');
    return { kind: 'unknown' };
  }

  #neverGiven(variable: Extract<Expression, { kind: 'variable' }>, root: VariableRoot): ValueType {
    const { stage } = this.#situation;
    const name = variable.path.join('.');
    if (root === 'gold' || root === 'hint') {
      const where = root === 'gold' ? 'the judge alone' : 'the adapt, structure and path stages alone, in the hint round';
      this.#report(variable.range, 'variable.forbidden', `${name} is the known answer: it is given to ${where}.`);
    } else if (stage === 'path' && (root === 'guideline' || root === 'guidelines')) {
      const problem = this.#template.source.problem(variable.range, 'variable.forbidden', `${name} is guideline text, which never reaches the path stage; use structure.text.`);
      this.problems.push(wanting(problem, root === 'guideline' ? 'structure.text' : undefined));
    } else {
      this.#reportUnknown(variable, 'is not given');
    }
    return { kind: 'unknown' };
  }

  #reportUnknown({ path, range }: Extract<Expression, { kind: 'variable' }>, words: string): void {
    const name = path.join('.');
    const problem = this.#template.source.misnamed(range, 'variable.unknown', { words: `The ${this.#situation.stage} stage ${words} ${name}`, name, known: this.#knownNames() });
    if (problem.wanted !== undefined) this.meant.add(problem.wanted);
    this.problems.push(problem);
  }

  #optional(variable: Extract<Expression, { kind: 'variable' }>, root: VariableRoot): void {
    const { stage, given } = this.#situation;
    const when = root === 'hint'
      ? 'hint is given in the hint round alone'
      : `${root} is not given to the ${stage} stage here, ${[...given].filter(name => name !== 'task' && name !== 'hint').join(' and ')} is`;
    const advice = root === 'hint' ? ', or list hint.answer under variables if this prompt is for that round alone' : '';
    this.problems.push(wanting(this.#template.source.problem(variable.range, 'variable.optional', `${when}: ask {% if ${root} %} first${advice}.`), root));
  }

  #filter({ name, nameRange, operand, args }: Extract<Expression, { kind: 'filter' }>): ValueType {
    const signature = signatureOf(name);
    const value = this.#typeOf(operand);
    const given = args.map(arg => this.#typeOf(arg));
    if (!signature) return { kind: 'unknown' }; // reported where it was read
    if (!fits(value, signature.operand)) {
      this.#report(nameRange, 'type.mismatch', `The filter ${name} needs ${operandWords[signature.operand]}, and this is ${kindWords[value.kind]}.`);
    }
    const wrong = given.findIndex((type, index) => !fits(type, signature.args[index] ?? 'text'));
    if (wrong >= 0) this.#report(nameRange, 'filter.arguments', `The filter ${name} takes ${signature.args.map(type => kindWords[type]).join(', then ')}.`);
    if (name === 'replace' && (args[0]?.kind !== 'text' || args[0].value === '')) {
      this.#report(nameRange, 'filter.arguments', 'What replace looks for is a text in quotes that is not empty.');
    }
    return { kind: signature.result };
  }

  #compare({ left, right, range }: Extract<Expression, { kind: 'compare' }>): ValueType {
    const [a, b] = [this.#typeOf(left).kind, this.#typeOf(right).kind];
    if (!comparable.has(a) || !comparable.has(b) || (a !== b && a !== 'unknown' && b !== 'unknown')) {
      this.#report(range, 'type.mismatch', `This compares ${kindWords[a]} with ${kindWords[b]}; only texts, or numbers, are compared with each other.`);
    }
    return { kind: 'boolean' };
  }

  #logic({ operator, left, right }: Extract<Expression, { kind: 'logic' }>): ValueType {
    const first = this.#typeOf(left);
    const outside = this.#reachable;
    const decided = this.#truth(left);
    this.#reachable &&= decided === undefined || decided === (operator === 'and');
    const second = this.#typeOf(right);
    this.#reachable = outside;
    if (first.kind === 'unknown' || second.kind === 'unknown') return { kind: 'unknown' };
    return first.kind === second.kind && first.kind !== 'list' && first.kind !== 'record' ? first : { kind: 'mixed' };
  }

  #defined({ operand }: Extract<Expression, { kind: 'defined' }>): ValueType {
    if (operand.kind !== 'variable' && operand.kind !== 'unknown') this.#report(operand.range, 'type.mismatch', 'Only a variable can be asked whether it is defined.');
    this.#typeOf(operand);
    return { kind: 'boolean' };
  }

  /** Whether a condition is certain in this situation. */
  #truth(expression: Expression): boolean | undefined {
    switch (expression.kind) {
      case 'boolean': return expression.value;
      case 'variable': return this.#presence(expression) === false ? false : this.#isGivenRecord(expression) ? true : undefined;
      case 'defined': return expression.operand.kind === 'variable' ? negatedIf(expression.negated, this.#presence(expression.operand)) : undefined;
      case 'not': return negatedIf(true, this.#truth(expression.operand));
      case 'logic': return this.#truthOfLogic(expression);
      default: return undefined;
    }
  }

  #truthOfLogic({ operator, left, right }: Extract<Expression, { kind: 'logic' }>): boolean | undefined {
    const sides = [this.#truth(left), this.#truth(right)];
    const decisive = operator === 'or';
    if (sides.includes(decisive)) return decisive;
    return sides.includes(undefined) ? undefined : !decisive;
  }

  /** Whether a variable is there in this situation; undefined for a name that nobody knows. */
  #presence({ path: [root] }: Extract<Expression, { kind: 'variable' }>): boolean | undefined {
    if (this.#scopes.some(scope => scope.has(root))) return true;
    return isVariableRoot(root) ? this.#situation.given.has(root) : undefined;
  }

  #isGivenRecord({ path }: Extract<Expression, { kind: 'variable' }>): boolean {
    const [root] = path;
    if (path.length > 1 || this.#scopes.some(scope => scope.has(root))) return false;
    return isVariableRoot(root) && this.#situation.given.has(root) && variableTypes[root].kind === 'record';
  }

  #knownNames(): string[] {
    const locals = this.#scopes.flatMap(scope => [...scope].flatMap(([name, type]) => (type.kind === 'record' ? Object.keys(type.fields).map(field => `${name}.${field}`) : [name])));
    return [...locals, ...[...this.#everGiven].flatMap(dottedNames)];
  }

  #report(range: Range, code: PromptProblemCode, message: string): void {
    this.problems.push(this.#template.source.problem(range, code, message));
  }
}

const negatedIf = (negated: boolean, truth: boolean | undefined): boolean | undefined => (truth === undefined ? undefined : truth !== negated);

const operandWords: { readonly [Operand in FilterSignature['operand']]: string } = { 'text': 'a text', 'texts': 'a list of texts', 'text or list': 'a list or a text' };

function fits(type: ValueType, wanted: FilterSignature['operand'] | 'boolean'): boolean {
  if (type.kind === 'unknown') return true;
  if (type.kind !== 'list') return type.kind === (wanted === 'text or list' ? 'text' : wanted);
  return wanted === 'text or list' || (wanted === 'texts' && fits(type.of, 'text'));
}

const nameOf = (expression: Expression): string => (expression.kind === 'variable' ? expression.path.join('.') : 'value');
