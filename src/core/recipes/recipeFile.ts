import * as z from 'zod/mini';
import { isFields } from '../model/outside.ts';
import { recipePath } from '../model/promptFile.ts';
import { filters } from '../model/stage.ts';
import { samplingKeys, samplingSchema } from '../prompts/frontMatter.ts';
import { Source, type PromptProblem, type PromptProblemCode, type Range } from '../prompts/problem.ts';
import { readYaml, type YamlFile, type YamlPath } from '../prompts/yamlFile.ts';
import { knownAnswerUses, layouts } from './recipe.ts';

/** How a file of prompts is looked up: path below `prompts/`, with forward slashes → text. */
export type PromptFiles = Pick<ReadonlyMap<string, string>, 'get' | 'has' | 'keys'>;

const share = z.number().check(z.minimum(0), z.maximum(1));
const off = [z.literal('off'), z.literal(false)] as const;

const stageSchema = z.strictObject({
  prompt: z.optional(z.string()),
  sampling: z.optional(samplingSchema),
  retries: z.optional(z.int().check(z.minimum(0), z.maximum(10))),
});
const stageOrOff = z.optional(z.union([...off, stageSchema]));

const guidelinesSchema = z.optional(z.union([z.enum(['all', 'all-but-presupposing']), z.array(z.string()).check(z.minLength(1))]));
const branchesSchema = z.optional(z.strictObject({
  guidelines: z.optional(z.boolean()),
  chosen: z.optional(z.int().check(z.minimum(0), z.maximum(256))),
  picks: z.optional(z.tuple([z.int().check(z.minimum(1)), z.int().check(z.minimum(1))])),
  drawn: z.optional(z.int().check(z.minimum(0), z.maximum(256))),
}));

const hintsSchema = z.strictObject({
  stages: z.optional(z.array(z.enum(['adapt', 'structure', 'path'])).check(z.minLength(1))),
  guidelines: guidelinesSchema,
  branches: branchesSchema,
  sampling: z.optional(samplingSchema),
  prompts: z.optional(z.strictObject({ choose: z.optional(z.string()), adapt: z.optional(z.string()), structure: z.optional(z.string()), path: z.optional(z.string()), judge: z.optional(z.string()) })),
});

const recipeSchema = z.strictObject({
  extends: z.optional(z.string()),
  title: z.optional(z.string().check(z.minLength(1))),
  description: z.optional(z.string()),
  seed: z.optional(z.int().check(z.minimum(0), z.maximum(2 ** 31 - 1))),
  layout: z.optional(z.enum(layouts)),
  guidelines: guidelinesSchema,
  branches: branchesSchema,
  sampling: z.optional(samplingSchema),
  stages: z.optional(z.strictObject({ choose: stageOrOff, adapt: stageOrOff, structure: stageOrOff, path: z.optional(stageSchema), judge: stageOrOff })),
  filters: z.optional(z.array(z.enum(filters)).check(z.minLength(1))),
  clean: z.optional(z.strictObject({ requireSteps: z.optional(z.boolean()) })),
  length: z.optional(z.strictObject({ below: z.optional(z.int().check(z.minimum(1))), tokenizer: z.optional(z.enum(['cl100k', 'estimate'])) })),
  select: z.optional(z.strictObject({ perTask: z.optional(z.int().check(z.minimum(1), z.maximum(1_000))) })),
  knownAnswers: z.optional(z.enum(knownAnswerUses)),
  vote: z.optional(z.strictObject({ leastVotes: z.optional(z.int().check(z.minimum(1))), leastShare: z.optional(share), leastMargin: z.optional(share) })),
  hints: z.optional(z.union([...off, hintsSchema])),
});

/** What recipe files state together; everything may be absent until it is put together. */
type RecipeStatement = z.infer<typeof recipeSchema>;
/** What a recipe states of one stage. */
export type StageStatement = z.infer<typeof stageSchema>;

/** What stands where a recipe says nothing. The numbers of the vote are ours. */
const defaultBranches = { guidelines: true, chosen: 0, picks: [2, 3], drawn: 0 } as const;
const completeSchema = z.object({
  title: z._default(z.string(), ''),
  description: z._default(z.string(), ''),
  seed: z._default(z.int(), 0),
  layout: z._default(z.enum(layouts), 'prefix'),
  guidelines: z._default(z.union([z.enum(['all', 'all-but-presupposing']), z.array(z.string())]), 'all'),
  branches: z.prefault(z.object({
    guidelines: z._default(z.boolean(), defaultBranches.guidelines),
    chosen: z._default(z.int(), defaultBranches.chosen),
    picks: z._default(z.tuple([z.int(), z.int()]), [...defaultBranches.picks]),
    drawn: z._default(z.int(), defaultBranches.drawn),
  }), {}),
  sampling: z._default(samplingSchema, {}),
  stages: z._default(z.object({ choose: stageOrOff, adapt: stageOrOff, structure: stageOrOff, path: stageOrOff, judge: stageOrOff }), {}),
  filters: z._default(z.array(z.enum(filters)), []),
  clean: z.prefault(z.object({ requireSteps: z._default(z.boolean(), false) }), {}),
  length: z.prefault(z.object({ below: z.optional(z.int()), tokenizer: z._default(z.enum(['cl100k', 'estimate']), 'estimate') }), {}),
  select: z.prefault(z.object({ perTask: z._default(z.int(), 5) }), {}),
  knownAnswers: z._default(z.enum(knownAnswerUses), 'used'),
  vote: z.prefault(z.object({ leastVotes: z._default(z.int(), 8), leastShare: z._default(share, 0.5), leastMargin: z._default(share, 0.1) }), {}),
  hints: z.optional(z.union([...off, hintsSchema])),
});

