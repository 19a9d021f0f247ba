import assert from 'node:assert/strict';
import { sha256 } from '../../../../src/adapters/hash.ts';
import { branchId, taskId } from '../../../../src/core/model/ids.ts';
import { modelStages } from '../../../../src/core/model/stage.ts';
import { requestDraws } from '../../../../src/core/plan/wanted.ts';
import { loadRecipe } from '../../../../src/core/recipes/loadRecipe.ts';
import { layouts, stagePlansOf, type Layout, type Recipe, type RoundPlan } from '../../../../src/core/recipes/recipe.ts';
import { recipeNames } from '../../../../src/core/recipes/recipeFile.ts';
import { guidelineIds } from '../../../support/guidelineIds.ts';
import { shippedPrompts } from '../../../support/promptFiles.ts';

const shipped = shippedPrompts();

/** The shipped files with some put over them; undefined takes one away. */
function filesWith(over: Readonly<Record<string, string | undefined>> = {}): ReadonlyMap<string, string> {
  const files = new Map(shipped);
  for (const [file, text] of Object.entries(over)) {
    if (text === undefined) files.delete(file);
    else files.set(file, text);
  }
  return files;
}

const own = (yaml: string) => ({ 'own/own.rgrecipe.yaml': yaml });

function load(name: string, over: Readonly<Record<string, string | undefined>> = {}): Recipe {
  const { recipe, problems } = loadRecipe({ name, files: filesWith(over), hash: sha256 });
  assert.deepEqual(problems, []);
  assert.ok(recipe);
  return recipe;
}

/** `file:line:column code` of everything wrong with a recipe. */
function wrongWith(over: Readonly<Record<string, string | undefined>>, name = 'own'): readonly string[] {
  const { recipe, problems } = loadRecipe({ name, files: filesWith(over), hash: sha256 });
  assert.equal(recipe === undefined, problems.some(problem => problem.severity === 'error'));
  return problems.map(({ file, line, column, code }) => `${file}:${line}:${column} ${code}`);
}

const stages = (round: RoundPlan | undefined) => stagePlansOf(round).map(plan => [plan.stage, plan.sampling.maxTokens, plan.sampling.temperature]);

