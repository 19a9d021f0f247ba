import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import type { PromptVariables } from '../../../src/core/model/prompt.ts';
import { checkTemplate, type Template } from '../../../src/core/prompts/check.ts';
import { compileTemplate } from '../../../src/core/prompts/compile.ts';
import { Source } from '../../../src/core/prompts/problem.ts';
import { parseTemplate } from '../../../src/core/prompts/template.ts';
import { situationOf } from '../../../src/core/prompts/variables.ts';
import { format } from '../../../src/promptLanguage/format.ts';
import { anyPrompt, anyYaml } from '../../support/anyPrompts.ts';
import { edited, markedPrompts, type MarkedFiles } from '../../support/markedPrompts.ts';
import { shippedPrompts } from '../../support/promptFiles.ts';
import { templateCase } from '../../support/templates.ts';
import { templateSpec } from '../../support/templateSpec.ts';

/** A file after it was formatted. */
function formatted(path: string, text: string, shipped: MarkedFiles = {}): string {
  const { documents, folder } = markedPrompts(Object.hasOwn(shipped, path) ? {} : { [path]: text }, shipped);
  const document = documents.at(folder, path);
  assert.ok(document);
  assert.equal(document.source.text, text);
  return edited(text, format(document));
}
const formattedBody = (body: string): string => formatted('partials/p.rgprompt', body);

function templateOf(text: string): Template & { readonly isReadable: boolean } {
  const source = new Source('p', text);
  const start = text.startsWith('\ufeff') ? 1 : 0;
  const { nodes, problems, tolerated } = parseTemplate(source, { start, end: text.length });
  return { source, nodes, tolerated, isReadable: problems.length === 0 };
}
const essenceOf = (text: string, partial = ''): string => compileTemplate(templateOf(text), () => templateOf(partial)).essence;

