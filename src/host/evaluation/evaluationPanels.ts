import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { EvaluationReport } from '../../contract/evaluation.ts';
import type { ListAddress } from '../../contract/pages/list.ts';
import { evaluationPage, type EvaluationIntent, type EvaluationSnapshot, type EvaluationWish } from '../../contract/pages/evaluation.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { problemOf } from '../../core/model/problem.ts';
import { executeCommand } from '../contributions.ts';
import { csv } from '../csv.ts';
import { overviewHead } from '../overview/overviewSnapshot.ts';
import { followProject, shownProject } from '../overview/shownProject.ts';
import type { PageBuilder } from '../pages/page.ts';
import { Panels } from '../pages/panels.ts';
import type { Project } from '../projects/project.ts';
import type { Projects } from '../projects/projects.ts';
import { projectNode } from '../tree/node.ts';
import { shortened } from '../words.ts';
import { showAnswers } from './answers.ts';
import { evaluationAddress } from './evaluationNode.ts';
import { commandOf, openEvaluation, rowsOnPage, type FoundSide } from './evaluationSnapshot.ts';
import type { Evaluations } from './evaluations.ts';

/** What pages of evaluations are made with. */
export interface EvaluationTools {
  readonly projects: Projects;
  readonly evaluations: Evaluations;
  readonly builder: PageBuilder;
  readonly lists: Pick<Panels<ListAddress>, 'show'>;
}

const addressSchema = z.object({ project: z.string(), evaluation: z.int() });
/** Which evaluation a page shows. */
export type EvaluationPageAddress = z.infer<typeof addressSchema>;

/** The pages of evaluations, each in a tab of its own. */
export const evaluationPanels = (tools: EvaluationTools): Panels<EvaluationPageAddress> => new Panels({
  id: 'evaluation', address: addressSchema, title: ({ project, evaluation }) => `Evaluation ${evaluation} · ${overviewHead(project).name}`, fill: (panel, address) => { new EvaluationTab(tools, address).fill(panel); },
});

/** While answers come, figures are counted anew no more often: it is all answers that are counted. */
const countEveryMs = 3_000;

/** What was counted of an evaluation. */
interface Counted {
  readonly report: EvaluationReport;
  readonly shownModel: string;
  readonly lists: readonly FoundSide[];
  readonly atMs: number;
}

class EvaluationTab {
  readonly #tools: EvaluationTools;
  readonly #address: EvaluationPageAddress;
  /** The model that somebody chose to see the answers of. */
  #model: string | undefined;
  #counted: Counted | undefined;
  #changed: () => void = () => undefined;

  constructor(tools: EvaluationTools, address: EvaluationPageAddress) {
    this.#tools = tools;
    this.#address = address;
  }