describe('the shipped recipes', () => {
  it('are these', () => {
    assert.deepEqual(recipeNames(shipped).map(name => [name, load(name).title]), [
      ['direct', 'Direct'], ['lmsi', 'LMSI'],
      ['regenesis', 'ReGenesis'], ['regenesis-released', 'ReGenesis, as released'], ['star', 'STaR'],
      ['without-adapt', 'Without adaptation'], ['without-hints', 'Without hints'], ['without-structure', 'Without structure'],
    ]);
  });

  it('regenesis is the method as reported', () => {
    const recipe = load('regenesis');
    const { 1: first, 2: second } = recipe.rounds;
    assert.deepEqual(first.guidelines.map(guideline => guideline.id), guidelineIds);
    assert.deepEqual(stages(first), [['adapt', 256, 0.85], ['structure', 512, 0.85], ['path', 1024, 0.85]]);
    assert.deepEqual(stages(second), stages(first));
    assert.deepEqual(second?.guidelines.map(guideline => guideline.id), guidelineIds.slice(0, 22));
    assert.deepEqual([first.hintStages, second.hintStages], [[], ['path']]);
    assert.deepEqual(recipe.filters, ['finish', 'refusal', 'placeholder', 'extract', 'verify', 'leak']);
    assert.deepEqual([recipe.perTask, recipe.clean, recipe.length, recipe.vote], [5, undefined, undefined, { leastVotes: 8, leastShare: 0.5, leastMargin: 0.1 }]);
    assert.deepEqual(first.chain[0]?.sampling, { temperature: 0.85, topP: 1, maxTokens: 256, stop: [] });
  });

  it('regenesis-released is the method as its code runs it', () => {
    const recipe = load('regenesis-released');
    const { 1: first, 2: second } = recipe.rounds;
    assert.equal(first.guidelines.length + (first.choose?.samples ?? 0), 45);
    assert.deepEqual([second?.guidelines.length, second?.choose?.samples, second?.choices.length], [0, 20, 22]);
    assert.deepEqual(stages(first), [['choose', 128, 1.2], ['adapt', 256, 1.2], ['structure', 512, 1.2], ['path', 1024, 1.2], ['judge', 8, 0]]);
    assert.deepEqual(stages(second), [['choose', 128, 0.85], ['adapt', 256, 0.85], ['structure', 512, 0.85], ['path', 1024, 0.85], ['judge', 8, 0]]);
    assert.deepEqual(second?.hintStages, ['adapt', 'structure', 'path']);
    assert.deepEqual(first.judge?.sampling, { temperature: 0, topP: 1, maxTokens: 8, stop: [], oneOf: ['yes', 'no'] });
    assert.deepEqual([first.choose?.picks, first.choose?.retries], [[2, 3], 2]);
    assert.equal(first.chain.every(plan => plan.sampling.topP === 0.9), true);
    assert.deepEqual(recipe.filters, ['finish', 'refusal', 'placeholder', 'extract', 'verify', 'judge', 'leak', 'clean', 'reverify', 'length']);
    assert.deepEqual([recipe.clean, recipe.length], [{ requireSteps: true }, { below: 800, tokenizer: 'cl100k' }]);
    assert.match(recipe.description, /depart from the released code:.*\(1\).*\(13\)/s);
  });

  it('ablations differ in what their names say', () => {
    const chain = (name: string) => load(name).rounds[1].chain.map(plan => plan.stage);
    assert.deepEqual(chain('without-adapt'), ['structure', 'path']);
    assert.deepEqual(chain('without-structure'), ['adapt', 'path']);
    assert.deepEqual(chain('without-hints'), ['adapt', 'structure', 'path']);
    assert.equal(load('without-hints').rounds[2], undefined);
    assert.equal(load('without-adapt').rounds[2]?.guidelines.length, 22);
  });

  it('direct, star and lmsi draw plain paths, as what they are compared with states it', () => {
    const [direct, star, lmsi] = ['direct', 'star', 'lmsi'].map(name => load(name));
    assert.ok(direct && star && lmsi);
    for (const { rounds } of [direct, star, lmsi]) {
      for (const round of [rounds[1], rounds[2]]) if (round) assert.deepEqual([round.guidelines, round.choices, round.choose, round.chain.map(({ stage }) => stage)], [[], [], undefined, ['path']]);
    }
    assert.deepEqual([direct, star, lmsi].map(({ rounds, perTask }) => [rounds[1].drawn, rounds[2]?.drawn, rounds[1].chain[0]?.sampling.temperature, perTask]), [[25, undefined, 0.85, 5], [32, 32, 0.7, 5], [32, undefined, 0.7, 32]]);
    assert.deepEqual([direct, star, lmsi].map(({ knownAnswers }) => knownAnswers), ['used', 'used', 'unused']);
    assert.deepEqual(star.rounds[2]?.hintStages, ['path']);
    assert.deepEqual(lmsi.vote, { leastVotes: 2, leastShare: 0, leastMargin: 0 });
    assert.deepEqual([star, lmsi].map(({ filters }) => filters.includes('leak')), [true, false]);
    const library = shipped.get('guidelines/library.yaml') ?? '';
    assert.equal(load('star', { 'guidelines/library.yaml': library.replace('Strip the problem down', 'Pare the problem down') }).id, star.id);
  });

  it('star shows the answers of its examples where it shows that of the task, and nowhere else', () => {
    const { rounds } = load('star');
    const text = (round: RoundPlan | undefined, hint?: { answer: string }) => round?.chain[0]?.prompt.render({ task: { question: 'QUESTION', answerKind: 'text' }, ...(hint ? { hint } : {}) })[0]?.content ?? '';
    const [first, second] = [text(rounds[1]), text(rounds[2], { answer: 'NONSENSE' })];
    assert.deepEqual([first, second].map(each => each.match(/correct answer is/g)?.length ?? 0), [0, 6]);
    assert.deepEqual([first.includes('NONSENSE'), second.match(/NONSENSE/g)?.length], [false, 1]);
    assert.ok([first, second].every(each => each.indexOf('Example 5') < each.indexOf('QUESTION') && each.indexOf('QUESTION') < each.indexOf('What to do')));
    assert.equal(text(load('lmsi').rounds[1]), first);
  });

  it('show the path stage no guideline text, and round 1 no known answer', () => {
    const marks = { guideline: { id: 'simplify', text: 'GUIDELINE' }, adapted: { text: 'ADAPTED' }, structure: { text: 'STRUCTURE', steps: ['STRUCTURE'] }, hint: { answer: 'NONSENSE' }, gold: 'NONSENSE' };
    const everything = { task: { question: 'QUESTION', answerKind: 'number' }, guidelines: [marks.guideline], path: { text: 'PATH' }, ...marks };
    for (const [name, layout] of recipeNames(shipped).flatMap(each => layouts.map(layout => [each, layout] as const))) {
      const { rounds } = load('own', own(`extends: ${name}\nlayout: ${layout}\n`));
      for (const round of [rounds[1], rounds[2]]) {
        const chain = round?.chain ?? [];
        for (const plan of chain) {
          const { hint: _, ...unhinted } = everything;
          const given = round?.hintStages.includes(plan.stage) === true ? everything : unhinted;
          const content = plan.prompt.render(given)[0]?.content ?? '';
          assert.equal(content.includes('NONSENSE'), round?.hintStages.includes(plan.stage), `${name} ${layout} ${plan.stage}`);
          assert.equal(content.includes('GUIDELINE') && plan.stage === 'path', false);
          assert.ok(content.includes('QUESTION'));
        }
      }
    }
  });

  it('have 25 guidelines of the right titles and lengths', () => {
    const { choices } = load('regenesis').rounds[1];
    assert.equal(new Set(choices.map(guideline => guideline.title)).size, 25);
    for (const { id, title, text, presupposesSolution } of choices) {
      assert.ok(title.length <= 24 && text.length > 60 && text.length < 260, id);
      assert.doesNotMatch(text, /\n/, id);
      assert.equal(presupposesSolution, guidelineIds.indexOf(id) >= 22, id);
    }
  });
});

