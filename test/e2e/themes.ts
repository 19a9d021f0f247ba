import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { webviewFrame } from '../vscode/browser.ts';
import type { Editor } from './editor.ts';
import { takePicture } from './pictures.ts';

const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');
const themes = [['Light Modern', '.vs', 'light'], ['Default High Contrast', '.hc-black', 'contrast'], ['Dark Modern', '.vs-dark', 'dark']] as const;

/** Pictures of the page on screen in every theme, each looked over by axe; the dark one stays. */
export async function picturesInThemes(editor: Editor, name: string): Promise<void> {
  fs.mkdirSync(editor.file('.vscode'), { recursive: true });
  for (const [theme, look, word] of themes) {
    fs.writeFileSync(editor.file('.vscode/settings.json'), JSON.stringify({ 'workbench.colorTheme': theme }));
    await editor.page.locator(`.monaco-workbench${look}`).waitFor();
    await takePicture(editor.page, `${name}-${word}`);
    const frame = await webviewFrame(editor.page);
    await frame.evaluate(axe);
    const violations = await frame.evaluate('axe.run(document).then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.target.join(" ")).join(", ")}`))');
    assert.deepEqual(violations, [], `${name} in ${theme}`);
  }
}
