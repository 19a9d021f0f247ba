import type { PromptAddress } from '../../contract/pages/promptPreview.ts';
import type { PromptPreview } from '../../contract/prompts.ts';
import { problemError } from '../../core/model/problem.ts';
import { evaluationPrompt, recipeEnding } from '../../core/model/promptFile.ts';
import { isModelStage } from '../../core/model/stage.ts';
import { startPipeline, type Wish } from '../runs/pipeline.ts';
import { isAllowed } from '../trust.ts';
import { tellOfEvaluations } from './askedByEvaluations.ts';
import type { Workbench } from '../workbench.ts';
import { fileName, saveUnsaved, unsavedOf } from './promptPlaces.ts';
import { placeIn } from './selectedPlace.ts';

/**
 * Runs what a file is of, after the plan was seen: the stage of a prompt on the task that is selected, else on the first; a recipe on all tasks, or on those that a
 * person chooses. Every prompt of the project that is not saved is saved first. Says so where no recipe uses the file: there is nothing then that would run it.
 */
export async function runPrompt(workbench: Workbench, { project: path, file }: PromptAddress): Promise<void> {
  const { projects, notify, view } = workbench;
  if (!isAllowed(notify, 'Running a prompt')) return;
  const project = projects.find(path);
  if (!project) throw problemError('engine-unavailable', `${path} is not open.`);
  if (file === evaluationPrompt) {
    tellOfEvaluations(notify, project);
    return;
  }
  const wish = file.endsWith(recipeEnding)
    ? { recipe: fileName(file).slice(0, -recipeEnding.length), scope: {} }
    : stageOf(await project.call('previewPrompt', { overlay: unsavedOf(project), file, ...placeIn(view.selection, path) }), file);
  if (typeof wish === 'string') notify.tell(wish, ['regenesis.prompt.preview'], 'warning');
  else if (await saveUnsaved(project)) await startPipeline(workbench, project, wish);
  else notify.tell('Not every prompt of the project could be saved, and a run takes what is saved.', ['regenesis.log.show'], 'warning');
}

/** The stage of a prompt, on the task that it is shown for; where it cannot be run, why. */
function stageOf({ recipe, stages, shown, problems: [first], note }: PromptPreview, file: string): Wish | string {
  if (stages.includes('evaluate')) return `${file} was not run: it is of the stage evaluate, which no recipe asks, and evaluations ask with ${evaluationPrompt} alone.`;
  // a prompt that no recipe uses is shown in the place of another, which is what a run would take
  if (note !== undefined) return `${file} was not run: no recipe uses it yet. A recipe of your own names it, or Try shows what it would come to.`;
  if (!recipe || !shown || !isModelStage(shown.stage)) return first ? `${file} cannot be run as it stands: ${first.file}:${first.line}: ${first.message}` : `No recipe can run ${file}.`;
  return { part: shown.stage, recipe: recipe.name, scope: { tasks: [shown.task.id] } };
}
