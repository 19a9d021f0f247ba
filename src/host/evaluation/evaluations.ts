import * as vscode from 'vscode';
import type { EvaluationRow, HeldOutSet } from '../../contract/evaluation.ts';
import { problemOf } from '../../core/model/problem.ts';
import { Lifetime } from '../lifetime.ts';
import type { Project } from '../projects/project.ts';
import type { Projects } from '../projects/projects.ts';
import { EvaluationRows } from './evaluationRows.ts';

/** Evaluations of one project have changed, or what its data sets are for. */
export interface EvaluationsChange {
  readonly project: Project;
  /** The evaluation; absent where all of them were read. */
  readonly evaluation?: number;
  /** It has come to its end just now. */
  readonly ended?: boolean;
}

interface ProjectEvaluations {
  readonly lifetime: Lifetime;
  readonly rows: EvaluationRows;
  sets: readonly HeldOutSet[];
  /** The data sets as they were when these were read. */
  datasets: string;
}

const datasetsOf = (project: Project): string => JSON.stringify(project.status?.datasets ?? []);

/** The evaluations of the open projects, and their held-out data sets, as they are now: an engine is asked when its project is opened, and says from then on what changes. */
export class Evaluations implements vscode.Disposable {
  readonly #log: vscode.LogOutputChannel;
  readonly #projects: Projects;
  readonly #known = new Map<Project, ProjectEvaluations>();
  readonly #lifetime = new Lifetime();
  readonly #changes: vscode.EventEmitter<EvaluationsChange>;

  constructor({ projects, log }: { readonly projects: Projects; readonly log: vscode.LogOutputChannel }) {
    this.#projects = projects;
    this.#log = log;
    this.#changes = this.#lifetime.add(new vscode.EventEmitter());
    this.#lifetime.add(projects.onDidChange(({ project, change }) => {
      if (!project) this.#forgetClosed();
      else if (change.kind === 'state') this.#note(project);
      else if (change.kind === 'tasks' && this.#known.get(project)?.datasets !== datasetsOf(project)) void this.read(project);
    }));
    for (const project of projects.all) this.#note(project);
  }

  get onDidChange(): vscode.Event<EvaluationsChange> {
    return this.#changes.event;
  }

  /** Newest first. */
  of(project: string): readonly EvaluationRow[] {
    return [...this.#of(project)?.rows.all ?? []].sort((a, b) => b.id - a.id);
  }

  one(project: string, evaluation: number): EvaluationRow | undefined {
    return this.#of(project)?.rows.one(evaluation);
  }

  /** The held-out data sets of a project, by name. */
  sets(project: string): readonly HeldOutSet[] {
    return this.#of(project)?.sets ?? [];
  }

  /** Reads all of a project anew. */
  async read(project: Project): Promise<void> {
    const known = this.#known.get(project);
    if (!known || project.state.kind !== 'open') return;
    try {
      known.datasets = datasetsOf(project);
      const [{ sets }] = await Promise.all([project.call('heldOutSets', {}), known.rows.read(async () => (await project.call('evaluations', {})).rows)]);
      known.sets = sets;
      this.#changes.fire({ project });
    } catch (thrown) {
      this.#log.warn(`${project.name}: its evaluations are not known: ${problemOf(thrown).message}`);
    }
  }

  dispose(): void {
    for (const { lifetime } of this.#known.values()) lifetime.dispose();
    this.#lifetime.dispose();
  }

  #of(path: string): ProjectEvaluations | undefined {
    const project = this.#projects.find(path);
    return project && this.#known.get(project);
  }

  #note(project: Project): void {
    if (!this.#known.has(project)) this.#listen(project);
    void this.read(project);
  }

  #listen(project: Project): void {
    const known: ProjectEvaluations = { lifetime: new Lifetime(), rows: new EvaluationRows(), sets: [], datasets: '' };
    this.#known.set(project, known);
    known.lifetime.add(project.onEvent('evaluationChanged', row => {
      const ended = known.rows.hear(row);
      this.#changes.fire({ project, evaluation: row.id, ended });
    }));
  }

  #forgetClosed(): void {
    const open = new Set(this.#projects.all);
    for (const [project, { lifetime }] of this.#known) {
      if (open.has(project)) continue;
      lifetime.dispose();
      this.#known.delete(project);
    }
  }
}
