// The queues that paths can be reviewed in, and what each is for. Knows nothing of the editor.
import type { ReviewAddress } from '../../contract/pages/review.ts';
import { namedQueues, type NamedQueue } from '../../contract/review.ts';
import { filterWords, isEmpty, type ShownFilter } from '../tree/grouping.ts';

/** A queue to choose. */
export interface QueueChoice {
  readonly title: string;
  readonly detail: string;
  readonly query: ReviewAddress['query'];
}

const words: Readonly<Record<NamedQueue, { readonly title: string; readonly detail: string }>> = {
  'next': { title: 'Review next', detail: 'Whatever a decision teaches most about, with paths drawn at random between them that say how good the rest is' },
  'solved-by-hint': { title: 'Solved by the hint only', detail: 'Kept paths of tasks that no branch solved without the known answer: look for reasoning that knows where it has to end' },
  'disagree': { title: 'Verifiers disagree', detail: 'The judge, the majority or the check after cleaning says another thing than the typed grader' },
  'low-coverage': { title: 'Little of the structure', detail: 'Paths that carry out less than 60 % of their structure' },
  'leak': { title: 'Leaks', detail: 'Correct paths that betray that the answer was known' },
  'unsure': { title: 'Unsure', detail: 'Paths that you were unsure of' },
  'differ': { title: 'People differ', detail: 'Paths that reviewers decided differently about' },
};

/** The queue of a name. */
export const namedQueue = (name: NamedQueue): QueueChoice => ({ ...words[name], query: { kind: 'queue', name } });

/** The paths of one task. */
export const taskQueue = (task: string): QueueChoice => ({ title: `Review ${task}`, detail: 'All paths of one task', query: { kind: 'task', task } });

/** The paths of the tasks of a filter. */
export const filterQueue = (filter: ShownFilter): QueueChoice =>
  ({ title: `Review ${filterWords(filter)}`, detail: 'Paths of the tasks that the tree shows: those that are kept, or that a person can still win', query: { kind: 'tasks', filter } });

/** All queues that can be chosen. @param filter what the tree of tasks shows */
export function queueChoices(filter: ShownFilter): readonly QueueChoice[] {
  const shown = isEmpty(filter) ? [] : [filterQueue(filter)];
  return [...shown, ...namedQueues.map(namedQueue)];
}
