import type { Range, Source } from '../core/prompts/problem.ts';
import type { Expression, TemplateNode } from '../core/prompts/syntax.ts';
import { readTagTokens } from '../core/prompts/tagTokens.ts';

/** A loop that names its items. */
export interface Loop {
  readonly variable: string;
  readonly variableRange: Range;
}

/** A variable where it is written out or asked for. */
export interface VariableUse {
  /** At least one name: `structure`, `text`. */
  readonly path: readonly string[];
  /** Where each name of the path stands. */
  readonly words: readonly Range[];
  /** The loops that it stands in, from the outermost: their variables hide others of the same name. */
  readonly loops: readonly Loop[];
}

/** The names of one template. */
export interface TemplateNames {
  readonly loops: readonly Loop[];
  readonly uses: readonly VariableUse[];
  readonly includes: readonly { readonly name: string; readonly range: Range }[];
}

/** The loop that a name belongs to where it is used: whose item it is, or for the word `loop` the innermost. Undefined for a variable of the language. */
export function loopOf({ path: [root], loops }: VariableUse): Loop | undefined {
  return root === 'loop' ? loops.at(-1) : loops.findLast(loop => loop.variable === root);
}

/** Gathers the names of a template in the order in which they stand. */
export function namesOf(source: Source, nodes: readonly TemplateNode[]): TemplateNames {
  const reader = new NameReader(source);
  reader.walk(nodes, []);
  return reader;
}

class NameReader implements TemplateNames {
  readonly loops: Loop[] = [];
  readonly uses: VariableUse[] = [];
  readonly includes: { readonly name: string; readonly range: Range }[] = [];
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
  }

  walk(nodes: readonly TemplateNode[], loops: readonly Loop[]): void {
    for (const node of nodes) {
      if (node.kind === 'output') this.#expression(node.value, loops);
      else if (node.kind === 'if') {
        for (const { condition, body } of node.branches) {
          if (condition) this.#expression(condition, loops);
          this.walk(body, loops);
        }
      } else if (node.kind === 'for') this.#for(node, loops);
      else if (node.kind === 'include') this.includes.push({ name: node.name, range: { start: node.nameRange.start + 1, end: node.nameRange.end - 1 } });
    }
  }

  /** What a loop goes over is looked up outside of it. */
  #for({ variable, variableRange, list, body }: Extract<TemplateNode, { kind: 'for' }>, loops: readonly Loop[]): void {
    if (variable === '') { // its head could not be read
      this.walk(body, loops);
      return;
    }
    const loop = { variable, variableRange };
    this.loops.push(loop);
    this.#expression(list, loops);
    this.walk(body, [...loops, loop]);
  }

  #expression(expression: Expression, loops: readonly Loop[]): void {
    switch (expression.kind) {
      case 'variable': this.#variable(expression, loops); break;
      case 'filter': for (const each of [expression.operand, ...expression.args]) this.#expression(each, loops); break;
      case 'defined':
      case 'not': this.#expression(expression.operand, loops); break;
      case 'compare':
      case 'logic': for (const each of [expression.left, expression.right]) this.#expression(each, loops); break;
      case 'unknown': if (expression.inner) this.#expression(expression.inner, loops); break;
      default:
    }
  }

  /** The range of a variable may hold parentheses around it, and blanks between its names. */
  #variable({ path, range }: Extract<Expression, { kind: 'variable' }>, loops: readonly Loop[]): void {
    const words = readTagTokens(this.#source, range).tokens.filter(token => token.kind === 'name').map(token => token.range);
    this.uses.push({ path, words, loops });
  }
}
