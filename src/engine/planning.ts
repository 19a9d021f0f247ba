import type { TaskId } from '../core/model/ids.ts';
import { isTrainTask } from '../core/model/task.ts';
import type { RunContext } from '../core/plan/context.ts';
import { TaskPlan } from '../core/plan/taskPlan.ts';
import type { Store } from '../ports/store.ts';

/** How a run makes training data of its tasks: nothing is done for one that is held out, or is not there. */
export const planning = (store: Store, context: RunContext) => (id: TaskId): TaskPlan | undefined => {
  const task = store.task(id);
  return task && isTrainTask(task) ? new TaskPlan({ ...context, task }, store.edits(id), store.reviews(id)) : undefined;
};
