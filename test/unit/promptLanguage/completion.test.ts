import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { CompletionItemKind, type CompletionItem } from 'vscode-languageserver-types';
import { modelStages } from '../../../src/core/model/stage.ts';
import { checkPartial, parsePrompt } from '../../../src/core/prompts/prompt.ts';
import { dottedNames, everGiven } from '../../../src/core/prompts/variables.ts';
import { completionAt } from '../../../src/promptLanguage/completion.ts';
import { accepted, cursorPrompts, inOrder, offsetIn, positionIn } from '../../support/cursorPrompts.ts';
import { shippedPrompts } from '../../support/promptFiles.ts';

const shipped = shippedPrompts();

/** A body is written with its stage before it, as `path: {{ ‸ }}`. */
function filesOf(marked: string): Readonly<Record<string, string>> {
  const [, stage = '', body = ''] = /^(\w+): ([^]*)$/.exec(marked) ?? [];
  return stage === 'partial' ? { 'partials/own.rgprompt': body } : { 'own/own.rgprompt': `---\nstage: ${stage}\n---\n${body}` };
}

function offered(files: Readonly<Record<string, string>>): { readonly text: string; readonly items: readonly CompletionItem[] } {
  const { documents, uri, position, text } = cursorPrompts(files);
  return { text, items: inOrder(completionAt(documents, uri, position)) };
}

const labels = (marked: string): string => offered(filesOf(marked)).items.map(({ label }) => label).join(' ');

const pathNames = 'task.question structure.text structure.steps adapted.text task.answerKind hint.answer';
const inLoop = 'task.question s task.answerKind loop.index loop.index0 loop.length structure.text structure.steps adapted.text hint.answer';
const textFilters = 'default length lower replace trim upper';
const loopOf = (inside: string): string => `path: {% for s in structure.steps %}${inside}{% endfor %}`;

