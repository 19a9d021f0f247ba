import { sha256 } from '../src/adapters/hash.ts';
import { shippedFiles } from '../src/adapters/files/shippedFiles.ts';
import { runId, taskId } from '../src/core/model/ids.ts';
import type { PromptVariables } from '../src/core/model/prompt.ts';
import type { Message, ModelStage, Round, Sampling } from '../src/core/model/stage.ts';
import type { TrainTask } from '../src/core/model/task.ts';
import { checkPath } from '../src/core/plan/checkPath.ts';
import type { RunContext } from '../src/core/plan/context.ts';
import { loadRecipe } from '../src/core/recipes/loadRecipe.ts';
import type { Recipe, RoundPlan, StagePlan } from '../src/core/recipes/recipe.ts';
import { understand, type RawAnswer } from '../src/core/stages/understand.ts';
import { loadCl100k } from '../src/core/verify/tokens.ts';
import type { LanguageModel } from '../src/ports/languageModel.ts';
import { questionAt } from './questions.ts';

/** The released code lets every answer be as long as this, those of the judge included. */
const maxTokens = 2048;
/** A summary of one sentence has some 40 tokens. The demo server plays none: what it writes instead is cut there, so that it takes as long. */
const summaryTokens = 40;
const timeoutMs = 600_000;

/** What a branch has come to so far. */
interface Chain {
  readonly guideline: { readonly id: string; readonly text: string };
  adapted?: { readonly text: string };
  structure?: { readonly text: string; readonly steps: readonly string[] };
  path?: RawAnswer;
}

/** The questions of the benchmark as tasks. */
export const releasedTask = (index: number): TrainTask => {
  const { question, gold } = questionAt(index);
  return { id: taskId(`bench/${index}`), question, gold, answerKind: 'number', split: 'train', origin: { dataset: 'bench' } };
};

/** A shipped recipe. */
export function shippedRecipe(name: string): Recipe {
  const { recipe } = loadRecipe({ name, files: new Map(shippedFiles()), hash: sha256 });
  if (!recipe) throw new Error(`there is no recipe ${name}`);
  return recipe;
}

/**
 * The method on the schedule, and with the calls, of its released code: one task at a time, a barrier after every stage, twenty separate requests for the choice of
 * guidelines, then 45 branches through adapt, structure, path, summary and judge, all of them whatever came of the others; and, where nothing can be kept, 20 branches
 * with the answer as a hint. The prompts are ours, and what can be kept is decided as our recipe decides it, so that both sides work for the same.
 */
export class ReleasedSchedule {
  readonly #model: LanguageModel;
  readonly #context: RunContext;
  #seed = 0;

  private constructor(model: LanguageModel, context: RunContext) {
    this.#model = model;
    this.#context = context;
  }

  /** @param model of which `describe` was asked before */
  static async of(model: LanguageModel): Promise<ReleasedSchedule> {
    const context: RunContext = { runId: runId(1), recipe: shippedRecipe('regenesis-released'), identity: '', mode: 'all', filter: 'typed', hash: sha256, countTokens: await loadCl100k() };
    return new ReleasedSchedule(model, context);
  }

