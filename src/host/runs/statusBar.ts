import * as vscode from 'vscode';
import { Lifetime } from '../lifetime.ts';
import type { CommandId } from '../manifest.ts';
import type { Projects } from '../projects/projects.ts';
import { shortProgress, stageLines } from './runWords.ts';

/** One item while something runs: how far, how fast, how long; a click opens the run. */
export class RunStatusBar implements vscode.Disposable {
  readonly #projects: Projects;
  readonly #lifetime = new Lifetime();
  readonly #item: vscode.StatusBarItem;

  constructor(projects: Projects) {
    this.#projects = projects;
    this.#item = this.#lifetime.add(vscode.window.createStatusBarItem('regenesis.run', vscode.StatusBarAlignment.Left));
    this.#item.name = 'ReGenesis Run';
    this.#item.command = 'regenesis.run.show' satisfies CommandId;
    this.#lifetime.add(projects.onDidChange(() => { this.#draw(); }));
  }

  dispose(): void {
    this.#lifetime.dispose();
  }

  #draw(): void {
    const running = this.#projects.all.filter(project => project.running);
    const [first, ...others] = running;
    if (!first) {
      this.#item.hide();
      return;
    }
    const { progress } = first;
    const words = others.length > 0 ? `${running.length} runs` : progress ? shortProgress(progress) : 'starting…';
    this.#item.text = `$(sync~spin) ReGenesis ${words}`;
    this.#item.tooltip = running.map(project => `${project.name}: ${project.progress ? stageLines(project.progress) : 'starting…'}`).join('\n\n');
    this.#item.accessibilityInformation = { label: `ReGenesis run, ${words}${first.progress?.simulated === true ? ', simulation' : ''}`, role: 'button' };
    this.#item.show();
  }
}
