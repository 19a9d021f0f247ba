import type { WantedCall } from '../../core/model/answer.ts';
import { editKinds, type Edit } from '../../core/model/edit.ts';
import type { BadStep } from '../../core/model/review.ts';
import type { TaskOutcome, UsedAnswers } from '../../core/model/outcome.ts';
import { isFields, type Fields } from '../../core/model/outside.ts';
import { problemCodes, type Problem, type ProblemCode } from '../../core/model/problem.ts';
import type { TaskId } from '../../core/model/ids.ts';
import type { EvaluationDraft } from '../../core/model/evaluation.ts';
import { callStages, modelStages, type Usage } from '../../core/model/stage.ts';
import { taskStates, type ChoiceOption } from '../../core/model/task.ts';
import { targetKinds, type TrainingFacts, type TrainingJobDraft } from '../../core/model/trainingJob.ts';
import type { RunDraft } from '../../ports/store.ts';

/*
 * What tells a JSON column that this program wrote from one that a failing disk or a stranger's hand has changed. They look at what readers lean on,
 * not at every leaf: outcomes are read by the hundred thousand.
 */

const isOneOf = (list: readonly unknown[], value: unknown): boolean => list.includes(value);

export const isCall = (value: unknown): value is WantedCall =>
  isFields(value) && isOneOf(callStages, value['stage']) && Array.isArray(value['messages']) && isFields(value['sampling']) && Array.isArray(value['answers']);

export const isUsage = (value: unknown): value is Usage => isFields(value) && Object.values(value).every(tokens => typeof tokens === 'number');

export const isProblem = (value: unknown): value is Problem =>
  isFields(value) && isOneOf(problemCodes satisfies readonly ProblemCode[], value['code']) && typeof value['message'] === 'string';

export const isRunDraft = (value: unknown): value is RunDraft =>
  isFields(value) && typeof value['recipeId'] === 'string' && typeof value['model'] === 'string' && typeof value['startedAtMs'] === 'number';

export const isEvaluationDraft = (value: unknown): value is EvaluationDraft =>
  isFields(value) && typeof value['key'] === 'string' && typeof value['createdAtMs'] === 'number' && isFields(value['rule']) && isFields(value['rule']['sampling']) && isFields(value['choices'])
  && Array.isArray(value['models']) && value['models'].every(model => isFields(model) && typeof model['label'] === 'string' && typeof model['identity'] === 'string')
  && Array.isArray(value['sets']) && value['sets'].every(set => isFields(set) && typeof set['name'] === 'string');

export const isTaskLists = (value: unknown): value is readonly (readonly TaskId[])[] =>
  Array.isArray(value) && value.every(list => Array.isArray(list) && list.every(id => typeof id === 'string'));

export const isOutcome = (value: unknown): value is TaskOutcome =>
  isFields(value) && typeof value['taskId'] === 'string' && typeof value['state'] === 'string' && Array.isArray(value['branches'])
  && value['branches'].every(branch => isFields(branch) && isFields(branch['answers']) && Array.isArray(branch['verdicts']) && Array.isArray(branch['failed']));

/** States that an outcome can have: those a task keeps. */
export const outcomeStates = taskStates.filter(state => state !== 'not-started' && state !== 'running');

export const isUsedAnswers = (value: unknown): value is UsedAnswers =>
  Array.isArray(value) && value.every(each => isFields(each) && isOneOf(callStages, each['stage']) && isOneOf([1, 2], each['round']) && typeof each['answers'] === 'number');

const isMessage = (value: unknown): boolean => isFields(value) && typeof value['role'] === 'string' && typeof value['content'] === 'string';

/** What readers of each kind of edit lean on. */
const editShapes: { readonly [Kind in Edit['kind']]: (edit: Fields) => boolean } = {
  answer: ({ stage, of, chosen }) => isOneOf(modelStages, stage) && typeof of === 'string' && typeof chosen === 'string',
  prompt: ({ stage, of, messages }) => isOneOf(modelStages, stage) && typeof of === 'string' && (messages === null || (Array.isArray(messages) && messages.length > 0 && messages.every(isMessage))),
  fork: ({ source, from, inputs }) => typeof source === 'string' && isOneOf(modelStages, from) && isTexts(inputs),
  include: ({ included }) => typeof included === 'boolean',
};

export const isEdit = (value: unknown): value is Edit => {
  const kind = isFields(value) ? editKinds.find(each => each === value['kind']) : undefined;
  return isFields(value) && kind !== undefined && editShapes[kind](value)
    && typeof value['branch'] === 'string' && isOneOf([1, 2], value['round']) && typeof value['atMs'] === 'number';
};

export const isBadSteps = (value: unknown): value is readonly BadStep[] =>
  Array.isArray(value) && value.every(mark => isFields(mark) && [mark['step'], mark['start'], mark['end']].every(each => typeof each === 'number'));

/** What the engine leans on before it looks at a job's target again. */
export const isJobDraft = (value: unknown): value is TrainingJobDraft =>
  isFields(value) && typeof value['preset'] === 'string' && typeof value['createdAtMs'] === 'number' && isFields(value['dataset']) && typeof value['dataset']['path'] === 'string'
  && isFields(value['target']) && isOneOf(targetKinds, value['target']['kind']) && typeof value['target']['name'] === 'string'
  && isFields(value['spec']) && typeof value['spec']['key'] === 'string' && Array.isArray(value['spec']['files']) && Array.isArray(value['spec']['command']);

export const isTrainingFacts = (value: unknown): value is TrainingFacts =>
  isFields(value) && Object.entries(value).every(([name, each]) => (name === 'failed' ? isFields(each) : ['string', 'number'].includes(typeof each)));

export const isOptions = (value: unknown): value is readonly ChoiceOption[] =>
  Array.isArray(value) && value.every(option => isFields(option) && typeof option['label'] === 'string' && typeof option['text'] === 'string');

export const isTexts = (value: unknown): value is Readonly<Record<string, string>> =>
  isFields(value) && Object.values(value).every(each => typeof each === 'string');

export const isCounts = (value: unknown): value is Readonly<Record<string, number>> =>
  isFields(value) && Object.values(value).every(each => typeof each === 'number');
