import type * as vscode from 'vscode';
import * as z from 'zod/mini';
import { promptAddressSchema, type PromptAddress } from '../../contract/pages/promptPreview.ts';
import { promptTrialPage, promptTrialSnapshotSchema, type PromptTrialSnapshot } from '../../contract/pages/promptTrial.ts';
import type { TrialReport } from '../../contract/prompts.ts';
import type { Disposable } from '../lifetime.ts';
import { overviewHead } from '../overview/overviewSnapshot.ts';
import type { PageBuilder } from '../pages/page.ts';
import { Panels } from '../pages/panels.ts';
import { projectNode } from '../tree/node.ts';
import type { Workbench } from '../workbench.ts';
import { fileName } from './promptPlaces.ts';

/** What trials are shown with. */
export interface TrialTools {
  readonly workbench: Pick<Workbench, 'memory'>;
  readonly builder: PageBuilder;
  readonly tryOn: (address: PromptAddress) => Promise<void>;
}

/** Characters of the latest trial of a project that are kept for when the window is loaded again; a larger one would weigh on everything that the workspace keeps. */
const mostKept = 200_000;
const keptAt = (project: string): string => `trial ${project}`;
const keyOf = ({ project, file }: PromptAddress): string => `${project} ${file}`;

const keptSchema = z.object({ file: z.string(), trial: promptTrialSnapshotSchema.shape.trial });

/** The tabs that show trials: one for each file, with the latest of it. In another window only the latest of its project is there. */
export class TrialPanels {
  readonly panels: Panels<PromptAddress>;
  readonly #tools: TrialTools;
  readonly #trials = new Map<string, NonNullable<PromptTrialSnapshot['trial']>>();
  readonly #tabs = new Map<string, () => void>();

  constructor(tools: TrialTools) {
    this.#tools = tools;
    this.panels = new Panels({
      id: 'promptTrial', address: promptAddressSchema, title: ({ file }) => `Trial of ${fileName(file)}`, fill: (panel, address) => { this.#fill(panel, address); },
    });
  }

  /** Shows what a trial came to. */
  async show(address: PromptAddress, report: TrialReport): Promise<void> {
    const trial = { report, atMs: Date.now() };
    this.#trials.set(keyOf(address), trial);
    const kept = { file: address.file, trial } satisfies z.infer<typeof keptSchema>;
    await this.#tools.workbench.memory.update(keptAt(address.project), JSON.stringify(kept).length <= mostKept ? kept : undefined);
    this.panels.show(address);
    this.#tabs.get(keyOf(address))?.();
  }

  #fill(panel: vscode.WebviewPanel, address: PromptAddress): void {
    const { connection, lifetime } = this.#tools.builder.fill(panel, {
      contract: promptTrialPage, title: panel.title, address, target: projectNode(address.project),
      snapshot: () => this.#snapshot(address), fulfil: () => this.#tools.tryOn(address),
    });
    this.#tabs.set(keyOf(address), () => { connection.changed(); });
    lifetime.add({ dispose: () => { this.#tabs.delete(keyOf(address)); } } satisfies Disposable);
  }

  #snapshot(address: PromptAddress): PromptTrialSnapshot {
    return { name: overviewHead(address.project).name, file: address.file, trial: this.#trials.get(keyOf(address)) ?? this.#kept(address) };
  }

  #kept({ project, file }: PromptAddress): PromptTrialSnapshot['trial'] {
    const kept = z.safeParse(keptSchema, this.#tools.workbench.memory.get(keptAt(project)));
    return kept.success && kept.data.file === file ? kept.data.trial : null;
  }
}
