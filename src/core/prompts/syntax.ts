import type { Range } from './problem.ts';

/** A value in a tag. `unknown` stands for what could not be read and has been reported; `inner` is what of it could. Ranges are offsets into the file's text. */
export type Expression =
  | { readonly kind: 'variable'; readonly path: readonly [root: string, ...rest: string[]]; readonly range: Range }
  | { readonly kind: 'text'; readonly value: string; readonly range: Range }
  | { readonly kind: 'number'; readonly value: number; readonly range: Range }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly range: Range }
  | { readonly kind: 'filter'; readonly name: string; readonly nameRange: Range; readonly operand: Expression; readonly args: readonly Expression[]; readonly range: Range }
  | { readonly kind: 'defined'; readonly operand: Expression; readonly negated: boolean; readonly range: Range }
  | { readonly kind: 'compare'; readonly operator: '==' | '!='; readonly left: Expression; readonly right: Expression; readonly range: Range }
  | { readonly kind: 'logic'; readonly operator: 'and' | 'or'; readonly left: Expression; readonly right: Expression; readonly range: Range }
  | { readonly kind: 'not'; readonly operand: Expression; readonly range: Range }
  | { readonly kind: 'unknown'; readonly inner?: Expression; readonly range: Range };

/** Part of a template. `range` is the tag, or for a block all from its first to its last tag. */
export type TemplateNode =
  /** As it is rendered: line ends LF, white space taken away where the neighbouring tags ask for it. */
  | { readonly kind: 'text'; readonly value: string; readonly range: Range }
  | { readonly kind: 'output'; readonly value: Expression; readonly range: Range }
  | { readonly kind: 'comment'; readonly range: Range }
  | { readonly kind: 'if'; readonly branches: readonly IfBranch[]; readonly range: Range }
  | { readonly kind: 'for'; readonly variable: string; readonly variableRange: Range; readonly list: Expression; readonly body: readonly TemplateNode[]; readonly range: Range }
  | { readonly kind: 'include'; readonly name: string; readonly nameRange: Range; readonly range: Range };

/** One `if`, `elif` or `else` with what stands under it; `else` has no condition. */
export interface IfBranch {
  /** The `if`, `elif` or `else` itself. */
  readonly tag: Range;
  readonly condition?: Expression;
  readonly body: readonly TemplateNode[];
}
