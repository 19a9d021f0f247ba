import * as z from 'zod/mini';
import { callStages, type CallStage } from '../model/stage.ts';
import type { PromptProblem, Range, Source } from './problem.ts';
import { dottedNames, everGiven } from './variables.ts';
import { readYaml, type YamlPath } from './yamlFile.ts';

/** Sampling as prompts and recipes write it, each part optional: a recipe puts them together. */
export const samplingSchema = z.strictObject({
  temperature: z.optional(z.number().check(z.minimum(0), z.maximum(2))),
  top_p: z.optional(z.number().check(z.gt(0), z.maximum(1))),
  max_tokens: z.optional(z.int().check(z.minimum(1), z.maximum(131_072))),
  stop: z.optional(z.array(z.string().check(z.minLength(1))).check(z.maxLength(4))),
  one_of: z.optional(z.array(z.string().check(z.minLength(1))).check(z.minLength(2), z.maxLength(64))),
});
/** What of the sampling a file states. */
export type SamplingPart = z.infer<typeof samplingSchema>;
/** Keys of `sampling`. */
export const samplingKeys = ['temperature', 'top_p', 'max_tokens', 'stop', 'one_of'];

/** What each stage's answer must be: `output` in the front matter repeats it for the reader. */
export const outputOfStage: { readonly [Stage in CallStage]: string } = { choose: 'ids', adapt: 'text', structure: 'steps', path: 'boxed', judge: 'yesno', evaluate: 'boxed' };

const frontMatterSchema = z.strictObject({
  stage: z.enum(callStages),
  description: z.optional(z.string()),
  variables: z.optional(z.array(z.string())),
  sampling: z.optional(samplingSchema),
  stop: z.optional(samplingSchema.shape.stop),
  output: z.optional(z.enum(['ids', 'text', 'steps', 'boxed', 'yesno'])),
});

/** The head of a prompt file; where something is wrong with it, no more than its stage. */
export interface FrontMatter {
  readonly stage: CallStage;
  /** Variables that the prompt counts on: each must be used, and `hint.answer` among them says that it is for the hint round alone. */
  readonly variables: readonly { readonly name: string; readonly range: Range }[];
  readonly sampling: SamplingPart;
}

/** A prompt file cut in two. */
export interface SplitPrompt {
  readonly frontMatter?: FrontMatter;
  /** Where the stage stands, or the first line where it stands nowhere: the place of what a stage asks for and the prompt lacks. */
  readonly stageRange: Range;
  readonly body: Range;
  readonly problems: readonly PromptProblem[];
}

const fence = /^---[ \t]*(?:\r\n?|\n|$)/;
const closingFence = /(?:\r\n?|\n)---[ \t]*(?=\r|\n|$)/g; // $ is the end of the text alone, without the flag m

/** Cuts a prompt file into front matter and body. A byte-order mark before it is passed over. */
export function splitPrompt(source: Source): SplitPrompt {
  const { text } = source;
  const start = text.startsWith('\ufeff') ? 1 : 0;
  const opening = fence.exec(text.slice(start, start + 256));
  const firstLine = { start, end: start + (opening?.[0].trimEnd().length ?? 0) };
  if (!opening) {
    const missing = source.problem(firstLine, 'frontmatter.missing', 'A prompt begins with its front matter: ---, stage: and the name of its stage, ---.');
    return { stageRange: firstLine, body: { start, end: text.length }, problems: [missing] };
  }
  const yamlStart = start + opening[0].length;
  closingFence.lastIndex = Math.max(yamlStart - 2, start);
  const closing = closingFence.exec(text);
  if (!closing) {
    const unclosed = source.problem(firstLine, 'frontmatter.unclosed', 'The front matter has no --- to end it.');
    return { stageRange: firstLine, body: { start: text.length, end: text.length }, problems: [unclosed] };
  }
  const bodyStart = closing.index + closing[0].length;
  const body = { start: bodyStart + lineEndAt(text, bodyStart), end: text.length };
  return { ...readFrontMatter(source, { start: yamlStart, end: Math.max(yamlStart, closing.index) }, firstLine), body };
}

function readFrontMatter(source: Source, part: Range, firstLine: Range): Omit<SplitPrompt, 'body'> {
  const { value, rangeOf, problems } = readYaml(source, part, {
    schema: frontMatterSchema,
    codes: { invalid: 'frontmatter.invalid', unknownKey: 'frontmatter.unknown-key' },
    keysAt,
  });
  const stageRange = rangeOf(['stage']) ?? firstLine;
  if (!value) {
    // whatever else is wrong with the head: the body can be checked as soon as its stage is known
    const named = source.text.slice(stageRange.start, stageRange.end);
    const stage = callStages.find(each => each === named);
    return { stageRange, problems, ...(stage === undefined ? {} : { frontMatter: { stage, variables: [], sampling: {} } }) };
  }
  const { stage, variables = [], sampling = {}, stop, output } = value;
  const listed = variables.map((name, index) => ({ name, range: rangeOf(['variables', index]) ?? firstLine }));
  const known = new Set([...everGiven(stage)].flatMap(root => [root, ...dottedNames(root)]));
  const found = listed.filter(({ name }) => !known.has(name))
    .map(({ name, range }) => source.misnamed(range, 'variable.unknown', { words: `The ${stage} stage has no variable ${name}`, name, known }));
  if (output !== undefined && output !== outputOfStage[stage]) {
    found.push(source.problem(rangeOf(['output']) ?? firstLine, 'frontmatter.invalid', `The output of the ${stage} stage is ${outputOfStage[stage]}.`));
  }
  const frontMatter = { stage, variables: listed.filter(({ name }) => known.has(name)), sampling: { ...sampling, ...(stop ? { stop } : {}) } };
  return { frontMatter, stageRange, problems: found };
}

function keysAt(path: YamlPath): readonly string[] {
  return path[0] === 'sampling' ? samplingKeys : Object.keys(frontMatterSchema.shape);
}

const lineEndAt = (text: string, at: number): number => (text.startsWith('\r\n', at) ? 2 : /[\r\n]/.test(text.charAt(at)) ? 1 : 0);
