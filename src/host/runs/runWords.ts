// What is said of a plan and of a run. Knows nothing of the editor.
import { boundWords, contaminationWords, counted, duration, reasons, thousands } from '../../client/words.ts';
import type { ImportReport, ExportReport, PlanReport, RunProgress, RunReport, RunRow } from '../../contract/reports.ts';
import { oneLine, rounded, sentence, shortened } from '../words.ts';
import { partTitle, type Part } from './stageTable.ts';

const simulationTag = (simulated: boolean): string => (simulated ? ' · simulation' : '');

/** `Run regenesis on 938 tasks`, or for a part of the method `Verify Paths of 938 tasks · regenesis`. */
export function planTitle(plan: PlanReport, { simulated, part }: { readonly simulated: boolean; readonly part: Part | undefined }): string {
  const tasks = counted(plan.tasks, 'task');
  return `${part === undefined ? `Run ${plan.recipe} on ${tasks}` : `${partTitle(part)} on ${tasks} · ${plan.recipe}`}${simulationTag(simulated)}`;
}

/** What a pilot came to, for who has to decide about the rest. */
export function pilotWords(report: RunReport): string {
  const total = Object.values(report.tasks).reduce((sum, count) => sum + count, 0);
  return `Pilot: ${thousands(report.tasks.solved)} of ${counted(total, 'task')} solved, ${counted(report.kept, 'path')} kept`;
}

/** `cached 4,120 · to do 51,230 calls · about 9.1 M tokens`. Where hints or early ends make it uncertain, the least is named as one. */
export function planFigures(plan: PlanReport): string {
  const cached = plan.stages.reduce((sum, stage) => sum + stage.cached, 0);
  const stale = plan.stages.reduce((sum, stage) => sum + stage.stale, 0);
  if (plan.calls === 0) return `cached ${thousands(cached)} · nothing to ask${plan.exact ? '' : ', unless tasks stay unsolved'}`;
  return [
    `cached ${thousands(cached)}`,
    `to do ${plan.exact ? '' : 'at least '}${counted(plan.calls, 'call')}`,
    ...(stale > 0 ? [`${thousands(stale)} of them stale`] : []),
    `about ${rounded(plan.promptTokens + plan.outputTokens)} tokens`,
  ].join(' · ');
}

/** Share of the tasks that are done, such as `61 %`; never 100 before the last. */
export function share({ tasks }: RunProgress): string {
  return `${tasks.total === 0 ? 100 : Math.floor((tasks.done / tasks.total) * 100)} %`;
}

/** For the status bar: `61 % · 412 calls/s · 12 min left`. */
export function shortProgress(progress: RunProgress): string {
  return [share(progress), rate(progress), ...timeLeft(progress)].join(' · ');
}

/** Calls a second, such as `412 calls/s`. */
export const rate = ({ callsPerSecond }: RunProgress): string => `${thousands(callsPerSecond < 10 ? callsPerSecond : Math.round(callsPerSecond))} calls/s`;
/** How long is left, where anything can be said of it. */
export const timeLeft = ({ remainingMs }: RunProgress): readonly string[] => (remainingMs === null ? [] : [`${duration(remainingMs)} left`]);

/** For the notification: what is done, what is kept, how fast, how long. */
export function longProgress(progress: RunProgress): string {
  const failures = Object.values(progress.failed).reduce((sum, count) => sum + count, 0);
  return [
    `${thousands(progress.tasks.done)} of ${counted(progress.tasks.total, 'task')}`,
    `${thousands(progress.kept)} kept`,
    `${counted(progress.calls, 'call')}, ${rate(progress)}${progress.cached > 0 ? `, ${thousands(progress.cached)} cached` : ''}`,
    ...(failures > 0 ? [`${thousands(failures)} failed`] : []),
    ...timeLeft(progress),
    ...(progress.notice === undefined ? [] : [oneLine(progress.notice)]),
  ].join(' · ');
}

type Bound = NonNullable<RunProgress['bound']>;

/** Where the engine's advice speaks of the command line, the editor has its own. */
const ownAdvice: Partial<Readonly<Record<Bound['by'], string>>> = {
  queue: 'The slots of the servers are full: a replica (Add Replica…) or a larger max_num_seqs there would help.',
  setting: 'The number of requests in flight was set: with regenesis.run.maxConcurrent at 0 it is found out.',
  tail: 'There is less left to do than the servers could take: more tasks in one run would fill them.',
};

/** What would make a run faster that is held back by this. */
export const adviceWords = ({ by, advice }: Bound): string => ownAdvice[by] ?? advice;

