import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { parsePrompt } from '../../src/core/prompts/prompt.ts';
import { loadRecipe } from '../../src/core/recipes/loadRecipe.ts';
import { sha256 } from '../../src/adapters/hash.ts';
import { outputEnding, promptLanguages } from '../../src/host/manifest.ts';
import { grammarReader } from '../support/grammarTokens.ts';
import { shippedPrompts } from '../support/promptFiles.ts';

const root = path.resolve(import.meta.dirname, '../..');
const read = (name: string): string => fs.readFileSync(path.join(root, name), 'utf8');
const fileSchema = z.object({ path: z.string() });
const contributes = z.parse(z.object({ contributes: z.object({
  languages: z.array(z.object({ id: z.string(), configuration: z.optional(z.string()), extensions: z.optional(z.array(z.string())) })),
  grammars: z.array(z.extend(fileSchema, { language: z.string(), scopeName: z.string(), embeddedLanguages: z.optional(z.record(z.string(), z.string())) })),
  snippets: z.array(z.extend(fileSchema, { language: z.string() })),
}) }), JSON.parse(read('package.json'))).contributes;

/** The editor's own grammars are large, and not here: of YAML and Markdown as much as shows where they are in charge. `test/host/language.ts` looks at all of them together. */
const stubs: Readonly<Record<string, object>> = {
  'source.yaml': { scopeName: 'source.yaml', patterns: [{ match: '^[ -]*[\\w.-]+(?=:)', name: 'entity.name.tag.yaml' }, { match: '#.*$', name: 'comment.line.yaml' }] },
  'text.html.markdown': {
    scopeName: 'text.html.markdown',
    patterns: [{ match: '^#+ .*$', name: 'markup.heading.markdown' }, { begin: '^(?=\\S)', while: '^(?=\\S)', name: 'meta.paragraph.markdown', patterns: [{ include: '#inline' }] }],
    repository: { inline: { patterns: [{ begin: '\\*\\*', end: '\\*\\*', name: 'markup.bold.markdown' }] } },
  },
};

const readTokens = grammarReader(root, contributes.grammars, scope => JSON.stringify(stubs[scope] ?? { scopeName: scope, patterns: [] }));

/** Each word or sign of a text with its innermost scope. */
const tokens = async (language: string, text: string): Promise<readonly string[]> =>
  (await readTokens(language, text)).map(({ words, scopes }) => `${words} ${scopes.at(-1)?.replace(/\.regenesis-\w+$/, '') ?? ''}`);

