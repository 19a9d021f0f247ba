import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { JobDetail, TrainingPreset } from '../../contract/jobs.ts';
import { jobPage, type JobIntent, type JobSnapshot } from '../../contract/pages/job.ts';
import { problemOf } from '../../core/model/problem.ts';
import { hasEnded } from '../../core/model/trainingJob.ts';
import { executeCommand } from '../contributions.ts';
import { followProject, shownProject } from '../overview/shownProject.ts';
import { overviewHead } from '../overview/overviewSnapshot.ts';
import type { PageBuilder } from '../pages/page.ts';
import { Panels } from '../pages/panels.ts';
import type { Project } from '../projects/project.ts';
import type { Projects } from '../projects/projects.ts';
import { projectNode } from '../tree/node.ts';
import { jobAddress } from './jobNode.ts';
import { commandOf, curveCsv, openJob } from './jobSnapshot.ts';
import type { Jobs } from './jobs.ts';
import type { JobsOnScreen } from './jobsOnScreen.ts';

/** What pages of jobs are made with. */
export interface JobTools {
  readonly projects: Projects;
  readonly jobs: Jobs;
  readonly builder: PageBuilder;
  /** Which pages are on screen. */
  readonly looked: JobsOnScreen;
}

const addressSchema = z.object({ project: z.string(), job: z.int() });
type JobPageAddress = z.infer<typeof addressSchema>;

/** The pages of jobs, each in a tab of its own. */
export const jobPanels = (tools: JobTools): Panels<JobPageAddress> => new Panels({
  id: 'job', address: addressSchema, title: ({ project, job }) => `Job ${job} · ${overviewHead(project).name}`, fill: (panel, address) => { new JobTab(tools, address).fill(panel); },
});

/** Of a log, as much as its last lines may take. */
const tailBytes = 16 << 10;
/** A job says little between two looks; a clock on the page goes on. */
const tickMs = 5_000;

class JobTab {
  readonly #tools: JobTools;
  readonly #address: JobPageAddress;
  #presets: readonly TrainingPreset[] | undefined;
  #changed: () => void = () => undefined;

  constructor(tools: JobTools, address: JobPageAddress) {
    this.#tools = tools;
    this.#address = address;
  }

  fill(panel: vscode.WebviewPanel): void {
    const { builder, projects, jobs, looked } = this.#tools;
    const { project, job } = this.#address;
    const { connection, lifetime } = builder.fill(panel, {
      contract: jobPage, title: `Job ${job}`, address: this.#address, everyMs: 500, target: projectNode(project), snapshot: () => this.#snapshot(), fulfil: intent => this.#fulfil(intent),
    });
    this.#changed = () => { connection.changed(); };
    lifetime.add(looked.add({ project, job, isVisible: () => panel.visible }));
    lifetime.add(followProject(projects, project, change => { if (change.kind === 'state') this.#changed(); }));
    lifetime.add(jobs.onDidChange(change => { if (change.project.path === project && (change.job ?? job) === job) this.#changed(); }));
    const ticking = setInterval(() => { if (panel.visible && this.#goesOn) this.#changed(); }, tickMs);
    lifetime.add({ dispose: () => { clearInterval(ticking); } });
    void projects.forDocument(project).catch(() => undefined).then(this.#changed); // the page shows what is wrong with it
  }

  get #goesOn(): boolean {
    const row = this.#tools.jobs.one(this.#address.project, this.#address.job);
    return row !== undefined && !hasEnded(row.state);
  }

  async #snapshot(): Promise<JobSnapshot> {
    const { project: file, job } = this.#address;
    const head = { project: overviewHead(file).name, title: `Job ${job}` };
    const shown = shownProject(this.#tools.projects, file);
    if (shown.kind !== 'open') return { ...head, shown };
    const detail = await this.#detail(shown.project);
    if (!detail) return { ...head, shown: { kind: 'missing' } };
    const from = Math.max(0, detail.logBytes - tailBytes);
    const [{ text }, presets] = await Promise.all([shown.project.call('jobLog', { job, from, most: tailBytes }), this.#presetsOf(shown.project)]);
    return { ...head, shown: openJob({ detail, presets, log: { text, whole: from === 0 }, uploaded: this.#tools.jobs.uploaded(file, job), nowMs: Date.now() }) };
  }

  async #presetsOf(project: Project): Promise<readonly TrainingPreset[]> {
    this.#presets ??= (await project.call('trainingPresets', {})).presets;
    return this.#presets;
  }

  async #detail(project: Project): Promise<JobDetail | undefined> {
    try {
      return await project.call('jobDetail', { job: this.#address.job });
    } catch (thrown) {
      if (problemOf(thrown).code === 'job-not-found') return undefined;
      throw thrown;
    }
  }

  async #fulfil(intent: JobIntent): Promise<void> {
    const { project: file, job } = this.#address;
    if (intent.kind === 'reopen') {
      await this.#tools.projects.open(file, 'open');
      return;
    }
    if (intent.kind === 'wish') {
      const command = commandOf(intent.wish);
      if (command !== undefined) await executeCommand(command, jobAddress(file, job));
      return;
    }
    const shown = shownProject(this.#tools.projects, file);
    const detail = shown.kind === 'open' ? await this.#detail(shown.project) : undefined;
    if (!detail) return;
    if (intent.kind === 'copy') await vscode.env.clipboard.writeText(intent.what === 'curve' ? curveCsv(detail) : detail.command);
    else {
      const path = detail.files[intent.file]?.path;
      if (path !== undefined) await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(path));
    }
  }
}
