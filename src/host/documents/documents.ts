import * as vscode from 'vscode';
import { problemOf } from '../../core/model/problem.ts';
import { setContext } from '../contributions.ts';
import { Lifetime } from '../lifetime.ts';
import { documentScheme } from '../manifest.ts';
import type { Projects } from '../projects/projects.ts';
import { problemWords } from '../wayOut.ts';
import { addressParts, readAddress, type DocumentAddress } from './address.ts';

/** Read-only documents of what the stages gave. Their text is asked for when they are shown, and again when their task changes. */
export class Documents implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #projects: Projects;
  readonly #lifetime = new Lifetime();
  readonly #changes: vscode.EventEmitter<vscode.Uri>;

  constructor(projects: Projects) {
    this.#projects = projects;
    this.#changes = this.#lifetime.add(new vscode.EventEmitter());
    this.#lifetime.add(vscode.workspace.registerTextDocumentContentProvider(documentScheme, this));
    this.#lifetime.add(projects.onDidChange(({ project, change }) => {
      if (project && change.kind === 'tasks') this.#retell(address => address.project === project.path && (change.all || change.tasks.has(address.task)));
    }));
  }

  get onDidChange(): vscode.Event<vscode.Uri> {
    return this.#changes.event;
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const address = readAddress(uri.query);
    if (!address) return 'This address names nothing that is known.\n';
    try {
      const project = await this.#projects.forDocument(address.project);
      if (!project) return `Open the project to see this: ${address.project}\n`;
      const [{ task, path, evaluated }, { documentText, evaluatedText, plainText }] = [address, await import('./texts.ts')];
      if (evaluated) return evaluatedText(await project.call('evaluatedTask', { id: evaluated.evaluation, task }), evaluated.model);
      return path === undefined ? documentText(await project.report(task), address) : plainText(await project.call('reviewItem', { task, path }), address.shown);
    } catch (thrown) {
      return `${problemWords(problemOf(thrown))}\n`;
    }
  }

  /** Opens a document of a task. `title`: words for its tab. */
  async show(address: DocumentAddress, title: readonly string[]): Promise<void> {
    await this.#open(vscode.Uri.from(addressParts(address, title)));
    setContext('regenesis.has.look', true);
  }

  dispose(): void {
    this.#lifetime.dispose();
  }

  async #open(uri: vscode.Uri): Promise<void> {
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: true });
  }

  #retell(concerns: (address: DocumentAddress) => boolean): void {
    for (const { uri } of vscode.workspace.textDocuments) {
      const address = uri.scheme === documentScheme ? readAddress(uri.query) : undefined;
      if (address && concerns(address)) this.#changes.fire(uri);
    }
  }
}
