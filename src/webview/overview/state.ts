import * as z from 'zod/mini';
import type { OverviewIntent, OverviewSnapshot, OpenOverview } from '../../contract/pages/overview.ts';
import type { Drawn } from '../kit/page.ts';

/** Columns that the table of guidelines can be sorted by. */
const guidelineColumns = ['title', 'branches', 'correct', 'solvedOnly', 'kept', 'tokensPerKept'] as const;
/** One of `guidelineColumns`. */
export type GuidelineColumn = (typeof guidelineColumns)[number];

/** How the overview was left. */
export const viewSchema = z.object({
  column: z.enum(guidelineColumns),
  descending: z.boolean(),
  allGuidelines: z.boolean(),
  /** Whether the released filter is drawn, once it has been asked. */
  released: z.boolean(),
  menu: z.boolean(),
});
/** See `viewSchema`. */
export type View = z.infer<typeof viewSchema>;

/** The overview when it is opened for the first time: guidelines by how often they are right. */
export const firstView: View = { column: 'correct', descending: true, allGuidelines: false, released: false, menu: false };

/** The page as it is drawn. */
export type Page = Drawn<OverviewSnapshot, OverviewIntent, View>;

/** The page of a project that is open. */
export type OpenPage = Page & { readonly open: OpenOverview };