describe('the id of a recipe', () => {
  const prompt = 'regenesis/path.rgprompt';
  const text = shipped.get(prompt) ?? '';

  it('stays when comments, titles and the order of keys change', () => {
    const same = [
      { [prompt]: text.replace('{# Sees', '{# It sees').replace('\n{% if structure %}', '\n{# note #}\n{% if structure %}') },
      { [prompt]: text.replaceAll('\n', '\r\n') },
      own('extends: regenesis\ntitle: Other\n'),
      { 'regenesis/regenesis.rgrecipe.yaml': `# other words\n${(shipped.get('regenesis/regenesis.rgrecipe.yaml') ?? '').replace('title: ReGenesis', 'title: The method')}` },
    ].map(over => load('regenesis', over).id);
    assert.deepEqual(new Set(same), new Set([load('regenesis').id]));
  });

  it('changes with a prompt, a partial, a guideline, sampling, a filter, the seed, the layout', () => {
    const library = shipped.get('guidelines/library.yaml') ?? '';
    const ids = [
      load('regenesis').id,
      load('regenesis', { [prompt]: text.replace('Solve this task', 'Work this task out') }).id,
      load('regenesis', { 'partials/task.rgprompt': '## Task\n{{ task.question }}\n' }).id,
      load('regenesis', { 'guidelines/library.yaml': library.replace('Strip the problem down', 'Pare the problem down') }).id,
      ...['seed: 2', 'sampling: { temperature: 0.9 }', 'filters: [verify]', 'guidelines: [simplify, reflect]', 'select: { perTask: 4 }', 'hints: off', 'layout: reference'].map(line => load('own', own(`extends: regenesis\n${line}\n`)).id),
    ];
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) assert.match(id, /^[0-9a-f]{64}$/);
  });

  it('is the same again from the files that the recipe lists', () => {
    for (const name of recipeNames(shipped)) {
      const recipe = load(name);
      assert.equal(loadRecipe({ name, files: new Map(Object.entries(recipe.files)), hash: sha256 }).recipe?.id, recipe.id);
    }
    assert.deepEqual(Object.keys(load('without-adapt').files), [
      'guidelines/library.yaml', ...['answer-form', 'path-hint', 'path-rules', 'structure-rules', 'task'].map(partial => `partials/${partial}.rgprompt`),
      'regenesis/path.rgprompt', 'regenesis/regenesis.rgrecipe.yaml', 'regenesis/structure.rgprompt', 'without-adapt/without-adapt.rgrecipe.yaml',
    ]);
  });
});

