import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { WorkspaceEdit } from 'vscode-languageserver-types';
import { problemOf } from '../../../src/core/model/problem.ts';
import type { PromptVariables } from '../../../src/core/model/prompt.ts';
import { parsePrompt } from '../../../src/core/prompts/prompt.ts';
import { Renames } from '../../../src/promptLanguage/rename.ts';
import { SymbolIndex } from '../../../src/promptLanguage/symbolIndex.ts';
import { anyPromptFiles } from '../../support/anyPrompts.ts';
import { markedPrompts, type MarkedFiles, type MarkedPrompts } from '../../support/markedPrompts.ts';
import { shippedPrompts } from '../../support/promptFiles.ts';
import { templateCase } from '../../support/templates.ts';

const head = '---\nstage: path\n---\n';
const shipped = Object.fromEntries(shippedPrompts());
const renamesOf = ({ documents }: MarkedPrompts): Renames => new Renames(documents, new SymbolIndex(documents));

/** What the marked name becomes everywhere; all else stays. */
function becomes(newName: string, files: MarkedFiles, under: MarkedFiles = {}): void {
  const prompts = markedPrompts(files, under);
  const { cursor, marked, documents, after } = prompts;
  const edit = renamesOf(prompts).rename(cursor.uri, cursor.position, newName);
  const expected = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text.replace(/⟦[^⟧]*⟧/g, newName).replace(/[‸⟦⟧]/g, '')]));
  for (const [path, text] of after(edit)) if (Object.hasOwn(files, path)) assert.equal(text, expected[path], path);
  const prepared = renamesOf(prompts).prepare(cursor.uri, cursor.position);
  assert.ok(prepared);
  assert.ok(marked.some(({ uri, range }) => uri === cursor.uri && JSON.stringify(range) === JSON.stringify(prepared.range)));
  const document = documents.get(cursor.uri);
  assert.equal(document?.source.text.slice(document.offsetAt(prepared.range.start), document.offsetAt(prepared.range.end)), prepared.placeholder);
}

function refused(says: RegExp, newName: string, { files, under = {} }: { files: MarkedFiles; under?: MarkedFiles }): void {
  const prompts = markedPrompts(files, under);
  try {
    renamesOf(prompts).rename(prompts.cursor.uri, prompts.cursor.position, newName);
  } catch (error) {
    const { code, message } = problemOf(error);
    assert.deepEqual([code, says.test(message)], ['usage', true], message);
    return;
  }
  assert.fail(`${newName} was not refused`);
}