/** What is offered, in the order in which an editor shows it. */
const offers: readonly (readonly [marked: string, labels: string])[] = [
  // variables of each stage
  ['choose: {{ ‸ }}', 'task.question guidelines task.answerKind'],
  ['adapt: {{ ‸ }}', 'task.question guideline.text task.answerKind guideline.id hint.answer'],
  ['structure: {{ ‸ }}', 'task.question adapted.text guideline.text task.answerKind guideline.id hint.answer'],
  ['path: {{ ‸ }}', pathNames],
  ['judge: {{ ‸ }}', 'task.question path.text gold task.answerKind'],
  ['nothing: {{ ‸ }}', 'task.question task.answerKind guidelines guideline.id guideline.text adapted.text structure.text structure.steps path.text gold hint.answer'],
  // broken where one writes
  ['path: {{‸', pathNames], ['path: {{ ‸', pathNames], ['path: {{ str‸', pathNames], ['path: {{ str‸\nwords', pathNames], ['path: {{ str‸ {{ task.question }}', 'structure.text structure.steps adapted.text task.question task.answerKind hint.answer'],
  ['path: {{ str‸ }}', pathNames], ['path: {{ s‸tr }}', pathNames], ['path: {{ ‸str }}', pathNames], ['path: {{-‸-}}', pathNames], ['path: {{-‸', pathNames], ['path: {{ task.question ~ {{ ‸ }}', pathNames],
  ['path: {% if x %}{{ ‸', pathNames], ['path: {% endif %}{{ ‸ }}', pathNames], ['path: {{ a\n| trim }}{{ ‸ }}', pathNames],
  // what is used no longer comes first
  ['path: {{ task.question }}{{ ‸ }}', 'structure.text structure.steps adapted.text task.question task.answerKind hint.answer'],
  ['path: {{ structure.text }}{{ ‸ }}', 'task.question task.answerKind structure.text structure.steps adapted.text hint.answer'],
  ['path: {{ adapted.text }}{{ task.question }}{{ ‸ }}', 'task.question task.answerKind structure.text structure.steps adapted.text hint.answer'],
  ['path: {% if structure %}{{ structure.text }}{% endif %}{{ ‸ }}', 'task.question task.answerKind structure.text structure.steps adapted.text hint.answer'],
  ['path: {% include "partials/task.rgprompt" %}{{ ‸ }}', 'structure.text structure.steps adapted.text task.question task.answerKind hint.answer'],
  ['judge: {{ gold }}{{ ‸ }}', 'task.question path.text task.answerKind gold'],
  ['judge: {{ task.question }}{{ gold }}{{ path.text }}{{ ‸ }}', 'task.question task.answerKind path.text gold'],
  // line ends and wide characters
  ['path: a\r\n{{ ‸ }}\r\nb', pathNames], ['path: a\r{{ ‸ }}\rb', pathNames], ['path: 💡{{ ‸ }}', pathNames], ['path: 👩‍🔬 “x” {{ st‸', pathNames], ['path: {{\r\n  ‸\r\n}}', pathNames],
  // conditions take groups too
  ['judge: {% if ‸ %}', 'task.question path.text gold task.answerKind task path not'],
  ['judge: {% if ‸', 'task.question path.text gold task.answerKind task path not'],
  ['judge: {% elif not ‸ %}', 'task.question path.text gold task.answerKind task path not'],
  ['judge: {% if gold and ‸', 'task.question path.text gold task.answerKind task path not'],
  ['judge: {% if (‸', 'task.question path.text gold task.answerKind task path not'],
  ['path: {% if ‸ %}', `task.question structure.text structure.steps adapted.text task.answerKind task structure adapted hint.answer hint not`],
  // what stands between values
  ['path: {% if hint ‸ %}', 'and or is defined is not defined'], ['path: {% if hint a‸ %}', 'and or is defined is not defined'], ['path: {% if (hint) ‸', 'and or is defined is not defined'],
  ['path: {% if hint is ‸ %}', 'defined undefined not defined'], ['path: {% if hint is d‸', 'defined undefined not defined'], ['path: {% if hint is not ‸', 'defined'],
  ['path: {{ task.question ‸ }}', ''], ['path: {{ "is" ‸ }}', ''],
  // the kinds of answer
  ['path: {% if task.answerKind == "‸" %}', 'number expression choice yesno text'], ['path: {% if task.answerKind != "n‸', 'number expression choice yesno text'],
  ['path: {% if task.answerKind == \'‸\' %}', 'number expression choice yesno text'], ['path: {% if task.question == "‸" %}', ''], ['path: {% if "‸" %}', ''],
  // fields
  ['path: {{ structure.‸ }}', 'text steps'], ['path: {{ structure.‸', 'text steps'], ['path: {{ structure.te‸xt }}', 'text steps'], ['path: {{ structure . ‸ }}', 'text steps'], ['path: {{ structure.‸\r\nx', 'text steps'],
  ['path: {{ task.‸ }}', 'question answerKind'], ['path: {{ hint.‸ }}', 'answer'], ['path: {% if hint.‸ %}', 'answer'], ['path: {% if not structure.‸', 'text steps'], ['path: {% for s in structure.‸ %}', 'steps'],
  ['path: {{ gold.‸ }}', ''], ['path: {{ path.‸ }}', ''], ['path: {{ guideline.‸ }}', ''], ['path: {{ structure.text.‸ }}', ''], ['path: {{ nobody.‸ }}', ''], ['path: {{ constructor.‸ }}', ''], ['path: {{ .‸ }}', ''], ['path: {{ "a".‸ }}', ''],
  ['choose: {{ guidelines.‸ }}', ''], ['path: 💡💡{{ structure.‸ }}', 'text steps'],
  // loops
  ['path: {% for ‸ %}', ''], ['path: {% for s ‸ %}', 'in'], ['path: {% for s i‸', 'in'], ['path: {% for s in ‸ %}', 'structure.steps'], ['path: {% for s in ‸', 'structure.steps'], ['path: {% for s in str‸', 'structure.steps'],
  ['choose: {% for g in ‸ %}', 'guidelines'], ['judge: {% for g in ‸ %}', ''], ['path: {% for s in structure.steps ‸ %}', ''],
  [loopOf('{{ ‸ }}'), inLoop], [loopOf('{{ ‸'), inLoop], [loopOf('\r\n💡{{ ‸ }}\r\n'), inLoop], [loopOf('{% if hint %}{{ ‸ }}{% endif %}'), inLoop],
  [loopOf('{% if loop.‸ %}{% endif %}'), 'index index0 length first last'], [loopOf('{{ loop.‸ }}'), 'index index0 length'], [`${loopOf('')}{{ loop.‸ }}`, ''], ['path: {{ loop.‸ }}', ''],
  [`${loopOf('')}{{ ‸ }}`, 'task.question task.answerKind structure.text structure.steps adapted.text hint.answer'],
  ['path: {% for s in structure.steps %}{{ ‸', inLoop],
  ['path: {% for structure in structure.steps %}{{ ‸ }}{% endfor %}', 'task.question structure task.answerKind loop.index loop.index0 loop.length adapted.text hint.answer'],
  ['path: {% for structure in structure.steps %}{{ structure.‸ }}{% endfor %}', ''],
  ['path: {% for a in structure.steps %}{% for b in ‸ %}{% endfor %}{% endfor %}', 'structure.steps'],
  ['path: {% for a in structure.steps %}{% for b in structure.steps %}{{ ‸ }}{% endfor %}{% endfor %}', 'task.question b a task.answerKind loop.index loop.index0 loop.length structure.text structure.steps adapted.text hint.answer'],
  ['choose: {% for g in guidelines %}{{ ‸ }}{% endfor %}', 'task.question g.id g.text task.answerKind guidelines loop.index loop.index0 loop.length'],
  ['choose: {% for g in guidelines %}{{ g.‸ }}{% endfor %}', 'id text'], ['choose: {% for g in guidelines %}{% for h in guidelines %}{{ g.‸', 'id text'], ['choose: {% for g in nothing %}{{ g.‸ }}{% endfor %}', ''],
  // filters, by what they are applied to
  ['path: {{ task.question | ‸ }}', textFilters], ['path: {{ task.question|‸', textFilters], ['path: {{ task.question | tr‸', textFilters], ['path: {{ structure.steps | ‸ }}', 'join length'], ['choose: {{ guidelines | ‸ }}', 'length'],
  ['path: {{ structure.steps | join(", ") | ‸ }}', textFilters], ['path: {{ structure.steps | length | ‸ }}', ''], ['path: {{ "x" | ‸ }}', textFilters], ['path: {{ 3 | ‸ }}', ''], ['path: {{ nobody | ‸ }}', 'default join length lower replace trim upper'],
  ['path: {% if task.question | ‸', textFilters], [loopOf('{{ s | ‸ }}'), textFilters], ['path: {{ task | ‸ }}', ''], ['path: {{ task.question | nothing | ‸ }}', 'default join length lower replace trim upper'],
  ['path: {{ task.question | default("", ‸) }}', `${pathNames} true false`],
  ['path: {{ task.question | replace("‸") }}', ''],
  // statements
  ['path: {% ‸ %}', 'if for include'], ['path: {%‸%}', 'if for include'], ['path: {%‸', 'if for include'], ['path: {% i‸', 'if for include'], ['path: {%- ‸ -%}', 'if for include'],
  ['path: {% if hint %}{% ‸ %}', 'endif elif else if for'], ['path: {% if hint %}{% ‸ %}{% endif %}', 'endif elif else if for'], [loopOf('{% ‸ %}'), 'endfor if for'], [loopOf('{% if hint %}{% e‸'), 'endif elif else if for'],
  ['path: {% if hint %}{% for s in structure.steps %}{% end‸', 'endfor if for'], ['path: {% if hint %}{% endif %}{% ‸ %}', 'if for include'], ['partial: {% ‸ %}', 'if for'], ['path: {% endif ‸ %}', ''], ['path: {% else ‸ %}', ''], ['path: {% set ‸ %}', ''],
  // partials: what all prompts are given that include them, else what fits what they use
  ['partial: {{ ‸ }}', 'task.question task.answerKind guidelines guideline.id guideline.text adapted.text structure.text structure.steps path.text gold hint.answer'],
  ['partial: {{ structure.text }}{{ ‸ }}', 'task.question task.answerKind structure.text structure.steps adapted.text hint.answer'],
  ['partial: {{ gold }}{{ ‸ }}', 'task.question task.answerKind path.text gold'],
  ['partial: {{ hint.‸ }}', 'answer'],
  // nothing in prose and comments, and outside of a tag
  ['path: ‸', ''], ['path: str‸', ''], ['path: {‸{ }}', ''], ['path: ‸{{ }}', ''], ['path: {{ x }‸}', ''], ['path: {{ x }}‸', ''], ['path: {# ‸ #}', ''], ['path: {# {{ ‸ }} #}', ''], ['path: {{ "‸" }}', ''], ['path: {{ "‸', ''],
  ['path: {{ x | replace("}}‸") }}', ''], ['path: {{ x\n\n‸', ''],
];

