import * as vscode from 'vscode';
import { problemOf } from '../../core/model/problem.ts';
import { Lifetime } from '../lifetime.ts';
import type { Project } from '../projects/project.ts';
import { jobName } from './jobWords.ts';
import type { Jobs } from './jobs.ts';
import { LogFollower } from './logFollower.ts';

/** Channels that are kept; the one that was opened first goes. */
const mostChannels = 10;

interface OpenLog {
  readonly channel: vscode.OutputChannel;
  readonly follower: LogFollower;
}

/** The logs of jobs that somebody has opened, each in an output channel that goes on. */
export class JobLogs implements vscode.Disposable {
  readonly #jobs: Jobs;
  readonly #log: vscode.LogOutputChannel;
  readonly #lifetime = new Lifetime();
  readonly #open = new Map<string, OpenLog>();

  constructor(options: { readonly jobs: Jobs; readonly log: vscode.LogOutputChannel }) {
    this.#jobs = options.jobs;
    this.#log = options.log;
    this.#lifetime.add(options.jobs.onDidChange(({ project, job }) => {
      for (const [key, { follower }] of this.#open) if (job === undefined ? key.startsWith(keyOf(project.path, '')) : key === keyOf(project.path, job)) this.#look(follower);
    }));
  }

  /** Shows the log of a job, from its end on. Resolves when that is read. */
  async show(project: Project, job: number): Promise<void> {
    const key = keyOf(project.path, job);
    const known = this.#open.get(key);
    const { channel, follower } = known ?? this.#begin(project, job);
    if (!known) this.#open.set(key, { channel, follower });
    channel.show(true);
    await follower.look();
  }

  dispose(): void {
    this.#lifetime.dispose();
    for (const { channel } of this.#open.values()) channel.dispose();
    this.#open.clear();
  }

  #begin(project: Project, job: number): OpenLog {
    const oldest = this.#open.size >= mostChannels ? this.#open.entries().next().value : undefined;
    if (oldest) {
      this.#open.delete(oldest[0]);
      oldest[1].channel.dispose();
    }
    const row = this.#jobs.one(project.path, job);
    const channel = vscode.window.createOutputChannel(row ? jobName(row) : `Job ${job} · ${project.name}`);
    const follower = new LogFollower({
      read: (from, most) => project.call('jobLog', { job, from, most }),
      append: text => { channel.append(text); }, replace: text => { channel.replace(text); },
    });
    return { channel, follower };
  }

  #look(follower: LogFollower): void {
    follower.look().catch((thrown: unknown) => { this.#log.warn(`the log of a job: ${problemOf(thrown).message}`); });
  }
}

const keyOf = (project: string, job: number | ''): string => `${project}|${job}`;
