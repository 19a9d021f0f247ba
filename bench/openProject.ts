import path from 'node:path';
import type { Editor } from '../test/e2e/editor.ts';
import { runCommand, webview } from '../test/vscode/browser.ts';
import { makeProject, msFromEnterToRow, withWindow } from './inWindow.ts';
import { atMost, median, rounded, type Benchmark } from './record.ts';
import { withFolder } from './rig.ts';

/** Each project is opened so often; the first time only warms everything up. */
const times = 6;

/** From the key that opens a project file to its first tasks on screen, the start of an engine included. */
async function opened(editor: Editor, name: string): Promise<number> {
  await editor.page.keyboard.press('Control+p');
  await editor.page.locator('.quick-input-widget input').first().fill(name);
  await editor.page.locator('.quick-input-list').getByRole('option', { name: `${name},` }).first().waitFor();
  return msFromEnterToRow(editor, /^Task /);
}

async function openMs(editor: Editor, project: string): Promise<number> {
  const ms = await opened(editor, path.basename(project));
  await webview(editor.page).getByRole('heading').first().waitFor(); // the page takes the focus when it is there, and a palette that is open would close
  await editor.command('Close Project');
  await editor.welcome('Try the Demo').first().waitFor();
  await runCommand(editor.page, 'View: Close All Editors');
  return ms;
}

/** From the key that sets a filter to the one task that it leaves: the last of all, so that every question has to be read. */
async function filterMs(editor: Editor, last: number): Promise<number> {
  await editor.command('Filter…');
  const box = editor.page.locator('.quick-input-widget').filter({ hasText: 'Filter Tasks' }).locator('input[type=text]').first();
  await box.fill(`shipment ${last}:`);
  const ms = await msFromEnterToRow(editor, new RegExp(`^Task Shipment ${last}:`));
  await editor.command('Clear Filter');
  await editor.row(/^Task Shipment 0:/).waitFor();
  return ms;
}

/** How soon one task of 100,000 is found by its words: the median of some times. */
export const filterBenchmark: Benchmark = {
  names: ['filter.100k'],
  async *run({ sized }) {
    const tasks = sized(100_000, 1_000);
    const ms = await withFolder(async folder => withWindow([await makeProject(folder, 'large', tasks)], async editor => {
      await opened(editor, 'large.regenesis');
      const measured: number[] = [];
      for (let time = 0; time < sized(times, 2); time += 1) measured.push(await filterMs(editor, tasks - 1));
      return median(measured.slice(1));
    }));
    yield { name: 'filter.100k', value: rounded(ms / 1000, 3), unit: 's', goal: atMost(1) };
  },
};

/** How much longer it takes to see a project with 100,000 tasks than one with 100: medians, by turns in one window. */
export const openProjectBenchmark: Benchmark = {
  names: ['open.100k.over.100', 'open.100k.ms'],
  async *run({ sized }) {
    const [largeMs, smallMs] = await withFolder(async folder => {
      const projects = [await makeProject(folder, 'large', sized(100_000, 1_000)), await makeProject(folder, 'small', 100)];
      return withWindow(projects, async editor => {
        const measured = projects.map((): number[] => []);
        for (let time = 0; time < sized(times, 2); time += 1) {
          for (const [index, project] of projects.entries()) {
            const ms = await openMs(editor, project);
            if (time > 0) measured[index]?.push(ms);
          }
        }
        return measured.map(median);
      });
    });
    yield { name: 'open.100k.over.100', value: rounded((largeMs ?? NaN) / (smallMs ?? NaN), 3), unit: 'ratio', goal: atMost(1.5) };
    yield { name: 'open.100k.ms', value: rounded(largeMs ?? NaN, 0), unit: 'ms', goal: null };
  },
};
