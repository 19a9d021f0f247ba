// A training set that was exported before, from the manifest beside it. Knows nothing of the editor.
import * as z from 'zod/mini';
import type { KnownDataset } from '../../contract/pages/training.ts';
import { exportFormats } from '../../core/model/exportRule.ts';
import { parseJson } from '../../core/model/outside.ts';

const figure = z.int().check(z.nonnegative());
const manifestSchema = z.object({
  format: z.enum(exportFormats), simulation: z.boolean(), records: figure, tasks: figure, hinted: figure, humanEdited: figure, reviewed: z.optional(figure),
});

/** Where the manifest of a training set stands. */
export const manifestOf = (path: string): string => `${path}.manifest.json`;

/** What a training set is. `manifest`: the text beside it; absent where there is none. */
export function knownDataset(path: string, manifest: string | undefined): KnownDataset {
  if (manifest === undefined) return { path, wrong: 'There is no manifest beside this file, so it is no export of a project, and nobody can say what is in it.' };
  const read = z.safeParse(manifestSchema, parseJson(manifest));
  if (!read.success) return { path, wrong: 'The manifest beside this file cannot be read. Export the training set again.' };
  const { simulation: simulated, reviewed = 0, ...facts } = read.data;
  return { path, facts: { ...facts, reviewed, simulated } };
}
