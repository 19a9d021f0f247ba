import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { DocumentSymbol, Range } from 'vscode-languageserver-types';
import { foldingRanges } from '../../../src/promptLanguage/folding.ts';
import { documentSymbols } from '../../../src/promptLanguage/outline.ts';
import type { PromptDocument } from '../../../src/promptLanguage/documents.ts';
import { anyPromptFiles } from '../../support/anyPrompts.ts';
import { markedPrompts } from '../../support/markedPrompts.ts';
import { shippedPrompts } from '../../support/promptFiles.ts';

function documentOf(path: string, text: string): PromptDocument {
  const { documents, folder } = markedPrompts({ [path]: text });
  const document = documents.at(folder, path);
  assert.ok(document);
  return document;
}

/** An outline as indented lines: name, detail, and what is selected. */
function outline(path: string, text: string): string[] {
  const document = documentOf(path, text);
  const at = ({ start, end }: Range) => text.slice(document.offsetAt(start), document.offsetAt(end));
  const lines = (symbols: readonly DocumentSymbol[], indent: string): string[] => symbols.flatMap(({ name, detail, selectionRange, children = [] }) => [
    `${indent}${name}${detail === undefined ? '' : ` (${detail})`} ⟦${at(selectionRange)}⟧`, ...lines(children, `${indent}  `),
  ]);
  return lines(documentSymbols(document), '');
}

/** Folds as `first-last`, lines from 1 as an editor shows them. */
const folds = (path: string, text: string): string[] =>
  foldingRanges(documentOf(path, text)).map(({ startLine, endLine, kind }) => `${startLine + 1}-${endLine + 1}${kind === undefined ? '' : ` ${kind}`}`);

const head = '---\nstage: path\n---\n';

describe('the outline of a prompt', () => {
  it('has its head, blocks, branches and includes as they stand in each other', () => {
    assert.deepEqual(outline('r/path.rgprompt', `${head}{% include "partials/p.rgprompt" %}
{% if structure  and not hint %}
{% for step in structure.steps %}{{ step }}{% if loop.first %}{% endif %}{% endfor %}
{%- elif adapted -%}
a
{%-else%}{%if hint%}{%endif%}
{% endif %}{% include 'partials/q.rgprompt' %}`), [
      'Front matter (path) ⟦path⟧',
      'partials/p.rgprompt ⟦"partials/p.rgprompt"⟧',
      'if structure and not hint ⟦{% if structure  and not hint %}⟧',
      '  for step in structure.steps ⟦step⟧',
      '    if loop.first ⟦{% if loop.first %}⟧',
      '  elif adapted ⟦{%- elif adapted -%}⟧',
      '  else ⟦{%-else%}⟧',
      '    if hint ⟦{%if hint%}⟧',
      "partials/q.rgprompt ⟦'partials/q.rgprompt'⟧",
    ]);
  });

  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['no head in a prompt without one', 'words', []],
    ['a head that is not closed', '---\nstage: path\n', ['Front matter ⟦---⟧']],
    ['a head that says nothing', '---\nwords\n---\n', ['Front matter ⟦---⟧']],
    ['a head with a stage that nobody knows', '---\nstage: pth\n---\n', ['Front matter ⟦pth⟧']],
    ['a block without an end', `${head}{% if hint %}{% for a in b %}`, ['Front matter (path) ⟦path⟧', 'if hint ⟦{% if hint %}⟧', '  for a in b ⟦a⟧']],
    ['a loop without a variable', `${head}{% for in b %}{% endfor %}`, ['Front matter (path) ⟦path⟧', 'for ⟦{% for in b %}⟧']],
    ['an if without a condition', `${head}{%if%}{%endif%}`, ['Front matter (path) ⟦path⟧', 'if ⟦{%if%}⟧']],
    ['an include without a name', `${head}{% include "" %}`, ['Front matter (path) ⟦path⟧', 'include ⟦""⟧']],
    ['not what is written out, and no comments', `${head}{{ task.question }}{# if #}{{ "{% if %}" }}`, ['Front matter (path) ⟦path⟧']],
  ];
  for (const [name, text, expected] of cases) it(name, () => assert.deepEqual(outline('r/path.rgprompt', text), expected));

  it('of a partial begins with its body', () => assert.deepEqual(outline('partials/p.rgprompt', '\ufeff{% if hint %}{% endif %}'), ['if hint ⟦{% if hint %}⟧']));
});

