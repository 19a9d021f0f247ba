// What is said of training jobs: one place draws the state of a job for the tree, its page and the overview. Knows nothing of the editor.
import { duration, thousands } from '../../client/words.ts';
import type { JobRow } from '../../contract/jobs.ts';
import { isFields, parseJson } from '../../core/model/outside.ts';
import { hasEnded, type JobFailure, type JobState, type TargetKind } from '../../core/model/trainingJob.ts';
import type { Icon } from '../look.ts';
import { oneLine, sentence, shortened } from '../words.ts';

/** How a state is told: by icon and word, never by colour alone. `tone`: the class that pages give the icon. */
export interface StateLook {
  readonly icon: Icon;
  readonly tone: '' | 'ok' | 'bad' | 'warn';
  readonly word: string;
}

const warning = 'problemsWarningIcon.foreground';

/** The look of each state. */
export const jobStateLooks: Readonly<Record<JobState, StateLook>> = {
  preparing: { icon: { name: 'loading' }, tone: '', word: 'preparing' },
  uploading: { icon: { name: 'cloud-upload' }, tone: '', word: 'sending' },
  queued: { icon: { name: 'watch' }, tone: '', word: 'queued' },
  running: { icon: { name: 'sync' }, tone: '', word: 'running' },
  succeeded: { icon: { name: 'pass', color: 'testing.iconPassed' }, tone: 'ok', word: 'succeeded' },
  failed: { icon: { name: 'error', color: 'testing.iconFailed' }, tone: 'bad', word: 'failed' },
  cancelled: { icon: { name: 'circle-slash' }, tone: '', word: 'cancelled' },
  lost: { icon: { name: 'debug-disconnect', color: warning }, tone: 'warn', word: 'lost' },
};

/** What kinds of targets are called. */
export const kindWords: Readonly<Record<TargetKind, string>> = { openai: 'fine-tuning API', ray: 'Ray', slurm: 'Slurm', command: 'command' };

/** What a job is called wherever it is named alone, such as `Job 3 · cluster`. */
export const jobName = ({ id, target }: Pick<JobRow, 'id' | 'target'>): string => `Job ${id} · ${shortened(target, 30)}`;

/** A loss in as many digits as mean something. */
export const lossWords = (loss: number): string => (loss !== 0 && Math.abs(loss) < 0.01 ? loss.toPrecision(2) : loss.toFixed(loss < 10 ? 3 : 1));

/** `640 of 1,089`; absent before the first step. */
export function stepWords({ step, steps }: Pick<JobRow, 'step' | 'steps'>): string | undefined {
  if (step === undefined) return undefined;
  return steps === undefined ? `step ${thousands(step)}` : `${thousands(step)} of ${thousands(steps)}`;
}

/** How long a job that runs has to go, in ms; absent where nothing can be said of it. */
export function timeLeftMs({ state, step, steps, secondsPerStep }: Pick<JobRow, 'state' | 'step' | 'steps' | 'secondsPerStep'>): number | undefined {
  if (state !== 'running' || step === undefined || steps === undefined || secondsPerStep === undefined || secondsPerStep <= 0) return undefined;
  return Math.max(0, steps - step) * secondsPerStep * 1000;
}

const queueReasons: Readonly<Record<string, string>> = {
  Resources: 'for free resources', Priority: 'behind jobs of higher priority', Dependency: 'for another job', QOSMaxJobsPerUserLimit: 'for other jobs of yours to end', ReqNodeNotAvail: 'for nodes that are not available',
  AssocGrpGRES: 'for GPUs of your account', QOSMaxGRESPerUser: 'for your other GPUs', BeginTime: 'for its time to begin', JobHeldUser: 'since its user holds it', JobHeldAdmin: 'since an administrator holds it', None: '',
};

/** What Ray says of every job that it has not begun, with what it asks for. */
const rayWaits = /^Job has not started yet\.(?<resources>.* resources)?/;

/** Why a job waits, in words: the target's own where we know none better. */
export function queueWords(words: string | undefined): string {
  const said = oneLine(words ?? '').replaceAll(/^\(|\)$/g, '');
  const ray = rayWaits.exec(said);
  const known = ray ? `for its environment${ray.groups?.['resources'] === undefined ? '' : ' or free resources'}` : queueReasons[said.split(',')[0] ?? ''];
  if (known !== undefined) return known === '' ? 'waiting' : `waiting ${known}`;
  return said === '' ? 'waiting' : `waiting: ${said}`;
}

