import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { modelStages } from '../../../src/core/model/stage.ts';
import { Documents } from '../../../src/promptLanguage/documents.ts';
import { Navigation } from '../../../src/promptLanguage/navigation.ts';
import { SymbolIndex } from '../../../src/promptLanguage/symbolIndex.ts';
import { markedPrompts, type MarkedFiles } from '../../support/markedPrompts.ts';
import { shippedPrompts } from '../../support/promptFiles.ts';
import { anyPromptFiles } from '../../support/anyPrompts.ts';

const navigationOf = (documents: Documents): Navigation => new Navigation(documents, new SymbolIndex(documents));
const head = (stage: string): string => `---\nstage: ${stage}\n---\n`;
const markedHead = (stage: string): string => `---\nstage: ⟦${stage}⟧\n---\n`;
const shipped = Object.fromEntries(shippedPrompts());
/** A recipe and what it cannot do without. */
const small: MarkedFiles = {
  'r/r.rgrecipe.yaml': 'title: R\nstages:\n  adapt: {}\n  structure: {}\n  path: {}\nfilters: [verify]\n',
  'r/adapt.rgprompt': `${head('adapt')}{{ task.question }}{{ guideline.text }}`,
  'r/structure.rgprompt': `${head('structure')}{{ task.question }}{{ adapted.text }}`,
  'r/path.rgprompt': `${head('path')}{{ task.question }}{{ structure.text }}`,
  'guidelines/g.yaml': 'guidelines:\n  - { id: list-ideas, title: L, text: x }\n',
};

function definition(files: MarkedFiles, under: MarkedFiles = {}): void {
  const { documents, cursor, marked } = markedPrompts(files, under);
  assert.deepEqual(navigationOf(documents).definition(cursor.uri, cursor.position), marked);
}

function references(files: MarkedFiles, { under = {}, declaration = false }: { under?: MarkedFiles; declaration?: boolean } = {}): void {
  const { documents, cursor, marked } = markedPrompts(files, under);
  const found = navigationOf(documents).references(cursor.uri, cursor.position, declaration);
  assert.deepEqual(found.toSorted((a, b) => (a.uri < b.uri ? -1 : a.uri > b.uri ? 1 : 0)), marked.toSorted((a, b) => (a.uri < b.uri ? -1 : a.uri > b.uri ? 1 : 0)));
}

