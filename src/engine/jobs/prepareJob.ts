import * as z from 'zod/mini';
import { targetOf, type JobChoices } from '../../contract/jobs.ts';
import type { ExportReport } from '../../contract/reports.ts';
import type { ExportFormat } from '../../core/model/exportRule.ts';
import type { Hash } from '../../core/model/ids.ts';
import { parseJson } from '../../core/model/outside.ts';
import { problemError } from '../../core/model/problem.ts';
import { learntFormats, usualFormat, type Hyperparameters, type JobDataset, type JobFile, type JobSpec, type TrainingJobDraft, type TrainingTarget, type ValidationPart } from '../../core/model/trainingJob.ts';
import { jobKey, type JobWork } from '../../core/training/jobKey.ts';
import { configText, withChanges } from '../../core/training/preset.ts';
import type { Clock } from '../../ports/clock.ts';
import type { JobFiles } from '../../ports/jobFiles.ts';
import { baseName, beside } from '../paths.ts';
import { jobFolder, jobTitle, preparingFolder } from './jobFolders.ts';
import { hyperparameterNames, methodOf, presetNamed, refuseValues, trainingPresets, trainingSettings } from './presets.ts';

/** What preparing a job needs. */
export interface Preparing {
  readonly project: string;
  readonly jobFiles: JobFiles;
  readonly hash: Hash;
  readonly clock: Clock;
  /** Writes a training set for the job. */
  readonly exportTo: (params: { readonly out: string; readonly work?: string } & Pick<JobChoices, 'rule'> & { readonly format: ExportFormat }, signal: AbortSignal) => Promise<ExportReport>;
  /** Whether there is a job of that key already. */
  readonly has: (key: string) => boolean;
  readonly signal: AbortSignal;
}

/** Hyper-parameters, and what format they learn from. */
export interface Training {
  readonly preset: string;
  readonly hyperparameters: Hyperparameters;
  readonly format: ExportFormat;
}

const names = { data: 'train.jsonl', validation: 'validation.jsonl', config: 'config.yaml', output: 'output' } as const;
const defaultPreset = 'lora';

/** What is to be trained how. Throws `usage` for a preset or a name that is none, for a value that its setting does not take, and for a format that the method does not learn from. */
export function trainingOf({ target, preset = defaultPreset, changes = {}, format }: Pick<JobChoices, 'target' | 'preset' | 'changes' | 'format'>, files: JobFiles): Training {
  const code = files.training();
  const hyperparameters = withChanges(presetNamed(trainingPresets(code), preset).hyperparameters, changes, hyperparameterNames(code));
  const method = methodOf(hyperparameters);
  const learns = learntFormats[method];
  if (!learns) throw problemError('usage', `There is no method ${method}. There are: ${Object.keys(learntFormats).join(', ')}.`, { field: 'method', choices: Object.keys(learntFormats) });
  refuseValues(changes, trainingSettings(code));
  if (target.kind === 'openai' && method !== 'sft') throw problemError('usage', `A jobs API is sent conversations, and ${method} learns from other rows. Choose a preset of method sft, or another target.`, { field: 'preset' });
  const wanted = format ?? usualFormat(method, target.kind);
  if (wanted === undefined || !learns.includes(wanted)) throw problemError('usage', `${method} learns from ${learns.join(' or ')}, not from ${String(wanted)}.`, { field: 'format', choices: [...learns] });
  return { preset, hyperparameters, format: wanted };
}

/** The program that trains, run in the job's folder. A cluster may begin it again: it goes on from its latest checkpoint then. `sets`: names of the training set and of what it is validated on. */
export const trainingCommand = (target: TrainingTarget, { model, sets }: { readonly model: string; readonly sets: readonly string[] }): readonly string[] => [
  target.kind === 'openai' ? 'python3' : target.python ?? 'python3', 'train.py', '--config', names.config, '--data', names.data, ...(sets.includes(names.validation) ? ['--eval-data', names.validation] : []),
  '--model', model, '--output', names.output, '--resume',
];

