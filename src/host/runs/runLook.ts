// The runs of a project as lines: how each stands, and what is below it. Knows nothing of the editor.
import { iterationTag, runLineage } from '../../client/lineage.ts';
import { boundWords, codeWords, counted, duration, thousands } from '../../client/words.ts';
import type { RunProgress, RunRow } from '../../contract/reports.ts';
import type { Icon, Look } from '../look.ts';
import { oneLine, rounded, sentence, shortened, stateWords } from '../words.ts';
import { adviceWords, canResume, share, timeLeft } from './runWords.ts';

/** A run in the view, newest first. */
export interface RunNode {
  readonly kind: 'run';
  readonly id: string;
  readonly project: string;
  readonly run: number;
}

/** Something that is said of a run. */
export interface RunLine {
  readonly kind: 'line';
  readonly id: string;
  readonly parent: RunNode;
  readonly look: Look;
  readonly below: readonly RunLine[];
}

/** A project, where several are open. */
export interface RunsOfProject {
  readonly kind: 'runs';
  readonly id: string;
  readonly project: string;
}

/** A node of the view of runs. */
export type RunsNode = RunsOfProject | RunNode | RunLine;

/** What is known of a run: its row, once it has one, and how far it is while it goes on. */
export interface RunFacts {
  readonly row: RunRow | undefined;
  readonly progress: RunProgress | undefined;
  /** The latest of its project. */
  readonly latest: boolean;
}

/** The node of a run. */
export const runNode = (project: string, run: number): RunNode => ({ kind: 'run', id: `run|${encodeURIComponent(project)}|${run}`, project, run });

/** The icon of each state of a run. */
export const runIcons: Readonly<Record<RunRow['state'], Icon>> = {
  running: { name: 'sync' }, completed: { name: 'pass', color: 'testing.iconPassed' }, cancelled: { name: 'circle-slash' }, failed: { name: 'error', color: 'testing.iconFailed' },
  paused: { name: 'debug-pause', color: 'problemsWarningIcon.foreground' }, interrupted: { name: 'warning', color: 'problemsWarningIcon.foreground' },
};

/** What a run was started for, and in many words: `regenesis`, or of a part of the method `verify` and `verify of regenesis`. */
function titleOf({ row, progress }: RunFacts): { readonly short: string; readonly long: string } {
  const recipe = oneLine(row?.recipe ?? progress?.recipe ?? '');
  const part = row?.round === 2 ? 'hint' : (row?.stages ?? []).join(', ');
  return part === '' ? { short: recipe, long: recipe } : { short: part, long: `${part} of ${recipe}` };
}

/** The look of a run: its number, what it is of, and how far it is or what it kept. */
export function runLook(node: RunNode, facts: RunFacts): Look {
  const { row, progress, latest } = facts;
  const state = progress ? 'running' : row?.state ?? 'running';
  const { short, long } = titleOf(facts);
  const description = standing(facts, state);
  const resumable = latest && state !== 'running' && canResume(state);
  return {
    label: `#${node.run} ${shortened(short, 40)}`, description, icon: runIcons[state], fold: progress ? 'open' : 'closed',
    tooltip: [`Run ${node.run}: ${long}`, description, ...runLineage(row ?? {}), ...(row?.problem ? [sentence(shortened(row.problem.message, 400))] : [])].join('\n'),
    spoken: `Run ${node.run} ${long}, ${state}, ${description}`,
    tokens: ['run', ...(state === 'running' ? ['running'] : []), ...(resumable ? ['resumable'] : [])],
  };
}

/** How far a run is and how long is left, or how it ended and what it kept. */
function standing({ row, progress }: RunFacts, state: RunRow['state']): string {
  const [iteration, simulation] = [iterationTag(row ?? {}), (progress ?? row)?.simulated === true ? ['simulation'] : []];
  if (progress) return [share(progress), ...timeLeft(progress), ...iteration, ...simulation].join(' · ');
  if (state === 'running') return 'starting…';
  const kept = row?.kept === undefined ? [] : [`${thousands(row.kept)} kept`];
  return [...iteration, ...kept, ...(state === 'completed' ? [] : [stateWords({ state, problem: row?.problem })]), ...simulation].join(' · '); // the end is cut off in a narrow side bar
}

interface Draft {
  readonly key: string;
  readonly label: string;
  readonly description?: string;
  readonly icon?: Icon;
  readonly tooltip?: string;
  readonly below?: readonly Draft[];
}

function lineOf(parent: RunNode, { key, label, description, icon, tooltip, below = [] }: Draft): RunLine {
  const look: Look = {
    label, icon: icon ?? { name: 'blank' }, tooltip: tooltip ?? `${label}${description === undefined ? '' : ` ${description}`}`, spoken: `${label}${description === undefined ? '' : `, ${description}`}`,
    fold: below.length > 0 ? 'closed' : 'none', tokens: ['line'], ...(description === undefined ? {} : { description }),
  };
  return { kind: 'line', id: `${parent.id}|${key}`, parent, look, below: below.map(each => lineOf(parent, { ...each, key: `${key}|${each.key}` })) };
}

/** What is said below a run. */
export function runLines(node: RunNode, { row, progress }: RunFacts): readonly RunLine[] {
  const drafts = progress ? goingOn(progress) : row ? ended(row) : [];
  return drafts.map(draft => lineOf(node, draft));
}

