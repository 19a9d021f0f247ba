import * as vscode from 'vscode';
import type { OverviewReport } from '../../contract/overview.ts';
import { overviewPage, type OverviewIntent, type OverviewSnapshot } from '../../contract/pages/overview.ts';
import type { StatusReport } from '../../contract/reports.ts';
import type { ListAddress } from '../../contract/pages/list.ts';
import { executeCommand } from '../contributions.ts';
import { evaluationAddress } from '../evaluation/evaluationNode.ts';
import type { Evaluations } from '../evaluation/evaluations.ts';
import { jobAddress } from '../jobs/jobNode.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { customEditors, isCommand } from '../manifest.ts';
import type { Audits } from '../overview/audits.ts';
import { listBehind } from '../overview/lists.ts';
import { openOverview, overviewHead, type OverviewFacts } from '../overview/overviewSnapshot.ts';
import { overviewCsv } from '../overview/overviewTables.ts';
import { followProject, shownProject, type ShownProject } from '../overview/shownProject.ts';
import type { PageBuilder } from '../pages/page.ts';
import type { Panels } from '../pages/panels.ts';
import { shortProgress } from '../runs/runWords.ts';
import { machineWords } from '../servers/place.ts';
import { callingMachine } from '../servers/serverTree.ts';
import { projectNode } from '../tree/node.ts';
import type { Project, ProjectChange } from './project.ts';
import type { Projects } from './projects.ts';

/** What the editor of a project file works with. */
export interface ProjectEditorTools {
  readonly projects: Projects;
  readonly builder: PageBuilder;
  readonly audits: Audits;
  readonly jobs: Jobs;
  readonly evaluations: Evaluations;
  readonly lists: Panels<ListAddress>;
}

/** A project file opens as its overview. Nothing on it is edited in place, so that there is nothing to save. */
export const projectEditor = (tools: ProjectEditorTools): Pick<vscode.CustomReadonlyEditorProvider, 'resolveCustomEditor'> => ({
  resolveCustomEditor: ({ uri }, panel) => { new OverviewTab(tools, uri.fsPath).fill(panel); },
});

/** Brings the overview of a project to the front. */
export const showOverview = (file: string): Thenable<unknown> => vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(file), customEditors.project);

class OverviewTab {
  readonly #tools: ProjectEditorTools;
  readonly #file: string;
  /** What the engine said last; asked for again once tasks have changed. */
  #report: OverviewReport | undefined;
  #changed: () => void = () => undefined;

  constructor(tools: ProjectEditorTools, file: string) {
    this.#tools = tools;
    this.#file = file;
  }

  fill(panel: vscode.WebviewPanel): void {
    const { builder, projects, audits, jobs, evaluations } = this.#tools;
    const { connection, lifetime } = builder.fill(panel, {
      contract: overviewPage, title: overviewHead(this.#file).name, everyMs: 250, target: projectNode(this.#file),
      snapshot: () => this.#snapshot(), fulfil: intent => this.#fulfil(intent),
    });
    this.#changed = () => { connection.changed(); };
    lifetime.add(followProject(projects, this.#file, change => { this.#note(change); }));
    for (const { onDidChange } of [jobs, evaluations]) lifetime.add(onDidChange(({ project }) => { if (project.path === this.#file) this.#changed(); }));
    lifetime.add(audits.onDidChange(file => { if (file === this.#file) this.#changed(); }));
    void projects.open(this.#file, 'open').catch(() => undefined).then(this.#changed); // the page shows what is wrong with it
  }

  #note(change: ProjectChange): void {
    if (change.kind !== 'progress') this.#report = undefined;
    this.#changed();
  }

  async #snapshot(): Promise<OverviewSnapshot> {
    const head = overviewHead(this.#file);
    const shown = shownProject(this.#tools.projects, this.#file);
    switch (shown.kind) {
      case 'open': return { ...head, shown: openOverview(await this.#facts(shown.project, shown.status)) };
      case 'failed': {
        const progress = this.#tools.projects.find(this.#file)?.progress;
        return { ...head, shown: { ...shown, run: progress ? shortProgress(progress) : null } };
      }
      default: return { ...head, shown };
    }
  }

  async #facts(project: Project, status: StatusReport): Promise<OverviewFacts> {
    const report = this.#report ?? await project.call('overview', {});
    this.#report = report;
    const { running, progress } = project;
    return { status: project.status ?? status, report, running, progress, audit: this.#tools.audits.of(this.#file), jobs: this.#tools.jobs.of(this.#file), evaluations: this.#tools.evaluations.of(this.#file), machine: machineWords(callingMachine()) };
  }

  async #fulfil(intent: OverviewIntent): Promise<void> {
    const { projects } = this.#tools;
    if (intent.kind === 'reopen') {
      await projects.open(this.#file, 'open');
      return;
    }
    if (intent.kind === 'command') {
      if (isCommand(intent.command)) await executeCommand(intent.command, this.#targetOf(intent));
      return;
    }
    const shown = shownProject(projects, this.#file);
    if (shown.kind === 'open') await this.#act(shown, intent);
  }

  #targetOf({ sample, job, evaluation }: Extract<OverviewIntent, { kind: 'command' }>): unknown {
    if (job !== undefined) return jobAddress(this.#file, job);
    if (evaluation !== undefined) return evaluationAddress(this.#file, evaluation);
    return sample === undefined ? projectNode(this.#file) : { project: this.#file, sample };
  }

  async #act({ project, status }: Extract<ShownProject, { kind: 'open' }>, intent: Exclude<OverviewIntent, { kind: 'reopen' | 'command' }>): Promise<void> {
    const { audits, lists } = this.#tools;
    switch (intent.kind) {
      case 'list': lists.show({ project: this.#file, ...listBehind(intent.figure, id => this.#report?.guidelines.find(each => each.id === id)?.title ?? id) }); break;
      case 'filter': await executeCommand('regenesis.tasks.filter', { split: 'train', passRate: intent.passRate }); break;
      case 'audit': await (intent.wish === 'start' ? audits.start(project) : audits.cancel(project)); break;
      case 'copy': await vscode.env.clipboard.writeText(overviewCsv(intent.table, openOverview(await this.#facts(project, status))));
    }
  }
}
