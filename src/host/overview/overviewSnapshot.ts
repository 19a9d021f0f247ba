// What the overview shows of a project, in words. Knows nothing of the editor.
import path from 'node:path';
import { counted, duration, reasons, thousands } from '../../client/words.ts';
import type { EvaluationRow } from '../../contract/evaluation.ts';
import type { JobRow } from '../../contract/jobs.ts';
import type { AuditReport, OverviewReport } from '../../contract/overview.ts';
import type { AuditState, OpenOverview, OverviewSnapshot } from '../../contract/pages/overview.ts';
import type { RunProgress, RunRow, StatusReport } from '../../contract/reports.ts';
import type { OverviewStep } from '../../core/model/overview.ts';
import { hasEnded } from '../../core/model/trainingJob.ts';
import { evaluationStanding, evaluationState, modelsWords, possible as possibleOf } from '../evaluation/evaluationWords.ts';
import { jobStateLooks, lossWords as jobLoss, possible, failureName, stepWords, timeLeftMs, queueWords, wantsKey } from '../jobs/jobWords.ts';
import { commands } from '../manifest.ts';
import { runIcons } from '../runs/runLook.ts';
import { rate, share, canResume, stageLines, timeLeft } from '../runs/runWords.ts';
import { oneLine, sentence, shortened, stateWords } from '../words.ts';
import { lossWords } from './lists.ts';
import { nextAction, otherActions } from './nextAction.ts';

/** A project that is open, and what its engine says. */
export interface OverviewFacts {
  readonly status: StatusReport;
  readonly report: OverviewReport;
  /** Whether a run goes on; `progress` once something was heard of it. */
  readonly running: boolean;
  readonly progress: RunProgress | undefined;
  readonly audit: { readonly state: AuditState; readonly report: AuditReport | undefined };
  /** Newest first. */
  readonly jobs: readonly JobRow[];
  /** Newest first. */
  readonly evaluations: readonly EvaluationRow[];
  /** The machine from which servers are called. */
  readonly machine: string;
}

/** Runs that are shown, jobs and evaluations; older ones are a number. */
const mostRuns = 6;
const mostJobs = 4;
const mostEvaluations = 4;

const stepTitles: Readonly<Record<OverviewStep, string>> = {
  'tasks': 'Tasks', 'branches': 'Branches', 'finished': 'Finished', 'readable': 'Readable', 'correct': 'Correct', 'leak-free': 'Leak-free', 'in-length': 'In length', 'kept': 'Kept', 'accepted': 'Accepted',
};

/** What is known of a project by its file alone. */
export const overviewHead = (file: string): Pick<OverviewSnapshot, 'name' | 'file' | 'folder'> =>
  ({ name: path.basename(file, path.extname(file)), file: path.basename(file), folder: path.dirname(file) });

/** Little of the run, beside all else in the head: its rate is the server's line, and the status bar's. */
const runChip = (progress: RunProgress | undefined): OpenOverview['run'] =>
  (progress ? { words: joined([`Run ${progress.runId}`, share(progress), ...timeLeft(progress)]), hint: stageLines(progress) } : { words: 'Run starting…', hint: '' });

/** All that the overview shows of an open project. */
export function openOverview(facts: OverviewFacts): OpenOverview {
  const { status, report, running, progress, audit } = facts;
  const [judged, correct] = (['judged', 'correct'] as const).map(of => report.guidelines.reduce((sum, each) => sum + each[of], 0)) as [number, number];
  return {
    kind: 'open',
    primary: nextAction(facts),
    menu: [...otherActions(facts)],
    recipe: progress?.recipe ?? report.recipe,
    simulated: report.simulated || status.server?.simulated === true,
    server: serverChip(facts),
    run: running ? runChip(progress) : null,
    tasks: { trainable: report.tasks.trainable, settled: report.tasks.settled, heldOut: status.tasks.heldOut },
    branches: report.branches,
    funnel: funnelRows(report, audit.report),
    guidelines: report.guidelines,
    meanCorrect: judged === 0 ? null : correct / judged,
    coverage: report.coverage,
    passRates: report.passRates,
    audit: audit.state,
    runs: status.runs.slice(0, mostRuns).map(run => runLine(run, facts)),
    moreRuns: Math.max(0, status.runs.length - mostRuns),
    jobs: facts.jobs.slice(0, mostJobs).map(jobLine),
    moreJobs: Math.max(0, facts.jobs.length - mostJobs),
    evaluations: facts.evaluations.slice(0, mostEvaluations).map(evaluationLine),
    moreEvaluations: Math.max(0, facts.evaluations.length - mostEvaluations),
  };
}