describe('renaming a loop variable', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['from where it is used', '{% for ⟦step⟧ in structure.steps %}{{ ⟦st‸ep⟧ }}{{ ⟦step⟧|trim }}{% endfor %}'],
    ['from its loop', '{% for ⟦‸step⟧ in structure.steps %}{% if ⟦step⟧ and not ⟦step⟧ == "step" %}step{{ loop.index }}{% endif %}{% endfor %}'],
    ['before its fields', '{% for ⟦g⟧ in guidelines %}{{ ⟦g‸⟧.id }}: {{ ( ⟦g⟧ . text ) }}{% endfor %}'],
    ['in parentheses, arguments and tests', '{% for ⟦a⟧ in structure.steps %}{{ ((⟦a⟧)) }}{{ task.question | replace("a", ⟦‸a⟧) }}{% if ⟦a⟧ is defined %}{% endif %}{% endfor %}'],
    ['but not where an inner loop hides it', '{% for ⟦a⟧ in structure.steps %}{{ ⟦a‸⟧ }}{% for a in structure.steps %}{{ a }}{% endfor %}{{ ⟦a⟧ }}{% endfor %}'],
    ['but not the one that it hides', '{% for a in structure.steps %}{{ a }}{% for ⟦a⟧ in structure.steps %}{{ ⟦a‸⟧ }}{% endfor %}{{ a }}{% endfor %}'],
    ['that hides a variable of the language', '{{ structure.text }}{% for ⟦structure⟧ in structure.steps %}{{ ⟦‸structure⟧ }}{% endfor %}{{ structure.text }}'],
    ['to a name that is used outside the loop alone', '{{ other }}{% for other in structure.steps %}{% endfor %}{% for ⟦a⟧ in other %}{{ ⟦‸a⟧ }}{% endfor %}{{ other }}'],
    ['to a name that an inner loop has, where it is not used in there', '{% for ⟦a⟧ in structure.steps %}{{ ⟦‸a⟧ }}{% for other in structure.steps %}{{ other }}{% endfor %}{% endfor %}'],
    ['to a name that only the list of an inner loop meets', '{% for ⟦a⟧ in guidelines %}{% for other in ⟦‸a⟧.id %}{{ other }}{% endfor %}{% endfor %}'],
    ['which is never used', '{% for ⟦a‸⟧ in structure.steps %}a{# a #}{{ "a" }}{% endfor %}{{ a }}'],
    ['over several lines', '💡\n{%- for ⟦a⟧ in\n structure.steps -%}\n  {{\n⟦a⟧\n}}💡{{ ⟦‸a⟧ }}\n{% endfor %}'],
    ['with CRLF', '\r\n{% for ⟦a⟧ in structure.steps %}\r\n{{ ⟦‸a⟧ }}\r\n{% endfor %}\r\n'],
  ];
  for (const [name, body] of cases) {
    it(name, () => {
      becomes('other', { 'r/path.rgprompt': head + body, 's/path.rgprompt': `${head}{% for a in structure.steps %}{{ a }}{% endfor %}` });
      becomes('other', { 'partials/p.rgprompt': body });
    });
  }

  it('takes blanks around the new name away, and does nothing for the old one', () => {
    const prompts = markedPrompts({ 'r/path.rgprompt': `${head}{% for ‸a in structure.steps %}{% endfor %}` });
    const { uri, position } = prompts.cursor;
    assert.deepEqual(renamesOf(prompts).rename(uri, position, 'a'), { changes: {} });
    assert.deepEqual(renamesOf(prompts).rename(uri, position, ' b ').changes?.[uri]?.map(({ newText }) => newText), ['b']);
  });

  const loop = (inside: string): { files: MarkedFiles } => ({ files: { 'r/path.rgprompt': `${head}{% for ‸a in structure.steps %}${inside}{% endfor %}` } });
  for (const name of ['', ' ', '1a', 'a-b', 'a b', 'a.b', 'é', 'ａ', 'a}}', '"a"', '{{ a }}', 'a\nb']) it(`refuses ${JSON.stringify(name)}, which is no name`, () => refused(/no name of a variable/, name, loop('{{ a }}')));
  for (const name of ['loop', 'in', 'if', 'and', 'not', 'is', 'true', 'True', 'none', 'for', 'endfor', 'self', 'include']) it(`refuses ${name}, a word of the language`, () => refused(/word of the prompt language/, name, loop('')));

  it('refuses a name that something in the loop has', () => {
    refused(/used inside this loop \(line 4\)/, 'task', loop('{{ task.question }}'));
    refused(/used inside this loop \(line 5\)/, 'nobody', loop('\n{{ nobody }}'));
    refused(/used inside this loop/, 'hint', loop('{% if hint %}{% endif %}'));
    refused(/used inside this loop/, 'structure', loop('{% for structure in structure.steps %}{{ structure }}{% endfor %}'));
    refused(/used inside this loop/, 'b', { files: { 'r/path.rgprompt': `${head}{% for b in structure.steps %}{% for ‸a in structure.steps %}{{ a }}{{ b }}{% endfor %}{% endfor %}` } });
  });

  it('refuses a name that an inner loop would take away', () => {
    refused(/A loop inside this one has the variable b already, and a is used in it \(line 4\)/, 'b', loop('{% for b in structure.steps %}{{ a }}{% endfor %}'));
    refused(/A loop inside/, 'b', loop('{% for b in structure.steps %}{% for d in a %}{% endfor %}{% endfor %}'));
  });

  it('takes the name of a variable of the language that the loop does not use', () => {
    becomes('task', { 'r/path.rgprompt': `${head}{{ task.question }}{% for ⟦‸a⟧ in structure.steps %}{{ ⟦a⟧ }}{% endfor %}{{ task.question }}` });
  });

  it('refuses in a prompt that cannot be read whole, and says where', () => {
    for (const broken of ['{{ a b }}', '{{ a', '{% set b = a %}', '{% if a %}', '{{ a | unheard }}', '{% for x, y in a %}{% endfor %}']) refused(/r\/path.rgprompt cannot be read at line 5/, 'b', loop(`{{ a }}\n${broken}`));
  });

  it('refuses in a shipped file, and says what to do', () => {
    refused(/shipped file.*copy it to \.regenesis\/prompts\/partials\/ways-of-thinking\.rgprompt first/, 'way', {
      files: {}, under: { ...shipped, 'partials/ways-of-thinking.rgprompt': (shipped['partials/ways-of-thinking.rgprompt'] ?? '').replace('for guideline', 'for ‸guideline') },
    });
  });
});

