// What to do next in a project. Knows nothing of the editor.
import { counted } from '../../client/words.ts';
import type { PageAction } from '../../contract/pages/overview.ts';
import type { StatusReport } from '../../contract/reports.ts';
import { commands, type CommandId, type CommandSpec } from '../manifest.ts';
import { canResume } from '../runs/runWords.ts';
import { pilotTasks } from '../runs/scope.ts';

/** Where a project stands, as far as that decides what comes next. */
export interface NextFacts {
  readonly status: Pick<StatusReport, 'tasks' | 'server' | 'runs' | 'kept' | 'unreviewed'>;
  readonly running: boolean;
}

const doing = (command: CommandId, title: string = commands[command].title): PageAction => {
  const { icon }: CommandSpec = commands[command];
  return { command, title, ...(icon === undefined ? {} : { icon }) };
};

/** The one sensible thing to do next: tasks, a server, a pilot where a first run has more tasks than one, a run, its rest, what a person can still win, the data set and what learns from it. */
export function nextAction({ status, running }: NextFacts): PageAction {
  const { tasks, server, runs, kept } = status;
  const [latest] = runs;
  const left = tasks.byState['not-started'];
  if (running) return doing('regenesis.run.cancel');
  if (tasks.trainable === 0) return doing('regenesis.tasks.import');
  if (!server) return doing('regenesis.server.add');
  if (latest && canResume(latest.state)) return doing('regenesis.run.resume');
  if (!latest && left > pilotTasks) return { ...doing('regenesis.run.start', 'Run Pilot'), sample: pilotTasks };
  if (left > 0) return doing('regenesis.run.start', `Run ${counted(left, 'Task')}`);
  if (latest && tasks.byState['needs-review'] > 0) return doing('regenesis.review.next', `Review ${leftToReview(status)}`);
  return kept > 0 ? doing('regenesis.dataset.fineTune') : doing('regenesis.run.start');
}

/** In paths, as a review counts, where the engine knows how many there are. */
const leftToReview = ({ tasks, unreviewed }: Pick<StatusReport, 'tasks' | 'unreviewed'>): string =>
  (unreviewed === undefined ? counted(tasks.byState['needs-review'], 'Task') : counted(unreviewed, 'Path'));

/** Everything else that can be done here, each once; what is the next thing anyway is not repeated. */
export function otherActions({ status, running }: NextFacts): readonly PageAction[] {
  const { tasks, runs, kept } = status;
  const [latest] = runs;
  const some: readonly (readonly [CommandId, boolean])[] = [
    ['regenesis.run.start', tasks.trainable > 0 && !running],
    ['regenesis.run.resume', latest !== undefined && canResume(latest.state) && !running],
    ['regenesis.run.cancel', running],
    ['regenesis.tasks.import', true],
    ['regenesis.server.add', true],
    ['regenesis.review.next', kept > 0 || tasks.byState['needs-review'] > 0],
    ['regenesis.dataset.fineTune', kept > 0],
    ['regenesis.dataset.export', kept > 0],
    ['regenesis.methods.compare', kept > 0],
    ['regenesis.audit.show', runs.length > 0],
    ['regenesis.tasks.show', true],
    ['regenesis.engine.restart', true],
    ['regenesis.project.close', true],
    ['regenesis.log.show', true],
  ];
  const next = nextAction({ status, running });
  return some.filter(([command, fits]) => fits && next.title !== commands[command].title).map(([command]) => doing(command));
}
