import type { PromptPlace, PromptPreview } from '../../contract/prompts.ts';
import { problemError } from '../../core/model/problem.ts';
import { evaluationPrompt, promptEnding } from '../../core/model/promptFile.ts';
import { isTrainTask, type HeldOutTask } from '../../core/model/task.ts';
import { readEvaluationPrompt } from '../../core/prompts/evaluationPrompt.ts';
import { splitPrompt } from '../../core/prompts/frontMatter.ts';
import { Source } from '../../core/prompts/problem.ts';
import { parsePrompt } from '../../core/prompts/prompt.ts';
import type { PromptFiles } from '../../core/recipes/recipeFile.ts';
import type { Store } from '../../ports/store.ts';
import { samplingOf } from '../evaluation/evaluationRule.ts';
import { taskNamed } from '../taskNamed.ts';
import { findingsOf, type Looking } from './preview.ts';

/** Whether a file is asked by evaluations and by no recipe: it stands where they look for their prompt, or says that it is of their stage. */
export function isOfEvaluations(file: string, files: PromptFiles): boolean {
  return file === evaluationPrompt || (file.endsWith(promptEnding) && splitPrompt(new Source(file, files.get(file) ?? '')).frontMatter?.stage === 'evaluate');
}

/** What is said where only a prompt of a recipe will do. */
export const askedByEvaluations = (file: string): Error => problemError('usage',
  `${file} is asked by evaluations, not by a recipe. A trial holds two versions of a recipe against each other on train tasks, and none ever asks a held-out task. Evaluate a model on a few tasks instead: Evaluate Model… with Only 50 Tasks of Each Set, or \`regenesis evaluate\` with --limit. What is answered then is kept, and never asked again.`);

/** A prompt of evaluations as it would be sent for a held-out task. Throws `no-tasks`, `task-not-found`. */
export async function previewOfEvaluation({ store, contexts }: Looking, files: PromptFiles, { file, task: named }: { readonly file: string } & Pick<PromptPlace, 'task'>): Promise<PromptPreview> {
  const { prompt, problems } = file === evaluationPrompt ? readEvaluationPrompt(files) : parsePrompt(file, files.get(file) ?? '', name => files.get(name));
  const head = { recipe: null, stages: ['evaluate' as const], problems: findingsOf(problems) };
  const elsewhere = file === evaluationPrompt ? [] : [`Evaluations ask with ${evaluationPrompt}, and no recipe asks with a prompt of the stage evaluate, so that nothing uses this file yet. It is shown as an evaluation would send it.`];
  if (!prompt) return { ...head, shown: null, ...noteOf(elsewhere) };
  const { id, question, answerKind, gold } = heldOutTask(store, named);
  const sent = prompt.render({ task: { question, answerKind } });
  const { count, estimated } = await contexts.count(sent.map(({ content }) => content));
  const messages = sent.map(({ role, content }) => ({ role, content, tokens: count(content), shared: 0 }));
  return {
    ...head,
    shown: {
      task: { id, question }, branch: null, stage: 'evaluate', messages, estimated, tokens: messages.reduce((sum, { tokens }) => sum + tokens, 0), sharedTokens: 0, sharedBy: 0,
      edited: false, arrivals: [], standIns: [], limit: samplingOf({ samples: 1 }, prompt.sampling).maxTokens,
    },
    ...noteOf([...elsewhere, ...(gold === undefined ? ['This task has no known answer, so that no evaluation asks it.'] : [])]),
  };
}

const noteOf = (sentences: readonly string[]): { readonly note?: string } => (sentences.length === 0 ? {} : { note: sentences.join(' ') });

/** The one that is named; else, and where that is a train task, the first that an evaluation would ask. */
function heldOutTask(store: Store, named: string | undefined): HeldOutTask {
  const task = named === undefined ? undefined : taskNamed(store, named);
  if (task && !isTrainTask(task)) return task;
  const [ids, unknown] = [store.taskIds({ split: 'held-out' }), new Set(store.taskIds({ split: 'held-out', withoutGold: true }))];
  const first = ids.find(id => !unknown.has(id)) ?? ids[0];
  const found = first === undefined ? undefined : store.task(first);
  if (found && !isTrainTask(found)) return found;
  throw problemError('no-tasks', `There are no held-out tasks in ${store.path} yet. Import some as held out: what evaluations ask is shown for one of them.`);
}
