import * as vscode from 'vscode';
import type { RunChoices } from '../../contract/engine.ts';
import { stepAddressSchema, stepPage, type StepAddress, type StepIntent, type StepSnapshot } from '../../contract/pages/step.ts';
import type { BranchChoice, BranchPlace, BranchStages } from '../../contract/stepper.ts';
import { drawTitle } from '../../core/model/branchTitle.ts';
import { isModelStage, type Stage } from '../../core/model/stage.ts';
import { Lifetime, type Disposable } from '../lifetime.ts';
import { overviewHead } from '../overview/overviewSnapshot.ts';
import { followProject, shownProject } from '../overview/shownProject.ts';
import type { PageBuilder } from '../pages/page.ts';
import { Panels } from '../pages/panels.ts';
import type { Project } from '../projects/project.ts';
import type { Projects } from '../projects/projects.ts';
import { projectNode } from '../tree/node.ts';
import { offlineHere } from '../trust.ts';

/** What steps are made with. */
export interface StepTools {
  readonly projects: Projects;
  readonly builder: PageBuilder;
  /** Makes the project's server ready to be asked, and gives its keys; absent where nobody chose one, or nothing may be run here. */
  readonly serverOf: (project: Project) => Promise<Pick<RunChoices, 'apiKey' | 'apiKeys'> | undefined>;
}

/** The end of a branch's id says it, but for the kind of its source. */
const nameOf = ({ branch, task }: StepAddress): string => `${drawTitle(branch) ?? branch.replace(/^guideline:/, '')} · ${task}`;

/** The tabs in which single branches are stepped through or watched. */
export function stepPanels(tools: StepTools): Panels<StepAddress> {
  const panels: Panels<StepAddress> = new Panels({
    id: 'step', address: stepAddressSchema, title: address => `${address.watch === true ? 'Watch' : 'Step'} ${nameOf(address)}`,
    fill: (panel, address) => { new StepTab(tools, address, open => { panels.show(open); }).fill(panel); },
  });
  return panels;
}

class StepTab {
  readonly #tools: StepTools;
  readonly #address: StepAddress;
  readonly #show: (address: StepAddress) => void;
  /** The stage that a person chose; absent: whichever is running, or next. */
  #chosen: Stage | undefined;
  #heard: { readonly project: Project; readonly lifetime: Disposable } | undefined;
  #changed: () => void = () => undefined;

  constructor(tools: StepTools, address: StepAddress, show: (address: StepAddress) => void) {
    this.#tools = tools;
    this.#address = address;
    this.#show = show;
  }

  get #place(): BranchPlace {
    const { task, branch, round } = this.#address;
    return { task, branch, round };
  }

  get #choice(): BranchChoice {
    return { ...this.#place, ...offlineHere() };
  }

  fill(panel: vscode.WebviewPanel): void {
    const { builder, projects } = this.#tools;
    const { connection, lifetime } = builder.fill(panel, {
      contract: stepPage, title: nameOf(this.#address), address: this.#address, target: projectNode(this.#address.project),
      snapshot: () => this.#snapshot(), fulfil: intent => this.#fulfil(intent),
    });
    this.#changed = () => { connection.changed(); };
    lifetime.add(followProject(projects, this.#address.project, () => { this.#changed(); }));
    lifetime.add(vscode.workspace.onDidGrantWorkspaceTrust(() => { this.#changed(); }));
    lifetime.add({ dispose: () => { this.#leave(); } });
    void projects.forDocument(this.#address.project).catch(() => undefined).then(this.#changed); // the page shows what is wrong with it
  }

  async #snapshot(): Promise<StepSnapshot> {
    const head = { name: overviewHead(this.#address.project).name, watched: this.#address.watch === true };
    const shown = shownProject(this.#tools.projects, this.#address.project);
    if (shown.kind !== 'open') return { ...head, shown };
    await this.#hear(shown.project);
    const branch = await shown.project.call('branchStages', this.#choice);
    const stage = this.#stageOf(branch);
    const prompt = isModelStage(stage) ? await shown.project.call('stagePrompt', { ...this.#choice, stage }) : null;
    return { ...head, shown: { kind: 'branch', branch, stage, prompt } };
  }

  #stageOf({ stages }: BranchStages): Stage {
    const chosen = stages.find(({ stage }) => stage === this.#chosen);
    const at = chosen ?? stages.find(({ state }) => state === 'running') ?? stages.find(({ next }) => next) ?? stages.findLast(({ asks, state }) => asks && state === 'done') ?? stages[0];
    if (!at) throw new Error('a branch without stages');
    return at.stage;
  }

  /** Listens to the engine that serves the project now; after a restart that is another. */
  async #hear(project: Project): Promise<void> {
    if (this.#heard?.project === project) return;
    this.#leave();
    const lifetime = new Lifetime();
    this.#heard = { project, lifetime };
    const isOurs = (place: BranchPlace) => place.task === this.#address.task && place.branch === this.#address.branch && place.round === this.#address.round;
    lifetime.add(project.onEvent('branchText', place => { if (isOurs(place)) this.#changed(); }));
    lifetime.add(project.onEvent('branchStepped', place => { if (isOurs(place)) this.#changed(); }));
    lifetime.add(project.onEvent('tasksChanged', ({ tasks, all }) => { if (all || tasks.includes(this.#address.task)) this.#changed(); }));
    if (this.#address.watch === true) await project.call('watchBranch', { ...this.#place, watched: true });
  }

  #leave(): void {
    const heard = this.#heard;
    this.#heard = undefined;
    heard?.lifetime.dispose();
    if (heard && this.#address.watch === true) void heard.project.call('watchBranch', { ...this.#place, watched: false }).catch(() => undefined); // an engine that is gone watches nothing
  }

  async #fulfil(intent: StepIntent): Promise<void> {
    const project = this.#tools.projects.find(this.#address.project);
    if (intent.kind === 'reopen' || !project) {
      await this.#tools.projects.open(this.#address.project, 'open');
      return;
    }
    // from a tab that only watches nothing is asked or edited
    if (this.#address.watch === true && intent.kind !== 'look' && intent.kind !== 'open') return;
    if (intent.kind === 'look') this.#chosen = intent.stage ?? undefined;
    else if (intent.kind === 'open') this.#show({ ...this.#address, branch: intent.branch });
    else if (intent.kind === 'run') await this.#run(project, intent.toEnd);
    else await this.#change(project, intent);
    this.#changed();
  }

  async #run(project: Project, toEnd: boolean): Promise<void> {
    const server = await this.#tools.serverOf(project);
    if (!server) return;
    this.#chosen = undefined;
    await project.call(toEnd ? 'runBranch' : 'runStage', { ...this.#place, ...server });
  }

  async #change(project: Project, intent: Exclude<StepIntent, { readonly kind: 'look' | 'open' | 'run' | 'reopen' }>): Promise<void> {
    const place = this.#choice;
    switch (intent.kind) {
      case 'stop': await project.call('stopBranch', place); break;
      case 'edit-answer': await project.call('editAnswer', { ...place, stage: intent.stage, text: intent.text }); break;
      case 'choose-answer': await project.call('chooseAnswer', { ...place, stage: intent.stage, fingerprint: intent.fingerprint }); break;
      case 'edit-prompt': await project.call('editPrompt', { ...place, stage: intent.stage, messages: intent.messages }); break;
      case 'include': await project.call('includeFork', { ...place, included: intent.included }); break;
      case 'fork': {
        const { branch } = await project.call('forkBranch', { ...place, stage: intent.stage });
        this.#show({ ...this.#address, branch: branch.id });
      }
    }
  }
}