describe('the grammar of prompts', () => {
  const of = (text: string) => tokens('regenesis-prompt', text);

  it('reads the head as YAML, to its very end', async () => {
    assert.deepEqual(await of('---\nstage: path # so\ndescription: |\n  {{ no tag }}\n  # no heading\n---\n# Plan'), [
      '--- punctuation.definition.begin.frontmatter', 'stage entity.name.tag.yaml', ': path meta.embedded.block.frontmatter', '# so comment.line.yaml',
      'description entity.name.tag.yaml', ': | meta.embedded.block.frontmatter', '{{ no tag }} meta.embedded.block.frontmatter', '# no heading comment.line.yaml',
      '--- punctuation.definition.end.frontmatter', '# Plan markup.heading.markdown',
    ]);
  });

  it('knows a partial, which has none', async () => {
    assert.deepEqual(await of('# Task\n---\nstage: path'), ['# Task markup.heading.markdown', '--- meta.paragraph.markdown', 'stage: path meta.paragraph.markdown']);
  });

  it('marks every part of an output', async () => {
    assert.deepEqual(await of('{{- task.question | replace("a\\n", \'b\\q\') -}}'), [
      '{{- punctuation.definition.template-expression.begin', 'task variable.other.readwrite', '. punctuation.accessor', 'question variable.other.property', '| keyword.operator.pipe', 'replace support.function.filter',
      '( meta.tag', '" string.quoted.double', 'a string.quoted.double', '\\n constant.character.escape', '" string.quoted.double', ', meta.tag',
      "' string.quoted.single", 'b string.quoted.single', '\\q invalid.illegal.escape', "' string.quoted.single", ') meta.tag', '-}} punctuation.definition.template-expression.end',
    ]);
  });

  it('marks statements, and what is none', async () => {
    const statement = (words: readonly string[]) => ['{% punctuation.definition.template-expression.begin', ...words, '%} punctuation.definition.template-expression.end'];
    assert.deepEqual(await of('{% if hint is not defined and loop.index0 == 12 or true %}'), statement([
      'if keyword.control', 'hint variable.other.readwrite', 'is keyword.operator.logical', 'not keyword.operator.logical', 'defined support.function.test', 'and keyword.operator.logical',
      'loop variable.language.loop', '. punctuation.accessor', 'index0 variable.other.property', '== keyword.operator.comparison', '12 constant.numeric', 'or keyword.operator.logical', 'true constant.language',
    ]));
    assert.deepEqual(await of('{% for step in structure.steps %}'), statement(['for keyword.control', 'step variable.other.readwrite', 'in keyword.control', 'structure variable.other.readwrite', '. punctuation.accessor', 'steps variable.other.property']));
    for (const word of ['elif', 'else', 'endif', 'endfor']) assert.deepEqual(await of(`{% ${word} %}`), statement([`${word} keyword.control`]));
    assert.deepEqual(await of('{% include "partials/task.rgprompt" %}'), statement(['include keyword.control.include', '" string.quoted.double', 'partials/task.rgprompt string.quoted.double', '" string.quoted.double']));
    for (const word of ['set', 'macro', 'raw', 'block', 'endiffy']) assert.deepEqual(await of(`{% ${word} %}`), statement([`${word} invalid.illegal.statement`]));
  });

  it('marks tags wherever they stand in Markdown, and Markdown around them', async () => {
    assert.deepEqual(await of('So **{{ gold }}** ends\n{# a\n{{ b }} #}{% endif %} and **c**'), [
      'So meta.paragraph.markdown', '** markup.bold.markdown', '{{ punctuation.definition.template-expression.begin', 'gold variable.other.readwrite', '}} punctuation.definition.template-expression.end', '** markup.bold.markdown', 'ends meta.paragraph.markdown',
      '{# punctuation.definition.comment.begin', 'a comment.block', '{{ b }} comment.block', '#} punctuation.definition.comment.end',
      '{% punctuation.definition.template-expression.begin', 'endif keyword.control', '%} punctuation.definition.template-expression.end', 'and meta.paragraph.markdown', '** markup.bold.markdown', 'c markup.bold.markdown', '** markup.bold.markdown',
    ]);
  });

  it('finds a statement of the language in every tag of the shipped prompts', async () => {
    for (const [file, text] of shippedPrompts()) if (file.endsWith('.rgprompt')) assert.deepEqual((await of(text)).filter(each => each.includes('invalid')), [], file);
  });
});

