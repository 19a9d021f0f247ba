import * as z from 'zod/mini';
import { exportFormats } from '../core/model/exportRule.ts';
import { problemCodes } from '../core/model/problem.ts';
import { jobFailures, jobStates, targetKinds, type TrainingTarget } from '../core/model/trainingJob.ts';
import { exportRuleDraftSchema } from './exportRule.ts';
import { count } from './figures.ts';

const name = z.string().check(z.minLength(1), z.maxLength(200));
const line = z.string().check(z.maxLength(4_000));
const positive = z.int().check(z.positive());

const workplaceShape = {
  folder: z.optional(line), python: z.optional(line), environment: z.optional(z.record(z.string().check(z.regex(/^[A-Za-z_]\w*$/)), line)),
  resources: z.optional(z.strictObject({
    gpus: z.optional(count), cpus: z.optional(positive), memoryGiB: z.optional(z.number().check(z.positive())), minutes: z.optional(positive), partition: z.optional(name), account: z.optional(name),
  })),
};
const shellShape = { ...workplaceShape, host: z.optional(line), setup: z.optional(z.array(line)) };

/** Where training happens; see `TrainingTarget`. A word that no target knows is refused: it would be a wish that nobody hears. */
export const trainingTargetSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('openai'), name, url: line }),
  z.strictObject({ kind: z.literal('ray'), name, url: line, pip: z.optional(z.array(line)), ...workplaceShape }),
  z.strictObject({ kind: z.literal('slurm'), name, ...shellShape }),
  z.strictObject({ kind: z.literal('command'), name, ...shellShape }),
]);
/** A checked target, in the words of the core. */
export const targetOf = (target: z.infer<typeof trainingTargetSchema>): TrainingTarget => target as TrainingTarget;

/** What is wrong with a target that a person wrote, with the property's name. */
export function targetFault({ issues: [issue] }: z.core.$ZodError): string {
  const at = issue?.path.join('.') ?? '';
  switch (issue?.code) {
    case 'unrecognized_keys': return `${at === '' ? '' : `${at}: `}there is no property ${issue.keys.join(', ')}`;
    case 'invalid_type': return issue.input === undefined ? `${at} is missing, or is no ${issue.expected}` : `${at} is to be a ${issue.expected}`;
    case 'invalid_union': return `${at === '' ? 'kind' : at} is to be one of ${targetKinds.join(', ')}`;
    default: return at === '' ? 'it is no target' : `${at} has a value that cannot be`;
  }
}

/** Value of a hyper-parameter. */
export const hyperparameterSchema = z.union([z.string(), z.number(), z.boolean()]);

/**
 * What to train, on what, and where. `dataset`: a training set that was exported before, by its absolute path; absent: one is exported for the job by `format` and
 * `rule`. `format` absent: what the target and the preset's method take. `preset` absent: `lora`. `retry`: the same work once more, though it was done. `work`: a name of
 * the client's own, by which it hears `exportProgress` of the export for the job and may cancel that.
 */
export const jobChoicesSchema = z.object({
  target: trainingTargetSchema,
  model: z.string().check(z.minLength(1), z.maxLength(4_000)),
  preset: z.optional(z.string()),
  changes: z.optional(z.record(z.string(), hyperparameterSchema)),
  dataset: z.optional(z.string()),
  format: z.optional(z.enum(exportFormats)),
  rule: z.optional(exportRuleDraftSchema),
  retry: z.optional(z.boolean()),
  work: z.optional(z.string()),
  apiKey: z.optional(z.string()),
});
/** See `jobChoicesSchema`. */
export type JobChoices = z.infer<typeof jobChoicesSchema>;

