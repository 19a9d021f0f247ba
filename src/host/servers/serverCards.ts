import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { lineagesOf } from '../../client/lineage.ts';
import { serverCardPage, type ServerCard, type ServerCardIntent } from '../../contract/pages/serverCard.ts';
import type { ProbeReport, SurveyReport } from '../../contract/reports.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { messageOf, problemError } from '../../core/model/problem.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { PageBuilder } from '../pages/page.ts';
import { Panels } from '../pages/panels.ts';
import type { Project } from '../projects/project.ts';
import type { Projects } from '../projects/projects.ts';
import { untrustedWords } from '../trust.ts';
import { sentence, shortened } from '../words.ts';
import { capabilityRows } from './cards.ts';
import type { ServerKeys } from './keys.ts';
import type { KnownOrigins } from './knownOrigins.ts';
import { kindWords, lookForMs } from './loopback.ts';
import { projectRoles, type PlacedServer } from './roles.ts';
import { callingMachine } from './serverTree.ts';

const addressSchema = z.object({ project: z.string(), server: z.string(), model: z.string(), role: z.enum(projectRoles), simulated: z.boolean() });
type CardAddress = z.infer<typeof addressSchema>;

/** What was found of a server, kept as long as the window: a card that is opened again need not ask again. */
interface Findings {
  report?: ProbeReport;
  survey?: SurveyReport;
  tested: boolean;
  testing: boolean;
  problem?: string;
}

/** What cards need. */
export interface ServerCardsOptions {
  readonly builder: PageBuilder;
  readonly projects: Projects;
  readonly keys: ServerKeys;
  readonly known: KnownOrigins;
  readonly jobs: Pick<Jobs, 'of' | 'onDidChange'>;
}

const roleWords: Readonly<Record<PlacedServer['role'], string>> = { server: 'Generates', replica: 'Replica: generates too', judge: 'Judges' };

/** The capability cards of servers, each in a tab of its own. */
export class ServerCards implements vscode.Disposable {
  readonly #options: ServerCardsOptions;
  readonly panels: Panels<CardAddress>;
  readonly #findings = new Map<string, Findings>();
  readonly #changes = new vscode.EventEmitter<string>();

  constructor(options: ServerCardsOptions) {
    this.#options = options;
    this.panels = new Panels<CardAddress>({
      id: 'serverCard', address: addressSchema, title: ({ model }) => `Server · ${shortened(model, 30)}`, fill: (panel, address) => { this.#fill(panel, address); },
    });
  }

  /** Opens the card of a server. */
  show(project: Project, { baseUrl, model, role, simulated }: PlacedServer): void {
    this.panels.show({ project: project.path, server: baseUrl, model, role, simulated });
  }

  /** Opens the card and finds out, by a few tiny completions, what the server can do. */
  async test(project: Project, server: PlacedServer): Promise<void> {
    this.show(project, server);
    await this.#ask({ project: project.path, server: server.baseUrl, model: server.model, role: server.role, simulated: server.simulated }, true);
  }

  dispose(): void {
    this.#changes.dispose();
  }

  #fill(panel: vscode.WebviewPanel, address: CardAddress): void {
    const { connection, lifetime } = this.#options.builder.fill(panel, {
      contract: serverCardPage, title: `Card of ${address.model}`, address, snapshot: () => this.#snapshot(address), fulfil: intent => this.#fulfil(intent, address),
    });
    lifetime.add(this.#changes.event(key => { if (key === keyOf(address)) connection.changed(); }));
    lifetime.add(this.#options.jobs.onDidChange(({ project }) => { if (project.path === address.project) connection.changed(); }));
    const { report, testing } = this.#of(address);
    // a page that an earlier window left open asks nobody by itself
    if (!report && !testing && this.#options.known.has(address.server) && vscode.workspace.isTrusted) void this.#ask(address, false);
  }

  #of(address: CardAddress): Findings {
    const key = keyOf(address);
    const known = this.#findings.get(key) ?? { tested: false, testing: false };
    this.#findings.set(key, known);
    return known;
  }

  async #fulfil(intent: ServerCardIntent, address: CardAddress): Promise<void> {
    if (intent.kind === 'test') {
      await this.#ask(address, true);
      return;
    }
    const { report } = this.#of(address);
    await vscode.env.clipboard.writeText(JSON.stringify(report ?? { server: address.server, model: address.model }, undefined, 2));
    void vscode.window.setStatusBarMessage('Server card copied', 3_000);
  }

  async #ask(address: CardAddress, completions: boolean): Promise<void> {
    const findings = this.#of(address);
    if (findings.testing) return;
    if (!vscode.workspace.isTrusted) throw problemError('usage', untrustedWords('Testing a server'));
    findings.testing = true;
    delete findings.problem;
    this.#changes.fire(keyOf(address));
    try {
      const { projects, keys, known } = this.#options;
      const project = await projects.open(address.project, 'open');
      const common = { url: address.server, ...withoutAbsent({ apiKey: await keys.get(address.server) }) };
      const [report, survey] = await Promise.all([
        project.call('probeServer', { ...common, model: address.model, completions }),
        project.call('surveyServer', { ...common, timeoutMs: 2 * lookForMs }).catch(() => undefined), // the report says what is wrong
      ]);
      findings.report = completions || !findings.report ? report : { ...report, capabilities: { ...report.capabilities, ...tried(findings.report) } };
      findings.tested ||= completions;
      if (survey) findings.survey = survey;
      await known.add(address.server);
    } catch (thrown) {
      findings.problem = sentence(messageOf(thrown));
    } finally {
      findings.testing = false;
      this.#changes.fire(keyOf(address));
    }
  }

  #snapshot({ project, server, model, role, simulated }: CardAddress): ServerCard {
    const { report, survey, tested, testing, problem } = this.#of({ project, server, model, role, simulated });
    const models = survey ? [...survey.models] : [];
    return {
      project: this.#options.projects.find(project)?.name ?? project, server, from: report?.from ?? callingMachine().host, model, role: roleWords[role], simulated, testing, tested,
      models, lineage: lineagesOf(this.#options.jobs.of(project), [model, ...models]), capabilities: capabilityRows(report ?? { capabilities: {} }).map(row => ({ ...row })),
      ...withoutAbsent({ identity: report?.identity, kind: survey && kindWords[survey.kind], contextTokens: report?.contextTokens, problem }),
    };
  }
}

/** What was found by asking stays when the server is only looked at. */
const tried = ({ capabilities }: ProbeReport): ProbeReport['capabilities'] => Object.fromEntries(Object.entries(capabilities).filter(([, state]) => state !== 'untested'));

const keyOf = ({ project, server, model }: CardAddress): string => JSON.stringify([project, server, model]);