const failureWords: Readonly<Record<JobFailure, { readonly what: string; readonly todo: string }>> = {
  'out-of-memory': { what: 'out of memory', todo: 'Make batch_per_device smaller (batch stays as it is, by accumulation), turn gradient_checkpointing on, shorten max_length, or train an adapter (the preset lora) in place of all weights. A larger GPU helps too.' },
  'time-limit': { what: 'time limit', todo: 'Ask for more minutes in the target’s resources, and retry. What was saved until then is in the job’s folder: training goes on from its latest checkpoint where the same job is sent again.' },
  'preempted': { what: 'preempted', todo: 'The cluster needed its place for another job. Retry it, in a partition where jobs are not pushed out where there is one; a smaller save_steps loses less.' },
  'node-failure': { what: 'node failure', todo: 'A machine of the cluster broke down, which is no fault of the job. Retry it.' },
  'never-startable': { what: 'never startable', todo: 'The cluster can never give what the job asks for. Ask for fewer GPUs, less memory or fewer minutes, or another partition, in the target’s resources.' },
  'set-up-failed': { what: 'set-up failed', todo: 'What comes before the training failed: the Python, its packages, or a line of the target’s setup. The log says which; training/requirements.txt names the packages.' },
  'data-rejected': { what: 'data or configuration refused', todo: 'The training cannot use these rows or these hyper-parameters. The log names what; export again or change it.' },
  'exit-code': { what: 'the program failed', todo: 'The end of the log says why.' },
  'killed': { what: 'killed', todo: 'Something ended the program from outside: the machine’s own guard of memory as a rule, or a person. Ask for more memory, or make batch_per_device smaller.' },
  'vanished': { what: 'vanished', todo: 'Its target knows it no more, and nothing says how it ended. Its files may still be there; retry it otherwise.' },
  'refused': { what: 'refused', todo: 'Its target did not take it, so that nothing was trained. Mend what it says, and retry.' },
};

/** Why a job failed, in two or three words. */
export const failureName = (reason: JobFailure | undefined): string => (reason === undefined ? 'failed' : failureWords[reason].what);

/** What a person can do about a job that is not as it should be. */
export interface Advice {
  readonly title: string;
  readonly tone: 'bad' | 'warn';
  readonly said: string | undefined;
  readonly todo: string;
  /** A key would help. */
  readonly wantsKey: boolean;
}

/** Whether a target refused the key that it was shown, or wants one. */
export const wantsKey = ({ code, origin }: Pick<JobRow, 'code' | 'origin'>): boolean => origin !== undefined && (code === 'server-wrong-key' || code === 'target-refused');

/** What is to be said of a job that failed or is lost; nothing of one that is as it should be. */
export function adviceOf(row: Pick<JobRow, 'state' | 'reason' | 'words' | 'code' | 'origin'>): Advice | undefined {
  const said = row.words === undefined ? undefined : sentence(shortened(row.words, 500));
  const key = wantsKey(row);
  if (row.state === 'lost') {
    const todo = key ? 'The target wants another key. Once it is set, the job is followed again.' : 'Nothing has to be done: it is asked again and again, and its state and its log are caught up with as soon as the target answers.';
    return { title: 'Lost from sight, not failed', tone: 'warn', said, todo: `The job may well go on at its target, which cannot be asked at the moment. ${todo}`, wantsKey: key };
  }
  if (row.state !== 'failed') return undefined;
  const { what, todo } = row.reason === undefined ? { what: 'failed', todo: 'The end of the log says why.' } : failureWords[row.reason];
  return { title: `Failed: ${what}`, tone: 'bad', said, todo: key ? 'The target wants another key. Set it, and retry.' : todo, wantsKey: key };
}

