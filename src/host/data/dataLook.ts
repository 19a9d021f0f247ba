// The data sets and the training jobs of a project as lines. Knows nothing of the editor.
import { counted, thousands } from '../../client/words.ts';
import type { JobRow } from '../../contract/jobs.ts';
import type { StatusReport } from '../../contract/reports.ts';
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

/** A node of the view of data. */
export type DataNode = DatasetsNode | DatasetNode | JobsNode | JobNode;

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

/** Names of data sets come from files: whatever is in them, an id is one. */
const idOf = (...parts: readonly string[]): string => parts.map(part => encodeURIComponent(part)).join('|');

/** What each project has: data sets, and jobs; its name is left out where there is one. */
export function dataRoots(projects: readonly DataProject[], jobs: Pick<KnownJobs, 'of'>): readonly (DatasetsNode | JobsNode)[] {
  return projects.flatMap(({ path, name: own, status }) => {
    const common = { project: path, name: projects.length > 1 ? own : undefined };
    const sets = status?.datasets ?? [];
    return [
      ...(sets.length > 0 ? [{ kind: 'datasets', id: idOf('datasets', path), ...common, sets } as const] : []),
      ...(status && jobs.of(path).length > 0 ? [{ kind: 'jobs', id: idOf('jobs', path), ...common } as const] : []),
    ];
  });
}

/** What is below a node. */
export function dataChildren(node: DataNode, jobs: Pick<KnownJobs, 'of'>): readonly DataNode[] {
  switch (node.kind) {
    case 'datasets': return node.sets.map(({ name, split, tasks }) => ({ kind: 'dataset', id: idOf('dataset', node.project, name, split), project: node.project, dataset: name, heldOut: split === 'held-out', tasks }));
    case 'jobs': return jobs.of(node.project).map(({ id }) => jobNode(node.project, id));
    case 'dataset': case 'job': return [];
  }
}

const ofProject = ({ name }: DatasetsNode | JobsNode): string => (name === undefined ? '' : ` of ${oneLine(name)}`);

/** The look of a node. A data set opens its tasks, a job its page. */
export function dataLook(node: DataNode, jobs: KnownJobs): Look {
  switch (node.kind) {
    case 'datasets': return datasetsLook(node);
    case 'dataset': return datasetLook(node);
    case 'jobs': return jobsLook(jobs.of(node.project), { of: ofProject(node), project: node.project });
    case 'job': {
      const row = jobs.one(node.project, node.job);
      return row ? jobLook(row, jobs.uploaded(node.project, node.job)) : { label: `Job ${node.job}`, tooltip: 'It is not known any more.', spoken: `Job ${node.job}`, fold: 'none', tokens: [] };
    }
  }
}

function datasetsLook(node: DatasetsNode): Look {
  const of = ofProject(node);
  const count = counted(node.sets.length, 'data set');
  return { label: `Data sets${of}`, description: thousands(node.sets.length), icon: { name: 'library' }, tooltip: `${count} in ${node.project}`, spoken: `Data sets${of}, ${count}`, fold: 'open', tokens: ['datasets'] };
}

function datasetLook({ dataset: name, heldOut, tasks }: DatasetNode): Look {
  const words = heldOut ? 'held out' : 'train';
  return {
    label: shortened(name, 60), description: `${thousands(tasks)} · ${words}`, icon: { name: heldOut ? 'lock' : 'database' },
    tooltip: `${oneLine(name)}: ${counted(tasks, 'task')}, ${heldOut ? 'held out: only ever evaluated on' : 'which make training data'}.\nClick to see them.`,
    spoken: `Data set ${oneLine(name)}, ${counted(tasks, 'task')}, ${words}`, fold: 'none', tokens: ['dataset'], command: 'regenesis.tasks.filter',
  };
}
