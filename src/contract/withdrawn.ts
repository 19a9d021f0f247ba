import * as z from 'zod/mini';

/** Most tasks of one request. */
export const mostWithdrawn = 100_000;

/** Which tasks are kept away from training, or given back to it, by their ids. */
export const withdrawalSchema = z.object({ tasks: z.array(z.string()).check(z.minLength(1), z.maxLength(mostWithdrawn)) });
/** The same with why, in a word or a few; absent: `contamination`. */
export const leavingOutSchema = z.extend(withdrawalSchema, { reason: z.optional(z.string().check(z.minLength(1), z.maxLength(200))) });

/** The tasks that were changed; those that stood as wished are none of them. */
export const withdrawnSchema = z.object({ tasks: z.array(z.string()) });

/** Tasks that people keep away from training, in import order: those that were moved to the held-out ones, and train tasks that no training set takes in. */
export const withdrawnListSchema = z.object({
  moved: z.array(z.object({ task: z.string(), atMs: z.number() })),
  leftOut: z.array(z.object({ task: z.string(), reason: z.string(), atMs: z.number() })),
});
/** See `withdrawnListSchema`. */
export type WithdrawnList = z.infer<typeof withdrawnListSchema>;
