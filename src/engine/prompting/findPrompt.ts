import type { Overlay, PromptChoice } from '../../contract/prompts.ts';
import { problemError } from '../../core/model/problem.ts';
import { promptEnding } from '../../core/model/promptFile.ts';
import { isModelStage, rounds, type ModelStage, type Round } from '../../core/model/stage.ts';
import type { PromptProblem } from '../../core/prompts/problem.ts';
import { parsePrompt } from '../../core/prompts/prompt.ts';
import { loadRecipe } from '../../core/recipes/loadRecipe.ts';
import { stagePlansOf, type Recipe } from '../../core/recipes/recipe.ts';
import { recipeNames, type PromptFiles } from '../../core/recipes/recipeFile.ts';
import type { Store } from '../../ports/store.ts';
import type { EngineDependencies } from '../dependencies.ts';
import { defaultRecipe } from '../resolveRun.ts';
import { isStep } from '../runChoices.ts';
import { baselineOf } from './baseline.ts';

/** The prompts of a project, and the same with what is not saved. */
export interface PromptTexts {
  readonly saved: ReadonlyMap<string, string>;
  readonly unsaved: ReadonlyMap<string, string>;
}

/** The files of the project with the texts that are not saved in their places. */
export function promptTexts({ files }: Pick<EngineDependencies, 'files'>, store: Store, overlay: Overlay): PromptTexts {
  const saved = files.prompts(store.path);
  return { saved, unsaved: new Map([...saved, ...Object.entries(overlay)]) };
}

/** Where a prompt is used. */
export interface FoundPrompt {
  readonly name: string;
  /** As it stands in the unsaved texts; absent where it cannot be used so. */
  readonly recipe: Recipe | undefined;
  /** What it is held against, see `baselineOf`. */
  readonly before: Recipe | undefined;
  readonly stage: ModelStage;
  readonly round: Round;
  /** The stages that use the file. */
  readonly stages: readonly ModelStage[];
  readonly problems: readonly PromptProblem[];
  readonly note?: string;
}

interface Searching {
  readonly store: Store;
  readonly texts: PromptTexts;
  readonly choice: PromptChoice;
  readonly hash: EngineDependencies['hash'];
}

/** Finds the recipe and the stage that a file is about, as `promptChoiceSchema` says; of a file that no evaluation asks with. Throws `recipe-not-found` where there is none. */
export function findPrompt({ hash }: Pick<EngineDependencies, 'hash'>, store: Store, { texts, choice }: Omit<Searching, 'hash' | 'store'>): FoundPrompt {
  const names = choice.recipe === undefined ? recipesInOrder(store, texts.unsaved) : [choice.recipe];
  const searching = { store, texts, choice, hash };
  for (const name of names) {
    const found = foundIn(name, searching);
    if (found) return found;
  }
  return putInPlace(names, searching);
}

/** Those that were run, latest first, then the usual one, then all others. */
function recipesInOrder(store: Store, files: PromptFiles): readonly string[] {
  const there = recipeNames(files);
  const run = store.runs().filter(each => !isStep(each)).map(({ recipeName }) => recipeName);
  return [...new Set([...run, defaultRecipe, ...there])].filter(name => there.includes(name));
}

/** Nothing where the recipe is not there, or has nothing to do with the file. */
function foundIn(name: string, { store, texts, choice: { file, stage }, hash }: Searching): FoundPrompt | undefined {
  const now = loadRecipe({ name, files: texts.unsaved, hash });
  const before = baselineOf(store, name, { saved: texts.saved, hash }).recipe;
  const recipe = now.recipe ?? before;
  const problems = now.problems.filter(problem => problem.severity === 'error' || problem.file === file);
  const concerns = file === undefined || problems.some(problem => problem.file === file) || (recipe !== undefined && Object.hasOwn(recipe.files, file));
  if (!concerns) return undefined;
  if (!recipe) return problems.length === 0 ? undefined : { name, recipe: undefined, before: undefined, problems, stages: [], round: 1, stage: stage ?? stageIn(file, texts.unsaved) ?? 'path' };
  const uses = usesOf(recipe, file);
  const use = useAt(stage, uses, recipe);
  return use && { name, recipe: now.recipe, before, problems, ...use, stages: [...new Set(uses.map(each => each.stage))] };
}

interface Use {
  readonly stage: ModelStage;
  readonly round: Round;
}

const allUses = ({ rounds: plans }: Recipe): readonly Use[] => rounds.flatMap(round => stagePlansOf(plans[round]).map(({ stage }): Use => ({ stage, round })));

/** The use at a stage, whether of the file or not; the first of the file where none is named, else of the recipe. */
function useAt(stage: ModelStage | undefined, uses: readonly Use[], recipe: Recipe): Use | undefined {
  const all = [...uses, ...allUses(recipe)];
  return all.find(each => each.stage === stage) ?? all[0];
}

/** The stages whose prompt is the file or includes it; every one where it is no prompt. */
function usesOf(recipe: Recipe, file: string | undefined): readonly Use[] {
  if (file === undefined || !file.endsWith(promptEnding)) return allUses(recipe);
  return rounds.flatMap(round => stagePlansOf(recipe.rounds[round])
    .filter(({ prompt }) => prompt.file === file || prompt.partials.includes(file))
    .map(({ stage }): Use => ({ stage, round })));
}

/** The stage that a prompt says it is of; absent where it does not, and for what is no prompt. */
function stageIn(file: string | undefined, files: PromptFiles): ModelStage | undefined {
  if (file?.endsWith(promptEnding) !== true) return undefined;
  const stage = parsePrompt(file, files.get(file) ?? '', name => files.get(name)).prompt?.stage;
  return stage && isModelStage(stage) ? stage : undefined;
}

/** A prompt that no recipe uses is looked at in the place of the one that the first recipe has at its stage. */
function putInPlace(names: readonly string[], { texts: { unsaved }, choice: { file = '' }, hash }: Searching): FoundPrompt {
  const [name] = names;
  const text = unsaved.get(file);
  if (name === undefined || text === undefined) throw problemError('recipe-not-found', `There is no recipe that uses ${file === '' ? 'it' : file}. Name it in a recipe, or choose another file.`);
  const { prompt, problems } = parsePrompt(file, text, each => unsaved.get(each));
  const stage = prompt && isModelStage(prompt.stage) ? prompt.stage : 'path';
  const unused = { name, recipe: undefined, before: undefined, stages: [], stage, round: 1, problems, note: 'No recipe uses this file yet.' } as const;
  const recipe = loadRecipe({ name, files: unsaved, hash }).recipe;
  const use = recipe && allUses(recipe).find(each => each.stage === stage);
  const place = use && stagePlansOf(recipe.rounds[use.round]).find(each => each.stage === use.stage)?.prompt.file;
  if (!use || place === undefined) return unused;
  const put = loadRecipe({ name, files: new Map([...unsaved, [place, text]]), hash });
  return {
    name, recipe: put.recipe, before: recipe, ...use, stages: [use.stage], problems: [...problems, ...put.problems],
    note: `No recipe uses this file yet. It is shown as stage ${use.stage} of ${name} would send it.`,
  };
}