describe('the outline of a recipe', () => {
  it('has its keys with what they say', () => {
    assert.deepEqual(outline('r/r.rgrecipe.yaml', '# c\nextends: regenesis\ntitle: "A  title"\nguidelines: [a, b]\nstages:\n  structure: off\n  path:\n    sampling: { temperature: 0.6 }\n    retries: 0\nhints:\nseed: 0\n'), [
      'extends (regenesis) ⟦extends⟧', 'title (A title) ⟦title⟧', 'guidelines (a, b) ⟦guidelines⟧', 'stages ⟦stages⟧', '  structure (off) ⟦structure⟧', '  path ⟦path⟧',
      '    sampling ⟦sampling⟧', '      temperature (0.6) ⟦temperature⟧', '    retries (0) ⟦retries⟧', 'hints ⟦hints⟧', 'seed (0) ⟦seed⟧',
    ]);
  });

  it('cuts what is long', () => {
    assert.deepEqual(outline('r/r.rgrecipe.yaml', `description: >-\n  ${'word '.repeat(30)}\n`), [`description (${'word '.repeat(12).trimEnd()}…) ⟦description⟧`]);
  });

  for (const [name, text] of [['nothing', ''], ['a text', 'words'], ['a list', '- a\n']] as const) it(`is empty for ${name}`, () => assert.deepEqual(outline('r/r.rgrecipe.yaml', text), []));
});

describe('the outline of guidelines', () => {
  it('has their ids with their titles', () => {
    assert.deepEqual(outline('guidelines/g.yaml', 'guidelines:\n  - id: a\n    title: A title\n    text: long\n  - { title: B, id: "b" }\n  - title: without\n  - words\n'), ['a (A title) ⟦a⟧', 'b (B) ⟦"b"⟧']);
  });

  it('has all shipped ones', () => assert.equal(outline('guidelines/library.yaml', shippedPrompts().get('guidelines/library.yaml') ?? '').length, 25));
});

