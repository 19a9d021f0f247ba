import * as z from 'zod/mini';
import { iterationFindings } from '../iterations.ts';
import { count } from '../figures.ts';
import { notShownSchemas, pageContract } from './page.ts';

/** A point of a chart. `at`: its iteration; 0 stands for the model before all of them. `words`: the figure as it is written. */
const pointSchema = z.object({ at: count, value: z.number(), low: z.optional(z.number()), high: z.optional(z.number()), words: z.string() });

/** A chart over the iterations. `ticks`: the values that are written beside it, the lowest first; the first and the last are its ends. */
const chartSchema = z.object({
  title: z.string(),
  hint: z.string(),
  ticks: z.array(z.object({ value: z.number(), words: z.string() })),
  series: z.array(z.object({ name: z.string(), points: z.array(pointSchema) })),
});
/** See `chartSchema`. */
export type IterationChart = z.infer<typeof chartSchema>;

/** What leads on from the page, each a command of the editor. */
export const iterationWishes = ['run', 'fine-tune', 'iterate', 'evaluate'] as const;
/** One of `iterationWishes`. */
export type IterationWish = (typeof iterationWishes)[number];

const openSchema = z.object({
  kind: z.literal('open'),
  simulated: z.boolean(),
  finding: z.object({ kind: z.enum(iterationFindings), text: z.string() }),
  notes: z.array(z.string()),
  /** Below the charts, from the left: `base`, then the iterations. */
  marks: z.array(z.object({ at: count, words: z.string() })),
  charts: z.array(chartSchema),
  names: z.array(z.string()),
  rows: z.array(z.object({ cells: z.array(z.string()), job: z.nullable(count), evaluation: z.nullable(count) })),
  /** What there is to do next, the likeliest first. */
  next: z.array(z.object({ wish: z.enum(iterationWishes), title: z.string() })),
  /** Why that is next; empty where the figures stand for themselves. */
  nextWords: z.string(),
});
/** See `openSchema`. */
export type OpenIterations = z.infer<typeof openSchema>;

/** What the page shows. `counting`: the figures are being worked out, for the first time. */
export const iterationsSnapshotSchema = z.object({ name: z.string(), shown: z.discriminatedUnion('kind', [...notShownSchemas, z.object({ kind: z.literal('counting') }), openSchema]) });
/** See `iterationsSnapshotSchema`. */
export type IterationsSnapshot = z.infer<typeof iterationsSnapshotSchema>;

/** What a person can wish for on the page. */
export const iterationsIntentSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('wish'), wish: z.enum(iterationWishes) }),
  z.object({ kind: z.literal('show-job'), job: count }),
  z.object({ kind: z.literal('show-evaluation'), evaluation: count }),
  z.object({ kind: z.literal('copy') }),
  z.object({ kind: z.literal('refresh') }),
  z.object({ kind: z.literal('reopen') }),
]);
/** See `iterationsIntentSchema`. */
export type IterationsIntent = z.infer<typeof iterationsIntentSchema>;

/** The page of iterations. */
export const iterationsPage = pageContract('iterations', iterationsSnapshotSchema, iterationsIntentSchema);
