import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { startDemoServerProcess } from '../client/demoServerProcess.ts';
import { withoutAbsent } from '../core/model/outside.ts';
import { messageOf, problemError } from '../core/model/problem.ts';
import type { Command } from './command.ts';
import { exportText } from './export.ts';
import { funnelTable, json } from './print.ts';
import { exitCodeOf, followRun, runText } from './run.ts';
import { nodeFor, withProject } from './withEngine.ts';

/** The whole method on the sample tasks. */
export const demo: Command = {
  name: 'demo',
  summary: 'Run the whole method on the sample tasks against the built-in demo server, and write a training set.',
  usage: '[FOLDER]',
  options: {},
  positionals: [0, 1],
  notes: 'Run again, it asks nothing: every answer is in the project already. Everything it makes comes from a simulation, not from a model.',
  run: async (given, environment) => {
    const folder = path.resolve(given.positionals[0] ?? 'demo');
    makeFolder(folder);
    const server = await startDemoServerProcess({ node: nodeFor(environment), cliPath: environment.cliPath });
    try {
      environment.say(`demo server on ${server.url}, a simulation: it plays a model for the sample tasks\n`);
      const project = path.join(folder, 'demo.regenesis');
      return await withProject(environment, { project, how: existsSync(project) ? 'open' : 'create-sample' }, async engine => {
        const run = await followRun(engine, { server: server.url }, environment);
        const { funnel } = await engine.call('status', {});
        const dataset = run.state === 'completed' ? await engine.call('exportDataset', { format: 'chat', out: path.join(folder, 'train.jsonl') }) : undefined;
        const text = `\n${runText(run)}\n\n${funnelTable(funnel)}\n${dataset ? `\n${exportText(dataset)}\n\n${nextSteps(project)}` : ''}`;
        await environment.out(given.flag('json') ? json({ project, run, ...withoutAbsent({ dataset }) }) : text);
        return exitCodeOf(run);
      });
    } finally {
      await server.stop();
    }
  },
};

const nextSteps = (project: string): string => `Next:
  npx regenesis status ${path.relative(process.cwd(), project) || project}
                                       where the project stands
  npx regenesis init mine && npx regenesis import mine.regenesis FILE
                                       a project of your own, from your own tasks
  npx regenesis run mine.regenesis --server http://HOST:8000/v1
                                       the same against your own server
`;

/** One level only: Node's own way of making several never ends in some places, such as /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  try {
    mkdirSync(folder);
  } catch (thrown) {
    throw problemError('file-not-writable', `The folder ${folder} cannot be made: ${messageOf(thrown)}. Choose another place.`, { file: folder, cause: thrown });
  }
}
