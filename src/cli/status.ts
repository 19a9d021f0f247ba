import { iterationTag } from '../client/lineage.ts';
import { boundWords, counted, reasons, thousands } from '../client/words.ts';
import type { OverviewReport } from '../contract/overview.ts';
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
  options: { yield: { type: 'boolean', help: 'also what each guideline yields, how many of them are enough, and tasks by pass rate' } },
  positionals: [1, 1],
  run: async (given, environment) => withProject(environment, { project: given.positionals[0] ?? '' }, async engine => {
    const report = await engine.call('status', {});
    const { run } = await engine.call('followRun', {});
    const overview = given.flag('yield') ? await engine.call('overview', {}) : undefined;
    if (given.flag('json')) {
      const { guidelines, coverage, passRates } = overview ?? {};
      await environment.out(json({ ...report, run: report.run && { ...report.run, ...withoutAbsent({ progress: run?.progress }) }, ...withoutAbsent({ guidelines, coverage, passRates }) }));
    } else {
      await environment.out(`${statusText(report)}${overview ? yieldText(overview) : ''}${run?.progress ? runningText(run.progress) : ''}`);
    }
    return exitCodes.done;
  }),
};

/** Guidelines by their share of correct paths, how many are enough, and tasks by pass rate. */
function yieldText({ guidelines, coverage, passRates }: OverviewReport): string {
  const share = (value: number) => `${Math.round(100 * value)} %`;
  const sorted = guidelines.toSorted((left, right) => right.correct / Math.max(1, right.judged) - left.correct / Math.max(1, left.judged));
  const rows = sorted.map(({ title, judged, correct, low, high, solvedOnly, kept, tokensPerKept }) => [
    title, correct, judged, judged === 0 ? '' : `${share(correct / judged)} (${share(low)} to ${share(high)})`, solvedOnly, kept, tokensPerKept === null ? '' : thousands(Math.round(tokensPerKept)),
  ]);
  const enough = coverage.filter(({ k }) => [1, 2, 3, 5, 10, 25, 50].includes(k) || k === coverage.length).map(({ k, share: solved }) => `${k}: ${share(solved)}`);
  const rates = passRates.filter(({ tasks }) => tasks > 0).map(({ bucket, tasks, hinted }) => [`  ${bucket.replace('-', ' to ')} %`, tasks, hinted > 0 ? `${thousands(hinted)} of them solved with the hint` : '']);
  return [
    ...(rows.length > 0 ? ['', table([['guideline', 'correct', 'judged', 'share', 'solved by it only', 'kept', 'tokens a kept path'], ...rows])] : []),
    ...(enough.length > 0 ? ['', `tasks solved by so many guidelines, drawn at random: ${enough.join(', ')}`] : []),
    ...(rates.length > 0 ? ['', 'tasks by the share of their paths that are correct:', table(rates)] : []),
  ].map(line => `${line}\n`).join('');
}

/** How far the run that goes on is, and what holds its rate down. */
const runningText = (progress: RunProgress): string =>
  `\n${progressText(progress)}\n${progress.bound ? `limited by ${boundWords[progress.bound.by]}: ${progress.bound.advice}\n` : ''}`;

function statusText({ project, tasks, datasets, stages, funnel, kept, hinted, runs }: StatusReport): string {
  const [run] = runs;
  const states = reasons(tasks.byState);
  return [
    `${project}${runs.some(each => each.simulated) ? '  (simulation: answers of the demo server)' : ''}`,
    `${counted(tasks.total, 'task')}: ${thousands(tasks.trainable)} train, ${thousands(tasks.heldOut)} held out${tasks.withoutGold > 0 ? `, ${thousands(tasks.withoutGold)} without known answer` : ''}`,
    datasets.length > 0 ? table(datasets.map(({ name, tasks: count, split }) => [`  ${name}`, count, split])) : 'No tasks yet: regenesis import PROJECT FILE',
    ...(states === '' ? [] : [`train tasks: ${states}`]),
    ...(stages.length > 0 ? ['', table([['stage', 'round', 'done', 'failed'], ...stages.map(({ stage, round, done, failed }) => [stage, String(round), done, failed])])] : []),
    ...(run ? ['', funnelTable(funnel), '', `run ${run.id}: ${[run.recipe, ...iterationTag(run), run.state].join(', ')}, ${counted(run.calls, 'call')}, ${counted(run.cached, 'answer')} from the store`] : ['', 'Nothing was run yet: regenesis run PROJECT']),
    `${counted(kept, 'path')} kept, ${thousands(hinted)} of them hinted`,
  ].join('\n') + '\n';
}
