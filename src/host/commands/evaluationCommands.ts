import * as vscode from 'vscode';
import type { EvaluationRow } from '../../contract/evaluation.ts';
import { problemError } from '../../core/model/problem.ts';
import { evaluationIn } from '../evaluation/evaluationNode.ts';
import { evaluationStanding, evaluationStates, modelsWords, possible, setNames } from '../evaluation/evaluationWords.ts';
import { datasetIn, setDomain } from '../evaluation/setDomain.ts';
import { continueEvaluation, startEvaluation } from '../evaluation/startEvaluation.ts';
import type { Project } from '../projects/project.ts';
import type { Tabs } from '../tabs.ts';
import { actionOn, projectFor, type Handlers, type Workbench } from '../workbench.ts';

type EvaluationCommand = `regenesis.evaluation.${'start' | 'show' | 'continue' | 'cancel'}` | 'regenesis.domain.set';

/** Evaluating models on held-out tasks, and what is done with evaluations. */
export function evaluationCommands(workbench: Workbench, { evaluation: pages }: Pick<Tabs, 'evaluation'>): Pick<Handlers, EvaluationCommand> {
  const on = (choice: Choice, act: (chosen: Chosen, options: unknown) => unknown) => async (target: unknown, options: unknown) => {
    const chosen = await chosenEvaluation(workbench, target, choice);
    if (chosen) await act(chosen, options);
  };
  return {
    'regenesis.evaluation.start': async target => {
      const project = await projectFor(workbench, target);
      if (project) await startEvaluation(workbench, project, { pages, named: datasetIn(target) });
    },
    'regenesis.evaluation.show': on({ title: 'Show Evaluation' }, ({ project, row }) => { pages.show({ project: project.path, evaluation: row.id }); }),
    'regenesis.evaluation.continue': on({ title: 'Continue Evaluation', fits: possible.continue, none: 'No evaluation was stopped before its end in' }, ({ project, row }, options) =>
      continueEvaluation(workbench, project, { pages, row, retryLost: wantsLost(options) || possible.again(row) })),
    'regenesis.evaluation.cancel': on({ title: 'Cancel Evaluation', fits: possible.cancel, none: 'No evaluation goes on in' }, ({ project, row }) => project.call('cancelEvaluation', { id: row.id })),
    'regenesis.domain.set': async target => {
      const address = evaluationIn(target);
      const project = await projectFor(workbench, address ? { project: address.project } : target);
      if (project) await setDomain(workbench, project, datasetIn(target));
    },
  };
}

const wantsLost = (options: unknown): boolean => typeof options === 'object' && options !== null && 'retryLost' in options && options.retryLost === true;

interface Chosen {
  readonly project: Project;
  readonly row: EvaluationRow;
}

/** Which evaluations a command is for; absent: all. */
interface Choice {
  readonly title: string;
  readonly fits?: (row: EvaluationRow) => boolean;
  /** What is said, before the project's name, where none fits. */
  readonly none?: string;
}

/** The evaluation that a command was called on, else the only one that fits, else the one that is picked; absent where there is none, which is then said. */
async function chosenEvaluation(workbench: Workbench, target: unknown, choice: Choice): Promise<Chosen | undefined> {
  const address = evaluationIn(target);
  const project = await projectFor(workbench, address ? { project: address.project } : target);
  if (!project) return undefined;
  const { rows } = await project.call('evaluations', {});
  if (!address) return pickEvaluation(workbench, { project, rows, choice });
  const row = rows.find(({ id }) => id === address.evaluation);
  if (!row) throw problemError('run-not-found', `There is no evaluation ${address.evaluation} in ${project.name} any more.`);
  return { project, row };
}

async function pickEvaluation({ notify }: Workbench, { project, rows, choice: { title, fits = () => true, none } }: { readonly project: Project; readonly rows: readonly EvaluationRow[]; readonly choice: Choice }): Promise<Chosen | undefined> {
  const fitting = rows.filter(fits);
  const [only, ...others] = fitting;
  if (!only && rows.length > 0 && none !== undefined) notify.tell(`${none} ${project.name}.`, [actionOn(project, 'regenesis.evaluation.show')]);
  else if (!only) notify.tell(`No model was evaluated in ${project.name} yet. Held-out tasks are what it is evaluated on.`, [actionOn(project, 'regenesis.evaluation.start')]);
  if (!only || others.length === 0) return only && { project, row: only };
  const picked = await vscode.window.showQuickPick(fitting.map(row => ({
    label: `$(${evaluationStates[row.state].icon.name}) Evaluation ${row.id} · ${modelsWords(row)}`, description: evaluationStanding(row), detail: setNames(row.sets), row,
  })), { title: `${title} · ${project.name}`, placeHolder: 'Which evaluation?', matchOnDescription: true, matchOnDetail: true });
  return picked && { project, row: picked.row };
}
