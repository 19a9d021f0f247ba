import { counted } from '../../client/words.ts';
import type { TrialReport } from '../../contract/prompts.ts';

/** Less likely than this by chance alone is taken for a difference. */
const unlikely = 0.05;

/** What two versions of a prompt can be said to differ in, and no more. */
export function differenceWords({ better, worse, chance, after: { of } }: Pick<TrialReport, 'better' | 'worse' | 'chance' | 'after'>): string {
  if (of === 0) return 'None of these tasks has a known answer, so that nothing can be said of which is right.';
  if (better + worse === 0) return `Both get the same ${counted(of, 'task')} right or wrong. On so few, that says little: a larger sample may tell them apart.`;
  const differ = `The prompt as it is now is right on ${better} that it was wrong on before, and wrong on ${worse} that it was right on.`;
  const share = chance >= 0.995 ? '100' : chance < 0.001 ? 'less than 0.1' : (100 * chance).toPrecision(2).replace(/\.0$/, '');
  return chance < unlikely
    ? `${differ} If neither were better, a split this uneven would come in ${share} % of such trials: ${better > worse ? 'it is likely better now' : 'it was likely better before'}, on tasks like these.`
    : `${differ} If neither were better, a split this uneven would come in ${share} % of such trials: that is no evidence of a difference. A larger sample may tell.`;
}
