import type { TaskContext } from '../../core/plan/context.ts';
import { TaskPlan } from '../../core/plan/taskPlan.ts';
import type { Store } from '../../ports/store.ts';
import { basisOf } from '../settledTasks.ts';

/**
 * Works the outcome of a train task out anew where everything for it is there, as a run would that asks for nothing; else its outcome stays until a run has asked.
 *
 * @param options.understanding see `basisOf`
 * @param options.inPart where something is missing, its outcome is what is certain so far: of branches that a reject made room for nobody has asked yet
 */
export function settleAnew(store: Store, context: TaskContext, options: { readonly understanding: string; readonly inPart: boolean }): void {
  const { task } = context;
  if (store.task(task.id)?.split !== 'train') return; // it was held out meanwhile
  const plan = new TaskPlan(context, store.edits(task.id), store.reviews(task.id));
  plan.receive(store.answers(task.id), store.lost(task.id));
  if (!plan.settled) {
    const outcome = options.inPart ? plan.outcomeInPart(true) : undefined;
    if (outcome) store.commit({ outcomes: [outcome] });
    return;
  }
  store.commit({ outcomes: [plan.outcome()], bases: [{ taskId: task.id, basis: basisOf(context, options.understanding), used: plan.decidedAnswers(), ...plan.judgedBy }] });
}
