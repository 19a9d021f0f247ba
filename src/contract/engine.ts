import * as z from 'zod/mini';
import { missingGoldRules, presetNames } from '../core/model/dataset.ts';
import { runFilters, runLanes, runModes } from '../core/model/run.ts';
import { modelStages, stages } from '../core/model/stage.ts';
import { splits } from '../core/model/task.ts';
import { domains } from '../core/model/evaluation.ts';
import { compareChoicesSchema, compareReportSchema } from './compare.ts';
import {
  changesChoiceSchema, changesPageSchema, evaluatedTaskSchema, evaluationChoicesSchema, evaluationPlanSchema, evaluationReportSchema, evaluationRowSchema, evaluationStartSchema, heldOutSetSchema,
} from './evaluation.ts';
import { contaminationChoicesSchema, contaminationReportSchema } from './contamination.ts';
import { exportChoicesSchema } from './exportRule.ts';
import { count, round } from './figures.ts';
import { jobChoicesSchema, jobDetailSchema, jobPlanSchema, jobRowSchema, jobUploadSchema, trainingPresetSchema, trainingSettingSchema } from './jobs.ts';
import { iterationsReportSchema } from './iterations.ts';
import { lineageSchema } from './lineage.ts';
import { mostReviewed, reviewDraftSchema, reviewImportSchema, reviewItemSchema, reviewLineSchema, reviewQuerySchema, reviewQueueSchema, reviewSummarySchema } from './review.ts';
import {
  mostTried, overlaySchema, promptBudgetSchema, promptChoiceSchema, promptPlaceSchema, promptPreviewSchema, promptValuesSchema, stalenessSchema, trialPlanSchema, trialReportSchema,
} from './prompts.ts';
import { leavingOutSchema, withdrawalSchema, withdrawnListSchema, withdrawnSchema } from './withdrawn.ts';
import { auditProgressSchema, auditReportSchema, groupings, overviewReportSchema, pathFilterSchema, taskFilterSchema, taskGroupsSchema } from './overview.ts';
import {
  createReportSchema, engineStateSchema, exportPreviewSchema, exportReportSchema, followReportSchema, importPreviewSchema, importReportSchema, journalPageSchema, pathPageSchema, planReportSchema,
  probeReportSchema, runProgressSchema, runReportSchema, serverSettingSchema, startReportSchema, statusReportSchema, surveyReportSchema, taskPageSchema, taskReportSchema,
} from './reports.ts';
import {
  branchChoiceSchema, branchRowSchema, branchPlaceSchema, branchStagesSchema, branchSteppedSchema, branchTextSchema, editedMessagesSchema, offlineSchema, stageChoiceSchema, stagePromptSchema,
  stepChoiceSchema, stepStartedSchema,
} from './stepper.ts';

/**
 * Version of everything in this folder. Raised when a message changes so that an older side would misread it, and when methods are added, since an engine that runs
 * from before knows none of them; added fields do not raise it.
 */
export const protocolVersion = 7;

/** Most requests in flight that can be asked for: more sockets than any server takes. */
export const mostConcurrent = 4096;