describe('where a thing of the prompt language comes from', () => {
  const inPath = (body: string): MarkedFiles => ({ ...small, 'r/path.rgprompt': head('path') + body });
  const cases: readonly (readonly [string, MarkedFiles])[] = [
    ['a partial, from its include', { ...inPath('{% include "partials/p‸.rgprompt" %}'), 'partials/p.rgprompt': '⟦⟧text' }],
    ['a partial, from the beginning of its name', { ...inPath("{%- include '‸partials/p.rgprompt' -%}"), 'partials/p.rgprompt': '⟦⟧' }],
    ['a partial that is not there', inPath('{% include "partials/‸p.rgprompt" %}')],
    ['not a partial, from the word include', { ...inPath('{% incl‸ude "partials/p.rgprompt" %}'), 'partials/p.rgprompt': '' }],
    ['a partial, in a prompt that is broken', { ...inPath('{{ }}{% if %}{% endif %}{% include "partials/‸p.rgprompt" %}{{ x'), 'partials/p.rgprompt': '⟦⟧' }],

    ['a loop variable', inPath('{% for ⟦step⟧ in structure.steps %}{{ s‸tep }}{% endfor %}')],
    ['a loop variable, from its loop', inPath('{% for ⟦st‸ep⟧ in structure.steps %}{% endfor %}')],
    ['a loop variable in parentheses', inPath('{% for ⟦step⟧ in structure.steps %}{{ ((‸step)) | trim }}{% endfor %}')],
    ['a loop variable in a condition', inPath('{% for ⟦step⟧ in structure.steps %}{% if hint and not step‸ == "a" %}{% endif %}{% endfor %}')],
    ['a loop variable as an argument', inPath('{% for ⟦step⟧ in structure.steps %}{{ task.question | replace("a", ‸step) }}{% endfor %}')],
    ['a loop variable in a test', inPath('{% for ⟦step⟧ in structure.steps %}{% if ‸step is defined %}{% endif %}{% endfor %}')],
    ['a loop variable in an expression that is half right', inPath('{% for ⟦step⟧ in structure.steps %}{{ ‸step | unheard }}{% endfor %}')],
    ['the nearest of two loops', inPath('{% for step in structure.steps %}{% for ⟦step⟧ in structure.steps %}{{ ‸step }}{% endfor %}{% endfor %}')],
    ['the outer of two loops, after the inner has ended', inPath('{% for ⟦step⟧ in structure.steps %}{% for step in structure.steps %}{% endfor %}{{ ‸step }}{% endfor %}')],
    ['the outer of two loops, in the list of the inner', inPath('{% for ⟦a⟧ in structure.steps %}{% for a in ‸a.b %}{% endfor %}{% endfor %}')],
    ['a field of a loop variable', inPath('{% for ⟦g⟧ in guidelines %}{{ g.t‸ext }}{% endfor %}')],
    ['loop, from the innermost', inPath('{% for a in structure.steps %}{% for ⟦b⟧ in structure.steps %}{{ loop‸.index }}{% endfor %}{% endfor %}')],
    ['what loop counts', inPath('{% for ⟦a⟧ in structure.steps %}{{ loop.in‸dex }}{% endfor %}')],
    ['loop outside a loop', inPath('{{ lo‸op.index }}')],
    ['a loop variable that hides a variable', inPath('{% for ⟦structure⟧ in structure.steps %}{{ ‸structure }}{% endfor %}')],
    ['a loop variable in a loop without an end', inPath('{% for ⟦step⟧ in structure.steps %}{{ ‸step }}')],
    ['nothing, of a loop without a variable', inPath('{% for in structure.steps %}{{ ‸step }}{% endfor %}')],

    ['the structure, from its stage', { ...inPath('{{ str‸ucture.text }}'), 'r/structure.rgprompt': `${markedHead('structure')}x` }],
    ['steps of the structure', { ...inPath('{% for a in structure.ste‸ps %}{% endfor %}'), 'r/structure.rgprompt': `${markedHead('structure')}x` }],
    ['the structure after a loop that hid it', { ...inPath('{% for structure in structure.steps %}{% endfor %}{{ ‸structure.text }}'), 'r/structure.rgprompt': `${markedHead('structure')}x` }],
    ['the adapted guideline, from its stage', { ...small, 'r/structure.rgprompt': `${head('structure')}{{ adap‸ted.text }}`, 'r/adapt.rgprompt': `${markedHead('adapt')}x` }],
    ['a guideline, from the library', { ...small, 'r/adapt.rgprompt': `${head('adapt')}{{ gui‸deline.text }}`, 'guidelines/g.yaml': '# all\n⟦guidelines⟧:\n  - { id: a, title: A, text: a }\n' }],
    ['guidelines, from every library', { ...small, 'r/choose.rgprompt': `${head('choose')}{% for g in guide‸lines %}{% endfor %}`, 'guidelines/g.yaml': '⟦guidelines⟧: []', 'guidelines/h.yaml': '⟦⟧[' }],
    ['the path, from its stage', { ...small, 'r/r.rgrecipe.yaml': (small['r/r.rgrecipe.yaml'] ?? '').replace('path: {}', 'path: {}\n  judge: {}'), 'r/judge.rgprompt': `${head('judge')}{{ pa‸th.text }}`, 'r/path.rgprompt': markedHead('path') }],
    ['the task, which no prompt makes', inPath('{{ task.ques‸tion }}')],
    ['the hint, which no prompt makes', inPath('{{ hint.ans‸wer }}')],
    ['a name that nobody knows', inPath('{{ const‸ructor }}')],
    ['a variable that the head lists', { ...small, 'r/path.rgprompt': '---\nstage: path\nvariables: [task.question, structure.te‸xt]\n---\n', 'r/structure.rgprompt': markedHead('structure') }],
    ['a variable, from words between tags', inPath('structure.te‸xt {# structure.text #}')],
    ['a variable, from a text in a tag', inPath('{{ "struc‸ture.text" }}')],
    ['a variable, from a comment', inPath('{# {{ struc‸ture.text }} #}')],

    ['a recipe, from what extends it', { ...small, 's/s.rgrecipe.yaml': 'extends: "‸r"\ntitle: S\n', 'r/r.rgrecipe.yaml': '⟦⟧title: R\n' }],
    ['a recipe that is not there', { 's/s.rgrecipe.yaml': 'extends: ‸nobody\n' }],
    ['a prompt that a recipe names', { 'r/r.rgrecipe.yaml': 'title: R\nstages:\n  path: { prompt: my‸.rgprompt }\n', 'r/my.rgprompt': markedHead('path') }],
    ['a prompt by its whole path', { 'r/r.rgrecipe.yaml': 'title: R\nstages:\n  path: { prompt: other/m‸y.rgprompt }\n', 'other/my.rgprompt': markedHead('path') }],
    ['a named prompt, from the recipe that is extended', { ...small, 's/s.rgrecipe.yaml': 'extends: r\nstages:\n  path: { prompt: "‸my.rgprompt" }\n', 'r/my.rgprompt': markedHead('path') }],
    ['a named prompt, from the own folder first', { ...small, 's/s.rgrecipe.yaml': 'extends: r\nstages:\n  path: { prompt: my.rgpro‸mpt }\n', 'r/my.rgprompt': head('path'), 's/my.rgprompt': markedHead('path') }],
    ['a named prompt of the hint round', { ...small, 's/s.rgrecipe.yaml': 'extends: r\nhints:\n  stages: [path]\n  prompts: { path: my‸.rgprompt }\n', 's/my.rgprompt': markedHead('path') }],
    ['the prompts of a stage, of both rounds', { ...small, 'r/r.rgrecipe.yaml': 'title: R\nstages:\n  path‸: {}\nhints:\n  stages: [path]\n  prompts: { path: second.rgprompt }\n', 'r/second.rgprompt': markedHead('path'), 'r/path.rgprompt': markedHead('path') }],
    ['the prompt of a stage, in the layout of the recipe', { 'r/r.rgrecipe.yaml': 'title: R\nlayout: reference\nstages:\n  ‸path: {}\n', 'r/path.rgprompt': head('path'), 'r/path.reference.rgprompt': markedHead('path') }],
    ['the prompt of a stage, not from behind one in another layout', { ...small, 's/s.rgrecipe.yaml': 'extends: r\nlayout: reference\nstages:\n  pa‸th: {}\n', 's/path.rgprompt': head('path'), 'r/path.reference.rgprompt': head('path') }],
    ['the prompt of a stage that gets the hint', { ...small, 's/s.rgrecipe.yaml': 'extends: r\nhints:\n  stages: [pa‸th]\n', 'r/path.rgprompt': markedHead('path') }],
    ['nothing, of a stage that is off', { ...small, 's/s.rgrecipe.yaml': 'extends: r\nstages:\n  adapt‸: off\n' }],
    ['a prompt named where no recipe is read from', { 'a/b.rgrecipe.yaml': 'stages:\n  path: { prompt: ‸path.rgprompt }\n', 'a/path.rgprompt': head('path') }],
    ['a guideline that a recipe names', { ...small, 'r/r.rgrecipe.yaml': 'guidelines: [list-‸ideas]\n', 'guidelines/g.yaml': 'guidelines:\n  - title: L\n    id: ⟦list-ideas⟧\n    text: x\n' }],
    ['a guideline in quotes, of the hint round', { ...small, 'r/r.rgrecipe.yaml': 'hints: { guidelines: [ "x", \'list-ideas‸\' ] }\n', 'guidelines/g.yaml': 'guidelines:\n  - id: "⟦list-ideas⟧"\n' }],
    ['a guideline that is there twice', { ...small, 'r/r.rgrecipe.yaml': 'guidelines:\n- ‸a\n', 'guidelines/g.yaml': 'guidelines: [{ id: ⟦a⟧ }]', 'guidelines/h.yaml': 'guidelines:\n  - id: ⟦a⟧' }],
    ['a guideline, from its own id', { 'guidelines/g.yaml': 'guidelines:\n  - id: ⟦a‸⟧\n' }],
    ['all, which is no guideline', { ...small, 'r/r.rgrecipe.yaml': 'guidelines: a‸ll\n', 'guidelines/g.yaml': 'guidelines: [{ id: all }]' }],
    ['nothing, from a description', { ...small, 'r/r.rgrecipe.yaml': 'title: list-‸ideas\n' }],
    ['the stage in the head of a prompt, which is what recipes look for', { ...small, 'r/path.rgprompt': '---\nstage: ⟦pa‸th⟧\n---\n' }],
  ];
  for (const [name, files] of cases) it(name, () => definition(files));

  it('a variable of a partial, from the prompts of all recipes that include it', () => {
    definition({ ...small, 'partials/p.rgprompt': '{{ ‸structure.text }}', 'r/path.rgprompt': `${head('path')}{% include "partials/p.rgprompt" %}`, 'r/structure.rgprompt': markedHead('structure'), ...other('structure', head('structure')) });
  });

  it('a variable of a partial that nobody includes, from all recipes', () => {
    definition({ ...small, 'partials/p.rgprompt': '{{ ‸structure.text }}', 'r/structure.rgprompt': markedHead('structure'), ...other('structure', markedHead('structure')) });
  });

  it('a variable, from the recipes that use the prompt and no other', () => {
    definition({ ...small, 'r/path.rgprompt': `${head('path')}{{ structure.‸text }}`, 'r/structure.rgprompt': markedHead('structure'), ...other('structure', head('structure')) });
  });

  it('shipped prompts, from a prompt of one\'s own that lies over a shipped one', () => {
    const own = { 'regenesis/path.rgprompt': `${head('path')}{{ ‸structure.text }}` };
    definition(own, { ...shipped, 'regenesis/structure.rgprompt': (shipped['regenesis/structure.rgprompt'] ?? '').replace('stage: structure', 'stage: ⟦structure⟧') });
  });

  it('a file with CRLF, a byte-order mark and letters of two units', () => {
    definition({ 'r/path.rgprompt': '\ufeff---\r\nstage: path\r\n---\r\n💡 {% for ⟦step⟧ in structure.steps %}\r\n💡{{ ‸step }}{% endfor %}' });
    definition({ ...small, 'r/r.rgrecipe.yaml': '\ufefftitle: "💡"\r\nguidelines: [💡, list-‸ideas]\r\n', 'guidelines/g.yaml': '\ufeffguidelines:\r\n  - { title: 💡, id: ⟦list-ideas⟧ }\r\n' });
  });

  it('nothing, of a file that is none of the language or is not there', () => {
    const navigation = navigationOf(markedPrompts(small).documents);
    for (const uri of ['file:///some/.regenesis/prompts/r/none.rgprompt', 'file:///elsewhere/path.rgprompt', 'file:///some/.regenesis/prompts/readme.md', '']) {
      assert.deepEqual(navigation.definition(uri, { line: 0, character: 0 }), []);
      assert.deepEqual(navigation.references(uri, { line: 0, character: 0 }, true), []);
    }
  });

  it('sees a text as it stands after it has changed', () => {
    const files = new Map([['r/path.rgprompt', `${head('path')}{% for a in structure.steps %}{{ a }}{% endfor %}`]]);
    const { documents, uriOf } = withFiles(files);
    const navigation = navigationOf(documents);
    const position = { line: 3, character: 33 };
    assert.equal(navigation.definition(uriOf('r/path.rgprompt'), position).length, 1);
    files.set('r/path.rgprompt', `${head('path')}{% for b in structure.steps %}{{ a }}{% endfor %}`);
    assert.deepEqual(navigation.definition(uriOf('r/path.rgprompt'), position), []);
  });

  it('looks a prompt up anew after a recipe has changed, or a file has come', () => {
    const files = new Map(Object.entries({ ...small, 's/s.rgrecipe.yaml': 'extends: r\nstages:\n  path: {}\n' }));
    const { documents, uriOf } = withFiles(files);
    const navigation = navigationOf(documents);
    const found = () => navigation.definition(uriOf('s/s.rgrecipe.yaml'), { line: 2, character: 3 }).map(({ uri }) => uri);
    assert.deepEqual(found(), [uriOf('r/path.rgprompt')]);
    files.set('r/r.rgrecipe.yaml', `layout: reference\n${small['r/r.rgrecipe.yaml'] ?? ''}`);
    assert.deepEqual(found(), []);
    files.set('s/path.reference.rgprompt', head('path'));
    assert.deepEqual(found(), [uriOf('s/path.reference.rgprompt')]);
  });
});

