import { evaluationPrompt } from '../model/promptFile.ts';
import { splitPrompt } from './frontMatter.ts';
import { inReadingOrder, wanting } from './problem.ts';
import { parsePrompt, type ParsePrompt, type PromptReading } from './prompt.ts';

/**
 * Reads and checks the prompt of evaluations. One of another stage in its place is an error at the line that says so, and comes back without a prompt, whatever else is right with it.
 *
 * @param files path below `prompts/` → text; where it is not there, it is read as an empty one
 */
export function readEvaluationPrompt(files: Pick<ReadonlyMap<string, string>, 'get'>, parse: ParsePrompt = parsePrompt): PromptReading {
  const reading = parse(evaluationPrompt, files.get(evaluationPrompt) ?? '', name => files.get(name));
  const { scanned, scanned: { source }, problems } = reading;
  const { frontMatter, stageRange } = splitPrompt(source);
  if (!frontMatter || frontMatter.stage === 'evaluate') return reading;
  const words = `Evaluations ask with this file, which must be of the stage evaluate, not of ${frontMatter.stage}. Write \`stage: evaluate\`, or move the prompt into the folder of a recipe.`;
  return { scanned, problems: inReadingOrder([...problems, wanting(source.problem(stageRange, 'frontmatter.invalid', words), 'evaluate')]) };
}
