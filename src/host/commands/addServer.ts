import * as vscode from 'vscode';
import { methods } from '../../contract/engine.ts';
import type { ProbeReport } from '../../contract/reports.ts';
import { problemOf } from '../../core/model/problem.ts';
import { thisMachine } from '../machine.ts';
import type { Project } from '../projects/project.ts';
import { originOf } from '../servers/keys.ts';
import { findLoopbackServers } from '../servers/loopback.ts';
import { isAllowed } from '../trust.ts';
import { oneLine } from '../words.ts';
import { projectFor, withViewProgress, type Handlers, type Workbench } from '../workbench.ts';

/** Naming a server for a project. */
export function serverCommands(workbench: Workbench): Pick<Handlers, 'regenesis.server.add'> {
  return {
    'regenesis.server.add': async target => {
      if (!isAllowed(workbench.notify, 'Adding a server')) return;
      const project = await projectFor(workbench, target);
      const report = project && await addServer(workbench, project);
      if (!report) return;
      const words = `${project.name} uses ${oneLine(report.model)} at ${report.server}, as seen from ${report.from}${report.simulated ? ' (simulation)' : ''}.`;
      workbench.notify.tell(words, ['regenesis.run.start']);
    },
  };
}

/** Asks for a server and what it wants, and makes it the project's; absent where it is called off. Throws what the server says. */
export async function addServer({ keys }: Workbench, project: Project): Promise<ProbeReport | undefined> {
  const url = (await askForAddress())?.trim();
  if (url === undefined) return undefined;
  const probed = await probe(project, { url, apiKey: await keys.get(url), typedKey: undefined, model: undefined });
  if (!probed) return undefined;
  const { report, typedKey } = probed;
  if (typedKey !== undefined) await keys.set(report.server, typedKey);
  await project.call(methods.setServer, { server: { baseUrl: report.server, model: report.model, simulated: report.simulated } });
  await project.refresh();
  return report;
}

async function askForAddress(): Promise<string | undefined> {
  const found = await withViewProgress(() => findLoopbackServers());
  if (found.length > 0) {
    const other = { label: '$(edit) Another Address…', url: undefined };
    const choices = [...found.map(({ baseUrl, usually }) => ({ label: baseUrl, description: `usually ${usually}`, url: baseUrl })), other];
    const picked = await vscode.window.showQuickPick(choices, { title: `Add Server: found on ${thisMachine()}` });
    if (!picked) return undefined;
    if (picked.url !== undefined) return picked.url;
  }
  return vscode.window.showInputBox({
    title: 'Add Server', value: 'http://127.0.0.1:8000/v1', valueSelection: [7, 21], ignoreFocusOut: true,
    prompt: `Base URL of a server that speaks the OpenAI protocol, such as vLLM. It is called from ${thisMachine()}; 127.0.0.1 is that machine.`,
    validateInput: value => {
      try {
        originOf(value.trim());
        return undefined;
      } catch (thrown) {
        return problemOf(thrown).message;
      }
    },
  });
}

interface Probed {
  readonly report: ProbeReport;
  /** A key that was typed for it, to be kept once it has worked. */
  readonly typedKey: string | undefined;
}

interface Asked {
  readonly url: string;
  readonly model: string | undefined;
  readonly apiKey: string | undefined;
  readonly typedKey: string | undefined;
}

/** Asks the server what it serves; asks the person for what the server wants: a key, or which of its models. Absent where it is called off. */
async function probe(project: Project, asked: Asked): Promise<Probed | undefined> {
  const { url, model, apiKey, typedKey } = asked;
  try {
    const params = { url, completions: false, ...(model === undefined ? {} : { model }), ...(apiKey === undefined ? {} : { apiKey }) };
    return { report: await withViewProgress(() => project.call(methods.probeServer, params)), typedKey };
  } catch (thrown) {
    const { code, choices = [] } = problemOf(thrown);
    if (code === 'server-wrong-key') {
      const key = await askForKey(url, apiKey !== undefined);
      return key === undefined ? undefined : probe(project, { ...asked, apiKey: key, typedKey: key });
    }
    if (code !== 'server-unknown-model' || choices.length === 0 || model !== undefined) throw thrown;
    const picked = await vscode.window.showQuickPick(choices, { title: `${url} serves several models`, ignoreFocusOut: true, placeHolder: 'Which one answers for this project?' });
    return picked === undefined ? undefined : probe(project, { ...asked, model: picked });
  }
}

async function askForKey(url: string, refused: boolean): Promise<string | undefined> {
  const origin = originOf(url);
  const key = await vscode.window.showInputBox({
    title: refused ? `${origin} refused the key` : `${origin} wants a key`, password: true, ignoreFocusOut: true,
    prompt: 'Kept in the editor’s secret storage for this origin alone; never in settings or in the project file.',
  });
  return key === undefined || key.trim() === '' ? undefined : key.trim();
}
