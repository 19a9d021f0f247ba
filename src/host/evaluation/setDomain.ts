import * as vscode from 'vscode';
import type { HeldOutSet } from '../../contract/evaluation.ts';
import type { Domain } from '../../core/model/evaluation.ts';
import type { Project } from '../projects/project.ts';
import { shortened } from '../words.ts';
import { actionOn, type Workbench } from '../workbench.ts';
import { setWords } from './evaluationWords.ts';

/** The data set that a command was called on; absent where it was called on none. Anybody may hand over anything. */
export function datasetIn(target: unknown): string | undefined {
  if (typeof target !== 'object' || target === null) return undefined;
  const { kind, dataset }: { readonly kind?: unknown; readonly dataset?: unknown } = target;
  return kind === 'dataset' && typeof dataset === 'string' ? dataset : undefined;
}

/** Asks what a held-out data set is for: what is claimed of a model is claimed of one domain or the other. `named`: the data set; absent: it is picked. */
export async function setDomain({ notify, evaluations }: Workbench, project: Project, named: string | undefined): Promise<void> {
  const { sets } = await project.call('heldOutSets', {});
  if (sets.length === 0) {
    notify.tell(`${project.name} has no held-out tasks, which are what domains are told of. Import a file of them as held out.`, [actionOn(project, 'regenesis.tasks.import')]);
    return;
  }
  const set = sets.find(({ name }) => name === named) ?? await pickSet(project, sets);
  if (!set) return;
  const domain = await pickDomain(set);
  if (domain === undefined) return;
  await project.call('setDomain', { dataset: set.name, domain });
  await evaluations.read(project);
}

async function pickSet(project: Project, sets: readonly HeldOutSet[]): Promise<HeldOutSet | undefined> {
  const [only, ...others] = sets;
  if (others.length === 0) return only;
  const picked = await vscode.window.showQuickPick(sets.map(set => ({ label: shortened(set.name, 80), description: setWords(set), set })), { title: `Set Domain · ${project.name}`, placeHolder: 'Of which held-out data set?', matchOnDescription: true });
  return picked?.set;
}

/** A domain; null where its name is to tell, absent where it is called off. */
async function pickDomain({ name, domain, stated }: HeldOutSet): Promise<Domain | null | undefined> {
  const now = (of: Domain | null) => ((stated ? domain : null) === of ? { description: 'now' } : {});
  const items = [
    { label: 'In Domain', detail: 'It asks for what the training data teaches: the held-out part of a data set that is trained on', domain: 'in' as const, ...now('in') },
    { label: 'Out of Domain', detail: 'It asks for something else: whether what was learnt carries over', domain: 'out' as const, ...now('out') },
    { label: 'By Its Name', detail: 'In domain where the project has train tasks of a data set of this name, out of domain otherwise', domain: null, ...now(null) },
  ];
  const picked = await vscode.window.showQuickPick(items, { title: `Domain of ${shortened(name, 60)}`, matchOnDetail: true });
  return picked?.domain;
}