describe('where a thing of the prompt language is used', () => {
  it('a loop variable: in its loop, but where another hides it', () => {
    references({ 'r/path.rgprompt': `${head('path')}{{ a }}{% for ‸a in structure.steps %}{{ ⟦a⟧ }}{% for a in structure.steps %}{{ a }}{% endfor %}{% if ⟦a⟧ == "a" %}a{% endif %}{% endfor %}{{ a }}` });
    references({ 'r/path.rgprompt': `${head('path')}{% for ⟦a⟧ in structure.steps %}{{ ‸⟦a⟧ }}{% endfor %}` }, { declaration: true });
  });

  it('a variable of the language: in all prompts, partials and heads of the folder, but where a loop hides it', () => {
    references({
      'r/path.rgprompt': '---\nstage: path\nvariables: [⟦structure⟧.text, task.question]\n---\n{{ ‸⟦structure⟧.text }}{% for structure in ⟦structure⟧.steps %}{{ structure }}{% endfor %}',
      's/path.rgprompt': `${head('path')}{% if not ⟦structure⟧ or "structure" %}{% include "partials/p.rgprompt" %}{% endif %}structure`,
      'partials/p.rgprompt': '{{ (⟦structure⟧.text) }}{# structure #}',
    });
  });

  it('one field of a variable', () => {
    references({ ...small, 'r/path.rgprompt': `${head('path')}{{ ⟦structure.te‸xt⟧ }}{{ structure.steps | length }}{{ ⟦structure . text⟧ }}`, 'partials/p.rgprompt': '{{ ⟦structure.text⟧ }}{{ task.text }}' });
  });

  it('a variable with the prompt that makes it', () => {
    references({ ...small, 'r/path.rgprompt': `${head('path')}{{ ⟦structure.te‸xt⟧ }}`, 'r/structure.rgprompt': markedHead('structure') }, { declaration: true });
  });

  it('a partial: wherever it is included', () => {
    references({
      'r/path.rgprompt': `${head('path')}{% include "⟦partials/‸p.rgprompt⟧" %}{% include "partials/q.rgprompt" %}{% include '⟦partials/p.rgprompt⟧' %}`,
      's/path.rgprompt': `${head('path')}{% include "⟦partials/p.rgprompt⟧" %}`, 'partials/p.rgprompt': 'partials/p.rgprompt', 'partials/q.rgprompt': '',
    });
  });

  it('a guideline: in the lists of all recipes, with its declaration where that is asked for', () => {
    const uses: MarkedFiles = {
      ...small, 'r/r.rgrecipe.yaml': 'title: list-ideas\nguidelines: [⟦list-ideas⟧, other]\n', 's/s.rgrecipe.yaml': '# list-ideas\nhints:\n  guidelines:\n    - "⟦list-ideas⟧" # list-ideas\n',
    };
    references({ ...uses, 'guidelines/g.yaml': 'guidelines:\n  - { id: list‸-ideas, title: L, text: list-ideas }\n' });
    references({ ...uses, 'guidelines/g.yaml': 'guidelines:\n  - { id: ⟦list‸-ideas⟧, title: L, text: list-ideas }\n' }, { declaration: true });
  });

  it('a recipe: wherever it is extended', () => {
    references({ 'r/r.rgrecipe.yaml': '⟦⟧title: R\n', 's/s.rgrecipe.yaml': 'extends: ⟦r‸⟧\n', 't/t.rgrecipe.yaml': "extends: '⟦r⟧'\n", 'u/u.rgrecipe.yaml': 'extends: s\n' }, { declaration: true });
  });

  it('a prompt: wherever a recipe states its stage or names it', () => {
    references({
      'r/path.rgprompt': '---\nstage: pa‸th\n---\n',
      'r/r.rgrecipe.yaml': 'title: R\nstages:\n  ⟦path⟧: {}\nhints: { stages: [⟦path⟧] }\n',
      's/s.rgrecipe.yaml': 'extends: r\nstages:\n  path: { prompt: "⟦path.rgprompt⟧" }\n',
      't/t.rgrecipe.yaml': 'extends: r\nstages:\n  path: { prompt: ⟦r/path.rgprompt⟧ }\n',
      'u/u.rgrecipe.yaml': 'extends: r\nstages:\n  path: {}\n', 'u/path.rgprompt': head('path'),
    });
  });

  it('nothing where nothing stands', () => {
    references({ 'r/path.rgprompt': `${head('path')}Plain ‸words {{ task.question }}` });
  });
});

