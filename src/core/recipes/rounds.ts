import type { Guideline } from '../model/guideline.ts';
import type { ModelStage, Sampling } from '../model/stage.ts';
import type { SamplingPart } from '../prompts/frontMatter.ts';
import { mostProblems, type PromptProblem } from '../prompts/problem.ts';
import type { ParsedPrompt, ParsePrompt } from '../prompts/prompt.ts';
import { situationOf, type Situation, type VariableRoot } from '../prompts/variables.ts';
import type { YamlPath } from '../prompts/yamlFile.ts';
import { laidOutPrompt, namedPrompt } from './promptPlaces.ts';
import type { ChoosePlan, RoundPlan, StagePlan } from './recipe.ts';
import { areFollowing, branchesOf, chainOf, isOn, wrongBranches } from './recipeChecks.ts';
import type { CompleteRecipe, HintsStatement, PromptFiles, RecipeFinding, RecipeText } from './recipeFile.ts';

/** Raised when what a stage means changes, so that its answers are asked for anew. */
const stageVersions: { readonly [Stage in ModelStage]: number } = { choose: 1, adapt: 1, structure: 1, path: 1, judge: 1 };

/** No token is cut off where nobody states a nucleus. */
const defaultTopP = 1;

/** A recipe as it is stated, with what it names. */
export interface RecipeParts {
  readonly text: RecipeText;
  readonly files: PromptFiles;
  readonly guidelines: readonly Guideline[];
  readonly parse: ParsePrompt;
}

/** Makes the plans of both rounds, and gathers what is wrong on the way. Each prompt is read once. */
export class RoundBuilder {
  readonly problems: PromptProblem[] = [];
  readonly prompts = new Map<string, ParsedPrompt | undefined>();
  /** Prompts that say another stage than the one that they are to be asked at: path → that stage. */
  readonly ofOtherStage = new Map<string, ModelStage>();
  readonly #parts: RecipeParts;

  constructor(parts: RecipeParts) {
    this.#parts = parts;
  }

  /** The plan of round 1, or with `hints` of round 2; undefined where one of its stages cannot be planned. */
  build(hints?: HintsStatement): RoundPlan | undefined {
    const { recipe } = this.#parts.text;
    const branches = this.#branches(hints);
    const choices = this.#choices(hints, branches);
    const chainStages = chainOf(recipe);
    const plan = (stage: ModelStage, inputs: readonly VariableRoot[]) => this.#stage(stage, inputs, hints);
    const chain = chainStages.map(stage => plan(stage, inputsOf(stage, chainStages, branches.drawn > 0))).filter(each => each !== undefined);
    const choose = branches.chosen > 0 ? this.#choose(plan('choose', ['guidelines']), branches, choices) : 'none';
    const judge = recipe.filters.includes('judge') ? plan('judge', ['path', 'gold']) : 'none';
    if (chain.length < chainStages.length || !choose || !judge) return undefined;
    return {
      guidelines: branches.guidelines ? choices : [],
      choices,
      ...(branches.drawn > 0 && { drawn: branches.drawn }),
      chain,
      hintStages: hints?.stages ?? [],
      ...(choose !== 'none' && { choose }),
      ...(judge !== 'none' && { judge }),
    };
  }

  #branches(hints: HintsStatement | undefined): CompleteRecipe['branches'] {
    const branches = branchesOf(this.#parts.text.recipe, hints);
    // what the hint round takes from round 1 was said there
    if (!hints || hints.branches) for (const finding of wrongBranches(this.#parts.text.recipe, branches)) this.#report({ ...finding, path: [...(hints ? ['hints'] : []), ...finding.path] });
    return areFollowing(branches) ? { ...branches, drawn: 0 } : branches; // draws beside others are refused, and bring no further problems
  }

  /** Plain draws have nothing to do with guidelines: none is named, and another library changes nothing. */
  #choices(hints: HintsStatement | undefined, { drawn }: CompleteRecipe['branches']): readonly Guideline[] {
    if (drawn > 0) return [];
    const own = this.#slice(this.#parts.text.recipe.guidelines, this.#parts.guidelines, ['guidelines']);
    return hints ? this.#slice(hints.guidelines ?? 'all', own, ['hints', 'guidelines']) : own;
  }

  #slice(slice: 'all' | 'all-but-presupposing' | readonly string[], from: readonly Guideline[], path: YamlPath): readonly Guideline[] {
    const sliced = slice === 'all' ? from : slice === 'all-but-presupposing' ? from.filter(guideline => !guideline.presupposesSolution) : this.#named(slice, path);
    if (sliced.length === 0) this.#report({ path, code: 'recipe.guidelines', message: 'No guidelines are left.' });
    return sliced;
  }

  #named(ids: readonly string[], path: YamlPath): readonly Guideline[] {
    const byId = new Map(this.#parts.guidelines.map(guideline => [guideline.id, guideline]));
    const known = [...byId.keys()];
    const seen = new Set<string>();
    const wrong = [...ids.entries()].filter(([, id]) => !byId.has(id) || seen.size === seen.add(id).size);
    for (const [index, id] of wrong.slice(0, mostProblems)) {
      const place = { path: [...path, index], code: 'recipe.guidelines' } as const;
      this.#report(byId.has(id) ? { ...place, message: `The guideline ${id} stands here twice.` } : { ...place, message: `There is no guideline ${id}`, name: id, known });
    }
    return ids.flatMap(id => byId.get(id) ?? []);
  }

