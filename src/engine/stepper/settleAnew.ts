import type { TaskContext } from '../../core/plan/context.ts';
import { TaskPlan } from '../../core/plan/taskPlan.ts';
import type { Store } from '../../ports/store.ts';
import { basisOf } from '../settledTasks.ts';

/** Works the outcome of a task out anew where everything for it is there, as a run would that asks for nothing; else its outcome stays until a run has asked. */
export function settleAnew(store: Store, context: TaskContext, understanding: string): void {
  const { task } = context;
  const plan = new TaskPlan(context, store.edits(task.id));
  plan.receive(store.answers(task.id), store.lost(task.id));
  if (!plan.settled) return;
  store.commit({ outcomes: [plan.outcome()], bases: [{ taskId: task.id, basis: basisOf(context, understanding), used: plan.decidedAnswers() }] });
}
