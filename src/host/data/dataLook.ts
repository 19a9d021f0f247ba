// The data sets, the training jobs and the evaluations of a project as lines. Knows nothing of the editor.
import { counted, thousands } from '../../client/words.ts';
import type { EvaluationRow, HeldOutSet } from '../../contract/evaluation.ts';
import type { JobRow } from '../../contract/jobs.ts';
import type { StatusReport } from '../../contract/reports.ts';
import { evaluationLook, evaluationsLook } from '../evaluation/evaluationLook.ts';
import { evaluationNode, type EvaluationNode } from '../evaluation/evaluationNode.ts';
import { domainWords } from '../evaluation/evaluationWords.ts';
import { jobLook, jobsLook } from '../jobs/jobLook.ts';
import { jobNode, type JobNode } from '../jobs/jobNode.ts';
import type { Look } from '../look.ts';
import { oneLine, shortened } from '../words.ts';

type Dataset = StatusReport['datasets'][number];

/** All data sets of a project. */
export interface DatasetsNode {
  readonly kind: 'datasets';
  readonly id: string;
  readonly project: string;
  /** Of the project, where several are open. */
  readonly name: string | undefined;
  readonly sets: readonly Dataset[];
}

/** One data set. */
export interface DatasetNode {
  readonly kind: 'dataset';
  readonly id: string;
  readonly project: string;
  /** Its name, under the word that a filter of tasks takes. */
  readonly dataset: string;
  readonly heldOut: boolean;
  readonly tasks: number;
}

/** All training jobs of a project. */
export interface JobsNode {
  readonly kind: 'jobs';
  readonly id: string;
  readonly project: string;
  /** Of the project, where several are open. */
  readonly name: string | undefined;
}

/** All evaluations of a project. */
export interface EvaluationsNode {
  readonly kind: 'evaluations';
  readonly id: string;
  readonly project: string;
  /** Of the project, where several are open. */
  readonly name: string | undefined;
}

/** A node of the view of data. */
export type DataNode = DatasetsNode | DatasetNode | JobsNode | JobNode | EvaluationsNode | EvaluationNode;

/** What is asked of a project here. */
export interface DataProject {
  readonly path: string;
  readonly name: string;
  readonly status: Pick<StatusReport, 'datasets'> | undefined;
}

/** The jobs of projects as they are now: see `Jobs`. */
export interface KnownJobs {
  of(project: string): readonly JobRow[];
  one(project: string, job: number): JobRow | undefined;
  uploaded(project: string, job: number): number | undefined;
}

/** The evaluations of projects as they are now: see `Evaluations`. */
export interface KnownEvaluations {
  of(project: string): readonly EvaluationRow[];
  one(project: string, evaluation: number): EvaluationRow | undefined;
  sets(project: string): readonly HeldOutSet[];
}

/** What is shown beside what a project says of itself. */
export interface DataKnown {
  readonly jobs: KnownJobs;
  readonly evaluations: KnownEvaluations;
}

/** Names of data sets come from files: whatever is in them, an id is one. */
const idOf = (...parts: readonly string[]): string => parts.map(part => encodeURIComponent(part)).join('|');

/** What each project has: data sets, jobs and evaluations; its name is left out where there is one. */
export function dataRoots(projects: readonly DataProject[], { jobs, evaluations }: DataKnown): readonly (DatasetsNode | JobsNode | EvaluationsNode)[] {
  return projects.flatMap(({ path, name: own, status }) => {
    const common = { project: path, name: projects.length > 1 ? own : undefined };
    const sets = status?.datasets ?? [];
    return [
      ...(sets.length > 0 ? [{ kind: 'datasets', id: idOf('datasets', path), ...common, sets } as const] : []),
      ...(status && jobs.of(path).length > 0 ? [{ kind: 'jobs', id: idOf('jobs', path), ...common } as const] : []),
      ...(status && evaluations.of(path).length > 0 ? [{ kind: 'evaluations', id: idOf('evaluations', path), ...common } as const] : []),
    ];
  });
}

/** What is below a node. */
export function dataChildren(node: DataNode, { jobs, evaluations }: DataKnown): readonly DataNode[] {
  switch (node.kind) {
    case 'datasets': return node.sets.map(({ name, split, tasks }) => ({ kind: 'dataset', id: idOf('dataset', node.project, name, split), project: node.project, dataset: name, heldOut: split === 'held-out', tasks }));
    case 'jobs': return jobs.of(node.project).map(({ id }) => jobNode(node.project, id));
    case 'evaluations': return evaluations.of(node.project).map(({ id }) => evaluationNode(node.project, id));
    case 'dataset': case 'job': case 'evaluation': return [];
  }
}

const ofProject = ({ name }: DatasetsNode | JobsNode | EvaluationsNode): string => (name === undefined ? '' : ` of ${oneLine(name)}`);

/** The look of a node. A data set opens its tasks, a job and an evaluation their pages. */
export function dataLook(node: DataNode, { jobs, evaluations }: DataKnown): Look {
  switch (node.kind) {
    case 'datasets': return datasetsLook(node);
    case 'dataset': return datasetLook(node, evaluations.sets(node.project).find(({ name }) => name === node.dataset));
    case 'jobs': return jobsLook(jobs.of(node.project), { of: ofProject(node), project: node.project });
    case 'job': {
      const row = jobs.one(node.project, node.job);
      return row ? jobLook(row, jobs.uploaded(node.project, node.job)) : gone(`Job ${node.job}`);
    }
    case 'evaluations': return evaluationsLook(evaluations.of(node.project), { of: ofProject(node), project: node.project });
    case 'evaluation': {
      const row = evaluations.one(node.project, node.evaluation);
      return row ? evaluationLook(row) : gone(`Evaluation ${node.evaluation}`);
    }
  }
}

const gone = (label: string): Look => ({ label, tooltip: 'It is not known any more.', spoken: label, fold: 'none', tokens: [] });

function datasetsLook(node: DatasetsNode): Look {
  const of = ofProject(node);
  const count = counted(node.sets.length, 'data set');
  return { label: `Data sets${of}`, description: thousands(node.sets.length), icon: { name: 'library' }, tooltip: `${count} in ${node.project}`, spoken: `Data sets${of}, ${count}`, fold: 'open', tokens: ['datasets'] };
}

/** @param set what is known of a held-out one beside that */
function datasetLook({ dataset: name, heldOut, tasks }: DatasetNode, set: HeldOutSet | undefined): Look {
  const words = heldOut ? ['held out', ...(set ? [domainWords[set.domain]] : [])].join(' · ') : 'train';
  return {
    label: shortened(name, 60), description: `${thousands(tasks)} · ${words}`, icon: { name: heldOut ? 'lock' : 'database' },
    tooltip: `${oneLine(name)}: ${counted(tasks, 'task')}, ${heldOut ? 'held out: only ever evaluated on' : 'which make training data'}.\nClick to see them.`,
    spoken: `Data set ${oneLine(name)}, ${counted(tasks, 'task')}, ${words}`, fold: 'none', tokens: ['dataset', ...(heldOut ? ['heldOut'] : [])], command: 'regenesis.tasks.filter',
  };
}