describe('what can be folded', () => {
  const prompts: readonly (readonly [string, string, readonly string[]])[] = [
    ['the head', `${head}words\n`, ['1-3']],
    ['a head with blank lines after it', `${head}\n\nwords\n`, ['1-3']],
    ['a head without an end', '---\nstage: path\n\n', ['1-2']],
    ['a loop, up to the line of its end', `${head}{% for a in b %}\n{{ a }}\n{% endfor %}\n`, ['1-3', '4-5']],
    ['each branch of an if', `${head}{% if a %}\nx\n{% elif b %}\nx\nx\n{% else %}\nx\n{% endif %}`, ['1-3', '4-5', '6-8', '9-10']],
    ['blocks in each other', `${head}{% if a %}\n{% for b in c %}\nx\n{% endfor %}\n{% endif %}`, ['1-3', '4-7', '5-6']],
    ['no block on one line', `${head}{% if a %}x{% else %}y{% endif %}`, ['1-3']],
    ['no block over two lines, whose end stays in sight', `${head}{% if a %}\n{% endif %}`, ['1-3']],
    ['a block without an end, up to the end', `${head}{% if a %}\nx\nx\n`, ['1-3', '4-6']],
    ['a comment over several lines', `${head}{# a\nb\nc #}{# d #}\n`, ['1-3', '4-6 comment']],
    ['the longer of two that begin on one line', `${head}{% if a %}{% if b %}\nx\n{% endif %}\nx\n{% endif %}`, ['1-3', '4-7']],
    ['CRLF', '---\r\nstage: path\r\n---\r\n{% if a %}\r\nx\r\n{% endif %}', ['1-3', '4-5']],
  ];
  for (const [name, text, expected] of prompts) it(`in a prompt: ${name}`, () => assert.deepEqual(folds('r/path.rgprompt', text), expected));

  const recipes: readonly (readonly [string, string, readonly string[]])[] = [
    ['groups in groups', 'stages:\n  path:\n    retries: 1\n  adapt: off\nseed: 1\n', ['1-4', '2-3']],
    ['no blank lines after a group', 'branches:\n  chosen: 1\n\n\nseed: 1\n', ['1-2']],
    ['lists', 'guidelines:\n  - a\n  - b\nfilters: [\n  verify\n]\n', ['1-3', '4-6']],
    ['blocks of text', 'description: >-\n  one\n  two\ntitle: R\n', ['1-3']],
    ['comments in a row', '# one\n# two\ntitle: R # three\n# four\n', ['1-2 comment']],
    ['no comment that is a line of a text', 'description: |\n  # one\n  # two\n', ['1-3']],
    ['nothing on one line', 'title: R\nstages: { path: {} }\n', []],
    ['as far as it can be read', 'stages:\n  path:\n    retries: 1\nfilters: [\n', ['1-3', '2-3']],
  ];
  for (const [name, text, expected] of recipes) it(`in a recipe: ${name}`, () => assert.deepEqual(folds('r/r.rgrecipe.yaml', text), expected));

  it('in guidelines: each of them, and its text', () => {
    assert.deepEqual(folds('guidelines/g.yaml', '# one\n# two\nguidelines:\n  - id: a\n    title: A\n    text: >-\n      one\n      two\n\n  - id: b\n    title: B\n'), ['1-2 comment', '3-11', '4-8', '6-8', '10-11']);
  });
});

describe('outline and folds of any text', () => {
  const before = (a: Range['start'], b: Range['start']) => a.line < b.line || (a.line === b.line && a.character <= b.character);
  const isIn = (inner: Range, outer: Range) => before(outer.start, inner.start) && before(inner.end, outer.end) && before(inner.start, inner.end);

  function holdsTogether(symbols: readonly DocumentSymbol[], around: Range): void {
    for (const { name, range, selectionRange, children = [] } of symbols) {
      assert.ok(name.trim() !== '');
      assert.ok(isIn(selectionRange, range), `${name} selects what is not its own`);
      assert.ok(isIn(range, around), `${name} reaches out of what holds it`);
      holdsTogether(children, range);
    }
  }

  function check(document: PromptDocument): void {
    const { text } = document.source;
    holdsTogether(documentSymbols(document), document.rangeOf({ start: 0, end: text.length }));
    const lines = document.rangeOf({ start: text.length, end: text.length }).end.line;
    const ranges = foldingRanges(document);
    for (const { startLine, endLine } of ranges) assert.ok(startLine >= 0 && startLine < endLine && endLine <= lines);
    assert.equal(new Set(ranges.map(({ startLine }) => startLine)).size, ranges.length);
  }

  it('name something everywhere, and lie in each other', () => {
    fc.assert(fc.property(anyPromptFiles, files => {
      for (const [path, text] of Object.entries(files)) check(documentOf(path, text));
    }), { numRuns: 300 });
  });

  it('are there for every shipped file', () => {
    for (const [path, text] of shippedPrompts()) {
      const document = documentOf(path, text);
      check(document);
      assert.ok(path.startsWith('partials/') || documentSymbols(document).length > 0, path);
    }
  });

  it('do not fail on what is deep', () => {
    for (const text of ['- '.repeat(20_000), '[' .repeat(60) + ']'.repeat(60), `${'{a: '.repeat(60)}1${'}'.repeat(60)}`, Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')]) {
      check(documentOf('r/r.rgrecipe.yaml', text));
    }
    check(documentOf('r/path.rgprompt', head + '{% if a %}\n'.repeat(2_000)));
  });
});
