import * as z from 'zod/mini';
import { presetNames } from '../core/model/dataset.ts';
import { domains } from '../core/model/evaluation.ts';
import { exportFormats, matchUnits } from '../core/model/exportRule.ts';
import { problemCodes } from '../core/model/problem.ts';
import { rateBounds, runEndStates, runLanes, runModes, runStates } from '../core/model/run.ts';
import { capabilityStates, serverKinds, serverRoles } from '../core/model/server.ts';
import { callStages, finishReasons, modelStages, stages } from '../core/model/stage.ts';
import { answerKinds, splits, taskStates } from '../core/model/task.ts';
import { checkers, verdictKinds } from '../core/model/verdict.ts';
import { contaminationThresholdsSchema } from './contamination.ts';
import { exportRuleSchema } from './exportRule.ts';
import { count, counts, round } from './figures.ts';
import { lineageSchema } from './lineage.ts';

/** A failure as it crosses processes; see `Problem`. */
export const problemSchema = z.object({
  code: z.enum(problemCodes),
  message: z.string(),
  retryable: z.optional(z.boolean()),
  file: z.optional(z.string()),
  line: z.optional(z.number()),
  column: z.optional(z.number()),
  field: z.optional(z.string()),
  choices: z.optional(z.readonly(z.array(z.string()))),
});

/** What `init` made: the project's absolute path and how many tasks stand in it. */
export const createReportSchema = z.object({ project: z.string(), tasks: count });

/** What became of one imported file. `preset` is null where columns were mapped by hand. */
export const importedFileSchema = z.object({
  path: z.string(),
  preset: z.nullable(z.enum(presetNames)),
  dataset: z.string(),
  tasks: count,
  withoutGold: count,
  duplicates: count,
  split: z.enum(splits),
  byKind: z.record(z.enum(answerKinds), count),
  refused: z.array(z.object({ line: z.number(), field: z.optional(z.string()), code: z.enum(problemCodes), message: z.string(), choices: z.optional(z.readonly(z.array(z.string()))) })),
});
/** What an import did. `refused` lists at most 10,000 rows a file; the totals count all. `cancelled`: somebody stopped it, and what stands here is all that was taken. */
export const importReportSchema = z.object({ files: z.array(importedFileSchema), tasks: count, refused: count, cancelled: z.optional(z.boolean()) });
/** See `importReportSchema`. */
export type ImportReport = z.infer<typeof importReportSchema>;

/** One row of a file as an import would take it. A `duplicate` is there already, in the file or in the project. */
export const previewRowSchema = z.object({
  line: z.number(),
  outcome: z.enum(['task', 'duplicate', 'refused']),
  id: z.optional(z.string()),
  /** Its first 2,000 characters. */
  question: z.optional(z.string()),
  /** How many it has in all, in UTF-16 code units. */
  questionLength: z.optional(count),
  gold: z.optional(z.string()),
  kind: z.optional(z.enum(answerKinds)),
  field: z.optional(z.string()),
  code: z.optional(z.enum(problemCodes)),
  message: z.optional(z.string()),
});
/** See `previewRowSchema`. */
export type PreviewRow = z.infer<typeof previewRowSchema>;

/**
 * The first rows of a file as an import would take them. `map` is field → column, null where a preset reads the rows or nobody knows how to. The counts are of the
 * `read` rows, of which `rows` shows the first; `more`: the file goes on. `problem`: why the file as a whole is not taken.
 */
export const importPreviewSchema = z.object({
  path: z.string(),
  format: z.nullable(z.string()),
  /** With the beginning of the first value that is not blank; at most 200. */
  columns: z.array(z.object({ name: z.string(), sample: z.string() })),
  preset: z.nullable(z.enum(presetNames)),
  map: z.nullable(z.record(z.string(), z.string())),
  dataset: z.string(),
  /** What somebody said that data set is of; absent where nobody has. */
  domain: z.optional(z.enum(domains)),
  split: z.enum(splits),
  rows: z.array(previewRowSchema),
  read: count,
  tasks: count,
  withoutGold: count,
  duplicates: count,
  refused: count,
  more: z.boolean(),
  problem: z.optional(problemSchema),
});
/** See `importPreviewSchema`. */
export type ImportPreview = z.infer<typeof importPreviewSchema>;

