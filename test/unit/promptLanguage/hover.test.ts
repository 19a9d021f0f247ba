import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { Hovers } from '../../../src/promptLanguage/hover.ts';
import { firstLines, inBlock, inCode } from '../../../src/promptLanguage/markdown.ts';
import type { ProjectFacts, VariableValue } from '../../../src/promptLanguage/workspace.ts';
import { cursorPrompts, offsetIn, positionIn } from '../../support/cursorPrompts.ts';

const paths = { recipe: 'own/own.rgrecipe.yaml', guidelines: 'guidelines/own.yaml', partial: 'partials/own.rgprompt' } as const;

function filesOf(marked: string): Readonly<Record<string, string>> {
  const [, kind = '', text = ''] = /^(\w+): ([^]*)$/.exec(marked) ?? [];
  if (kind === 'head') return { 'own/own.rgprompt': text };
  return kind in paths ? { [paths[kind as keyof typeof paths]]: text } : { 'own/own.rgprompt': `---\nstage: ${kind}\n---\n${text}` };
}

const nothingKnown = { values: async () => undefined, staleness: async () => undefined, budget: async () => undefined };
const knows = (values: readonly VariableValue[], task = 'gsm8k-1'): ProjectFacts => ({ ...nothingKnown, values: async () => ({ task, values }) });

async function hover(files: Readonly<Record<string, string>>, project?: ProjectFacts): Promise<{ readonly words: string; readonly on: string } | undefined> {
  const { documents, workspace, uri, position, text } = cursorPrompts(files, project ? { project } : {});
  const found = await new Hovers(documents, workspace).at(uri, position, new AbortController().signal);
  if (!found?.range || typeof found.contents !== 'object' || !('kind' in found.contents)) return undefined;
  return { words: found.contents.value, on: text.slice(offsetIn(text, found.range.start), offsetIn(text, found.range.end)) };
}

const loop = (inside: string): string => `path: {% for step in structure.steps %}${inside}{% endfor %}`;

