// What the page of a job shows, in words. Knows nothing of the editor.
import { counted, duration, thousands } from '../../client/words.ts';
import type { JobDetail, JobRow, TrainingPreset } from '../../contract/jobs.ts';
import type { JobFact, JobWish, OpenJob } from '../../contract/pages/job.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { adapterFolder as folderOfAdapter, hasEnded } from '../../core/model/trainingJob.ts';
import { csv } from '../csv.ts';
import { commands, isCommand } from '../manifest.ts';
import { oneLine, rounded, sentence, shortened } from '../words.ts';
import { adviceOf, failureName, jobStateLooks, kindWords, lastLines, queueWords, timeLeftMs } from './jobWords.ts';

/** What is known of a job at the moment. */
export interface JobFacts {
  readonly detail: JobDetail;
  /** The presets that are shipped, to say what of them was changed. */
  readonly presets: readonly TrainingPreset[];
  /** The end of its log, with whether that is all of it. */
  readonly log: { readonly text: string; readonly whole: boolean };
  /** How much of it is sent, 0 to 1. */
  readonly uploaded: number | undefined;
  readonly nowMs: number;
}

type Button = NonNullable<OpenJob['primary']>;

/** What does a wish, where that is no command of this table. */
const wishes: Readonly<Record<JobWish, { readonly command: string; readonly icon: string }>> = {
  cancel: { command: 'regenesis.job.cancel', icon: 'debug-stop' }, retry: { command: 'regenesis.job.retry', icon: 'debug-restart' }, load: { command: 'regenesis.adapter.load', icon: 'plug' }, iterate: { command: 'regenesis.iteration.run', icon: 'debug-restart' },
  log: { command: 'regenesis.job.log', icon: 'output' }, files: { command: 'regenesis.job.files', icon: 'folder-opened' }, key: { command: 'regenesis.target.key', icon: 'key' },
};

/** The command of a wish; absent where this version has none. */
export function commandOf(wish: JobWish) {
  const { command } = wishes[wish];
  return isCommand(command) ? command : undefined;
}

function button(wish: JobWish): Button | null {
  const command = commandOf(wish);
  return command === undefined ? null : { wish, title: commands[command].title, icon: wishes[wish].icon };
}

const buttons = (...wanted: readonly JobWish[]): readonly Button[] => wanted.flatMap(wish => button(wish) ?? []);

/** Lines of a log on the page. */
const mostLines = 10;
/** Events that are shown: a job that is lost and found for days has many. */
const mostEvents = 40;

/** All that the page shows of a job. */
export function openJob(facts: JobFacts): OpenJob {
  const { detail, log, nowMs } = facts;
  const { row, place, command, files, points, logBytes } = detail;
  const { icon, tone, word } = jobStateLooks[row.state];
  const advice = adviceOf(row);
  const [primary, ...menu] = actionsOf(detail);
  return {
    kind: 'job', state: { icon: icon.name, tone, word }, where: whereOf(detail), simulated: row.simulated, primary: primary ?? null, menu,
    progress: progressOf(facts), figures: [...figuresOf(detail, nowMs)],
    advice: advice ? { title: advice.title, tone: advice.tone, todo: advice.todo, ...(advice.said === undefined ? {} : { said: advice.said }), key: advice.wantsKey ? button('key') : null } : null,
    ...(row.steps === undefined ? {} : { steps: row.steps }), points, trained: [...trainedOf(facts)], place: oneLine(place),
    files: files.map(({ name, bytes }) => ({ name, words: `${rounded(bytes)}B`.replace(/(\d)B$/, '$1 B') })), command: oneLine(command),
    log: [...lastLines(log.text, { most: mostLines, whole: log.whole })], logWords: logBytes === 0 ? `nothing was said${hasEnded(row.state) ? '' : ' yet'}` : `${rounded(logBytes)}B`.replace(/(\d)B$/, '$1 B'),
    events: detail.events.slice(-mostEvents).map(event => ({ icon: jobStateLooks[event.state].icon.name, tone: jobStateLooks[event.state].tone, word: jobStateLooks[event.state].word, atMs: event.atMs, words: eventWords(event) })),
  };
}

/** Whether what came of a job is an adapter that lies somewhere, which a server can be told to load. */
export const hasAdapter = ({ row: { state, kind }, hyperparameters }: Pick<JobDetail, 'row' | 'hyperparameters'>): boolean => state === 'succeeded' && kind !== 'openai' && hyperparameters['adapter'] === 'lora';

/** Where the adapter of a job lies, as its target knows it. */
export const adapterFolder = ({ row: { kind, model }, facts: { output }, place }: Pick<JobDetail, 'row' | 'facts' | 'place'>): string => folderOfAdapter({ kind, place, ...withoutAbsent({ output, model }) });

