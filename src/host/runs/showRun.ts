import { projectIn } from './scope.ts';
import { projectFor, type Workbench } from '../workbench.ts';

/** Brings the run that goes on to the front, else the latest one; says so where nothing was run. */
export async function showRun(workbench: Workbench, target: unknown): Promise<void> {
  const { projects, runs, notify } = workbench;
  const named = projects.find(projectIn(target) ?? '');
  const project = named ?? projects.all.find(each => each.running) ?? await projectFor(workbench, target);
  if (!project) return;
  const run = project.progress?.runId ?? project.status?.runs[0]?.id;
  if (run === undefined || !await runs.reveal(project, run)) notify.tell(`Nothing was run in ${project.name} yet.`, ['regenesis.run.start']);
}