/** One row of a plan: how many answers are there, how many are asked for. `stale` answers exist for the place but were made from other inputs. */
export const plannedStageSchema = z.object({
  stage: z.enum(modelStages),
  round,
  cached: count,
  toDo: count,
  stale: count,
  maxToDo: z.optional(count),
});
/** What a run would do. Token counts are estimates. `calls` are HTTP requests: one with n = 20 is one. */
export const planReportSchema = z.object({
  recipe: z.string(),
  mode: z.enum(runModes),
  exact: z.boolean(),
  tasks: count,
  stages: z.array(plannedStageSchema),
  calls: count,
  promptTokens: count,
  outputTokens: count,
});
/** See `planReportSchema`. */
export type PlanReport = z.infer<typeof planReportSchema>;

/** How a run ended. `tasks` counts the run's tasks by state; `failed` counts failed requests by problem code. */
export const runReportSchema = z.object({
  runId: count,
  state: z.enum(runEndStates),
  calls: count,
  cached: count,
  failed: counts,
  tasks: z.record(z.enum(taskStates), count),
  kept: count,
  problem: z.optional(problemSchema),
  simulated: z.boolean(),
  elapsedMs: count,
});
/** See `runReportSchema`. */
export type RunReport = z.infer<typeof runReportSchema>;

/** Progress of one stage. `toDo` is what is known to be wanted and not answered; in mode until-enough more may come. In a status it is 0: what there is to do depends on the recipe, and a plan says it. */
export const stageProgressSchema = z.object({ stage: z.enum(callStages), round, done: count, failed: count, toDo: count });
/** One server of a run as it stands: requests of ours in flight there and how many may be, and what it says of itself. Counts are of sequences: a request for 20 answers is 20. */
export const serverLoadSchema = z.object({
  baseUrl: z.string(),
  inFlight: count,
  /** Most that may be in flight at the moment; found out, or as it was set. */
  allowed: count,
  /** `gone`: it does not answer and is waited for. `limited`: it asked to be left alone for a while. */
  state: z.enum(['up', 'gone', 'limited']),
  /** Absent: it generates. */
  role: z.optional(z.enum(serverRoles)),
  running: z.optional(z.number()),
  waiting: z.optional(z.number()),
  /** Share of the cache memory that is in use, 0 to 1. */
  cacheRatio: z.optional(z.number()),
});
/** See `serverLoadSchema`. */
export type ServerLoad = z.infer<typeof serverLoadSchema>;

/** How far a run is; sent at most four times a second. `remainingMs` is null while nothing can be said. */
export const runProgressSchema = z.object({
  runId: count,
  recipe: z.string(),
  tasks: z.object({ done: count, total: count }),
  stages: z.array(stageProgressSchema),
  calls: count,
  cached: count,
  inFlight: count,
  kept: count,
  failed: counts,
  elapsedMs: count,
  callsPerSecond: z.number(),
  outputTokensPerSecond: z.number(),
  outputTokens: z.optional(count),
  remainingMs: z.nullable(z.number()),
  simulated: z.boolean(),
  /** Why nothing is sent at the moment: every call waits for the time to be tried again; absent when all is well. */
  notice: z.optional(z.string()),
  lane: z.optional(z.enum(runLanes)),
  /** What holds the rate down at the moment, and in a sentence which setting or change would help. */
  bound: z.optional(z.object({ by: z.enum(rateBounds), advice: z.string() })),
  servers: z.optional(z.array(serverLoadSchema)),
});
/** See `runProgressSchema`. */
export type RunProgress = z.infer<typeof runProgressSchema>;

/** What a run that has started is. */
export const startReportSchema = z.object({ runId: count, tasks: count, recipe: z.string(), simulated: z.boolean() });
/** See `startReportSchema`. */
export type StartReport = z.infer<typeof startReportSchema>;