/** What is said of what; nothing where `on` is empty. */
const cases: readonly (readonly [marked: string, on: string, ...says: readonly string[]])[] = [
  ['path: {{ structure.te‸xt }}', 'structure.text', '**structure.text** · text', 'as the model wrote it', 'Given to `path` (in a recipe with the stage `structure`).'],
  ['path: {{ str‸ucture.text }}', 'structure', '**structure** · group', 'Given to `path`'], ['path: {{ ‸task.question }}', 'task', '**task** · group', 'Given to every stage.'], ['path: {{ task.question‸ }}', 'task.question', 'options included'],
  ['path: {{ task . ans‸werKind }}', 'task . answerKind', '`number`, `expression`, `choice`, `yesno` or `text`'], ['path: {{ structure.st‸eps }}', 'structure.steps', 'list of texts'], ['path: {{ adapted.te‸xt }}', 'adapted.text', '`path` (in a recipe without the stage `structure`)'],
  ['path: {% if hi‸nt %}', 'hint', '**hint** · group', 'in the hint round'], ['path: {{ hint.answer‸ }}', 'hint.answer', 'Given to `adapt`, `structure` and `path` in the hint round'], ['judge: {{ go‸ld }}', 'gold', 'The known answer.', 'Given to `judge`.'],
  ['path: {{ go‸ld }}', 'gold', 'The stage `path` is never given it.'], ['path: {{ guideline.te‸xt }}', 'guideline.text', 'The stage `path` is never given it.'], ['choose: {{ guide‸lines }}', 'guidelines', 'list of groups', 'Given to `choose`.'],
  ['adapt: {{ guideline.i‸d }}', 'guideline.id', 'Given to `adapt` and `structure` (in a recipe without the stage `adapt`).'], ['path: a\r\n💡 {{ structure.te‸xt }}', 'structure.text', '**structure.text**'], ['path: {{ structure.te‸xt', 'structure.text', '**structure.text**'],
  ['path: {{ no‸body }}', ''], ['path: {{ structure.no‸body }}', ''], ['path: {{ gold.te‸xt }}', ''], ['path: {{ const‸ructor }}', ''], ['path: {{ structure.toStr‸ing }}', ''], ['path: {{ loop.in‸dex }}', ''],
  // loops
  ['path: {% for st‸ep in structure.steps %}{% endfor %}', 'step', '**step** · text of a loop', 'One step'], [loop('{{ st‸ep }}'), 'step', '**step** · text of a loop'], [loop('{{ loop.ind‸ex }}'), 'loop.index', '**loop.index** · number', 'from 1'],
  [loop('{{ loop.la‸st }}'), 'loop.last', 'true or false'], ['path: {% for step i‸n structure.steps %}', 'in', '**in**'], ['path: {% for step in struct‸ure.steps %}', 'structure', 'reasoning structure'], [`${loop('')}{{ st‸ep }}`, ''],
  ['choose: {% for g in guidelines %}{{ g.i‸d }}{% endfor %}', 'g.id', 'The id of this guideline'], ['path: {% for structure in structure.steps %}{{ struc‸ture }}{% endfor %}', 'structure', '**structure** · text of a loop'],
  // filters, statements, other words
  ['path: {{ structure.steps | jo‸in("a") }}', 'join', 'filter of a list of texts', '`join("separator")`', '`Count → Check`'], ['path: {{ task.question|tr‸im }}', 'trim', 'white space'], ['path: {{ x | default("a", tr‸ue) }}', 'true', 'an empty text'], ['path: {{ x | no‸body }}', ''], ['path: {{ x | to‸String }}', ''],
  ['path: {% i‸f hint %}', 'if', 'count as false'], ['path: {%- end‸if %}', 'endif', 'Ends'], ['path: {% f‸or s in x %}', 'for', 'three deep'], ['path: {% el‸se %}', 'else', 'no condition'], ['path: {% incl‸ude "x" %}', 'include', 'At the top level'], ['path: {% se‸t x %}', ''],
  ['path: {% if no‸t hint %}', 'not', 'is false'], ['path: {% if hint an‸d gold %}', 'and', 'both'], ['path: {% if hint i‸s defined %}', 'is', 'is not defined'], ['path: {% if hint is defi‸ned %}', 'defined', 'is given here'], ['path: {% if hint is not defi‸ned %}', 'defined', 'is given here'], ['path: {{ defi‸ned }}', ''],
  ['path: {% include "partials/ta‸sk.rgprompt" %}', '"partials/task.rgprompt"', 'The partial `partials/task.rgprompt`', '```text\n### Task\n{{ task.question }}\n```'], ['path: {% include "partials/no‸body.rgprompt" %}', '"partials/nobody.rgprompt"', 'There is no partial `partials/nobody.rgprompt`.'], ['path: {{ "partials/ta‸sk.rgprompt" }}', ''],
  ['path: {% include "partials/path-ru‸les.rgprompt" %}', '"partials/path-rules.rgprompt"', 'Number your steps'],
  ['partial: {{ gol‸d }}', 'gold', 'Given to `judge`.'], ['partial: {{ structure.te‸xt }}', 'structure.text', 'as the model wrote it'],
  ['path: prose‸', ''], ['path: structure.te‸xt', ''], ['path: {# structure.te‸xt #}', ''], ['path: {{ 3‸ }}', ''], ['path: {{ "te‸xt" }}', ''], ['path: {{ a |‸ }}', ''],
  // heads
  ['head: ---\nst‸age: path\n---\n', 'stage', '`choose`, `adapt`'], ['head: ---\nstage: pa‸th\n---\n', 'path', 'work the task out'], ['head: ---\r\nstage: path\r\nout‸put: boxed\r\n---\r\n', 'output', 'for the reader'], ['head: ---\nstage: path\noutput: bo‸xed\n---\n', 'boxed', 'the answer of `path`'],
  ['head: ---\nstage: path\nvariables: [hint.ans‸wer]\n---\n', 'hint.answer', 'The known answer', 'in the hint round'], ['head: ---\nstage: path\nsampling: { top_‸p: 1 }\n---\n', 'top_p', 'Above 0'], ['head: ---\nstage: path\nsampling:\n  max_to‸kens: 1', 'max_tokens', 'cut'],
  ['head: ---\nstage: path\nnobo‸dy: 1\n---\n', ''], ['head: ---\ndescription: pa‸th\n---\n', ''], ['head: ---\nstage: path # st‸age\n---\n', ''], ['head: --‸-\nstage: path\n---\n', ''],
  // recipes
  ['recipe: ext‸ends: regenesis', 'extends', 'another recipe'], ['recipe: extends: regen‸esis', 'regenesis', 'regenesis/regenesis.rgrecipe.yaml'], ['recipe: extends: nobo‸dy', ''], ['recipe: guidelines: [simp‸lify]', 'simplify', 'The guideline `simplify` · `Simplify`', 'Strip the problem down'],
  ['recipe: hints:\n  guidelines:\n    - simp‸lify', 'simplify', 'Strip the problem down'], ['recipe: guidelines: [nobo‸dy]', ''], ['recipe: guidelines: al‸l', 'all', 'Every guideline.'], ['recipe: stages:\n  pa‸th: {}', 'path', 'work the task out', 'It must be there.'],
  ['recipe: stages:\n  adapt: of‸f', 'off', 'without'], ['recipe: stages:\n  path:\n    retr‸ies: 1', 'retries', 'drawn again'], ['recipe: extends: regenesis\nstages:\n  path: { prompt: path.rg‸prompt }', 'path.rgprompt', 'The prompt `regenesis/path.rgprompt` of the stage `path`'],
  ['recipe: hints:\n  prompts: { path: no‸body.rgprompt }', 'nobody.rgprompt', 'There is no prompt `nobody.rgprompt`.'], ['recipe: filters: [fin‸ish]', 'finish', 'cut at their limit'], ['recipe: fil‸ters: [finish]', 'filters', 'in this order'], ['recipe: layout: ref‸erence', 'reference', 'released code'],
  ['recipe: hints:\n  sta‸ges: [path]', 'stages', 'shown the known answer'], ['recipe: hints:\n  stages: [pa‸th]', 'path', 'work the task out'], ['recipe: stages:\n  path:\n    sampling: { temp‸erature: 1 }', 'temperature', '0 to 2'], ['recipe: length: { tokenizer: cl1‸00k }', 'cl100k', 'cl100k'],
  ['recipe: "extends": regenesis\nstages:\n  path: { prompt: path.rg‸prompt }', 'path.rgprompt', 'The prompt `regenesis/path.rgprompt` of the stage `path`'], ['recipe: description: |\n  x\n  extends: regenesis\nextends : regenesis # y\nstages:\n  path: { prompt: path.rg‸prompt }', 'path.rgprompt', 'The prompt `regenesis/path.rgprompt`'],
  ['recipe: vote:\n  least‸Share: 0.5', 'leastShare', 'share'], ['recipe: title: pa‸th', ''], ['recipe: tit‸le: a: b', 'title', 'For the reader'], ['recipe: seed: ‸1', ''], ['guidelines: guidelines:\n  - i‸d: a', 'id', 'for ever'], ['guidelines: guidelines:\n  - presupposesSolution: tr‸ue', 'true', 'Yes.'], ['guidelines: guide‸lines: []', 'guidelines', 'All files count'],
];