  /** Works on a task to its end. @returns whether a path of it can be kept */
  async solve(task: TrainTask): Promise<boolean> {
    const { rounds } = this.#context.recipe;
    if (await this.#round(task, 1, rounds[1])) return true;
    return rounds[2] !== undefined && this.#round(task, 2, rounds[2]);
  }

  async #round(task: TrainTask, round: Round, plan: RoundPlan): Promise<boolean> {
    const chains: Chain[] = [...await this.#choose(task, plan), ...plan.guidelines.map(({ id, text }) => ({ guideline: { id, text } }))];
    for (const stage of plan.chain) await this.#each(chains, chain => this.#advance(chain, stage, variablesOf(task, plan, { stage: stage.stage, chain })));
    // the hint round of the released code has no summaries
    if (round === 1) await this.#each(chains, chain => this.#summarise(task, chain));
    const verdicts = await this.#each(chains, chain => this.#judge(task, plan, chain));
    return chains.some(({ path }, index) => (
      path !== undefined && verdicts[index] === true && checkPath({ ...this.#context, task }, { ...path, round }).failed.length === 0
    ));
  }

  async #choose(task: TrainTask, plan: RoundPlan): Promise<readonly Chain[]> {
    const { choose, choices } = plan;
    if (!choose) return [];
    const draws = Array.from({ length: choose.samples }, (_, index) => index);
    const answers = await this.#each(draws, () => this.#askStage(choose, { task, guidelines: choices }));
    return answers.map(answer => {
      const chosen = understand.choose(answer, plan);
      // the released code passes the model's words on unread
      if (!chosen.usable) return { guideline: { id: 'unread', text: answer.raw } };
      return { guideline: { id: chosen.value.map(({ id }) => id).join('+'), text: chosen.value.map(({ text }) => text).join('\n') } };
    });
  }

  async #advance(chain: Chain, plan: StagePlan, variables: PromptVariables): Promise<void> {
    const answer = await this.#askStage(plan, variables);
    if (plan.stage === 'adapt') chain.adapted = { text: answer.raw };
    else if (plan.stage === 'path') chain.path = answer;
    else {
      const structure = understand.structure(answer, this.#context.recipe.rounds[1]);
      chain.structure = structure.usable ? structure.value : { text: answer.raw, steps: [] };
    }
  }

  async #judge(task: TrainTask, { judge }: RoundPlan, { path }: Chain): Promise<boolean> {
    if (!judge) return true;
    const answer = await this.#askStage(judge, { task, path: { text: path?.raw ?? '' }, gold: task.gold ?? '' });
    const verdict = understand.judge(answer, this.#context.recipe.rounds[1]);
    return verdict.usable && verdict.value;
  }

  #summarise({ question }: TrainTask, { path }: Chain): Promise<RawAnswer> {
    const content = `### Task\n${question}\n\n### Solution\n${path?.raw ?? ''}\n\n### What to do\nSay in one sentence what the solution comes to, with its answer inside \\boxed{}.`;
    const { sampling } = this.#context.recipe.rounds[1].chain.at(-1) ?? {};
    if (!sampling) throw new Error('the recipe has no stage');
    return this.#ask('path', [{ role: 'user', content }], { ...sampling, maxTokens: summaryTokens });
  }

  #askStage({ stage, prompt, sampling }: StagePlan, variables: PromptVariables): Promise<RawAnswer> {
    const { temperature, topP, stop } = sampling;
    return this.#ask(stage, prompt.render(variables), { temperature, topP, stop, maxTokens });
  }

  async #ask(stage: ModelStage, messages: readonly Message[], sampling: Sampling): Promise<RawAnswer> {
    this.#seed += 1;
    const reply = await this.#model.complete({ stage, messages, sampling, seed: this.#seed, n: 1 }, { signal: new AbortController().signal, timeoutMs });
    const [choice] = reply.ok ? reply.choices : [];
    if (!choice) throw new Error(`a request failed: ${reply.ok ? 'there was no answer' : reply.problem.message}`);
    return { raw: choice.text, finish: choice.finish };
  }

  /** All at once, and then a barrier: as many in flight as there are branches. */
  #each<Item, Value>(items: readonly Item[], work: (item: Item) => Promise<Value>): Promise<readonly Value[]> {
    return Promise.all(items.map(work));
  }
}

function variablesOf(task: TrainTask, { hintStages }: RoundPlan, { stage, chain }: { readonly stage: ModelStage; readonly chain: Chain }): PromptVariables {
  const { question, answerKind, gold = '' } = task;
  const { guideline, adapted, structure } = chain;
  const input = stage === 'adapt' ? { guideline } : stage === 'structure' ? { adapted: adapted ?? { text: '' } } : { structure: structure ?? { text: '', steps: [] } };
  return { task: { question, answerKind }, ...(hintStages.includes(stage) ? { hint: { answer: gold } } : {}), ...input };
}
