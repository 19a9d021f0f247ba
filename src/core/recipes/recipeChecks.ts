import { withoutAbsent } from '../model/outside.ts';
import { filters as filterOrder, type Filter, type ModelStage } from '../model/stage.ts';
import type { YamlPath } from '../prompts/yamlFile.ts';
import type { CompleteRecipe, HintsStatement, RecipeFinding, StageStatement } from './recipeFile.ts';

/** Whether a recipe has a stage. */
export const isOn = (stage: StageStatement | 'off' | false | undefined): stage is StageStatement => typeof stage === 'object';

/** The stages of a branch that a recipe has, in order. */
export const chainOf = ({ stages }: CompleteRecipe): readonly ModelStage[] => (['adapt', 'structure', 'path'] as const).filter(stage => stage === 'path' || isOn(stages[stage]));

/** What is wrong with a recipe's list of filters: they stand in one order, verify is never left out, and some need what others do. */
export function checkFilters(recipe: CompleteRecipe): readonly RecipeFinding[] {
  const { filters } = recipe;
  if (filters.length === 0) return [{ path: ['filters'], code: 'recipe.missing', message: 'A recipe lists its filters; verify is one of them.' }];
  const found: RecipeFinding[] = filters.flatMap((filter, index) => wrongPlace(filters, filter, index));
  const add = (filter: Filter, message: string) => found.push({ path: filters.includes(filter) ? ['filters', filters.indexOf(filter)] : ['filters'], code: 'recipe.filters', message });
  const lacks = (filter: Filter, other: Filter) => filters.includes(filter) && !filters.includes(other);
  if (!filters.includes('verify')) add('verify', 'The filter verify cannot be left out: every exported answer is verified.');
  if (lacks('clean', 'reverify')) add('clean', 'The filter clean needs reverify: what was cleaned must still hold its answer.');
  if (lacks('reverify', 'clean')) add('reverify', 'The filter reverify needs clean: without it nothing has changed.');
  if (filters.includes('length') && recipe.length.below === undefined) add('length', 'The filter length needs length.below, the number of tokens at which a path is too long.');
  const unjudged = filters.includes('judge') ? whyNoJudge(recipe) : undefined;
  if (unjudged !== undefined) add('judge', unjudged);
  if (isOn(recipe.stages.judge) && !filters.includes('judge')) {
    found.push({ path: ['stages', 'judge'], code: 'recipe.filters', message: 'The judge is never asked: judge is not among the filters.', severity: 'warning' });
  }
  return found;
}

function whyNoJudge({ stages, knownAnswers }: CompleteRecipe): string | undefined {
  if (!isOn(stages.judge)) return 'The filter judge needs the stage judge.';
  return knownAnswers === 'unused' ? 'The judge compares with the known answer, which this recipe leaves unused.' : undefined;
}

function wrongPlace(filters: readonly Filter[], filter: Filter, index: number): RecipeFinding[] {
  const earlier = filters.slice(0, index).find(each => filterOrder.indexOf(each) >= filterOrder.indexOf(filter));
  if (!earlier) return [];
  const message = earlier === filter ? `The filter ${filter} stands here twice.` : `The filter ${filter} stands before ${earlier}: the order is ${filterOrder.join(', ')}.`;
  return [{ path: ['filters', index], code: 'recipe.filters', message }];
}

type Branches = CompleteRecipe['branches'];

/** Whether some branches of a round follow guidelines. */
export const areFollowing = ({ guidelines, chosen }: Branches): boolean => guidelines || chosen > 0;

/** The branches of the hint round: the recipe's own but for what it states of them. */
export const branchesOf = ({ branches }: CompleteRecipe, hints: HintsStatement | undefined): Branches => ({ ...branches, ...withoutAbsent({ ...hints?.branches }) });

/** What is wrong with the branches of a round: there are some, and all are of one kind, which the stages are made for. Places are those below the round's own keys. */
export function wrongBranches(recipe: CompleteRecipe, branches: Branches): readonly RecipeFinding[] {
  const { drawn } = branches;
  const wrong = (path: YamlPath, message: string): RecipeFinding => ({ path, code: 'recipe.stages', message });
  const followed = areFollowing(branches);
  const alone = chainOf(recipe).length < 2;
  if (!followed && drawn === 0) return [wrong(['branches'], 'There are no branches: ask for one for each guideline, for chosen ones, or for plain draws.')];
  if (followed && drawn > 0) return [wrong(['branches', 'drawn'], 'Plain draws stand beside no others: state branches.guidelines false and branches.chosen 0, or leave out branches.drawn.')];
  if (drawn > 0 && !alone) return [wrong(['branches', 'drawn'], 'Plain draws follow no guideline, so that adapt and structure have nothing to start from: both are off.')];
  return [];
}

/** What is wrong with a recipe's stages: the path stage must have something to follow unless branches are plain draws, and a hint only goes to stages that there are. */
export function checkStages(recipe: CompleteRecipe): readonly RecipeFinding[] {
  const { title, stages, hints } = recipe;
  const chain = chainOf(recipe);
  const found: RecipeFinding[] = [];
  if (title === '') found.push({ path: ['title'], code: 'recipe.missing', message: 'A recipe has a title.' });
  if (!isOn(stages.path)) found.push({ path: ['stages'], code: 'recipe.missing', message: 'A recipe has the stage path.' });
  if (chain.length < 2 && [undefined, typeof hints === 'object' ? hints : undefined].some(round => areFollowing(branchesOf(recipe, round)))) {
    found.push({ path: ['stages'], code: 'recipe.stages', message: 'The path stage would have nothing to follow but guideline text, which it never sees: keep adapt or structure, or let all branches be drawn.' });
  }
  if (typeof hints !== 'object') return found;
  if (recipe.knownAnswers === 'unused') found.push({ path: ['hints'], code: 'recipe.stages', message: 'The hint is the known answer, which this recipe leaves unused: take out hints, or knownAnswers.' });
  if (!hints.stages) found.push({ path: ['hints'], code: 'recipe.missing', message: 'hints.stages says which stages are shown the known answer.' });
  hints.stages?.forEach((stage, index) => {
    if (!chain.includes(stage)) found.push({ path: ['hints', 'stages', index], code: 'recipe.stages', message: `The hint would be shown to ${stage}, a stage that this recipe does not have.` });
  });
  return found;
}
