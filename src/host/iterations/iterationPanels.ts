import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { IterationsReport } from '../../contract/iterations.ts';
import { iterationsPage, type IterationsIntent, type IterationsSnapshot } from '../../contract/pages/iterations.ts';
import { ProblemError, problemOf } from '../../core/model/problem.ts';
import { executeCommand } from '../contributions.ts';
import { evaluationAddress } from '../evaluation/evaluationNode.ts';
import type { Evaluations } from '../evaluation/evaluations.ts';
import { jobAddress } from '../jobs/jobNode.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { overviewHead } from '../overview/overviewSnapshot.ts';
import { followProject, shownProject } from '../overview/shownProject.ts';
import type { PageBuilder } from '../pages/page.ts';
import { Panels } from '../pages/panels.ts';
import type { Project } from '../projects/project.ts';
import type { Projects } from '../projects/projects.ts';
import { projectNode } from '../tree/node.ts';
import { iterationsCsv, openIterations, wishCommands } from './iterationSnapshot.ts';

/** What the pages are made with. */
export interface IterationTools {
  readonly projects: Projects;
  readonly jobs: Jobs;
  readonly evaluations: Evaluations;
  readonly builder: PageBuilder;
}

const addressSchema = z.object({ project: z.string() });
type Address = z.infer<typeof addressSchema>;

/** The tabs that show what each round of generating and training came to, one for each project. */
export const iterationPanels = (tools: IterationTools): Panels<Address> => new Panels({
  id: 'iterations', address: addressSchema, title: ({ project }) => `Iterations · ${overviewHead(project).name}`, fill: (panel, { project }) => { new IterationTab(tools, project).fill(panel); },
});

class IterationTab {
  readonly #tools: IterationTools;
  readonly #file: string;
  #report: IterationsReport | undefined;
  #problem: ProblemError | undefined;
  /** What is shown is to be asked for again. */
  #stale = true;
  #asking = false;
  #changed: () => void = () => undefined;

  constructor(tools: IterationTools, file: string) {
    this.#tools = tools;
    this.#file = file;
  }

  fill(panel: vscode.WebviewPanel): void {
    const { builder, projects, jobs, evaluations } = this.#tools;
    const { connection, lifetime } = builder.fill(panel, {
      contract: iterationsPage, title: panel.title, address: { project: this.#file } satisfies Address, everyMs: 500, target: projectNode(this.#file), snapshot: () => this.#snapshot(), fulfil: intent => this.#fulfil(intent),
    });
    this.#changed = () => { connection.changed(); };
    const again = () => {
      this.#stale = true;
      this.#changed();
    };
    // what a run that goes on comes to is counted when it has ended
    lifetime.add(followProject(projects, this.#file, ({ kind }) => { if (kind === 'state' || (kind === 'tasks' && projects.find(this.#file)?.running === false)) again(); }));
    lifetime.add(jobs.onDidChange(({ project, job }) => { if (project.path === this.#file && (job === undefined || jobs.one(this.#file, job)?.state === 'succeeded')) again(); }));
    lifetime.add(evaluations.onDidChange(({ project, evaluation, ended }) => { if (project.path === this.#file && (evaluation === undefined || ended === true)) again(); }));
    void projects.forDocument(this.#file).then(again, this.#changed); // the page shows what is wrong with it
  }

  async #snapshot(): Promise<IterationsSnapshot> {
    const { name } = overviewHead(this.#file);
    const shown = shownProject(this.#tools.projects, this.#file);
    if (shown.kind !== 'open') return { name, shown };
    if (this.#stale && !this.#asking) void this.#ask(shown.project);
    if (this.#problem) throw this.#problem;
    if (!this.#report) return { name, shown: { kind: 'counting' } };
    return { name, shown: openIterations(this.#report, this.#tools.jobs.of(this.#file).some(({ state }) => state === 'succeeded')) };
  }

  /** What is there is shown while it is counted anew, which takes seconds for many tasks. */
  async #ask(project: Project): Promise<void> {
    this.#asking = true;
    this.#stale = false;
    try {
      this.#report = await project.call('iterations', {});
      this.#problem = undefined;
    } catch (thrown) {
      this.#problem = new ProblemError(problemOf(thrown));
    }
    this.#asking = false;
    this.#changed();
  }

  async #fulfil(intent: IterationsIntent): Promise<void> {
    switch (intent.kind) {
      case 'wish': await executeCommand(wishCommands[intent.wish], projectNode(this.#file)); break;
      case 'show-job': await executeCommand('regenesis.job.show', jobAddress(this.#file, intent.job)); break;
      case 'show-evaluation': await executeCommand('regenesis.evaluation.show', evaluationAddress(this.#file, intent.evaluation)); break;
      case 'copy': await vscode.env.clipboard.writeText(this.#report ? iterationsCsv(this.#report) : ''); break;
      case 'refresh':
        this.#stale = true;
        this.#changed();
        break;
      case 'reopen': await this.#tools.projects.open(this.#file, 'open');
    }
  }
}