  fill(panel: vscode.WebviewPanel): void {
    const { builder, projects, evaluations } = this.#tools;
    const { project, evaluation } = this.#address;
    const { connection, lifetime } = builder.fill(panel, {
      contract: evaluationPage, title: `Evaluation ${evaluation}`, address: this.#address, everyMs: 1_000, target: projectNode(project), snapshot: () => this.#snapshot(), fulfil: intent => this.#fulfil(intent),
    });
    this.#changed = () => { connection.changed(); };
    lifetime.add(followProject(projects, project, change => { if (change.kind === 'state') this.#changed(); }));
    lifetime.add(evaluations.onDidChange(change => { if (change.project.path === project && (change.evaluation ?? evaluation) === evaluation) this.#changed(); }));
    void projects.forDocument(project).catch(() => undefined).then(this.#changed); // the page shows what is wrong with it
  }

  async #snapshot(): Promise<EvaluationSnapshot> {
    const { project: file, evaluation: id } = this.#address;
    const head = { project: overviewHead(file).name, title: `Evaluation ${id}` };
    const shown = shownProject(this.#tools.projects, file);
    if (shown.kind !== 'open') return { ...head, shown };
    const row = this.#tools.evaluations.one(file, id); // as it was before counting: what ends meanwhile is counted once more
    const counted = await this.#count(shown.project);
    if (!counted) return { ...head, shown: { kind: 'missing' } };
    return { ...head, shown: openEvaluation({ ...counted, row: row ?? counted.report }) };
  }

  async #count(project: Project): Promise<Counted | undefined> {
    const known = this.#counted;
    const goesOn = this.#tools.evaluations.one(project.path, this.#address.evaluation)?.state === 'running';
    if (known && goesOn && Date.now() - known.atMs < countEveryMs && known.shownModel === this.#shownOf(known.report)) return known;
    const report = await this.#ask(project);
    this.#counted = report && { report, shownModel: this.#shownOf(report), lists: await this.#lists(project, report), atMs: Date.now() };
    return this.#counted;
  }

  /** The chosen one, else the first that is compared. */
  #shownOf({ models }: EvaluationReport): string {
    return models.find(({ label }) => label === this.#model)?.label ?? models[0]?.label ?? '';
  }

  async #ask(project: Project): Promise<EvaluationReport | undefined> {
    try {
      return await project.call('evaluation', { id: this.#address.evaluation });
    } catch (thrown) {
      if (problemOf(thrown).code === 'run-not-found') return undefined;
      throw thrown;
    }
  }

  async #lists(project: Project, report: EvaluationReport): Promise<readonly FoundSide[]> {
    if (report.rows.every(({ n }) => n === 0)) return [];
    const model = this.#shownOf(report);
    const sides = report.base === null ? ['any'] as const : ['gains', 'losses'] as const;
    return Promise.all(sides.map(async side => ({ side, ...await project.call('evaluationChanges', { id: this.#address.evaluation, side, model, limit: rowsOnPage }) })));
  }

  async #fulfil(intent: EvaluationIntent): Promise<void> {
    const { projects } = this.#tools;
    const { project: file, evaluation } = this.#address;
    const report = this.#counted?.report;
    switch (intent.kind) {
      case 'reopen': await projects.open(file, 'open'); break;
      case 'wish': await this.#wish(intent.wish); break;
      case 'list': this.#list(intent); break;
      case 'model':
        this.#model = intent.model;
        this.#changed();
        break;
      case 'open':
        if (report) await showAnswers({ project: file, evaluation, task: intent.task, model: this.#shownOf(report), base: report.base });
    }
  }

  async #wish(wish: EvaluationWish): Promise<void> {
    const { project, evaluation } = this.#address;
    const report = this.#counted?.report;
    if (wish === 'copy') await vscode.env.clipboard.writeText(report ? csv(report.table.names, report.table.rows) : '');
    else if (wish === 'all') this.#list({ kind: 'list', side: 'any' });
    else {
      const command = commandOf(wish);
      if (command !== undefined) await executeCommand(command, evaluationAddress(project, evaluation), ...(wish === 'again' ? [{ retryLost: true }] : []));
    }
  }

  #list({ side, model, set, domain }: Extract<EvaluationIntent, { kind: 'list' }>): void {
    const report = this.#counted?.report;
    if (!report) return;
    const { project, evaluation } = this.#address;
    const of = model ?? this.#shownOf(report);
    this.#tools.lists.show({ project, title: listTitle({ side, set, domain, evaluation }), of: { kind: 'changes', evaluation, side, model: of, base: report.base, ...withoutAbsent({ set, domain }) } });
  }
}

const words = { gains: 'Now correct', losses: 'Now wrong', any: 'Answers' } as const;
const places = { in: ' in domain', out: ' out of domain' } as const;

function listTitle({ side, set, domain, evaluation }: Pick<Extract<EvaluationIntent, { kind: 'list' }>, 'side' | 'set' | 'domain'> & { readonly evaluation: number }): string {
  return `${words[side]}${set === undefined ? domain === undefined ? '' : places[domain] : ` of ${shortened(set, 60)}`} · Evaluation ${evaluation}`;
}