describe('the layout of a recipe\'s prompts', () => {
  const variables = { task: { question: 'QUESTION', answerKind: 'number' }, guidelines: [{ id: 'simplify', text: 'LIST' }], guideline: { id: 'simplify', text: 'OWN' }, gold: 'GOLD' };
  const given = (own: string) => ({ ...variables, guideline: { id: own, text: own }, adapted: { text: own }, structure: { text: own, steps: [own] }, path: { text: own } });
  const files = (recipe: Recipe) => stagePlansOf(recipe.rounds[1]).map(plan => plan.prompt.file);
  const released = (layout: Layout) => load('own', own(`extends: regenesis-released\nlayout: ${layout}\n`));

  it('is the released code\'s in regenesis-released, and prefix in every other', () => {
    assert.deepEqual(recipeNames(shipped).map(name => [name, load(name).layout]).filter(([, layout]) => layout !== 'prefix'), [['regenesis-released', 'reference']]);
    assert.deepEqual(files(load('regenesis-released')), modelStages.map(stage => `regenesis/${stage}.reference.rgprompt`));
    assert.deepEqual(files(load('regenesis')), ['adapt', 'structure', 'path'].map(stage => `regenesis/${stage}.rgprompt`));
    assert.equal(load('own', own('title: Own\nguidelines: [simplify]\nsampling: { temperature: 1, max_tokens: 9 }\nfilters: [verify]\nstages: { adapt: { prompt: regenesis/adapt.rgprompt }, path: { prompt: regenesis/path.rgprompt } }\n')).layout, 'prefix');
  });

  it('prefix: branches of a task share all but their own text; reference: they do not even share the question', () => {
    const shared = (layout: Layout) => Object.fromEntries(stagePlansOf(released(layout).rounds[1]).map(({ stage, prompt }) => {
      const [one = '', other = ''] = ['FIRST', 'SECOND'].map(each => prompt.render(given(each))[0]?.content);
      const differsAt = [...one].findIndex((char, index) => other[index] !== char);
      return [stage, differsAt < 0 ? 'all' : differsAt + 'FIRST'.length === one.length ? 'all but its own text' : one.slice(0, differsAt).includes('QUESTION') ? 'the task' : 'nothing of the task'];
    }));
    assert.deepEqual(shared('prefix'), { choose: 'all', adapt: 'all but its own text', structure: 'all but its own text', path: 'all but its own text', judge: 'the task' });
    assert.deepEqual(shared('reference'), { choose: 'all', adapt: 'nothing of the task', structure: 'nothing of the task', path: 'nothing of the task', judge: 'the task' });
  });

  it('says the same in both, in another order', () => {
    const order = (layout: Layout) => Object.fromEntries(stagePlansOf(released(layout).rounds[1]).map(({ stage, prompt }) => {
      const content = prompt.render(given('OWN'))[0]?.content ?? '';
      const parts = { task: 'QUESTION', list: 'LIST', own: 'OWN', gold: 'GOLD', 'what to do': '### What to do' };
      return [stage, Object.entries(parts).filter(([, text]) => content.includes(text)).sort(([, a], [, b]) => content.indexOf(a) - content.indexOf(b)).map(([part]) => part).join(', ')];
    }));
    assert.deepEqual(order('prefix'), {
      choose: 'list, task, what to do', adapt: 'task, what to do, own', structure: 'task, what to do, own', path: 'task, what to do, own', judge: 'task, gold, own, what to do',
    });
    assert.deepEqual(order('reference'), {
      choose: 'task, list, what to do', adapt: 'what to do, own, task', structure: 'what to do, own, task', path: 'own, what to do, task', judge: 'task, own, gold, what to do',
    });
  });

  it('is part of the id, also where every prompt is the same; the answers, which belong to what was asked, stay', () => {
    const named = (layout: Layout) => load('own', own(`extends: without-structure\nlayout: ${layout}\nstages: { adapt: { prompt: adapt.rgprompt }, path: { prompt: regenesis/path.rgprompt } }\n`));
    const [prefix, reference] = [named('prefix'), named('reference')];
    assert.notEqual(prefix.id, reference.id);
    assert.deepEqual(files(reference), ['regenesis/adapt.rgprompt', 'regenesis/path.rgprompt']);
    const printed = (recipe: Recipe) => recipe.rounds[1].chain.map(({ stage, version, prompt, sampling }) => requestDraws(
      { taskId: taskId('a/1'), stage, stageVersion: version, round: 1, branch: branchId('guideline:simplify'), inputs: [] },
      { messages: prompt.render(given('OWN')), sampling, identity: 'model', recipeSeed: recipe.seed }, sha256,
    ).fingerprint(0));
    assert.deepEqual(printed(reference), printed(prefix));
    assert.notDeepEqual(printed(load('own', own('extends: without-structure\nlayout: reference\n'))), printed(prefix));
  });

  it('takes a changed prompt from a workspace\'s files as from ours, each layout its own', () => {
    const path = 'regenesis/path.reference.rgprompt';
    const over = { [path]: (shipped.get(path) ?? '').replace('the plan above', 'the outline above') };
    assert.notEqual(load('regenesis-released', over).id, load('regenesis-released').id);
    assert.equal(load('regenesis', over).id, load('regenesis').id);
  });

  it('needs a prompt where one of the other layout would be passed over, and says so', () => {
    const path = shipped.get('regenesis/path.rgprompt');
    const reference = 'extends: without-adapt\nlayout: reference\n';
    assert.deepEqual(wrongWith({ ...own(reference), 'own/path.rgprompt': path }), ['own/own.rgrecipe.yaml:2:9 recipe.prompt']);
    assert.deepEqual(wrongWith({ ...own(`${reference}stages: { path: { prompt: path.rgprompt } }\n`), 'own/path.rgprompt': path }), []);
    assert.deepEqual(wrongWith({ ...own(reference), 'regenesis/structure.reference.rgprompt': undefined, 'regenesis/path.reference.rgprompt': undefined }), [
      'own/own.rgrecipe.yaml:2:9 recipe.prompt', 'own/own.rgrecipe.yaml:2:9 recipe.prompt',
    ]);
    assert.deepEqual(wrongWith({ ...own('extends: regenesis\n'), 'own/path.reference.rgprompt': path }), ['regenesis/regenesis.rgrecipe.yaml:10:9 recipe.prompt']);
    const { problems } = loadRecipe({ name: 'regenesis-released', files: filesWith({ 'regenesis/judge.reference.rgprompt': undefined }), hash: sha256 });
    assert.match(problems[0]?.message ?? '', /^The layout reference needs the prompt regenesis\/judge\.reference\.rgprompt: there is only regenesis\/judge\.rgprompt\./);
  });

  it('and one that is in neither, by the stage', () => {
    const gone = { 'regenesis/judge.reference.rgprompt': undefined, 'regenesis/judge.rgprompt': undefined };
    assert.deepEqual(wrongWith(gone, 'regenesis-released'), ['regenesis-released/regenesis-released.rgrecipe.yaml:37:5 recipe.prompt']);
  });
});

