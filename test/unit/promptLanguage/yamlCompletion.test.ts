import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { filters } from '../../../src/core/model/stage.ts';
import { splitPrompt } from '../../../src/core/prompts/frontMatter.ts';
import { Source } from '../../../src/core/prompts/problem.ts';
import { readGuidelines } from '../../../src/core/recipes/guidelines.ts';
import { readRecipeText } from '../../../src/core/recipes/recipeFile.ts';
import { completionAt } from '../../../src/promptLanguage/completion.ts';
import { accepted, cursorPrompts, inOrder, offsetIn, positionIn } from '../../support/cursorPrompts.ts';
import { shippedPrompts } from '../../support/promptFiles.ts';

const paths = { head: 'own/own.rgprompt', recipe: 'own/own.rgrecipe.yaml', guidelines: 'guidelines/own.yaml' } as const;
type Kind = keyof typeof paths;

const offered = (kind: Kind, marked: string) => {
  const { documents, uri, position, text } = cursorPrompts({ [paths[kind]]: marked });
  return { text, items: inOrder(completionAt(documents, uri, position)) };
};
const labels = (kind: Kind, marked: string): string => offered(kind, marked).items.map(({ label }) => label).join(' ');

const guidelineIds = readGuidelines(shippedPrompts()).guidelines.map(({ id }) => id).join(' ');
const sampling = 'temperature top_p max_tokens stop one_of';
const stages = 'choose adapt structure path judge';
const askers = `${stages} evaluate`;
const recipeKeys = 'title extends description seed layout guidelines branches sampling stages filters clean length select knownAnswers vote hints';
const recipes = 'direct lmsi regenesis regenesis-released star without-adapt without-hints without-structure';
const without = (words: string, ...gone: readonly string[]): string => words.split(' ').filter(word => !gone.includes(word)).join(' ');
const pathNames = 'task.question task.answerKind structure.text structure.steps adapted.text hint.answer';