describe('what is offered in a template', () => {
  for (const [marked, expected] of offers) it(JSON.stringify(marked), () => assert.equal(labels(marked), expected));

  it('is what all prompts are given that include a partial', () => {
    const inAll = { 'partials/task.rgprompt': '{{ ‸ }}' };
    assert.equal(offered(inAll).items.map(({ label }) => label).join(' '), 'task.question task.answerKind');
    assert.equal(offered({ 'partials/path-hint.rgprompt': '{{ ‸ }}' }).items.map(({ label }) => label).join(' '), 'task.question task.answerKind structure.text structure.steps adapted.text hint.answer');
  });

  it('counts what the head lists', () => {
    const { items } = offered({ 'own/own.rgprompt': '---\nstage: path\nvariables: [hint.answer]\n---\n{{ task.question }}{{ structure.text }}{{ ‸ }}' });
    assert.deepEqual(items.slice(0, 1).map(({ label, detail }) => [label, detail]), [['hint.answer', 'text · still to be used']]);
  });

  it('is marked where it is given in the hint round alone', () => {
    const marked = offered(filesOf('path: {{ ‸ }}')).items.filter(({ detail = '' }) => detail.includes('hint round'));
    assert.deepEqual(marked.map(({ label }) => label), ['hint.answer']);
  });

  it('says what each variable holds and when it is given', () => {
    for (const { documentation, detail, label } of offered(filesOf('path: {{ ‸ }}')).items) {
      assert.ok(typeof documentation === 'object' && documentation.kind === 'markdown' && documentation.value.includes('Given to'), label);
      assert.match(detail ?? '', /^(?:text|list of texts)/, label);
    }
  });

  it('are the partials of the folder', () => {
    const files = { 'own/own.rgprompt': '---\nstage: path\n---\n{% include "‸" %}', 'partials/own.rgprompt': 'x', 'partials/notes.txt': 'x' };
    const { items } = offered(files);
    const partials = [...shipped.keys(), 'partials/own.rgprompt'].filter(file => file.startsWith('partials/')).sort();
    assert.deepEqual(items.map(({ label }) => label), partials);
  });
});

