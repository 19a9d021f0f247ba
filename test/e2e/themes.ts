import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { webview, webviewFrame } from '../vscode/browser.ts';
import type { Editor } from './editor.ts';
import { takePicture } from './pictures.ts';

const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Name, class of the workbench, class of a page, and the word in the names of pictures; the one that stays is the last. */
const themes = [
  ['Light Modern', '.vs', '.vscode-light', 'light'], ['Default High Contrast', '.hc-black', '.vscode-high-contrast', 'contrast'], ['Dark Modern', '.vs-dark', '.vscode-dark', 'dark'],
] as const;

/** Pictures of whatever is on screen in every theme, as NAME-THEME.png; the dark one stays. `look`: what else is to be done in each. */
export async function screenInThemes(editor: Editor, name: string, look: (theme: string, page: string) => Promise<void> = () => Promise.resolve()): Promise<void> {
  fs.mkdirSync(editor.file('.vscode'), { recursive: true });
  for (const [theme, workbench, page, word] of themes) {
    fs.writeFileSync(editor.file('.vscode/settings.json'), JSON.stringify({ 'workbench.colorTheme': theme }));
    await editor.page.locator(`.monaco-workbench${workbench}`).waitFor();
    await look(theme, page);
    await takePicture(editor.page, `${name}-${word}`);
  }
}

/** Pictures of the page on screen in every theme, each looked over by axe; the dark one stays. */
export const picturesInThemes = (editor: Editor, name: string): Promise<void> => screenInThemes(editor, name, async (theme, themed) => {
  await webview(editor.page).locator(`body${themed}`).waitFor(); // a page follows a moment later
  assert.deepEqual(await faultsOf(editor), [], `${name} in ${theme}`);
});

/** What axe finds wrong with the page on screen, in words. */
export async function faultsOf({ page }: Editor): Promise<readonly string[]> {
  const frame = await webviewFrame(page);
  if (!await frame.evaluate<boolean>('"axe" in globalThis')) await frame.evaluate(axe);
  return frame.evaluate<string[]>('axe.run(document).then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(" | ")}`))');
}
