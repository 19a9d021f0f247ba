import type { Guideline } from '../model/guideline.ts';
import { recipeId, type Hash } from '../model/ids.ts';
import { isFields } from '../model/outside.ts';
import { hasErrors, inReadingOrder, type PromptProblem } from '../prompts/problem.ts';
import type { ParsedPrompt } from '../prompts/prompt.ts';
import { readGuidelines } from './guidelines.ts';
import type { Recipe, RoundPlan, StagePlan } from './recipe.ts';
import { checkFilters, checkStages } from './recipeChecks.ts';
import { readRecipeText, type CompleteRecipe, type PromptFiles } from './recipeFile.ts';
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
  const text = readRecipeText(name, files);
  if (!text) return { problems: [] };
  const library = readGuidelines(files);
  const read = [...text.problems, ...library.problems];
  if (hasErrors(text.problems)) return { problems: inReadingOrder(read) };

  const { recipe: stated } = text;
  const builder = new RoundBuilder({ text, files, guidelines: library.guidelines });
  const first = builder.build();
  const second = typeof stated.hints === 'object' ? builder.build(stated.hints) : undefined;
  const problems = inReadingOrder([...read, ...[...checkFilters(stated), ...checkStages(stated)].map(text.problemAt), ...builder.problems]);
  if (!first || hasErrors(problems)) return { problems };

  const content = { ...settingsOf(name, stated), rounds: { 1: first, ...(second ? { 2: second } : {}) } };
  const partials = [...builder.prompts.values()].flatMap(prompt => prompt?.partials ?? []);
  const used = [...new Set([...text.files, ...library.files, ...builder.prompts.keys(), ...partials])].sort();
  const id = recipeId(hash(essenceOf(content, [...builder.prompts.values()])));
  return { recipe: { ...content, id, files: Object.fromEntries(used.map(file => [file, files.get(file) ?? ''])) }, problems };
}

function settingsOf(name: string, stated: CompleteRecipe): Omit<Recipe, 'id' | 'files' | 'rounds'> {
  const { title, description, seed, layout, filters, clean, length, select, vote } = stated;
  const { below, tokenizer } = length;
  return {
    name, title, description: description.trim(), seed, layout, filters, perTask: select.perTask, vote,
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
  const { name, seed, layout, filters, clean, length, perTask, vote, rounds } = content;
  return canonicalJson(['regenesis-recipe-1', { name, seed, layout, filters, clean, length, perTask, vote, rounds: [round(rounds[1]), round(rounds[2])] }]);
}

/** JSON with sorted keys, so that the order in which something was stated does not matter. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (
    isFields(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each
  ));
}
