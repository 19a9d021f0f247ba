import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { MethodParams, MethodResult } from '../../contract/engine.ts';
import type { EvaluationReport } from '../../contract/evaluation.ts';
import type { ListAddress } from '../../contract/pages/list.ts';
import { evaluationPage, type EvaluationIntent, type EvaluationSnapshot, type EvaluationWish } from '../../contract/pages/evaluation.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { problemError, problemOf } from '../../core/model/problem.ts';
import { executeCommand } from '../contributions.ts';
import { csv } from '../csv.ts';
import { overviewHead } from '../overview/overviewSnapshot.ts';
import { followProject, shownProject } from '../overview/shownProject.ts';
import type { PageBuilder } from '../pages/page.ts';
import { Panels } from '../pages/panels.ts';
import type { Projects } from '../projects/projects.ts';
import { projectNode } from '../tree/node.ts';
import { shortened } from '../words.ts';
import { showAnswers } from './answers.ts';
import { CountedEvaluation } from './countedEvaluation.ts';
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

class EvaluationTab {
  readonly #tools: EvaluationTools;
  readonly #address: EvaluationPageAddress;
  readonly #gone = new AbortController();
  readonly #counted: CountedEvaluation;
  #isSeen: () => boolean = () => false;
  #changed: () => void = () => undefined;

  constructor(tools: EvaluationTools, address: EvaluationPageAddress) {
    this.#tools = tools;
    this.#address = address;
    this.#counted = new CountedEvaluation({ report: () => this.#report(), lists: (report, model) => this.#lists(report, model), isSeen: () => this.#isSeen() });
  }

  fill(panel: vscode.WebviewPanel): void {
    const { builder, projects, evaluations } = this.#tools;
    const { project, evaluation } = this.#address;
    const { connection, lifetime } = builder.fill(panel, {
      contract: evaluationPage, title: `Evaluation ${evaluation}`, address: this.#address, everyMs: 1_000, target: projectNode(project), snapshot: () => this.#snapshot(), fulfil: intent => this.#fulfil(intent),
    });
    this.#isSeen = () => panel.visible;
    this.#changed = () => { connection.changed(); };
    lifetime.add({ dispose: () => { this.#gone.abort(); } });
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
    const counted = await this.#counted.count(row?.state === 'running');
    if (!counted) return { ...head, shown: { kind: 'missing' } };
    return { ...head, shown: openEvaluation({ ...counted, row: row ?? counted.report }) };
  }

  /** Asks the engine for as long as the page is there. */
  async #ask<Name extends 'evaluation' | 'evaluationChanges'>(name: Name, params: MethodParams<Name>): Promise<MethodResult<Name>> {
    const project = this.#tools.projects.find(this.#address.project);
    if (!project) throw problemError('engine-unavailable', 'The project is not open any more.');
    return project.call(name, params, this.#gone.signal);
  }

  async #report(): Promise<EvaluationReport | undefined> {
    try {
      return await this.#ask('evaluation', { id: this.#address.evaluation });
    } catch (thrown) {
      if (problemOf(thrown).code === 'run-not-found') return undefined;
      throw thrown;
    }
  }

  async #lists(report: EvaluationReport, model: string): Promise<readonly FoundSide[]> {
    if (report.rows.every(({ n }) => n === 0)) return [];
    const sides = report.base === null ? ['any'] as const : ['gains', 'losses'] as const;
    return Promise.all(sides.map(async side => ({ side, ...await this.#ask('evaluationChanges', { id: this.#address.evaluation, side, model, limit: rowsOnPage }) })));
  }

  async #fulfil(intent: EvaluationIntent): Promise<void> {
    const { projects } = this.#tools;
    const { project: file, evaluation } = this.#address;
    const { known, shownModel } = this.#counted;
    switch (intent.kind) {
      case 'reopen': await projects.open(file, 'open'); break;
      case 'wish': await this.#wish(intent.wish); break;
      case 'list': this.#list(intent); break;
      case 'model':
        this.#counted.choose(intent.model);
        this.#changed();
        break;
      case 'open':
        if (known) await showAnswers({ project: file, evaluation, task: intent.task, model: shownModel, base: known.report.base });
    }
  }

  async #wish(wish: EvaluationWish): Promise<void> {
    const { project, evaluation } = this.#address;
    const report = this.#counted.known?.report;
    if (wish === 'copy') await vscode.env.clipboard.writeText(report ? csv(report.table.names, report.table.rows) : '');
    else if (wish === 'all') this.#list({ kind: 'list', side: 'any' });
    else {
      const command = commandOf(wish);
      if (command !== undefined) await executeCommand(command, evaluationAddress(project, evaluation), ...(wish === 'again' ? [{ retryLost: true }] : []));
    }
  }

  #list({ side, model, set, domain }: Extract<EvaluationIntent, { kind: 'list' }>): void {
    const { known, shownModel } = this.#counted;
    if (!known) return;
    const { project, evaluation } = this.#address;
    const of = model ?? shownModel;
    this.#tools.lists.show({ project, title: listTitle({ side, set, domain, evaluation }), of: { kind: 'changes', evaluation, side, model: of, base: known.report.base, ...withoutAbsent({ set, domain }) } });
  }
}

const words = { gains: 'Now correct', losses: 'Now wrong', any: 'Answers' } as const;
const places = { in: ' in domain', out: ' out of domain' } as const;

function listTitle({ side, set, domain, evaluation }: Pick<Extract<EvaluationIntent, { kind: 'list' }>, 'side' | 'set' | 'domain'> & { readonly evaluation: number }): string {
  return `${words[side]}${set === undefined ? domain === undefined ? '' : places[domain] : ` of ${shortened(set, 60)}`} · Evaluation ${evaluation}`;
}
