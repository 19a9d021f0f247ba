import assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { errorShape, statusShape } from '../../support/commandShapes.ts';
import { readObject, Workshop, type LoggedServer } from '../../support/commandLine.ts';

const shipped = (file: string): string => readFileSync(path.resolve(import.meta.dirname, '../../../prompts', file), 'utf8');

interface Broken {
  readonly what: string;
  readonly file: string;
  readonly text: string;
  /** The place and the code, as the message has them. */
  readonly says: string;
}

/** A shipped file with one part replaced, and where that part stands in it. */
function edited(what: string, file: string, edit: { readonly from: string; readonly to: string; readonly code: string; readonly at?: string }): Broken {
  const text = shipped(file).replace(edit.from, edit.to);
  assert.notEqual(text, shipped(file), `${edit.from} stands in ${file}`);
  const before = text.slice(0, text.indexOf(edit.at ?? edit.to));
  const line = before.split('\n').length;
  return { what, file, text, says: `${file}:${line}:${before.length - before.lastIndexOf('\n')}: ${edit.code}` };
}

const broken: readonly Broken[] = [
  edited('an unknown variable in a prompt', 'regenesis/path.rgprompt', { from: '{{ structure.text }}', to: '{{ structure.txt }}', at: 'structure.txt', code: 'variable.unknown' }),
  edited('a variable that the stage may not see', 'regenesis/path.rgprompt', { from: '### Plan', to: '### Plan {{ guideline.text }}', at: 'guideline.text', code: 'variable' }),
  edited('a block that is not closed', 'partials/adapt-rules.rgprompt', { from: '{% endif %}', to: '', at: '{% if hint %}', code: 'block.unclosed' }),
  edited('a construct outside the subset', 'regenesis/structure.rgprompt', { from: '### What to do', to: '{% macro f() %}', code: '' }),
  edited('an unknown key in the front matter', 'regenesis/adapt.rgprompt', { from: 'output: text', to: 'outputs: text', code: 'frontmatter.unknown-key' }),
  edited('a partial that is not there', 'regenesis/structure.rgprompt', { from: 'partials/task.rgprompt', to: 'partials/tusk.rgprompt', at: '"partials/tusk', code: '' }),
  edited('an unknown key in a recipe', 'regenesis/regenesis.rgrecipe.yaml', { from: 'temperature: 0.85', to: 'temprature: 0.85', code: 'recipe.unknown-key' }),
  edited('a value that a recipe may not have', 'regenesis/regenesis.rgrecipe.yaml', { from: 'perTask: 5', to: 'perTask: many', at: 'many', code: 'recipe.invalid' }),
  edited('filters in the wrong order', 'regenesis/regenesis.rgrecipe.yaml', { from: '[finish, refusal, placeholder', to: '[refusal, finish, placeholder', at: 'finish, placeholder', code: 'recipe.filters' }),
  edited('a guideline that is there twice', 'guidelines/library.yaml', { from: 'id: list-ideas', to: 'id: design-experiment', at: 'design-experiment\n    title: List', code: 'guideline.duplicate' }),
];

describe('a prompt or recipe of one\'s own that cannot be run', function () {
  this.timeout(60_000);
  const shop = new Workshop();
  let server: LoggedServer;
  before(async () => {
    server = await shop.demoServer();
    await shop.succeed('init', 'empty', '--sample');
  });
  after(() => shop.close());

  broken.forEach(({ what, file, text, says }, index) => {
    it(`${what}: file, line and column, before anything is asked`, async () => {
      shop.write(`case-${index}/.regenesis/prompts/${file}`, text);
      copyFileSync(shop.file('empty.regenesis'), shop.file(`case-${index}/p.regenesis`));
      const ended = await shop.run(['run', `case-${index}/p`, '--server', server.url, '--json']);
      assert.equal(ended.code, 1);
      const { error } = readObject(errorShape, ended.out);
      assert.equal(error.code, 'recipe-invalid');
      assert.ok(error.message.split('\n').some(line => line.startsWith(says)), `${says}\nis not in\n${error.message}`);
      assert.equal(server.log(), '', 'not a single request');
    });
  });

  it('stages that do not fit together, in a recipe file of one\'s own', async () => {
    shop.write('own/flat.rgrecipe.yaml', 'extends: regenesis\nstages:\n  adapt: off\n  structure: off\n');
    const { code, said } = await shop.run(['plan', 'empty', '--server', server.url, '--recipe', 'own/flat.rgrecipe.yaml']);
    assert.equal(code, 1);
    assert.match(said, /\n\/.*\/own\/flat\.rgrecipe\.yaml:3:3: recipe\.stages .*keep adapt or structure/);
    const gone = await shop.run(['run', 'empty', '--server', server.url, '--recipe', 'own/gone.rgrecipe.yaml']);
    assert.equal(gone.code, 2);
    assert.match(gone.said, /There is no recipe .*gone\.rgrecipe\.yaml/);
    assert.equal(server.log(), '');
    assert.equal((await shop.json(statusShape, ['status', 'empty'])).run, null);
  });
});
