import * as z from 'zod/mini';
import { parseJson } from '../core/model/outside.ts';

/** What an engine leaves for whoever looks for it: a small file of the user's own, since the token in it opens the engine. */
export const registryEntrySchema = z.object({
  pid: z.number(),
  startedAtMs: z.number(),
  /** Whoever shows it may talk to the engine. */
  token: z.string(),
  host: z.string(),
  /** Absolute path of the project; null for an engine without one. */
  project: z.nullable(z.string()),
  /** Path of the socket, or name of the pipe. */
  socket: z.string(),
  protocol: z.number(),
  app: z.string(),
  schema: z.number(),
  /** The bundle that it runs, which must stay where it is. */
  enginePath: z.string(),
});
/** See `registryEntrySchema`. */
export type RegistryEntry = z.infer<typeof registryEntrySchema>;

/** An entry from the text of its file; `undefined` where it is none, or only half written. */
export function readRegistryEntry(text: string): RegistryEntry | undefined {
  const read = z.safeParse(registryEntrySchema, parseJson(text));
  return read.success ? read.data : undefined;
}
