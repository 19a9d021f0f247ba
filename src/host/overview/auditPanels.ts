import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { AuditReport } from '../../contract/overview.ts';
import { auditPage, type AuditIntent, type AuditSide, type AuditSnapshot } from '../../contract/pages/audit.ts';
import { Panels } from '../pages/panels.ts';
import { projectNode } from '../tree/node.ts';
import { auditCsv, rowsOf } from './auditTables.ts';
import type { Audits } from './audits.ts';
import type { ListTools } from './listPanels.ts';
import { overviewHead } from './overviewSnapshot.ts';
import { followProject, shownProject } from './shownProject.ts';

/** Rows of one leaf. */
const rowsShown = 200;

const addressSchema = z.object({ project: z.string() });
type Address = z.infer<typeof addressSchema>;

/** What audits are shown with. */
export interface AuditTools extends ListTools {
  readonly audits: Audits;
}

/** The tabs that hold the released filter against ours. */
export const auditPanels = (tools: AuditTools): Panels<Address> => new Panels({
  id: 'audit', address: addressSchema, title: ({ project }) => `Filter Audit · ${overviewHead(project).name}`, fill: (panel, address) => { new AuditTab(tools, address.project).fill(panel); },
});

class AuditTab {
  readonly #tools: AuditTools;
  readonly #file: string;
  #side: AuditSide = 'all';
  #from = 0;
  #changed: () => void = () => undefined;

  constructor(tools: AuditTools, file: string) {
    this.#tools = tools;
    this.#file = file;
  }

  fill(panel: vscode.WebviewPanel): void {
    const { builder, projects, audits } = this.#tools;
    const { connection, lifetime } = builder.fill(panel, {
      contract: auditPage, title: panel.title, address: { project: this.#file } satisfies Address, target: projectNode(this.#file),
      snapshot: () => this.#snapshot(), fulfil: intent => this.#fulfil(intent),
    });
    this.#changed = () => { connection.changed(); };
    lifetime.add(followProject(projects, this.#file, change => { if (change.kind === 'state') this.#changed(); }));
    lifetime.add(audits.onDidChange(file => { if (file === this.#file) this.#changed(); }));
    void this.#begin();
  }

  /** Whoever opens the page wants the audit; one that was made is not made again unasked. */
  async #begin(): Promise<void> {
    const { projects, audits } = this.#tools;
    const project = await projects.forDocument(this.#file).catch(() => undefined); // the page shows what is wrong with it
    this.#changed();
    if (project && audits.of(this.#file).state.kind === 'none') await audits.start(project);
  }

  #snapshot(): AuditSnapshot {
    const { name } = overviewHead(this.#file);
    const shown = shownProject(this.#tools.projects, this.#file);
    if (shown.kind !== 'open') return { name, shown };
    const { state, report } = this.#tools.audits.of(this.#file);
    const rows = report ? rowsOf(report, this.#side) : [];
    return { name, shown: { kind: 'open', state, figures: report ? figuresOf(report) : null, side: this.#side, listed: rows.length, from: this.#from, rows: rows.slice(this.#from, this.#from + rowsShown) } };
  }

  async #fulfil(intent: AuditIntent): Promise<void> {
    const { audits, projects } = this.#tools;
    const project = projects.find(this.#file);
    switch (intent.kind) {
      case 'start': if (project) await audits.start(project); break;
      case 'cancel': if (project) await audits.cancel(project); break;
      case 'reopen': await projects.open(this.#file, 'open'); break;
      case 'side': this.#turn(0, intent.side); break;
      case 'turn': this.#turn(intent.from); break;
      case 'open': await this.#open(intent.place); break;
      case 'copy': await this.#copy(intent.table);
    }
  }

  #turn(from: number, side = this.#side): void {
    [this.#from, this.#side] = [from, side];
    this.#changed();
  }

  async #open(place: number): Promise<void> {
    const { report } = this.#tools.audits.of(this.#file);
    const row = report && rowsOf(report, this.#side)[place];
    if (row) await this.#tools.documents.show({ project: this.#file, task: row.task, branch: { id: row.branch, round: row.round }, shown: 'path' }, ['Path', row.branch, row.task]);
  }

  async #copy(table: Extract<AuditIntent, { kind: 'copy' }>['table']): Promise<void> {
    const { report } = this.#tools.audits.of(this.#file);
    if (report) await vscode.env.clipboard.writeText(auditCsv(report, table));
  }
}

const figuresOf = ({ rows: _rows, project: _project, ...figures }: AuditReport): Omit<AuditReport, 'rows' | 'project'> => figures;