describe('what has no name that could be changed', () => {
  const files = (body: string): MarkedFiles => ({ 'r/path.rgprompt': head + body, 'r/r.rgrecipe.yaml': 'title: R\nstages:\n  path: {}\n' });
  const cases: readonly (readonly [string, RegExp, MarkedFiles])[] = [
    ['a variable of the language', /structure is a variable of the prompt language/, files('{{ struct‸ure.text }}')],
    ['a field of one', /task.question is a variable/, files('{{ task.ques‸tion }}')],
    ['one that nobody knows', /There is no variable tsk/, files('{{ t‸sk }}')],
    ['one that the head lists', /hint.answer is a variable/, { 'r/path.rgprompt': '---\nstage: path\nvariables: [hint.ans‸wer]\n---\n' }],
    ['loop', /loop is what every loop/, files('{% for a in structure.steps %}{{ lo‸op.index }}{% endfor %}')],
    ['a field of an item', /g.text is what every loop/, files('{% for g in guidelines %}{{ g.te‸xt }}{% endfor %}')],
    ['a recipe', /folder and its file/, { 's/s.rgrecipe.yaml': 'extends: r‸\n' }],
    ['a stage of a recipe', /by the name of its file/, { ...files(''), 'r/r.rgrecipe.yaml': 'title: R\nstages:\n  pa‸th: {}\n' }],
    ['the stage of a prompt', /by the name of its file/, { 'r/path.rgprompt': '---\nstage: pa‸th\n---\n' }],
  ];
  for (const [name, says, marked] of cases) {
    it(name, () => {
      refused(says, 'new', { files: marked });
      const prompts = markedPrompts(marked);
      assert.throws(() => renamesOf(prompts).prepare(prompts.cursor.uri, prompts.cursor.position), says);
    });
  }

  for (const [name, marked] of [['words', files('some ‸words')], ['a text in a tag', files('{{ "st‸ep" }}')], ['a comment', files('{# st‸ep #}')], ['the word for', files('{% f‸or a in structure.steps %}{% endfor %}')]] as const) {
    it(name, () => {
      const prompts = markedPrompts(marked);
      assert.equal(renamesOf(prompts).prepare(prompts.cursor.uri, prompts.cursor.position), undefined);
      refused(/Nothing here has a name/, 'new', { files: marked });
    });
  }

  it('anything of a file that is not there', () => {
    const prompts = markedPrompts({});
    assert.equal(renamesOf(prompts).prepare(prompts.uriOf('r/path.rgprompt'), { line: 0, character: 0 }), undefined);
    assert.throws(() => renamesOf(prompts).rename('untitled:1', { line: 0, character: 0 }, 'a'), /Nothing here/);
  });
});

