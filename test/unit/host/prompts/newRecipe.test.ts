import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sha256 } from '../../../../src/adapters/hash.ts';
import { recipePath } from '../../../../src/core/model/promptFile.ts';
import { loadRecipe } from '../../../../src/core/recipes/loadRecipe.ts';
import { recipeNames } from '../../../../src/core/recipes/recipeFile.ts';
import { recipeNameProblem, recipeText } from '../../../../src/host/prompts/newRecipe.ts';
import { shippedPrompts } from '../../../support/promptFiles.ts';

const shipped = shippedPrompts();
const load = (name: string, text: string, over: readonly (readonly [string, string])[] = []) => loadRecipe({ name, files: new Map([...shipped, ...over, [recipePath(name), text]]), hash: sha256 });

/** The same with every line of the hints in force. */
const withHints = (text: string): string => text.replaceAll(/^# (?=seed|guidelines|stages| {2}|select|hints|description)/gm, '');

describe('a new recipe', () => {
  for (const base of recipeNames(shipped)) {
    it(`does what ${base} does, under its own name`, () => {
      const { recipe, problems } = load('my-recipe', recipeText('my-recipe', base));
      assert.deepEqual(problems, []);
      const { id: _id, name, title, files: _files, rounds, ...others } = recipe ?? assert.fail('no recipe');
      const { id: _baseId, name: _baseName, title: _baseTitle, files: _baseFiles, rounds: baseRounds, ...baseOthers } = loadRecipe({ name: base, files: shipped, hash: sha256 }).recipe ?? assert.fail('no base');
      assert.deepEqual([name, title, others], ['my-recipe', 'My recipe', baseOthers]);
      assert.equal(JSON.stringify(rounds), JSON.stringify(baseRounds));
    });

    it(`hints at nothing that could not be put in force on ${base}`, () => {
      const text = withHints(recipeText('my-recipe', base));
      const { recipe, problems } = load('my-recipe', text);
      assert.deepEqual(problems, []);
      assert.deepEqual([recipe?.seed, recipe?.perTask, recipe?.rounds[2], recipe?.description], [2, 3, undefined, 'what it is for']);
      assert.equal(recipe?.rounds[1].chain.at(-1)?.sampling.temperature, 0.6);
      assert.ok((recipe.rounds[1].guidelines.length) < 25);
    });
  }

  it('loads under every name that is allowed, and on every base that has one', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9]{1,8}$/);
    const name = fc.array(fc.oneof(word, fc.constantFrom('true', 'false', 'null', 'Null', '1', '0x1f', '1e3', 'off', 'no')), { minLength: 1, maxLength: 3 }).map(words => words.join('-'))
      .filter(each => recipeNameProblem(each, recipeNames(shipped)) === undefined);
    fc.assert(fc.property(name, name, (own, base) => {
      fc.pre(own.toLowerCase() !== base.toLowerCase());
      const over = [[recipePath(base), recipeText(base, 'regenesis')]] as const;
      const { recipe, problems } = load(own, recipeText(own, base), over);
      assert.deepEqual(problems, []);
      assert.equal(recipe?.name, own);
    }), { numRuns: 60 });
  });

  it('has a name of letters, digits and hyphens that nothing else below prompts/ has', () => {
    const taken = ['regenesis', 'partials', 'Mine'];
    for (const name of ['mine-2', 'a', '7', 'Fewer-Guidelines']) assert.equal(recipeNameProblem(name, taken), undefined, name);
    for (const name of ['', ' ', 'a b', 'a/b', '..', 'a.b', 'ä', '-a', 'a-', 'a--b', 'a_b', 'a\n', 'a'.repeat(61)]) assert.equal(typeof recipeNameProblem(name, taken), 'string', name);
    for (const name of ['regenesis', 'ReGenesis', 'partials', 'mine']) assert.match(recipeNameProblem(name, taken) ?? '', /already/, name);
  });
});
