import assert from 'node:assert/strict';
import { symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkShape, errorShape } from '../../support/commandShapes.ts';
import { readObject, Workshop } from '../../support/commandLine.ts';

const prompts = path.resolve(import.meta.dirname, '../../../prompts');
const right = '---\nstage: path\n---\n{{ task.question }}{% if structure %}{{ structure.text }}{% else %}{{ adapted.text }}{% endif %}{% if hint %}{{ hint.answer }}{% endif %}\\boxed{}\n';

describe('check', function () {
  this.timeout(60_000);
  let shop: Workshop;
  beforeEach(() => { shop = new Workshop(); });
  afterEach(() => shop.close());

  it('finds nothing in the prompts that ship', async () => {
    const { files, problems } = await shop.json(checkShape, ['check', prompts]);
    assert.deepEqual(problems, []);
    assert.equal(files, 32);
    const { code, out, said } = await shop.run(['check', prompts]);
    assert.deepEqual([code, out, said], [0, '', '32 files: no problems\n']);
  });

  it('names file, line, column and code of each problem, as programs and as people read it', async () => {
    shop.write('.regenesis/prompts/mine/mine.rgrecipe.yaml', 'extends: regenesis\ntitle: Mine\n');
    shop.write('.regenesis/prompts/mine/path.rgprompt', right.replace('\n{{ task.question', '\r\n💡 {{ task.qestion'));
    const { files, problems } = await shop.json(checkShape, ['check', '.'], 1);
    assert.equal(files, 2);
    assert.deepEqual(problems.map(({ message: _, ...place }) => place), [
      { file: path.join('.regenesis/prompts/mine/mine.rgrecipe.yaml'), line: 1, column: 10, endLine: 1, endColumn: 19, severity: 'error', code: 'recipe.prompt' },
      { file: path.join('.regenesis/prompts/mine/path.rgprompt'), line: 4, column: 7, endLine: 4, endColumn: 19, severity: 'error', code: 'variable.unknown' },
    ]);
    const { code, out, said } = await shop.run(['check', '.regenesis/prompts/mine/path.rgprompt']);
    assert.deepEqual([code, out, said], [1, '.regenesis/prompts/mine/path.rgprompt:4:7: variable.unknown The path stage has no variable task.qestion; did you mean task.question?\n', '1 file: 1 error, 0 warnings\n']);
  });

  it('says that a prompt stands in the place of one that is asked for something else', async () => {
    shop.write('.regenesis/prompts/evaluate/evaluate.rgprompt', right);
    shop.write('.regenesis/prompts/regenesis/path.rgprompt', '---\nstage: evaluate\n---\n{{ task.question }}\\boxed{}\n');
    const { code, out } = await shop.run(['check', '.regenesis']);
    const [evaluate, path, ...others] = out.split('\n');
    assert.match(evaluate ?? '', /^\.regenesis\/prompts\/evaluate\/evaluate\.rgprompt:2:8: frontmatter\.invalid Evaluations ask with this file, which must be of the stage evaluate, not of path\. Write `stage: evaluate`/);
    assert.match(path ?? '', /^\.regenesis\/prompts\/regenesis\/path\.rgprompt:2:8: recipe\.prompt In the recipes .*regenesis.*: It stands where the path stage is asked, and is a prompt of evaluate\. Write `stage: path`/);
    assert.deepEqual([code, others], [1, ['']]);
  });

  it('ends with 0 where there are only warnings', async () => {
    shop.write('path.rgprompt', right.replace('\\boxed{}', ''));
    const { problems } = await shop.json(checkShape, ['check', 'path.rgprompt']);
    assert.deepEqual(problems.map(({ severity, code }) => [severity, code]), [['warning', 'output.no-box']]);
  });

  it('checks a recipe beside its prompts as a run by its path finds them', async () => {
    shop.write('own/eight.rgrecipe.yaml', 'extends: regenesis\ntitle: Eight\nstages: { path: { prompt: mine.rgprompt } }\n');
    shop.write('own/mine.rgprompt', right);
    assert.deepEqual((await shop.json(checkShape, ['check', 'own'])).problems, []);
    shop.write('own/mine.rgprompt', right.replace('stage: path', 'stage: path\nvariables: [task.answerKind]'));
    const { problems } = await shop.json(checkShape, ['check', 'own/eight.rgrecipe.yaml', 'own'], 1);
    assert.deepEqual(problems.map(({ file, code }) => [file, code]), [[path.join('own/eight.rgrecipe.yaml'), 'recipe.prompt'], [path.join('own/mine.rgprompt'), 'variable.missing']]);
  });

  it('says of a file that a run would refuse to read why it would', async () => {
    shop.write('.regenesis/prompts/mine/path.rgprompt', right);
    const folder = shop.file('.regenesis/prompts/mine');
    writeFileSync(path.join(folder, 'latin.rgprompt'), Uint8Array.of(0x66, 0xfc));
    writeFileSync(path.join(folder, 'large.rgprompt'), 'x'.repeat(2 ** 20 + 1));
    symlinkSync(path.join(prompts, 'regenesis/path.rgprompt'), path.join(folder, 'link.rgprompt'));
    const { files, problems } = await shop.json(checkShape, ['check', '.'], 1);
    assert.equal(files, 4);
    assert.deepEqual(problems.map(({ file, code }) => [path.basename(file), code]), ['large', 'latin', 'link'].map(name => [`${name}.rgprompt`, 'file-unreadable']));
  });

  it('says of one file too that another keeps every run from beginning', async () => {
    shop.write('.regenesis/prompts/mine/path.rgprompt', right);
    shop.write('own/path.rgprompt', right);
    symlinkSync(path.join(prompts, 'regenesis/adapt.rgprompt'), shop.file('.regenesis/prompts/mine/adapt.rgprompt'));
    for (const file of ['.regenesis/prompts/mine/path.rgprompt', 'own/path.rgprompt']) {
      const { code, out } = await shop.run(['check', file]);
      assert.equal(code, 1);
      assert.match(out, /^\.regenesis\/prompts\/mine\/adapt\.rgprompt:1:1: file-unreadable .* leads out of .*\n$/);
    }
  });

  it('exits with 1 where a partial shows the path stage what it may not see', async () => {
    shop.write('.regenesis/prompts/mine/path.rgprompt', right.replace('{{ task', '{% include "partials/g.rgprompt" %}{{ task'));
    shop.write('.regenesis/prompts/partials/g.rgprompt', '{{ guideline.text }}');
    const { code, out } = await shop.run(['check', '.regenesis/prompts/mine/path.rgprompt']);
    assert.equal(code, 1);
    assert.match(out, /^\.regenesis\/prompts\/mine\/path\.rgprompt:4:12: variable\.forbidden This prompt cannot run: partials\/g\.rgprompt:1:4: /);
  });

  it('begins no line with what a file is named or says', async () => {
    shop.write('a\n::stop-commands::x\n/path.rgprompt', right.replace('structure.text', 'structure.txt'));
    shop.write('m/m.rgrecipe.yaml', 'extends: "x\\n::stop-commands::y"\n');
    const { code, out } = await shop.run(['check', '.']);
    assert.equal(code, 1);
    assert.match(out, /stop-commands::x/);
    assert.match(out, /stop-commands::y/);
    assert.doesNotMatch(out, /^(?:::|\/path)/m);
  });

  it('passes over what is none of ours, and says so where there is nothing else', async () => {
    shop.write('site/config.yaml', 'a: 1');
    shop.write('site/node_modules/x/path.rgprompt', 'x');
    shop.write('empty/readme.txt', 'x');
    symlinkSync('round.rgprompt', shop.file('round.rgprompt'));
    for (const [words, code, says] of [
      [['site'], 2, /no prompt, recipe or file of guidelines in site/], [['empty'], 2, /in empty/], [['none.rgprompt'], 2, /no file or folder none\.rgprompt/],
      [['round.rgprompt'], 1, /round\.rgprompt cannot be read: /], [['site/config.yaml'], 2, /site\/config\.yaml is none of ours/], [['empty/readme.txt'], 2, /none of ours/], [[], 2, /Something is missing/],
    ] as const) {
      const ended = await shop.run(['check', ...words, '--json']);
      assert.deepEqual([ended.code, says.test(ended.said)], [code, true], ended.said);
      assert.ok(readObject(errorShape, ended.out).error.message.length > 0);
    }
  });
});