/** The likeliest first. */
function actionsOf(detail: JobDetail): readonly Button[] {
  const { state } = detail.row;
  if (!hasEnded(state)) return buttons('cancel', 'log', 'files');
  if (state === 'succeeded') return hasAdapter(detail) ? buttons('load', 'iterate', 'files', 'log', 'retry') : buttons('iterate', 'files', 'log', 'retry');
  return buttons('retry', 'log', 'files');
}

function whereOf({ row: { kind, target, base }, reference, place }: JobDetail): string {
  const [, web, host = web] = /^(?:https?:\/\/([^/,\s]+)|(this machine|[^:/,\s]+):)/.exec(place) ?? [];
  const id = kind === 'slurm' ? reference?.split(' ')[0] : kind === 'command' ? undefined : reference;
  const what = id === undefined ? kindWords[kind] : `${kindWords[kind]} ${shortened(id, 40)}`;
  return [host === undefined ? what : `${what} on ${oneLine(host)}`, ...(target === kind ? [] : [shortened(target, 40)]), shortened(base, 60)].join(' · ');
}

function progressOf({ detail: { row }, uploaded }: JobFacts): OpenJob['progress'] {
  const { step, steps, state } = row;
  if (state === 'uploading') return { words: uploaded === undefined ? 'Sending the files' : `Sending the files: ${Math.floor(uploaded * 100)} %`, ratio: uploaded ?? null };
  if (step === undefined) return { words: state === 'running' ? 'No step yet' : hasEnded(state) ? 'No step was taken' : 'Not begun', ratio: null };
  if (steps === undefined) return { words: `Step ${thousands(step)}`, ratio: null };
  return { words: `Step ${thousands(step)} of ${thousands(steps)}`, ratio: steps === 0 ? 1 : Math.min(1, step / steps) };
}

/** How long it has run, as far as anybody saw; absent where it never ran. */
export function ranForMs({ events, row }: Pick<JobDetail, 'events' | 'row'>, nowMs: number): number | undefined {
  const began = events.find(({ state }) => state === 'running')?.atMs;
  return began === undefined ? undefined : Math.max(0, (hasEnded(row.state) ? row.atMs : nowMs) - began);
}

function figuresOf(detail: JobDetail, nowMs: number): readonly JobFact[] {
  const { row, points, hyperparameters } = detail;
  const [left, ran] = [timeLeftMs(row), ranForMs(detail, nowMs)];
  const epoch = points.findLast(point => point.epoch !== undefined)?.epoch;
  const epochs = hyperparameters['epochs'];
  const ended = hasEnded(row.state);
  return [
    ...(ended || row.state === 'queued' ? [] : [{ name: 'Time left', value: left === undefined ? '–' : duration(left) }]),
    ...(ran === undefined ? [] : [{ name: ended ? 'Ran for' : 'Running for', value: duration(ran) }]),
    ...(epoch === undefined ? [] : [{ name: 'Epoch', value: `${epoch.toFixed(2)}${epochs === undefined ? '' : ` of ${String(epochs)}`}` }]),
    ...(row.secondsPerStep === undefined ? [] : [{ name: 'Step time', value: stepTime(row.secondsPerStep) }]),
    ...queueFigure(detail, nowMs),
  ];
}

