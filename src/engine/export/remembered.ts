import * as z from 'zod/mini';
import type { ExportReport } from '../../contract/reports.ts';
import { exportFormats } from '../../core/model/exportRule.ts';
import type { Store } from '../../ports/store.ts';

const key = 'exports';
const mostRemembered = 50;

const rememberedSchema = z.object({
  path: z.string(), manifest: z.string(), format: z.enum(exportFormats), sha256: z.string(), manifestSha256: z.string(), recipes: z.array(z.string()), records: z.int(), tasks: z.int(), atMs: z.number(),
});
/** A training set that this project has written, as it was then: where it stands it may be another by now, or gone. */
export type RememberedExport = z.infer<typeof rememberedSchema>;

/** What a project has written and not written over since, the newest first: the latest fifty. */
export function rememberedExports(store: Store): readonly RememberedExport[] {
  const read = z.safeParse(z.array(rememberedSchema), store.setting(key));
  return read.success ? read.data : [];
}

/** Remembers an export. */
export function rememberExport(store: Store, { path, manifest, format, sha256, recipes, records, tasks }: ExportReport, { manifestSha256, atMs }: { readonly manifestSha256: string; readonly atMs: number }): void {
  const others = rememberedExports(store).filter(other => other.path !== path);
  store.setSetting(key, [{ path, manifest, format, sha256, manifestSha256, recipes: Object.keys(recipes), records, tasks, atMs }, ...others].slice(0, mostRemembered));
}
