import * as z from 'zod/mini';
import { datasetFiguresSchema, type CompareRow } from '../../contract/compare.ts';
import { exportFormats, matchUnits } from '../../core/model/exportRule.ts';
import { parseJson, withoutAbsent } from '../../core/model/outside.ts';
import { shareOf } from '../../core/stats/share.ts';

type ComparedSet = NonNullable<CompareRow['set']>;

const figure = z.int().check(z.nonnegative());
const manifestSchema = z.object({
  format: z.enum(exportFormats), sha256: z.string(), records: figure, tasks: figure, hinted: figure, simulation: z.boolean(), recipes: z.record(z.string(), figure),
  runs: z._default(z.array(z.object({ model: z.string() })), []),
  matched: z.optional(z.object({ by: z.enum(matchUnits), file: z.string() })),
  figures: z.optional(datasetFiguresSchema),
}).check(z.refine(({ hinted, records }) => hinted <= records));

const perPath = (cost: number, paths: number): number | undefined => (paths === 0 ? undefined : Math.round((cost / paths) * 10) / 10);

/** A training set by the text of its manifest; why it can be none where there is no such text, or it is of something else. */
export function comparedSet(path: string, text: string | undefined): ComparedSet | string {
  if (text === undefined) return `${path} is not there any more, or cannot be read. Export the training set again.`;
  const read = z.safeParse(manifestSchema, parseJson(text));
  if (!read.success) return `${path} is no manifest of an export.`;
  const { simulation: simulated, hinted, recipes, runs, matched, figures, ...counts } = read.data;
  const cost = figures?.cost;
  return {
    ...counts, simulated, hintedShare: shareOf(hinted, counts.records), recipes: Object.keys(recipes), models: [...new Set(runs.map(({ model }) => model))],
    ...withoutAbsent({
      matched, figures, requestsPerPath: cost && perPath(cost.requests, cost.kept), tokensPerPath: cost?.outputTokens === undefined ? undefined : perPath(cost.outputTokens, cost.kept),
    }),
  };
}
