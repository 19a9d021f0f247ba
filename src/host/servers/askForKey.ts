import * as vscode from 'vscode';

/** Asks for a key, which is shown to nobody. @returns without white space around it, empty where nothing was typed; absent where it was called off */
export async function askForKey(title: string, more = ''): Promise<string | undefined> {
  const key = await vscode.window.showInputBox({
    title, password: true, ignoreFocusOut: true,
    prompt: `Kept in the editor’s secret storage for this origin alone; never in settings or in the project file.${more === '' ? '' : ` ${more}`}`,
    validateInput: value => (/^[\x21-\x7e]*$/.test(value.trim()) ? undefined : 'A key has no white space in it and only plain ASCII characters; copy it again.'),
  });
  return key?.trim();
}