describe('the grammars of recipes and outputs', () => {
  it('read recipes and guidelines as YAML', async () => {
    for (const language of ['regenesis-recipe', 'regenesis-guidelines']) assert.deepEqual(await tokens(language, 'extends: a # so'), ['extends entity.name.tag.yaml', '# so comment.line.yaml']);
  });

  it('mark steps, however they are numbered', async () => {
    for (const step of ['1.', '12)', '(3)', 'Step 4:', '  5.']) assert.deepEqual(await tokens('regenesis-output', `${step} Add`), [`${step.trim()} markup.heading.step`]);
    for (const none of ['1.5 litres', '2026 was', 'Steps are']) assert.ok(!(await tokens('regenesis-output', none)).some(each => each.includes('step')), none);
  });

  it('mark the answer in its box, whatever groups it holds', async () => {
    assert.deepEqual(await tokens('regenesis-output', 'It is \\boxed{\\frac{1}{2}} then'), [
      'It is meta.paragraph.markdown', '\\boxed keyword.control.answer', '{ punctuation.section.answer.begin', '\\frac support.function.latex', '{ markup.bold.answer', '1 constant.numeric', '} markup.bold.answer',
      '{ markup.bold.answer', '2 constant.numeric', '} markup.bold.answer', '} punctuation.section.answer.end', 'then meta.paragraph.markdown',
    ]);
  });

  it('mark formulas, and take no price for one', async () => {
    const formulas = ['$x + 1$', '\\( x \\)', '\\[ x \\]', '$$x$$'];
    for (const formula of formulas) assert.ok((await tokens('regenesis-output', `So ${formula} holds`)).some(each => each.endsWith('math.begin')), formula);
    assert.ok((await tokens('regenesis-output', '$\\boxed{7}$')).includes('\\boxed keyword.control.answer'));
    assert.deepEqual(await tokens('regenesis-output', 'It costs $5 or $6'), ['It costs $5 or $6 meta.paragraph.markdown']);
  });
});

describe('what the editor is told of the languages', () => {
  it('names each language of the contract, with files that are there', () => {
    const ids = contributes.languages.map(({ id }) => id);
    assert.deepEqual(ids, [...promptLanguages, 'regenesis-output']);
    assert.deepEqual(contributes.grammars.map(({ language }) => language), ids);
    assert.deepEqual(contributes.languages.at(-1)?.extensions, [`.${outputEnding}`]);
    for (const file of [...contributes.languages.flatMap(({ configuration = [] }) => configuration), ...contributes.grammars.map(each => each.path), ...contributes.snippets.map(each => each.path)]) JSON.parse(read(file));
  });

  it('offers snippets that pass the check, as they are before anything is typed', () => {
    const snippets = (language: string) => Object.entries(z.parse(z.record(z.string(), z.object({ prefix: z.string(), body: z.array(z.string()), description: z.string() })), JSON.parse(read(contributes.snippets.find(each => each.language === language)?.path ?? ''))));
    const expanded = (body: readonly string[]): string => body.join('\n').replaceAll(/\$\{\d+(?::|\|)([^}|,]*)[^}]*\}/g, '$1').replaceAll(/\$\d+/g, '').replaceAll('\\\\', '\\');
    const shipped = shippedPrompts();
    const prompts = snippets('regenesis-prompt').map(([name, { body }]) => ({ name, text: expanded(body) })).filter(({ text }) => text.startsWith('---'));
    assert.deepEqual(prompts.map(({ text }) => /stage: (\w+)/.exec(text)?.[1]), ['choose', 'adapt', 'structure', 'path', 'judge']);
    for (const { name, text } of prompts) assert.deepEqual(parsePrompt('mine/own.rgprompt', text, file => shipped.get(file)).problems, [], name);
    for (const [name, { body }] of snippets('regenesis-prompt').filter(([, { prefix }]) => ['hint', 'if', 'ifelse', 'for', 'include'].includes(prefix))) {
      const text = `---\nstage: path\n---\n{{ task.question }}{{ structure.text }}\\boxed\n${expanded(body)}\n`;
      assert.deepEqual(parsePrompt('mine/own.rgprompt', text, file => shipped.get(file)).problems.filter(({ code }) => code !== 'variable.optional'), [], name);
    }
    const prompted = new Map([...shipped].flatMap(([file, text]) => file.startsWith('regenesis/') ? [[file.replace('regenesis/', 'own/'), text] as const] : []));
    for (const [name, { body, prefix }] of snippets('regenesis-recipe')) {
      const text = prefix.startsWith('recipe') ? expanded(body) : `extends: regenesis\ntitle: Own\n${expanded(body)}`;
      assert.deepEqual(loadRecipe({ name: 'own', files: new Map([...shipped, ...prompted, ['own/own.rgrecipe.yaml', text]]), hash: sha256 }).problems, [], name);
    }
  });
});
