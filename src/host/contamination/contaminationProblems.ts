import * as vscode from 'vscode';
import { counted, thousands } from '../../client/words.ts';
import type { ContaminationReport } from '../../contract/contamination.ts';
import { problemOf } from '../../core/model/problem.ts';
import { titleOf } from '../contributions.ts';
import { addressParts, readAddress } from '../documents/address.ts';
import { Lifetime } from '../lifetime.ts';
import { documentScheme, type CommandId } from '../manifest.ts';
import type { Project } from '../projects/project.ts';
import type { Projects } from '../projects/projects.ts';
import { oneLine } from '../words.ts';
import { contaminatedTasks, pairOf, taskWords, withdrawnAmong, type ContaminatedTask } from './contaminated.ts';

/** More are counted: nobody reads them one by one. */
const mostShown = 1_000;
const source = 'ReGenesis contamination';
/** The line of a task's document where its question begins. */
const questionLine = 6;

interface Shown {
  readonly report: ContaminationReport;
  /** Its train tasks. */
  readonly found: ReadonlySet<string>;
  /** Those of them that were kept away from training when it was drawn. */
  withdrawn: ReadonlySet<string> | undefined;
  tasks: readonly ContaminatedTask[];
  addresses: readonly vscode.Uri[];
}

/** Train tasks that stand in evaluation sets, in the Problems panel at their read-only documents, until they are kept away from training or looked for anew. */
export class ContaminationProblems implements vscode.Disposable {
  readonly #lifetime = new Lifetime();
  readonly #diagnostics: vscode.DiagnosticCollection;
  /** By the path of the project. */
  readonly #shown = new Map<string, Shown>();
  readonly #log: vscode.LogOutputChannel;

  constructor({ projects, log }: { readonly projects: Projects; readonly log: vscode.LogOutputChannel }) {
    this.#log = log;
    this.#diagnostics = this.#lifetime.add(vscode.languages.createDiagnosticCollection('ReGenesis contamination'));
    this.#lifetime.add(projects.onDidChange(({ project, change }) => {
      if (!project) this.#forgetClosed(projects);
      else if (change.kind === 'tasks') this.#follow(project, change).catch((thrown: unknown) => { this.#log.warn(problemOf(thrown).message); });
    }));
    this.#lifetime.add(vscode.languages.registerCodeActionsProvider({ scheme: documentScheme }, { provideCodeActions: (document, _range, { diagnostics }) => this.#actions(document.uri, diagnostics) }));
  }

  /** Shows what was found of a project in place of what was shown of it. @returns the tasks that still train */
  async show(project: Project, report: ContaminationReport): Promise<readonly ContaminatedTask[]> {
    this.#clear(project.path);
    const shown: Shown = { report, found: new Set(report.pairs.map(({ train }) => train)), withdrawn: undefined, tasks: [], addresses: [] };
    this.#shown.set(project.path, shown);
    await this.#draw(project, shown);
    return shown.tasks;
  }

  dispose(): void {
    this.#lifetime.dispose();
  }

  /** What is kept away from training meanwhile, here or elsewhere, is no problem any more; what trains again is one again. */
  async #follow(project: Project, { tasks, all }: { readonly tasks: ReadonlySet<string>; readonly all: boolean }): Promise<void> {
    const shown = this.#shown.get(project.path);
    if (shown && (all || [...tasks].some(task => shown.found.has(task)))) await this.#draw(project, shown);
  }

  async #draw(project: Project, shown: Shown): Promise<void> {
    const { path } = project;
    const withdrawn = withdrawnAmong(shown.found, await project.call('withdrawnTasks', {}));
    if (this.#shown.get(path) !== shown) return; // something else was found meanwhile
    const before = shown.withdrawn;
    if (before?.size === withdrawn.size && [...withdrawn].every(task => before.has(task))) return; // a run changes tasks all the time, and nothing of this
    shown.withdrawn = withdrawn;
    shown.tasks = contaminatedTasks(shown.report, withdrawn);
    const made = shown.tasks.slice(0, mostShown).map(each => [documentOf(path, each.task), [diagnosticOf(path, each, shown.report)]] as const);
    const more = shown.tasks.length - made.length;
    const rest = more === 0 ? [] : [[vscode.Uri.file(path), [diagnostic(`${counted(more, 'more train task')} of this project ${more === 1 ? 'stands' : 'stand'} in held-out data.`, 0)]] as const];
    this.#diagnostics.set([...shown.addresses.map(address => [address, undefined] as const), ...made, ...rest].map(([address, diagnostics]) => [address, diagnostics]));
    shown.addresses = [...made, ...rest].map(([address]) => address);
  }

  #actions(uri: vscode.Uri, diagnostics: readonly vscode.Diagnostic[]): vscode.CodeAction[] {
    const found = diagnostics.find(each => each.source === source);
    const address = readAddress(uri.query);
    const tasks = this.#shown.get(address?.project ?? '')?.tasks ?? [];
    const own = tasks.find(({ task }) => task === address?.task);
    if (!found || !address || !own) return [];
    const pair = pairOf(own, tasks);
    const action = (title: string, command: CommandId, ids: readonly string[]) => {
      const made = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
      made.diagnostics = [found];
      made.command = { command, title, arguments: [{ project: address.project, tasks: ids }] };
      return made;
    };
    const [hold, leave] = ['regenesis.tasks.holdOut', 'regenesis.tasks.leaveOut'] as const;
    const both = (ids: readonly string[], what: string) => [hold, leave].map(command => action(`${titleOf(command)}${what}`, command, ids));
    const all = pair && pair.tasks.length > 1 ? both(pair.tasks, `: All ${thousands(pair.tasks.length)} Tasks of ${oneLine(pair.train)} in ${oneLine(pair.evaluation)}`) : [];
    return [...both([own.task], ''), ...all];
  }

  #forgetClosed(projects: Projects): void {
    for (const path of this.#shown.keys()) if (!projects.find(path)) this.#clear(path);
  }

  #clear(path: string): void {
    for (const address of this.#shown.get(path)?.addresses ?? []) this.#diagnostics.delete(address);
    this.#shown.delete(path);
  }
}

const documentOf = (project: string, task: string): vscode.Uri => vscode.Uri.from(addressParts({ project, task, shown: 'task' }, [task]));

function diagnosticOf(project: string, contaminated: ContaminatedTask, { thresholds }: ContaminationReport): vscode.Diagnostic {
  const made = diagnostic(taskWords(contaminated, thresholds), questionLine);
  made.relatedInformation = contaminated.matches.slice(0, 3).map(({ evaluation, evaluationSet }) =>
    new vscode.DiagnosticRelatedInformation(new vscode.Location(documentOf(project, evaluation), lineRange(questionLine)), `the held-out task of ${oneLine(evaluationSet)}`));
  return made;
}

function diagnostic(message: string, line: number): vscode.Diagnostic {
  const made = new vscode.Diagnostic(lineRange(line), message, vscode.DiagnosticSeverity.Warning);
  made.source = source;
  return made;
}

const lineRange = (line: number): vscode.Range => new vscode.Range(line, 0, line, Number.MAX_SAFE_INTEGER);