describe('navigation through the shipped files', () => {
  const { documents, folder, uriOf } = markedPrompts({}, shipped);
  const index = new SymbolIndex(documents);
  const navigation = new Navigation(documents, index);

  it('finds where everything comes from that some file makes, and finds it again among its references', () => {
    for (const document of index.documentsOf(folder)) {
      const seen = new Set<string>();
      for (const { symbol, word, range } of index.mentionsOf(document)) {
        if (seen.has(`${symbol.kind} ${symbol.name}`)) continue;
        seen.add(`${symbol.kind} ${symbol.name}`);
        const position = document.rangeOf(word).start;
        const made = symbol.kind !== 'variable' || !/^(?:task|hint|gold)/.test(symbol.name);
        assert.equal(navigation.definition(document.uri, position).length > 0, made, `${document.path} ${symbol.kind} ${symbol.name}`);
        const found = navigation.references(document.uri, position, true);
        const own = { uri: document.uri, range: document.rangeOf(range) };
        assert.ok(found.some(each => JSON.stringify(each) === JSON.stringify(own)), `${document.path} ${symbol.kind} ${symbol.name}`);
      }
    }
  });

  it('counts what is mentioned where', () => {
    const kinds = (path: string) => index.documentsOf(folder).filter(each => each.path === path).flatMap(each => index.mentionsOf(each).map(({ symbol }) => `${symbol.kind} ${symbol.name}`));
    assert.deepEqual(kinds('partials/ways-of-thinking.rgprompt'), [
      'loop guideline', 'variable guidelines', 'loop guideline', 'loop part guideline.id', 'loop guideline', 'loop part guideline.text',
    ]);
    assert.equal(kinds('guidelines/library.yaml').length, 25);
    assert.deepEqual(kinds('without-adapt/without-adapt.rgrecipe.yaml'), ['recipe regenesis']);
    assert.deepEqual(kinds('regenesis-released/regenesis-released.rgrecipe.yaml').slice(0, 3), ['recipe regenesis', 'prompt regenesis/choose.reference.rgprompt', 'prompt regenesis/judge.reference.rgprompt']);
    for (const stage of modelStages) assert.ok(kinds(`regenesis/${stage}.rgprompt`).includes(`prompt regenesis/${stage}.rgprompt`));
  });

  it('answers about every file within a moment', () => {
    const started = performance.now();
    for (let round = 0; round < 5; round += 1) navigation.references(uriOf('regenesis/path.rgprompt'), { line: 15, character: 5 }, true);
    assert.ok(performance.now() - started < 2_000);
  });
});