/** Names of the files that a job is sent, its sets first. */
export const sentFiles = (target: TrainingTarget, { jobFiles, sets }: { readonly jobFiles: JobFiles; readonly sets: readonly string[] }): readonly string[] => [...sets, ...(target.kind === 'openai' ? [] : [names.config, ...codeOf(jobFiles).keys()])];

/** Names of the sets that a job would be sent, before anything is exported: an export that splits nothing off after all sends one. */
export function setsOf({ dataset, rule }: Pick<JobChoices, 'dataset' | 'rule'>, files: JobFiles): readonly string[] {
  const splits = dataset === undefined ? rule?.split !== undefined : hasValidation(dataset, files);
  return [names.data, ...(splits ? [names.validation] : [])];
}

/** The code, without what is for people. */
const codeOf = (files: JobFiles): ReadonlyMap<string, string> => new Map([...files.training()].filter(([name]) => name.endsWith('.py')));

/** Exports and writes whatever a job needs, and gives it its key. Throws what the export throws, `usage` for a training set that is none of ours, and `dataset-empty`. */
export const prepareJob = (choices: JobChoices, preparing: Preparing): Promise<TrainingJobDraft> => prepared(choices, preparing, (draft, folder) => {
  const { project, jobFiles } = preparing;
  const { spec, dataset } = draft;
  const home = jobFolder(project, spec.key);
  jobFiles.moveFolder(folder, home);
  const moved = (path: string): string => (path.startsWith(`${folder}/`) ? `${home}${path.slice(folder.length)}` : path);
  const { validation } = dataset;
  return {
    ...draft, spec: { ...spec, files: spec.files.map(file => ({ ...file, path: moved(file.path) })) },
    dataset: { ...dataset, path: moved(dataset.path), ...(validation === undefined ? {} : { validation: { ...validation, path: moved(validation.path) } }) },
  };
});

/** The key that a job would have. Nothing stays of what is exported for that. Throws as `prepareJob` does. */
export const plannedKey = (choices: JobChoices, preparing: Preparing): Promise<string> => prepared(choices, preparing, ({ spec: { key } }) => key);

/** Prepares a job in a folder that is not there any more afterwards. */
async function prepared<Result>(choices: JobChoices, preparing: Preparing, use: (draft: TrainingJobDraft, folder: string) => Result): Promise<Result> {
  const { project, jobFiles, clock } = preparing;
  const target = targetOf(choices.target);
  const training = trainingOf(choices, jobFiles);
  const folder = preparingFolder(project);
  jobFiles.emptyFolder(folder);
  try {
    const dataset = choices.dataset === undefined ? await exported(choices, { preparing, training, out: `${folder}/${names.data}` }) : await known(choices.dataset, { preparing, training });
    if (dataset.records === (dataset.validation?.records ?? 0)) throw problemError('dataset-empty', `${dataset.path} holds no record, so there is nothing to learn from.`, { file: dataset.path });
    const own = target.kind === 'openai' ? [] : writeOwn(folder, { jobFiles, hyperparameters: training.hyperparameters });
    const sets = await setFiles(dataset, preparing);
    const draft: Omit<JobSpec, 'key'> = {
      title: jobTitle(project), model: choices.model, files: [...sets, ...own],
      command: trainingCommand(target, { model: choices.model, sets: sets.map(({ name }) => name) }), hyperparameters: training.hyperparameters,
    };
    const { key, retry } = keyOf({ ...draft, target, manifestSha256: dataset.manifestSha256 }, { preparing, anew: choices.retry === true });
    return use({ target, spec: { ...draft, key }, preset: training.preset, dataset, retry, createdAtMs: clock.nowMs() }, folder);
  } finally {
    jobFiles.removeFolder(folder);
  }
}

/** The training set and what it is validated on, as their manifest has them. */
async function setFiles({ validation, ...data }: JobDataset, { jobFiles, signal }: Preparing): Promise<readonly JobFile[]> {
  const files: JobFile[] = [];
  for (const [name, { path, sha256 }] of [[names.data, data] as const, ...(validation === undefined ? [] : [[names.validation, validation] as const])]) {
    const identity = await jobFiles.identify(path, signal);
    if (identity.sha256 !== sha256) throw problemError('field-invalid', `${path} is not what its manifest says: it was changed after it had been exported. Export it again.`, { file: path });
    files.push({ name, path, ...identity });
  }
  return files;
}

