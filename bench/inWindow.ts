import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { Editor } from '../test/e2e/editor.ts';
import { withEngine } from './engine.ts';
import { writeQuestions } from './questions.ts';
import { createProject } from './rig.ts';

/** Makes a project with so many tasks. */
export async function makeProject(folder: string, name: string, tasks: number): Promise<string> {
  const own = path.join(folder, name);
  mkdirSync(own);
  const project = path.join(own, `${name}.regenesis`);
  const { imported } = await writeQuestions(own, tasks);
  await withEngine(project, engine => createProject(engine, project, imported));
  return project;
}

/** Gives a window with the packaged extension, on a folder with copies of some projects, to some work. Engines leave with their last client. */
export async function withWindow<Result>(projects: readonly string[], work: (editor: Editor) => Promise<Result>): Promise<Result> {
  const editor = await Editor.open({ environment: { REGENESIS_IDLE_MS: '0' } }, folder => { for (const file of projects) copyFileSync(file, path.join(folder, path.basename(file))); });
  try {
    await editor.showView();
    return await work(editor);
  } finally {
    await editor.close();
  }
}

/** Presses Enter. @returns after how many milliseconds, by the page's own clock, a row of the tree that a screen reader would read so was drawn */
export async function msFromEnterToRow({ page }: Editor, words: RegExp): Promise<number> {
  // it has to listen before the key is pressed
  await page.evaluate(`globalThis.watchedRow = new Promise(resolve => {
    const [words, rows] = [new RegExp(${JSON.stringify(words.source)}), '.sidebar [role=treeitem]'];
    let pressed;
    addEventListener('keydown', event => { if (event.key === 'Enter') pressed ??= event.timeStamp; }, { capture: true });
    const observer = new MutationObserver(() => {
      if (pressed === undefined || ![...document.querySelectorAll(rows)].some(row => words.test(row.getAttribute('aria-label') ?? ''))) return;
      observer.disconnect();
      requestAnimationFrame(() => { resolve(performance.now() - pressed); });
    });
    observer.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['aria-label'] });
  }); undefined`);
  await page.keyboard.press('Enter');
  return Number(await page.evaluate('globalThis.watchedRow'));
}
