import { webview } from '../vscode/browser.ts';
import { Editor } from './editor.ts';
import { takePicture } from './pictures.ts';

/** A newcomer who follows the walkthrough, and finds ticked off what was done. */
describe('the walkthrough', () => {
  let editor: Editor;

  const step = (title: string) => editor.page.locator('.getting-started-step').filter({ hasText: title });
  const ticked = (title: string) => step(title).locator('.codicon.complete');

  before(async () => {
    editor = await Editor.open();
  });

  after(() => editor.close());

  afterEach(function () {
    return editor.pictureOfFailure(this.currentTest, 'walkthrough');
  });

  it('opens from the palette, with nothing ticked off', async () => {
    await editor.showView();
    await editor.command('Get Started');
    await step('See it work, or name your server').getByRole('button', { name: 'Try the Demo' }).waitFor();
    await ticked('Make a project').waitFor({ state: 'detached' });
    await takePicture(editor.page, 'walkthrough-1-open');
  });

  it('ticks off what was done, and nothing else', async () => {
    await step('See it work').getByRole('button', { name: 'Try the Demo' }).click();
    await editor.row(/Project demo, \d+ tasks, simulation/).waitFor();
    await editor.tab(/demo\.regenesis/).waitFor(); // in front of the walkthrough
    await editor.command('Get Started');
    for (const title of ['See it work', 'Make a project', 'Import tasks']) await ticked(title).waitFor();
    for (const title of ['Run the pipeline', 'Look at what came out', 'Export and fine-tune']) await ticked(title).waitFor({ state: 'detached' });
    await takePicture(editor.page, 'walkthrough-2-demo');
  });

  it('shows a picture for each step where there is room', async () => {
    await editor.page.setViewportSize({ width: 1600, height: 900 });
    const pictures = [
      ['Make a project', 'another window'], ['Import tasks', 'questions.jsonl'], ['Run the pipeline', 'Pilot on 10'],
      ['Look at what came out', 'readable'], ['Export and fine-tune', 'train.chat.jsonl'], ['See it work', 'Guideline'],
    ] as const;
    for (const [index, [title, words]] of pictures.entries()) {
      await step(title).locator('.step-title').click();
      await webview(editor.page).locator('svg').getByText(words).waitFor();
      await takePicture(editor.page, `walkthrough-3-${index}`);
    }
  });

  it('ticks off a look at a task', async () => {
    await editor.row(/^Task /).click();
    await editor.tab(/^Task · .*\.md/).waitFor();
    await editor.command('Get Started');
    await ticked('Look at what came out').waitFor();
  });
});