describe('renaming a guideline', () => {
  const library = 'guidelines:\n  # list-ideas\n  - id: ⟦list-ideas⟧ # list-ideas\n    title: list-ideas\n    text: list-ideas\n  - { id: "other", title: O, text: o }\n';
  const recipes = { 'r/r.rgrecipe.yaml': 'title: list-ideas\nguidelines: [⟦list-ideas⟧, other]\n', 's/s.rgrecipe.yaml': 'extends: r\nhints:\n  guidelines:\n    - other\n    - \'⟦list-ideas⟧\'\n' };

  it('changes its declaration and the lists of all recipes', () => {
    becomes('new-ideas', { ...recipes, 'guidelines/g.yaml': library.replace('list-ideas⟧', 'list‸-ideas⟧') });
    becomes('x', { ...recipes, 'guidelines/g.yaml': library, 'r/r.rgrecipe.yaml': recipes['r/r.rgrecipe.yaml'].replace('⟦list', '⟦‸list') });
    becomes('x', { ...recipes, 'guidelines/g.yaml': library, 's/s.rgrecipe.yaml': recipes['s/s.rgrecipe.yaml'].replace('ideas⟧', 'ideas‸⟧') });
  });

  it('leaves prose and prompts alone', () => {
    becomes('x', { 'guidelines/g.yaml': 'guidelines:\n  - { id: ⟦‸simplify⟧, title: simplify, text: simplify }\n', 'r/choose.rgprompt': '---\nstage: choose\n---\nsimplify {{ guidelines }}{# simplify #}' });
  });

  it('names one that stands behind an anchor, or in a block of text', () => {
    becomes('x', { 'r/r.rgrecipe.yaml': 'guidelines: &all [⟦list-ideas⟧]\nhints: { guidelines: *all }\n', 'guidelines/g.yaml': 'guidelines:\n  - id: &id "⟦‸list-ideas⟧"\n' });
    becomes('x', { 'guidelines/g.yaml': 'guidelines:\n  - id: >- # list-ideas\n      ⟦‸list-ideas⟧\n    title: L\n' });
  });

  const files = { ...recipes, 'guidelines/g.yaml': library.replace('list-ideas⟧', 'list‸-ideas⟧') };
  for (const id of ['', 'List', 'list_ideas', 'a-', '-a', 'a--b', 'a1', 'é', 'a b', '[a]', 'a: b']) it(`refuses ${JSON.stringify(id)}, which is no id`, () => refused(/no id of a guideline/, id, { files }));

  it('refuses an id that is there, or that a recipe names', () => {
    refused(/The id other is in use already/, 'other', { files });
    refused(/The id nobody is in use already/, 'nobody', { files: { ...files, 't/t.rgrecipe.yaml': 'guidelines: [nobody]\n' } });
  });

  it('refuses one that is not there, or there twice', () => {
    refused(/There is no guideline nobody/, 'x', { files: { 'r/r.rgrecipe.yaml': 'guidelines: [‸nobody]\n' } });
    refused(/There are 2 guidelines list-ideas/, 'x', { files: { ...files, 'guidelines/h.yaml': 'guidelines: [{ id: list-ideas }]\n' } });
  });

  it('refuses while a file that may name it cannot be read', () => {
    refused(/t\/t.rgrecipe.yaml cannot be read at line 3/, 'x', { files: { ...files, 't/t.rgrecipe.yaml': 'title: T\nguidelines: [list-ideas\n' } });
    refused(/t\/t.rgrecipe.yaml cannot be read at line 1/, 'x', { files: { ...files, 't/t.rgrecipe.yaml': `guidelines: ${'['.repeat(100)}list-ideas` } });
    becomes('x', { ...files, 't/t.rgrecipe.yaml': 'title: T\nguidelines: [\n' });
    becomes('x', { ...files, 't/path.rgprompt': `${head}list-ideas {{ a b }}` });
  });

  it('refuses what a shipped file declares or names, and says which', () => {
    refused(/guidelines\/library.yaml, a shipped file/, 'x', { files: { 'r/r.rgrecipe.yaml': 'guidelines: [‸simplify]\n' }, under: shipped });
    refused(/a\/a.rgrecipe.yaml, a shipped file/, 'x', { files: { 'guidelines/g.yaml': 'guidelines: [{ id: ‸own }]\n' }, under: { 'a/a.rgrecipe.yaml': 'guidelines: [own]\n' } });
    becomes('x', { 'guidelines/library.yaml': (shipped['guidelines/library.yaml'] ?? '').replace('id: simplify', 'id: ⟦‸simplify⟧'), 'r/r.rgrecipe.yaml': 'guidelines: [⟦simplify⟧]\n' }, shipped);
  });
});

describe('renaming a partial', () => {
  const files: MarkedFiles = {
    'r/path.rgprompt': `${head}{% include "‸partials/p.rgprompt" %}partials/p.rgprompt{%- include 'partials/p.rgprompt' -%}`,
    's/path.rgprompt': `${head}{% include "partials/p.rgprompt" %}{% include "partials/q.rgprompt" %}`,
    'partials/p.rgprompt': '{{ task.question }}', 'partials/q.rgprompt': '',
  };

  it('moves the file and changes every include', () => {
    for (const name of ['new', 'partials/new.rgprompt']) {
      const prompts = markedPrompts(files);
      const after = prompts.after(renamesOf(prompts).rename(prompts.cursor.uri, prompts.cursor.position, name));
      assert.deepEqual(Object.fromEntries(after), {
        'r/path.rgprompt': `${head}{% include "partials/new.rgprompt" %}partials/p.rgprompt{%- include 'partials/new.rgprompt' -%}`,
        's/path.rgprompt': `${head}{% include "partials/new.rgprompt" %}{% include "partials/q.rgprompt" %}`,
        'partials/new.rgprompt': '{{ task.question }}', 'partials/q.rgprompt': '',
      });
    }
    const prompts = markedPrompts(files);
    assert.equal(renamesOf(prompts).prepare(prompts.cursor.uri, prompts.cursor.position)?.placeholder, 'partials/p.rgprompt');
  });

  it('refuses a name that is taken or is none', () => {
    refused(/There is a partial partials\/q.rgprompt already/, 'q', { files });
    for (const name of ['', '../x', 'a/b', '.x', 'a"b', 'a b', 'partials/.rgprompt']) refused(/no name of a partial/, name, { files });
  });

  it('refuses one that is not there, that is shipped, or that a shipped prompt includes', () => {
    refused(/There is no partial partials\/x.rgprompt/, 'y', { files: { 'r/path.rgprompt': `${head}{% include "partials/‸x.rgprompt" %}` } });
    refused(/There is no partial r\/q.rgprompt/, 'y', { files: { 'r/path.rgprompt': `${head}{% include "r/‸q.rgprompt" %}`, 'r/q.rgprompt': '' } });
    refused(/partials\/task.rgprompt, a shipped file/, 'y', { files: { 'r/path.rgprompt': `${head}{% include "partials/‸task.rgprompt" %}` }, under: shipped });
    refused(/direct\/path-plain.rgprompt, a shipped file/, 'y', { files: { 'r/path.rgprompt': `${head}{% include "partials/‸task.rgprompt" %}`, 'partials/task.rgprompt': 'own' }, under: shipped });
  });

  it('refuses while a file that may include it cannot be read', () => {
    refused(/t\/path.rgprompt cannot be read at line 4/, 'y', { files: { ...files, 't/path.rgprompt': `${head}{% if hint %}{% include "partials/p.rgprompt" %}{% endif %}` } });
  });
});

