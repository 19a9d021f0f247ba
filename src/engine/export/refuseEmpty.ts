import { ruleReasons } from '../../core/model/exportRule.ts';
import { problemError } from '../../core/model/problem.ts';
import type { Store } from '../../ports/store.ts';
import type { Survey } from './survey.ts';
import type { RecordRule } from './taskRecords.ts';

const reasonsNamed = 6;

/** Throws where nothing would stand in a file: `nothing-to-export` where no record is left, `usage` where a split leaves one of its sides empty. */
export function refuseEmpty(store: Store, survey: Survey, { format, rule: { split } }: RecordRule): void {
  const { records, excluded } = survey;
  if (records.length === 0) throw problemError('nothing-to-export', `Nothing of ${store.path} is left to be written as ${format}: ${lossesOf(excluded)}. ${adviceOf(excluded)} No file was written.`);
  const own = records.filter(({ splitOff }) => splitOff).length;
  if (!split || (own > 0 && own < records.length)) return;
  throw problemError('usage', `${own === 0 ? `No task falls into ${split.name}` : `All tasks fall into ${split.name}`}, since there are few of them. Choose another share or another seed. No file was written.`);
}

function lossesOf(excluded: Survey['excluded']): string {
  const losses = [...excluded].sort(([, a], [, b]) => b - a);
  if (losses.length === 0) return 'no task is settled yet';
  const more = losses.length - reasonsNamed;
  return `${losses.slice(0, reasonsNamed).map(([reason, count]) => `${count.toLocaleString('en-US')} ${reason}`).join(', ')}${more > 0 ? ` and ${more} reasons more` : ''}`;
}

/** What to do about the reason that took most. */
function adviceOf(excluded: Survey['excluded']): string {
  const [most] = [...excluded].sort(([, a], [, b]) => b - a);
  if (most === undefined) return 'Run a recipe to its end first.';
  const byRule = [...excluded.keys()].filter(reason => ruleReasons.some(each => each === reason));
  if (byRule.includes('not-reviewed')) return 'Review paths first, or export those that nobody has reviewed too.';
  if (byRule.includes('no-rejected')) return 'Pairs need a rejected or wrong path of the same task: run all branches, or reject some paths.';
  if (byRule.includes('no-chosen')) return 'Pairs need a kept path of the same task: the funnel says at which step they were lost.';
  if (byRule.includes('match')) return 'It has no task of the training set that it is to match: both projects need the same tasks under the same ids, which files of the same name give.';
  if (byRule.includes('left-out')) return 'Take tasks in again that were left out.';
  if (byRule.length > 0) return `The rule of this export takes them (${byRule.join(', ')}): make it wider.`;
  return 'No path is kept: the funnel says at which step they were lost. Review what can be won back, or run more.';
}
