import { customizePrompt, newRecipe, showShipped } from '../prompts/customize.ts';
import { compareWithShipped, markSeen, revertToShipped } from '../prompts/shippedSide.ts';
import type { Handlers, Workbench } from '../workbench.ts';

/** Prompts and recipes of one's own, and the shipped ones beside them. */
export function promptCommands(workbench: Workbench): Pick<Handlers, `regenesis.prompt.${'customize' | 'compare' | 'markSeen' | 'revert' | 'showShipped'}` | 'regenesis.recipe.new'> {
  return {
    'regenesis.prompt.customize': target => customizePrompt(workbench, target),
    'regenesis.prompt.compare': target => compareWithShipped(workbench, target),
    'regenesis.prompt.markSeen': target => markSeen(workbench, target),
    'regenesis.prompt.revert': target => revertToShipped(workbench, target),
    'regenesis.prompt.showShipped': () => showShipped(workbench),
    'regenesis.recipe.new': target => newRecipe(workbench, target),
  };
}
