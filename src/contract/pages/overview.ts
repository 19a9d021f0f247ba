import * as z from 'zod/mini';
import { overviewSteps, passRates, reachedSteps } from '../../core/model/overview.ts';
import { funnelSteps } from '../../core/model/outcome.ts';
import { count, round } from '../figures.ts';
import { guidelineYieldSchema, overviewReportSchema } from '../overview.ts';
import { pageContract, pageProblemSchema } from './page.ts';

/** Something that a button does: a command of the product on this project, or on a sample of so many of its tasks. */
export const pageActionSchema = z.object({ command: z.string(), title: z.string(), icon: z.optional(z.string()), sample: z.optional(count) });
/** See `pageActionSchema`. */
export type PageAction = z.infer<typeof pageActionSchema>;

/** A row of the funnel. `previous` is the row above where both count the same thing; `released` what the released filter would have left there, once it has been asked. */
const funnelRowSchema = z.object({
  step: z.enum(overviewSteps),
  title: z.string(),
  count,
  previous: z.nullable(count),
  released: z.nullable(count),
  lost: z.array(z.object({ step: z.enum(funnelSteps), reason: z.string(), words: z.string(), count })),
  note: z.string(),
});

/** A run as a line. `ratio` is the share of its tasks that is done, 0 to 1; null where it does not go on. */
const runLineSchema = z.object({
  id: count, icon: z.string(), tone: z.string(), title: z.string(), counts: z.string(), ratio: z.nullable(z.number()), words: z.string(), action: z.nullable(pageActionSchema),
});

/** A training job as a line; see `runLine`. `curve`: the losses of one that goes on, with what they say in words; null before there are two. */
const jobLineSchema = z.extend(runLineSchema, { action: pageActionSchema, curve: z.nullable(z.object({ losses: z.array(z.number()), words: z.string() })) });

/** How far the comparison with the released filter is. `there`: what it would keep; `stale` where tasks have changed since. */
export const auditStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('running'), done: count, total: count }),
  z.object({ kind: z.literal('there'), kept: count, incorrect: z.number(), stale: z.boolean() }),
  z.object({ kind: z.literal('failed'), problem: pageProblemSchema }),
]);
/** See `auditStateSchema`. */
export type AuditState = z.infer<typeof auditStateSchema>;

/** All about a project that is open. */
export const openOverviewSchema = z.object({
  kind: z.literal('open'),
  /** What to do next; there always is something. */
  primary: pageActionSchema,
  menu: z.array(pageActionSchema),
  recipe: z.nullable(z.string()),
  simulated: z.boolean(),
  server: z.nullable(z.object({ words: z.string(), hint: z.string(), icon: z.string() })),
  run: z.nullable(z.object({ words: z.string(), hint: z.string() })),
  /** Train tasks, settled ones, and held-out ones, which are in no other figure. */
  tasks: z.object({ trainable: count, settled: count, heldOut: count }),
  branches: overviewReportSchema.shape.branches,
  funnel: z.array(funnelRowSchema),
  guidelines: z.array(guidelineYieldSchema),
  /** Share of all judged branches that are correct, 0 to 1; null where none is judged. */
  meanCorrect: z.nullable(z.number()),
  coverage: overviewReportSchema.shape.coverage,
  passRates: overviewReportSchema.shape.passRates,
  audit: auditStateSchema,
  runs: z.array(runLineSchema),
  moreRuns: count,
  jobs: z.array(jobLineSchema),
  moreJobs: count,
  /** Evaluations as lines; see `runLine`. */
  evaluations: z.array(z.extend(runLineSchema, { action: pageActionSchema })),
  moreEvaluations: count,
});
/** See `openOverviewSchema`. */
export type OpenOverview = z.infer<typeof openOverviewSchema>;

/** What the overview of a project shows. `file` is its name with the ending, `folder` where it lies. */
export const overviewSnapshotSchema = z.object({
  name: z.string(),
  file: z.string(),
  folder: z.string(),
  shown: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('opening') }),
    z.object({ kind: z.literal('closed') }),
    z.object({ kind: z.literal('failed'), problem: pageProblemSchema, run: z.nullable(z.string()) }),
    openOverviewSchema,
  ]),
});
/** See `overviewSnapshotSchema`. */
export type OverviewSnapshot = z.infer<typeof overviewSnapshotSchema>;

/** What the figure tables are called where one is copied. */
export const copiedTables = ['funnel', 'guidelines', 'passRates', 'coverage', 'runs'] as const;
/** One of `copiedTables`. */
export type CopiedTable = (typeof copiedTables)[number];

/** A figure that opens the list behind it. */
export const figureSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('tasks') }),
  z.object({ kind: z.literal('reached'), step: z.enum(reachedSteps), round: z.optional(round) }),
  z.object({ kind: z.literal('lost'), step: z.enum(funnelSteps), reason: z.string() }),
  z.object({ kind: z.literal('guideline'), id: z.string(), which: z.enum(['branches', 'correct', 'only', 'kept']) }),
]);
/** See `figureSchema`. */
export type Figure = z.infer<typeof figureSchema>;

/** What a person can wish for on the overview. */
export const overviewIntentSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('command'), command: z.string(), sample: z.optional(count), job: z.optional(count), evaluation: z.optional(count) }),
  z.object({ kind: z.literal('reopen') }),
  z.object({ kind: z.literal('list'), figure: figureSchema }),
  /** Shows the tasks of a pass rate in the tree. */
  z.object({ kind: z.literal('filter'), passRate: z.enum(passRates) }),
  z.object({ kind: z.literal('audit'), wish: z.enum(['start', 'cancel']) }),
  z.object({ kind: z.literal('copy'), table: z.enum(copiedTables) }),
]);
/** See `overviewIntentSchema`. */
export type OverviewIntent = z.infer<typeof overviewIntentSchema>;

/** The overview of a project: what its file opens as. */
export const overviewPage = pageContract('overview', overviewSnapshotSchema, overviewIntentSchema);
