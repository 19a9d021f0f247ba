import { readContamination, withdrawAll } from '../client/contamination.ts';
import { counted, leftWords, likenessWords, thousands, thresholdWords } from '../client/words.ts';
import type { EngineClient } from '../client/engineClient.ts';
import type { ContaminationReport } from '../contract/contamination.ts';
import { problemError } from '../core/model/problem.ts';
import { exitCodes, type Command, type Given } from './command.ts';
import { json, table } from './print.ts';
import { withProject } from './withEngine.ts';

const shownPairs = 100;

/** Finds train tasks that stand in evaluation sets, and keeps them away from training where that is wished. */
export const contamination: Command = {
  name: 'contamination',
  summary: 'Find train tasks that stand in the held-out data sets as well.',
  usage: 'PROJECT',
  options: {
    'set': { type: 'string', multiple: true, value: 'NAME', help: 'only this held-out data set; may be repeated (default: all)' },
    'hold-out': { type: 'boolean', help: 'move what is found to the held-out tasks: it makes no training data any more' },
    'leave-out': { type: 'boolean', help: 'leave what is found out of whatever is exported' },
    'undo': { type: 'boolean', help: 'with --hold-out or --leave-out: take that back, for every task that was moved or left out' },
  },
  positionals: [1, 1],
  notes: `Two tasks are the same where their words are, whatever the case, blanks, quotes and punctuation; they are nearly the same by the runs of eight words that they share, or by the
few characters in which they differ, if they have the same numbers.`,
  run: async (given, environment) => {
    const wish = wishIn(given);
    const asJson = given.flag('json');
    return withProject(environment, { project: given.positionals[0] ?? '' }, async engine => {
      await environment.out(given.flag('undo') ? await undone(engine, { wish, asJson }) : await found(engine, { sets: given.texts('set'), wish, asJson }));
      return exitCodes.done;
    });
  },
};

/** What is to be done about what is found. */
type Wish = 'hold-out' | 'leave-out' | undefined;

function wishIn(given: Given): Wish {
  const [holds, leaves] = [given.flag('hold-out'), given.flag('leave-out')];
  if (holds && leaves) throw problemError('usage', 'Give --hold-out or --leave-out, not both: a task that is held out is in no export anyway.');
  if (given.flag('undo') && !holds && !leaves) throw problemError('usage', 'Say what --undo is to take back: --hold-out or --leave-out.');
  if (given.flag('undo') && given.texts('set').length > 0) throw problemError('usage', '--undo takes back every task that was moved or left out: it knows no --set.');
  return holds ? 'hold-out' : leaves ? 'leave-out' : undefined;
}

async function found(engine: EngineClient, { sets, wish, asJson }: { readonly sets: readonly string[]; readonly wish: Wish; readonly asJson: boolean }): Promise<string> {
  const report = await readContamination(choices => engine.call('contaminationFind', choices), sets.length > 0 ? sets : undefined);
  const tasks = [...new Set(report.pairs.map(({ train }) => train))];
  const changed = wish === undefined ? [] : await withdrawAll(tasks, request => engine.call(wish === 'hold-out' ? 'holdOut' : 'leaveOut', request));
  if (asJson) return json({ ...report, ...(wish === undefined ? {} : { [wish === 'hold-out' ? 'heldOut' : 'leftOut']: changed }) });
  const leftOut = new Set((await engine.call('withdrawnTasks', {})).leftOut.map(({ task }) => task));
  const done = wish === undefined ? '' : `${counted(changed.length, 'task')} ${wish === 'hold-out' ? 'moved to the held-out ones' : 'left out of exports'}\n`;
  return `${reportText(report, leftOut)}\n${done}`;
}

async function undone(engine: EngineClient, { wish, asJson }: { readonly wish: Wish; readonly asJson: boolean }): Promise<string> {
  const holds = wish === 'hold-out';
  const { moved, leftOut } = await engine.call('withdrawnTasks', {});
  const tasks = (holds ? moved : leftOut).map(({ task }) => task);
  const back = await withdrawAll(tasks, request => engine.call(holds ? 'holdIn' : 'takeIn', request));
  if (asJson) return json(holds ? { heldIn: back } : { takenIn: back });
  return `${counted(back.length, 'task')} ${holds ? 'moved back to train' : 'taken into exports again'}\n`;
}

function reportText(report: ContaminationReport, leftOut: ReadonlySet<string>): string {
  const { pairs, thresholds } = report;
  const countedAs = `counted as ${thresholdWords(thresholds)}`;
  if (pairs.length === 0) return `No train task stands in held-out data; ${countedAs}`;
  const rows = pairs.slice(0, shownPairs).map(({ train, evaluation, evaluationSet, ...likeness }) => [train, evaluation, evaluationSet, likenessWords(likeness)]);
  const more = report.total - rows.length;
  const all = new Set(pairs.map(({ train }) => train));
  const [tasks, left] = [report.tasks, [...all].filter(task => leftOut.has(task)).length];
  return [
    table([['train task', 'held-out task', 'of', 'how'], ...rows]), ...(more > 0 ? [`… ${thousands(more)} more${report.total === pairs.length ? '; --json lists them' : ''}`] : []),
    `${counted(tasks, 'train task')} ${tasks === 1 ? 'stands' : 'stand'} in held-out data${left > 0 ? ` (${thousands(left)} left out of exports)` : ''}, ${countedAs}`,
    ...(report.left > 0 ? [leftWords(report.left).trim()] : []),
  ].join('\n');
}