/** What stands there after an item was accepted. */
const accepts: readonly (readonly [marked: string, label: string, after: string])[] = [
  ['path: {{ str‸ }}', 'structure.text', '{{ structure.text }}'], ['path: {{ str‸', 'structure.text', '{{ structure.text'], ['path: {{ s‸tr }}', 'structure.text', '{{ structure.text }}'], ['path: {{‸}}', 'task.question', '{{task.question}}'],
  ['path: {{ ‸task.question }}', 'structure.text', '{{ structure.text }}'], ['path: {{ ta‸sk.question | trim }}', 'structure.text', '{{ structure.text | trim }}'], ['path: {{ ta‸sk . question }}', 'structure.text', '{{ structure.text }}'],
  ['path: {{ structure.‸ }}', 'steps', '{{ structure.steps }}'], ['path: {{ structure.te‸xt }}', 'steps', '{{ structure.steps }}'], ['path: {{ structure.‸text.more }}', 'steps', '{{ structure.steps }}'],
  ['path: 💡\r\n💡{{ str‸ }}\r\n', 'structure.text', '💡\r\n💡{{ structure.text }}\r\n'], ['path: {{ x | ‸ }}', 'replace', '{{ x | replace("", "") }}'], ['path: {{ x | re‸place("a", "b") }}', 'replace', '{{ x | replace("a", "b") }}'],
  ['path: {{ structure.steps | ‸ }}', 'join', '{{ structure.steps | join(", ") }}'], ['path: {{ x | ‸ }}', 'trim', '{{ x | trim }}'],
  ['path: {% ‸ %}', 'if', '{% if hint %}\n\n{% endif %}'], ['path: {%‸%}', 'if', '{% if hint %}\n\n{% endif %}'], ['path: {% i‸', 'if', '{% if hint %}\n\n{% endif %}'], ['path: {%- i‸ -%}', 'if', '{%- if hint -%}\n\n{% endif %}'],
  ['path: {% f‸ %}words', 'for', '{% for step in structure.steps %}\n\n{% endfor %}words'], ['path: {% ‸', 'include', '{% include "partials/task.rgprompt" %}'], ['path: {% i‸ hint %}', 'if', '{% if hint %}'],
  ['path: {% ‸ %}words{% endif %}', 'if', '{% if hint %}words{% endif %}'], ['path: {% if hint %}{% ‸ %}', 'endif', '{% if hint %}{% endif %}'], ['path: {% if hint %}{% e‸', 'else', '{% if hint %}{% else %}'],
  ['path: {% if hint %}{% e‸', 'elif', '{% if hint %}{% elif  %}'], ['path: {% ‸\r\nwords', 'if', '{% if hint %}\n\n{% endif %}\r\nwords'],
  ['path: {% include "‸" %}', 'partials/task.rgprompt', '{% include "partials/task.rgprompt" %}'], ['path: {% include "par‸tials/x.rgprompt" %}', 'partials/task.rgprompt', '{% include "partials/task.rgprompt" %}'],
  ['path: {% include \'‸\' %}', 'partials/task.rgprompt', '{% include \'partials/task.rgprompt\' %}'], ['path: {% include ‸ %}', '"partials/task.rgprompt"', '{% include "partials/task.rgprompt" %}'],
  ['path: {% if task.answerKind == "n‸x" %}', 'yesno', '{% if task.answerKind == "yesno" %}'], ['path: {% if hint is ‸', 'not defined', '{% if hint is not defined'],
];

