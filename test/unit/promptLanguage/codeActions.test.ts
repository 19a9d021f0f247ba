import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { CodeAction, TextEdit } from 'vscode-languageserver-types';
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
