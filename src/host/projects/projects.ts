import path from 'node:path';
import * as vscode from 'vscode';
import { problemError } from '../../core/model/problem.ts';
import { Lifetime } from '../lifetime.ts';
import type { HowOpened } from '../engines.ts';
import { Project, type ProjectChange, type OpenEngine } from './project.ts';

/** A change and whose it is; no project where one was opened or closed. */
export interface ProjectsChange {
  readonly project?: Project;
  readonly change: ProjectChange;
}

const memoryKey = 'projects';

/** The open projects, in the order in which they were opened. The workspace remembers them. */
export class Projects implements vscode.Disposable {
  readonly #memory: vscode.Memento;
  readonly #openEngine: OpenEngine;
  readonly #log: vscode.LogOutputChannel;
  readonly #projects = new Map<string, { readonly project: Project; readonly lifetime: Lifetime }>();
  readonly #changes = new vscode.EventEmitter<ProjectsChange>();
  #restored = false;

  constructor(options: { readonly memory: vscode.Memento; readonly openEngine: OpenEngine; readonly log: vscode.LogOutputChannel }) {
    this.#memory = options.memory;
    this.#openEngine = options.openEngine;
    this.#log = options.log;
  }

  readonly onDidChange = this.#changes.event;

  get all(): readonly Project[] {
    return [...this.#projects.values()].map(({ project }) => project);
  }

  find(file: string): Project | undefined {
    return this.#projects.get(file)?.project;
  }

  /** Opens the projects that were open when the window was left; the first time only. No engine is started before somebody looks. */
  restore(): void {
    if (this.#restored) return;
    this.#restored = true;
    for (const file of this.#remembered()) void this.open(file, 'open').catch(() => undefined); // the project shows what is wrong with it
  }

  /** Opens or makes a project, or hands over the one that is open. Throws where it is not there, or is no project of ours. */
  async open(file: string, how: HowOpened): Promise<Project> {
    this.restore();
    const absolute = path.resolve(file);
    const known = this.find(absolute);
    if (known && how !== 'open') throw problemError('file-exists', `${absolute} is open already.`);
    if (known) {
      await known.settled();
      if (known.state.kind === 'failed') await known.open('open');
      return known;
    }
    const project = this.#add(absolute);
    try {
      await project.open(how);
    } catch (thrown) {
      if (how !== 'open') await this.close(project);
      throw thrown;
    }
    return project;
  }

  /** The project that a document belongs to, opened where this workspace remembers it: a document's address alone opens no file. */
  async forDocument(file: string): Promise<Project | undefined> {
    const known = this.find(file);
    if (known || !this.#remembered().includes(file)) return known;
    return this.open(file, 'open');
  }

  /** Takes a project off the list and leaves its engine. */
  async close(project: Project): Promise<void> {
    const known = this.#projects.get(project.path);
    if (!known) return;
    this.#projects.delete(project.path);
    known.lifetime.dispose();
    this.#remember();
    this.#changes.fire({ change: { kind: 'state' } });
    await project.close();
  }

  dispose(): void {
    for (const { project, lifetime } of this.#projects.values()) {
      lifetime.dispose();
      project.dispose();
    }
    this.#changes.dispose();
  }

  /** Resolves when all engines have been left; what runs there goes on. */
  async end(): Promise<void> {
    await Promise.all(this.all.map(project => project.close()));
  }

  #add(file: string): Project {
    const project = new Project(file, this.#openEngine, this.#log);
    const lifetime = new Lifetime();
    lifetime.add(project.onDidChange(change => { this.#changes.fire({ project, change }); }));
    this.#projects.set(file, { project, lifetime });
    this.#remember();
    this.#changes.fire({ change: { kind: 'state' } });
    return project;
  }

  #remembered(): readonly string[] {
    const value: unknown = this.#memory.get(memoryKey);
    return Array.isArray(value) ? value.filter(each => typeof each === 'string') : [];
  }

  #remember(): void {
    void this.#memory.update(memoryKey, this.all.map(({ path: file }) => file));
  }
}
