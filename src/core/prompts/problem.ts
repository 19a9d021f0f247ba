import { nearestName, suggestion } from './nearest.ts';

/**
 * Everything that can be wrong with a prompt, a recipe or a guideline file. The codes are stable: they stand in messages and in
 * docs/prompt-language.md and docs/recipes.md.
 */
export const promptProblemCodes = [
  'frontmatter.missing', 'frontmatter.unclosed', 'frontmatter.invalid', 'frontmatter.unknown-key',
  'sampling.out-of-range', 'output.no-box',
  'variable.unknown', 'variable.missing', 'variable.optional', 'variable.forbidden',
  'block.unclosed', 'block.unexpected', 'construct.unsupported', 'expression.invalid', 'type.mismatch',
  'filter.unknown', 'filter.arguments', 'partial.unknown', 'partial.nested',
  'recipe.invalid', 'recipe.unknown-key', 'recipe.missing', 'recipe.not-found', 'recipe.stages', 'recipe.filters', 'recipe.guidelines', 'recipe.prompt', 'recipe.misplaced',
  'guideline.invalid', 'guideline.unknown-key', 'guideline.duplicate',
  'budget.too-long',
] as const;
/** One of `promptProblemCodes`. */
export type PromptProblemCode = (typeof promptProblemCodes)[number];

/** A file with more findings than this is not read further: nobody works through a longer list. */
export const mostProblems = 200;

/** Part of a text: UTF-16 offsets, `end` is the first that no longer belongs to it. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** One finding in one file. Lines and columns are 1-based, columns and offsets UTF-16 code units, offsets 0-based into the text as it was given; CRLF is one line end. */
export interface PromptProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly offset: number;
  readonly endOffset: number;
  /** A file with an error is not run; a warning is only shown. */
  readonly severity: 'error' | 'warning';
  readonly code: PromptProblemCode;
  readonly message: string;
  /** What is wanted: instead of what stands at the place, such as the known name that was most likely meant; or, where something is missing or is not always given, the variable. Absent where there is no telling. */
  readonly wanted?: string;
}

/** A name that nobody knows, with those that are known where it stands. */
export interface Misnamed {
  /** What is said of it, without the end of the sentence. */
  readonly words: string;
  readonly name: string;
  readonly known: Iterable<string>;
}

/** A text with a name, that knows where its lines begin. */
export class Source {
  readonly file: string;
  readonly text: string;
  #lineStarts: readonly number[] | undefined;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
  }

  /** 1-based line and column of an offset; offsets outside the text are taken as its ends, one inside of CRLF as the place before it. */
  position(offset: number): { readonly line: number; readonly column: number } {
    const starts = (this.#lineStarts ??= lineStarts(this.text));
    const within = Math.min(Math.max(offset, 0), this.text.length);
    const inside = within > 0 && this.text.startsWith('\r\n', within - 1) ? within - 1 : within;
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= inside) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: inside - (starts[low] ?? 0) + 1 };
  }

  /** The offset of a 1-based line and column; a column beyond its line is taken as the line's end, a line beyond the text as the text's. */
  offset({ line, column }: { readonly line: number; readonly column: number }): number {
    const starts = (this.#lineStarts ??= lineStarts(this.text));
    const start = starts[Math.max(line, 1) - 1];
    if (start === undefined) return this.text.length;
    const end = starts[line] ?? this.text.length;
    const lineEnd = /\r?\n?$/.exec(this.text.slice(Math.max(start, end - 2), end))?.[0].length ?? 0;
    return Math.min(start + Math.max(column, 1) - 1, end - (starts[line] === undefined ? 0 : lineEnd));
  }

  /** The text's first line without its end: the place of what stands nowhere. */
  get firstLine(): Range {
    const end = this.text.search(/[\r\n]/);
    return { start: 0, end: end < 0 ? this.text.length : end };
  }

  /** A finding at a place of this text that keeps the file from being used. */
  problem(range: Range, code: PromptProblemCode, message: string): PromptProblem {
    const [from, to] = [this.position(range.start), this.position(range.end)];
    return {
      file: this.file, line: from.line, column: from.column, endLine: to.line, endColumn: to.column,
      offset: range.start, endOffset: range.end, severity: 'error', code, message,
    };
  }

  /** A name that nobody knows, with the one that was most likely meant. */
  misnamed(range: Range, code: PromptProblemCode, { words, name, known }: Misnamed): PromptProblem {
    const wanted = nearestName(name, known);
    return wanting(this.problem(range, code, `${words}${suggestion(wanted)}`), wanted);
  }

  /** A finding that is only shown. */
  warning(range: Range, code: PromptProblemCode, message: string): PromptProblem {
    return { ...this.problem(range, code, message), severity: 'warning' };
  }
}

/** A finding with what is wanted, where that is known. */
export const wanting = (problem: PromptProblem, wanted: string | undefined): PromptProblem => (wanted === undefined ? problem : { ...problem, wanted });

function lineStarts(text: string): number[] {
  const starts = [0];
  const lineEnd = /\r\n?|\n/g;
  while (lineEnd.test(text)) starts.push(lineEnd.lastIndex);
  return starts;
}

/** Whether any of the findings keeps the file from being used. */
export const hasErrors = (problems: readonly PromptProblem[]): boolean => problems.some(problem => problem.severity === 'error');

/** Findings in the order of a reader: by place, each once. */
export function inReadingOrder<Problem extends PromptProblem>(problems: readonly Problem[]): Problem[] {
  const once = new Map(problems.map(problem => [`${problem.file}\0${problem.offset}\0${problem.endOffset}\0${problem.code}\0${problem.message}`, problem]));
  return [...once.values()].toSorted((a, b) => (a.file === b.file ? a.offset - b.offset || a.endOffset - b.endOffset : a.file < b.file ? -1 : 1));
}
