import { splitPrompt, type SplitPrompt } from '../core/prompts/frontMatter.ts';
import type { PromptProblem, Range, Source } from '../core/prompts/problem.ts';
import type { TemplateNode } from '../core/prompts/syntax.ts';
import { parseTemplate } from '../core/prompts/template.ts';
import type { PromptDocument } from './documents.ts';
import { namesOf, type TemplateNames } from './names.ts';

/** A prompt or partial as far as it could be read, whether or not its variables are known. */
export interface ReadPrompt {
  /** Absent in a partial, which has no head. */
  readonly head?: SplitPrompt;
  readonly body: Range;
  readonly nodes: readonly TemplateNode[];
  readonly names: TemplateNames;
  /** What of the body could not be read. */
  readonly problems: readonly PromptProblem[];
  /** Names that a construct outside the language would have made. */
  readonly tolerated: ReadonlySet<string>;
}

const known = new WeakMap<Source, ReadPrompt>();

/** Reads a prompt or partial once for each of its texts. */
export function readPrompt({ kind, source }: PromptDocument): ReadPrompt {
  const before = known.get(source);
  if (before) return before;
  const head = kind === 'prompt' ? splitPrompt(source) : undefined;
  const body = head?.body ?? { start: source.text.startsWith('\ufeff') ? 1 : 0, end: source.text.length };
  const { nodes, problems, tolerated } = parseTemplate(source, body);
  const read = { ...(head ? { head } : {}), body, nodes, names: namesOf(source, nodes), problems, tolerated };
  known.set(source, read);
  return read;
}
