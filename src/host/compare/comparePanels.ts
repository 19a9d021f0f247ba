import path from 'node:path';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { compareMethodsPage, type CompareMethodsIntent, type CompareMethodsSnapshot } from '../../contract/pages/compareMethods.ts';
import { executeCommand } from '../contributions.ts';
import { jobAddress } from '../jobs/jobNode.ts';
import { overviewHead } from '../overview/overviewSnapshot.ts';
import { followProject, shownProject } from '../overview/shownProject.ts';
import type { PageBuilder } from '../pages/page.ts';
import { Panels } from '../pages/panels.ts';
import { projectNode } from '../tree/node.ts';
import type { Workbench } from '../workbench.ts';
import { addedManifests, comparedSets, keepManifests } from './comparedSets.ts';
import { compareCsv, namedRows } from './compareTable.ts';

const addressSchema = z.object({ project: z.string() });
type Address = z.infer<typeof addressSchema>;

/** What the pages are made with. */
export interface CompareTools {
  readonly workbench: Pick<Workbench, 'projects' | 'jobs' | 'memory'>;
  readonly builder: PageBuilder;
}

/** A job changes several times a second while it is sent; a manifest never. */
const readEveryMs = 1_000;

/** The tabs that put training sets side by side, one for each project. */
export const comparePanels = (tools: CompareTools): Panels<Address> => new Panels({
  id: 'compareMethods', address: addressSchema, title: ({ project }) => `Compare Methods · ${overviewHead(project).name}`, fill: (panel, { project }) => { new CompareTab(tools, project).fill(panel); },
});

class CompareTab {
  readonly #tools: CompareTools;
  readonly #file: string;
  #changed: () => void = () => undefined;

  constructor(tools: CompareTools, file: string) {
    this.#tools = tools;
    this.#file = file;
  }

  fill(panel: vscode.WebviewPanel): void {
    const { builder, workbench: { projects, jobs } } = this.#tools;
    const { connection, lifetime } = builder.fill(panel, {
      contract: compareMethodsPage, title: panel.title, address: { project: this.#file } satisfies Address, everyMs: readEveryMs, target: projectNode(this.#file),
      snapshot: () => this.#snapshot(), fulfil: intent => this.#fulfil(intent),
    });
    this.#changed = () => { connection.changed(); };
    lifetime.add(followProject(projects, this.#file, ({ kind }) => { if (kind === 'state') this.#changed(); }));
    lifetime.add(jobs.onDidChange(this.#changed));
    void projects.forDocument(this.#file).then(this.#changed, () => undefined); // the page shows what is wrong with it
  }

  async #snapshot(): Promise<CompareMethodsSnapshot> {
    const { name } = overviewHead(this.#file);
    const shown = shownProject(this.#tools.workbench.projects, this.#file);
    if (shown.kind !== 'open') return { name, shown };
    const report = await comparedSets(shown.project, this.#tools.workbench.memory);
    return { name, shown: { kind: 'open', hasPaths: shown.status.kept > 0, size: report.size, rows: [...namedRows(report, this.#added)] } };
  }

  async #fulfil(intent: CompareMethodsIntent): Promise<void> {
    const { workbench: { projects } } = this.#tools;
    switch (intent.kind) {
      case 'refresh': this.#changed(); break;
      case 'add': await this.#add(); break;
      case 'remove': await this.#keep(this.#added.filter(manifest => manifest !== intent.manifest)); break;
      case 'open': await vscode.window.showTextDocument(vscode.Uri.file(intent.manifest)); break;
      case 'show-job': await executeCommand('regenesis.job.show', jobAddress(this.#file, intent.job)); break;
      case 'export': await executeCommand('regenesis.dataset.export', projectNode(this.#file)); break;
      case 'overview': await executeCommand('regenesis.overview.show', projectNode(this.#file)); break;
      case 'copy': await this.#copy(); break;
      case 'reopen': await projects.open(this.#file, 'open');
    }
  }

  get #added(): readonly string[] {
    return addedManifests(this.#tools.workbench.memory, this.#file);
  }

  async #keep(manifests: readonly string[]): Promise<void> {
    await keepManifests(this.#tools.workbench.memory, this.#file, manifests);
    this.#changed();
  }

  async #add(): Promise<void> {
    const picked = await vscode.window.showOpenDialog({
      title: 'Add Training Set', openLabel: 'Add', canSelectMany: true, defaultUri: vscode.Uri.file(path.dirname(this.#file)), filters: { 'Manifests of exports': ['manifest.json', 'json'] },
    });
    if (picked) await this.#keep([...new Set([...this.#added, ...picked.map(({ fsPath }) => fsPath)])]);
  }

  async #copy(): Promise<void> {
    const { shown } = await this.#snapshot();
    if (shown.kind === 'open') await vscode.env.clipboard.writeText(compareCsv(shown));
  }
}
