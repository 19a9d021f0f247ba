import * as z from 'zod/mini';
import { overviewSteps, passRates, reachedSteps } from '../core/model/overview.ts';
import { funnelSteps } from '../core/model/outcome.ts';
import { answerKinds, splits, taskStates } from '../core/model/task.ts';
import { verdictKinds } from '../core/model/verdict.ts';
import { count, round } from './figures.ts';

const share = z.number().check(z.minimum(0), z.maximum(1));

/** Which tasks a list shows; properties combine, absent means any. See `TaskFilter`. */
export const taskFilterSchema = z.object({
  split: z.optional(z.enum(splits)),
  dataset: z.optional(z.string()),
  state: z.optional(z.enum(taskStates)),
  answerKind: z.optional(z.enum(answerKinds)),
  text: z.optional(z.string()),
  /** Share of its branches that were correct in round 1; only tasks with a known answer that have such branches. */
  passRate: z.optional(z.enum(passRates)),
  /** A key of `taskGroups` by difficulty. */
  difficulty: z.optional(z.string()),
  /** Id of a guideline: tasks that keep a path of it. */
  guideline: z.optional(z.string()),
  /** Id of a guideline: tasks that no other guideline led to the known answer in round 1. */
  solvedOnlyBy: z.optional(z.string()),
});

/** What tasks can be grouped by. */
export const groupings = ['state', 'dataset', 'answerKind', 'difficulty', 'guideline'] as const;
/** Groups of tasks in the order in which they are to be shown, without empty ones. `key` is what the filter's property of the same name takes. A task stands in every guideline's group that it keeps a path of, and in none where it keeps none. */
export const taskGroupsSchema = z.object({ groups: z.array(z.object({ key: z.string(), title: z.string(), tasks: count })) });

/**
 * Which paths a list shows; properties combine, absent means any. With any of them the list is of the branches that the outcomes of settled tasks consist of, a
 * branch that was lost before it had a path among them; with none it is of all stored paths.
 */
export const pathFilterSchema = z.object({
  /** Where it was lost, and why: the words of a funnel's `lost`. */
  step: z.optional(z.enum(funnelSteps)),
  reason: z.optional(z.string()),
  /** Rows of the overview's funnel: the branches that are counted there. */
  reached: z.optional(z.enum(reachedSteps)),
  guideline: z.optional(z.string()),
  round: z.optional(round),
  kept: z.optional(z.boolean()),
  /** Whether the typed grader found it equal to the known answer; a branch of a task without one is neither. */
  correct: z.optional(z.boolean()),
  task: z.optional(z.string()),
});

/** One row of the overview's funnel: how many are left, and what was lost since the row above. The row above less the losses gives the count, exactly; `tasks` counts tasks, the others branches of both rounds. */
const funnelStepSchema = z.object({
  step: z.enum(overviewSteps),
  count,
  lost: z.array(z.object({ step: z.enum(funnelSteps), reason: z.string(), count })),
});

/**
 * What one guideline gave, over both rounds unless it says otherwise. A branch that follows several counts for each of them.
 *
 * `judged`: branches of round 1 on tasks with a known answer; `correct` of them were found equal to it, and `low` to `high` is Wilson's 95 % interval of that share
 * (0 to 1; 0 and 1 where `judged` is 0). `solvedOnly`: tasks that no other guideline led to the known answer in round 1. `tokensPerKept`: output tokens of all its branches' answers, from
 * `adapt` on, for each kept path; null where nothing is kept, or where a server did not tell the tokens.
 */
export const guidelineYieldSchema = z.object({
  id: z.string(),
  title: z.string(),
  branches: count,
  judged: count,
  correct: count,
  low: share,
  high: share,
  solvedOnly: count,
  kept: count,
  tokensPerKept: z.nullable(z.number()),
});
/** See `guidelineYieldSchema`. */
export type GuidelineYield = z.infer<typeof guidelineYieldSchema>;