/** Which tasks, what of them, and against which server: the same choices for `plan` and `run`. Absent properties take the defaults named in the command line's help. */
export const runChoicesSchema = z.object({
  /** Name of a shipped or workspace recipe, or the absolute path of a recipe file. */
  recipe: z.optional(z.string()),
  /** Stages that may ask the model; absent: all of the recipe's. Where none of them asks one, what is stored is understood and graded again, without a server. */
  stages: z.optional(z.array(z.enum(stages))),
  /** The only round that may ask: 2 is the hints, for tasks whose branches of round 1 are all there. Absent: both. */
  round: z.optional(round),
  tasks: z.optional(z.array(z.string())),
  /** Only the train tasks that a list with this filter shows when the run begins. */
  where: z.optional(taskFilterSchema),
  /** The first so many train tasks, or a seeded sample of so many. */
  limit: z.optional(z.int().check(z.positive())),
  sample: z.optional(z.int().check(z.positive())),
  mode: z.optional(z.enum(runModes)),
  filter: z.optional(z.enum(runFilters)),
  server: z.optional(z.string()),
  /** Further addresses that serve the very same model; the requests are shared out among all of them. */
  replicas: z.optional(z.array(z.string())),
  model: z.optional(z.string()),
  /** A server that answers stage `judge` in place of the others; absent: the project's, unless `server` names one. `identity` is what it was found to serve. */
  judge: z.optional(z.object({ server: z.string(), model: z.optional(z.string()), identity: z.optional(z.string()) })),
  /** For every server that is named or remembered, but for a judge at another origin. Kept in memory only. */
  apiKey: z.optional(z.string()),
  /** Keys by the origin that each was given for, in place of `apiKey`: a server of another origin is sent none, whatever the project file names. Kept in memory only. */
  apiKeys: z.optional(z.record(z.string(), z.string())),
  /** `interactive`: in front of a run that goes on, for a person who waits. Absent: `bulk`. */
  lane: z.optional(z.enum(runLanes)),
  /** Most requests in flight; absent: as many as the servers are found to hold. */
  concurrency: z.optional(z.int().check(z.positive(), z.maximum(mostConcurrent))),
  maxCalls: z.optional(z.int().check(z.positive())),
  retryLost: z.optional(z.boolean()),
  /** Asks the model that a job of the project has made, in place of the project's: an adapter is loaded on its server where that does not serve it yet, for a plan too. */
  iteration: z.optional(z.object({ job: count })),
  /** Where the model was found to come from: said of runs, and never heard. */
  lineage: z.optional(lineageSchema),
});
/** See `runChoicesSchema`. */
export type RunChoices = z.infer<typeof runChoicesSchema>;

/** What is tried and where: `tasks` train tasks drawn with `seed`; server and keys as for a run. `work` is a name of the client's own, by which it hears `trialProgress`. */
export const trialChoicesSchema = z.extend(promptChoiceSchema, {
  tasks: z.int().check(z.minimum(1), z.maximum(mostTried)),
  seed: z.optional(z.string()),
  work: z.optional(z.string()),
  ...z.pick(runChoicesSchema, { server: true, model: true, apiKey: true, apiKeys: true }).shape,
});
/** See `trialChoicesSchema`. */
export type TrialChoices = z.infer<typeof trialChoicesSchema>;

/** How files are imported. Paths are absolute. `domain`: what the data sets of those files are of whose tasks are held out; null takes back what was said, absent leaves it. */
export const importChoicesSchema = z.object({
  files: z.array(z.string()).check(z.minLength(1)),
  preset: z.optional(z.enum(presetNames)),
  map: z.optional(z.record(z.string(), z.string())),
  split: z.optional(z.enum(splits)),
  missingGold: z.optional(z.enum(missingGoldRules)),
  name: z.optional(z.string()),
  domain: z.optional(z.nullable(z.enum(domains))),
});
/** See `importChoicesSchema`. */
export type ImportChoices = z.infer<typeof importChoicesSchema>;

/** Most rows that a preview of an import shows. */
export const mostPreviewed = 200;

/** Which first rows of a file are to be shown as an import would take them; the other choices as there. */
export const previewChoicesSchema = z.object({ ...z.omit(importChoicesSchema, { files: true, domain: true }).shape, file: z.string(), rows: z.int().check(z.positive(), z.maximum(mostPreviewed)) });
/** See `previewChoicesSchema`. */
export type PreviewChoices = z.infer<typeof previewChoicesSchema>;

/** One request that a client may make of an engine. `params` is checked by the engine, `result` by the client. */
export interface Method<Params, Result> {
  readonly name: string;
  readonly params: z.ZodMiniType<Params>;
  readonly result: z.ZodMiniType<Result>;
}
/** What a method takes. */
export type ParamsOf<M> = M extends Method<infer Params, infer _Result> ? Params : never;
/** What a method gives. */
export type ResultOf<M> = M extends Method<infer _Params, infer Result> ? Result : never;
/** What an event carries. */
export type BodyOf<E> = E extends Event<infer Body> ? Body : never;

