import type { PromptBudget } from '../../contract/prompts.ts';
import { problemError } from '../../core/model/problem.ts';
import { modelStages, type ModelStage } from '../../core/model/stage.ts';
import { estimateTokens } from '../../core/verify/tokens.ts';
import type { Store } from '../../ports/store.ts';
import { guessedShareOfLimit } from '../planReport.ts';
import type { FoundPrompt } from './findPrompt.ts';
import { firstTask, lookAt, type Looking } from './preview.ts';

/** Tasks whose answers are looked at to learn how long answers are. */
const measuredTasks = 16;

/** The tokens of a prompt for the task with the longest question. */
export async function budgetOf(looking: Looking, found: FoundPrompt): Promise<PromptBudget> {
  const { store, contexts } = looking;
  const { stepped, stage, standing } = await lookAt(looking, found, { task: store.longestTask() ?? firstTask(store) }, () => '');
  const samplings = new Map(stepped.asking.map(each => [each.stage, each.sampling]));
  const lengths = meanLengths(store);
  const missing = standing.standIns.filter(({ from }) => from === 'nothing')
    .reduce((sum, each) => sum + (lengths.get(each.stage) ?? guessedShareOfLimit * (samplings.get(each.stage)?.maxTokens ?? 0)), 0);
  const maxTokens = samplings.get(stage)?.maxTokens;
  if (maxTokens === undefined) throw problemError('usage', `Recipe ${found.name} has no stage ${stage}.`);
  return {
    stage, task: stepped.context.task.id, maxTokens, contextTokens: (await contexts.describe())?.contextTokens ?? null,
    tokens: Math.round(missing) + standing.messages.reduce((sum, { content }) => sum + estimateTokens(content), 0),
  };
}

/** How long the answers of each stage are, on some tasks that were run. */
function meanLengths(store: Store): ReadonlyMap<ModelStage, number> {
  const sums = new Map<ModelStage, { tokens: number; answers: number }>();
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
