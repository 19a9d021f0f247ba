import * as vscode from 'vscode';
import { lineageWords } from '../../client/lineage.ts';
import type { ModelChoice } from '../../contract/evaluation.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { problemOf } from '../../core/model/problem.ts';
import type { Project } from '../projects/project.ts';
import { originOf } from '../servers/keys.ts';
import { lookForMs } from '../servers/loopback.ts';
import { isolated, oneLine, shortened } from '../words.ts';
import { withViewProgress, type Workbench } from '../workbench.ts';

/** Models that can be evaluated: what the project's server serves, the one that the project uses last. */
export interface KnownModels {
  readonly served: readonly string[];
  /** What a served model was tuned from, in words; absent for one that no job of the project made. */
  readonly lineage: (model: string) => string | undefined;
  /** The base of a tuned one. */
  readonly baseOf: (model: string) => string | undefined;
}

/** What the project's server says that it serves; the model of the project alone where it says nothing. */
export async function knownModels({ keys, jobs, log }: Workbench, project: Project): Promise<KnownModels> {
  const server = project.status?.server;
  const rows = jobs.of(project.path);
  const own = server ? [server.model] : [];
  const asked = async (): Promise<readonly string[]> => {
    if (!server) return own;
    try {
      const apiKey = await keys.get(server.baseUrl);
      return (await project.call('surveyServer', { url: server.baseUrl, timeoutMs: lookForMs, ...withoutAbsent({ apiKey }) })).models;
    } catch (thrown) {
      log.info(`${project.name}: what its server serves is not known: ${problemOf(thrown).message}`);
      return own;
    }
  };
  const served = await withViewProgress(asked);
  const isTuned = (model: string): boolean => rows.some(({ tuned }) => tuned?.name === model);
  const ordered = [...new Set([...served, ...own])].sort((a, b) => Number(isTuned(b)) - Number(isTuned(a)));
  return { served: ordered, lineage: model => lineageWords(rows, model), baseOf: model => rows.find(({ tuned }) => tuned?.name === model)?.base };
}

interface ModelItem extends vscode.QuickPickItem {
  /** Absent: it is to be typed; null: there is none. */
  readonly choice?: ModelChoice | null;
}

const another: ModelItem = { label: '$(edit) Another Model…', detail: 'By its name, at the project’s server or at another one', alwaysShow: true };

const itemsOf = (models: readonly string[], { lineage }: KnownModels): readonly ModelItem[] => models.map(model => ({ label: oneLine(model), choice: { model }, ...withoutAbsent({ detail: lineage(model) }) }));

/** The models that are evaluated, one or several; absent where it is called off. */
export async function pickModels(project: Project, known: KnownModels): Promise<readonly ModelChoice[] | undefined> {
  const items = [...itemsOf(known.served, known).map((item, at) => ({ ...item, picked: at === 0 })), another];
  const picked = await vscode.window.showQuickPick<ModelItem>(items, { title: `Evaluate Model · ${project.name}`, placeHolder: 'Which model? Several stand in one table', canPickMany: true, ignoreFocusOut: true, matchOnDetail: true });
  if (!picked || picked.length === 0) return undefined;
  const named = picked.flatMap(({ choice }) => choice ?? []);
  if (!picked.includes(another)) return named;
  const typed = await typeModel(project);
  return typed && [...named, typed];
}

/** The model that the others are compared with; null where nothing is to be compared, absent where it is called off. */
export async function pickBase(project: Project, known: KnownModels, models: readonly ModelChoice[]): Promise<ModelChoice | null | undefined> {
  const taken = models.filter(({ server }) => server === undefined).map(({ model }) => model);
  const [first] = taken;
  const base = first === undefined ? undefined : known.baseOf(first);
  const others = known.served.filter(model => !taken.includes(model)).sort((a, b) => Number(b === base) - Number(a === base));
  const none: ModelItem = { label: '$(circle-slash) Nothing', detail: 'Only how well it does', choice: null };
  const picked = await vscode.window.showQuickPick<ModelItem>([...itemsOf(others, known), none, another], { title: `Evaluate ${models.map(({ model }) => isolated(shortened(model ?? '', 40))).join(', ')} · compared with?`, placeHolder: 'Its base, as a rule: both answer the same tasks', ignoreFocusOut: true, matchOnDetail: true });
  if (!picked) return undefined;
  return picked.choice === undefined ? typeModel(project) : picked.choice;
}

async function typeModel(project: Project): Promise<ModelChoice | undefined> {
  const own = project.status?.server?.baseUrl ?? '';
  const model = await vscode.window.showInputBox({ title: 'Another Model (1 of 2)', prompt: 'Its name, as its server calls it', ignoreFocusOut: true, validateInput: value => (value.trim() === '' ? 'A model has a name.' : undefined) });
  if (model === undefined) return undefined;
  const server = await vscode.window.showInputBox({ title: 'Another Model (2 of 2)', prompt: 'Base URL of the server that serves it', value: own, ignoreFocusOut: true, validateInput: addressFault });
  if (server === undefined) return undefined;
  return { model: model.trim(), ...(server.trim() === own ? {} : { server: server.trim() }) };
}

function addressFault(value: string): string | undefined {
  try {
    originOf(value.trim());
    return undefined;
  } catch (thrown) {
    return problemOf(thrown).message;
  }
}
