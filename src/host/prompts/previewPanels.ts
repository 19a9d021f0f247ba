import * as vscode from 'vscode';
import { promptAddressSchema, promptPreviewPage, type PromptAddress, type PromptCost, type PromptLook, type PromptPreviewIntent, type PromptPreviewSnapshot } from '../../contract/pages/promptPreview.ts';
import type { PromptPreview } from '../../contract/prompts.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { problemOf } from '../../core/model/problem.ts';
import { evaluationPrompt } from '../../core/model/promptFile.ts';
import { pickBranch, pickTask } from '../commands/stepCommands.ts';
import { executeCommand } from '../contributions.ts';
import { Lifetime } from '../lifetime.ts';
import { followProject, shownProject } from '../overview/shownProject.ts';
import { overviewHead } from '../overview/overviewSnapshot.ts';
import type { PageBuilder } from '../pages/page.ts';
import { Panels } from '../pages/panels.ts';
import type { Project, ProjectChange } from '../projects/project.ts';
import { projectNode } from '../tree/node.ts';
import { offlineHere } from '../trust.ts';
import { problemWords } from '../wayOut.ts';
import type { Workbench } from '../workbench.ts';
import { costLines } from './costWords.ts';
import { fileName, promptsFolderOf, unsavedOf, uriOf, usersOf } from './promptPlaces.ts';
import { nodesPlace } from './selectedPlace.ts';

/** What previews are made with. */
export interface PreviewTools {
  readonly workbench: Pick<Workbench, 'projects' | 'view' | 'notify'>;
  readonly builder: PageBuilder;
  /** Tries a prompt on a sample. */
  readonly tryOn: (address: PromptAddress) => Promise<void>;
}

/** Whoever types waits no longer than this for what they typed. */
const typedMs = 150;
/** What saving costs is counted once nobody types. */
const restedMs = 600;

/** So many tasks are counted within a second or two. */
const fewTasks = 100;

/** The tabs that show prompts as they would be sent: one for each file. */
export class PreviewPanels {
  readonly panels: Panels<PromptAddress>;
  readonly #tabs = new Map<string, PreviewTab>();

