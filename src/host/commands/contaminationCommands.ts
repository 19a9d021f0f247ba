import { problemError } from '../../core/model/problem.ts';
import { findContamination } from '../contamination/findContamination.ts';
import { holdIn, holdOut, leaveOut, pickWithdrawn, takeIn } from '../contamination/withdraw.ts';
import { titleOf } from '../contributions.ts';
import type { Notify } from '../notify.ts';
import type { Project } from '../projects/project.ts';
import { nodesOf, readScope } from '../runs/scope.ts';
import type { Tabs } from '../tabs.ts';
import { taskOf } from '../tree/node.ts';
import { projectFor, type Handlers, type Workbench } from '../workbench.ts';

type Ids = 'regenesis.contamination.find' | `regenesis.tasks.${'holdOut' | 'holdIn' | 'leaveOut' | 'takeIn'}`;
type Withdraw = (notify: Notify, project: Project, tasks: readonly string[]) => Promise<void>;

/** Finding train tasks that stand in evaluation sets, and keeping tasks away from training. */
export function contaminationCommands(workbench: Workbench, { contamination }: Pick<Tabs, 'contamination'>): Pick<Handlers, Ids> {
  const { notify } = workbench;
  const named = (withdraw: Withdraw) => async (target: unknown, selected: unknown) => {
    const tasks = tasksOf(target, selected);
    if (tasks.length === 0) throw problemError('usage', 'Choose a task in the tree of tasks first, or one of the Problems panel.');
    const project = await projectFor(workbench, target);
    if (project) await withdraw(notify, project, tasks);
  };
  const picked = (which: 'moved' | 'leftOut', id: Ids, give: Withdraw) => async (target: unknown, selected: unknown) => {
    const project = await projectFor(workbench, target);
    if (!project) return;
    const given = tasksOf(target, selected);
    const tasks = given.length > 0 ? given : await pickWithdrawn(notify, project, { which, title: titleOf(id) });
    if (tasks) await give(notify, project, tasks);
  };
  return {
    'regenesis.contamination.find': async target => {
      const project = await projectFor(workbench, target);
      if (project) await findContamination({ workbench, problems: contamination }, project);
    },
    'regenesis.tasks.holdOut': named(holdOut),
    'regenesis.tasks.leaveOut': named(leaveOut),
    'regenesis.tasks.holdIn': picked('moved', 'regenesis.tasks.holdIn', holdIn),
    'regenesis.tasks.takeIn': picked('leftOut', 'regenesis.tasks.takeIn', takeIn),
  };
}

/** The tasks that a command was called on: those of the tree that are selected, or what another part of the editor names. */
const tasksOf = (target: unknown, selected: unknown): readonly string[] =>
  readScope(target)?.tasks ?? [...new Set(nodesOf(target, selected).flatMap(node => taskOf(node)?.row.id ?? []))];