  #choose(plan: StagePlan | undefined, branches: CompleteRecipe['branches'], choices: readonly Guideline[]): ChoosePlan | undefined {
    const { chosen, picks } = branches;
    const [least, most] = picks;
    if (!isOn(this.#parts.text.recipe.stages.choose)) {
      this.#report({ path: ['branches', 'chosen'], code: 'recipe.stages', message: 'Branches of chosen guidelines need the stage choose.' });
    }
    if (least > most || most > choices.length) {
      this.#report({ path: ['branches', 'picks'], code: 'recipe.stages', message: `Between ${least} and ${most} guidelines cannot be picked out of ${choices.length}.` });
    }
    return plan && { ...plan, samples: chosen, picks };
  }

  #stage(stage: ModelStage, inputs: readonly VariableRoot[], hints: HintsStatement | undefined): StagePlan | undefined {
    const { recipe } = this.#parts.text;
    const stated = recipe.stages[stage];
    if (!isOn(stated)) return undefined; // reported by whoever needs it
    const own = hints?.prompts?.[stage];
    const prompt = own !== undefined ? this.#promptNamed(stage, own, ['hints', 'prompts', stage])
      : stated.prompt !== undefined ? this.#promptNamed(stage, stated.prompt, ['stages', stage, 'prompt'])
        : this.#promptLaidOut(stage);
    if (!prompt) return undefined;
    this.problems.push(...prompt.problemsIn(situationInRound(stage, inputs, hints)));
    const sampling = this.#sampling(stage, [recipe.sampling, hints?.sampling, prompt.sampling, stated.sampling]);
    return sampling && { stage, version: stageVersions[stage], prompt, sampling, retries: stated.retries ?? 0 };
  }

  #promptNamed(stage: ModelStage, name: string, path: YamlPath): ParsedPrompt | undefined {
    const { file, candidates } = namedPrompt(name, this.#parts.text.folders, this.#parts.files);
    if (file !== undefined) return this.#promptOfStage(stage, file, path);
    this.#report({ path, code: 'recipe.prompt', message: `There is no prompt ${candidates.join(' or ')}.` });
    return undefined;
  }

  #promptLaidOut(stage: ModelStage): ParsedPrompt | undefined {
    const { text, files } = this.#parts;
    const { layout } = text.recipe;
    const { file, candidates, inOtherLayout } = laidOutPrompt({ stage, layout, folders: text.folders }, files);
    if (file !== undefined) return this.#promptOfStage(stage, file, ['stages', stage]);
    if (inOtherLayout === undefined) {
      this.#report({ path: ['stages', stage], code: 'recipe.prompt', message: `There is no prompt ${candidates.join(' or ')}.` });
      return undefined;
    }
    const message = `The layout ${layout} needs the prompt ${inOtherLayout.wanted}: there is only ${inOtherLayout.found}. Add it, or state the prompt of the stage ${stage}.`;
    this.#report({ path: ['layout'], code: 'recipe.prompt', message });
    return undefined;
  }

  #promptOfStage(stage: ModelStage, file: string, path: YamlPath): ParsedPrompt | undefined {
    const prompt = this.#parse(file);
    if (!prompt || prompt.stage === stage) return prompt;
    this.ofOtherStage.set(file, stage);
    this.#report({ path, code: 'recipe.prompt', message: `The prompt ${file} is one of the ${prompt.stage} stage, not of ${stage}. Name one of the ${stage} stage, or change what it says.` });
    return undefined;
  }

  #parse(file: string): ParsedPrompt | undefined {
    const { files, parse } = this.#parts;
    if (!this.prompts.has(file)) {
      const { prompt, problems } = parse(file, files.get(file) ?? '', name => files.get(name));
      this.problems.push(...problems);
      this.prompts.set(file, prompt);
    }
    return this.prompts.get(file);
  }

  /** The later statement wins, part by part. */
  #sampling(stage: ModelStage, statements: readonly (SamplingPart | undefined)[]): Sampling | undefined {
    const stated = statements.reduce<SamplingPart>((all, each) => ({ ...all, ...each }), {});
    const { temperature, max_tokens: maxTokens, one_of: oneOf } = stated;
    if (temperature !== undefined && maxTokens !== undefined) return { temperature, topP: stated.top_p ?? defaultTopP, maxTokens, stop: stated.stop ?? [], ...(oneOf ? { oneOf } : {}) };
    const lacking = temperature === undefined ? 'temperature' : 'max_tokens';
    this.#report({ path: ['stages', stage], code: 'recipe.missing', message: `Nothing states sampling.${lacking} for the stage ${stage}.` });
    return undefined;
  }

  #report(finding: RecipeFinding): void {
    this.problems.push(this.#parts.text.problemAt(finding));
  }
}

/** What a stage is given in one round; where it is shown the hint, its prompt must use it. */
function situationInRound(stage: ModelStage, inputs: readonly VariableRoot[], hints: HintsStatement | undefined): Situation {
  const hinted = hints?.stages?.some(each => each === stage) ?? false;
  const situation = situationOf(stage, inputs, hinted);
  return hinted ? { ...situation, required: [...situation.required, 'hint'] } : situation;
}

/** What a stage of a branch is given besides the task: what the stage before it made, or the guideline; a plain draw nothing. */
function inputsOf(stage: ModelStage, chain: readonly ModelStage[], isDrawn: boolean): readonly VariableRoot[] {
  if (stage === 'adapt') return ['guideline'];
  if (stage === 'structure') return chain.includes('adapt') ? ['adapted'] : ['guideline'];
  if (chain.includes('structure')) return ['structure'];
  return isDrawn ? [] : ['adapted'];
}
