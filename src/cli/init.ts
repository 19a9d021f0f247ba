import { counted } from '../client/words.ts';
import { exitCodes, type Command } from './command.ts';
import { json } from './print.ts';
import { withProject } from './withEngine.ts';

/** Makes a new, empty project, or one with the sample tasks. */
export const init: Command = {
  name: 'init',
  summary: 'Make a new project file.',
  usage: 'PROJECT',
  options: { sample: { type: 'boolean', help: 'with the sample tasks that the demo server can solve' } },
  positionals: [1, 1],
  run: async (given, environment) => {
    const [name = ''] = given.positionals;
    return withProject(environment, { project: name, how: given.flag('sample') ? 'create-sample' : 'create' }, async engine => {
      const { project, tasks } = await engine.call('status', {});
      const made = { project, tasks: tasks.total };
      const next = made.tasks === 0 ? `Next: regenesis import ${name} FILE` : `Next: regenesis run ${name} --server URL`;
      await environment.out(given.flag('json') ? json(made) : `${made.project}: ${counted(made.tasks, 'task')}\n${next}\n`);
      return exitCodes.done;
    });
  },
};
