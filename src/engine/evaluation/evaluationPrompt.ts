import { recipeId, type Hash, type RecipeId } from '../../core/model/ids.ts';
import { problemError } from '../../core/model/problem.ts';
import { parsePrompt, type ParsedPrompt } from '../../core/prompts/prompt.ts';
import { hasErrors } from '../../core/prompts/problem.ts';
import type { PromptFiles } from '../../core/recipes/recipeFile.ts';

/** What held-out tasks are asked with; a workspace's own stands at the same place. */
export const evaluationPrompt = 'evaluate/evaluate.rgprompt';
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
  const text = files.get(evaluationPrompt) ?? '';
  const { prompt, problems } = parsePrompt(evaluationPrompt, text, name => files.get(name));
  const [first] = problems.filter(({ severity }) => severity === 'error');
  if (!prompt || first || hasErrors(problems)) {
    const { file, line, column, code, message } = first ?? { file: evaluationPrompt, line: 1, column: 1, code: 'frontmatter.missing', message: 'It cannot be read.' };
    throw problemError('prompt-invalid', `The prompt of evaluations cannot be used: ${file}:${line}:${column}: ${code} ${message}`, { file, line, column });
  }
  if (prompt.stage !== 'evaluate') throw problemError('prompt-invalid', `${evaluationPrompt} is a prompt of the stage ${prompt.stage}. That of an evaluation says \`stage: evaluate\`.`, { file: evaluationPrompt });
  const used = Object.fromEntries([evaluationPrompt, ...prompt.partials].map(name => [name, files.get(name) ?? '']));
  return { id: recipeId(hash(JSON.stringify(Object.entries(used)))), prompt, files: used };
}
