import type { ExportFormat } from './exportRule.ts';
import type { Problem } from './problem.ts';

/** What can run a training job. `openai`: a jobs API of OpenAI's shape; `ray`: a Ray dashboard; `slurm`: `sbatch`; `command`: a process of its own. */
export const targetKinds = ['openai', 'ray', 'slurm', 'command'] as const;
/** One of `targetKinds`. */
export type TargetKind = (typeof targetKinds)[number];

/** What a job asks of a cluster; whatever is absent is left to the cluster. */
export interface JobResources {
  /** Whole GPUs, 0 for none. */
  readonly gpus?: number;
  readonly cpus?: number;
  readonly memoryGiB?: number;
  /** Time after which the cluster may end it. */
  readonly minutes?: number;
  /** Slurm's alone. */
  readonly partition?: string;
  /** Slurm's alone: whose budget. */
  readonly account?: string;
}

/** What all targets but an API have: a place where files lie and a Python that has what training needs. */
interface Workplace {
  /** Folder for jobs, each in one of its own. Absolute, or relative to the home folder; absent: `regenesis`. */
  readonly folder?: string;
  /** The program that runs `train.py`, such as `/opt/venv/bin/python`; absent: `python3`. */
  readonly python?: string;
  readonly resources?: JobResources;
  /** Set for the job as they stand. Not for secrets: they are in settings and in the job's files. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Where training happens, as people save it by name. Holds no secret: keys are kept by origin, and ssh has its own. */
export type TrainingTarget =
  /** `url` ends in `/v1`. */
  | { readonly kind: 'openai'; readonly name: string; readonly url: string }
  /** `url` is the dashboard's, such as `http://127.0.0.1:8265`. `pip`: packages that Ray is to install for the job; absent: none. */
  | ({ readonly kind: 'ray'; readonly name: string; readonly url: string; readonly pip?: readonly string[] } & Workplace)
  /** `host`: as one would say to `ssh`, an alias of its own configuration as a rule; absent: this machine. `setup`: lines of shell before the training, such as `module load cuda`. */
  | ({ readonly kind: 'slurm' | 'command'; readonly name: string; readonly host?: string; readonly setup?: readonly string[] } & Workplace);

/**
 * `lost`: nobody can say how it is, since its target cannot be reached; it becomes another as soon as that is there again. `preparing`, `uploading`: it has not
 * been accepted yet, and no one but this project knows of it.
 */
export const jobStates = ['preparing', 'uploading', 'queued', 'running', 'succeeded', 'failed', 'cancelled', 'lost'] as const;
/** One of `jobStates`. */
export type JobState = (typeof jobStates)[number];

/** Whether nothing follows any more. */
export const hasEnded = (state: JobState): boolean => state === 'succeeded' || state === 'failed' || state === 'cancelled';

/** Why a job failed. `vanished`: its target does not know it any more and nothing says how it ended. `exit-code`: the program itself said so. */
export const jobFailures = ['out-of-memory', 'time-limit', 'preempted', 'node-failure', 'never-startable', 'set-up-failed', 'data-rejected', 'exit-code', 'killed', 'vanished', 'refused'] as const;
/** One of `jobFailures`. */
export type JobFailure = (typeof jobFailures)[number];

/** What a target says of a job. `words`: its own, on one line, as short as it said them; without secrets. */
export type JobStatus =
  /** `words`: why it waits, such as `Resources`. */
  | { readonly state: 'queued'; readonly words?: string }
  | { readonly state: 'running'; readonly words?: string }
  /** `model`: what a server is to be asked for, where the target itself serves it; absent: the weights lie in the job's folder. */
  | { readonly state: 'succeeded'; readonly model?: string }
  | { readonly state: 'failed'; readonly reason: JobFailure; readonly words?: string; readonly exitCode?: number }
  | { readonly state: 'cancelled'; readonly words?: string };

/** A file that a job needs. */
export interface JobFile {
  /** Below the job's folder, with forward slashes; never leads out of it. */
  readonly name: string;
  /** Where it lies on this machine, absolute. */
  readonly path: string;
  /** Of its bytes, hexadecimal: what arrives is checked against it. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Value of a hyper-parameter. */
export type HyperparameterValue = string | number | boolean;
/** Hyper-parameters by name. */
export type Hyperparameters = Readonly<Record<string, HyperparameterValue>>;

/** What `train.py` learns from by each method, the usual one first. */
export const learntFormats: Readonly<Record<string, readonly ExportFormat[]>> = { sft: ['prompt-completion', 'chat'], kto: ['kto'], dpo: ['dpo'] };

/** What a training learns from unless it is told: an API of OpenAI's shape is sent conversations. Absent for a method that there is not. */
export const usualFormat = (method: string, target: TargetKind | undefined): ExportFormat | undefined =>
  (target === 'openai' && method === 'sft' ? 'chat' : learntFormats[method]?.[0]);

/** A value as it is meant when it is typed: `3` is a number, `true` is true, all else a text. */
export function typedValue(text: string): HyperparameterValue {
  if (text === 'true' || text === 'false') return text === 'true';
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** Everything that a target needs to train. */
export interface JobSpec {
  /** Hash of the target, the training set's manifest, the training code, the hyper-parameters and the base model, hexadecimal: a target takes one job for each key, however often it is sent. */
  readonly key: string;
  /** For lists of the target: short, of letters, digits and hyphens. */
  readonly title: string;
  /** Name or path of the base model, as the target knows it. */
  readonly model: string;
  /** The first is the training set, and the second the part for validation where there is one. */
  readonly files: readonly JobFile[];
  /** Program and arguments, run in the job's folder; paths among them are relative to it. An API is sent none. */
  readonly command: readonly string[];
  /** By their names in the preset; an API of OpenAI's shape takes those that it knows. */
  readonly hyperparameters: Hyperparameters;
}

/** A piece of a job's log. */
export interface LogPiece {
  /** Whole UTF-8 characters. */
  readonly text: string;
  /** Where the next piece begins, in bytes from the log's beginning. */
  readonly next: number;
  /** Nothing stood behind it when it was read. */
  readonly atEnd: boolean;
}

/** One step of training, as `train.py` writes it into its log. */
export interface TrainingPoint {
  readonly step: number;
  /** Absent where the loss was not a number. */
  readonly loss?: number;
  readonly learningRate?: number;
  readonly gradNorm?: number;
  readonly epoch?: number;
  readonly secondsPerStep?: number;
  /** It was measured on held-out data. */
  readonly heldOut?: true;
}

/** What has become of a job, one appended after the other. */
export interface JobEvent {
  readonly atMs: number;
  readonly state: JobState;
  readonly failure?: JobFailure;
  readonly words?: string;
  /** How the target finds the job again; opaque. Once known it stays. */
  readonly reference?: string;
  /** What came of it: a name that a server knows, or the place of the weights. */
  readonly model?: string;
  readonly problem?: Problem;
}

/** The training set of a job, as its manifest has it. */
export interface JobDataset {
  /** Where it was written, absolute. */
  readonly path: string;
  readonly format: string;
  readonly sha256: string;
  /** Of the manifest beside it, hexadecimal. */
  readonly manifestSha256: string;
  /** Counts are of all of the export, its part for validation among them. */
  readonly records: number;
  readonly tasks: number;
  readonly hinted: number;
  readonly humanEdited: number;
  readonly reviewed: number;
  /** What was learnt from came from the built-in demo server. */
  readonly simulated: boolean;
  /** The part on which the loss is measured meanwhile; absent without a split, and where nothing fell into it. */
  readonly validation?: ValidationPart;
}

/** The part of an export that a job does not learn from. */
export interface ValidationPart {
  /** Where it was written, absolute. */
  readonly path: string;
  readonly sha256: string;
  readonly records: number;
}

/** A job before it has been sent anywhere. */
export interface TrainingJobDraft {
  readonly target: TrainingTarget;
  readonly spec: JobSpec;
  /** Name of the preset that its hyper-parameters began with. */
  readonly preset: string;
  readonly dataset: JobDataset;
  /** How often the same work was begun before: 0 for the first time. */
  readonly retry: number;
  readonly createdAtMs: number;
}

/** What the log of a training says of it, as far as it was read. */
export interface TrainingFacts {
  /** All steps that it is to take. */
  readonly steps?: number;
  /** Rows of the training set; those that were longer than the limit and left out, and those that were cut. */
  readonly rows?: number;
  readonly droppedRows?: number;
  readonly cutRows?: number;
  /** The latest checkpoint, as the training named it. */
  readonly checkpoint?: string;
  /** Where the weights lie, as the training named it, and their hash, hexadecimal. */
  readonly output?: string;
  readonly weightsSha256?: string;
  /** Why it gave up, in its own words. */
  readonly failed?: { readonly reason: string; readonly message: string };
}

/** A job with what has become of it. */
export interface TrainingJob extends TrainingJobDraft {
  /** 1 for the first of a project. */
  readonly id: number;
  /** The latest of its events. */
  readonly now: JobEvent;
  /** Of its events the latest that has one. */
  readonly reference?: string;
  /** How much of the log has been read, in the target's bytes; how much of it is kept here, in bytes of the file. */
  readonly log: { readonly next: number; readonly kept: number };
  readonly facts: TrainingFacts;
}

/** Where the adapter of a job lies, as its target knows it. `place`: what the target calls the job's folder; `output`, `model`: what the training and the target said of it. */
export function adapterFolder({ kind, place, output, model }: { readonly kind: TargetKind; readonly place: string; readonly output?: string; readonly model?: string }): string {
  const came = output ?? model ?? 'output';
  const folder = kind === 'slurm' || kind === 'command' ? /^[^:/]+:(.+)$/.exec(place)?.[1] : undefined;
  return came.startsWith('/') || folder === undefined ? came : `${folder}/${came}`;
}

/** What is learnt of a job at one moment; stored together. */
export interface JobNote {
  readonly event?: JobEvent;
  /** A step that is known already is replaced. */
  readonly points?: readonly TrainingPoint[];
  readonly log?: TrainingJob['log'];
  /** In the place of those before. */
  readonly facts?: TrainingFacts;
}
