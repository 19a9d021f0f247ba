import assert from 'node:assert/strict';
import { CodeLenses } from '../../../src/promptLanguage/codeLenses.ts';
import { Documents } from '../../../src/promptLanguage/documents.ts';
import type { ProjectFacts, PromptWorkspace, Staleness } from '../../../src/promptLanguage/workspace.ts';
import { cursorPrompts } from '../../support/cursorPrompts.ts';

const prompt = '---\nstage: path\n---\n{{ task.question }}';
const of = async (path: string, text: string, project?: ProjectFacts) => {
  const { documents, workspace, uri } = cursorPrompts({ [path]: text }, project ? { project } : {});
  return { uri, lenses: await new CodeLenses(documents, workspace).of(uri, new AbortController().signal) };
};
const titles = async (path: string, text: string, project?: ProjectFacts) => (await of(path, text, project)).lenses.map(({ command }) => command?.title);
const knows = (staleness: Staleness | undefined): ProjectFacts => ({ values: async () => undefined, staleness: async () => staleness, budget: async () => undefined });
const stale = (answers: number): ProjectFacts => knows({ answers, byStage: [{ stage: 'path', answers }], calls: answers });
const own = ['Preview with Task', 'Try on Sample…', 'Run on This Task'];

describe('what stands at the head of a file', () => {
  it('of a prompt is what can be done with it, each on that file', async () => {
    const { uri, lenses } = await of('own/own.rgprompt', prompt);
    const commands = [['regenesis.prompt.preview', [uri]], ['regenesis.prompt.try', [uri]], ['regenesis.prompt.run', [uri]]];
    assert.deepEqual(lenses, own.map((title, index) => ({
      range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, command: { title, command: commands[index]?.[0], arguments: commands[index]?.[1] },
    })));
  });

  for (const [answers, title] of [[0, 'No answer becomes stale'], [1, '1 answer would become stale'], [12_345, '12,345 answers would become stale']] as const) {
    it(`says that ${title}`, async () => {
      const { lenses } = await of('own/own.rgprompt', prompt, stale(answers));
      assert.deepEqual(lenses.map(({ command }) => command?.title), [...own, title]);
      assert.equal(lenses.at(-1)?.command?.command, 'regenesis.prompt.preview');
    });
  }

  it('says which answers, and what asking anew takes', async () => {
    const { lenses } = await of('own/own.rgprompt', prompt, knows({ answers: 1_500, byStage: [{ stage: 'path', answers: 1_000 }, { stage: 'judge', answers: 500 }], calls: 1_500 }));
    assert.equal(lenses.at(-1)?.command?.tooltip, 'path: 1,000, judge: 500. Asking them anew takes 1,500 calls.');
  });

  it('says nothing of what is not known or cannot be had', async () => {
    assert.deepEqual(await titles('own/own.rgprompt', prompt, knows(undefined)), own);
    assert.deepEqual(await titles('own/own.rgprompt', prompt, { ...knows(undefined), staleness: async () => { throw new Error('gone'); } }), own);
  });

  it('of a prompt of evaluations evaluates a model, and neither tries nor runs it', async () => {
    const evaluates = ['Preview with Task', 'Evaluate Model…'];
    const { lenses } = await of('own/own.rgprompt', prompt.replace('path', 'evaluate'), knows({ answers: 20, byStage: [{ stage: 'evaluate', answers: 20 }], calls: 20 }));
    assert.deepEqual(lenses.map(({ command }) => command?.title), [...evaluates, '20 answers would become stale']);
    assert.deepEqual(lenses.map(({ command }) => command?.command), ['regenesis.prompt.preview', 'regenesis.evaluation.start', 'regenesis.prompt.preview']);
    assert.deepEqual(await titles('evaluate/evaluate.rgprompt', prompt), [...evaluates, 'Compare with Shipped'], 'whatever stage it says');
  });

  it('of a file that took the place of a shipped one compares the two', async () => {
    const { uri, lenses } = await of('regenesis/path.rgprompt', prompt);
    assert.deepEqual(lenses.at(-1)?.command, { title: 'Compare with Shipped', command: 'regenesis.prompt.compare', arguments: [uri] });
    assert.deepEqual(await titles('partials/task.rgprompt', '{{ task.question }}'), ['Compare with Shipped']);
    assert.deepEqual(await titles('guidelines/library.yaml', 'guidelines: []'), ['Compare with Shipped']);
  });

  it('of a recipe runs that recipe', async () => {
    const { uri, lenses } = await of('own/own.rgrecipe.yaml', 'extends: regenesis');
    assert.deepEqual(lenses.map(({ command }) => command), [{ title: 'Run Pipeline', command: 'regenesis.prompt.run', arguments: [uri] }]);
    assert.deepEqual(await titles('own/other.rgrecipe.yaml', 'extends: regenesis'), []);
    assert.deepEqual(await titles('regenesis/regenesis.rgrecipe.yaml', 'title: x', stale(3)), ['Run Pipeline', '3 answers would become stale', 'Compare with Shipped']);
  });

  it('of a partial has words that do nothing, since it has no preview', async () => {
    const { lenses } = await of('partials/own.rgprompt', 'x', stale(3));
    assert.deepEqual(lenses.map(({ command }) => [command?.title, command?.command, command?.arguments]), [['3 answers would become stale', '', undefined]]);
  });

  it('is nothing for a file that no project can use, and everything for one that ships', async () => {
    const { documents, workspace } = cursorPrompts({ 'own/own.rgprompt': prompt });
    const moved = (from: string): PromptWorkspace => ({ ...workspace, placeOf: uri => workspace.placeOf(uri.replace(from, 'file:///some/.regenesis/prompts/')) });
    const lensesIn = (folder: string, path: string) => new CodeLenses(new Documents(moved(folder)), {}).of(folder + path, new AbortController().signal);
    assert.deepEqual(await lensesIn('file:///some/experiment/', 'own/own.rgprompt'), []);
    assert.equal((await lensesIn('regenesis-shipped:/', 'regenesis/path.rgprompt')).length, 3);
    assert.equal((await new CodeLenses(documents, {}).of('file:///some/.regenesis/prompts/own/own.rgprompt', new AbortController().signal)).length, 3);
  });

  it('stands there whatever the text', async () => {
    assert.deepEqual(await titles('own/own.rgprompt', '---\nstage: path\n{{ \ufeff\0'), own);
    assert.deepEqual(await titles('own/own.rgprompt', ''), own.slice(0, 2), 'without a stage there is nothing to run');
    assert.deepEqual(await titles('notes/own.txt', ''), []);
  });
});
