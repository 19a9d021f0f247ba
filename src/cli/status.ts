import { counted, reasons, thousands } from '../client/words.ts';
import { methods } from '../contract/engine.ts';
import type { RunProgress, StatusReport } from '../contract/reports.ts';
import { withoutAbsent } from '../core/model/outside.ts';
import { exitCodes, type Command } from './command.ts';
import { funnelTable, json, table } from './print.ts';
import { progressText } from './runProgress.ts';
import { withProject } from './withEngine.ts';

/** Says where a project stands. */
export const status: Command = {
  name: 'status',
  summary: 'Say where a project stands: tasks by state, answers by stage, and the funnel with a reason for every loss.',
  usage: 'PROJECT',
  options: {},
  positionals: [1, 1],
  run: async (given, environment) => withProject(environment, { project: given.positionals[0] ?? '' }, async engine => {
    const report = await engine.call(methods.status, {});
    const { run } = await engine.call(methods.followRun, {});
    if (given.flag('json')) await environment.out(json({ ...report, run: report.run && { ...report.run, ...withoutAbsent({ progress: run?.progress }) } }));
    else await environment.out(`${statusText(report)}${run?.progress ? runningText(run.progress) : ''}`);
    return exitCodes.done;
  }),
};

/** How far the run that goes on is, and what holds its rate down. */
const runningText = (progress: RunProgress): string =>
  `\n${progressText(progress)}\n${progress.bound ? `limited by ${progress.bound.by}: ${progress.bound.advice}\n` : ''}`;

function statusText({ project, tasks, datasets, stages, funnel, kept, hinted, runs }: StatusReport): string {
  const [run] = runs;
  const states = reasons(tasks.byState);
  return [
    `${project}${runs.some(each => each.simulated) ? '  (simulation: answers of the demo server)' : ''}`,
    `${counted(tasks.total, 'task')}: ${thousands(tasks.trainable)} train, ${thousands(tasks.heldOut)} held out${tasks.withoutGold > 0 ? `, ${thousands(tasks.withoutGold)} without known answer` : ''}`,
    datasets.length > 0 ? table(datasets.map(({ name, tasks: count, split }) => [`  ${name}`, count, split])) : 'No tasks yet: regenesis import PROJECT FILE',
    ...(states === '' ? [] : [`train tasks: ${states}`]),
    ...(stages.length > 0 ? ['', table([['stage', 'round', 'done', 'failed'], ...stages.map(({ stage, round, done, failed }) => [stage, String(round), done, failed])])] : []),
    ...(run ? ['', funnelTable(funnel), '', `run ${run.id}: ${run.recipe}, ${run.state}, ${counted(run.calls, 'call')}, ${counted(run.cached, 'answer')} from the store`] : ['', 'Nothing was run yet: regenesis run PROJECT']),
    `${counted(kept, 'path')} kept, ${thousands(hinted)} of them hinted`,
  ].join('\n') + '\n';
}