function funnelRows({ funnel, tasks, branches }: OverviewReport, audit: AuditReport | undefined): OpenOverview['funnel'] {
  const settled = tasks.trainable === 0 ? '' : `${Math.floor((tasks.settled / tasks.trainable) * 100)} % settled`;
  return funnel.map(({ step, count, lost }, place) => ({
    step,
    title: stepTitles[step],
    // the engine may count settled tasks; what a person can open is the list of all that may train
    count: step === 'tasks' ? tasks.trainable : count,
    previous: step === 'tasks' || step === 'branches' ? null : funnel[place - 1]?.count ?? null,
    released: audit?.released.steps.find(each => each.step === step)?.count ?? null,
    lost: lost.map(loss => ({ ...loss, words: lossWords(loss) })).sort((a, b) => b.count - a.count),
    note: step === 'tasks' ? settled : step === 'branches' && branches.round1 + branches.hinted === 0 ? 'nothing was run yet' : '',
  }));
}

function serverChip({ status, progress, machine }: OverviewFacts): OpenOverview['server'] {
  const { server } = status;
  if (!server) return null;
  const loads = progress?.servers ?? [];
  const [running, waiting] = (['running', 'waiting'] as const).map(of => loads.reduce((sum, load) => sum + (load[of] ?? 0), 0)) as [number, number];
  const told = loads.some(load => load.running !== undefined);
  const gone = loads.length > 0 && loads.every(({ state }) => state === 'gone');
  const queue = gone ? ['does not answer'] : told ? [`${thousands(running)} running`, `${thousands(waiting)} waiting`] : [];
  const replicas = loads.length > 1 ? [`${loads.length} replicas`] : [];
  return {
    words: [`${shortened(server.model, 40)} @ ${placeOf(server.baseUrl)}`, ...replicas, ...queue].join(' · '),
    hint: `${oneLine(server.model)} at ${server.baseUrl}, as seen from ${machine}`,
    icon: gone ? 'warning' : told ? 'vm-running' : 'vm-outline',
  };
}

function placeOf(baseUrl: string): string {
  return URL.parse(baseUrl)?.host ?? shortened(baseUrl, 40);
}

const runTones: Readonly<Record<RunRow['state'], string>> = { running: '', completed: 'ok', cancelled: '', failed: 'bad', paused: 'warn', interrupted: 'warn' };

const act = (command: 'regenesis.run.cancel' | 'regenesis.run.resume') => ({ command, title: commands[command].title });

type RunLine = OpenOverview['runs'][number];

function runLine(run: RunRow, { progress, running }: OverviewFacts): RunLine {
  const head = { id: run.id, icon: runIcons[run.state].name, tone: runTones[run.state], title: `Run ${run.id} · ${oneLine(run.recipe)}${run.simulated ? ' · simulation' : ''}` };
  if (running && progress?.runId === run.id) return { ...head, ...liveRun(progress) };
  const took = run.endedAtMs === undefined ? '' : span(run.endedAtMs - run.startedAtMs);
  const why = run.problem ? sentence(shortened(run.problem.message, 200)) : '';
  return {
    ...head, counts: `${counted(run.tasks, 'task')} · ${run.state === 'completed' ? 'done' : stateWords(run)}`, ratio: null,
    words: joined([counted(run.calls, 'call'), run.cached > 0 ? `${thousands(run.cached)} cached` : '', took, failures(run.failed), why]),
    action: canResume(run.state) && !running ? act('regenesis.run.resume') : null,
  };
}