describe('a recipe of one\'s own', () => {
  it('changes another number of guidelines in one line', () => {
    const recipe = load('own', own('extends: regenesis\nguidelines: [simplify, reflect, improve-current-best]\n'));
    assert.deepEqual(recipe.rounds[1].guidelines.map(guideline => guideline.id), ['simplify', 'reflect', 'improve-current-best']);
    assert.deepEqual(recipe.rounds[2]?.guidelines.map(guideline => guideline.id), ['simplify', 'reflect']);
  });

  it('finds its prompts in its own folder first', () => {
    const recipe = load('own', { ...own('extends: without-adapt\n'), 'own/path.rgprompt': '---\nstage: path\n---\nMine: {{ task.question }} {{ structure.text }} {% if hint %}{{ hint.answer }}{% endif %}\\boxed{}\n' });
    assert.deepEqual(recipe.rounds[1].chain.map(plan => plan.prompt.file), ['regenesis/structure.rgprompt', 'own/path.rgprompt']);
  });

  it('samples by what its recipe, the prompt and the stage state, the later over the earlier', () => {
    const path = '---\nstage: path\nsampling: { temperature: 0.5, top_p: 0.8 }\nstop: ["###"]\n---\n{{ task.question }} {{ structure.text }} {% if hint %}{{ hint.answer }}{% endif %}\\boxed{}\n';
    const recipe = load('own', { ...own('extends: regenesis\nstages: { path: { sampling: { temperature: 0.1 } } }\nhints: { sampling: { top_p: 0.2, max_tokens: 9 } }\n'), 'own/path.rgprompt': path });
    assert.deepEqual(recipe.rounds[1].chain[2]?.sampling, { temperature: 0.1, topP: 0.8, maxTokens: 1024, stop: ['###'] });
    assert.deepEqual(recipe.rounds[2]?.chain[0]?.sampling, { temperature: 0.85, topP: 0.2, maxTokens: 256, stop: [] });
  });

  it('has prompts of its own for the hint round', () => {
    const recipe = load('own', {
      ...own('extends: regenesis\nhints: { prompts: { path: hinted.rgprompt } }\n'),
      'own/hinted.rgprompt': '---\nstage: path\nvariables: [hint.answer]\n---\n{{ task.question }} {{ structure.text }} {{ hint.answer }}\\boxed{}\n',
    });
    assert.deepEqual([recipe.rounds[1], recipe.rounds[2]].map(round => round?.chain[2]?.prompt.file), ['regenesis/path.rgprompt', 'own/hinted.rgprompt']);
  });

  it('does not exist', () => assert.deepEqual(loadRecipe({ name: 'none', files: shipped, hash: sha256 }), { problems: [] }));
});