describe('what is said about a place', () => {
  for (const [marked, on, ...says] of cases) {
    it(JSON.stringify(marked), async () => {
      const found = await hover(filesOf(marked));
      assert.equal(found?.on ?? '', on);
      for (const each of says) assert.ok(found?.words.includes(each), `${each} is not in: ${found?.words ?? ''}`);
    });
  }
});

describe('the beginning of a file', () => {
  it('is twelve lines, and a sign that there are more', () => {
    const lines = Array.from({ length: 13 }, (_, index) => `line ${index}`);
    assert.equal(firstLines(`${lines.slice(0, 12).join('\r\n')}\r\n`), lines.slice(0, 12).join('\n'));
    assert.equal(firstLines(lines.join('\n')), [...lines.slice(0, 12), '…'].join('\n'));
  });
});

describe('the value of a variable', () => {
  const value = async (name: string, project: ProjectFacts) => (await hover(filesOf(`path: {{ ${name}‸ }}`), project))?.words ?? '';

  it('is that of the task that is selected', async () => {
    const words = await value('structure.text', knows([{ name: 'structure.text', text: '1. Count' }, { name: 'structure.steps', text: 'other' }]));
    assert.ok(words.endsWith('For the task `gsm8k-1`:\n\n```text\n1. Count\n```'), words);
  });

  it('is asked for with the stage of the prompt, or of a prompt that includes the partial', async () => {
    const asked: string[] = [];
    const project: ProjectFacts = { ...nothingKnown, values: async (uri, stage) => { asked.push(`${uri.split('/').at(-1) ?? ''} ${stage}`); return undefined; } };
    await hover(filesOf('judge: {{ gold‸ }}'), project);
    await hover({ 'partials/path-hint.rgprompt': '{{ hint.answer‸ }}' }, project);
    await hover({ 'own/own.rgprompt': '---\nstage: adapt\nvariables: [hint.answer‸]\n---\n' }, project);
    assert.deepEqual(asked, ['own.rgprompt judge', 'path-hint.rgprompt path', 'own.rgprompt adapt']);
  });

  it('of a group are those of its fields', async () => {
    const words = await value('structure', knows([{ name: 'structure.text', text: '1. Count' }, { name: 'structure.steps', text: 'Count' }, { name: 'structures', text: 'no' }]));
    assert.ok(words.endsWith('`structure.text`\n\n```text\n1. Count\n```\n\n`structure.steps`\n\n```text\nCount\n```'), words);
  });

  it('is cut where it is long, between characters', async () => {
    const words = await value('structure.text', knows([{ name: 'structure.text', text: `${'x'.repeat(599)}💡${'y'.repeat(500)}` }]));
    assert.ok(words.includes(`${'x'.repeat(599)}…\n`));
  });

  it('that is not there yet is told', async () => assert.ok((await value('structure.text', knows([]))).endsWith('For the task `gsm8k-1` it is not there yet.')));

  for (const [name, project] of [['nobody knows', nothingKnown], ['cannot be had', { ...nothingKnown, values: async () => { throw new Error('gone'); } }]] as const) {
    it(`that ${name} leaves the other words`, async () => {
      assert.equal(await value('structure.text', project), (await hover(filesOf('path: {{ structure.text‸ }}')))?.words);
    });
  }

  it('is not asked for by one who has gone on', async () => {
    let asked = 0;
    const { documents, workspace, uri, position } = cursorPrompts(filesOf('path: {{ structure.text‸ }}'), { project: { ...nothingKnown, values: async () => { asked += 1; return undefined; } } });
    assert.equal(await new Hovers(documents, workspace).at(uri, position, AbortSignal.abort()), undefined);
    assert.equal(asked, 0);
  });

  it('of a variable that a loop hides is not shown', async () => {
    const words = (await hover(filesOf('path: {% for hint in structure.steps %}{{ hint‸ }}{% endfor %}'), knows([{ name: 'hint.answer', text: '42' }])))?.words ?? '';
    assert.ok(words.includes('of a loop') && !words.includes('42'));
  });
});