function goingOn(progress: RunProgress): readonly Draft[] {
  const { tasks, bound, outputTokensPerSecond, outputTokens, callsPerSecond, notice } = progress;
  return [
    ...(notice === undefined ? [] : [{ key: 'notice', label: shortened(notice, 120), icon: { name: 'warning', color: 'problemsWarningIcon.foreground' }, tooltip: oneLine(notice) } as const]),
    ...progress.stages.map(stageDraft),
    { key: 'select', label: 'select', description: `${thousands(tasks.done)} / ${counted(tasks.total, 'task')}`, icon: tasks.done < tasks.total ? { name: 'sync' } : { name: 'pass' }, tooltip: `${thousands(tasks.done)} of ${counted(tasks.total, 'task')} done, ${counted(progress.kept, 'path')} kept` },
    ...failedDraft(progress.failed),
    ...(bound ? [{ key: 'bound', label: `Limited by ${boundWords[bound.by]}`, description: adviceWords(bound), icon: { name: 'dashboard' }, tooltip: `Limited by ${boundWords[bound.by]}. ${adviceWords(bound)}` }] : []),
    { key: 'kept', label: `${thousands(progress.kept)} kept`, description: 'paths so far', icon: { name: 'archive' } },
    { key: 'calls', label: counted(progress.calls, 'call'), description: `${rounded(callsPerSecond)}/s`, icon: { name: 'cloud' } },
    ...savedDraft(progress.cached),
    ...(outputTokens === undefined ? [] : [{ key: 'tokens', label: `${rounded(outputTokens)} tokens`, description: `${rounded(outputTokensPerSecond)} tok/s`, icon: { name: 'pulse' } }]),
  ];
}


/** `adapt 36,884 / 60,000`: what is there of what is known to be wanted. */
function stageDraft({ stage, round, done, failed, toDo }: RunProgress['stages'][number]): Draft {
  const label = `${stage}${round === 2 ? ' with hint' : ''}`;
  const description = `${thousands(done)} / ${thousands(done + toDo)}`;
  const more = failed > 0 ? `, ${counted(failed, 'request')} failed` : '';
  return { key: `stage|${stage}|${round}`, label, description, icon: toDo > 0 ? { name: 'sync' } : { name: 'pass' }, tooltip: `${label}: ${thousands(done)} answers there, ${thousands(toDo)} to do${more}` };
}

/** Failed requests, the commonest reason beside their number, each reason below. */
function failedDraft(failed: Readonly<Record<string, number>>): readonly Draft[] {
  const rows = Object.entries(failed).filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a);
  const [first] = rows;
  if (!first) return [];
  const total = rows.reduce((sum, [, count]) => sum + count, 0);
  const [code, count] = first;
  return [{
    key: 'failed', label: 'Failed', description: `${thousands(total)} · ${count === total ? '' : `${thousands(count)} `}${codeWords(code)}`, icon: { name: 'warning', color: 'problemsWarningIcon.foreground' },
    tooltip: `${counted(total, 'request')} failed; most were asked again.`,
    below: rows.map(([reason, times]) => ({ key: reason, label: codeWords(reason), description: thousands(times) })),
  }];
}

const savedDraft = (cached: number): readonly Draft[] =>
  cached === 0 ? [] : [{ key: 'saved', label: `${thousands(cached)} saved`, description: 'answers taken from the store', icon: { name: 'database' }, tooltip: `${counted(cached, 'answer')} were in the project already and not asked for again` }];

function ended(row: RunRow): readonly Draft[] {
  const ms = row.endedAtMs === undefined ? undefined : row.endedAtMs - row.startedAtMs;
  const perSecond = (count: number) => (ms === undefined || ms <= 0 ? undefined : rounded((count * 1000) / ms));
  const calls = perSecond(row.calls);
  const tokens = row.outputTokens === undefined ? undefined : perSecond(row.outputTokens);
  return [
    ...(row.problem ? [{ key: 'problem', label: shortened(sentence(row.problem.message), 120), icon: { name: 'warning', color: 'problemsWarningIcon.foreground' }, tooltip: sentence(oneLine(row.problem.message)) } as const] : []),
    { key: 'tasks', label: counted(row.tasks, 'task'), icon: { name: 'checklist' }, ...(ms === undefined ? {} : { description: ms < 1000 ? 'in less than a second' : `in ${duration(ms)}` }) },
    ...(row.kept === undefined ? [] : [{ key: 'kept', label: `${thousands(row.kept)} kept`, description: 'paths', icon: { name: 'archive' } }]),
    ...failedDraft(row.failed),
    { key: 'calls', label: counted(row.calls, 'call'), icon: { name: 'cloud' }, ...(calls === undefined ? {} : { description: `${calls}/s` }) },
    ...savedDraft(row.cached),
    ...(row.outputTokens === undefined || row.outputTokens === 0 ? [] : [{ key: 'tokens', label: `${rounded(row.outputTokens)} tokens`, icon: { name: 'pulse' }, ...(tokens === undefined ? {} : { description: `${tokens} tok/s` }) }]),
    { key: 'server', label: shortened(row.model, 60), description: row.baseUrl, icon: { name: 'vm' } },
  ];
}