describe('what is written when an offer is accepted', () => {
  for (const [marked, label, after] of accepts) {
    it(`${JSON.stringify(marked)} with ${label}`, () => {
      const { text, items } = offered(filesOf(marked));
      const item = items.find(each => each.label === label);
      assert.ok(item);
      assert.equal(accepted(text, item), `---\nstage: path\n---\n${after}`);
    });
  }

  it('ends a name in quotes that has no end', () => {
    const { text, items } = offered(filesOf('path: {% include "‸ %}'));
    const item = items.find(({ label }) => label.startsWith('partials/task.rgprompt'));
    assert.ok(item);
    assert.ok(accepted(text, item).endsWith('{% include "partials/task.rgprompt" %}'));
  });
});

/** Templates of names that are given, with blocks in each other. */
const templateOf = (names: readonly string[], lists: readonly string[]): fc.Arbitrary<string> => fc.letrec<{ all: string; one: string }>(tie => ({
  one: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('words\n', 'words\r\n', '💡', '{# note #}', ...names.map(name => `{{ ${name} }}`), ...names.map(name => `{{-${name}|trim-}}`)),
    fc.tuple(fc.constantFrom(...names), tie('all')).map(([name, inside]) => `{% if ${name} and not ${name} is defined %}${inside}{% else %}x{% endif %}`),
    fc.tuple(fc.constantFrom('a', 'task', 'structure'), fc.constantFrom('', ...lists), tie('all')).map(([name, list, inside]) => (list === '' ? inside : `{% for ${name} in ${list} %}{{ loop.index }}${inside}{% endfor %}`)),
  ),
  all: fc.array(tie('one'), { maxLength: 4 }).map(parts => parts.join('')),
})).all;

const printable = (stage: (typeof modelStages)[number]): readonly string[] => [...everGiven(stage)].flatMap(dottedNames).filter(name => name !== 'guidelines' && name !== 'structure.steps');

const isVariable = ({ kind }: CompletionItem): boolean => kind === CompletionItemKind.Variable || kind === CompletionItemKind.Field;