const method = <Params, Result>(name: string, params: z.ZodMiniType<Params>, result: z.ZodMiniType<Result>): Method<Params, Result> => ({ name, params, result });
const nothing = z.object({});

/**
 * All requests. A failing one carries a `Problem` in the `data` of its JSON-RPC error.
 * `handshake` comes first, with the token of the engine's registry entry; every method but those of `stableMethods`, `createProject`, `openProject` and
 * `probeServer` needs an open project.
 */
export const methods = {
  /**
   * `idleMs`: how long the engine may outlive its last client while nothing runs; of several wishes the longest holds. A `visitor` only looks: it hears no events,
   * and neither its coming nor its going keeps the engine. Refused with `engine-refused` for a wrong token.
   */
  handshake: method('handshake', z.object({ protocol: z.number(), app: z.string(), token: z.string(), idleMs: z.optional(z.number()), visitor: z.optional(z.boolean()) }), z.object({
    protocol: z.number(), app: z.string(), schema: z.number(), pid: z.number(), node: z.string(), host: z.string(), project: z.nullable(z.string()),
  })),
  /** What the engine is doing, for whoever lists engines. */
  engineState: method('engine/state', nothing, engineStateSchema),
  /** `sample`: with the shipped sample tasks. The file must not exist. */
  createProject: method('project/create', z.object({ path: z.string(), sample: z.boolean() }), createReportSchema),
  /** Opens the file, or joins where this engine has it open already. */
  openProject: method('project/open', z.object({ path: z.string() }), z.object({ project: z.string(), name: z.string() })),
  status: method('project/status', nothing, statusReportSchema),
  importTasks: method('tasks/import', importChoicesSchema, importReportSchema),
  /** What `importTasks` would make of the first rows of a file, by the same importer; stores nothing. Refused with `usage` for a map or a name that can be none. */
  previewImport: method('tasks/preview-import', previewChoicesSchema, importPreviewSchema),
  /** Stops the imports that go on, after what is being stored: the tasks until then stay, and the reports say that they were cancelled. Harmless without one. */
  cancelImport: method('tasks/cancel-import', nothing, nothing),
  /** `after` is the ordinal of the last row already had; `limit` 1 to 1,000. */
  taskPage: method('tasks/page', z.object({ filter: taskFilterSchema, after: z.optional(z.number()), limit: z.int() }), taskPageSchema),
  /** How many tasks of a filter stand in each group. */
  taskGroups: method('tasks/groups', z.object({ by: z.enum(groupings), filter: taskFilterSchema }), taskGroupsSchema),
  /** Paths in the order in which they were stored. `after` is the sequence number of the last one already had; `limit` 1 to 1,000. */
  pathPage: method('paths/page', z.object({ filter: z.optional(pathFilterSchema), after: z.optional(z.number()), limit: z.int() }), pathPageSchema),
  /** Where every path went: funnel, yield of the guidelines, pass rates. Cheap, also while a run goes on. */
  overview: method('project/overview', nothing, overviewReportSchema),
  /** Reads every stored path, which takes a while: says how far it is by `auditProgress`. Whoever asks while one goes on gets its report. Fails with `cancelled` after `cancelAudit`. */
  audit: method('project/audit', nothing, auditReportSchema),
  cancelAudit: method('project/audit/cancel', nothing, nothing),
  /** The journal from the event after `after` (0 for all) on; `limit` 1 to 10,000. */
  journalPage: method('journal/page', z.object({ after: z.number(), limit: z.int() }), journalPageSchema),
  showTask: method('task/show', z.object({ task: z.string() }), taskReportSchema),
  /** The branches that a task has or may have under a recipe, forks among them, in the order of the recipe. */
  branches: method('branch/list', z.object({ task: z.string(), recipe: z.optional(z.string()), ...offlineSchema.shape }), z.object({ branches: z.array(branchRowSchema) })),
  /** A branch stage by stage. Throws `task-not-found`, `task-held-out`, and `usage` for a branch that the recipe does not have. */
  branchStages: method('branch/stages', branchChoiceSchema, branchStagesSchema),
  /** What one stage asks, to the letter, and what it came to. */
  stagePrompt: method('branch/prompt', stageChoiceSchema, stagePromptSchema),
  /** Asks the next stage of a branch, in front of whatever else goes on; its text comes as `branchText`, its end as `branchStepped`. Refused with `run-active` while the branch is stepped. */
  runStage: method('branch/run-stage', stepChoiceSchema, stepStartedSchema),
  /** Goes on to the end of the branch. */
  runBranch: method('branch/run', stepChoiceSchema, stepStartedSchema),
  /** Calls off what `runStage` or `runBranch` has begun. Harmless where nothing was. */
  stopBranch: method('branch/stop', branchPlaceSchema, nothing),
  /**
   * Puts a text of a person in the place of the answer that stands at a stage, and marks what is made from it for ever. Nothing is asked. Refused with `run-active`
   * while a run works on the task, and with `usage` where no answer stands there, or for the judge, whose word is nobody's to write.
   */
  editAnswer: method('branch/edit-answer', z.extend(stageChoiceSchema, { text: z.string() }), branchStagesSchema),
  /** Lets another of a stage's `versions` stand: undoes an edit, or does it again. */
  chooseAnswer: method('branch/choose-answer', z.extend(stageChoiceSchema, { fingerprint: z.string() }), branchStagesSchema),
  /** Sends other messages than the recipe's at this stage of this branch. */
  editPrompt: method('branch/edit-prompt', z.extend(stageChoiceSchema, { messages: editedMessagesSchema }), branchStagesSchema),
  /** Copies a branch: it shares the answers before a stage and goes its own way from there. It takes part in no selection until it is included. */
  forkBranch: method('branch/fork', stageChoiceSchema, branchStagesSchema),
  /** Whether a fork takes part in the selection of its task. */
  includeFork: method('branch/include', z.extend(branchChoiceSchema, { included: z.boolean() }), branchStagesSchema),
  /**
   * The next paths of a queue, at most `count`, without those of `skip`, which the editor has already. A reviewer is shown no path twice that they have decided
   * about, but in a queue of one task.
   */
  reviewQueue: method('review/queue', z.object({ query: reviewQuerySchema, reviewer: z.string(), skip: z.array(z.string()), count: z.int().check(z.minimum(0), z.maximum(100)) }), reviewQueueSchema),
  /** One path for review. Throws `task-not-found`, and `usage` where the task has no such path any more. */
  reviewItem: method('review/item', z.object({ task: z.string(), path: z.string() }), reviewItemSchema),
  /** Stores reviews at once, on the disk itself; those that are there already are left as they are. Also while a run works on their tasks. */
  appendReviews: method('review/append', z.object({ reviews: z.array(reviewDraftSchema).check(z.minLength(1), z.maxLength(mostReviewed)) }), z.object({ stored: count })),
  /** Decides alike about all paths of a queue that the reviewer has not decided about; `expected` is how many the person was told of. `undo` takes back what `appended` names. */
  bulkReview: method('review/bulk', z.object({ query: reviewQuerySchema, reviewer: z.string(), decision: z.enum(['accept', 'reject']), expected: count }), z.object({ reviews: z.array(z.string()) })),
  /** Takes reviews of one person back, as one step: each path is judged again as it was before. */
  undoReviews: method('review/undo', z.object({ reviewer: z.string(), reviews: z.array(z.string()).check(z.maxLength(mostReviewed)) }), z.object({ undone: count })),
  /** Puts another known answer in the place of a task's, for ever appended, and grades the task by it. Throws `usage` for a blank one. */
  correctGold: method('review/correct-gold', z.object({ task: z.string(), gold: z.string(), reviewer: z.string() }), z.object({ before: z.nullable(z.string()) })),
  /** Reviews in the order in which they were stored, those after `after` (0 for all). */
  reviewPage: method('review/page', z.object({ after: z.number(), limit: z.int() }), z.object({ reviews: z.array(reviewLineSchema) })),
  reviewSummary: method('review/summary', nothing, reviewSummarySchema),
  /** Takes in reviews from elsewhere. A review of a path that this project does not have is refused. */
  importReviews: method('review/import', z.object({ lines: z.array(z.unknown()).check(z.maxLength(mostReviewed)) }), reviewImportSchema),
  /** Tasks that a reject left with fewer kept paths than their recipe wants, and that may have branches left. */
  shortTasks: method('review/short', nothing, z.object({ tasks: z.array(z.string()) })),
  /** Streams the answers of a branch that are asked for from now on, by a run too; until it is said otherwise. */
  watchBranch: method('branch/watch', z.extend(branchPlaceSchema, { watched: z.boolean() }), nothing),
  /** A prompt as it would be sent with what is not saved yet. What is wrong with it comes as `problems`, not as failure. Throws `no-tasks`, `task-not-found`, `task-held-out`, `recipe-not-found`. */
  previewPrompt: method('prompts/preview', promptPlaceSchema, promptPreviewSchema),
  /** What saving would make stale, for each recipe that was run, for the usual one where none was, and for the latest evaluation. Asks no model. `file`: only of those that use it, before or then. `most`: looks at so many of the tasks that were run, and of the others, evenly spread, and takes the rest to be like them: a whole project of many tasks takes minutes. Taking the request back ends it. */
  promptStaleness: method('prompts/staleness', z.object({ overlay: overlaySchema, file: z.optional(z.string()), most: z.optional(z.int().check(z.positive())), ...offlineSchema.shape }), stalenessSchema),
  /** What the variables of a stage hold for a task. Throws as `previewPrompt`, `recipe-invalid`, and `usage` for a prompt of evaluations. */
  promptValues: method('prompts/values', promptPlaceSchema, promptValuesSchema),
  /** How long a prompt gets, held against what the model takes. Throws as `promptValues`, and `usage` where the recipe has no such stage for a task. */
  promptBudget: method('prompts/budget', promptChoiceSchema, promptBudgetSchema),
  /** What `tryPrompt` would ask at most. Asks the server which model it serves, and makes and removes the project that is thrown away. Throws as `tryPrompt`. */
  planTrial: method('prompts/plan-try', trialChoicesSchema, trialPlanSchema),
  /**
   * Runs a recipe with what is not saved beside what it was when it was run last (as it is saved where it never was), one branch for each of `tasks` sampled tasks, in a project
   * that is thrown away: nothing of it comes into this one. Both sides take the same branches, which both have. Answers that are there are not asked again, but for a prompt of
   * the hint round: that is tried as if every task came to it, and what is there of that round is asked again. Says how far it is by `trialProgress`; taking the request back
   * ends it. Throws `usage` where both ask the same, share no branch, or only one has the round, and for a prompt of evaluations, since no trial asks a held-out task; `recipe-not-found`, `recipe-invalid`, `no-tasks`, `cancelled`, and what a run throws.
   */
  tryPrompt: method('prompts/try', trialChoicesSchema, trialReportSchema),
  plan: method('run/plan', runChoicesSchema, planReportSchema),
  /** Answers when the run has started; its end comes as `runEnded`. Refused with `run-active` while another of the same lane goes on. */
  startRun: method('run/start', runChoicesSchema, startReportSchema),
  /** Starts the latest run anew with the choices that it had. Refused as `startRun`, and with `run-not-found` where nothing was run yet. */
  resumeRun: method('run/resume', z.pick(runChoicesSchema, { apiKey: true, apiKeys: true }), startReportSchema),
  /** The run that goes on, and how the latest one of this engine ended. Whoever asks hears `runProgress` and `runEnded` from then on, as every client does. */
  followRun: method('run/follow', nothing, followReportSchema),
  /**
   * The run of one lane; absent: of both, and every evaluation that goes on or is about to begin. Answers at once: calls in flight are dropped, what has arrived is kept, and the run's end
   * comes as `runEnded`.
   */
  cancelRun: method('run/cancel', z.object({ lane: z.optional(z.enum(runLanes)) }), nothing),
  /**
   * Refused with `file-exists` where a file stands at `out` that is neither empty nor an earlier export, unless `overwrite` says that a person was asked, and with
   * `nothing-to-export` where nothing would be in it, and with `task-held-out` where a task of it was held out meanwhile: begin it again. All of its files appear together, or none does. `work` is a name of the client's own, by which it hears `exportProgress`
   * and may cancel: it fails with `cancelled` then. `card`: a dataset card, `README.md` in the folder of `out`.
   */
  exportDataset: method('dataset/export', z.object({ ...exportChoicesSchema.shape, out: z.string(), overwrite: z.optional(z.boolean()), card: z.optional(z.boolean()) }), exportReportSchema),
  /** What `exportDataset` would write, by the same walk over the project; writes nothing. Nothing in it is no failure here. */
  previewExport: method('dataset/preview-export', exportChoicesSchema, exportPreviewSchema),
  /** Stops the export or the preview of that name. Harmless without one. */
  cancelExport: method('dataset/cancel-export', z.object({ work: z.string() }), nothing),
  /** Training sets side by side, by what their manifests say; a manifest that says nothing is a row with what is wrong with it. Asks nobody. */
  compareDatasets: method('datasets/compare', compareChoicesSchema, compareReportSchema),
  trainingPresets: method('job/presets', nothing, z.object({ presets: z.array(trainingPresetSchema), settings: z._default(z.array(trainingSettingSchema), []) })),
  /** What `startJob` would do; sends nothing but a first look at the target. */
  planJob: method('job/plan', jobChoicesSchema, jobPlanSchema),
  /**
   * Exports where that is wished, uploads and submits; answers when the target has the job, or has refused it, or cannot be reached. `found`: the same work was begun on
   * this target before, and that job is given. Throws what the export throws, `usage`, and `dataset-empty`; what goes wrong at the target is a state of the job.
   */
  startJob: method('job/start', jobChoicesSchema, z.object({ job: jobRowSchema, found: z.boolean() })),
  /** The same work once more, as a job of its own. Throws `job-not-found`, and `usage` for one that has not ended. */
  retryJob: method('job/retry', z.object({ job: z.int(), apiKey: z.optional(z.string()) }), z.object({ job: jobRowSchema, found: z.boolean() })),
  /** Newest first, as they were last seen. */
  jobs: method('job/list', nothing, z.object({ jobs: z.array(jobRowSchema) })),
  jobDetail: method('job/show', z.object({ job: z.int() }), jobDetailSchema),
  /** A piece of a job's log as far as it was read, `from` a byte on; a negative `from` counts from its end. */
  jobLog: method('job/log', z.object({ job: z.int(), from: z.int(), most: z.int().check(z.positive(), z.maximum(4 << 20)) }), z.object({ text: z.string(), next: count, atEnd: z.boolean() })),
  /**
   * Follows all jobs that have not ended: an engine that opens a project asks no target of its own accord, since the file may be anybody's. `apiKeys`: keys of targets
   * by their origin, `apiKey`: one for all of them; kept in memory only. `now`: looks at each before it answers. `resume`: goes on with the sending of those that no
   * target has taken yet, for a client that trusts the project.
   */
  followJobs: method('job/follow', z.object({ apiKeys: z.optional(z.record(z.string(), z.string())), apiKey: z.optional(z.string()), now: z.optional(z.boolean()), resume: z.optional(z.boolean()) }), z.object({ jobs: z.array(jobRowSchema) })),
  /** Ends a job at its target. Harmless for one that has ended; fails where its target cannot be reached. */
  cancelJob: method('job/cancel', z.object({ job: z.int() }), z.object({ job: jobRowSchema })),
  /**
   * Has a server that serves the base of a job serve its adapter too, under a name with the first digits of its weights' hash. `path`: the adapter's folder as the
   * server's own machine knows it. Throws `usage` for a job that has come to no adapter, and what the server says.
   */
  loadAdapter: method('job/load-adapter', z.object({ job: z.int(), server: z.string(), path: z.string(), apiKey: z.optional(z.string()) }), z.object({ name: z.string() })),
  /** `completions`: finds out by a few tiny ones what the server can do. `greet`: sends one of one token, since a server may list its models to anybody and want a key for answers. */
  probeServer: method('server/probe', z.object({ url: z.string(), model: z.optional(z.string()), apiKey: z.optional(z.string()), completions: z.boolean(), greet: z.optional(z.boolean()) }), probeReportSchema),
  /** A quick look at what answers at an address; sends no completion. `timeoutMs` is at most half a minute; refused with the problem of whatever is there, `server-unreachable` where nothing is. */
  surveyServer: method('server/survey', z.object({ url: z.string(), apiKey: z.optional(z.string()), timeoutMs: z.int().check(z.positive(), z.maximum(30_000)) }), surveyReportSchema),
  /** Remembers the server in the project, without a key. `null` forgets it. */
  setServer: method('server/set', z.object({ server: z.nullable(serverSettingSchema) }), nothing),
  /** Names and titles of the recipes that can be run on this project. `stages`: those that ask a model; `everyStage`: and those that check; `hints`: it has a hint round. */
  recipes: method('recipes/list', nothing, z.object({ recipes: z.array(z.object({ name: z.string(), title: z.string(), description: z.string(), stages: z.array(z.enum(modelStages)), everyStage: z.optional(z.array(z.enum(stages))), hints: z.optional(z.boolean()) })) })),
  /** The held-out data sets, by name. */
  heldOutSets: method('evaluations/sets', nothing, z.object({ sets: z.array(heldOutSetSchema) })),
  /** Says which domain a data set is of; null takes it back. Refused with `task-not-found` where the project has no such data set. */
  setDomain: method('evaluations/set-domain', z.object({ dataset: z.string(), domain: z.nullable(z.enum(domains)) }), nothing),
  /** What `startEvaluation` would ask. Refused as there. */
  planEvaluation: method('evaluations/plan', evaluationChoicesSchema, evaluationPlanSchema),
  /**
   * Begins an evaluation, or goes on with the one of the same models, sets and rule: nothing is asked twice. Refused with `no-tasks` where a set has no held-out tasks with a
   * known answer, `usage` for two choices that are the same model, `run-active` while it goes on, and as a run is where servers are concerned.
   */
  startEvaluation: method('evaluations/start', evaluationChoicesSchema, evaluationStartSchema),
  /**
   * Goes on with an evaluation as it was begun, with its prompt and its tasks; `retryLost`: what it gave up is asked for again. Refused with `run-not-found`, `run-active` while it goes on,
   * and `model-mismatch` where a server serves another model by now.
   */
  continueEvaluation: method('evaluations/continue', z.object({ id: count, retryLost: z.optional(z.boolean()), apiKey: z.optional(z.string()), apiKeys: z.optional(z.record(z.string(), z.string())) }), evaluationStartSchema),
  /** Stops it, also while its servers are still asked what they serve: whoever goes on with it hears `cancelled` then. What was answered is kept. Harmless where it does not go on. */
  cancelEvaluation: method('evaluations/cancel', z.object({ id: count }), nothing),
  /** Newest first. */
  evaluations: method('evaluations/list', nothing, z.object({ rows: z.array(evaluationRowSchema) })),
  /** Refused with `run-not-found` where there is no such evaluation; the two that follow likewise. */
  evaluation: method('evaluations/show', z.object({ id: count }), evaluationReportSchema),
  evaluationChanges: method('evaluations/changes', changesChoiceSchema, changesPageSchema),
  evaluatedTask: method('evaluations/task', z.object({ id: count, task: z.string() }), evaluatedTaskSchema),
  /**
   * Finds train tasks that stand in held-out data sets, which takes seconds for many tasks; what was found is kept until there are other tasks. Throws `usage` for a data set
   * that has no held-out tasks. Taking the request back ends it.
   */
  contaminationFind: method('contamination/find', contaminationChoicesSchema, contaminationReportSchema),
  /**
   * Makes train tasks held-out ones: their outcomes go, what was answered, edited and reviewed stays. The five of these throw `task-not-found` before anything is changed;
   * the first two are refused with `run-active` where a model is being asked about one of them, and what was changed until then stays.
   */
  holdOut: method('tasks/hold-out', withdrawalSchema, withdrawnSchema),
  /** Takes exactly that back, and works their outcomes out again from what was answered; tasks that were imported as held out stay so. */
  holdIn: method('tasks/hold-in', withdrawalSchema, withdrawnSchema),
  /** Leaves train tasks out of what is exported. One that is left out already keeps its reason. */
  leaveOut: method('tasks/leave-out', leavingOutSchema, withdrawnSchema),
  takeIn: method('tasks/take-in', withdrawalSchema, withdrawnSchema),
  withdrawnTasks: method('tasks/withdrawn', nothing, withdrawnListSchema),
  /** The iterations that lead to the latest one, with what each came to. Reads the answers of each, or of a sample of its tasks, once for as long as nothing changes. */
  iterations: method('iterations/list', nothing, iterationsReportSchema),
  /** Closes the project and ends the process; a run is left as `paused` with `engine-stopped`, to be resumed. */
  shutdown: method('engine/shutdown', nothing, nothing),
} as const;