/** For the tooltip of the status bar: a line for each stage. */
export function stageLines(progress: RunProgress): string {
  const rows = progress.stages.map(({ stage, round, done, failed, toDo }) =>
    `${stage}${round === 2 ? ' with hint' : ''}: ${thousands(done)} done${toDo > 0 ? `, ${thousands(toDo)} to do` : ''}${failed > 0 ? `, ${thousands(failed)} failed` : ''}`);
  const bound = progress.bound ? [`Limited by ${boundWords[progress.bound.by]}. ${adviceWords(progress.bound)}`] : [];
  return [`Run ${progress.runId} of ${progress.recipe}${simulationTag(progress.simulated)}`, ...rows, ...bound, longProgress(progress)].join('\n');
}

/** Whether a run that ended so is gone on with by resuming it. */
export const canResume = (state: RunRow['state']): boolean => state === 'interrupted' || state === 'paused';

/** That a run ended before its time, and why. */
export function stoppedWords({ id, state, problem }: RunRow, project: string): string {
  const run = `Run ${id} of ${project}`;
  const safe = 'Nothing that had arrived is lost.';
  if (state === 'interrupted') return `${run} was interrupted: its engine, or the machine, ended. ${safe}`;
  if (problem === undefined || problem.code === 'engine-stopped') return `${run} was paused when its engine was ended. ${safe}`;
  return `${run} was paused: ${sentence(shortened(problem.message, 400))} ${safe}`;
}

/** How a run ended, in one sentence or two. */
export function endWords(report: RunReport, project: string): string {
  const solved = report.tasks.solved;
  const total = Object.values(report.tasks).reduce((sum, count) => sum + count, 0);
  const lost = Object.values(report.failed).reduce((sum, count) => sum + count, 0);
  const what = `Run ${report.runId} of ${project}${report.simulated ? ' (simulation)' : ''}`;
  const made = `${thousands(solved)} of ${counted(total, 'task')} solved, ${counted(report.kept, 'path')} kept`;
  const spent = `${counted(report.calls, 'call')}${report.cached > 0 ? ` and ${counted(report.cached, 'stored answer')}` : ''} in ${report.elapsedMs < 1000 ? 'less than a second' : duration(report.elapsedMs)}`;
  const failures = lost > 0 ? ` ${counted(lost, 'request')} failed (${reasons(report.failed)}).` : '';
  switch (report.state) {
    case 'completed': return `${what}: ${made}; ${spent}.${failures}`;
    case 'cancelled': return `${what} was cancelled: ${made}. What had arrived is stored; running again goes on from there.`;
    case 'paused':
    case 'failed': return `${what} ${report.state === 'paused' ? 'paused' : 'failed'}: ${sentence(shortened(report.problem?.message ?? 'no reason is known', 600))} What had arrived is stored; running again goes on from there.`;
  }
}

/** What an import did, in one sentence or two. */
export function importWords(report: ImportReport): string {
  const total = (of: 'withoutGold' | 'duplicates') => report.files.reduce((sum, file) => sum + file[of], 0);
  const heldOut = report.files.filter(file => file.split === 'held-out').reduce((sum, file) => sum + file.tasks, 0);
  const sets = [...new Set(report.files.filter(file => file.tasks > 0).map(file => file.dataset))];
  const parts = [
    ...(heldOut > 0 ? [`${thousands(heldOut)} held out`] : []),
    ...(total('withoutGold') > 0 ? [`${thousands(total('withoutGold'))} without known answer`] : []),
    ...(total('duplicates') > 0 ? [`${thousands(total('duplicates'))} there already`] : []),
    ...(report.refused > 0 ? [`${counted(report.refused, 'row')} refused`] : []),
  ];
  const from = sets.length === 0 ? '' : ` into ${sets.slice(0, 3).join(', ')}${sets.length > 3 ? ` and ${sets.length - 3} more` : ''}`;
  return `${counted(report.tasks, 'task')} imported${from}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}.`;
}

/** What an export wrote. */
export function exportWords(report: ExportReport): string {
  const excluded = Object.values(report.excluded).reduce((sum, count) => sum + count, 0);
  const hinted = report.hinted > 0 ? `, ${thousands(report.hinted)} of them hinted` : '';
  const contaminated = contaminationWords(report.contamination);
  return `${counted(report.records, 'record')} of ${counted(report.tasks, 'task')} written${hinted}${report.simulated ? ' (simulation)' : ''}; ${counted(excluded, 'path')} left out. ${contaminated === '' ? '' : `${contaminated}. `}${report.path}`;
}
