import { methods } from '../../contract/engine.ts';
import type { PromptAddress } from '../../contract/pages/promptPreview.ts';
import type { PromptPreview } from '../../contract/prompts.ts';
import { problemError } from '../../core/model/problem.ts';
import { startPipeline } from '../runs/pipeline.ts';
import type { Workbench } from '../workbench.ts';
import { saveUnsaved } from './promptPlaces.ts';
import { placeIn } from './selectedPlace.ts';

const recipeEnding = '.rgrecipe.yaml';

/** Runs what a file is of, after the plan was seen: the stage of a prompt on the task that is selected, else on the first; a recipe on all tasks, or on those that a person chooses. What is not saved is saved first. */
export async function runPrompt(workbench: Workbench, { project: path, file }: PromptAddress): Promise<void> {
  const { projects, notify, view } = workbench;
  const project = projects.find(path);
  if (!project) throw problemError('engine-unavailable', `${path} is not open.`);
  if (!await saveUnsaved(project)) {
    notify.tell(`${file} could not be saved, and a run takes what is saved.`, ['regenesis.log.show'], 'warning');
    return;
  }
  if (file.endsWith(recipeEnding)) {
    await startPipeline(workbench, project, { recipe: file.slice(file.lastIndexOf('/') + 1, -recipeEnding.length), scope: {} });
    return;
  }
  const preview = await project.call(methods.previewPrompt, { overlay: {}, file, ...placeIn(view.selection, path) });
  const { recipe, shown } = preview;
  if (recipe && shown) await startPipeline(workbench, project, { part: shown.stage, recipe: recipe.name, scope: { tasks: [shown.task.id] } });
  else notify.tell(brokenWords(file, preview), ['regenesis.prompt.preview'], 'warning');
}

function brokenWords(file: string, { problems: [first], note }: PromptPreview): string {
  return first ? `${file} cannot be run as it stands: ${first.file}:${first.line}: ${first.message}` : note ?? `No recipe can run ${file}.`;
}
