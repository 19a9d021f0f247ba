import * as vscode from 'vscode';
import type { AuditReport } from '../../contract/overview.ts';
import type { AuditState } from '../../contract/pages/overview.ts';
import { problemOf } from '../../core/model/problem.ts';
import { Lifetime, type Disposable } from '../lifetime.ts';
import { pageProblem } from '../pages/pageConnection.ts';
import type { Project } from '../projects/project.ts';
import type { Projects } from '../projects/projects.ts';

/** The released filter held against ours, for one project. */
export interface Audit {
  readonly state: AuditState;
  /** Absent until an audit has been made. */
  readonly report: AuditReport | undefined;
}

const none: Audit = { state: { kind: 'none' }, report: undefined };

/** The audits of this window: made once when somebody asks, shared by the overview and the audit's own page, and marked as stale when tasks change. */
export class Audits implements Disposable {
  readonly #audits = new Map<string, Audit>();
  readonly #changes = new vscode.EventEmitter<string>();
  readonly #lifetime = new Lifetime();

  readonly #projects: Projects;

  constructor(projects: Projects) {
    this.#projects = projects;
    this.#lifetime.add(projects.onDidChange(({ project, change }) => {
      if (!project) this.#forgetClosed();
      else if (change.kind === 'tasks') this.#age(project.path);
    }));
  }

  /** Carries the path of the project whose audit is another now. */
  readonly onDidChange = this.#changes.event;

  of(file: string): Audit {
    return this.#audits.get(file) ?? none;
  }

  /** Makes an audit, or a new one. Resolves when it is there, was cancelled or failed, which is then its state. */
  async start(project: Project): Promise<void> {
    const { path } = project;
    const before = this.of(path);
    if (before.state.kind === 'running') return;
    const show = (audit: Audit): void => { if (this.#projects.find(path) === project) this.#set(path, audit); }; // one that was closed has none
    show({ ...before, state: { kind: 'running', done: 0, total: 0 } });
    try {
      const report = await project.whileHearing('auditProgress', ({ done, total }) => { show({ ...before, state: { kind: 'running', done, total } }); },
        () => project.call('audit', {}));
      show({ report, state: { kind: 'there', kept: report.released.kept, incorrect: report.released.incorrect, stale: false } });
    } catch (thrown) {
      const problem = problemOf(thrown);
      show(problem.code === 'cancelled' ? before : { ...before, state: { kind: 'failed', problem: pageProblem(problem) } });
    }
  }

  async cancel(project: Project): Promise<void> {
    await project.call('cancelAudit', {});
  }

  dispose(): void {
    this.#lifetime.dispose();
    this.#changes.dispose();
  }

  #set(file: string, audit: Audit): void {
    this.#audits.set(file, audit);
    this.#changes.fire(file);
  }

  /** Whatever is done to a closed project is not seen here; its engine ends an audit that nobody waits for. */
  #forgetClosed(): void {
    for (const file of this.#audits.keys()) if (!this.#projects.find(file)) this.#audits.delete(file);
  }

  #age(file: string): void {
    const audit = this.of(file);
    if (audit.state.kind === 'there' && !audit.state.stale) this.#set(file, { ...audit, state: { ...audit.state, stale: true } });
  }
}
