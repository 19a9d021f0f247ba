// The data sets of a project as lines. Knows nothing of the editor.
import { counted, thousands } from '../../client/words.ts';
import type { StatusReport } from '../../contract/reports.ts';
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

/** A node of the view of data. */
export type DataNode = DatasetsNode | DatasetNode;

/** What is asked of a project here. */
export interface DataProject {
  readonly path: string;
  readonly name: string;
  readonly status: Pick<StatusReport, 'datasets'> | undefined;
}

/** Names of data sets come from files: whatever is in them, an id is one. */
const idOf = (...parts: readonly string[]): string => parts.map(part => encodeURIComponent(part)).join('|');

/** The projects that have data sets; the name is left out where there is one. */
export function dataRoots(projects: readonly DataProject[]): readonly DatasetsNode[] {
  const open = projects.filter(({ status }) => (status?.datasets.length ?? 0) > 0);
  return open.map(({ path, name, status }) => ({ kind: 'datasets', id: idOf('datasets', path), project: path, name: projects.length > 1 ? name : undefined, sets: status?.datasets ?? [] }));
}

/** What is below a node. */
export const dataChildren = (node: DataNode): readonly DataNode[] =>
  node.kind === 'dataset' ? [] : node.sets.map(({ name, split, tasks }) => ({ kind: 'dataset', id: idOf('dataset', node.project, name, split), project: node.project, dataset: name, heldOut: split === 'held-out', tasks }));

/** The look of a node. A data set opens its tasks. */
export function dataLook(node: DataNode): Look {
  if (node.kind === 'datasets') {
    const of = node.name === undefined ? '' : ` of ${oneLine(node.name)}`;
    const count = counted(node.sets.length, 'data set');
    return {
      label: `Data sets${of}`, description: thousands(node.sets.length), icon: { name: 'library' }, tooltip: `${count} in ${node.project}`, spoken: `Data sets${of}, ${count}`, fold: 'open', tokens: ['datasets'],
    };
  }
  const { dataset: name, heldOut, tasks } = node;
  const words = heldOut ? 'held out' : 'train';
  return {
    label: shortened(name, 60), description: `${thousands(tasks)} · ${words}`, icon: { name: heldOut ? 'lock' : 'database' },
    tooltip: `${oneLine(name)}: ${counted(tasks, 'task')}, ${heldOut ? 'held out: only ever evaluated on' : 'which make training data'}.\nClick to see them.`,
    spoken: `Data set ${oneLine(name)}, ${counted(tasks, 'task')}, ${words}`, fold: 'none', tokens: ['dataset'], command: 'regenesis.tasks.filter',
  };
}