/** The run that goes on, with the choices that it was started with (no key among them), and the report of the latest run of this engine that ended. */
export const followReportSchema = z.object({
  run: z.nullable(z.object({ ...startReportSchema.shape, choices: z.optional(z.record(z.string(), z.unknown())), progress: z.optional(runProgressSchema) })),
  last: z.nullable(runReportSchema),
});
/** See `followReportSchema`. */
export type FollowReport = z.infer<typeof followReportSchema>;

/** What an engine is doing. `run` is the number of the run that goes on, as text; `waiting-for-key`: the latest run, or the latest evaluation, was paused by a wrong key, and goes on with another. */
export const engineStateSchema = z.object({
  pid: count,
  project: z.nullable(z.string()),
  host: z.string(),
  startedAtMs: z.number(),
  protocol: z.number(),
  app: z.string(),
  schema: z.number(),
  clients: count,
  /** How long it outlives its last client while nothing runs. */
  idleMs: z.optional(count),
  run: z.nullable(z.string()),
  state: z.enum(['idle', 'running', 'waiting-for-key']),
});
/** See `engineStateSchema`. */
export type EngineState = z.infer<typeof engineStateSchema>;

/** Events of the journal in ascending order of `sequence`, which never repeats and has no meaning beside its order. What else an event carries depends on its `kind`. */
export const journalPageSchema = z.object({ events: z.array(z.looseObject({ sequence: count, atMs: z.number(), kind: z.string() })) });
/** See `journalPageSchema`. */
export type JournalPage = z.infer<typeof journalPageSchema>;

/** A model at an address, as a project remembers it: never with a key. */
const namedServerSchema = z.object({ baseUrl: z.string(), model: z.string(), simulated: z.boolean() });
/** The servers of a project. `replicas` serve the very same model as the first; `judge` answers the stage of that name in its place. */
export const serverSettingSchema = z.object({ ...namedServerSchema.shape, replicas: z.optional(z.array(z.string())), judge: z.optional(namedServerSchema) });
/** See `serverSettingSchema`. */
export type ServerSetting = z.infer<typeof serverSettingSchema>;

/** One step of the funnel; see `FunnelRow`. */
const funnelRowSchema = z.object({ step: z.string(), in: count, out: count, lost: counts });
/** One run as lists show it. */
export const runRowSchema = z.object({
  id: count,
  recipe: z.string(),
  state: z.enum(runStates),
  model: z.string(),
  baseUrl: z.string(),
  simulated: z.boolean(),
  tasks: count,
  calls: count,
  cached: count,
  failed: counts,
  /** Paths that its tasks kept, and tokens that the model wrote for it; absent where it is not known. */
  kept: z.optional(count),
  outputTokens: z.optional(count),
  /** The stages, or the only round, that it was started for; absent: all. */
  stages: z.optional(z.array(z.enum(stages))),
  round: z.optional(round),
  /** Where its model comes from; absent where no job of the project has made it. */
  lineage: z.optional(lineageSchema),
  startedAtMs: z.number(),
  endedAtMs: z.optional(z.number()),
  problem: z.optional(problemSchema),
});
/** See `runRowSchema`. */
export type RunRow = z.infer<typeof runRowSchema>;
/** Where the whole project stands. */
export const statusReportSchema = z.object({
  project: z.string(),
  tasks: z.object({ total: count, trainable: count, heldOut: count, withoutGold: count, byState: z.record(z.enum(taskStates), count), byKind: counts }),
  datasets: z.array(z.object({ name: z.string(), split: z.enum(splits), tasks: count })),
  stages: z.array(stageProgressSchema),
  funnel: z.array(funnelRowSchema),
  kept: count,
  hinted: count,
  /** Paths about which a decision can still matter and nobody has made one; absent where counting them would take a moment. */
  unreviewed: z.optional(count),
  run: z.nullable(z.object({ id: count, state: z.enum(runStates) })),
  runs: z.array(runRowSchema),
  server: z.nullable(serverSettingSchema),
});
/** See `statusReportSchema`. */
export type StatusReport = z.infer<typeof statusReportSchema>;