describe('what is wrong with a recipe, and where', () => {
  const base = 'extends: regenesis\n';
  const cases: readonly (readonly [name: string, yaml: string, ...wrong: readonly string[]])[] = [
    ['an unknown key', `${base}filtres: [verify]\n`, '2:1 recipe.unknown-key'],
    ['an unknown key deep inside', `${base}stages:\n  path:\n    sampling: { max_token: 9 }\n`, '4:17 recipe.unknown-key'],
    ['an unknown stage', `${base}stages: { paths: off }\n`, '2:11 recipe.unknown-key'],
    ['an unknown filter', `${base}filters: [finish, verfy]\n`, '2:19 recipe.invalid'],
    ['sampling out of range', `${base}sampling: { temperature: -1, top_p: 1.5 }\n`, '2:26 sampling.out-of-range', '2:37 sampling.out-of-range'],
    ['a limit of nothing', `${base}stages: { path: { sampling: { max_tokens: 0 } } }\n`, '2:43 sampling.out-of-range'],
    ['filters in another order', `${base}filters: [finish, verify, extract]\n`, '2:27 recipe.filters'],
    ['a filter twice', `${base}filters: [verify, verify]\n`, '2:19 recipe.filters'],
    ['no verify', `${base}filters: [finish]\n`, '2:10 recipe.filters'],
    ['clean without reverify', `${base}filters: [verify, clean]\n`, '2:19 recipe.filters'],
    ['length without a length', `${base}filters: [verify, length]\n`, '2:19 recipe.filters'],
    ['judge without a judge', `${base}filters: [verify, judge]\n`, '2:19 recipe.filters'],
    ['a judge that is never asked', `${base}stages: { judge: { sampling: { max_tokens: 8 } } }\n`, '2:18 recipe.filters'],
    ['a path that would follow guideline text', `${base}stages: { adapt: off, structure: off }\n`, '2:9 recipe.stages'],
    ['a hint for a stage that is off', `${base}stages: { structure: off }\nhints: { stages: [structure] }\n`, '3:19 recipe.stages'],
    ['a hint for the judge', `${base}hints: { stages: [judge] }\n`, '2:19 recipe.invalid'],
    ['no branches', `${base}branches: { guidelines: false }\n`, '2:11 recipe.stages'],
    ['draws beside branches of guidelines', `${base}branches: { drawn: 4 }\nstages: { adapt: off, structure: off }\n`, '2:20 recipe.stages', '3:9 recipe.stages'],
    ['draws beside chosen guidelines', 'extends: regenesis-released\nbranches: { guidelines: false, drawn: 4 }\nstages: { adapt: off, structure: off }\nhints: off\n', '2:39 recipe.stages', '3:9 recipe.stages'],
    ['draws that would follow a structure', `${base}branches: { guidelines: false, drawn: 4 }\nstages: { adapt: off }\nhints: off\n`, '2:39 recipe.stages'],
    ['draws in the hint round alone', `${base}hints: { stages: [path], branches: { guidelines: false, drawn: 4 } }\n`, '2:64 recipe.stages'],
    ['guidelines in the hint round of draws', 'extends: star\nhints: { branches: { guidelines: true, drawn: 0 } }\n', 'star/path-by-example.rgprompt:2:8 variable.missing', 'star/star.rgrecipe.yaml:16:3 recipe.stages'],
    ['too many draws', `${base}branches: { drawn: 257 }\n`, '2:20 recipe.invalid'],
    ['hints of answers that are left unused', 'extends: star\nknownAnswers: unused\n', 'star/star.rgrecipe.yaml:22:3 recipe.stages'],
    ['a judge by answers that are left unused', 'extends: regenesis-released\nknownAnswers: unused\nhints: off\nfilters: [verify, judge]\n', '4:19 recipe.filters'],
    ['another use of known answers', `${base}knownAnswers: ignored\n`, '2:15 recipe.invalid'],
    ['two documents', `${base}---\nseed: 2\n`, '2:1 recipe.invalid'],
    ['more picks than guidelines', 'extends: regenesis-released\nguidelines: [simplify, reflect]\n', 'regenesis-released/regenesis-released.rgrecipe.yaml:26:10 recipe.stages'],
    ['chosen guidelines without the stage', `${base}branches: { chosen: 4 }\n`, '2:21 recipe.stages'],
    ['an unknown guideline', `${base}guidelines: [simplify, simplfy]\n`, '2:24 recipe.guidelines'],
    ['a guideline twice', `${base}guidelines: [simplify, simplify]\n`, '2:24 recipe.guidelines'],
    ['a prompt that is not there', `${base}stages: { path: { prompt: mine.rgprompt } }\n`, '2:27 recipe.prompt'],
    ['an unknown layout', `${base}layout: suffix\n`, '2:9 recipe.invalid'],
    ['a prompt of another stage', `${base}stages: { path: { prompt: adapt.rgprompt } }\n`, '2:27 recipe.prompt'],
    ['nothing but a title', 'title: Own\n', '1:1 recipe.missing', '1:1 recipe.missing', '1:1 recipe.stages'],
    ['no limit of tokens', 'title: Own\nstages: { adapt: {}, path: {} }\nfilters: [verify]\nsampling: { temperature: 1 }\n'],
    ['what it extends is not there', 'extends: nothing\n', '1:10 recipe.not-found'],
    ['it extends itself', 'extends: own\n', '1:10 recipe.not-found'],
    ['it is no YAML', 'extends: [\n'],
    ['it is a list', '- a\n', '1:1 recipe.invalid'],
    ['it is empty', '', '1:1 recipe.invalid'],
  ];
  for (const [name, yaml, ...wrong] of cases) {
    it(name, () => {
      const found = wrongWith(own(yaml));
      assert.ok(found.length > 0);
      if (wrong.length > 0) assert.deepEqual(found.map(line => line.replace(/^own\/own\.rgrecipe\.yaml:/, '')), wrong);
    });
  }

  it('a prompt of it that is broken, by the place in the prompt', () => {
    assert.deepEqual(wrongWith({ ...own(base), 'own/path.rgprompt': '---\nstage: path\n---\n{{ task.question }}\n{{ structure.txt }} \\boxed{}\n' }), ['own/path.rgprompt:5:4 variable.unknown']);
  });

  it('a prompt that is right in itself and is not given what it uses', () => {
    const structure = '---\nstage: structure\n---\n{{ task.question }}\n{{ adapted.text }}\n';
    assert.deepEqual(wrongWith({ ...own(base), 'own/structure.rgprompt': structure }), []);
    assert.deepEqual(wrongWith({ ...own('extends: without-adapt\n'), 'own/structure.rgprompt': structure }), ['own/structure.rgprompt:2:8 variable.missing', 'own/structure.rgprompt:5:4 variable.optional']);
  });

  it('a hint stage whose prompt never shows the hint', () => {
    const path = '---\nstage: path\n---\n{{ task.question }} {{ structure.text }} \\boxed{}\n';
    assert.deepEqual(wrongWith({ ...own(base), 'own/path.rgprompt': path }), ['own/path.rgprompt:2:8 variable.missing']);
    assert.deepEqual(wrongWith({ ...own(`${base}hints: off\n`), 'own/path.rgprompt': path }), []);
  });

  it('a prompt for the hint round in round 1', () => {
    const path = '---\nstage: path\nvariables: [hint.answer]\n---\n{{ task.question }} {{ structure.text }} {{ hint.answer }} \\boxed{}\n';
    assert.deepEqual(wrongWith({ ...own(base), 'own/path.rgprompt': path }), ['own/path.rgprompt:5:45 variable.optional']);
  });

  it('guidelines: an id twice, a title too long, an unknown key', () => {
    const library = (entry: string) => `guidelines:\n  - id: simplify\n    title: Simplify\n    text: Simplify it.\n  ${entry}\n`;
    const wrong = (entry: string) => wrongWith({ 'guidelines/mine.yaml': library(entry) }, 'regenesis').filter(line => !line.includes('2:9'));
    assert.deepEqual(wrongWith({ 'guidelines/mine.yaml': library('- { id: own, title: Own, text: Own. }') }, 'regenesis'), ['guidelines/mine.yaml:2:9 guideline.duplicate']);
    assert.deepEqual(wrong('- { id: own, title: A title that is far too long for the tree, text: Own. }'), ['guidelines/mine.yaml:5:23 guideline.invalid']);
    assert.deepEqual(wrong('- { id: Own one, title: Own, text: Own., note: x }'), ['guidelines/mine.yaml:5:11 guideline.invalid', 'guidelines/mine.yaml:5:44 guideline.unknown-key']);
  });
});