const everything: PromptVariables = {
  task: { question: 'Q {{ x }}', answerKind: 'number' }, guidelines: [{ id: 'a', text: 'A' }, { id: 'b', text: 'B' }], guideline: { id: 'a', text: 'A' }, adapted: { text: 'AD' },
  structure: { text: '1. S', steps: ['S', 'T'] }, path: { text: 'P' }, gold: '7', hint: { answer: '7' },
};
const render = (files: ReadonlyMap<string, string>, path: string, variables: PromptVariables): string | undefined =>
  parsePrompt(path, files.get(path) ?? '', name => files.get(name)).prompt?.render(variables)[0]?.content;
const names = fc.constantFrom('step', 'a', 'b', 'task', 'structure', 'hint', 'x', 'item_2', 'loop', 'set', 'macro', 'range', 'defined', 'trim', 'length', 'index', 'block', 'call', 'filter', '_', '__proto__', 'constructor', 'toString');

/** Renames every loop variable in turn; how many were not refused. */
function renameAll(files: MarkedFiles, path: string, { name, variables }: { readonly name: string; readonly variables: PromptVariables }): number {
  const prompts = markedPrompts(files);
  const [index, document] = [new SymbolIndex(prompts.documents), prompts.documents.at(prompts.folder, path)];
  const before = render(prompts.folder.files, path, variables);
  let renamed = 0;
  for (const { symbol, word } of document ? index.mentionsOf(document) : []) {
    if (!document || symbol.kind !== 'loop') continue;
    let edit: WorkspaceEdit;
    try { edit = renamesOf(prompts).rename(document.uri, document.rangeOf(word).start, name); } catch (error) {
      assert.equal(problemOf(error).code, 'usage');
      continue;
    }
    renamed += 1;
    const after = prompts.after(edit);
    assert.equal(render(after, path, variables), before, `${symbol.name} → ${name} in ${path}`);
    assert.deepEqual([...after].filter(([each]) => each !== path), [...prompts.folder.files].filter(([each]) => each !== path));
  }
  return renamed;
}

describe('what a prompt renders to after a loop variable was renamed', () => {
  it('is the same for every shipped prompt', () => {
    let renamed = 0;
    for (const path of Object.keys(shipped)) for (const name of ['way', 'task', 'hint', '_']) renamed += renameAll(shipped, path, { name, variables: everything });
    assert.equal(renamed, 12, 'three places of one loop, four names');
  });

  it('is the same for any template', () => {
    let renamed = 0;
    fc.assert(fc.property(templateCase, names, ({ body, partial, variables: { hint, ...rest } }, name) => {
      const files = { 'r/path.rgprompt': `${head}{{ task.question }}{{ structure.text }}\n${body}`, 'partials/p.rgprompt': partial };
      for (const path of Object.keys(files)) renamed += renameAll(files, path, { name, variables: { ...rest, ...(hint ? { hint } : {}) } });
    }), { numRuns: 200 });
    assert.ok(renamed > 250, `${renamed} were renamed`);
  });

  it('and never fails otherwise than with a reason, on any text', () => {
    fc.assert(fc.property(anyPromptFiles, fc.nat(12), fc.nat(40), names, (files, line, character, name) => {
      const prompts = markedPrompts(files);
      for (const path of prompts.folder.files.keys()) {
        try {
          prompts.after(renamesOf(prompts).rename(prompts.uriOf(path), { line, character }, name));
        } catch (error) {
          assert.equal(problemOf(error).code, 'usage', problemOf(error).message);
        }
      }
    }), { numRuns: 200 });
  });
});