describe('navigation through any text', () => {
  it('never fails, and names only places that are there', () => {
    fc.assert(fc.property(anyPromptFiles, fc.nat(80), fc.nat(80), (files, line, character) => {
      const { documents, folder, uriOf } = markedPrompts(files);
      const navigation = navigationOf(documents);
      for (const path of folder.files.keys()) {
        for (const { uri, range } of [...navigation.definition(uriOf(path), { line, character }), ...navigation.references(uriOf(path), { line, character }, true)]) {
          const document = documents.get(uri);
          assert.ok(document);
          assert.deepEqual(document.rangeOf({ start: document.offsetAt(range.start), end: document.offsetAt(range.end) }), range);
        }
      }
    }), { numRuns: 200 });
  });
});

/** A second recipe with prompts of its own, one of them given. */
function other(stage: string, text: string): MarkedFiles {
  return {
    'o/o.rgrecipe.yaml': small['r/r.rgrecipe.yaml'] ?? '', 'o/adapt.rgprompt': small['r/adapt.rgprompt'] ?? '', 'o/structure.rgprompt': small['r/structure.rgprompt'] ?? '',
    'o/path.rgprompt': small['r/path.rgprompt'] ?? '', [`o/${stage}.rgprompt`]: text,
  };
}

/** A workspace whose texts change under it. */
function withFiles(files: Map<string, string>): Pick<ReturnType<typeof markedPrompts>, 'documents' | 'uriOf'> {
  const { workspace, uriOf } = markedPrompts({});
  const folder = { files, uriOf, isShipped: () => false };
  const changing = { placeOf: (uri: string) => { const place = workspace.placeOf(uri); return place && { ...place, folder }; } };
  return { documents: new Documents(changing), uriOf };
}