/** A job in one line. `at` is since when it is in its state. Numbers are of the latest step. */
export const jobRowSchema = z.object({
  id: positive,
  key: z.string(),
  target: z.string(),
  kind: z.enum(targetKinds),
  state: z.enum(jobStates),
  reason: z.optional(z.enum(jobFailures)),
  /** The target's own words, or what is wrong, and what can be done about it. */
  words: z.optional(z.string()),
  /** What kept its target from being asked, or from taking it. */
  code: z.optional(z.enum(problemCodes)),
  /** Where the key for its target is sent; absent where it takes none. */
  origin: z.optional(z.string()),
  step: z.optional(count),
  steps: z.optional(count),
  loss: z.optional(z.number()),
  secondsPerStep: z.optional(z.number()),
  /** The losses of a training that goes on, from its first step to its latest, some dozens of them; absent before there are two. */
  curve: z.optional(z.array(z.number())),
  /** The tuned model: a name that a server knows, or where its weights lie. */
  model: z.optional(z.string()),
  base: z.string(),
  /** By which name a server serves what came of it, and what it learnt from: the training set's file with the first digits of its hash. Absent where a server is told of no name. */
  tuned: z.optional(z.object({ name: z.string(), dataset: z.string() })),
  preset: z.string(),
  /** What it learns from; those for validation are not among them. */
  records: count,
  retry: count,
  simulated: z.boolean(),
  createdAtMs: z.number(),
  atMs: z.number(),
});
/** See `jobRowSchema`. */
export type JobRow = z.infer<typeof jobRowSchema>;

const eventSchema = z.object({ atMs: z.number(), state: z.enum(jobStates), words: z.optional(z.string()), reason: z.optional(z.enum(jobFailures)), code: z.optional(z.enum(problemCodes)) });

/** Everything about a job. `points`: of the curve, thinned out to at most some thousand. `validation`: how many records of its export it does not learn from, and measures the loss on; absent for none. */
export const jobDetailSchema = z.object({
  row: jobRowSchema,
  place: z.string(),
  command: z.string(),
  /** The job's files on this machine; the first is the training set, the second the part for validation where there is one. */
  files: z.array(z.object({ name: z.string(), path: z.string(), bytes: count })),
  reference: z.optional(z.string()),
  hyperparameters: z.record(z.string(), hyperparameterSchema),
  dataset: z.object({ path: z.string(), format: z.string(), records: count, tasks: count, hinted: count, humanEdited: count, reviewed: count, validation: z.optional(count) }),
  facts: z.object({ rows: z.optional(count), droppedRows: z.optional(count), cutRows: z.optional(count), checkpoint: z.optional(z.string()), output: z.optional(z.string()), weightsSha256: z.optional(z.string()) }),
  events: z.array(eventSchema),
  points: z.array(z.object({
    step: count, loss: z.optional(z.number()), learningRate: z.optional(z.number()), epoch: z.optional(z.number()), heldOut: z.optional(z.boolean()),
  })),
  logBytes: count,
});
/** See `jobDetailSchema`. */
export type JobDetail = z.infer<typeof jobDetailSchema>;

/** What a job would be. `existing`: the job that is there with the same key, which a start gives in the place of a new one. `key` is known where a job is there that differs in its training set at most: it costs an export. */
export const jobPlanSchema = z.object({
  key: z.optional(z.string()),
  existing: z.optional(jobRowSchema),
  format: z.enum(exportFormats),
  place: z.string(),
  command: z.string(),
  training: z.string(),
  files: z.array(z.string()),
  hyperparameters: z.record(z.string(), hyperparameterSchema),
  /** What answered at the target, or what is wrong with it. */
  target: z.object({ version: z.optional(z.string()), problem: z.optional(z.string()) }),
});
/** See `jobPlanSchema`. */
export type JobPlan = z.infer<typeof jobPlanSchema>;

/** Shipped presets, with what they say. */
export const trainingPresetSchema = z.object({ name: z.string(), method: z.string(), about: z.string(), hyperparameters: z.record(z.string(), hyperparameterSchema) });
/** See `trainingPresetSchema`. */
export type TrainingPreset = z.infer<typeof trainingPresetSchema>;

/** A setting that the training code takes, whether a preset names it or not. `usual`: what it is where nobody says. `choices`: all that it can be. Of numbers: the `least`, and whether they are to be `whole`. */
export const trainingSettingSchema = z.object({ name: z.string(), usual: hyperparameterSchema, choices: z.optional(z.array(z.string())), least: z.optional(z.number()), whole: z.optional(z.boolean()) });
/** See `trainingSettingSchema`. */
export type TrainingSetting = z.infer<typeof trainingSettingSchema>;

/** How far the sending of a job is, in bytes of its files. */
export const jobUploadSchema = z.object({ job: positive, sent: count, total: count });
