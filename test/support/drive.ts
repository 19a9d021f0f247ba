import type { Answer, WantedCall } from '../../src/core/model/answer.ts';
import type { Review } from '../../src/core/model/review.ts';
import { TaskPlan } from '../../src/core/plan/taskPlan.ts';
import type { TaskContext } from '../../src/core/plan/context.ts';
import { answersTo } from './builders.ts';

/** What a model says to a call: a text for each of its answers, `null` for one that is lost. */
export type Says = (call: WantedCall, sample: number) => string | null;

/** How a task is driven: `pick` decides which of the open calls is answered next (the first), `known` and `reviews` are stored before. */
export interface DriveOptions {
  readonly pick?: (open: number) => number;
  readonly known?: readonly Answer[];
  readonly reviews?: readonly Review[];
}

/** Plans a task to its end; returns the plan, all calls it handed out and all answers. */
export function drive(context: TaskContext, says: Says, { pick = () => 0, known = [], reviews = [] }: DriveOptions = {}): { plan: TaskPlan; calls: WantedCall[]; answers: Answer[] } {
  const plan = new TaskPlan(context, [], reviews);
  const calls: WantedCall[] = [];
  const answers: Answer[] = [...known];
  const open: WantedCall[] = [];
  plan.receive(known);
  for (;;) {
    const next = plan.next();
    calls.push(...next);
    open.push(...next);
    const [call] = open.splice(pick(open.length), 1);
    if (!call) return { plan, calls, answers };
    const texts = call.answers.map(answer => says(call, answer.sample));
    const lost = call.answers.filter((_, index) => texts[index] === null);
    const given = texts.every(text => text !== null) ? answersTo(call, texts.map(String)) : [];
    answers.push(...given);
    plan.receive(given, lost.map(({ fingerprint }) => ({ fingerprint, problem: { code: 'server-error', message: 'lost' } })));
  }
}
