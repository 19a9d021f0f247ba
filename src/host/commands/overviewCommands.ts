import type { Panels } from '../pages/panels.ts';
import { showOverview } from '../projects/projectEditor.ts';
import { projectFor, type Handlers, type Workbench } from '../workbench.ts';

/** The pages about a whole project. */
export function overviewCommands(workbench: Workbench, { audit, compare }: Readonly<Record<'audit' | 'compare', Pick<Panels<{ project: string }>, 'show'>>>): Pick<Handlers, `regenesis.${'overview' | 'audit'}.show` | 'regenesis.methods.compare'> {
  return {
    'regenesis.overview.show': async target => {
      const project = await projectFor(workbench, target);
      if (project) await showOverview(project.path);
    },
    'regenesis.audit.show': async target => {
      const project = await projectFor(workbench, target);
      if (!project) return;
      if (project.status?.runs.length === 0) workbench.notify.tell(`Nothing was run in ${project.name} yet, so that there are no paths to audit.`, ['regenesis.run.start']);
      else audit.show({ project: project.path });
    },
    'regenesis.methods.compare': async target => {
      const project = await projectFor(workbench, target);
      if (project) compare.show({ project: project.path });
    },
  };
}
