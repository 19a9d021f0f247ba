import { evaluationPrompt } from '../../core/model/promptFile.ts';
import type { Notify } from '../notify.ts';
import type { Project } from '../projects/project.ts';
import { actionOn } from '../workbench.ts';

/** Says why the prompt of evaluations is neither run nor tried, and offers what is done instead. */
export function tellOfEvaluations(notify: Pick<Notify, 'tell'>, project: Pick<Project, 'path'>): void {
  notify.tell(
    `${evaluationPrompt} is asked by evaluations. Runs and trials work on train tasks, and never ask a held-out one: evaluate a model on a few of them to see what it makes of the prompt.`,
    [actionOn(project, 'regenesis.evaluation.start')],
  );
}