describe('formatting a prompt', () => {
  const cases: readonly (readonly [name: string, before: string, after: string])[] = [
    ['a variable', '{{x}}', '{{ x }}'],
    ['a variable with many blanks', '{{   task . question\t}}', '{{ task.question }}'],
    ['one that is in order', '{{ task.question }}', '{{ task.question }}'],
    ['a statement with signs', '{%-if a%}{%+  else-%}{%endif+%}', '{%- if a %}{%+ else -%}{% endif +%}'],
    ['a variable with signs', '{{-x-}}{{+x}}', '{{- x -}}{{+ x }}'],
    ['filters', '{{x|trim|upper  |lower}}', '{{ x | trim | upper | lower }}'],
    ['arguments', '{{x|replace( "a","b" )|default("c" ,true)|join()}}', '{{ x | replace("a", "b") | default("c", true) | join() }}'],
    ['parentheses', '{%if( a )and(not( b or c))%}{%endif%}', '{% if (a) and (not (b or c)) %}{% endif %}'],
    ['a filter with a blank before its arguments', '{{ x | join (",") }}', '{{ x | join(",") }}'],
    ['parentheses around what is filtered', '{{(x)|trim}}', '{{ (x) | trim }}'],
    ['a comparison', '{%if a=="b"  and c!=1%}{%endif%}', '{% if a == "b" and c != 1 %}{% endif %}'],
    ['a test', '{%if a  is   not\tdefined%}{%endif%}', '{% if a is not defined %}{% endif %}'],
    ['a loop', '{%for  a  in(b.c)%}{{a}}{%endfor%}', '{% for a in (b.c) %}{{ a }}{% endfor %}'],
    ['an include', '{%include"partials/p.rgprompt"%}', '{% include "partials/p.rgprompt" %}'],
    ['a text in a tag, whatever is in it', '{{"{{ a|b }}  %} "}}', '{{ "{{ a|b }}  %} " }}'],
    ['a text with a quote in it', '{{\'it\\\'s  a|b\'|trim}}', '{{ \'it\\\'s  a|b\' | trim }}'],
    ['blanks that only Python knows', '{{\u00a0x\u2003|\x1ftrim\x85}}', '{{ x | trim }}'],
    ['line breaks of the author', '{%if a  \n   and b \n%}{%endif%}', '{% if a\n   and b\n%}{% endif %}'],
    ['line breaks after the beginning, blank lines', '{{\r\n\r\n\r\n  x\r\r|trim }}', '{{\r\n  x\r| trim }}'],
    ['words around tags, with all their blanks', '  a  {{x}}  \n\n\t{%if a%}  \r\n{%endif%}  ', '  a  {{ x }}  \n\n\t{% if a %}  \r\n{% endif %}  '],
    ['a comment, which is prose', '{#a{{x}}  #}{#-b-#}', '{#a{{x}}  #}{#-b-#}'],
    ['a byte-order mark', '\ufeff{{x}}', '\ufeff{{ x }}'],
    ['letters of two units', '💡{{x}}💡{{"💡"|trim}}', '💡{{ x }}💡{{ "💡" | trim }}'],
    ['an unknown variable and a partial that is not there', '{{nobody}}{%include "x"%}', '{{ nobody }}{% include "x" %}'],

    ['what is broken stays: two names', '{{a b}}{{x}}', '{{a b}}{{ x }}'],
    ['what is broken stays: a tag without an end', '{{x}}{{a', '{{ x }}{{a'],
    ['what is broken stays: a text without an end', '{{x}}{{"a}}{{x}}', '{{ x }}{{"a}}{{ x }}'],
    ['what is broken stays: nothing in a tag', '{{}}{%%}{{ }}{%-%}{{x}}', '{{}}{%%}{{ }}{%-%}{{ x }}'],
    ['what is broken stays: arithmetic', '{{a-b}}{{-a}}{{a+}}{{x}}', '{{a-b}}{{- a }}{{a+}}{{ x }}'],
    ['what is broken stays: other statements of Jinja', '{%set a=1%}{%macro a(b)%}{{x}}{%endmacro%}', '{%set a=1%}{%macro a(b)%}{{ x }}{%endmacro%}'],
    ['what is broken stays: all in raw', '{%raw%}{{x}}{%if a%}{%endraw%}{{x}}', '{%raw%}{{x}}{%if a%}{%endraw%}{{ x }}'],
    ['what is broken stays: an unknown filter', '{{x|unheard}}{{x|trim}}', '{{x|unheard}}{{ x | trim }}'],
    ['what is broken stays: an end without a beginning', '{%endif%}{{x}}', '{%endif%}{{ x }}'],
    ['no tag at all', '} } %} #} { { {x} {', '} } %} #} { { {x} {'],
    ['nothing', '', ''],
  ];
  for (const [name, before, after] of cases) {
    it(name, () => {
      assert.equal(formattedBody(before), after);
      assert.equal(formattedBody(after), after);
    });
  }

  it('leaves the head as it is', () => {
    const head = '---\nstage:   path # a comment  \nvariables:  [ task.question ]  \n---  \n';
    assert.equal(formatted('r/path.rgprompt', `${head}{{x}}`), `${head}{{ x }}`);
    assert.equal(formatted('r/path.rgprompt', '---\nstage: {{x}}\n'), '---\nstage: {{x}}\n');
  });

  it('makes no tag so long that it would be read no more', () => {
    const long = `{{a|replace("${'b'.repeat(4_055)}","c")|replace("c","d")}}`;
    assert.equal(formattedBody(`${long}{{x}}`), `${long}{{ x }}`);
    const shorter = `{{a|replace("${'b'.repeat(3_900)}",   "c")}}`;
    assert.equal(formattedBody(shorter).length, shorter.length + 2);
  });

  it('has nothing to change in the shipped prompts, and would change nothing in any shipped file', () => {
    const shipped = Object.fromEntries(shippedPrompts());
    for (const [path, text] of Object.entries(shipped)) {
      if (path.startsWith('samples/')) continue;
      assert.equal(formatted(path, text), text, path);
    }
    assert.equal(formatted('partials/p.rgprompt', '{{x}}', { 'partials/p.rgprompt': '{{x}}' }), '{{x}}');
  });
});

