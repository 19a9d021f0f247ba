import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { BodyParts } from '../../../../src/core/prompts/bodyParts.ts';
import { Source } from '../../../../src/core/prompts/problem.ts';
import { parseInParts, parsePrompt } from '../../../../src/core/prompts/prompt.ts';

const head = '---\nstage: path\n---\n';
const pieces = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(
    '{{', '}}', '{%', '%}', '{#', '#}', '{% if hint %}', '{% endif %}', '{% else %}', '{% for step in structure.steps %}', '{% endfor %}', '{% raw %}', '{% endraw %}', '{% set x = 1 %}', '{% include "partials/p.rgprompt" %}',
    '"', '{', '%', '-', '\r', '\r\n', '---',
  ) },
  { weight: 3, arbitrary: fc.constantFrom(
    '\n', '\n', ' ', 'words', '\\boxed', '💡', '{{ task.question }}', '{{ structure.text }}', '{{ taks.question }}', '{{ x }}', '{{ step }}', '{{ hint.answer }}', '{% if hint %}{{ hint.answer }}{% endif %}\n',
    '{% for step in structure.steps %}\n{{ step }}\n{% endfor %}\n', '{# note #}\n', '{{ structure.steps }}', '{{ guideline.text }}', '{{ "\\\\boxed" }}', '{% if hint %}\n{{ stp | trmi }}\n{% endif %}\n',
  ) },
);
const body = fc.array(pieces, { maxLength: 60 }).map(parts => parts.join(''));
const edit = fc.record({ at: fc.nat(400), removed: fc.oneof(fc.constant(0), fc.nat(30)), put: fc.oneof(pieces, fc.constant(''), fc.constantFrom('i', '{{ s', ' }}')) });

describe('a body that is read in parts', () => {
  it('has the problems that it has read as a whole, whatever is typed, put in and taken away', () => {
    fc.assert(fc.property(body, fc.array(edit, { maxLength: 8 }), fc.constantFrom(1, 7, 40), fc.constantFrom('a {{ y }}', '{{ hint.answer }}\\boxed', undefined), (start, edits, size, partial) => {
      const parse = parseInParts(new BodyParts(size));
      let text = head + start;
      for (const next of [undefined, ...edits]) {
        if (next) {
          const at = Math.min(next.at, text.length);
          text = text.slice(0, at) + next.put + text.slice(at + next.removed);
        }
        const find = () => partial;
        const [whole, parts] = [parsePrompt('x.rgprompt', text, find), parse('x.rgprompt', text, find)];
        assert.deepEqual(parts.problems, whole.problems, JSON.stringify(text));
        assert.equal(parts.prompt?.essence, whole.prompt?.essence);
        assert.deepEqual(parts.scanned.nodes, whole.scanned.nodes);
      }
    }), { numRuns: 300 });
  });

  it('sees a partial that has changed', () => {
    const parse = parseInParts(new BodyParts(1));
    const text = `${head}{{ structure.text }}\n{% include "partials/p.rgprompt" %}\n\\boxed\n`;
    assert.deepEqual(parse('x.rgprompt', text, () => '{{ task.question }}').problems, []);
    assert.deepEqual(parse('x.rgprompt', text, () => 'nothing').problems.map(({ code }) => code), ['variable.missing']);
  });

  for (const [name, texts] of [
    ['a tag that is ended lines further on', ['{{ task.question\nwords\nmore words\n', '{{ task.question\nwords\nmore words }}\n']],
    ['a comment that is ended lines further on', ['{# note\n{{ taks }}\n{{ y }}\n', '{# note\n{{ taks }}\n{{ y }}#}\n']],
    ['a text in quotes that is ended behind its tag', ['{{\nboxed" }}\n', '{{\nboxed" }}"\n']],
    ['half of a tag at the end of a part', ['a { {%- if hint %}b{% endif %}', 'a {{ x }} {%- if hint %}b{% endif %}']],
    ['a condition that somebody is about to end', ['a\n{{ hint.answer }}\n{{ structure.text }}\n', 'a\n{% if hint %}{{ hint.answer }}\n{{ structure.text }}\n', 'a\n{% if hint %}{{ hint.answer }}\n{% endif %}{{ structure.text }}\n']],
    ['a condition that is never met', ['a\n{{ hint.answer }}\n{{ structure.text }}\n', 'a\n{% if false %}{{ hint.answer }}\n{{ structure.text }}\n', 'a\n{% if task %}{% else %}{{ hint.answer }}\n{{ structure.text }}\n']],
    ['a loop that somebody is about to end', ['a\n{{ step }}\n{{ structure.text }}{{ loop.index }}\n', 'a\n{% for step in structure.steps %}{{ step }}\n{{ structure.text }}{{ loop.index }}\n']],
    ['a loop around loops', ['a\n{% for a in structure.steps %}{% for b in structure.steps %}{% for c in structure.steps %}{{ x }}{% endfor %}{% endfor %}{% endfor %}\n', 'a\n{% for s in structure.steps %}{% for a in structure.steps %}{% for b in structure.steps %}{% for c in structure.steps %}{{ x }}{% endfor %}{% endfor %}{% endfor %}\n']],
    ['a block around an include', ['a\n{% include "partials/p.rgprompt" %}\nb\n', 'a\n{% if hint %}{% include "partials/p.rgprompt" %}\nb\n']],
    ['a second block without an end', ['a\n{{ hint.answer }}\n{{ step }}\n', 'a\n{% if hint %}{{ hint.answer }}\n{{ step }}\n', 'a\n{% if hint %}{{ hint.answer }}\n{% for step in structure.steps %}{{ step }}\n', 'a\n{% if hint %}{{ hint.answer }}\n{% for step in structure.steps %}{{ step }}\n{% endif %}']],
  ] as const) {
    it(`follows ${name}`, () => {
      const parse = parseInParts(new BodyParts(1));
      for (const text of texts) assert.deepEqual(parse('x.rgprompt', head + text, () => '').problems, parsePrompt('x.rgprompt', head + text, () => '').problems, text);
    });
  }

  it('counts no place inside of CRLF', () => {
    const source = new Source('x', 'a\r\nb\r');
    assert.deepEqual([1, 2, 3, 4, 5].map(offset => source.position(offset)), [[1, 2], [1, 2], [2, 1], [2, 2], [3, 1]].map(([line, column]) => ({ line, column })));
  });
});