/** Texts that look like Markdown. */
const hostile = fc.array(fc.oneof(fc.constantFrom('```', '````', '~~~', '`', '\n', '\r', '\r\n', '\n\n', '[x](command:evil)', '![x](http://evil)', '<img src=x onerror=1>', '    ', '> ', '- ', '# ', '\u2028', '\x85', '\0', '\u202e', ' ', 'text'), fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 30 }).map(parts => parts.join(''));
const markdown = new MarkdownIt({ html: true, linkify: true });

describe('texts of others', () => {
  it('stay one block of code, whatever they say', () => {
    fc.assert(fc.property(hostile, text => {
      const tokens = markdown.parse(`before\n\n${inBlock(text)}\n\nafter`, {});
      assert.deepEqual(tokens.map(({ type }) => type), ['paragraph_open', 'inline', 'paragraph_close', 'fence', 'paragraph_open', 'inline', 'paragraph_close']);
    }));
  });

  it('stay one word of code, whatever they say', () => {
    fc.assert(fc.property(hostile, text => {
      const [, inline] = markdown.parse(`before ${inCode(text)} after`, {});
      assert.deepEqual((inline?.children ?? []).map(({ type }) => type).filter(type => type !== 'text'), inCode(text) === '(empty)' ? [] : ['code_inline']);
    }));
  });

  it('hide nothing', () => {
    assert.equal(inBlock('a\u202eb\0c\u200bd'), '```text\na\ufffdb\ufffdc\ufffdd\n```');
    assert.equal(inBlock('a\r\nb\rc'), '```text\na\nb\nc\n```');
    assert.equal(inBlock('👩‍🔬\tx'), '```text\n👩‍🔬\tx\n```');
  });

  it('reach hover as such: values, tasks, guidelines, partials', async () => {
    const sly = '```\n[run](command:evil)\n`';
    const { words: value } = await hover(filesOf('path: {{ structure.text‸ }}'), knows([{ name: 'structure.text', text: sly }], sly)) ?? { words: '' };
    const { words: partial } = await hover({ 'own/own.rgprompt': '---\nstage: path\n---\n{% include "partials/s‸ly.rgprompt" %}', 'partials/sly.rgprompt': sly }) ?? { words: '' };
    const { words: guideline } = await hover({ 'own/own.rgrecipe.yaml': 'guidelines: [sl‸y]', 'guidelines/sly.yaml': `guidelines:\n  - { id: sly, title: ${JSON.stringify('[x](command:e)`')}, text: ${JSON.stringify(sly)} }\n` }) ?? { words: '' };
    for (const words of [value, partial, guideline]) {
      assert.ok(words.includes('command:evil'), words);
      assert.ok(!markdown.render(words).includes('<a'), markdown.render(words));
    }
  });
});

describe('hover over any text', () => {
  const bits = fc.constantFrom('{{', '}}', '{%', '%}', '---\n', 'stage: path\n', ' ', '.', '|', '"', '\n', '\r\n', 'structure', 'task', 'for s in ', 'include "', 'guidelines: [', 'simplify', ']', ': ', '- ', '💡', '\ud83d', '\ufeff');
  const broken = fc.oneof(fc.array(bits, { maxLength: 16 }).map(parts => parts.join('')), fc.string({ unit: 'binary', maxLength: 30 }));
  for (const path of ['own/own.rgprompt', ...Object.values(paths)]) {
    it(`never fails, and names the place itself, in ${path}`, async () => {
      await fc.assert(fc.asyncProperty(broken, fc.nat(), async (text, seed) => {
        const { documents, workspace, uri, text: whole } = cursorPrompts({ [path]: text.replaceAll('‸', '') });
        const position = positionIn(whole, seed % (whole.length + 1));
        const offset = offsetIn(whole, position);
        const found = await new Hovers(documents, workspace).at(uri, position, new AbortController().signal);
        if (found?.range) assert.ok(offsetIn(whole, found.range.start) <= offset && offset <= offsetIn(whole, found.range.end));
      }), { numRuns: 200 });
    });
  }
});
