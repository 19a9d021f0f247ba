import type { Answer } from '../model/answer.ts';
import type { ExtractionRule } from '../model/evaluation.ts';
import type { Task } from '../model/task.ts';
import type { Verdict } from '../model/verdict.ts';
import { grade } from '../verify/grade.ts';
import { findRefusal } from '../verify/refusal.ts';

/**
 * What one answer to a held-out task comes to, by the grader that training paths are graded with. What cannot be read says why: `cut` where the model ran into the limit of
 * tokens, the reason of a refusal, else the grader's own.
 */
export function judgeAnswer(task: Pick<Task, 'gold' | 'answerKind' | 'options'>, { raw, finish }: Pick<Answer, 'raw' | 'finish'>, extract: ExtractionRule): Verdict {
  const { gold = '', answerKind, options } = task;
  const { verdict, extracted, reason } = grade({ gold, output: raw, kind: answerKind, extract, ...(options ? { options } : {}) });
  if (verdict !== 'unreadable') return { kind: verdict, extracted, reason };
  return { kind: verdict, extracted, reason: finish === 'length' ? 'cut' : findRefusal(raw)?.reason ?? reason };
}
