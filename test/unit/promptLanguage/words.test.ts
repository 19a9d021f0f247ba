import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { callStages, filters } from '../../../src/core/model/stage.ts';
import { checkTemplate } from '../../../src/core/prompts/check.ts';
import { compileTemplate } from '../../../src/core/prompts/compile.ts';
import { samplingKeys } from '../../../src/core/prompts/frontMatter.ts';
import { Source } from '../../../src/core/prompts/problem.ts';
import { parseTemplate } from '../../../src/core/prompts/template.ts';
import { dottedNames, loopType, situationOf, variableTypes, type VariableRoot } from '../../../src/core/prompts/variables.ts';
import { readGuidelines } from '../../../src/core/recipes/guidelines.ts';
import { layouts } from '../../../src/core/recipes/recipe.ts';
import { readRecipeText } from '../../../src/core/recipes/recipeFile.ts';
import { filterWords, guidelineKeys, headKeys, layoutWords, loopWords, recipeFilterWords, recipeKeys, samplingWords, stageWords, statementWords, variableWords } from '../../../src/promptLanguage/words.ts';

const docs = (name: string): string => readFileSync(path.resolve(import.meta.dirname, '../../../docs', name), 'utf8');
const language = docs('prompt-language.md');
const recipes = docs('recipes.md');
const section = (text: string, title: string): string => text.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
/** First columns of the tables of a text, without their heads. */
const rows = (text: string): readonly string[] => text.split('\n').filter(line => line.startsWith('| `')).map(line => line.split(' | ')[0]?.slice(2) ?? '');
const namesIn = (text: string): readonly string[] => [...text.replace(/```[^]*?```/g, '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
const roots = Object.keys(variableTypes) as VariableRoot[];

/** What is wrong with a template in the path stage, of whatever code. */
function problemsOf(body: string): readonly string[] {
  const source = new Source('x', body);
  const { nodes, problems, tolerated } = parseTemplate(source, { start: 0, end: body.length });
  return [...problems, ...checkTemplate({ source, nodes, tolerated }, situationOf('path', ['structure'], true), () => undefined).problems].map(({ code }) => code);
}

describe('the words of the language', () => {
  it('are those of the page about it: keys of the head', () => assert.deepEqual(Object.keys(headKeys).filter(key => !key.includes('.')), rows(section(language, 'The head')).flatMap(namesIn)));

  it('are those of the page about it: sampling', () => {
    const row = section(language, 'The head').split('\n').find(line => line.startsWith('| `sampling`')) ?? '';
    assert.deepEqual(namesIn(row).filter(name => name !== 'sampling'), Object.keys(samplingWords));
    assert.deepEqual(samplingKeys, Object.keys(samplingWords));
  });

  it('are those of the page about it: variables', () => {
    const told = new Set(namesIn(section(language, 'Variables')).filter(name => roots.some(root => name === root || name.startsWith(`${root}.`))));
    for (const root of roots) for (const name of dottedNames(root)) assert.ok(told.has(name) && name in variableWords, name);
    for (const name of told) assert.ok(name in variableWords, name);
    assert.deepEqual(new Set(Object.keys(variableWords).map(name => name.split('.')[0])), new Set(roots));
  });

  it('are those of the page about it: loops', () => {
    const told = namesIn(section(language, 'The body')).filter(name => name.startsWith('loop.'));
    assert.ok(loopType.kind === 'record');
    assert.deepEqual(new Set(Object.keys(loopWords)), new Set(['loop', ...told]));
    assert.deepEqual(new Set(told), new Set(Object.keys(loopType.fields).map(field => `loop.${field}`)));
  });

  it('are those of the page about it: filters and statements', () => {
    const line = section(language, 'The body').split('\n').find(each => each.startsWith('- Filters:')) ?? '';
    assert.deepEqual(new Set(namesIn(line).map(name => name.replace(/\(.*/, ''))), new Set(Object.keys(filterWords)));
    for (const statement of Object.keys(statementWords)) assert.ok(section(language, 'The body').includes(`{% ${statement}`), statement);
  });

  it('are those of the page about recipes', () => {
    const table = recipes.split('\n').slice(0, recipes.split('\n').findIndex(line => line.startsWith('## Layout'))).join('\n');
    const told = rows(table).flatMap(namesIn);
    for (const key of told) assert.ok(key in recipeKeys, key);
    for (const key of Object.keys(recipeKeys).filter(each => !each.includes('*'))) {
      const parts = key.split('.');
      assert.ok(told.includes(parts[0] ?? '') || told.includes(key) || told.some(each => each.startsWith(`${parts[0] ?? ''}.`)), key);
      assert.ok(namesIn(recipes).some(name => name.split(/[ {},:.]+/).includes(parts.at(-1) ?? '')) || callStages.some(stage => stage === parts.at(-1)), key);
    }
    for (const key of Object.keys(guidelineKeys)) assert.ok(namesIn(section(recipes, 'Guidelines')).includes(key.split('.').at(-1) ?? ''), key);
  });

  it('are those that recipes and guidelines are read by', () => {
    const place = (key: string, value: string): string => key.split('.').map((part, depth) => `${'  '.repeat(depth)}${part === '*' ? 'path' : part}:`).join('\n') + ` ${value}`;
    const unknown = (text: string) => readRecipeText('x', new Map([['x/x.rgrecipe.yaml', text]]))?.problems.filter(({ code }) => code === 'recipe.unknown-key') ?? [];
    for (const key of Object.keys(recipeKeys)) {
      assert.deepEqual(unknown(place(key, '{}')), [], key);
      assert.equal(unknown(place(`${key}x`, '{}')).length, 1, `${key}x`);
    }
    const text = `guidelines:\n  - {${Object.keys(guidelineKeys).filter(key => key.includes('.')).map(key => ` ${key.split('.').at(-1) ?? ''}: 1`).join(',')} }`;
    assert.ok(!readGuidelines(new Map([['guidelines/x.yaml', text]])).problems.some(({ code }) => code === 'guideline.unknown-key'));
  });

  it('are there for every stage, layout and filter of paths', () => {
    assert.deepEqual(Object.keys(stageWords), [...callStages]);
    assert.deepEqual(Object.keys(layoutWords), [...layouts]);
    assert.deepEqual(Object.keys(recipeFilterWords), [...filters]);
  });

  for (const [name, { example: [template, result], operand, result: gives }] of Object.entries(filterWords)) {
    it(`show what the filter ${name} does`, () => {
      const source = new Source('x', template);
      const { nodes, tolerated } = parseTemplate(source, { start: 0, end: template.length });
      assert.deepEqual(problemsOf(template), []);
      const { render } = compileTemplate({ source, nodes, tolerated }, () => undefined);
      assert.equal(render({ task: { question: 'How many?', answerKind: 'number' }, structure: { text: '1. Count\n2. Check', steps: ['Count', 'Check'] } }), result);
    });

    it(`say what the filter ${name} may be applied to, and what it gives`, () => {
      const applied = { default: 'default("a")', replace: 'replace("a", "b")' }[name] ?? name;
      const fits = (value: string): boolean => problemsOf(`{% if ${value} | ${applied} %}{% endif %}`).length === 0;
      assert.equal(fits('task.question'), operand !== 'texts');
      assert.equal(fits('structure.steps'), operand !== 'text');
      const value = operand === 'texts' ? 'structure.steps' : 'task.question';
      assert.equal(problemsOf(`{% if ${value} | ${applied} == ${gives === 'number' ? '1' : '"a"'} %}{% endif %}`).length, 0);
    });
  }
});
