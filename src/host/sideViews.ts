// The views beside the tasks, and what is told of jobs and of prompts. Loaded right after the start: a window shows its tasks before it has read them.
import type * as vscode from 'vscode';
import { DataView } from './data/dataView.ts';
import { evaluationNews } from './evaluation/evaluationNews.ts';
import { Evaluations } from './evaluation/evaluations.ts';
import { JobNews } from './jobs/jobNews.ts';
import type { Jobs } from './jobs/jobs.ts';
import type { JobsOnScreen } from './jobs/jobsOnScreen.ts';
import { Lifetime, type Disposable } from './lifetime.ts';
import type { Notify } from './notify.ts';
import { PromptFlags } from './prompts/promptFlags.ts';
import type { ShippedPrompts } from './prompts/shippedPrompts.ts';
import type { Projects } from './projects/projects.ts';
import { RunsView } from './runs/runsView.ts';

/** What these views show. */
export interface SideViewsOptions {
  readonly projects: Projects;
  readonly jobs: Jobs;
  readonly jobsOnScreen: JobsOnScreen;
  readonly shipped: ShippedPrompts;
  readonly notify: Notify;
  readonly log: vscode.LogOutputChannel;
  /** Of the workspace. */
  readonly memory: Pick<vscode.Memento, 'get' | 'update'>;
}

/** The views of runs, and of data and jobs, the evaluations that they show, and the flags of prompts. */
export interface SideViews extends Disposable {
  readonly runs: RunsView;
  readonly evaluations: Evaluations;
  readonly promptFlags: PromptFlags;
}

/** Registers the views; the caller disposes them. */
export function sideViewsOf({ projects, jobs, jobsOnScreen, shipped, notify, log, memory }: SideViewsOptions): SideViews {
  const lifetime = new Lifetime();
  const runs = lifetime.add(new RunsView(projects));
  const evaluations = lifetime.add(new Evaluations({ projects, log }));
  const data = lifetime.add(new DataView({ projects, jobs, evaluations }));
  lifetime.add(new JobNews({ projects, jobs, notify, memory, isSeen: (project, job) => data.isVisible || jobsOnScreen.has(project, job) }));
  lifetime.add(evaluationNews({ evaluations, notify, isSeen: () => data.isVisible }));
  const promptFlags = lifetime.add(new PromptFlags({ projects, shipped, notify, log }));
  return { runs, evaluations, promptFlags, dispose: () => { lifetime.dispose(); } };
}
