import * as z from 'zod/mini';
import type { Store } from '../ports/store.ts';

const serverSchema = z.object({ baseUrl: z.string(), model: z.string(), simulated: z.boolean(), replicas: z.optional(z.array(z.string())) });

/** The server that the project remembers, without a key. */
export type ServerSetting = z.infer<typeof serverSchema>;

const key = 'server';

/** The server that the project uses unless told otherwise; absent where none was set. */
export function serverSetting(store: Store): ServerSetting | undefined {
  const parsed = z.safeParse(serverSchema, store.setting(key));
  return parsed.success ? parsed.data : undefined;
}

/** Remembers a server in the project, or forgets it. */
export function setServer(store: Store, server: ServerSetting | null): void {
  store.setSetting(key, server);
}