/** A recipe as it is stated, with our defaults where it says nothing. An empty `title` or no `filters` is what nobody stated. */
export type CompleteRecipe = z.infer<typeof completeSchema>;
/** What a recipe states of the hint round. */
export type HintsStatement = z.infer<typeof hintsSchema>;

const keysByPlace: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(recipeSchema.shape), 'stages': ['choose', 'adapt', 'structure', 'path', 'judge'], 'hints': Object.keys(hintsSchema.shape), 'sampling': samplingKeys,
  'branches': ['guidelines', 'chosen', 'picks', 'drawn'], 'clean': ['requireSteps'], 'length': ['below', 'tokenizer'], 'select': ['perTask'],
  'vote': ['leastVotes', 'leastShare', 'leastMargin'], 'prompts': ['choose', 'adapt', 'structure', 'path', 'judge'],
};

function keysAt(path: YamlPath): readonly string[] {
  const last = String(path.at(-1) ?? '');
  return path[0] === 'stages' && path.length === 2 ? Object.keys(stageSchema.shape) : keysByPlace[last] ?? [];
}

/** A recipe with all that it extends, read and put together. */
export interface RecipeText {
  readonly recipe: CompleteRecipe;
  /** Names of the folders in which its prompts are looked for: its own, then those it extends. */
  readonly folders: readonly string[];
  /** Paths of the recipe files that it was read from. */
  readonly files: readonly string[];
  readonly problems: readonly PromptProblem[];
  /** The recipe's own file. */
  readonly source: Source;
  /** Where the recipe itself states something; undefined where it does not, or leaves it to what it extends. */
  readonly rangeOf: (path: YamlPath) => Range | undefined;
  /** The finding at the place that states its `path`: in the recipe itself, else in what it extends; at the head of the recipe where nobody states it. */
  readonly problemAt: (finding: RecipeFinding) => PromptProblem;
}

/** Something wrong with a recipe, by the part of it that is. `severity` is `error` where it is absent. */
export interface RecipeFinding {
  readonly path: YamlPath;
  readonly code: PromptProblemCode;
  readonly message: string;
  readonly severity?: 'error' | 'warning';
  /** For a name that nobody knows: it and those that are known. The message then ends without a full stop. */
  readonly name?: string;
  readonly known?: readonly string[];
}

/** Names of the recipes among the files, in alphabetical order. */
export const recipeNames = (files: PromptFiles): readonly string[] =>
  [...new Set([...files.keys()].flatMap(file => file.split('/', 1)))].filter(name => files.has(recipePath(name))).sort();

interface Layer {
  readonly name: string;
  readonly source: Source;
  readonly yaml: YamlFile<RecipeStatement>;
}

/** Reads a recipe and what it extends; the nearer one wins, key by key. Undefined where there is no such recipe. */
export function readRecipeText(name: string, files: PromptFiles): RecipeText | undefined {
  const layers: Layer[] = [];
  const problems: PromptProblem[] = [];
  for (let next: string | undefined = name; next !== undefined;) {
    const layer = readLayer(next, files);
    const last = layers.at(-1);
    if (!layer || layers.some(each => each.name === next)) {
      if (!last) return undefined;
      const message = layer ? `The recipe ${next} would extend itself.` : `There is no recipe ${next} to extend.`;
      problems.push(last.source.problem(last.yaml.rangeOf(['extends']) ?? firstLine, 'recipe.not-found', message));
      break;
    }
    layers.push(layer);
    problems.push(...layer.yaml.problems);
    next = layer.yaml.value?.extends;
  }
  return {
    recipe: completeSchema.parse(layers.reduceRight<unknown>((statement, layer) => merge(statement, layer.yaml.value ?? {}), {})),
    folders: layers.map(layer => layer.name),
    files: layers.map(layer => layer.source.file),
    problems,
    source: layers[0]?.source ?? new Source('', ''),
    rangeOf: path => layers[0]?.yaml.rangeOf(path),
    problemAt: finding => problemIn(layers, finding),
  };
}

const firstLine: Range = { start: 0, end: 0 };

function readLayer(name: string, files: PromptFiles): Layer | undefined {
  const file = recipePath(name);
  const text = files.get(file);
  if (text === undefined) return undefined;
  const source = new Source(file, text);
  const start = text.startsWith('\ufeff') ? 1 : 0;
  const yaml = readYaml(source, { start, end: text.length }, { schema: recipeSchema, codes: { invalid: 'recipe.invalid', unknownKey: 'recipe.unknown-key' }, keysAt });
  return { name, source, yaml };
}

function problemIn(layers: readonly Layer[], { path, code, message, severity = 'error', name, known = [] }: RecipeFinding): PromptProblem {
  const problem = (source: Source, range: Range) => ({ ...(name === undefined ? source.problem(range, code, message) : source.misnamed(range, code, { words: message, name, known })), severity });
  for (let length = path.length; length > 0; length -= 1) {
    for (const { source, yaml } of layers) {
      const range = yaml.rangeOf(path.slice(0, length));
      if (range) return problem(source, range);
    }
  }
  return problem(layers[0]?.source ?? new Source('', ''), firstLine);
}

/** Groups of keys are put together key by key; a text, number, list or `off` takes the place of what was there. */
function merge(base: unknown, over: unknown): unknown {
  if (!isFields(base) || !isFields(over)) return over;
  return Object.fromEntries([...new Set([...Object.keys(base), ...Object.keys(over)])].map(key => [key, key in over ? merge(base[key], over[key]) : base[key]]));
}
