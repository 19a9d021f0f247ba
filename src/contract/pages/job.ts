import * as z from 'zod/mini';
import { count } from '../figures.ts';
import { jobDetailSchema } from '../jobs.ts';
import { notShownSchemas, pageContract } from './page.ts';

/** A state as icon, tone and word. */
const stateSchema = z.object({ icon: z.string(), tone: z.string(), word: z.string() });

/** A name and what is to be said of it; `hint` in more words. */
const factSchema = z.object({ name: z.string(), value: z.string(), hint: z.optional(z.string()) });
/** See `factSchema`. */
export type JobFact = z.infer<typeof factSchema>;

/** Wishes that have a button at the head of the page or in its menu. */
export const jobWishes = ['cancel', 'retry', 'iterate', 'load', 'log', 'files', 'key'] as const;
/** One of `jobWishes`. */
export type JobWish = (typeof jobWishes)[number];

const buttonSchema = z.object({ wish: z.enum(jobWishes), title: z.string(), icon: z.string() });

/** All that the page of a job shows. */
export const openJobSchema = z.object({
  kind: z.literal('job'),
  state: stateSchema,
  /** Which target and what it calls the job. */
  where: z.string(),
  simulated: z.boolean(),
  /** What is likeliest to be wanted; absent where nothing is. */
  primary: z.nullable(buttonSchema),
  menu: z.array(buttonSchema),
  /** How far it is. `ratio`: 0 to 1; null where nobody knows. */
  progress: z.object({ words: z.string(), ratio: z.nullable(z.number()) }),
  figures: z.array(factSchema),
  /** What is wrong, and what can be done. */
  advice: z.nullable(z.object({ title: z.string(), tone: z.enum(['bad', 'warn']), said: z.optional(z.string()), todo: z.string(), key: z.nullable(buttonSchema) })),
  /** All steps that it is to take. */
  steps: z.optional(count),
  points: jobDetailSchema.shape.points,
  trained: z.array(factSchema),
  /** Where its files lie, in the target's words. */
  place: z.string(),
  files: z.array(z.object({ name: z.string(), words: z.string() })),
  command: z.string(),
  /** The last lines of the log. */
  log: z.array(z.string()),
  logWords: z.string(),
  events: z.array(z.object({ ...stateSchema.shape, atMs: z.number(), words: z.string() })),
});
/** See `openJobSchema`. */
export type OpenJob = z.infer<typeof openJobSchema>;

/** What the page of a job shows. `missing`: its project has no such job. */
export const jobSnapshotSchema = z.object({
  project: z.string(),
  title: z.string(),
  shown: z.discriminatedUnion('kind', [...notShownSchemas, z.object({ kind: z.literal('missing') }), openJobSchema]),
});
/** See `jobSnapshotSchema`. */
export type JobSnapshot = z.infer<typeof jobSnapshotSchema>;

/** What a person can wish for on the page of a job. */
export const jobIntentSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('wish'), wish: z.enum(jobWishes) }),
  /** Opens one of its files, by its place in the list. */
  z.object({ kind: z.literal('open'), file: count }),
  z.object({ kind: z.literal('copy'), what: z.enum(['curve', 'command']) }),
  z.object({ kind: z.literal('reopen') }),
]);
/** See `jobIntentSchema`. */
export type JobIntent = z.infer<typeof jobIntentSchema>;

/** The page of a training job. */
export const jobPage = pageContract('job', jobSnapshotSchema, jobIntentSchema);