describe('what a prompt renders to after it was formatted', () => {
  for (const { name, body, partials, variables, expect } of templateSpec()) {
    it(`is the same: ${name}`, () => {
      const { hint, ...rest } = variables;
      const find = (partial: string) => (partial in partials ? templateOf(formattedBody(partials[partial] ?? '')) : undefined);
      assert.equal(compileTemplate(templateOf(formattedBody(body)), find).render({ ...rest, ...(hint ? { hint } : {}) }), expect);
    });
  }

  it('is the same for any template, and formatting it twice is formatting it once', () => {
    let changed = 0;
    fc.assert(fc.property(templateCase, ({ body, partial, variables: { hint, ...rest } }) => {
      const [newBody, newPartial] = [formattedBody(body), formattedBody(partial)];
      assert.equal(formattedBody(newBody), newBody);
      changed += newBody === body ? 0 : 1;
      assert.equal(essenceOf(newBody, newPartial), essenceOf(body, partial));
      const [before, after] = [[body, partial], [newBody, newPartial]].map(([text = '', other = '']) => [templateOf(text), templateOf(other)] as const);
      if (!before || !after || !before[0].isReadable || checkTemplate(before[0], situationOf('path', ['structure'], hint !== undefined), () => before[1]).problems.length > 0) return;
      const given: PromptVariables = { ...rest, ...(hint ? { hint } : {}) };
      assert.equal(compileTemplate(after[0], () => after[1]).render(given), compileTemplate(before[0], () => before[1]).render(given));
    }), { numRuns: 300 });
    assert.ok(changed > 100, `${changed} were changed`);
  });

  it('is the same for any text, broken or not, with the same problems', () => {
    fc.assert(fc.property(fc.oneof(anyPrompt, fc.string()), text => {
      const after = formattedBody(text);
      assert.equal(formattedBody(after), after);
      const [was, is] = [text, after].map(each => parseTemplate(new Source('p', each), { start: 0, end: each.length }));
      assert.deepEqual(is?.problems.map(({ code, message }) => [code, message]), was?.problems.map(({ code, message }) => [code, message]));
      assert.equal(essenceOf(after), essenceOf(text));
    }), { numRuns: 1_000 });
  });
});

const unreadable = Symbol('unreadable');
function valueOf(text: string): unknown {
  // keys that are no texts stay what they are: written as one, they would hold their comments
  try { return parse(text, { logLevel: 'error', mapAsMap: true }); } catch { return unreadable; }
}

describe('formatting a recipe or guidelines', () => {
  const cases: readonly (readonly [name: string, before: string, after: string])[] = [
    ['blanks at the ends of lines', 'title: R  \nstages:\t\n  path: {}\n', 'title: R\nstages:\n  path: {}\n'],
    ['lines of blanks', 'title: R\n  \n\t\nseed: 1', 'title: R\n\n\nseed: 1'],
    ['blanks after comments', '# one  \ntitle: R # two\t\n', '# one\ntitle: R # two\n'],
    ['blanks at the end of the file', 'title: R\n  ', 'title: R\n'],
    ['CRLF', 'title: R \r\nseed: 1\r\n', 'title: R\r\nseed: 1\r\n'],
    ['no blanks inside a block of text', 'title: R \ndescription: |\n  one  \n    \n  two\t\nseed: 1 \n', 'title: R\ndescription: |\n  one  \n    \n  two\t\nseed: 1\n'],
    ['no blanks after a block that keeps its line ends', 'title: R \ndescription: |+\n  one\n  \n', 'title: R\ndescription: |+\n  one\n  \n'],
    ['no blanks inside quotes over two lines', 'title: "a  \n  b" \nseed: 1 \n', 'title: "a  \n  b"\nseed: 1\n'],
    ['no blanks inside a text over two lines', 'title: a  \n  b \nseed: 1 \n', 'title: a  \n  b\nseed: 1\n'],
    ['nothing that cannot be read', 'title: [ \nseed: 1 \n', 'title: [ \nseed: 1 \n'],
    ['nothing else', 'filters:   [ verify,finish ]\nstages: {path:  {}}\n', 'filters:   [ verify,finish ]\nstages: {path:  {}}\n'],
  ];
  for (const [name, before, after] of cases) {
    it(name, () => {
      for (const path of ['r/r.rgrecipe.yaml', 'guidelines/g.yaml']) {
        assert.equal(formatted(path, before), after);
        assert.equal(formatted(path, after), after);
      }
    });
  }

  it('keeps what any YAML says, and its comments', () => {
    fc.assert(fc.property(anyYaml, text => {
      const after = formatted('r/r.rgrecipe.yaml', text);
      assert.equal(formatted('r/r.rgrecipe.yaml', after), after);
      const [was, is] = [text, after].map(valueOf);
      if (was === unreadable) assert.equal(after, text);
      else assert.deepEqual(is, was);
      assert.equal(after.split('#').length, text.split('#').length);
    }), { numRuns: 500 });
  });

  it('is not slowed down by a line of blanks', () => {
    const text = `title: R${' '.repeat(40_000)}# end`;
    const started = performance.now();
    assert.equal(formatted('r/r.rgrecipe.yaml', text), text);
    assert.ok(performance.now() - started < 1_000);
  });
});
