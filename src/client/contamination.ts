import type { ContaminationChoices, ContaminationReport } from '../contract/contamination.ts';

const pairsAtOnce = 1_000;
/** Nobody reads more, and no request takes more tasks; the report says how many there are. */
const mostPairs = 100_000;

/** All that was found, page after page. @param ask asks for a page; it is searched for once, and kept by the engine */
export async function readContamination(ask: (choices: ContaminationChoices) => Promise<ContaminationReport>, sets?: readonly string[]): Promise<ContaminationReport> {
  const page = (after: number) => ask({ ...(sets === undefined ? {} : { sets: [...sets] }), after, limit: pairsAtOnce });
  const first = await page(0);
  const pairs = [...first.pairs];
  while (pairs.length < Math.min(first.total, mostPairs)) {
    const { pairs: more } = await page(pairs.length);
    if (more.length === 0) break; // tasks were moved meanwhile
    pairs.push(...more);
  }
  return { ...first, pairs };
}
