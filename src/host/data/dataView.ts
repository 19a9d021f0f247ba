import * as vscode from 'vscode';
import type { Evaluations } from '../evaluation/evaluations.ts';
import { Lifetime } from '../lifetime.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { views } from '../manifest.ts';
import type { Projects } from '../projects/projects.ts';
import { treeItemOf } from '../tree/treeItem.ts';
import { dataChildren, dataLook, dataRoots, type DataKnown, type DataNode } from './dataLook.ts';

/** A job that is sent says several times a second how far it is; a row that flickers cannot be read. */
const drawEveryMs = 500;

/** The data sets of the open projects, with split and counts, their training jobs and their evaluations. */
export class DataView implements vscode.TreeDataProvider<DataNode>, vscode.Disposable {
  readonly #projects: Projects;
  readonly #known: DataKnown;
  readonly #lifetime = new Lifetime();
  readonly #changes: vscode.EventEmitter<undefined>;
  readonly #view: vscode.TreeView<DataNode>;
  /** What is shown: a run changes tasks all the time, and data sets never. */
  #shown = '';
  #drawing: NodeJS.Timeout | undefined;

  constructor({ projects, jobs, evaluations }: { readonly projects: Projects; readonly jobs: Jobs; readonly evaluations: Evaluations }) {
    this.#projects = projects;
    this.#known = { jobs, evaluations };
    this.#changes = this.#lifetime.add(new vscode.EventEmitter());
    this.#view = this.#lifetime.add(vscode.window.createTreeView(views.data, { treeDataProvider: this }));
    this.#lifetime.add(projects.onDidChange(() => { this.#draw(); }));
    for (const { onDidChange } of [jobs, evaluations]) this.#lifetime.add(onDidChange(() => { this.#drawing ??= setTimeout(() => { this.#draw(); }, drawEveryMs); }));
  }

  get onDidChangeTreeData(): vscode.Event<undefined> {
    return this.#changes.event;
  }

  /** Whether somebody can see it. */
  get isVisible(): boolean {
    return this.#view.visible;
  }

  getTreeItem(node: DataNode): vscode.TreeItem {
    return treeItemOf(dataLook(node, this.#known), node);
  }

  getChildren(node?: DataNode): DataNode[] {
    if (node) return [...dataChildren(node, this.#known)];
    this.#projects.restore();
    return [...dataRoots(this.#projects.all, this.#known)];
  }

  dispose(): void {
    clearTimeout(this.#drawing);
    this.#lifetime.dispose();
  }

  #draw(): void {
    clearTimeout(this.#drawing);
    this.#drawing = undefined;
    const { all } = this.#projects;
    const { jobs, evaluations } = this.#known;
    const shown = JSON.stringify([dataRoots(all, this.#known), all.map(({ path }) => [jobs.of(path).map(row => [row, jobs.uploaded(path, row.id)]), evaluations.of(path), evaluations.sets(path)])]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#changes.fire(undefined);
  }
}