/** A part for validation, where anything fell into it. */
const validationOf = (part: ValidationPart | undefined): Pick<JobDataset, 'validation'> => (part === undefined || part.records === 0 ? {} : { validation: { path: part.path, sha256: part.sha256, records: part.records } });

interface FindingDataset {
  readonly preparing: Preparing;
  readonly training: Training;
}

/** Exports a training set for the job. */
async function exported({ rule, work }: JobChoices, { preparing, training, out }: FindingDataset & { readonly out: string }): Promise<JobDataset> {
  const { format } = training;
  const { path, manifest, records, tasks, hinted, humanEdited, reviewed, simulated, sha256, split } = await preparing.exportTo({ out, format, ...(rule ? { rule } : {}), ...(work === undefined ? {} : { work }) }, preparing.signal);
  const { sha256: manifestSha256 } = await preparing.jobFiles.identify(manifest, preparing.signal);
  return { path, format, sha256, manifestSha256, records, tasks, hinted, humanEdited, reviewed, simulated, ...validationOf(split) };
}

const figure = z.int().check(z.nonnegative());
const manifestSchema = z.object({
  format: z.string(), sha256: z.string(), simulation: z.boolean(), records: figure, tasks: figure, hinted: figure, humanEdited: figure, reviewed: z._default(figure, 0),
  split: z.optional(z.object({ file: z.string().check(z.refine(file => file !== '' && file === baseName(file))), records: figure, sha256: z.string() })),
});

/** Where the manifest of a training set stands. */
export const manifestOf = (path: string): string => `${path}.manifest.json`;

/** What the manifest beside a training set says; nothing where it is none of ours. Throws where there is none. */
function readManifest(path: string, files: JobFiles): z.infer<typeof manifestSchema> | undefined {
  const read = z.safeParse(manifestSchema, parseJson(files.text(manifestOf(path))));
  return read.success ? read.data : undefined;
}

/** A manifest that cannot be read is no matter of a plan: the start says so. */
function hasValidation(path: string, files: JobFiles): boolean {
  try {
    return (readManifest(path, files)?.split?.records ?? 0) > 0;
  } catch {
    return false;
  }
}

/** A training set that was exported before, from the manifest beside it. */
async function known(path: string, { preparing: { jobFiles, signal }, training: { format } }: FindingDataset): Promise<JobDataset> {
  const file = manifestOf(path);
  const read = readManifest(path, jobFiles);
  if (!read) throw problemError('field-invalid', `${file} is no manifest of an export. Export the training set again.`, { file });
  const { simulation, split, ...manifest } = read;
  if (manifest.format !== format) throw problemError('usage', `${path} is ${manifest.format}, and this training learns from ${format}. Export it as ${format}, or choose another preset.`, { file: path });
  const { sha256: manifestSha256 } = await jobFiles.identify(file, signal);
  return { ...manifest, path, manifestSha256, simulated: simulation, ...validationOf(split && { ...split, path: beside(path, split.file) }) };
}

/** Writes configuration and code into the job's folder. */
function writeOwn(folder: string, { jobFiles, hyperparameters }: { readonly jobFiles: JobFiles; readonly hyperparameters: Hyperparameters }): readonly JobFile[] {
  const texts = new Map([[names.config, configText(hyperparameters)], ...codeOf(jobFiles)]);
  return [...texts].map(([name, text]) => ({ name, path: `${folder}/${name}`, ...jobFiles.write(`${folder}/${name}`, text) }));
}

/** The key of the latest job of the same work, or of the next one where it is to be done anew. */
function keyOf(work: Omit<JobWork, 'retry'>, { preparing: { has, hash }, anew }: { readonly preparing: Preparing; readonly anew: boolean }): { readonly key: string; readonly retry: number } {
  const keyed = (retry: number): string => jobKey({ ...work, retry }, hash);
  let next = 0;
  while (has(keyed(next))) next += 1;
  const retry = anew ? next : Math.max(0, next - 1);
  return { retry, key: keyed(retry) };
}
