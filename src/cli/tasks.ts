import { thousands } from '../client/words.ts';
import type { TaskListRow } from '../contract/reports.ts';
import { withoutAbsent } from '../core/model/outside.ts';
import { splits, taskStates } from '../core/model/task.ts';
import { exitCodes, type Command } from './command.ts';
import { json, table } from './print.ts';
import { withProject } from './withEngine.ts';

const usualLimit = 50;
const mostRows = 1000;

/** Lists tasks with their ids. */
export const tasks: Command = {
  name: 'tasks',
  summary: 'List tasks with their ids, by state, data set or a part of the question.',
  usage: 'PROJECT',
  options: {
    state: { type: 'string', value: 'STATE', help: taskStates.join(' ') },
    dataset: { type: 'string', value: 'NAME', help: 'only of this data set' },
    split: { type: 'string', value: 'SPLIT', help: splits.join(' or ') },
    text: { type: 'string', value: 'TEXT', help: 'only with this in the question or the id' },
    limit: { type: 'string', value: 'N', help: `at most so many, up to ${thousands(mostRows)} (default ${usualLimit})` },
  },
  positionals: [1, 1],
  run: async (given, environment) => {
    const limit = Math.min(given.count('limit', 1) ?? usualLimit, mostRows);
    const filter = withoutAbsent({ state: given.word('state', taskStates), dataset: given.text('dataset'), split: given.word('split', splits), text: given.text('text') });
    return withProject(environment, { project: given.positionals[0] ?? '' }, async engine => {
      const page = await engine.call('taskPage', { filter, limit });
      await environment.out(given.flag('json') ? json({ tasks: page.rows, total: page.total }) : tasksText(page.rows, page.total));
      return exitCodes.done;
    });
  },
};

function tasksText(rows: readonly TaskListRow[], total: number): string {
  const shown = table(rows.map(({ id, state, kept, excerpt }) => [id, state, kept, excerpt.slice(0, 72)]));
  const more = total > rows.length ? `… ${thousands(total - rows.length)} more\n` : '';
  return total === 0 ? 'No such tasks.\n' : `${shown}\n${more}`;
}
