import { sha256 } from '../../src/adapters/hash.ts';
import type { Answer, WantedCall } from '../../src/core/model/answer.ts';
import type { Guideline } from '../../src/core/model/guideline.ts';
import { attemptId, fingerprint, recipeId, runId, taskId } from '../../src/core/model/ids.ts';
import type { PromptVariables } from '../../src/core/model/prompt.ts';
import type { Review } from '../../src/core/model/review.ts';
import type { ModelStage, Sampling } from '../../src/core/model/stage.ts';
import type { TrainTask } from '../../src/core/model/task.ts';
import type { TrainingJobDraft } from '../../src/core/model/trainingJob.ts';
import type { RunContext } from '../../src/core/plan/context.ts';
import type { Recipe, RoundPlan, StagePlan } from '../../src/core/recipes/recipe.ts';

/** A train task, with only what a test names out of the ordinary. */
export function aTask(parts: Partial<Omit<TrainTask, 'id'>> & { readonly id?: string } = {}): TrainTask {
  const { id = 'set/1', ...rest } = parts;
  return { id: taskId(id), question: `How much is six times three (${id})?`, gold: '18', answerKind: 'number', split: 'train', origin: { dataset: 'set' }, ...rest };
}

/** A guideline whose texts say its id. */
export const aGuideline = (id: string): Guideline => ({ id, title: id, text: `GUIDELINE ${id}.`, presupposesSolution: false });

const sampling: Sampling = { temperature: 0.85, topP: 1, maxTokens: 512, stop: [] };

/** A stage whose prompt is its variables as JSON: what a stage may see stands in its request. */
export function aStage(stage: ModelStage, parts: Partial<StagePlan> = {}): StagePlan {
  const render = (variables: PromptVariables) => [{ role: 'user' as const, content: JSON.stringify({ stage, ...variables }) }];
  return { stage, version: 1, prompt: { file: `${stage}.rgprompt`, stage, partials: [], render }, sampling, retries: 2, ...parts };
}

/** One round: a branch for each guideline through adapt, structure and path. */
export function aRound(parts: Partial<RoundPlan> & { readonly count?: number } = {}): RoundPlan {
  const { count = 6, ...rest } = parts;
  const guidelines = Array.from({ length: count }, (_, index) => aGuideline(`advice-${String.fromCharCode(97 + index)}`));
  return { guidelines, choices: guidelines, chain: [aStage('adapt'), aStage('structure'), aStage('path')], hintStages: [], ...rest };
}

/** A recipe that keeps two paths a task, without hints. */
export function aRecipe(parts: Partial<Recipe> = {}): Recipe {
  return {
    id: recipeId('0'.repeat(64)), name: 'test', title: 'Test', description: '', seed: 7, layout: 'prefix', rounds: { 1: aRound() },
    filters: ['finish', 'refusal', 'placeholder', 'extract', 'verify', 'leak'], perTask: 2, knownAnswers: 'used', vote: { leastVotes: 3, leastShare: 0.5, leastMargin: 0.1 }, files: {}, ...parts,
  };
}

/** What is the same for all tasks of a test's run. */
export function aContext(parts: Partial<RunContext> = {}): RunContext {
  return { runId: runId(1), recipe: aRecipe(), identity: 'model', mode: 'until-enough', filter: 'typed', hash: sha256, ...parts };
}

/** A review that accepts a path, with only what a test names out of the ordinary. */
export function aReview(parts: Partial<Omit<Review, 'path' | 'taskId'>> & { readonly path?: string; readonly taskId?: string } = {}): Review {
  const { path = 'c'.repeat(64), taskId: task = 'set/1', ...rest } = parts;
  return { id: 'review-1', taskId: taskId(task), path: fingerprint(path), reviewer: 'ada', decision: 'accept', marks: [], reviewedAtMs: 4_000, seconds: 2.5, ...rest };
}

/** A job to a Slurm cluster, with only what a test names out of the ordinary. */
export function aJobDraft(parts: Partial<TrainingJobDraft> & { readonly key?: string } = {}): TrainingJobDraft {
  const { key = 'a'.repeat(64), ...rest } = parts;
  return {
    target: { kind: 'slurm', name: 'cluster', host: 'hpc' }, preset: 'lora', retry: 0, createdAtMs: 1_000,
    spec: {
      key, title: 'train', model: 'base-8b', command: ['python3', 'train.py', '--config', 'config.yaml'], hyperparameters: { epochs: 3, adapter: 'lora' },
      files: [{ name: 'train.jsonl', path: '/data/train.jsonl', sha256: 'b'.repeat(64), bytes: 300 }],
    },
    dataset: { path: '/data/train.jsonl', format: 'prompt-completion', sha256: 'b'.repeat(64), manifestSha256: 'd'.repeat(64), records: 4, tasks: 2, hinted: 1, humanEdited: 0, reviewed: 2, simulated: true },
    ...rest,
  };
}

/** Answers to a call, in order; as many as there are texts. */
export function answersTo(call: WantedCall, texts: readonly string[]): readonly Answer[] {
  return call.answers.flatMap((wanted, index) => {
    const raw = texts[index];
    return raw === undefined ? [] : [{ ...wanted, attemptId: attemptId(1), raw, finish: 'stop' as const, edited: false }];
  });
}
