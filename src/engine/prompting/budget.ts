import type { PromptBudget } from '../../contract/prompts.ts';
import { problemError } from '../../core/model/problem.ts';
import { modelStages, type CallStage, type ModelStage } from '../../core/model/stage.ts';
import type { RoundPlan } from '../../core/recipes/recipe.ts';
import { estimateTokens } from '../../core/verify/tokens.ts';
import type { Store } from '../../ports/store.ts';
import { guessedShareOfLimit } from '../planReport.ts';
import { serverSetting } from '../settings.ts';
import type { FoundPrompt } from './findPrompt.ts';
import { firstTask, lookAt, type Looking } from './preview.ts';

/** Tasks whose answers are looked at to learn how long answers are. */
const measuredTasks = 16;

/** The tokens of a prompt for the task with the longest question. */
export async function budgetOf(looking: Looking, found: FoundPrompt): Promise<PromptBudget> {
  const { store, contexts } = looking;
  const longest = found.stage === 'judge' ? store.longestTask(true) : store.longestTask(); // a judge is asked by the known answer
  const { stepped, stage, standing } = await lookAt(looking, found, { task: longest ?? firstTask(store) }, () => '');
  const samplings = new Map(stepped.asking.map(each => [each.stage, each.sampling]));
  const lengths = meanLengths(store);
  // what an answer of `choose` gives is the guidelines that it names
  const lengthOf = (of: ModelStage) => (of === 'choose' ? chosenTokens(stepped.plan) : lengths.get(of) ?? guessedShareOfLimit * (samplings.get(of)?.maxTokens ?? 0));
  const missing = standing.standIns.filter(({ from }) => from === 'nothing').reduce((sum, each) => sum + lengthOf(each.stage), 0);
  const elsewhere = stage === 'judge' && serverSetting(store)?.judge !== undefined;
  const maxTokens = samplings.get(stage)?.maxTokens;
  if (maxTokens === undefined) throw problemError('usage', `Recipe ${found.name} has no stage ${stage}.`);
  return {
    stage, task: stepped.context.task.id, maxTokens, contextTokens: elsewhere ? null : (await contexts.describe())?.contextTokens ?? null,
    tokens: Math.round(missing) + standing.messages.reduce((sum, { content }) => sum + estimateTokens(content), 0),
  };
}

/** As many guidelines as may be chosen, the longest. */
function chosenTokens({ choices, choose }: RoundPlan): number {
  const lengths = choices.map(({ text }) => estimateTokens(text)).toSorted((one, other) => other - one);
  return lengths.slice(0, choose?.picks[1] ?? 0).reduce((sum, tokens) => sum + tokens, 0);
}

/** How long the answers of each stage are, on some tasks that were run. */
function meanLengths(store: Store): ReadonlyMap<ModelStage, number> {
  const sums = new Map<CallStage, { tokens: number; answers: number }>();
  let tasks = 0;
  for (const { taskId } of store.outcomes()) {
    for (const { stage, raw } of store.answers(taskId)) {
      const { tokens, answers } = sums.get(stage) ?? { tokens: 0, answers: 0 };
      sums.set(stage, { tokens: tokens + estimateTokens(raw), answers: answers + 1 });
    }
    tasks += 1;
    if (tasks >= measuredTasks) break;
  }
  return new Map(modelStages.flatMap(stage => {
    const sum = sums.get(stage);
    return sum ? [[stage, sum.tokens / sum.answers] as const] : [];
  }));
}
