import { evaluationChoicesSchema } from '../../contract/evaluation.ts';
import type { EvaluationStaleness } from '../../contract/prompts.ts';
import { TaskEvaluation, type EvaluationContext } from '../../core/evaluation/taskEvaluation.ts';
import type { EvaluationRecord, EvaluationRule } from '../../core/model/evaluation.ts';
import type { TaskId } from '../../core/model/ids.ts';
import { problemError } from '../../core/model/problem.ts';
import { evaluationPrompt } from '../../core/model/promptFile.ts';
import { isTrainTask } from '../../core/model/task.ts';
import { readEvaluationPrompt } from '../../core/prompts/evaluationPrompt.ts';
import type { ParsedPrompt } from '../../core/prompts/prompt.ts';
import { estimateTokens } from '../../core/verify/tokens.ts';
import { hasN } from '../describeServers.ts';
import { ruleOf } from '../evaluation/evaluationRule.ts';
import { guessedShareOfLimit } from '../planReport.ts';
import { inSlices } from '../slices.ts';
import { findingsOf } from './preview.ts';
import { spread, type Counting } from './staleness.ts';

/**
 * What saving would make stale of the latest evaluation. Absent where no model was evaluated yet, where its prompt cannot be read any more, and where it has nothing to do with
 * the file that is asked about. Throws `cancelled` once the signal is.
 */
export async function stalenessOfEvaluation(counting: Counting): Promise<EvaluationStaleness | undefined> {
  const { store, texts: { unsaved }, file } = counting;
  const latest = latestIn(store);
  if (!latest) return undefined;
  const { record, before } = latest;
  const { prompt, problems } = readEvaluationPrompt(unsaved);
  const used = [evaluationPrompt, ...before.partials, ...prompt?.partials ?? [], ...problems.map(problem => problem.file)];
  if (file !== undefined && !used.includes(file)) return undefined;
  const nothing = { evaluation: record.id, same: true, answers: 0, exact: true, calls: 0, promptTokens: 0, outputTokens: 0, problems: [] };
  if (!prompt) return { ...nothing, same: false, problems: findingsOf(problems.filter(({ severity }) => severity === 'error')) };
  const rule = ruleThen(record, prompt);
  if (before.essence === prompt.essence && JSON.stringify(rule) === JSON.stringify(record.rule)) return nothing;
  const { dependencies: { hash } } = counting;
  const sides = record.models.map(({ identity }): Sides => ({ before: { prompt: before, rule: record.rule, identity, hash }, then: { prompt, rule, identity, hash } }));
  return { ...nothing, same: false, ...await counted(counting, record, sides) };
}

/** The latest evaluation with its prompt as it was. */
function latestIn(store: Counting['store']): { readonly record: EvaluationRecord; readonly before: ParsedPrompt } | undefined {
  const [record] = store.evaluations.all();
  const texts = record && store.recipe(record.rule.promptId)?.files;
  const before = texts && readEvaluationPrompt(new Map(Object.entries(texts))).prompt;
  return before && { record, before };
}

/** How the same choices would ask: what a prompt states of sampling is another with another prompt. */
function ruleThen({ choices, rule }: EvaluationRecord, prompt: ParsedPrompt): EvaluationRule {
  const parsed = evaluationChoicesSchema.safeParse(choices);
  return parsed.success ? { ...rule, sampling: ruleOf(parsed.data, { id: rule.promptId, prompt }).sampling } : rule;
}

/** How a model of the evaluation was asked, and would be. */
interface Sides {
  readonly before: EvaluationContext;
  readonly then: EvaluationContext;
}

type Counted = Pick<EvaluationStaleness, 'answers' | 'exact' | 'calls' | 'promptTokens' | 'outputTokens'>;

async function counted({ dependencies: { clock }, store, contexts, most, signal }: Counting, record: EvaluationRecord, models: readonly Sides[]): Promise<Counted> {
  const { tasks, times } = spread(store.evaluations.tasks(record.id).flat(), most);
  const { samples } = record.rule;
  const server = samples > 1 ? await contexts.describe(signal) : undefined;
  const sum = { answers: 0, calls: 0, promptTokens: 0, outputTokens: 0 };
  const pause = inSlices(clock);
  for (const id of tasks) {
    const found = countedOf(store, id, { models, drawsSeveral: server !== undefined && hasN(server) });
    for (const figure of figures) sum[figure] += found[figure] * times;
    await pause();
    if (signal.aborted) throw problemError('cancelled', 'The counting was called off. It changes nothing.');
  }
  for (const figure of figures) sum[figure] = Math.round(sum[figure]);
  return { ...sum, exact: times === 1 && samples === 1 }; // another server than the project's may draw several answers otherwise
}

const figures = ['answers', 'calls', 'promptTokens', 'outputTokens'] as const;

/** One task, of all models. What the prompt as it was has no answer to yet is none that saving costs, nor is what was asked just so before. */
function countedOf(store: Counting['store'], id: TaskId, { models, drawsSeveral }: { readonly models: readonly Sides[]; readonly drawsSeveral: boolean }): Omit<Counted, 'exact'> {
  const sum = { answers: 0, calls: 0, promptTokens: 0, outputTokens: 0 };
  const task = store.task(id);
  if (!task || isTrainTask(task)) return sum;
  const [answers, lost] = [store.answers(id), store.lost(id)];
  for (const { before, then } of models) {
    const [was, is] = [new TaskEvaluation(task, before), new TaskEvaluation(task, then)];
    was.receive(answers, lost);
    is.receive(answers, lost);
    const standing = new Set(is.answers);
    const [call] = is.next();
    const asked = Math.min(call?.answers.length ?? 0, was.answers.filter(answer => !standing.has(answer)).length);
    if (!call || asked === 0) continue;
    const requests = drawsSeveral ? 1 : asked;
    sum.answers += asked;
    sum.calls += requests;
    sum.promptTokens += requests * estimateTokens(call.messages.map(({ content }) => content).join('\n'));
    sum.outputTokens += asked * guessedShareOfLimit * then.rule.sampling.maxTokens;
  }
  return sum;
}