  constructor(tools: PreviewTools) {
    this.panels = new Panels({
      id: 'promptPreview', address: promptAddressSchema, title: ({ file }) => `Preview ${fileName(file)}`,
      fill: (panel, address) => {
        const tab = new PreviewTab(tools, address);
        this.#tabs.set(JSON.stringify(address), tab);
        tab.fill(panel).add({ dispose: () => { this.#tabs.delete(JSON.stringify(address)); } });
      },
    });
  }

  /** Shows a prompt beside its file, for the task and branch that are selected. */
  show(address: PromptAddress): void {
    this.#tabs.get(JSON.stringify(address))?.followSelection();
    this.panels.show(address, vscode.ViewColumn.Beside);
  }
}

class PreviewTab {
  readonly #tools: PreviewTools;
  readonly #address: PromptAddress;
  #at: PromptLook = {};
  #last: PromptPreview['shown'] = null;
  #cost: PromptCost = { kind: 'none' };
  /** What saving costs is not known to the end: it is being counted, or will be once the tab is seen. */
  #isCounting = true;
  #isSeen: () => boolean = () => false;
  #counting = new AbortController();
  #timers: { readonly typed?: NodeJS.Timeout; readonly rested?: NodeJS.Timeout } = {};
  #changed: () => void = () => undefined;

  constructor(tools: PreviewTools, address: PromptAddress) {
    this.#tools = tools;
    this.#address = address;
    this.followSelection();
  }

  /** Shows what is selected in the tree; nothing else where that is nothing of this project. */
  followSelection(): void {
    const selected = nodesPlace(this.#tools.workbench.view.selection);
    if (selected?.project !== this.#address.project) return;
    const at = this.#address.file === evaluationPrompt ? withoutAbsent({ task: selected.heldOut }) : selected.at;
    if (at.task === undefined) return;
    const { stage } = this.#at;
    this.#look({ ...at, ...withoutAbsent({ stage }) });
  }

  fill(panel: vscode.WebviewPanel): Lifetime {
    const { builder, workbench: { projects } } = this.#tools;
    const { connection, lifetime } = builder.fill(panel, {
      contract: promptPreviewPage, title: panel.title, address: this.#address, target: projectNode(this.#address.project),
      snapshot: () => this.#snapshot(), fulfil: intent => this.#fulfil(intent), ready: () => { this.#touch(); },
    });
    this.#changed = () => { connection.changed(); };
    lifetime.add(followProject(projects, this.#address.project, change => { this.#follow(change); }));
    lifetime.add(this.#followFiles());
    lifetime.add(vscode.workspace.onDidGrantWorkspaceTrust(() => { this.#touch(); }));
    lifetime.add(this.#followSight(panel));
    void projects.forDocument(this.#address.project).catch(() => undefined).then(project => { // the page shows what is wrong with it
      if (project) lifetime.add(project.onEvent('evaluationChanged', ({ state }) => { if (state !== 'running') this.#touch(); }));
      this.#touch();
    });
    return lifetime;
  }

  /** Tasks that change while a run goes on are told twice a second: what saving costs would never be counted to the end if each of them began it anew. The end of the run does. */
  #follow({ kind }: ProjectChange): void {
    if (kind === 'progress') return;
    if (kind === 'tasks' && this.#tools.workbench.projects.find(this.#address.project)?.running === true) this.#changed();
    else this.#touch();
  }

  /** Nothing is counted for a tab that nobody sees, nor for one that was closed. */
  #followSight(panel: vscode.WebviewPanel): Lifetime {
    const lifetime = new Lifetime();
    this.#isSeen = () => panel.visible;
    let wasSeen = panel.visible;
    lifetime.add(panel.onDidChangeViewState(() => {
      if (panel.visible === wasSeen) return;
      wasSeen = panel.visible;
      if (!wasSeen) this.#rest();
      else if (this.#isCounting) this.#touch();
    }));
    lifetime.add({
      dispose: () => {
        this.#isSeen = () => false;
        this.#rest();
      },
    });
    return lifetime;
  }

  /** What is typed, saved, undone, or written by somebody else. */
  #followFiles(): Lifetime {
    const lifetime = new Lifetime();
    const touch = ({ uri }: { readonly uri: vscode.Uri }) => { if (usersOf(uri, [{ path: this.#address.project }])) this.#touch(); };
    lifetime.add(vscode.workspace.onDidChangeTextDocument(({ document }) => { touch(document); }));
    lifetime.add(vscode.workspace.onDidSaveTextDocument(touch));
    lifetime.add(vscode.workspace.onDidCloseTextDocument(touch));
    const folder = promptsFolderOf(this.#address.project);
    if (folder === undefined) return lifetime;
    const watcher = lifetime.add(vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.file(folder), '**/*')));
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) lifetime.add(event(uri => { touch({ uri }); }));
    return lifetime;
  }

  /** Something is another: the prompt is shown anew soon, and what saving costs is counted when nothing has changed for a while. */
  #touch(): void {
    this.#rest();
    this.#isCounting = true;
    if (!this.#isSeen()) return;
    this.#timers = { typed: setTimeout(this.#changed, typedMs), rested: setTimeout(() => { void this.#count(); }, restedMs) };
  }

  #rest(): void {
    clearTimeout(this.#timers.typed);
    clearTimeout(this.#timers.rested);
    this.#counting.abort();
  }

  async #count(): Promise<void> {
    const shown = shownProject(this.#tools.workbench.projects, this.#address.project);
    if (shown.kind !== 'open') return;
    const { project } = shown;
    const counting = new AbortController();
    this.#counting = counting;
    // many tasks take a while: what a few of them say is shown first
    if (shown.status.tasks.trainable > fewTasks) await this.#show(costOf(project, { signal: counting.signal, most: fewTasks }), { counting, isLast: false });
    await this.#show(costOf(project, { signal: counting.signal }), { counting, isLast: true });
  }

  async #show(counted: Promise<PromptCost>, { counting: { signal }, isLast }: { readonly counting: AbortController; readonly isLast: boolean }): Promise<void> {
    const cost = await counted.catch((thrown: unknown): PromptCost => ({ kind: 'failed', words: problemWords(problemOf(thrown)) }));
    if (signal.aborted) return; // something has changed meanwhile, and is counted anew
    this.#cost = cost;
    this.#isCounting = !isLast;
    this.#changed();
  }

  async #snapshot(): Promise<PromptPreviewSnapshot> {
    const { project: path, file } = this.#address;
    const head = { name: overviewHead(path).name, file };
    const shown = shownProject(this.#tools.workbench.projects, path);
    if (shown.kind !== 'open') return { ...head, shown };
    const overlay = unsavedOf(shown.project);
    const preview = await shown.project.call('previewPrompt', { overlay, file, ...withoutAbsent(this.#at), ...offlineHere() });
    const last = preview.shown ? null : this.#last;
    this.#last = preview.shown ?? this.#last;
    return { ...head, shown: { kind: 'preview', preview, last, cost: this.#cost, counting: this.#isCounting, unsaved: Object.keys(overlay).length > 0 } };
  }

  async #fulfil(intent: PromptPreviewIntent): Promise<void> {
    const { workbench: { projects }, tryOn } = this.#tools;
    const project = projects.find(this.#address.project);
    if (intent.kind === 'reopen' || !project) {
      await projects.open(this.#address.project, 'open');
      return;
    }
    switch (intent.kind) {
      case 'look': this.#look(withoutAbsent(intent.at)); break;
      case 'pick': await this.#pick(project, intent.what); break;
      case 'reveal': await this.#reveal(intent); break;
      case 'try': await tryOn(this.#address); break;
      case 'evaluate': await executeCommand('regenesis.evaluation.start', projectNode(project.path));
    }
  }

  #look(at: PromptLook): void {
    this.#at = at;
    this.#changed();
  }

  async #pick(project: Project, what: 'task' | 'branch'): Promise<void> {
    const picks = new Lifetime();
    try {
      if (what === 'task') {
        const task = await pickTask(this.#tools.workbench, project, { title: 'Preview Prompt', picks, ...(this.#last?.stage === 'evaluate' ? { split: 'held-out' } : {}) });
        if (task !== undefined) this.#look({ ...this.#at, task });
        return;
      }
      const task = this.#last?.task.id ?? this.#at.task;
      const branch = task === undefined ? undefined : await pickBranch(project, task, 'Preview Prompt');
      if (branch) this.#look({ ...this.#at, ...branch });
    } finally {
      picks.dispose();
    }
  }

  async #reveal({ file, line, column }: Extract<PromptPreviewIntent, { kind: 'reveal' }>): Promise<void> {
    const at = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
    await vscode.window.showTextDocument(uriOf({ ...this.#address, file }), { viewColumn: vscode.ViewColumn.One, selection: new vscode.Range(at, at) });
  }
}

async function costOf(project: Project, { signal, most }: { readonly signal: AbortSignal; readonly most?: number }): Promise<PromptCost> {
  signal.throwIfAborted();
  const overlay = unsavedOf(project);
  const staleness = await project.call('promptStaleness', { overlay, ...withoutAbsent({ most }), ...offlineHere() }, signal);
  return { kind: 'known', lines: costLines(staleness, project.status, Object.keys(overlay).length > 0) };
}
