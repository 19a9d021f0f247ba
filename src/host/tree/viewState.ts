// What the view says of itself. Knows nothing of the editor.
import { counted } from '../../client/words.ts';
import type { StatusReport } from '../../contract/reports.ts';
import type { ContextKeys } from '../manifest.ts';
import { canResume } from '../runs/runWords.ts';

/** What is asked of a project here. */
export interface ProjectInView {
  readonly name: string;
  readonly running: boolean;
  readonly status: StatusReport | undefined;
}

/** The state of the view: which welcome it has when it is empty, a line above the tree, and words beside its title. */
export interface ViewState {
  readonly context: ContextKeys['regenesis.projects'];
  /** Empty where there is nothing to say. */
  readonly message: string;
  /** Empty where there is nothing to say. */
  readonly description: string;
  /** How many tasks wait for a person; absent where none does. */
  readonly badge: { readonly value: number; readonly tooltip: string } | undefined;
}

/** Works out the state of the view. A single project without tasks leaves the tree empty; its name then stands in the title. @param filtered fewer tasks are shown than there are */
export function viewState(projects: readonly ProjectInView[], filtered = false): ViewState {
  const [only] = projects;
  const badge = badgeOf(projects);
  if (!only) return { context: 'none', message: '', description: '', badge };
  const description = filtered ? 'filtered' : '';
  if (projects.length > 1 || !only.status) return { context: 'some', message: '', description, badge };
  if (only.status.tasks.total === 0) return { context: 'empty', message: '', description: only.name, badge };
  return { context: 'some', message: nextStep(only.status, only.running), description, badge };
}

function badgeOf(projects: readonly ProjectInView[]): ViewState['badge'] {
  const value = projects.reduce((sum, { status }) => sum + (status?.tasks.byState['needs-review'] ?? 0), 0);
  const paths = projects.reduce((sum, { status }) => sum + (status?.unreviewed ?? 0), 0);
  return value === 0 ? undefined : { value, tooltip: `${counted(value, 'task')} to review${paths === 0 ? '' : `, ${counted(paths, 'path')} that nobody has reviewed`}` };
}

/** What to do next, where a newcomer could not know; nothing once something was run. */
function nextStep({ runs, tasks }: StatusReport, running: boolean): string {
  const [latest] = runs;
  if (latest && canResume(latest.state) && !running) return `Run ${latest.id} was ${latest.state}. Resume Run goes on where it stopped.`;
  if (running || runs.length > 0) return '';
  return tasks.trainable === 0 ? 'All tasks are held out: import some to train on.' : ''; // that nothing was run yet, the view of runs says
}

/** What has been done in some project that is open. */
export function milestones(projects: readonly Pick<ProjectInView, 'status'>[]): Readonly<Record<`regenesis.has.${'project' | 'server' | 'tasks' | 'run'}`, boolean>> {
  const some = (holds: (status: StatusReport) => boolean): boolean => projects.some(({ status }) => status !== undefined && holds(status));
  return {
    'regenesis.has.project': some(() => true),
    'regenesis.has.server': some(({ server }) => server !== null),
    'regenesis.has.tasks': some(({ tasks }) => tasks.total > 0),
    'regenesis.has.run': some(({ runs }) => runs.length > 0),
  };
}
