import * as vscode from 'vscode';
import { fileKindOf, promptEnding } from '../../core/model/promptFile.ts';
import type { OwnPrompts } from './ownPrompts.ts';
import { kindWords, purposeOf, shippedKinds } from './shippedWords.ts';

/** How the files are shown. */
export interface PickShipped {
  readonly title: string;
  readonly placeHolder: string;
  /** Whose copies are marked; none where nobody's are. */
  readonly own?: OwnPrompts;
}

type Item = vscode.QuickPickItem & { readonly path?: string };

/** The usual prompt of a stage comes before the one in another order. */
const bare = (path: string): string => (path.endsWith(promptEnding) ? path.slice(0, -promptEnding.length) : path);

/** Lets a shipped file be picked, with what it is for. @returns its path below `prompts/` */
export async function pickShipped(files: ReadonlyMap<string, string>, { title, placeHolder, own }: PickShipped): Promise<string | undefined> {
  const changed = new Set((await own?.changes(files).catch(() => []) ?? []).map(({ path }) => path)); // what is wrong is said when something is written
  const markOf = (path: string): string => (own?.has(path) !== true ? '' : changed.has(path) ? 'customized; the shipped one has changed since' : 'customized');
  const items = shippedKinds.flatMap((kind): readonly Item[] => [
    { label: kindWords[kind], kind: vscode.QuickPickItemKind.Separator },
    ...[...files].filter(([path]) => fileKindOf(path) === kind).sort(([one], [other]) => (bare(one) < bare(other) ? -1 : 1)).map(([path, text]) => ({ label: path, description: markOf(path), detail: purposeOf(path, text) ?? '', path })),
  ]);
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDescription: true, matchOnDetail: true });
  return picked?.path;
}
