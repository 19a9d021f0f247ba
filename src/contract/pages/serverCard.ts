import * as z from 'zod/mini';
import { capabilityStates } from '../../core/model/server.ts';
import { pageContract } from './page.ts';

/** One capability as the card shows it: `meaning` says what a run has of it, or does without it. */
export const capabilityRowSchema = z.object({ name: z.string(), title: z.string(), state: z.enum(capabilityStates), word: z.string(), meaning: z.string() });
/** See `capabilityRowSchema`. */
export type CapabilityRow = z.infer<typeof capabilityRowSchema>;

/**
 * What the card of a server shows. `testing`: it is being asked at the moment. `tested`: by completions, not only by what it says of itself. `problem`: why it could
 * not be asked; what was found before stays.
 */
export const serverCardSchema = z.object({
  project: z.string(),
  server: z.string(),
  /** The machine that the address is seen from. */
  from: z.string(),
  model: z.string(),
  role: z.string(),
  simulated: z.boolean(),
  testing: z.boolean(),
  tested: z.boolean(),
  identity: z.optional(z.string()),
  kind: z.optional(z.string()),
  models: z.array(z.string()),
  /** What a job of the project has tuned a model from, in words, by the model's name. */
  lineage: z.record(z.string(), z.string()),
  contextTokens: z.optional(z.number()),
  capabilities: z.array(capabilityRowSchema),
  problem: z.optional(z.string()),
});
/** See `serverCardSchema`. */
export type ServerCard = z.infer<typeof serverCardSchema>;

/** What a person can wish for on a card. */
export const serverCardIntentSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('test') }),
  z.object({ kind: z.literal('copy') }),
]);
/** See `serverCardIntentSchema`. */
export type ServerCardIntent = z.infer<typeof serverCardIntentSchema>;

/** The capability card of a server. */
export const serverCardPage = pageContract('serverCard', serverCardSchema, serverCardIntentSchema);