/** One task in a list. `state` is `running` while the current run works on it. */
export const taskRowSchema = z.object({
  ordinal: z.number(),
  id: z.string(),
  excerpt: z.string(),
  dataset: z.string(),
  answerKind: z.enum(answerKinds),
  split: z.enum(splits),
  state: z.enum(taskStates),
  kept: count,
  correct: count,
  branches: count,
  hinted: z.boolean(),
});
/** See `taskRowSchema`. */
export type TaskListRow = z.infer<typeof taskRowSchema>;
/** A page of tasks and how many there are in all. */
export const taskPageSchema = z.object({ rows: z.array(taskRowSchema), total: count });

/**
 * One path in a list. What was found of it is absent while its task is not settled. A branch that was lost before it had a path has a negative `sequence`, an empty
 * excerpt and neither `fingerprint` nor `finish`.
 */
export const pathRowSchema = z.object({
  sequence: z.int(),
  task: z.string(),
  branch: z.string(),
  round,
  fingerprint: z.optional(z.string()),
  excerpt: z.string(),
  finish: z.optional(z.enum(finishReasons)),
  kept: z.optional(z.boolean()),
  verdict: z.optional(z.enum(verdictKinds)),
  loss: z.optional(z.object({ step: z.string(), reason: z.string() })),
});
/** A page of paths and how many there are in all. */
export const pathPageSchema = z.object({ rows: z.array(pathRowSchema), total: count });

const answerReportSchema = z.object({
  stage: z.enum(callStages),
  fingerprint: z.string(),
  sample: count,
  messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })),
  raw: z.string(),
  finish: z.enum(finishReasons),
  usage: z.optional(z.object({ inputTokens: z.optional(z.number()), outputTokens: z.optional(z.number()), cachedTokens: z.optional(z.number()) })),
  seed: z.number(),
  edited: z.boolean(),
});
/** One branch of a task, with every answer it consists of and what was understood of them. */
export const branchReportSchema = z.object({
  id: z.string(),
  round,
  guidelines: z.array(z.string()),
  /** Titles of the guidelines, for people. */
  title: z.string(),
  adapted: z.optional(z.string()),
  structure: z.optional(z.object({ text: z.string(), steps: z.array(z.string()) })),
  path: z.optional(z.object({ text: z.string(), cleaned: z.optional(z.string()) })),
  verdicts: z.array(z.object({ checker: z.enum(checkers), kind: z.enum(verdictKinds), extracted: z.nullable(z.string()), reason: z.string() })),
  kept: z.boolean(),
  hinted: z.boolean(),
  loss: z.optional(z.object({ step: z.string(), reason: z.string() })),
  failed: z.array(z.object({ step: z.string(), reason: z.string() })),
  edited: z.boolean(),
  answers: z.array(answerReportSchema),
});
/** See `branchReportSchema`. */
export type BranchReport = z.infer<typeof branchReportSchema>;
/** Everything that is known of one task. */
export const taskReportSchema = z.object({
  task: z.object({
    id: z.string(),
    question: z.string(),
    gold: z.optional(z.string()),
    answerKind: z.enum(answerKinds),
    split: z.enum(splits),
    dataset: z.string(),
    state: z.enum(taskStates),
  }),
  branches: z.array(branchReportSchema),
  selection: z.array(z.object({ branch: z.string(), round, path: z.string(), hinted: z.boolean() })),
  simulated: z.boolean(),
});
/** See `taskReportSchema`. */
export type TaskReport = z.infer<typeof taskReportSchema>;

/**
 * What of a training set stands in the held-out data sets of its project as well: `tasks` of its tasks, and of each set how many of its own, word for word after
 * normalisation (`exact`) or nearly. `sets` is empty where there are none.
 */
