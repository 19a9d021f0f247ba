import assert from 'node:assert/strict';
import path from 'node:path';
import { fileKindOf, recipeNameOf, recipePath } from '../../../../src/core/model/promptFile.ts';
import { ShippedPrompts } from '../../../../src/host/prompts/shippedPrompts.ts';
import { kindWords, purposeOf, titleIn } from '../../../../src/host/prompts/shippedWords.ts';

const shipped = new ShippedPrompts(path.resolve(import.meta.dirname, '../../../../prompts'));

describe('what is said of shipped files', () => {
  it('says of each what it is for, and of no two of a kind the same', async () => {
    const said = [...await shipped.files()].map(([name, text]) => [name, `${kindWords[fileKindOf(name) ?? assert.fail(name)]}: ${purposeOf(name, text) ?? ''}`] as const);
    assert.ok(said.length > 20);
    assert.deepEqual(said.filter(([, words]) => /: $/.test(words)), []);
    assert.equal(new Set(said.map(([, words]) => words)).size, said.length);
  });

  it('takes the words of a recipe from the recipe, whether its description is one line or several', async () => {
    const text = (name: string): Promise<string> => shipped.files().then(files => files.get(recipePath(name)) ?? '');
    assert.match(purposeOf(recipePath('without-hints'), await text('without-hints')) ?? '', /^Without hints\. An ablation\. Tasks that no path solved/);
    assert.match(purposeOf(recipePath('regenesis'), await text('regenesis')) ?? '', /^ReGenesis\. One reasoning path for each of 25 guidelines/);
    assert.equal(titleIn('extends: regenesis\n# title: not yet\n'), undefined);
  });

  it('knows a recipe by its place', () => {
    assert.equal(recipeNameOf('own/own.rgrecipe.yaml'), 'own');
    for (const other of ['own/other.rgrecipe.yaml', 'own.rgrecipe.yaml', 'own/own.yaml', 'own/own/own.rgrecipe.yaml']) assert.equal(recipeNameOf(other), undefined, other);
    assert.deepEqual(['a/b.rgprompt', 'partials/b.rgprompt', 'guidelines/b.yaml', 'a/a.rgrecipe.yaml'].map(fileKindOf), ['prompt', 'partial', 'guidelines', 'recipe']);
  });
});
