import * as vscode from 'vscode';
import { Lifetime } from '../lifetime.ts';
import { views } from '../manifest.ts';
import type { Projects } from '../projects/projects.ts';
import { treeItemOf } from '../tree/treeItem.ts';
import { dataChildren, dataLook, dataRoots, type DataNode } from './dataLook.ts';

/** The data sets of the open projects, with split and counts. */
export class DataView implements vscode.TreeDataProvider<DataNode>, vscode.Disposable {
  readonly #projects: Projects;
  readonly #lifetime = new Lifetime();
  readonly #changes: vscode.EventEmitter<undefined>;
  /** What is shown: a run changes tasks all the time, and data sets never. */
  #shown = '';

  constructor(projects: Projects) {
    this.#projects = projects;
    this.#changes = this.#lifetime.add(new vscode.EventEmitter());
    this.#lifetime.add(vscode.window.createTreeView(views.data, { treeDataProvider: this }));
    this.#lifetime.add(projects.onDidChange(() => { this.#draw(); }));
  }

  get onDidChangeTreeData(): vscode.Event<undefined> {
    return this.#changes.event;
  }

  getTreeItem(node: DataNode): vscode.TreeItem {
    return treeItemOf(dataLook(node), node);
  }

  getChildren(node?: DataNode): DataNode[] {
    if (node) return [...dataChildren(node)];
    this.#projects.restore();
    return [...dataRoots(this.#projects.all)];
  }

  dispose(): void {
    this.#lifetime.dispose();
  }

  #draw(): void {
    const shown = JSON.stringify(dataRoots(this.#projects.all));
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#changes.fire(undefined);
  }
}
