import type * as vscode from 'vscode';
import type { JobRow } from '../../contract/jobs.ts';
import { executeCommand, titleOf } from '../contributions.ts';
import { Lifetime } from '../lifetime.ts';
import type { CommandId } from '../manifest.ts';
import type { Action, Notify } from '../notify.ts';
import type { Project } from '../projects/project.ts';
import type { Projects } from '../projects/projects.ts';
import { endedSince, readSeen } from './jobEnds.ts';
import { jobAddress } from './jobNode.ts';
import { endWords } from './jobWords.ts';
import type { Jobs } from './jobs.ts';

/** With what the ends of jobs are told. */
export interface JobNewsOptions {
  readonly projects: Pick<Projects, 'all'>;
  readonly jobs: Jobs;
  readonly notify: Pick<Notify, 'tell'>;
  /** Of the workspace: what ends while its window is closed is told when it is there again. */
  readonly memory: Pick<vscode.Memento, 'get' | 'update'>;
  /** Whether somebody looks at the job anyway. */
  readonly isSeen: (project: string, job: number) => boolean;
}

const memoryKey = 'jobs';
/** Ends that are told each by itself; more of them at once are one message. */
const mostTold = 3;

/** Tells once of each job that has ended while nobody looked at it. */
export class JobNews implements vscode.Disposable {
  readonly #options: JobNewsOptions;
  readonly #lifetime = new Lifetime();

  constructor(options: JobNewsOptions) {
    this.#options = options;
    this.#lifetime.add(options.jobs.onDidChange(({ project }) => { this.#look(project); }));
    for (const project of options.projects.all) this.#look(project);
  }

  dispose(): void {
    this.#lifetime.dispose();
  }

  #look(project: Project): void {
    const { jobs, memory, isSeen } = this.#options;
    if (!jobs.areKnown(project.path)) return;
    const key = `${memoryKey}:${project.path}`;
    const before = readSeen(memory.get(key));
    const { ended, seen } = endedSince(jobs.of(project.path), before);
    if (JSON.stringify(seen) === JSON.stringify(before)) return;
    void memory.update(key, seen);
    const unseen = ended.filter(({ id }) => !isSeen(project.path, id));
    for (const row of unseen.slice(0, mostTold)) this.#tell(project, row);
    const more = unseen.length - mostTold;
    if (more > 0) this.#options.notify.tell(`${more} more ${more === 1 ? 'job' : 'jobs'} of ${project.name} ended.`, ['regenesis.job.show']);
  }

  #tell(project: Project, row: JobRow): void {
    const on = (id: CommandId): Action => ({ title: titleOf(id), run: () => executeCommand(id, jobAddress(project.path, row.id)) });
    const { state } = row;
    this.#options.notify.tell(endWords(row, project.name), [on('regenesis.job.show'), on('regenesis.job.log'), ...(state === 'succeeded' ? [] : [on('regenesis.job.retry')])], state === 'failed' ? 'warning' : 'information');
  }
}