function liveRun(progress: RunProgress): Omit<RunLine, 'id' | 'icon' | 'tone' | 'title'> {
  const { tasks, remainingMs, outputTokensPerSecond, failed, notice } = progress;
  return {
    counts: `${thousands(tasks.done)} of ${counted(tasks.total, 'task')} · ${share(progress)}`,
    ratio: tasks.total === 0 ? 1 : tasks.done / tasks.total,
    words: joined([
      rate(progress), outputTokensPerSecond >= 1 ? `${thousands(Math.round(outputTokensPerSecond))} tok/s` : '', remainingMs === null ? '' : `${duration(remainingMs)} left`,
      failures(failed), notice === undefined ? '' : oneLine(notice),
    ]),
    action: act('regenesis.run.cancel'),
  };
}

const jobActions = { 'regenesis.job.cancel': 'Cancel', 'regenesis.job.retry': 'Retry', 'regenesis.job.show': 'Show' } as const;

/** A job as a line, with what is likeliest to be wanted. */
function jobLine(row: JobRow): OpenOverview['jobs'][number] {
  const { id, state, step, steps, loss, model } = row;
  const look = jobStateLooks[state];
  const left = timeLeftMs(row);
  const command = possible.cancel(row) ? 'regenesis.job.cancel' : state === 'succeeded' ? 'regenesis.job.show' : 'regenesis.job.retry';
  return {
    id, icon: look.icon.name, tone: look.tone, title: `Job ${id} · ${shortened(row.target, 40)} · ${shortened(row.base, 60)}`,
    counts: joined([look.word, state === 'succeeded' ? '' : stepWords(row) ?? '', row.simulated ? 'simulation' : '']), ratio: hasEnded(state) || step === undefined || !steps ? null : Math.min(1, step / steps),
    words: joined([jobReason(row), loss === undefined ? '' : `loss ${jobLoss(loss)}`, left === undefined ? '' : `${duration(left)} left`, model === undefined ? '' : shortened(model, 80)]),
    action: { command, title: jobActions[command] }, curve: curveOf(row),
  };
}

const evaluationActions = { 'regenesis.evaluation.cancel': 'Cancel', 'regenesis.evaluation.continue': 'Continue', 'regenesis.evaluation.show': 'Show' } as const;

/** An evaluation as a line: how far it is, or what the model gained. */
function evaluationLine(row: EvaluationRow): OpenOverview['evaluations'][number] {
  const { id, state, tasks, progress } = row;
  const { icon, tone, word } = evaluationState(row);
  const command = possibleOf.cancel(row) ? 'regenesis.evaluation.cancel' : possibleOf.continue(row) ? 'regenesis.evaluation.continue' : 'regenesis.evaluation.show';
  return {
    id, icon: icon.name, tone, title: `Evaluation ${id} · ${modelsWords(row)}`, counts: joined([counted(tasks, 'task'), word.toLowerCase()]),
    ratio: state === 'running' && progress && progress.total > 0 ? Math.min(1, progress.done / progress.total) : null, words: evaluationStanding(row), action: { command, title: evaluationActions[command] },
  };
}

/** How the loss went, for eyes and for ears. */
function curveOf({ curve = [], step }: JobRow): OpenOverview['jobs'][number]['curve'] {
  const [first, last] = [curve[0], curve.at(-1)];
  if (first === undefined || last === undefined || curve.length < 2) return null;
  return { losses: [...curve], words: `Loss up to step ${thousands(step ?? 0)}: from ${jobLoss(first)} to ${jobLoss(last)}, at least ${jobLoss(Math.min(...curve))}` };
}

/** Why a job is in its state, where that is not what one expects. */
function jobReason(row: JobRow): string {
  switch (row.state) {
    case 'queued': return queueWords(row.words);
    case 'failed': return failureName(row.reason);
    case 'lost': return wantsKey(row) ? 'its key is refused' : 'out of sight, not failed';
    default: return '';
  }
}

const joined = (parts: readonly string[]): string => parts.filter(part => part !== '').join(' · ');
const span = (ms: number): string => (ms < 1000 ? 'less than a second' : duration(ms));
const failures = (failed: Readonly<Record<string, number>>): string => (Object.keys(failed).length > 0 ? `failed: ${reasons(failed)}` : '');
