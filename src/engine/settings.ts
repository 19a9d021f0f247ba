import * as z from 'zod/mini';
import { serverSettingSchema, type ServerSetting } from '../contract/reports.ts';
import type { Store } from '../ports/store.ts';

/** A request to a model may take this long: a long path on a busy server, with room. */
export const usualRequestTimeoutMs = 600_000;

const key = 'server';

/** The server that the project uses unless told otherwise; absent where none was set. */
export function serverSetting(store: Store): ServerSetting | undefined {
  const parsed = z.safeParse(serverSettingSchema, store.setting(key));
  return parsed.success ? parsed.data : undefined;
}

/** Remembers a server in the project, or forgets it. */
export function setServer(store: Store, server: ServerSetting | null): void {
  store.setSetting(key, server);
}
