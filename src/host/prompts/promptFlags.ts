import * as vscode from 'vscode';
import { problemOf } from '../../core/model/problem.ts';
import { executeCommand, titleOf } from '../contributions.ts';
import { Lifetime } from '../lifetime.ts';
import type { CommandId } from '../manifest.ts';
import type { Notify } from '../notify.ts';
import type { Projects } from '../projects/projects.ts';
import type { ShippedChange } from './ownPrompts.ts';
import { allHomes, promptTarget } from './promptHomes.ts';
import type { ShippedPrompts } from './shippedPrompts.ts';

/** What is flagged, and where that is said. */
export interface PromptFlagsOptions {
  readonly projects: Projects;
  readonly shipped: ShippedPrompts;
  readonly notify: Notify;
  readonly log: vscode.LogOutputChannel;
}

const ownFiles = '**/.regenesis/prompts/**';
const flagCode = 'shipped-changed';

/** What can be done about a flag. */
const waysOf = (kind: ShippedChange['kind']): readonly CommandId[] => [...(kind === 'changed' ? ['regenesis.prompt.compare'] as const : []), 'regenesis.prompt.markSeen'];

const wordsOf = ({ path, kind }: ShippedChange): string => (kind === 'changed'
  ? `The shipped ${path} is another than the one that your copy was made from.`
  : `Nothing ships as ${path} any more. Your copy is used only where a recipe still names it.`);

/** Copies of which the shipped prompt has changed since: a line in the Problems panel each, and a message when one comes to the front, until somebody says that it was seen. */
export class PromptFlags implements vscode.Disposable {
  readonly #options: PromptFlagsOptions;
  readonly #lifetime = new Lifetime();
  readonly #diagnostics: vscode.DiagnosticCollection;
  /** By the address of the file. */
  #flags: ReadonlyMap<string, ShippedChange> = new Map();
  readonly #told = new Set<string>();
  #looking = Promise.resolve();

  constructor(options: PromptFlagsOptions) {
    this.#options = options;
    const add = this.#lifetime.add.bind(this.#lifetime);
    this.#diagnostics = add(vscode.languages.createDiagnosticCollection('ReGenesis prompts'));
    const files = add(vscode.workspace.createFileSystemWatcher(ownFiles));
    const again = () => { void this.refresh(); };
    for (const event of [files.onDidCreate, files.onDidChange, files.onDidDelete]) add(event(again));
    add(vscode.workspace.onDidChangeWorkspaceFolders(again));
    add(options.projects.onDidChange(({ project }) => { if (!project) again(); }));
    // a folder that was made with all that is in it may have been missed
    add(vscode.window.onDidChangeActiveTextEditor(editor => { if (editor && promptTarget(editor.document.uri)?.kind === 'own') again(); }));
    add(vscode.languages.registerCodeActionsProvider({ scheme: 'file', pattern: ownFiles }, { provideCodeActions: (document, _range, { diagnostics }) => [...this.#actions(document.uri, diagnostics)] }));
    again();
  }

  /** Looks again at every copy of this window, one time after the other. */
  refresh(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#look()).catch((thrown: unknown) => { this.#options.log.error(problemOf(thrown).message); });
    return this.#looking;
  }

  /** Says nothing more of a file in this window: whoever compares it knows. */
  hush(file: string): void {
    this.#told.add(vscode.Uri.file(file).toString());
  }

  dispose(): void {
    this.#lifetime.dispose();
  }

  async #look(): Promise<void> {
    const { projects, shipped } = this.#options;
    const files = await shipped.files();
    const found = await Promise.all(allHomes(projects).map(async home => {
      const changes = await home.own.changes(files).catch((thrown: unknown) => {
        this.#options.log.warn(problemOf(thrown).message);
        return [];
      });
      return changes.map(change => [vscode.Uri.file(home.own.fileOf(change.path)), change] as const);
    }));
    this.#flags = new Map(found.flat().map(([uri, change]) => [uri.toString(), change]));
    this.#diagnostics.clear();
    for (const [uri, change] of found.flat()) this.#diagnostics.set(uri, [diagnostic(change)]);
    this.#tell();
  }

  #tell(): void {
    const uri = vscode.window.activeTextEditor?.document.uri;
    const change = uri && this.#flags.get(uri.toString());
    if (!uri || !change || this.#told.has(uri.toString())) return;
    this.#told.add(uri.toString());
    this.#options.notify.tell(wordsOf(change), waysOf(change.kind).map(id => ({ title: titleOf(id), run: () => executeCommand(id, uri) })));
  }

  #actions(uri: vscode.Uri, diagnostics: readonly vscode.Diagnostic[]): readonly vscode.CodeAction[] {
    const flag = diagnostics.find(({ code }) => code === flagCode);
    const change = this.#flags.get(uri.toString());
    if (!flag || !change) return [];
    return waysOf(change.kind).map(id => {
      const action = new vscode.CodeAction(titleOf(id), vscode.CodeActionKind.QuickFix);
      action.diagnostics = [flag];
      action.command = { command: id, title: titleOf(id), arguments: [uri] };
      return action;
    });
  }
}

function diagnostic(change: ShippedChange): vscode.Diagnostic {
  const made = new vscode.Diagnostic(new vscode.Range(0, 0, 0, Number.MAX_SAFE_INTEGER), wordsOf(change), vscode.DiagnosticSeverity.Information);
  made.source = 'ReGenesis';
  made.code = flagCode;
  return made;
}
