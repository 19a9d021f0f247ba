import * as vscode from 'vscode';
import { recipeNameOf, recipePath } from '../../core/model/promptFile.ts';
import { isAllowed } from '../trust.ts';
import { shortened } from '../words.ts';
import type { Workbench } from '../workbench.ts';
import { recipeNameProblem, recipeText } from './newRecipe.ts';
import type { OwnPrompts } from './ownPrompts.ts';
import { pickShipped } from './pickPrompt.ts';
import { homeForNew, promptTarget, type PromptTarget } from './promptHomes.ts';
import { shippedUri } from './shippedDocuments.ts';
import { titleIn } from './shippedWords.ts';

const show = async (uri: vscode.Uri): Promise<void> => { await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false }); };

/** Copies a shipped file to where an engine takes it in the place of the shipped one, and opens it. A copy that is there already is opened as it is. */
export async function customizePrompt(workbench: Workbench, target: unknown): Promise<void> {
  if (!isAllowed(workbench.notify, 'Customizing a prompt')) return;
  const home = await homeForNew(workbench, 'A prompt of your own');
  if (!home) return;
  const { own, name } = home;
  const files = await workbench.shipped.files();
  const named = promptTarget(target);
  const path = named?.kind === 'shipped' ? named.path : await pickShipped(files, { title: `Customize Prompt · ${name}`, placeHolder: `Copied to ${vscode.workspace.asRelativePath(own.home)}, and used from there by every recipe`, own });
  const text = path === undefined ? undefined : files.get(path);
  if (path === undefined || text === undefined) return;
  await own.add(path, text, { isCopy: true });
  await show(vscode.Uri.file(own.fileOf(path)));
  await workbench.promptFlags.refresh();
}

/** Opens a shipped file, read-only. */
export async function showShipped({ shipped }: Workbench): Promise<void> {
  const path = await pickShipped(await shipped.files(), { title: 'Show Shipped Prompt', placeHolder: 'Read-only; Customize Prompt makes a copy that can be changed' });
  if (path !== undefined) await show(shippedUri(path));
}

/** Makes a recipe that extends another, and opens it. */
export async function newRecipe(workbench: Workbench, target: unknown): Promise<void> {
  if (!isAllowed(workbench.notify, 'Making a recipe')) return;
  const home = await homeForNew(workbench, 'A recipe of your own');
  if (!home) return;
  const { own, name: where } = home;
  const files = await workbench.shipped.files();
  const base = baseIn(promptTarget(target)) ?? await pickBase(await recipesIn(files, own), where);
  if (base === undefined) return;
  const taken = [...new Set([...files.keys()].map(path => path.split('/', 1).join(''))), ...await own.folders()];
  const name = await vscode.window.showInputBox({
    title: `New Recipe · ${where}`, prompt: `It begins as ${base}. Its name stands in runs and exports.`, placeHolder: 'such as fewer-guidelines', ignoreFocusOut: true,
    validateInput: typed => (typed === '' ? undefined : recipeNameProblem(typed.trim(), taken)),
  });
  if (name === undefined || recipeNameProblem(name.trim(), taken) !== undefined) return;
  const path = recipePath(name.trim());
  await own.add(path, recipeText(name.trim(), base), { isCopy: false });
  await show(vscode.Uri.file(own.fileOf(path)));
}

const baseIn = (target: PromptTarget | undefined): string | undefined => (target === undefined || target.kind === 'elsewhere' ? undefined : recipeNameOf(target.path));

interface KnownRecipe {
  readonly name: string;
  readonly text: string;
  readonly isOwn: boolean;
}

/** Recipes that can be extended: one's own, which take the places of shipped ones, and those that ship. */
async function recipesIn(files: ReadonlyMap<string, string>, own: OwnPrompts): Promise<readonly KnownRecipe[]> {
  const names = [...new Set([...files.keys()].flatMap(path => recipeNameOf(path) ?? []).concat(await own.folders()))];
  const found = await Promise.all(names.map(async name => {
    const text = await own.read(recipePath(name));
    return { name, text: text ?? files.get(recipePath(name)), isOwn: text !== undefined };
  }));
  return found.flatMap(({ text, ...recipe }) => (text === undefined ? [] : [{ ...recipe, text }]));
}

async function pickBase(recipes: readonly KnownRecipe[], where: string): Promise<string | undefined> {
  const items = recipes.map(({ name, text, isOwn }) => ({ label: name, description: isOwn ? 'your own' : '', detail: shortened(titleIn(text) ?? '', 90) }));
  const picked = await vscode.window.showQuickPick(items, { title: `New Recipe · ${where}`, placeHolder: 'Which one does it begin as?', matchOnDetail: true });
  return picked?.label;
}
