import { cancelRun, resumePipeline, startPipeline } from '../runs/pipeline.ts';
import { isTreeNode, projectOf } from '../tree/node.ts';
import { pickProject, projectFor, withViewProgress, type Handlers, type Workbench } from '../workbench.ts';

/** Starting, resuming and cancelling runs, and the engine that runs them. */
export function runCommands(workbench: Workbench): Pick<Handlers, `regenesis.run.${'start' | 'resume' | 'cancel'}` | 'regenesis.engine.restart'> {
  return {
    'regenesis.run.start': async target => {
      const project = await projectFor(workbench, target);
      if (project) await startPipeline(workbench, project);
    },
    'regenesis.run.resume': async target => {
      const project = await projectFor(workbench, target);
      if (project) await resumePipeline(workbench, project);
    },
    'regenesis.engine.restart': target => restartEngine(workbench, target),
    'regenesis.run.cancel': async target => {
      const running = workbench.projects.all.filter(project => project.running);
      const named = isTreeNode(target) ? running.find(project => project.path === projectOf(target)) : undefined;
      const project = named ?? (running.length > 1 ? await pickProject(running) : running[0]);
      if (project) await cancelRun(project);
      else workbench.notify.tell('No run is going on.', ['regenesis.run.start']);
    },
  };
}

/** A new engine for a project, whatever the old one is at: its run is stopped and resumed. One that can only be followed, since its engine is of another version, is meant too. */
async function restartEngine(workbench: Workbench, target: unknown): Promise<void> {
  const { projects, notify } = workbench;
  const followed = projects.all.find(project => project.isFollowedOnly);
  const project = isTreeNode(target) ? projects.find(projectOf(target)) : followed ?? await projectFor(workbench, target);
  if (!project) return;
  if (project.running && !await notify.confirm(`A run is going on in ${project.name}.`, 'Restart Engine', 'It is stopped and resumed. Calls that are under way are asked again; what has arrived is stored.')) return;
  const wasRunning = await withViewProgress(() => project.restart());
  if (wasRunning) await resumePipeline(workbench, project);
  else notify.tell(`${project.name} is open in a new engine.`, ['regenesis.tasks.show']);
}
