import * as vscode from 'vscode';
import { isAllowed } from '../trust.ts';
import type { Workbench } from '../workbench.ts';
import { executeCommand, titleOf } from '../contributions.ts';
import { OwnPrompts, type OwnPlace, type ShippedChange } from './ownPrompts.ts';
import { allHomes, promptTarget, type PromptTarget } from './promptHomes.ts';
import { shippedUri } from './shippedDocuments.ts';

/** A copy of somebody's. */
interface OwnCopy extends OwnPlace {
  /** What it is copied from; absent where nothing ships under its name. */
  readonly shipped?: string;
  /** That the shipped one is another since. */
  readonly change?: ShippedChange['kind'];
}

/** Shows the shipped file on the left and one's own on the right. */
export async function compareWithShipped(workbench: Workbench, target: unknown): Promise<void> {
  const copy = await copyFor(workbench, target, { title: 'Compare with Shipped', among: ({ shipped }) => shipped !== undefined });
  if (!copy || !hasShipped(workbench, copy)) return;
  const uri = vscode.Uri.file(new OwnPrompts(copy.home).fileOf(copy.path));
  if (copy.change !== undefined) await workbench.promptFlags.hush(uri.fsPath);
  await vscode.commands.executeCommand('vscode.diff', shippedUri(copy.path), uri, `${copy.path} (shipped ↔ yours)`);
  if (copy.change === undefined) return;
  const seen = 'regenesis.prompt.markSeen';
  workbench.notify.tell(`The shipped ${copy.path}, on the left, is another than the one that your copy was made from. Take over what you want of it.`, [{ title: titleOf(seen), run: () => executeCommand(seen, uri) }]);
}

/** Keeps that the shipped version of today was looked at: its flag goes. */
export async function markSeen(workbench: Workbench, target: unknown): Promise<void> {
  if (!isAllowed(workbench.notify, 'Marking a change as seen')) return;
  const copy = await copyFor(workbench, target, { title: 'Mark Shipped Change As Seen', among: ({ change }) => change !== undefined });
  if (!copy) return;
  if (copy.change === undefined) {
    workbench.notify.tell(`As far as is known, what ships as ${copy.path} has not changed since your copy was made.`, ['regenesis.prompt.compare']);
    return;
  }
  await new OwnPrompts(copy.home).mark(copy.path, copy.shipped);
  await workbench.promptFlags.refresh();
}

/** Takes a copy away after asking, so that the shipped file is used again. */
export async function revertToShipped(workbench: Workbench, target: unknown): Promise<void> {
  if (!isAllowed(workbench.notify, 'Taking away a prompt of your own')) return;
  const copy = await copyFor(workbench, target, { title: 'Revert to Shipped', among: ({ shipped }) => shipped !== undefined });
  if (!copy || !hasShipped(workbench, copy)) return;
  const own = new OwnPrompts(copy.home);
  if (!await workbench.notify.confirm(`Your own ${copy.path} goes to the trash, where the editor has one here, and is deleted elsewhere.`, titleOf('regenesis.prompt.revert'), `Recipes then use the shipped one again. The file is ${own.fileOf(copy.path)}.`)) return;
  const edit = new vscode.WorkspaceEdit();
  edit.deleteFile(vscode.Uri.file(own.fileOf(copy.path)));
  if (!await vscode.workspace.applyEdit(edit)) return; // the editor says what kept it from that
  await own.mark(copy.path, undefined);
  await workbench.promptFlags.refresh();
}

function hasShipped({ notify }: Workbench, { path, shipped }: OwnCopy): boolean {
  if (shipped !== undefined) return true;
  notify.tell(`${path} is all your own: nothing ships under this name.`, ['regenesis.prompt.showShipped']);
  return false;
}

/** How a copy is looked for where nobody names one. */
interface CopyWanted {
  readonly title: string;
  readonly among: (copy: OwnCopy) => boolean;
}

/** The copy that a command is about: the one it was called on, the one in front, else one that is picked. Absent where nobody picked, or there is none, which is then said. */
async function copyFor(workbench: Workbench, target: unknown, wanted: CopyWanted): Promise<OwnCopy | undefined> {
  const given = promptTarget(target);
  if (given?.kind === 'elsewhere') return none(workbench, `${given.file} lies in no folder .regenesis/prompts: it is no copy of a prompt that ships.`);
  const front = given ?? promptTarget(vscode.window.activeTextEditor?.document.uri);
  const copies = await copiesOf(workbench, front);
  if (front?.kind === 'own') return copies.find(({ home, path }) => home === front.home && path === front.path) ?? none(workbench, `${front.path} is not in ${front.home} any more.`);
  const fitting = copies.filter(copy => (front?.kind === 'shipped' ? copy.path === front.path : wanted.among(copy)));
  if (fitting.length === 0) return none(workbench, noneWords(front, copies));
  return front?.kind === 'shipped' && fitting.length === 1 ? fitting[0] : pickCopy(fitting, wanted.title);
}

function none({ notify }: Workbench, words: string): OwnCopy | undefined {
  notify.tell(words, ['regenesis.prompt.customize']);
  return undefined;
}

async function pickCopy(copies: readonly OwnCopy[], title: string): Promise<OwnCopy | undefined> {
  const items = copies.map(copy => ({ label: copy.path, description: copy.change === undefined ? '' : 'the shipped one has changed since', detail: copy.home, copy }));
  return (await vscode.window.showQuickPick(items, { title, matchOnDetail: true }))?.copy;
}

function noneWords(front: PromptTarget | undefined, copies: readonly OwnCopy[]): string {
  if (front?.kind === 'shipped') return `There is no copy of ${front.path} of your own.`;
  return copies.length === 0 ? 'No prompt was customized here yet.' : 'As far as is known, no shipped prompt has changed since your copies were made.';
}

/** Every copy of this window, and the file in front where it lies outside all projects and folders. */
async function copiesOf({ projects, shipped }: Workbench, front: PromptTarget | undefined): Promise<readonly OwnCopy[]> {
  projects.restore();
  const files = await shipped.files();
  const homes = [...new Set([...allHomes(projects).map(({ own }) => own.home), ...(front?.kind === 'own' ? [front.home] : [])])].map(home => new OwnPrompts(home));
  const found = await Promise.all(homes.map(async own => {
    const changes = new Map((await own.changes(files).catch(() => [])).map(({ path, kind }) => [path, kind])); // what is wrong is said when something is written
    const named = front?.kind === 'own' && front.home === own.home ? [front.path] : [];
    return [...new Set([...files.keys(), ...changes.keys(), ...named])].filter(path => own.has(path)).map((path): OwnCopy => {
      const [text, change] = [files.get(path), changes.get(path)];
      return { home: own.home, path, ...(text === undefined ? {} : { shipped: text }), ...(change === undefined ? {} : { change }) };
    });
  }));
  return found.flat();
}
