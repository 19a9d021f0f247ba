import type { Guideline } from '../model/guideline.ts';
import { recipeId, type Hash } from '../model/ids.ts';
import { isFields } from '../model/outside.ts';
import { hasErrors, inReadingOrder, type PromptProblem } from '../prompts/problem.ts';
import { parsePrompt, type ParsedPrompt, type ParsePrompt } from '../prompts/prompt.ts';
import { readGuidelines, type GuidelineLibrary } from './guidelines.ts';
import type { Recipe, RoundPlan, StagePlan } from './recipe.ts';
import { checkFilters, checkStages } from './recipeChecks.ts';
import { readRecipeText, type CompleteRecipe, type PromptFiles, type RecipeText } from './recipeFile.ts';
import { RoundBuilder } from './rounds.ts';

/** What a recipe was loaded from, and what came of it. */
export interface LoadedRecipe {
  /** Present where no problem is an error: every stage then has what it reads, and no prompt can fail. */
  readonly recipe?: Recipe;
  /** In reading order, file by file. No recipe and no problem: there is none of that name. */
  readonly problems: readonly PromptProblem[];
}

/**
 * Reads a recipe with its prompts, partials and guidelines, and checks it whole: which stage reads and writes what, before a token is spent. Never throws.
 *
 * @param input.files path below `prompts/` → text; a workspace's files have taken the places of the shipped ones
 */
export function loadRecipe(input: { readonly name: string; readonly files: PromptFiles; readonly hash: Hash }): LoadedRecipe {
  const { name, files, hash } = input;
  const read = readRecipe(name, files);
  if (!read) return { problems: [] };
  const { text, library, builder, first, second, problems } = read;
  if (!builder || !first || hasErrors(problems)) return { problems };

  const content = { ...settingsOf(name, text.recipe), rounds: { 1: first, ...(second ? { 2: second } : {}) } };
  const partials = [...builder.prompts.values()].flatMap(prompt => prompt?.partials ?? []);
  const used = [...new Set([...text.files, ...library.files, ...builder.prompts.keys(), ...partials])].sort();
  const id = recipeId(hash(essenceOf(content, [...builder.prompts.values()])));
  return { recipe: { ...content, id, files: Object.fromEntries(used.map(file => [file, files.get(file) ?? ''])) }, problems };
}

/** How the files of a recipe are read, one by one: whoever reads them again and again remembers what came of those that stayed the same. */
export interface RecipeReaders {
  readonly text: typeof readRecipeText;
  readonly guidelines: typeof readGuidelines;
  readonly prompt: ParsePrompt;
}

const plainReaders: RecipeReaders = { text: readRecipeText, guidelines: readGuidelines, prompt: parsePrompt };

/** A recipe as far as it could be read. */
export interface ReadRecipe {
  readonly text: RecipeText;
  readonly library: GuidelineLibrary;
  /** Absent where the text cannot be built on. */
  readonly builder?: RoundBuilder;
  readonly first?: RoundPlan | undefined;
  readonly second?: RoundPlan | undefined;
  /** As of `loadRecipe`. */
  readonly problems: readonly PromptProblem[];
}

/** Reads and checks a recipe whole without making it ready to run. Undefined where there is none of that name. Never throws. */
export function readRecipe(name: string, files: PromptFiles, readers: RecipeReaders = plainReaders): ReadRecipe | undefined {
  const text = readers.text(name, files);
  if (!text) return undefined;
  const library = readers.guidelines(files);
  const read = [...text.problems, ...library.problems];
  if (hasErrors(text.problems)) return { text, library, problems: inReadingOrder(read) };
  const { recipe: stated } = text;
  const builder = new RoundBuilder({ text, files, guidelines: library.guidelines, parse: readers.prompt });
  const first = builder.build();
  const second = typeof stated.hints === 'object' ? builder.build(stated.hints) : undefined;
  const problems = inReadingOrder([...read, ...[...checkFilters(stated), ...checkStages(stated)].map(text.problemAt), ...builder.problems]);
  return { text, library, builder, first, second, problems };
}

function settingsOf(name: string, stated: CompleteRecipe): Omit<Recipe, 'id' | 'files' | 'rounds'> {
  const { title, description, seed, layout, filters, clean, length, select, knownAnswers, vote } = stated;
  const { below, tokenizer } = length;
  return {
    name, title, description: description.trim(), seed, layout, filters, perTask: select.perTask, knownAnswers, vote,
    ...(filters.includes('clean') ? { clean } : {}),
    ...(filters.includes('length') && below !== undefined ? { length: { below, tokenizer } } : {}),
  };
}

/** What decides how a recipe works, as a text: titles, comments and the names of files are not in it. */
function essenceOf(content: Omit<Recipe, 'id' | 'files'>, prompts: readonly (ParsedPrompt | undefined)[]): string {
  const essences = new Map(prompts.map(prompt => [prompt?.render, prompt?.essence]));
  const guidelines = (list: readonly Guideline[]) => list.map(({ id, text }) => ({ id, text }));
  const stage = (plan: StagePlan | undefined) => plan && { ...plan, prompt: essences.get(plan.prompt.render) };
  const round = (plan: RoundPlan | undefined) => plan && {
    ...plan, guidelines: guidelines(plan.guidelines), choices: guidelines(plan.choices), choose: stage(plan.choose), chain: plan.chain.map(stage), judge: stage(plan.judge),
  };
  const { name, seed, layout, filters, clean, length, perTask, knownAnswers, vote, rounds } = content;
  // what has become possible since leaves the id of a recipe that makes no use of it as it was
  const unused = knownAnswers === 'unused' ? { knownAnswers } : {};
  return canonicalJson(['regenesis-recipe-1', { name, seed, layout, filters, clean, length, perTask, ...unused, vote, rounds: [round(rounds[1]), round(rounds[2])] }]);
}

/** JSON with sorted keys, so that the order in which something was stated does not matter. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (
    isFields(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each
  ));
}