const cases: readonly (readonly [kind: Kind, marked: string, labels: string])[] = [
  // the head of a prompt
  ['head', '---\n‸\n---\n', 'stage description variables sampling stop output'], ['head', '---\r\n‸\r\n---\r\n', 'stage description variables sampling stop output'], ['head', '\ufeff---\n‸\n---\n', 'stage description variables sampling stop output'],
  ['head', '---\n‸', 'stage description variables sampling stop output'], ['head', '---\nst‸', 'stage description variables sampling stop output'], ['head', '---\nst‸\n---\nbody', 'stage description variables sampling stop output'],
  ['head', '---\nstage: path\n‸\n---\n', 'description variables sampling stop output'], ['head', '---\nstage: path\n‸\noutput: boxed\n---\n', 'description variables sampling stop'], ['head', '---\nst‸age: path\n---\n', 'stage description variables sampling stop output'],
  ['head', '---\ndescription: "💡"\n‸\n---\n', 'stage variables sampling stop output'],
  ['head', '---\nstage: ‸\n---\n', askers], ['head', '---\nstage:‸\n---\n', ''], ['head', '---\nstage: p‸\n---\n', askers], ['head', '---\nstage: "p‸"\n---\n', askers], ['head', '---\nstage: pa‸th\n---\n', askers], ['head', '---\nstage: ‸', askers],
  ['head', '---\nstage: path\noutput: ‸\n---\n', 'boxed'], ['head', '---\nstage: judge\noutput: ‸\n---\n', 'yesno'], ['head', '---\noutput: ‸\n---\n', 'ids text steps boxed yesno'], ['head', '---\nstage: choose\noutput: i‸\n---\n', 'ids'],
  ['head', '---\nstage: path\nvariables: [‸]\n---\n', pathNames], ['head', '---\nstage: path\nvariables: [task.question, ‸]\n---\n', without(pathNames, 'task.question')], ['head', '---\nstage: path\nvariables: [str‸\n---\n', pathNames],
  ['head', '---\nstage: path\nvariables:\n  - ‸\n---\n', pathNames], ['head', '---\nstage: path\nvariables:\n  - gold\n  - structure.t‸\n---\n', pathNames], ['head', '---\nstage: choose\nvariables:\n- ‸\n---\n', 'task.question task.answerKind guidelines'], ['head', '---\nstage: path\nvariables: ‸\n---\n', ''],
  ['head', '---\nstage: path\nsampling: { ‸ }\n---\n', sampling], ['head', '---\nstage: path\nsampling: {‸}\n---\n', sampling], ['head', '---\nstage: path\nsampling: { top_p: 1, ‸\n---\n', without(sampling, 'top_p')], ['head', '---\nstage: path\nsampling: { te‸ }\n---\n', sampling],
  ['head', '---\nstage: path\nsampling:\n  ‸\n---\n', sampling], ['head', '---\nstage: path\nsampling:\n  top_p: 1\n  m‸\n---\n', without(sampling, 'top_p')], ['head', '---\r\nstage: path\r\nsampling:\r\n  top_p: 1\r\n  ‸\r\n---\r\n', without(sampling, 'top_p')],
  ['head', '---\nstage: path\nsampling: ‸\n---\n', ''], ['head', '---\nstage: path\nsampling: { temperature: ‸ }\n---\n', ''], ['head', '---\nstage: path\nstop: [‸]\n---\n', ''],
  ['head', '---\nstage: path\ndescription: ‸\n---\n', ''], ['head', '---\ndescription: >-\n  some ‸\n---\n', ''], ['head', '---\nstage: path # ‸\n---\n', ''], ['head', '---\n# ‸\n---\n', ''], ['head', '‸---\nstage: path\n---\n', ''], ['head', '--‸-\nstage: path\n---\n', ''], ['head', '---\nstage: path\n--‸-\n', ''],
  // recipes
  ['recipe', '‸', recipeKeys], ['recipe', 'ti‸', recipeKeys], ['recipe', '\ufeff‸', recipeKeys], ['recipe', 'extends: regenesis\n‸', without(recipeKeys, 'extends')], ['recipe', 'title: x\n\n‸\n\nselect:\n  perTask: 5\n', without(recipeKeys, 'title', 'select')],
  ['recipe', 'title: x\r\n‸\r\nvote: {}\r\n', without(recipeKeys, 'title', 'vote')], ['recipe', 'stages:\n  path: {}\n‸', without(recipeKeys, 'stages')], ['recipe', 'tit‸le: x\n', recipeKeys], ['recipe', '# a comment\n‸', recipeKeys], ['recipe', '💡: 1\n‸', recipeKeys],
  ['recipe', 'extends: ‸', recipes], ['recipe', 'extends: re‸\ntitle: x', recipes], ['recipe', 'extends: regenesis-‸', recipes],
  ['recipe', 'layout: ‸', 'prefix reference'], ['recipe', 'knownAnswers: ‸', 'used unused'], ['recipe', 'seed: ‸', ''], ['recipe', 'title: ‸', ''], ['recipe', 'description: >-\n  some ‸\n', ''], ['recipe', 'seed: 1 # ‸', ''],
  ['recipe', 'guidelines: ‸', 'all all-but-presupposing'], ['recipe', 'guidelines: [‸]', guidelineIds], ['recipe', 'guidelines: [simplify, ‸]', without(guidelineIds, 'simplify')], ['recipe', 'guidelines: [simplify, think-s‸, decompose]', without(guidelineIds, 'simplify', 'decompose')],
  ['recipe', 'guidelines:\n  - ‸\n', guidelineIds], ['recipe', 'guidelines:\n  - simplify\n  - dec‸\ntitle: x', without(guidelineIds, 'simplify')], ['recipe', 'guidelines: [\n  simplify,\n  ‸\n]', without(guidelineIds, 'simplify')], ['recipe', 'hints:\n  guidelines: [‸]', guidelineIds], ['recipe', 'hints:\n  guidelines: ‸', 'all all-but-presupposing'],
  ['recipe', 'branches: { ‸ }', 'guidelines chosen picks drawn'], ['recipe', 'branches:\n  chosen: 3\n  ‸', 'guidelines picks drawn'], ['recipe', 'branches: { guidelines: ‸ }', 'true false'], ['recipe', 'branches:\n  guidelines: t‸\n', 'true false'], ['recipe', 'branches: { picks: [‸] }', ''],
  ['recipe', 'sampling:\n  ‸', sampling], ['recipe', 'sampling:\n  temperature: 1\n  ‸\nvote:\n  leastVotes: 1', without(sampling, 'temperature')], ['recipe', 'sampling: { one_of: [‸] }', ''],
  ['recipe', 'stages:\n  ‸\n  path: {}\n', without(stages, 'path')], ['recipe', 'stages: { ‸ }', stages], ['recipe', 'stages:\n  path:\n    ‸\n', 'prompt sampling retries'], ['recipe', 'stages: { path: { ‸ } }', 'prompt sampling retries'],
  ['recipe', 'stages:\n  path:\n    retries: 1\n    ‸\n  judge: off\n', 'prompt sampling'], ['recipe', 'stages:\n  path:\n    sampling: { ‸ }', sampling], ['recipe', 'stages:\n  adapt: ‸', 'off'], ['recipe', 'stages:\n  path: ‸', ''], ['recipe', 'stages:\n  nobody:\n    sampling:\n      ‸', sampling],
  ['recipe', 'extends: regenesis\nstages:\n  path:\n    prompt: ‸', 'path.reference.rgprompt path.rgprompt direct/path-plain.rgprompt star/path-by-example.rgprompt'], ['recipe', 'stages:\n  path:\n    prompt: p‸', 'direct/path-plain.rgprompt regenesis/path.reference.rgprompt regenesis/path.rgprompt star/path-by-example.rgprompt'], ['recipe', 'extends: regenesis\nstages: { judge: { prompt: ‸ } }', 'judge.reference.rgprompt judge.rgprompt'],
  ['recipe', 'extends: without-adapt\nhints:\n  prompts:\n    path: ‸', 'path.reference.rgprompt path.rgprompt direct/path-plain.rgprompt star/path-by-example.rgprompt'], ['recipe', 'stages:\n  path:\n    retries: ‸', ''],
  ['recipe', 'filters: [‸]', filters.join(' ')], ['recipe', 'filters: [finish, verify, ‸]', 'judge leak clean reverify length refusal placeholder extract'], ['recipe', 'filters:\n  - clean\n  - ‸\n', 'reverify length finish refusal placeholder extract verify judge leak'], ['recipe', 'filters: ‸', ''],
  ['recipe', 'clean: { ‸ }', 'requireSteps'], ['recipe', 'clean:\n  requireSteps: ‸\n', 'true false'], ['recipe', 'length:\n  ‸', 'below tokenizer'], ['recipe', 'length:\n  tokenizer: ‸\n', 'cl100k estimate'], ['recipe', 'select:\n  ‸', 'perTask'], ['recipe', 'vote: { leastVotes: 8, ‸', 'leastShare leastMargin'],
  ['recipe', 'hints: ‸', 'off'], ['recipe', 'hints:\n  ‸', 'stages guidelines branches sampling prompts'], ['recipe', 'hints:\n  stages: [‸]', 'adapt structure path'], ['recipe', 'hints:\n  stages: [path, ‸', 'adapt structure'], ['recipe', 'hints:\n  stages:\n    - ‸', 'adapt structure path'],
  ['recipe', 'hints:\n  sampling: { ‸ }', sampling], ['recipe', 'hints:\n  branches:\n    ‸', 'guidelines chosen picks drawn'], ['recipe', 'hints:\n  branches: { guidelines: ‸ }', 'true false'], ['recipe', 'hints:\n  prompts: { ‸ }', stages],
  ['recipe', 'nobody:\n  ‸', ''], ['recipe', 'title:\n  ‸', ''], ['recipe', '- ‸', ''],
  // guidelines
  ['guidelines', '‸', 'guidelines'], ['guidelines', 'guidelines:\n  - ‸', 'id title text presupposesSolution'], ['guidelines', 'guidelines:\n  - id: a\n    ‸', 'title text presupposesSolution'], ['guidelines', 'guidelines:\n  - id: a\n    title: A\n    text: b\n    ‸\n  - id: c', 'presupposesSolution'],
  ['guidelines', 'guidelines:\r\n  - id: a\r\n    ti‸\r\n', 'title text presupposesSolution'], ['guidelines', 'guidelines:\n  - { id: a, ‸ }', 'title text presupposesSolution'], ['guidelines', 'guidelines:\n  - id: a\n    presupposesSolution: ‸', 'true false'],
  ['guidelines', 'guidelines:\n  - id: ‸', ''], ['guidelines', 'guidelines:\n  - text: >-\n      some ‸', ''], ['guidelines', 'guidelines: ‸', ''],
];

