import type { NotShown } from '../../contract/pages/page.ts';
import type { StatusReport } from '../../contract/reports.ts';
import type { Disposable } from '../lifetime.ts';
import { pageProblem } from '../pages/pageConnection.ts';
import type { Project, ProjectChange } from '../projects/project.ts';
import type { Projects } from '../projects/projects.ts';

/** How a page finds its project: open, or what keeps it from being so. */
export type ShownProject =
  | { readonly kind: 'open'; readonly project: Project; readonly status: StatusReport }
  | NotShown;

/** The project of a page, by its file. */
export function shownProject(projects: Projects, file: string): ShownProject {
  const project = projects.find(file);
  if (!project) return { kind: 'closed' };
  switch (project.state.kind) {
    case 'open': return { kind: 'open', project, status: project.state.status };
    case 'opening': return { kind: 'opening' };
    case 'failed': return { kind: 'failed', problem: pageProblem(project.state.problem) };
  }
}

/** Tells a page of what changes in its project, and when projects come and go. */
export const followProject = (projects: Projects, file: string, changed: (change: ProjectChange) => void): Disposable =>
  projects.onDidChange(({ project, change }) => { if (!project || project.path === file) changed(change); });
