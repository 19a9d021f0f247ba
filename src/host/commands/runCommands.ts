import { cancelRun, resumePipeline, startPipeline } from '../runs/pipeline.ts';
import type { CommandArguments } from '../manifest.ts';
import { showRun } from '../runs/showRun.ts';
import { nodesOf, projectIn, readScope, scopeOfNodes } from '../runs/scope.ts';
import type { Part } from '../runs/stageTable.ts';
import { projectOf } from '../tree/node.ts';
import { pickProject, projectFor, withViewProgress, type Handlers, type Workbench } from '../workbench.ts';

type RunCommand = `regenesis.run.${'start' | 'resume' | 'cancel' | 'show'}` | 'regenesis.engine.restart';

/** Starting, resuming, showing and cancelling runs, and the engine that runs them. */
export function runCommands(workbench: Workbench): Pick<Handlers, RunCommand> {
  return {
    'regenesis.run.start': partHandler(workbench, undefined),
    'regenesis.run.show': target => showRun(workbench, target),
    'regenesis.run.resume': async target => {
      const project = await projectFor(workbench, target);
      if (project) await resumePipeline(workbench, project);
    },
    'regenesis.engine.restart': target => restartEngine(workbench, target),
    'regenesis.run.cancel': async target => {
      const running = workbench.projects.all.filter(project => project.running);
      const named = running.find(project => project.path === projectIn(target));
      const project = named ?? (running.length > 1 ? await pickProject(running) : running[0]);
      if (project) await cancelRun(project);
      else workbench.notify.tell('No run is going on.', ['regenesis.run.start']);
    },
  };
}

/** What the command of a part does. */
export const partHandler = (workbench: Workbench, part: Part | undefined) => (...[target, selected]: CommandArguments): Promise<void> => startOn(workbench, { target, selected, part });

/** Starts what a command is for: on the tasks that it was called on, those that another part of the editor names, or all. */
async function startOn(workbench: Workbench, { target, selected, part }: { readonly target: unknown; readonly selected: unknown; readonly part: Part | undefined }): Promise<void> {
  const project = await projectFor(workbench, target);
  if (!project) return;
  const { project: _named, ...given } = readScope(target) ?? {};
  const nodes = nodesOf(target, selected).filter(node => projectOf(node) === project.path);
  const scope = nodes.length > 0 ? scopeOfNodes(nodes, workbench.tree.filter) : given;
  if (scope) await startPipeline(workbench, project, { scope, ...(part === undefined ? {} : { part }) });
  else workbench.notify.tell('These are not tasks that can be run together: select train tasks, or one group of them. Held-out tasks are never run.', ['regenesis.tasks.show'], 'warning');
}

/** A new engine for a project, whatever the old one is at: its run is stopped and resumed. One that can only be followed, since its engine is of another version, is meant too. */
async function restartEngine(workbench: Workbench, target: unknown): Promise<void> {
  const { projects, notify } = workbench;
  const followed = projects.all.find(project => project.isFollowedOnly);
  const project = projects.find(projectIn(target) ?? '') ?? followed ?? await projectFor(workbench, target);
  if (!project) return;
  if (project.running && !await notify.confirm(`A run is going on in ${project.name}.`, 'Restart Engine', 'It is stopped and resumed. Calls that are under way are asked again; what has arrived is stored.')) return;
  const wasRunning = await withViewProgress(() => project.restart());
  if (wasRunning) await resumePipeline(workbench, project);
  else notify.tell(`${project.name} is open in a new engine.`, ['regenesis.tasks.show']);
}
