import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { CodeAction, TextEdit } from 'vscode-languageserver-types';
import { promptProblemCodes } from '../../../src/core/prompts/problem.ts';
import { CodeActions } from '../../../src/promptLanguage/codeActions.ts';
import { Diagnostics } from '../../../src/promptLanguage/diagnostics.ts';
import { anyPromptFiles } from '../../support/anyPrompts.ts';
import { fixSpec } from '../../support/diagnosticSpec.ts';
import { edited, markedPrompts, type MarkedFiles } from '../../support/markedPrompts.ts';

const { usual, cases } = fixSpec();

/** What is found in a file, and what can be done about it. */
function lookAt(file: string, own: MarkedFiles, under: MarkedFiles = usual) {
  const { documents, uriOf } = markedPrompts(own, under);
  const uri = uriOf(file);
  const diagnostics = new Diagnostics({ documents }).of(uri);
  const actions = new CodeActions(documents);
  return { uri, documents, diagnostics, actions, all: diagnostics.flatMap(found => actions.at(uri, found.range, [found])) };
}

const editsOf = (action: CodeAction | undefined, uri: string): readonly TextEdit[] => action?.edit?.changes?.[uri] ?? [];

describe('quick fixes', () => {
  for (const { name, file, text, title, after, beside } of cases) {
    it(`${title}: ${name}`, () => {
      const { uri, all } = lookAt(file, { ...beside, [file]: text });
      const action = all.find(each => each.title === title);
      assert.ok(action, `there are ${JSON.stringify(all.map(each => each.title))}`);
      assert.equal(action.kind, 'quickfix');
      const mended = edited(text, editsOf(action, uri));
      assert.equal(mended, after);
      const [mentioned] = action.diagnostics ?? [];
      const left = lookAt(file, { ...beside, [file]: after }).diagnostics;
      assert.deepEqual(left.filter(({ code, message }) => code === mentioned?.code && message === mentioned?.message), []);
    });
  }

  it('are none where only the author knows', () => {
    for (const body of ['{% if hint.answer %}x{% endif %}', '{% for a in hint.answer %}x{% endfor %}', '{{ task.question + 1 }}', '{{ }}', '{{ task.question | replace("a") }}']) {
      assert.deepEqual(lookAt('m/path.rgprompt', { 'm/path.rgprompt': `---\nstage: path\n---\n{{ task.question }}{{ structure.text }}\\boxed${body}` }).all.map(each => each.title), [], body);
    }
  });

  it('change nothing that is well named, and nothing in a file that is not to blame', () => {
    const path = '---\nstage: path\n---\n{{ task.question }}{{ structure.text }}\\boxed';
    for (const [file, files] of [
      ['m/m.rgrecipe.yaml', { 'm/m.rgrecipe.yaml': 'extends: m\ntitle: M\n' }],
      ['m/m.rgrecipe.yaml', { 'm/m.rgrecipe.yaml': 'extends: base\ntitle: M\nstages: { path: { prompt: m/path.rgprompt } }\n', 'm/path.rgprompt': `${path}{{ x }}` }],
      ['m/path.rgprompt', { 'm/path.rgprompt': `${path}{% include "partials/own.rgprompt" %}`, 'partials/own.rgprompt': '{% endif %}' }],
    ] as const) {
      const { diagnostics, all } = lookAt(file, files);
      assert.deepEqual([diagnostics.length, all], [1, []], JSON.stringify(diagnostics));
    }
  });

  it('are none for a finding of an older text that no longer fits', () => {
    const { uri, actions } = lookAt('guidelines/own.yaml', { 'guidelines/own.yaml': 'guidelines: (oops[' });
    const range = { start: { line: 0, character: 12 }, end: { line: 0, character: 18 } };
    for (const code of promptProblemCodes) assert.deepEqual(actions.at(uri, range, [{ range, code, source: 'regenesis', message: 'x' }]).filter(({ title }) => title.startsWith('Change')), [], code);
  });

  it('are found at once in long and deep YAML', () => {
    const before = 'extends: base\ntitle: M\n';
    for (const text of [`${before}x: ${'{'.repeat(30_000)}\n`, `${before}x: ${'a'.repeat(1_000_000)}\ny: [z]\n`, `${before}${'# long '.repeat(6_000)}\nyy: 1\n`]) {
      const began = process.cpuUsage();
      const { uri, actions } = lookAt('m/m.rgrecipe.yaml', { 'm/m.rgrecipe.yaml': text });
      const range = { start: { line: 3, character: 0 }, end: { line: 3, character: 2 } };
      for (const code of ['recipe.unknown-key', 'recipe.guidelines']) actions.at(uri, range, [{ range, code, source: 'regenesis', message: 'x' }]);
      assert.ok(process.cpuUsage(began).user < 1_000_000);
    }
  });

  it('are of findings that touch the place, and of ours alone', () => {
    const { uri, actions, diagnostics } = lookAt('m/path.rgprompt', { 'm/path.rgprompt': '---\nstage: path\n---\n{{ task.qestion }}{{ structure.text }}{{ task.answerknd }}\\boxed' });
    const at = (character: number) => actions.at(uri, { start: { line: 3, character }, end: { line: 3, character } }, diagnostics).map(each => each.title);
    assert.deepEqual([at(0), at(3), at(15), at(17)], [[], ['Change to task.question'], ['Change to task.question'], []]);
    assert.deepEqual(actions.at(uri, { start: { line: 3, character: 5 }, end: { line: 3, character: 5 } }, diagnostics.map(each => ({ ...each, source: 'other' }))), []);
    assert.deepEqual(actions.at(uri, { start: { line: 3, character: 5 }, end: { line: 3, character: 5 } }, diagnostics.map(each => ({ ...each, code: 'other.code' }))), []);
  });

  it('are preferred where there is but one way', () => {
    const one = lookAt('m/path.rgprompt', { 'm/path.rgprompt': '---\nstage: path\n---\n{{ task.qestion }}{{ structure.text }}\\boxed' }).all;
    const two = lookAt('m/path.rgprompt', { 'm/path.rgprompt': '---\nstage: path\nsmapling: {}\n---\n{{ task.question }}{{ structure.text }}\\boxed' }).all;
    assert.deepEqual([one, two].map(all => all.map(each => each.isPreferred)), [[true], [false, false]]);
  });

  it('leave shipped files alone', () => {
    const shipped = { 'm/path.rgprompt': '---\nstage: path\n---\n{{ task.qestion }}' };
    assert.ok(lookAt('m/path.rgprompt', {}, shipped).diagnostics.length > 0);
    assert.deepEqual(lookAt('m/path.rgprompt', {}, shipped).all, []);
  });

  it('of any file stay inside it, and apart from each other', () => {
    fc.assert(fc.property(anyPromptFiles, files => {
      for (const file of Object.keys(files)) {
        const { uri, documents, all } = lookAt(file, files);
        const document = documents.get(uri);
        assert.ok(document);
        for (const action of all) {
          const edits = editsOf(action, uri).map(({ range }) => ({ start: document.offsetAt(range.start), end: document.offsetAt(range.end) })).sort((a, b) => a.start - b.start);
          assert.ok(edits.length > 0);
          edits.forEach(({ start, end }, index) => assert.ok(start >= 0 && start <= end && end <= (edits[index + 1]?.start ?? document.source.text.length)));
        }
      }
    }), { numRuns: 150 });
  });
});
