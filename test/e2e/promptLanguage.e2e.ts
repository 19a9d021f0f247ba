import fs from 'node:fs';
import path from 'node:path';
import { Editor } from './editor.ts';
import { screenInThemes } from './themes.ts';

const prompt = `---
stage: path
description: Works the plan out, and ends with an answer that can be read.
sampling: { temperature: 0.7, stop: ["###"] }
---
{# The model never sees this. #}
{% include "partials/task.rgprompt" %}


### What to do
Work through the plan **step by step**, and say for each step why it holds.
{% for step in structure.steps %}
{{ loop.index }}. {{ step | trim }}
{% endfor %}
{% if hint is defined and not task.answerKind == "yesno" %}
In confidence: the answer is {{ hint.answer }}.
{% endif %}
Kind of answer: {{ task.anserKind | uper }}

`;
const output = '1. Add the books: $12 + 7 = 19$.\n2. Nothing is taken away, so **all** of them stay.\nStep 3: the shelf then holds \\boxed{19} books.\n\n\\[ \\frac{19}{1} = 19 \\]\n';

/** A prompt in the editor with highlighting, a squiggle and a completion, and an output beside, in every theme. */
describe('a prompt in the editor', function () {
  this.timeout(90_000);
  let editor: Editor;

  before(async () => {
    editor = await Editor.open({}, folder => {
      const own = path.join(folder, '.regenesis/prompts/mine');
      fs.mkdirSync(own, { recursive: true });
      fs.writeFileSync(path.join(own, 'path.rgprompt'), prompt);
      fs.writeFileSync(path.join(folder, 'answer.rgoutput'), output);
    });
  });

  after(() => editor.close());

  afterEach(function () {
    return editor.pictureOfFailure(this.currentTest, 'prompt-language');
  });

  it('is coloured, checked and completed while it is written', async () => {
    const { page } = editor;
    await page.getByRole('treeitem', { name: /regenesis/ }).click();
    await page.getByRole('treeitem', { name: 'path.rgprompt' }).dblclick();
    await page.locator('.squiggly-error').first().waitFor();
    await page.locator('.view-lines').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('It is about {{ task.');
    const suggested = page.locator('.suggest-widget').getByRole('option', { name: /question/ }).first();
    await suggested.waitFor();
    await screenInThemes(editor, 'prompt', async () => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+Space');
      await suggested.waitFor();
    });
    await page.keyboard.press('Enter');
    await page.locator('.view-line').filter({ hasText: /task\.question\}\}/ }).waitFor();
  });

  it('shows what a model wrote with its steps, formulas and answer', async () => {
    await editor.page.keyboard.press('Control+s');
    await editor.openFile('answer.rgoutput');
    await editor.page.locator('.view-line').filter({ hasText: /shelf.then.holds/ }).waitFor();
    await screenInThemes(editor, 'output');
  });
});
