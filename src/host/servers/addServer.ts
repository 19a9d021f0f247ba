import * as vscode from 'vscode';
import { lineageWords } from '../../client/lineage.ts';
import type { JobRow } from '../../contract/jobs.ts';
import type { ProbeReport } from '../../contract/reports.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { problemError, problemOf } from '../../core/model/problem.ts';
import type { Project } from '../projects/project.ts';
import { oneLine } from '../words.ts';
import { withCancel, type Workbench } from '../workbench.ts';
import { askForKey } from './askForKey.ts';
import { originOf } from './keys.ts';
import { kindWords, lookAround, lookForMs, servedWords } from './loopback.ts';
import { forwardWords, isOnLoopback, machineWords, portOf } from './place.ts';
import { possibleRoles, withRole, type ProjectRole } from './roles.ts';
import { callingMachine } from './serverTree.ts';

/** A server that was added, and as what. */
export interface Added {
  readonly report: ProbeReport;
  readonly role: ProjectRole;
}

/** Asks for a server and what it wants, and gives it a role in the project; absent where it is called off. Throws what the server says. */
export async function addServer({ keys, known, servers, jobs }: Workbench, project: Project, wished?: ProjectRole): Promise<Added | undefined> {
  const url = (await askForAddress(project, wished))?.trim();
  if (url === undefined) return undefined;
  const setting = project.status?.server;
  const model = wished === 'replica' ? setting?.model : undefined;
  const probed = await probe(project, { url, apiKey: await keys.get(url), typedKey: undefined, model, jobs: jobs.of(project.path) });
  if (!probed) return undefined;
  const { report, typedKey } = probed;
  if (typedKey !== undefined) await keys.set(report.server, typedKey);
  await known.add(report.server);
  const role = wished ?? await pickRole(project, report);
  if (!role) return undefined;
  await project.call('setServer', { server: withRole(setting, { baseUrl: report.server, model: report.model, simulated: report.simulated }, role) });
  await project.refresh();
  servers.forgetHealth({ baseUrl: report.server, model: report.model });
  return { report, role };
}

interface AddressItem extends vscode.QuickPickItem {
  /** Absent: it is to be typed. */
  readonly url?: string;
}

/** The servers of this machine as they are found, and always a line for another address. */
async function askForAddress(project: Project, wished: ProjectRole | undefined): Promise<string | undefined> {
  const machine = callingMachine();
  const title = wished === 'replica' ? 'Add Replica' : 'Add Server';
  const picked = await new Promise<AddressItem | undefined>(resolve => {
    const pick = vscode.window.createQuickPick<AddressItem>();
    const other: AddressItem = { label: '$(edit) Another Address…', detail: 'A base URL, on this machine or elsewhere', alwaysShow: true };
    const found: AddressItem[] = [];
    pick.title = `${title} · on ${machineWords(machine)}`;
    pick.placeholder = 'Looking where model servers usually listen…';
    pick.matchOnDescription = true;
    pick.busy = true;
    pick.items = [other];
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
    void lookAround(url => project.call('surveyServer', { url, timeoutMs: lookForMs }), server => {
      found.push({ label: `$(server) ${kindWords[server.kind]}`, description: oneLine(servedWords(server)), detail: server.baseUrl, url: server.baseUrl });
      pick.items = [...found, other];
      pick.placeholder = 'Choose a server that was found here, or give an address';
    }).then(() => {
      pick.busy = false;
      if (found.length > 0) return;
      pick.placeholder = `No model server answers on 127.0.0.1 of ${machine.host}`;
      pick.items = [{ ...other, detail: forwardWords(machine, '8000') }];
    });
  });
  return picked && (picked.url ?? typeAddress(title));
}

async function typeAddress(title: string): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title, value: 'http://127.0.0.1:8000/v1', valueSelection: [7, 21], ignoreFocusOut: true,
    prompt: `Base URL of a server that speaks the OpenAI protocol, such as vLLM. It is called from ${machineWords(callingMachine())}; 127.0.0.1 is that machine.`,
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

const roleItems: Readonly<Record<ProjectRole, { readonly label: string; readonly detail: string }>> = {
  server: { label: '$(server) The Server', detail: 'It generates; it takes the place of the one that the project has' },
  replica: { label: '$(copy) Replica', detail: 'The very same model: the requests of a run are shared out among all of them' },
  judge: { label: '$(law) Judge', detail: 'It answers the judge’s questions in place of the others; for recipes that ask a judge' },
};

/** What a server is to be, where the project has one already; absent where nobody chose. */
export async function pickRole(project: Project, server: { readonly model: string }, now?: ProjectRole): Promise<ProjectRole | undefined> {
  const possible = possibleRoles(project.status?.server, server).filter(role => role !== now);
  const [only, ...others] = possible;
  if (others.length === 0 && now === undefined) return only;
  const picked = await vscode.window.showQuickPick(possible.map(role => ({ ...roleItems[role], role })), { title: `${oneLine(server.model)}: what is it for?`, placeHolder: `${project.name} uses ${oneLine(project.status?.server?.model ?? 'no server')}`, ignoreFocusOut: true });
  return picked?.role;
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
  /** Those of the project, which may have tuned what is served. */
  readonly jobs: readonly JobRow[];
}

/** Asks the server what it serves, and for one token; asks the person for what the server wants: a key, or which of its models. Absent where it is called off. */
async function probe(project: Project, asked: Asked): Promise<Probed | undefined> {
  const { url, model, apiKey, typedKey } = asked;
  try {
    const report = await withCancel(`Asking ${url}`, signal => project.call('probeServer', { url, completions: false, greet: true, ...withoutAbsent({ model, apiKey }) }, signal));
    return report && { report, typedKey };
  } catch (thrown) {
    const problem = problemOf(thrown);
    if (problem.code === 'server-wrong-key') {
      const key = await keyFor(url, apiKey !== undefined);
      return key === undefined ? undefined : probe(project, { ...asked, apiKey: key, typedKey: key });
    }
    if (problem.code === 'server-unreachable' && isOnLoopback(url)) throw problemError(problem.code, `${problem.message} ${forwardWords(callingMachine(), portOf(url))}`, problem);
    const { choices = [] } = problem;
    if (problem.code !== 'server-unknown-model' || choices.length === 0 || model !== undefined) throw thrown;
    const items = choices.map(label => ({ label, ...withoutAbsent({ detail: lineageWords(asked.jobs, label) }) }));
    const picked = await vscode.window.showQuickPick(items, { title: `${url} serves several models`, ignoreFocusOut: true, matchOnDetail: true, placeHolder: 'Which one answers for this project?' });
    return picked === undefined ? undefined : probe(project, { ...asked, model: picked.label });
  }
}

async function keyFor(url: string, refused: boolean): Promise<string | undefined> {
  const key = await askForKey(`${originOf(url)} ${refused ? 'refused the key' : 'wants a key'}`);
  return key === '' ? undefined : key;
}
