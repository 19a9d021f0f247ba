import type { Project } from '../projects/project.ts';
import { startPipeline } from '../runs/pipeline.ts';
import { isAllowed } from '../trust.ts';
import type { Workbench } from '../workbench.ts';

/** Runs the tasks that rejects left with fewer kept paths than they are to have, as any run: with a plan that is confirmed. */
export async function topUp(workbench: Workbench, project: Project): Promise<void> {
  if (!isAllowed(workbench.notify, 'Topping up')) return;
  const { tasks } = await project.call('shortTasks', {});
  if (tasks.length > 0) await startPipeline(workbench, project, { scope: { tasks } });
  else workbench.notify.tell(`No task of ${project.name} was left short of kept paths by a reject, so there is nothing to top up.`, ['regenesis.review.next']);
}
