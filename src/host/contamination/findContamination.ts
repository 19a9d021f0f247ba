import * as vscode from 'vscode';
import { readContamination } from '../../client/contamination.ts';
import { thresholdWords } from '../../client/words.ts';
import type { ContaminationReport } from '../../contract/contamination.ts';
import type { Action } from '../notify.ts';
import type { Project } from '../projects/project.ts';
import { withCancel, type Workbench } from '../workbench.ts';
import { summaryWords, type ContaminatedTask } from './contaminated.ts';
import type { ContaminationProblems } from './contaminationProblems.ts';
import { leaveOut } from './withdraw.ts';

/** What is needed to look for contamination and to say what was found. */
export interface ContaminationTools {
  readonly workbench: Pick<Workbench, 'notify' | 'log'>;
  readonly problems: ContaminationProblems;
}

const showProblems: Action = { title: 'Show Problems', run: () => vscode.commands.executeCommand('workbench.actions.view.problems') };

/** Looks for train tasks that stand in evaluation sets because somebody asks for it, and says what was found whatever it is. */
export async function findContamination(tools: ContaminationTools, project: Project): Promise<void> {
  const { notify } = tools.workbench;
  if (!hasBoth(project)) {
    notify.tell(`${project.name} has no ${(project.status?.tasks.heldOut ?? 0) === 0 ? 'held-out' : 'train'} tasks: contamination is what stands both in tasks that train and in tasks that are held out.`, ['regenesis.tasks.import']);
    return;
  }
  const report = await withCancel(`Looking for held-out tasks of ${project.name} among those that train`, signal => read(project, signal));
  if (!report) return;
  const tasks = await tools.problems.show(project, report);
  if (tasks.length > 0) tell(tools, project, { tasks, report });
  else notify.tell(`No train task of ${project.name} stands in its held-out data${report.pairs.length > 0 ? ' but for those that are kept away from training' : ''}. Counted as ${thresholdWords(report.thresholds)}.`, ['regenesis.dataset.export']);
}

/** Looks for it where a person does something else, and says something only where there is something to say. Never fails: it goes to the log. */
export async function lookForContamination(tools: ContaminationTools, project: Project, { tells }: { readonly tells: boolean }): Promise<void> {
  if (!hasBoth(project)) return;
  try {
    const report = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: 'Looking for contamination' }, () => read(project));
    const tasks = await tools.problems.show(project, report);
    if (tells && tasks.length > 0) tell(tools, project, { tasks, report });
  } catch (thrown) {
    tools.workbench.log.warn(`${project.name}: ${String(thrown)}`);
  }
}

const read = (project: Project, signal?: AbortSignal): Promise<ContaminationReport> => readContamination(choices => project.call('contaminationFind', choices, signal));

const hasBoth = ({ status }: Project): boolean => status !== undefined && status.tasks.heldOut > 0 && status.tasks.trainable > 0;

function tell({ workbench: { notify } }: ContaminationTools, project: Project, { tasks, report }: { readonly tasks: readonly ContaminatedTask[]; readonly report: ContaminationReport }): void {
  const all: Action = { title: 'Leave All Out of Export', run: () => leaveOut(notify, project, tasks.map(({ task }) => task)).catch((thrown: unknown) => { notify.problem(thrown); }) };
  notify.tell(`${summaryWords(project.name, tasks, report)} A model that is trained on them has seen what it is evaluated on.`, [showProblems, all], 'warning');
}
