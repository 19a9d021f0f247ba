import type { ContaminationChoices, ContaminationReport } from '../contract/contamination.ts';
import { mostWithdrawn } from '../contract/withdrawn.ts';

const pairsAtOnce = 1_000;
/** Nobody reads more: beyond them only the best pair of each further task is kept. */
const usualPairs = 100_000;

/**
 * What was found, page after page: every train task with its best pair, and all pairs up to a hundred thousand; the report says how many there are.
 *
 * @param ask asks for a page; it is searched for once, and kept by the engine
 * @param most.pairs from where on only the best pair of each task is kept; absent: a hundred thousand
 */
export async function readContamination(ask: (choices: ContaminationChoices) => Promise<ContaminationReport>, sets?: readonly string[], most: { readonly pairs: number } = { pairs: usualPairs }): Promise<ContaminationReport> {
  const page = (after: number) => ask({ ...(sets === undefined ? {} : { sets: [...sets] }), after, limit: pairsAtOnce });
  const first = await page(0);
  const pairs: ContaminationReport['pairs'] = [];
  let [read, more] = [0, first.pairs];
  while (more.length > 0) { // there may be fewer than were counted: tasks may be moved meanwhile
    for (const pair of more) if (pairs.length < most.pairs || pairs.at(-1)?.train !== pair.train) pairs.push(pair);
    read += more.length;
    more = read < first.total ? (await page(read)).pairs : [];
  }
  return { ...first, pairs };
}

/** Changes as many tasks as there are, in requests that are no longer than one may be. @returns those that were changed */
export async function withdrawAll(tasks: readonly string[], change: (request: { tasks: string[] }) => Promise<{ readonly tasks: readonly string[] }>, atOnce = mostWithdrawn): Promise<readonly string[]> {
  const changed: string[] = [];
  for (let from = 0; from < tasks.length; from += atOnce) for (const task of (await change({ tasks: tasks.slice(from, from + atOnce) })).tasks) changed.push(task);
  return changed;
}
