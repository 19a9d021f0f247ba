import * as z from 'zod/mini';
import { problemCodes } from '../../core/model/problem.ts';

/**
 * What a page of the editor and its host say to each other: wishes go up, snapshots come down, and both sides check what they hear.
 *
 * A page holds no data of its own: it draws the latest snapshot, and every snapshot is a whole one.
 */
export interface PageContract<Snapshot, Intent, News = never> {
  /** Names the page's bundle, `dist/webview/NAME.js`. */
  readonly name: string;
  readonly snapshot: z.ZodMiniType<Snapshot>;
  readonly intent: z.ZodMiniType<Intent>;
  /** What is told once and is in no snapshot: texts that are too large to be sent again, and keys that were pressed. Most pages hear none. */
  readonly news?: z.ZodMiniType<News>;
}

/** A page's contract, with the types that its schemas give. */
export const pageContract = <Snapshot, Intent, News = never>(...[name, snapshot, intent, news]: [name: string, snapshot: z.ZodMiniType<Snapshot>, intent: z.ZodMiniType<Intent>, news?: z.ZodMiniType<News>]): PageContract<Snapshot, Intent, News> =>
  ({ name, snapshot, intent, ...(news ? { news } : {}) });

/** What a page says. `intent` is checked by the page's own contract. */
export const fromPageSchema = z.discriminatedUnion('kind', [
  /** It has been loaded, for the first time or again. `shows`: it has a snapshot already, which was sent while it was loaded. */
  z.object({ kind: z.literal('ready'), shows: z.boolean() }),
  z.object({ kind: z.literal('intent'), intent: z.unknown() }),
  /** Somebody chose one of the ways out that came with a problem. */
  z.object({ kind: z.literal('way'), command: z.string() }),
]);
/** See `fromPageSchema`. */
export type FromPage = z.infer<typeof fromPageSchema>;

/** Something that went wrong, in words for people, with commands that lead out of it. */
export const pageProblemSchema = z.object({
  code: z.enum(problemCodes),
  words: z.string(),
  ways: z.array(z.object({ command: z.string(), title: z.string() })),
});
/** See `pageProblemSchema`. */
export type PageProblem = z.infer<typeof pageProblemSchema>;

/** What keeps a page from showing its project. `closed`: it is not among the projects of this window any more. */
export const notShownSchemas = [
  z.object({ kind: z.literal('opening') }),
  z.object({ kind: z.literal('closed') }),
  z.object({ kind: z.literal('failed'), problem: pageProblemSchema }),
] as const;
/** See `notShownSchemas`. */
export type NotShown = z.infer<(typeof notShownSchemas)[number]>;

/** What a page is told. `snapshot` is checked by the page's own contract. */
export const toPageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), snapshot: z.unknown() }),
  /** `news` is checked by the page's own contract. */
  z.object({ kind: z.literal('news'), news: z.unknown() }),
  /** A wish could not be fulfilled, or a snapshot could not be had. */
  z.object({ kind: z.literal('failed'), what: z.enum(['intent', 'snapshot']), problem: pageProblemSchema }),
]);
/** See `toPageSchema`. */
export type ToPage = z.infer<typeof toPageSchema>;
