import type * as vscode from 'vscode';
import { listAddressSchema, listPage, type ListAddress, type ListIntent, type ListRow, type ListSnapshot } from '../../contract/pages/list.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import type { Documents } from '../documents/documents.ts';
import { showAnswers } from '../evaluation/answers.ts';
import type { PageBuilder } from '../pages/page.ts';
import { Panels } from '../pages/panels.ts';
import type { Project } from '../projects/project.ts';
import type { Projects } from '../projects/projects.ts';
import { showReview } from '../review/showReview.ts';
import { isSimulated } from '../tree/look.ts';
import { projectNode } from '../tree/node.ts';
import { changeLine, pathLine, taskLine } from './lists.ts';
import { followProject, shownProject } from './shownProject.ts';
import { overviewHead } from './overviewSnapshot.ts';

/** Rows of one leaf: some screens full, asked for again when tasks change. */
const rowsShown = 200;

/** What lists are made with. */
export interface ListTools {
  readonly projects: Projects;
  readonly documents: Documents;
  readonly builder: PageBuilder;
}

/** The tabs that list what a figure of the overview counts. */
export const listPanels = (tools: ListTools): Panels<ListAddress> => new Panels({
  id: 'list', address: listAddressSchema, title: ({ title }) => title, fill: (panel, address) => { new ListTab(tools, address).fill(panel); },
});

/** A row, and what it opens. */
interface Line extends ListRow {
  readonly branch?: { readonly id: string; readonly round: 1 | 2 };
  /** Where the next leaf goes on. */
  readonly after: number;
  readonly hasPath: boolean;
}

class ListTab {
  readonly #tools: ListTools;
  readonly #address: ListAddress;
  /** Where each leaf up to the one on screen begins. */
  #starts: (number | undefined)[] = [undefined];
  #lines: readonly Line[] = [];
  #changed: () => void = () => undefined;

  constructor(tools: ListTools, address: ListAddress) {
    this.#tools = tools;
    this.#address = address;
  }

  fill(panel: vscode.WebviewPanel): void {
    const { builder, projects } = this.#tools;
    const { connection, lifetime } = builder.fill(panel, {
      contract: listPage, title: this.#address.title, address: this.#address, everyMs: 1000, target: projectNode(this.#address.project),
      snapshot: () => this.#snapshot(), fulfil: intent => this.#fulfil(intent),
    });
    this.#changed = () => { connection.changed(); };
    lifetime.add(followProject(projects, this.#address.project, change => { if (change.kind !== 'progress') this.#changed(); }));
    void projects.forDocument(this.#address.project).catch(() => undefined).then(this.#changed); // the page shows what is wrong with it
  }

  async #snapshot(): Promise<ListSnapshot> {
    const { project: file, title, of } = this.#address;
    const head = { name: overviewHead(file).name, title, kind: of.kind };
    const shown = shownProject(this.#tools.projects, file);
    if (shown.kind !== 'open') return { ...head, shown };
    const after = this.#starts.at(-1);
    const { lines, total } = await this.#ask(shown.project, after);
    this.#lines = lines;
    const from = (this.#starts.length - 1) * rowsShown;
    const rows = lines.map(({ branch: _branch, after: _after, hasPath: _hasPath, ...row }) => row);
    return { ...head, shown: { kind: 'rows', simulated: isSimulated(shown.project.status), total, from, rows, more: lines.length === rowsShown && from + rowsShown < total } };
  }

  async #ask(project: Project, after: number | undefined): Promise<{ readonly lines: readonly Line[]; readonly total: number }> {
    const place = { limit: rowsShown, ...(after === undefined ? {} : { after }) };
    const { of } = this.#address;
    if (of.kind === 'changes') return changesOf(project, of, after ?? 0);
    if (of.kind === 'tasks') {
      const { rows, total } = await project.call('taskPage', { filter: withoutAbsent(of.filter), ...place });
      return { total, lines: rows.map(row => ({ ...taskLine(row), after: row.ordinal, hasPath: true })) };
    }
    const { rows, total } = await project.call('pathPage', { filter: withoutAbsent(of.filter), ...place });
    return { total, lines: rows.map(row => ({ ...pathLine(row), branch: { id: row.branch, round: row.round }, after: row.sequence, hasPath: row.fingerprint !== undefined })) };
  }

  async #fulfil(intent: ListIntent): Promise<void> {
    switch (intent.kind) {
      case 'open': await this.#open(intent.id); break;
      case 'turn': this.#turn(intent.to); break;
      case 'review': await this.#review(); break;
      case 'reopen': await this.#tools.projects.open(this.#address.project, 'open');
    }
  }

  async #review(): Promise<void> {
    const { project, title, of } = this.#address;
    if (of.kind === 'changes') return; // held-out tasks have no paths to review
    await showReview({ project, title: `Review · ${title}`, query: of });
  }

  #turn(to: 'first' | 'previous' | 'next'): void {
    const last = this.#lines.at(-1);
    if (to === 'first') this.#starts = [undefined];
    else if (to === 'previous' && this.#starts.length > 1) this.#starts.pop();
    else if (to === 'next' && last) this.#starts.push(last.after);
    this.#changed();
  }

  async #open(id: string): Promise<void> {
    const line = this.#lines.find(each => each.id === id);
    if (!line) return; // it has gone since the list was drawn
    const { project, of } = this.#address;
    if (of.kind === 'changes') await showAnswers({ project, evaluation: of.evaluation, task: line.task, model: of.model, base: of.base });
    else if (!line.branch) await this.#tools.documents.show({ project, task: line.task, shown: 'task' }, ['Task', line.task]);
    else await this.#tools.documents.show({ project, task: line.task, branch: line.branch, shown: line.hasPath ? 'path' : 'verdicts' }, [line.hasPath ? 'Path' : 'Verdicts', line.branch.id, line.task]);
  }
}

async function changesOf(project: Project, { evaluation, base: _base, kind: _kind, ...choice }: Extract<ListAddress['of'], { kind: 'changes' }>, after: number): Promise<{ readonly lines: readonly Line[]; readonly total: number }> {
  const { rows, total } = await project.call('evaluationChanges', { id: evaluation, ...withoutAbsent(choice), after, limit: rowsShown });
  return { total, lines: rows.map((row, at) => ({ ...changeLine(row), after: after + at + 1, hasPath: false })) };
}
