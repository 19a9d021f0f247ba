import * as vscode from 'vscode';
import type { PromptAddress } from '../../contract/pages/promptPreview.ts';
import { isPromptFile, usersOf } from '../prompts/promptPlaces.ts';
import { runPrompt } from '../prompts/runPrompt.ts';
import { selectedOf } from '../prompts/selectedPlace.ts';
import type { Tabs } from '../tabs.ts';
import { projectNode } from '../tree/node.ts';
import { projectFor, type Handlers, type Workbench } from '../workbench.ts';

/** Prompts that are being written: how they would be sent, and what they would come to. */
export function previewCommands(workbench: Workbench, { preview, tryOn }: Pick<Tabs, 'preview' | 'tryOn'>): Pick<Handlers, `regenesis.prompt.${'preview' | 'try' | 'run'}`> {
  return {
    'regenesis.prompt.preview': async target => {
      const address = await addressOf(workbench, target);
      if (address) preview.show(address);
    },
    'regenesis.prompt.try': async target => {
      const address = await addressOf(workbench, target);
      if (address) await tryOn(address);
    },
    'regenesis.prompt.run': async target => {
      const address = await addressOf(workbench, target);
      if (address) await runPrompt(workbench, address);
    },
  };
}

/** The file that a command was called on, else the one in front, and its project; absent where there is none, which is then said. */
async function addressOf(workbench: Workbench, target: unknown): Promise<PromptAddress | undefined> {
  const { projects, notify, view } = workbench;
  const uri = uriIn(target) ?? vscode.window.activeTextEditor?.document.uri;
  if (!uri || !isPromptFile(uri)) {
    notify.tell('Open a prompt or a recipe first: a .rgprompt file below .regenesis/prompts of a project, or a shipped one.', ['regenesis.tasks.show']);
    return undefined;
  }
  projects.restore();
  await Promise.all(projects.all.map(project => project.settled()));
  const place = usersOf(uri, projects.all);
  if (!place || place.projects.length === 0) {
    if (projects.all.length === 0) return projectFor(workbench, undefined).then(() => undefined);
    notify.tell(`${vscode.workspace.asRelativePath(uri)} lies in the .regenesis/prompts folder of no open project, so that none uses it.`, ['regenesis.project.open']);
    return undefined;
  }
  const own = selectedOf(place.projects, view.selection);
  const project = own && await projectFor(workbench, projectNode(own.path));
  return project && { project: project.path, file: place.file };
}

/** A menu hands over an address, the head of a file the text of one. */
function uriIn(target: unknown): vscode.Uri | undefined {
  if (typeof target === 'string') return vscode.Uri.parse(target);
  return target instanceof vscode.Uri ? target : undefined;
}
