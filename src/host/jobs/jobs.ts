import * as vscode from 'vscode';
import type { JobRow } from '../../contract/jobs.ts';
import { problemOf } from '../../core/model/problem.ts';
import { hasEnded } from '../../core/model/trainingJob.ts';
import { Lifetime } from '../lifetime.ts';
import type { Project } from '../projects/project.ts';
import type { Projects } from '../projects/projects.ts';
import type { ServerKeys } from '../servers/keys.ts';

/** What jobs are followed with. */
export interface JobsOptions {
  readonly projects: Projects;
  /** Keys of targets are kept by their origin, as those of servers are. */
  readonly keys: Pick<ServerKeys, 'get'>;
  /** A key has come, or gone. */
  readonly onKeys: vscode.Event<unknown>;
  readonly log: vscode.LogOutputChannel;
}

/** Jobs of one project have changed. */
export interface JobsChange {
  readonly project: Project;
  /** The job; absent where all of them were read. */
  readonly job?: number;
}

interface ProjectJobs {
  readonly lifetime: Lifetime;
  readonly rows: Map<number, JobRow>;
  /** How much is sent of jobs that are on their way, 0 to 1. */
  readonly uploaded: Map<number, number>;
  /** All of them were read once. */
  read: boolean;
}

/** The jobs of the open projects, as they are now: an engine is asked when its project is opened, and says from then on what changes. */
export class Jobs implements vscode.Disposable {
  readonly #options: JobsOptions;
  readonly #projects = new Map<Project, ProjectJobs>();
  readonly #lifetime = new Lifetime();
  readonly #changes: vscode.EventEmitter<JobsChange>;

  constructor(options: JobsOptions) {
    this.#options = options;
    this.#changes = this.#lifetime.add(new vscode.EventEmitter());
    this.#lifetime.add(options.projects.onDidChange(({ project, change }) => {
      if (project && change.kind === 'state') this.#note(project);
      else if (!project) this.#forgetClosed();
    }));
    this.#lifetime.add(options.onKeys(() => { for (const project of options.projects.all) void this.follow(project); }));
  }

  get onDidChange(): vscode.Event<JobsChange> {
    return this.#changes.event;
  }

  /** Newest first. */
  of(project: string): readonly JobRow[] {
    const known = this.#of(project);
    return known ? [...known.rows.values()].sort((a, b) => b.id - a.id) : [];
  }

  /** Whether the jobs of a project have been read: before that, some of them may be missing. */
  areKnown(project: string): boolean {
    return this.#of(project)?.read ?? false;
  }

  one(project: string, job: number): JobRow | undefined {
    return this.#of(project)?.rows.get(job);
  }

  /** How much of a job has been sent, 0 to 1; absent where nothing is on its way. */
  uploaded(project: string, job: number): number | undefined {
    return this.#of(project)?.uploaded.get(job);
  }

  /** Reads the jobs anew and has those followed that have not ended, with the keys of their targets. In a folder that is not trusted nothing is asked of any target. */
  async follow(project: Project): Promise<void> {
    if (project.state.kind !== 'open') return;
    try {
      const { jobs } = await project.call('jobs', {});
      this.#take(project, jobs);
      const unended = jobs.filter(({ state }) => !hasEnded(state));
      if (unended.length === 0 || !vscode.workspace.isTrusted) return;
      const origins = new Set(unended.flatMap(({ origin }) => origin ?? []));
      const found = await Promise.all([...origins].map(async origin => [origin, await this.#options.keys.get(origin)] as const));
      const apiKeys = Object.fromEntries(found.flatMap(([origin, key]) => (key === undefined ? [] : [[origin, key] as const])));
      this.#take(project, (await project.call('followJobs', { apiKeys, resume: true })).jobs);
    } catch (thrown) {
      this.#options.log.warn(`${project.name}: its jobs are not known: ${problemOf(thrown).message}`);
    }
  }

  /** What a call said of a job, which may be sooner than its event. */
  note(project: Project, row: JobRow): void {
    this.#projects.get(project)?.rows.set(row.id, row);
    this.#changes.fire({ project, job: row.id });
  }

  dispose(): void {
    for (const { lifetime } of this.#projects.values()) lifetime.dispose();
    this.#lifetime.dispose();
  }

  #of(path: string): ProjectJobs | undefined {
    const project = this.#options.projects.find(path);
    return project && this.#projects.get(project);
  }

  #note(project: Project): void {
    if (!this.#projects.has(project)) this.#listen(project);
    if (project.state.kind === 'open') void this.follow(project);
  }

  #listen(project: Project): void {
    const known: ProjectJobs = { lifetime: new Lifetime(), rows: new Map(), uploaded: new Map(), read: false };
    this.#projects.set(project, known);
    known.lifetime.add(project.onEvent('jobChanged', row => {
      if (row.state !== 'uploading') known.uploaded.delete(row.id);
      this.note(project, row);
    }));
    known.lifetime.add(project.onEvent('jobUpload', ({ job, sent, total }) => {
      known.uploaded.set(job, total === 0 ? 1 : sent / total);
      this.#changes.fire({ project, job });
    }));
  }

  #take(project: Project, jobs: readonly JobRow[]): void {
    const known = this.#projects.get(project);
    if (!known) return; // closed meanwhile
    known.read = true;
    known.rows.clear();
    for (const row of jobs) known.rows.set(row.id, row);
    this.#changes.fire({ project });
  }

  #forgetClosed(): void {
    const open = new Set(this.#options.projects.all);
    for (const [project, { lifetime }] of this.#projects) {
      if (open.has(project)) continue;
      lifetime.dispose();
      this.#projects.delete(project);
    }
  }
}
