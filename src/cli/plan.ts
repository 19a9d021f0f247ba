import { counted, thousands } from '../client/words.ts';
import type { PlanReport } from '../contract/reports.ts';
import { exitCodes, type Command } from './command.ts';
import { json, table } from './print.ts';
import { runChoices, runOptions } from './runOptions.ts';
import { withProject } from './withEngine.ts';

/** Says what a run would ask, without asking. */
export const plan: Command = {
  name: 'plan',
  summary: 'Say what a run would do: answers at hand, answers to ask for, requests and tokens. Sends no completion.',
  usage: 'PROJECT',
  options: runOptions,
  positionals: [1, 1],
  run: async (given, environment) => {
    const choices = runChoices(given, environment);
    return withProject(environment, { project: given.positionals[0] ?? '' }, async engine => {
      const report = await engine.call('plan', choices);
      await environment.out(given.flag('json') ? json(report) : planText(report));
      return exitCodes.done;
    });
  },
};

function planText(report: PlanReport): string {
  const rows = report.stages.map(({ stage, round, cached, toDo, stale, maxToDo }) => [stage, String(round), cached, toDo, stale, maxToDo === undefined ? '' : `at most ${thousands(maxToDo)}`]);
  return [
    `${report.recipe} on ${counted(report.tasks, 'task')}, mode ${report.mode}`,
    table([['stage', 'round', 'cached', 'to do', 'stale', ''], ...rows]),
    `${report.exact ? '' : 'at least '}${counted(report.calls, 'call')}; about ${thousands(report.promptTokens)} prompt and ${thousands(report.outputTokens)} output tokens (estimates)`,
  ].join('\n') + '\n';
}