/** Name of a method, by which a client asks for it. */
export type MethodName = keyof typeof methods;
/** What a method takes, by its name. */
export type MethodParams<Name extends MethodName> = ParamsOf<(typeof methods)[Name]>;
/** What a method gives, by its name. */
export type MethodResult<Name extends MethodName> = ResultOf<(typeof methods)[Name]>;

/**
 * What every version of an engine understands of every version of a client: enough to follow a run, cancel it and end the engine. Their shapes only ever gain
 * optional fields, and so do those of `runProgress` and `runEnded`. Anything else is refused with `engine-protocol` where the versions differ.
 */
export const stableMethods: ReadonlySet<MethodName> = new Set(['handshake', 'engineState', 'followRun', 'cancelRun', 'shutdown']);

/** One message that an engine sends without being asked. */
export interface Event<Body> {
  readonly name: string;
  readonly body: z.ZodMiniType<Body>;
}
const event = <Body>(name: string, body: z.ZodMiniType<Body>): Event<Body> => ({ name, body });

/** All events. */
export const events = {
  runProgress: event('run/progress', runProgressSchema),
  runEnded: event('run/ended', runReportSchema),
  /** Tasks whose row or report may differ now; at most four times a second. `all`: too many to name. */
  tasksChanged: event('tasks/changed', z.object({ tasks: z.array(z.string()), all: z.boolean() })),
  auditProgress: event('project/audit-progress', auditProgressSchema),
  branchText: event('branch/text', branchTextSchema),
  branchStepped: event('branch/stepped', branchSteppedSchema),
  /** An evaluation has come on, at most four times a second, or has ended; its figures are in it once it has. */
  evaluationChanged: event('evaluation/changed', evaluationRowSchema),
  /** A job is in another state, or its training has come on. */
  jobChanged: event('job/changed', jobRowSchema),
  jobUpload: event('job/upload', jobUploadSchema),
  /** How far an export or a preview with a `work` is: tasks that were looked at, of all that are to be, some of them twice. At most four times a second. */
  exportProgress: event('dataset/export-progress', z.object({ work: z.string(), done: count, total: count })),
  /** Branches that a trial with a `work` has come to the end of, of both sides together. At most four times a second, and when the last one ends. */
  trialProgress: event('prompts/try-progress', z.object({ work: z.string(), done: count, total: count })),
  importProgress: event('tasks/import-progress', z.object({ path: z.string(), rows: z.number() })),
  log: event('log', z.object({ level: z.enum(['info', 'warning', 'error']), text: z.string() })),
} as const;
/** Name of an event. */
export type EventName = keyof typeof events;
/** What an event carries, by its name. */
export type EventBody<Name extends EventName> = BodyOf<(typeof events)[Name]>;