/** What stands there after an offer was accepted. */
const accepts: readonly (readonly [kind: Kind, marked: string, label: string, after: string])[] = [
  ['head', '---\nst‸\n---\n', 'stage', '---\nstage: \n---\n'], ['head', '---\nst‸age: path\n---\n', 'output', '---\noutput: path\n---\n'], ['head', '---\nstage: p‸ath\n---\n', 'judge', '---\nstage: judge\n---\n'],
  ['head', '---\r\nstage: "‸"\r\n---\r\n', 'path', '---\r\nstage: "path"\r\n---\r\n'], ['head', '---\nstage: path\nsam‸\n---\n', 'sampling', '---\nstage: path\nsampling:\n  \n---\n'], ['head', '---\nstage: path\nvar‸\n---\n', 'variables', '---\nstage: path\nvariables: []\n---\n'],
  ['head', '---\nstage: path\nvariables: [task.q‸, hint]\n---\n', 'task.question', '---\nstage: path\nvariables: [task.question, hint]\n---\n'],
  ['recipe', 'stages: { path: { ‸ } }', 'sampling', 'stages: { path: { sampling: {  } } }'], ['recipe', 'extends: regenesis-r‸', 'regenesis-released', 'extends: regenesis-released'], ['recipe', 'filters: [fin‸, verify]', 'finish', 'filters: [finish, verify]'],
  ['recipe', 'guidelines:\n  - think-s‸x', 'think-stepwise', 'guidelines:\n  - think-stepwise'], ['recipe', '# 💡\nlayout: ‸ # why', 'reference', '# 💡\nlayout: reference # why'], ['guidelines', '‸', 'guidelines', 'guidelines:\n  - '],
];