describe('completion of any text', () => {
  it('never yields an unknown variable when a variable is accepted in a template that had none', () => {
    const cases = fc.constantFrom(...modelStages).chain(stage => templateOf(printable(stage), stage === 'path' ? ['structure.steps'] : stage === 'choose' ? ['guidelines'] : []).map(body => ({ stage, text: `---\nstage: ${stage}\n---\n${body}` })));
    const unknown = (text: string): number => parsePrompt('own/own.rgprompt', text, name => shipped.get(name)).problems.filter(({ code }) => code === 'variable.unknown').length;
    let accepts = 0;
    fc.assert(fc.property(cases, fc.nat(), ({ text }, seed) => {
      fc.pre(unknown(text) === 0);
      const places = [...text.matchAll(/\{[{%][^}]*/g)].map(match => match.index + 2 + (seed % Math.max(1, match[0].length - 1)));
      for (const offset of places) {
        const { documents, uri } = cursorPrompts({ 'own/own.rgprompt': text });
        for (const item of completionAt(documents, uri, positionIn(text, offset)).filter(isVariable)) {
          const after = accepted(text, item);
          assert.equal(unknown(after), 0, `${JSON.stringify(text)} at ${offset} with ${item.label}: ${JSON.stringify(after)}`);
          accepts += 1;
        }
      }
    }), { numRuns: 150 });
    assert.ok(accepts > 500, `${accepts} offers accepted`);
  });

  it('never yields an unknown variable in a shipped prompt', () => {
    for (const [file, text] of [...shipped].filter(([name]) => name.endsWith('.rgprompt'))) {
      for (const { index, 0: tag } of text.matchAll(/\{[{%][^}]*/g)) {
        const { documents, uri } = cursorPrompts({ [file]: text });
        for (const item of completionAt(documents, uri, positionIn(text, index + Math.min(4, tag.length))).filter(each => isVariable(each) && !each.detail?.startsWith('list'))) {
          const after = accepted(text, item);
          const problems = file.startsWith('partials/') ? checkPartial(file, after) : parsePrompt(file, after, name => shipped.get(name)).problems;
          assert.deepEqual(problems.filter(({ code }) => code === 'variable.unknown'), [], `${file} at ${index} with ${item.label}`);
        }
      }
    }
  });

  it('offers a partial nothing that no stage has beside what it uses', () => {
    const names = [...new Set(modelStages.flatMap(printable))];
    fc.assert(fc.property(fc.subarray(names, { maxLength: 3 }), used => {
      const before = used.map(name => `{{ ${name} }}`).join('');
      const problems = checkPartial('partials/own.rgprompt', before).length;
      fc.pre(problems === 0);
      const { text, items } = offered({ 'partials/own.rgprompt': `${before}{{ ‸ }}` });
      for (const item of items.filter(({ detail }) => !detail?.startsWith('list'))) assert.deepEqual(checkPartial('partials/own.rgprompt', accepted(text, item)).filter(({ code }) => code.startsWith('variable.')), [], `${before} with ${item.label}`);
    }), { numRuns: 60 });
  });

  const bits = fc.constantFrom('{{', '}}', '{%', '%}', '{#', '#}', '---\n', '---\nstage: path\n---\n', 'stage: path\n', ' ', '.', '|', '"', '\'', '\n', '\r\n', '\r', 'structure', 'structure.text', 'task.', 'if', 'for s in ', 'endfor', 'include "', 'sampling: {', '[', '💡', '\ud83d', '\ufeff', '\u2028', '-', '\0', '(', ')', '==');
  const broken = fc.oneof(fc.array(bits, { maxLength: 16 }).map(parts => parts.join('')), fc.string({ unit: 'binary', maxLength: 30 }));

  for (const file of ['own/own.rgprompt', 'partials/own.rgprompt']) {
    it(`never fails, and names places that are there, around the place itself, in ${file}`, () => {
      fc.assert(fc.property(broken, fc.nat({ max: 60 }), fc.nat({ max: 60 }), (text, line, character) => {
        const { documents, uri, text: whole } = cursorPrompts({ [file]: text.replaceAll('‸', '') });
        for (const position of [{ line, character }, positionIn(whole, (line * 7 + character) % (whole.length + 1))]) {
          const document = documents.get(uri);
          const at = document?.offsetAt(position) ?? 0;
          for (const { textEdit } of completionAt(documents, uri, position)) {
            assert.ok(textEdit && 'range' in textEdit);
            const { start, end } = textEdit.range;
            assert.equal(start.line, end.line);
            assert.ok(offsetIn(whole, start) <= at && at <= offsetIn(whole, end), JSON.stringify({ whole, position, textEdit }));
          }
        }
      }), { numRuns: 400 });
    });
  }

  it('is nothing for a file that is none of the language', () => {
    const { documents } = cursorPrompts({ 'own/own.rgprompt': '' });
    assert.deepEqual(completionAt(documents, 'file:///elsewhere/a.rgprompt', { line: 0, character: 0 }), []);
  });
});
