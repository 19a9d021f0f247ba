// What saving a prompt costs, in words. Knows nothing of the editor.
import { counted, thousands } from '../../client/words.ts';
import type { PromptCost } from '../../contract/pages/promptPreview.ts';
import type { EvaluationStaleness, PromptStaleness, RecipeStaleness } from '../../contract/prompts.ts';
import type { StatusReport } from '../../contract/reports.ts';
import { measuredRate, timeWords } from '../runs/estimate.ts';
import { rounded } from '../words.ts';

type Status = Pick<StatusReport, 'runs' | 'server'> | undefined;
type Line = Extract<PromptCost, { kind: 'known' }>['lines'][number];

/** A line for each recipe that changes, and one for the latest evaluation where that does; one that says so where nothing does. */
export function costLines({ recipes, evaluation }: PromptStaleness, status: Status, unsaved: boolean): Line[] {
  const lines = [...recipes.filter(({ same }) => !same).map(recipe => lineOf(recipe, { status, unsaved })), ...(evaluation?.same === false ? [evaluationLine(evaluation, unsaved)] : [])];
  if (lines.length > 0) return lines;
  return [{ tone: 'quiet', words: unsaved ? 'Saving makes no answer stale.' : 'No answer is stale.', figures: '' }];
}

function lineOf(recipe: RecipeStaleness, { status, unsaved }: { readonly status: Status; readonly unsaved: boolean }): Line {
  const [problem] = recipe.problems;
  if (problem) return { tone: 'broken', words: `${unsaved ? `Saved like this, ${recipe.recipe} could not` : `${recipe.recipe} cannot`} be run: ${problem.file}, line ${problem.line}.`, figures: '' };
  const answers = recipe.stale.reduce((sum, each) => sum + each.answers, 0);
  if (answers === 0) return { tone: 'quiet', words: `${recipe.recipe} is another than when it was run last, and no answer of it ${unsaved ? 'gets' : 'is'} stale.`, figures: figuresOf(recipe, status) };
  const are = answers === 1 ? 'is' : 'are';
  const byStage = recipe.stale.map(each => `${each.stage} ${thousands(each.answers)}`).join(', ');
  return { tone: 'stale', words: unsaved ? `Once this is saved, ${counted(answers, 'answer')} of ${recipe.recipe} ${are} stale: ${byStage}.` : `${counted(answers, 'answer')} of ${recipe.recipe} ${are} stale: ${byStage}.`, figures: figuresOf(recipe, status) };
}

function evaluationLine({ evaluation, answers, exact, calls, promptTokens, outputTokens, problems: [problem] }: EvaluationStaleness, unsaved: boolean): Line {
  if (problem) return { tone: 'broken', words: `${unsaved ? 'Saved like this, no model could' : 'No model can'} be evaluated: ${problem.file}, line ${problem.line}.`, figures: '' };
  if (answers === 0) return { tone: 'quiet', words: `The prompt of evaluations is another than that of evaluation ${evaluation}, and no answer of it ${unsaved ? 'gets' : 'is'} stale.`, figures: '' };
  const words = `${counted(answers, 'answer')} of evaluation ${evaluation} ${answers === 1 ? 'is' : 'are'} stale.`;
  return { tone: 'stale', words: unsaved ? `Once this is saved, ${words}` : words, figures: `Evaluating the same again: ${exact ? '' : '≈ '}${counted(calls, 'call')}, ≈ ${rounded(promptTokens + outputTokens)} tokens.` };
}

/** `Running again: ≈ 340 calls, 1.2 M tokens, about 14 min at …`; empty where nothing has to be asked. */
function figuresOf(recipe: RecipeStaleness, status: Status): string {
  const { calls, exact, promptTokens, outputTokens } = recipe;
  if (calls === 0) return '';
  const time = timeWords({ calls, outputTokens, exact: true }, status && measuredRate(status));
  return `Running again: ${exact ? '' : '≈ '}${counted(calls, 'call')}, ≈ ${rounded(promptTokens + outputTokens)} tokens${time === '' ? '' : `; ${time}`}.`;
}