describe('what is offered in YAML', () => {
  for (const [kind, marked, expected] of cases) it(`${kind} ${JSON.stringify(marked)}`, () => assert.equal(labels(kind, marked), expected));

  for (const [kind, marked, label, after] of accepts) {
    it(`${kind} ${JSON.stringify(marked)}, accepted: ${label}`, () => {
      const { text, items } = offered(kind, marked);
      const item = items.find(each => each.label === label);
      assert.ok(item);
      assert.equal(accepted(text, item), after);
    });
  }

  it('has words for each', () => {
    for (const [kind, marked] of cases) {
      for (const { label, documentation } of offered(kind, marked).items) assert.ok(typeof documentation === 'object' && documentation.value.length > 2, `${marked}: ${label}`);
    }
  });

  it('shows a guideline by its text, which is not read as Markdown', () => {
    const { documents, uri, position } = cursorPrompts({ [paths.recipe]: 'guidelines: [‸]', 'guidelines/zz.yaml': 'guidelines:\n  - { id: sly, title: Sly, text: "```\\n[run](command:evil)" }\n' });
    const { documentation } = completionAt(documents, uri, position).find(({ label }) => label === 'sly') ?? {};
    assert.deepEqual(documentation, { kind: 'markdown', value: '````text\n```\n[run](command:evil)\n````' });
  });

  it('is no key that the file may not have there', () => {
    const keys = (kind: Kind, marked: string) => offered(kind, marked).items.filter(({ kind: each }) => each === 10);
    for (const [kind, marked] of cases) {
      for (const item of keys(kind, marked)) {
        const text = accepted(marked.replace('‸', ''), item);
        const files = new Map([[paths[kind], text]]);
        const problems = kind === 'head' ? splitPrompt(new Source('x', text)).problems : kind === 'recipe' ? readRecipeText('own', files)?.problems ?? [] : readGuidelines(files).problems;
        assert.ok(!problems.some(({ code, message }) => code.endsWith('unknown-key') && message.includes(`no key ${item.label} `)), `${text}: ${JSON.stringify(problems)}`);
      }
    }
  });

  const bits = fc.constantFrom('---\n', 'stage: ', 'path', 'sampling:', ' { ', ' }', '[', ']', ', ', '\n', '\r\n', '\r', '  ', '    ', '- ', 'guidelines:', 'stages:', 'hints:', 'filters: ', 'prompt: ', '"', '\'', '>-', '|', '&a ', '*a', '<<: ', '? ', ': ', '# ', '💡', '\ufeff', '\ud83d', '\0', '!!set ', '%YAML 1.2\n');
  const broken = fc.oneof(fc.array(bits, { maxLength: 20 }).map(parts => parts.join('')), fc.string({ unit: 'binary', maxLength: 30 }));
  for (const [kind, path] of Object.entries(paths)) {
    it(`never fails, and names places that are there, around the place itself, in ${kind}`, () => {
      fc.assert(fc.property(broken, fc.nat(), (text, seed) => {
        const { documents, uri, text: whole } = cursorPrompts({ [path]: text.replaceAll('‸', '') });
        const position = positionIn(whole, seed % (whole.length + 1));
        const offset = offsetIn(whole, position);
        for (const { textEdit } of completionAt(documents, uri, position)) {
          assert.ok(textEdit && 'range' in textEdit);
          const { start, end } = textEdit.range;
          assert.equal(start.line, end.line);
          assert.ok(offsetIn(whole, start) <= offset && offset <= offsetIn(whole, end), JSON.stringify({ whole, position, textEdit }));
        }
      }), { numRuns: 300 });
    });
  }

  it('gives up on what is too long or too deep to be read', () => {
    assert.equal(labels('recipe', `${'a: 1\n'.repeat(12_000)}‸`), '');
    assert.equal(labels('recipe', `${'['.repeat(40_000)}‸`), '');
  });
});
