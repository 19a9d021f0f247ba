import type { Range } from '../core/prompts/problem.ts';
import type { PromptDocument } from './documents.ts';
import { loopOf, type Loop, type VariableUse } from './names.ts';
import { readPrompt } from './readPrompts.ts';

/**
 * What a word of a file stands for: `loop`, the variable of a loop; `loop part`, what a loop gives beside it (`loop`, or a field of its items); `variable`, one of the language
 * with its full name; `partial` and `prompt`, a file by its path; `recipe` and `guideline`, by name and id.
 */
export interface PromptSymbol {
  readonly kind: 'loop' | 'loop part' | 'variable' | 'partial' | 'prompt' | 'recipe' | 'guideline';
  readonly name: string;
  /** Of what belongs to a loop. */
  readonly loop?: Loop;
}

/** A place that names a symbol. */
export interface Mention {
  readonly symbol: PromptSymbol;
  /** Where one points at it. */
  readonly word: Range;
  /** What is shown of it: for `structure.text` also what stands before the dot. */
  readonly range: Range;
  /** Whether it is what makes the symbol. */
  readonly declares: boolean;
}

/** Whether two symbols of one file, or of the same folder where no loop makes them, are the same. */
export const isSame = (a: PromptSymbol, b: PromptSymbol): boolean => a.kind === b.kind && a.name === b.name && a.loop === b.loop;

/** A mention that is shown as it is pointed at. */
export const mention = (kind: PromptSymbol['kind'], name: string, word: Range): Mention => ({ symbol: { kind, name }, word, range: word, declares: false });

/** What a prompt or partial mentions. */
export function promptMentions(document: PromptDocument): readonly Mention[] {
  const { head, names: { loops, uses, includes } } = readPrompt(document);
  return [
    ...(head?.frontMatter ? [{ ...mention('prompt', document.path, head.stageRange), declares: true }] : []),
    ...(head?.frontMatter?.variables ?? []).flatMap(({ name, range }) => listedMentions(document, name, range)),
    ...loops.map(loop => ({ symbol: { kind: 'loop' as const, name: loop.variable, loop }, word: loop.variableRange, range: loop.variableRange, declares: true })),
    ...uses.flatMap(useMentions),
    ...includes.map(({ name, range }) => mention('partial', name, range)),
  ];
}

/** A variable that the head lists; a text with escapes or over several lines has no words to point at. */
function listedMentions({ source }: PromptDocument, name: string, range: Range): readonly Mention[] {
  const at = source.text.slice(range.start, range.end).lastIndexOf(name);
  if (at < 0) return [];
  const path = name.split('.');
  const starts = path.map((_, index) => range.start + at + path.slice(0, index).join('.').length + Math.min(index, 1));
  return useMentions({ path, words: path.map((word, index) => ({ start: starts[index] ?? 0, end: (starts[index] ?? 0) + word.length })), loops: [] });
}

function useMentions(use: VariableUse): readonly Mention[] {
  const loop = loopOf(use);
  return use.words.map((word, index) => ({
    symbol: symbolOf(use.path.slice(0, index + 1), loop), word, range: { start: use.words[0]?.start ?? word.start, end: word.end }, declares: false,
  }));
}

function symbolOf(path: readonly string[], loop: Loop | undefined): PromptSymbol {
  const name = path.join('.');
  if (!loop) return { kind: 'variable', name };
  return { kind: name === loop.variable ? 'loop' : 'loop part', name, loop };
}