const stepTime = (seconds: number): string => (seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`);

/** Why it waits, or how long it did. */
function queueFigure({ events, row }: JobDetail, nowMs: number): readonly JobFact[] {
  const first = events.find(({ state }) => state === 'queued');
  if (!first) return [];
  if (row.state === 'queued') return [{ name: 'Queue', value: `${sentence(queueWords(row.words)).replace(/\.$/, '')}, for ${duration(Math.max(0, nowMs - first.atMs))} so far` }];
  const left = events.find(({ state, atMs }) => state !== 'queued' && atMs >= first.atMs)?.atMs ?? first.atMs;
  const why = events.findLast(({ state, words }) => state === 'queued' && words !== undefined)?.words;
  const waited = left - first.atMs;
  return waited < 1_000 ? [] : [{ name: 'Queue', value: shortened(queueWords(why).replace(/^waiting/, `Waited ${duration(waited)}`), 60) }];
}

const value = (of: unknown): string => (typeof of === 'number' && of !== 0 && Math.abs(of) < 0.001 ? of.toExponential().replace('e-', 'e-') : String(of));

/** Method and size of what is learnt, such as `LoRA, rank 32`. */
function methodWords({ method = 'sft', adapter, lora_rank: rank }: JobDetail['hyperparameters']): string {
  const learns = adapter === 'lora' ? `LoRA${rank === undefined ? '' : `, rank ${String(rank)}`}` : 'all weights';
  return method === 'sft' ? learns : `${String(method).toUpperCase()}, ${learns}`;
}

function trainedOf({ detail: { row, dataset, hyperparameters, facts }, presets }: JobFacts): readonly JobFact[] {
  const { batch, batch_per_device: device } = hyperparameters;
  const shown = (name: string, title: string): readonly JobFact[] => (hyperparameters[name] === undefined ? [] : [{ name: title, value: value(hyperparameters[name]) }]);
  return [
    { name: 'Base', value: shortened(row.base, 200) },
    ...dataOf(dataset, row.simulated),
    { name: 'Method', value: methodWords(hyperparameters) },
    { name: 'Preset', value: row.preset },
    ...changesOf(row, { hyperparameters, presets }),
    ...(batch === undefined ? [] : [{ name: 'Batch', value: `${value(batch)}${device === undefined ? '' : `, ${value(device)} at a time`}` }]),
    ...shown('epochs', 'Epochs'), ...shown('precision', 'Precision'),
    ...rowsOf(facts),
    ...(row.retry === 0 ? [] : [{ name: 'Retry', value: `number ${row.retry} of the same work` }]),
    ...(row.model === undefined ? [] : [{ name: 'Tuned', value: shortened(row.model, 200) }]),
    ...(facts.checkpoint === undefined || row.state === 'succeeded' ? [] : [{ name: 'Checkpoint', value: shortened(facts.checkpoint, 120) }]),
    ...(facts.weightsSha256 === undefined ? [] : [{ name: 'Weights', value: facts.weightsSha256.slice(0, 12), hint: `SHA-256 ${facts.weightsSha256}` }]),
  ];
}

/** What it learns from. */
function dataOf(dataset: JobDetail['dataset'], simulated: boolean): readonly JobFact[] {
  return [
    { name: 'Data set', value: `${counted(dataset.records, 'record')} of ${counted(dataset.tasks, 'task')}${simulated ? ', simulation' : ''}`, hint: dataset.path },
    ...(dataset.validation === undefined ? [] : [{ name: 'Validation', value: `${counted(dataset.validation, 'record')} of these`, hint: 'Not learnt from: the loss on them is measured meanwhile, every evaluate_steps and at the end' }]),
    { name: 'Reviewed', value: dataset.reviewed === 0 ? 'none by hand' : `${thousands(dataset.reviewed)} by hand` },
    { name: 'Hinted', value: dataset.hinted === 0 ? 'none' : thousands(dataset.hinted), hint: 'Paths that were made with the known answer at hand' },
    ...(dataset.humanEdited === 0 ? [] : [{ name: 'Human-edited', value: thousands(dataset.humanEdited) }]),
  ];
}

/** Rows that the training counted. */
function rowsOf({ rows, droppedRows = 0, cutRows = 0 }: JobDetail['facts']): readonly JobFact[] {
  if (rows === undefined) return [];
  const less = [...(droppedRows > 0 ? [`${thousands(droppedRows)} too long and left out`] : []), ...(cutRows > 0 ? [`${thousands(cutRows)} cut`] : [])];
  return [{ name: 'Rows', value: [thousands(rows), ...(less.length > 0 ? less : ['none dropped or cut'])].join(', ') }];
}

/** Hyper-parameters that are not as the preset has them. */
function changesOf({ preset }: JobRow, { hyperparameters, presets }: { readonly hyperparameters: JobDetail['hyperparameters']; readonly presets: readonly TrainingPreset[] }): readonly JobFact[] {
  const usual = presets.find(({ name }) => name === preset)?.hyperparameters;
  if (!usual) return [];
  const changed = Object.entries(hyperparameters).filter(([name, now]) => usual[name] !== now);
  return changed.length === 0 ? [] : [{ name: 'Changed', value: changed.map(([name, now]) => `${name} ${value(now)}`).join(', '), hint: changed.map(([name]) => `${name}: ${value(usual[name] ?? 'not set')} in the preset`).join('\n') }];
}

function eventWords({ state, words, reason }: JobDetail['events'][number]): string {
  if (state === 'queued') return words === undefined ? '' : queueWords(words);
  const said = words === undefined ? undefined : shortened(words, 300);
  return [...(state === 'failed' ? [failureName(reason)] : []), ...(said === undefined ? [] : [said])].join(': ');
}

/** The curve as a table for a spreadsheet. */
export const curveCsv = ({ points }: Pick<JobDetail, 'points'>): string =>
  csv(['step', 'epoch', 'loss', 'held-out loss', 'learning rate'], points.map(({ step, epoch, loss, learningRate, heldOut }) => [step, epoch ?? null, heldOut === true ? null : loss ?? null, heldOut === true ? loss ?? null : null, learningRate ?? null]));
