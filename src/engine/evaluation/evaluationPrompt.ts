import { recipeId, type Hash, type RecipeId } from '../../core/model/ids.ts';
import { problemError } from '../../core/model/problem.ts';
import { evaluationPrompt } from '../../core/model/promptFile.ts';
import { readEvaluationPrompt } from '../../core/prompts/evaluationPrompt.ts';
import type { ParsedPrompt } from '../../core/prompts/prompt.ts';
import type { PromptFiles } from '../../core/recipes/recipeFile.ts';

/** What its texts are kept under beside those of recipes. */
export const evaluationName = 'evaluate';

/** The prompt of an evaluation, and what it was made of. */
export interface LoadedPrompt {
  readonly id: RecipeId;
  readonly prompt: ParsedPrompt;
  /** The prompt and the partials that it includes, path → text. */
  readonly files: Readonly<Record<string, string>>;
}

/** Reads and checks the prompt of evaluations. Throws `prompt-invalid` with the place of what is wrong. */
export function loadEvaluationPrompt(files: PromptFiles, hash: Hash): LoadedPrompt {
  const { prompt, problems } = readEvaluationPrompt(files);
  if (!prompt) {
    const [first] = problems.filter(({ severity }) => severity === 'error');
    const { file, line, column, code, message } = first ?? { file: evaluationPrompt, line: 1, column: 1, code: 'frontmatter.missing', message: 'It cannot be read.' };
    throw problemError('prompt-invalid', `The prompt of evaluations cannot be used: ${file}:${line}:${column}: ${code} ${message}`, { file, line, column });
  }
  const used = Object.fromEntries([evaluationPrompt, ...prompt.partials].map(name => [name, files.get(name) ?? '']));
  return { id: recipeId(hash(JSON.stringify(Object.entries(used)))), prompt, files: used };
}