/**
 * Where every path of a project went, from kept counters: cheap enough to be asked for twice a second while a run goes on.
 *
 * `recipe`: of the latest run; null where nothing was run. `tasks.settled`: train tasks with an outcome. `coverage`: the share of settled tasks with a known answer
 * that k guidelines drawn at random from those that the task was run with would have solved in round 1, on average over all draws. `passRates`: the same tasks by
 * the share of their branches that were correct in round 1; `hinted` of them had none and were solved with the hint.
 */
export const overviewReportSchema = z.object({
  project: z.string(),
  name: z.string(),
  recipe: z.nullable(z.string()),
  simulated: z.boolean(),
  tasks: z.object({ total: count, trainable: count, settled: count, byState: z.record(z.enum(taskStates), count) }),
  branches: z.object({ round1: count, hinted: count }),
  funnel: z.array(funnelStepSchema),
  guidelines: z.array(guidelineYieldSchema),
  coverage: z.array(z.object({ k: count, share })),
  passRates: z.array(z.object({ bucket: z.enum(passRates), tasks: count, hinted: count })),
});
/** See `overviewReportSchema`. */
export type OverviewReport = z.infer<typeof overviewReportSchema>;

/** Most rows that an audit lists; its counts count all. */
export const mostAuditRows = 10_000;

/**
 * One path on which the filter of the released code and the typed grader differ. `path` is its fingerprint; `typed` and `reason` are the typed grader's, `reference` says whether
 * the released filter takes the answer for the known one, and `referenceReason` why. What each of the two read is cut to 160 characters; null where it read nothing.
 */
export const auditRowSchema = z.object({
  task: z.string(),
  path: z.string(),
  branch: z.string(),
  round,
  gold: z.string(),
  typed: z.enum(verdictKinds),
  reason: z.string(),
  extracted: z.nullable(z.string()),
  reference: z.boolean(),
  referenceReason: z.string(),
  referenceExtracted: z.nullable(z.string()),
});

/**
 * The filter of the released code held against the typed grader, on every stored path of every task with a known answer.
 *
 * `falseAccepts`: the released filter takes them, the typed grader finds them `incorrect` or `unreadable`. `falseRejects`: the other way round. `undecided`: the typed
 * grader cannot say; they are in no other number and in no row. `agreed`: all others.
 * `released`: of the branches of settled tasks with a known answer, how many the released code would have left after each of its own steps, and how many of those the typed
 * grader finds `incorrect` or `unreadable`; it has no step for refusals or leaks, and draws at most five of a question by chance, so that the last `incorrect` is an expectation.
 * Where no judge was asked, its judge is taken to have said yes.
 * `judge`: the typed grader's verdicts by the judge's, and Cohen's kappa of *correct* (null where one of them always says the same); null where no judge was asked.
 * `vote`: how often the most frequent answer of a task's unhinted paths was the known one, by the share of the votes that it had (more than `shareFrom`, at most `shareTo`); null where no task has two votes.
 */
export const auditReportSchema = z.object({
  project: z.string(),
  tasks: count,
  paths: count,
  agreed: count,
  falseAccepts: count,
  falseRejects: count,
  undecided: count,
  /** At most `mostAuditRows`, in import order. */
  rows: z.array(auditRowSchema),
  released: z.object({
    steps: z.array(z.object({ step: z.enum(overviewSteps), count, incorrect: z.number() })),
    kept: count,
    incorrect: z.number(),
  }),
  judge: z.nullable(z.object({
    confusion: z.array(z.object({ typed: z.enum(verdictKinds), yes: count, no: count })),
    kappa: z.nullable(z.number()),
  })),
  vote: z.nullable(z.array(z.object({ shareFrom: share, shareTo: share, tasks: count, accuracy: share }))),
  simulated: z.boolean(),
});
/** See `auditReportSchema`. */
export type AuditReport = z.infer<typeof auditReportSchema>;
/** How far an audit is, in tasks; sent at most four times a second. */
export const auditProgressSchema = z.object({ done: count, total: count });