/** How far a job is, in one line without its name: state, steps, loss, time left. `uploaded`: 0 to 1. */
export function jobStanding(row: JobRow, uploaded?: number): string {
  const left = timeLeftMs(row);
  const loss = row.loss === undefined ? undefined : `loss ${lossWords(row.loss)}`;
  const { word } = jobStateLooks[row.state];
  const parts: readonly (string | undefined)[] = {
    preparing: [word],
    uploading: [word, uploaded === undefined ? undefined : `${Math.floor(uploaded * 100)} %`],
    queued: [word, queueWords(row.words).replace(/^waiting:? ?/, '') || undefined],
    running: [word, stepWords(row), loss, left === undefined ? undefined : `${duration(left)} left`],
    succeeded: [word, loss],
    failed: [word, failureName(row.reason), stepWords(row)],
    cancelled: [word, stepWords(row)],
    lost: [wantsKey(row) ? 'key refused' : word, stepWords(row)],
  }[row.state];
  return [...parts, row.simulated ? 'simulation' : undefined].filter(part => part !== undefined).join(' · ');
}

/** What is told when a job has ended while nobody looked. */
export function endWords(row: JobRow, project: string): string {
  const who = `Job ${row.id} on ${shortened(row.target, 40)}`;
  const of = `${shortened(row.base, 60)} on ${thousands(row.records)} records of ${project}${row.simulated ? ' (simulation)' : ''}`;
  const loss = row.loss === undefined ? '' : `, loss ${lossWords(row.loss)}`;
  switch (row.state) {
    case 'succeeded': return `${who} succeeded: ${of}${loss}.`;
    case 'failed': return `${who} failed: ${failureName(row.reason)}. ${row.words === undefined ? '' : sentence(shortened(row.words, 200))}`.trim();
    default: return `${who} was cancelled${stepWords(row) === undefined ? '' : ` at step ${stepWords(row) ?? ''}`}.`;
  }
}

/** What can be done with a job in its state. */
export const possible = {
  cancel: ({ state }: Pick<JobRow, 'state'>): boolean => !hasEnded(state),
  retry: ({ state }: Pick<JobRow, 'state'>): boolean => hasEnded(state),
  iterate: ({ state }: Pick<JobRow, 'state'>): boolean => state === 'succeeded',
  load: ({ state, kind }: Pick<JobRow, 'state' | 'kind'>): boolean => state === 'succeeded' && kind !== 'openai',
} as const;

const figure = (value: unknown): string => (typeof value === 'number' ? (Math.abs(value) < 0.001 && value !== 0 ? value.toExponential(2) : String(Number(value.toPrecision(4)))) : '?');

/** A loss of always as many digits, so that lines below each other can be compared. */
const loss4 = (value: unknown): string => (typeof value === 'number' ? value.toPrecision(4) : '?');

const spoken: Readonly<Record<string, (line: Readonly<Record<string, unknown>>) => string>> = {
  start: ({ steps, rows }) => `start  ${figure(steps)} steps over ${figure(rows)} rows`,
  step: ({ step, loss, learningRate, gradNorm, secondsPerStep }) => [`step ${figure(step)}`, `loss ${loss4(loss)}`, `lr ${figure(learningRate)}`, ...(typeof gradNorm === 'number' ? [`grad norm ${figure(gradNorm)}`] : []), `${figure(secondsPerStep)} s`].join('  '),
  evaluation: ({ step, loss }) => `held out at ${figure(step)}  loss ${loss4(loss)}`,
  checkpoint: ({ path }) => `saved ${oneLine(String(path))}`,
  done: ({ output, loss, seconds }) => `done  ${oneLine(String(output))}  loss ${loss4(loss)}${typeof seconds === 'number' ? `  ${duration(seconds * 1000)}` : ''}`,
  failed: ({ reason, message }) => `failed  ${oneLine(String(reason))}: ${oneLine(String(message))}`,
};

/** A line of a log as it is read best: what the training says of itself in words, anything else as it stands. */
export function logLine(line: string): string {
  const start = line.indexOf('{"regenesis":');
  const said = start < 0 ? undefined : parseJson(line.slice(start));
  const words = isFields(said) && typeof said['regenesis'] === 'string' && Object.hasOwn(spoken, said['regenesis']) ? spoken[said['regenesis']]?.(said) : undefined;
  return words === undefined ? shortened(line, 400) : `${shortened(line.slice(0, start), 80)}${start > 0 ? ' ' : ''}${words.slice(0, 400)}`;
}

/** The last lines of a piece of a log that may begin in the middle of a line. */
export function lastLines(text: string, { most, whole }: { readonly most: number; readonly whole: boolean }): readonly string[] {
  const lines = text.split(/\r\n|\n|\r/);
  return lines.slice(whole ? 0 : 1).filter(line => line.trim() !== '').slice(-most).map(logLine);
}
