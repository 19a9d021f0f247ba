import * as z from 'zod/mini';
import type { EvaluationIntent, EvaluationSnapshot, OpenEvaluation } from '../../contract/pages/evaluation.ts';
import type { Drawn } from '../kit/page.ts';

/** How the page was left. */
export const viewSchema = z.object({ menu: z.boolean() });
/** The page, whatever it shows. */
export type Page = Drawn<EvaluationSnapshot, EvaluationIntent, z.infer<typeof viewSchema>>;
/** The page of an evaluation that is there. */
export type OpenPage = Page & { readonly open: OpenEvaluation };