const setContaminationSchema = z.object({ thresholds: contaminationThresholdsSchema, sets: z.array(z.object({ evaluation: z.string(), exact: count, near: count })), tasks: count });

/**
 * What was exported, whatever files it stands in. `excluded` counts what was left out, by the reason it was charged with: settled paths, and records for `hinted-cap`
 * and `sample`.
 */
export const exportReportSchema = z.object({
  format: z.enum(exportFormats),
  path: z.string(),
  manifest: z.string(),
  recordsFile: z.string(),
  records: count,
  tasks: count,
  hinted: count,
  humanEdited: count,
  /** Records that people have decided about, and what became of paths that nobody has. */
  reviewed: count,
  unreviewed: z.enum(['kept', 'left-out']),
  /** Of the file at `path`. */
  sha256: z.string(),
  excluded: counts,
  /** Records by the recipe that made them. */
  recipes: counts,
  simulated: z.boolean(),
  /** The whole rule, with what was not said. */
  rule: exportRuleSchema,
  /** What of all this stands in the file of the split. */
  split: z.optional(z.object({ name: z.string(), path: z.string(), records: count, tasks: count, sha256: z.string() })),
  /** The dataset card, where one was asked for. */
  card: z.optional(z.string()),
  /** How many of the tasks, or records, that a sample wanted, or else of the paths of what is matched, are not there; absent: none. */
  missing: z.optional(count),
  /** The training set that this one was made equal to, as far as it goes: how many tasks and paths that has. */
  matched: z.optional(z.object({ by: z.enum(matchUnits), file: z.string(), sha256: z.string(), tasks: count, paths: count })),
  /** Absent where the project has no held-out tasks. */
  contamination: z.optional(setContaminationSchema),
  /** Files of an earlier export of that name which are not of this one and were left where they are. */
  leftovers: z.optional(z.array(z.string())),
});
/** See `exportReportSchema`. */
export type ExportReport = z.infer<typeof exportReportSchema>;

const quantilesSchema = z.object({ known: count, least: count, p10: count, p25: count, p50: count, p75: count, p90: count, p99: count, most: count });
/**
 * What an export would write, without writing it. `balance` counts records: by answer kind, by data set, by the letter or the yes or no that they teach, and in `kto`
 * by label. `lengths` are of the paths that are to be learnt, or in `kto` of all; `known` of them were measured, and in tokens only where the server said how many.
 */
export const exportPreviewSchema = z.object({
  ...z.pick(exportReportSchema, { format: true, records: true, tasks: true, hinted: true, humanEdited: true, reviewed: true, excluded: true, recipes: true, simulated: true, rule: true, missing: true, matched: true, contamination: true }).shape,
  split: z.optional(z.object({ name: z.string(), records: count, tasks: count })),
  datasets: z.record(z.string(), z.object({ records: count, licence: z.optional(z.string()) })),
  balance: z.object({ answerKind: counts, choice: counts, yesno: counts, label: counts }),
  lengths: z.object({ characters: z.optional(quantilesSchema), tokens: z.optional(quantilesSchema) }),
  /** The first records, each as a line of JSON. */
  first: z.array(z.string()),
});
/** See `exportPreviewSchema`. */
export type ExportPreview = z.infer<typeof exportPreviewSchema>;

/** What a server is and can do. `from` names the machine the address is seen from. */
export const probeReportSchema = z.object({
  server: z.string(),
  from: z.string(),
  model: z.string(),
  identity: z.string(),
  capabilities: z.record(z.string(), z.enum(capabilityStates)),
  contextTokens: z.optional(z.number()),
  simulated: z.boolean(),
});
/** See `probeReportSchema`. */
export type ProbeReport = z.infer<typeof probeReportSchema>;

/** What a first look at an address finds; `from` names the machine it is seen from. */
export const surveyReportSchema = z.object({ server: z.string(), from: z.string(), kind: z.enum(serverKinds), models: z.array(z.string()) });
/** See `surveyReportSchema`. */
export type SurveyReport = z.infer<typeof surveyReportSchema>;
