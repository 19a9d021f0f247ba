import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { DiagnosticSeverity, type Diagnostic } from 'vscode-languageserver-types';
import { BodyParts } from '../../../src/core/prompts/bodyParts.ts';
import { parseInParts } from '../../../src/core/prompts/prompt.ts';
import { Diagnostics, pageOf } from '../../../src/promptLanguage/diagnostics.ts';
import { Documents } from '../../../src/promptLanguage/documents.ts';
import type { ProjectFacts, PromptFolder } from '../../../src/promptLanguage/workspace.ts';
import { anyPromptFiles } from '../../support/anyPrompts.ts';
import { diagnosticSpec } from '../../support/diagnosticSpec.ts';
import { markedPrompts } from '../../support/markedPrompts.ts';
import { shippedPrompts } from '../../support/promptFiles.ts';
import { problemSpec } from '../../support/templateSpec.ts';

const uriOf = (path: string): string => `file:///some/${path}`;

/** Diagnostics of files that may change; everything that is seen is the workspace's own. */
function changing(files: Map<string, string>, project?: ProjectFacts): Diagnostics {
  const folder = (): PromptFolder => ({ files: new Map(files), uriOf, isShipped: () => false, hidesShipped: () => false });
  const documents = new Documents({ placeOf: uri => ({ folder: folder(), path: uri.slice('file:///some/'.length) }) });
  return new Diagnostics({ documents, ...(project ? { project } : {}) });
}

const codes = (found: readonly Diagnostic[]): readonly unknown[] => found.map(({ code }) => code);
const head = '---\nstage: path\n---\n';
const whole = '{{ task.question }}{{ structure.text }}{% if hint %}{{ hint.answer }}{% endif %}\\boxed\n';

describe('diagnostics', () => {
  for (const { name, files, shipped, expect } of diagnosticSpec()) {
    it(name, () => {
      const { documents, marked, uriOf: address } = markedPrompts(files, shipped);
      const diagnostics = new Diagnostics({ documents });
      const found = Object.keys(files).sort().flatMap(path => diagnostics.of(address(path)).map(each => ({ uri: address(path), ...each })));
      const seen = found.map(({ uri, range, code, severity }) => ({ uri, range, code, isWarning: severity === DiagnosticSeverity.Warning }));
      assert.deepEqual(seen, expect.map(({ code, isWarning }, index) => ({ ...marked[index], code, isWarning })), JSON.stringify(found, null, 1));
      found.forEach(({ message }, index) => assert.ok(JSON.stringify(message).includes(expect[index]?.says ?? ''), `${JSON.stringify(message)} should say ${expect[index]?.says ?? ''}`));
    });
  }

  it('find nothing in what ships', () => {
    const files = shippedPrompts();
    const diagnostics = changing(new Map(files));
    for (const path of files.keys()) assert.deepEqual(diagnostics.of(uriOf(path)), [], path);
  });

  it('lead to the page that explains them, where there is one', () => {
    const { documents, uriOf: address } = markedPrompts({ 'mine/path.rgprompt': 'x' });
    const [bare] = new Diagnostics({ documents }).of(address('mine/path.rgprompt'));
    assert.equal(bare?.codeDescription, undefined);
    for (const pages of ['https://example.org/docs', 'https://example.org/docs/']) {
      const [found] = new Diagnostics({ documents, pages }).of(address('mine/path.rgprompt'));
      assert.equal(found?.codeDescription?.href, 'https://example.org/docs/prompt-language.md#frontmattermissing');
    }
    assert.equal(pageOf('guideline.unknown-key'), 'recipes.md#guidelineunknown-key');
  });

  it('say in a recipe where in its prompt the problem is', () => {
    const { documents, uriOf: address } = markedPrompts({ 'mine/mine.rgrecipe.yaml': 'extends: base\ntitle: Mine\n', 'mine/path.rgprompt': `${head}{{ x }}` }, diagnosticSpec()[0]?.shipped);
    const [found] = new Diagnostics({ documents }).of(address('mine/mine.rgrecipe.yaml'));
    assert.deepEqual(found?.relatedInformation?.map(({ location }) => location), [{ uri: address('mine/path.rgprompt'), range: { start: { line: 1, character: 7 }, end: { line: 1, character: 11 } } }]);
  });

  it('are of the files as they are now', () => {
    const files = new Map([...Object.entries(diagnosticSpec()[0]?.shipped ?? {}), ['mine/path.rgprompt', `${head}{% include "partials/own.rgprompt" %}\n${whole}`], ['mine/mine.rgrecipe.yaml', 'extends: base\ntitle: Mine\n']]);
    const diagnostics = changing(files);
    const [prompt, recipe, partial] = ['mine/path.rgprompt', 'mine/mine.rgrecipe.yaml', 'partials/own.rgprompt'].map(uriOf) as [string, string, string];
    const all = () => [prompt, recipe, partial].map(uri => codes(diagnostics.of(uri)));
    assert.deepEqual(all(), [['partial.unknown'], ['recipe.prompt'], []]);
    files.set('partials/own.rgprompt', '{{ gold }}');
    assert.deepEqual(all(), [['variable.forbidden'], ['recipe.prompt'], ['variable.forbidden']]);
    files.set('partials/own.rgprompt', 'fine');
    assert.deepEqual(all(), [[], [], []]);
    files.set('guidelines/more.yaml', 'guidelines: [{ id: simplify, title: S, text: t }]');
    assert.deepEqual(all(), [[], ['recipe.guidelines'], []]);
    files.delete('guidelines/more.yaml');
    files.delete('base/base.rgrecipe.yaml');
    assert.deepEqual(all(), [[], ['recipe.not-found'], []]);
  });

  it('are none for a file that is none of the language', () => {
    assert.deepEqual(changing(new Map([['a/a.txt', '{{']])).of(uriOf('a/a.txt')), []);
    assert.deepEqual(changing(new Map()).of(uriOf('a/path.rgprompt')), []);
  });

  describe('of a project', () => {
    const files = new Map([['mine/path.rgprompt', head + whole], ['mine/mine.rgrecipe.yaml', 'title: x']]);
    const facts = (budget: ProjectFacts['budget']): ProjectFacts => ({ values: async () => undefined, staleness: async () => undefined, budget });
    const { signal } = new AbortController();

    it('say that a prompt is too long for its longest task, at its stage', async () => {
      const [found, ...more] = await changing(files, facts(async () => ({ tokens: 9_001, limit: 9_000, estimated: true }))).ofProject(uriOf('mine/path.rgprompt'), signal);
      assert.deepEqual([found?.code, found?.severity, found?.range.start, more], ['budget.too-long', DiagnosticSeverity.Warning, { line: 1, character: 7 }, []]);
      assert.match(JSON.stringify(found?.message), /about 9,001 tokens by our own estimate.*9,000/);
      const [counted] = await changing(files, facts(async () => ({ tokens: 20, limit: 10, estimated: false }))).ofProject(uriOf('mine/path.rgprompt'), signal);
      assert.match(JSON.stringify(counted?.message), /has 20 tokens, and/);
    });

    it('are none where it fits, where nothing is known, where nobody is near and once they are no longer wanted', async () => {
      const asked = (project?: ProjectFacts, path = 'mine/path.rgprompt', wanted = signal) => changing(files, project).ofProject(uriOf(path), wanted);
      assert.deepEqual(await asked(facts(async () => ({ tokens: 10, limit: 10, estimated: true }))), []);
      assert.deepEqual(await asked(facts(async () => undefined)), []);
      assert.deepEqual(await asked(), []);
      assert.deepEqual(await asked(facts(async () => ({ tokens: 11, limit: 10, estimated: true })), 'mine/mine.rgrecipe.yaml'), []);
      const gone = new AbortController();
      assert.deepEqual(await asked(facts(async () => { gone.abort(); return { tokens: 11, limit: 10, estimated: true }; }), 'mine/path.rgprompt', gone.signal), []);
    });
  });
});

/** The same file written otherwise, with the places that its problems then have. */
interface Way {
  readonly name: string;
  readonly write: (text: string) => { readonly text: string; readonly moved: (offset: number) => number };
}

const lineEnd = /\r\n|\r|\n/g;
const withEnds = (end: string): Way['write'] => text => ({
  text: text.replace(lineEnd, end),
  moved: offset => text.slice(0, offset).replace(lineEnd, end).length - (text.startsWith('\r\n', offset - 1) && end.length === 2 ? 1 : 0),
});
const ways: readonly Way[] = [
  { name: 'with LF', write: withEnds('\n') }, { name: 'with CRLF', write: withEnds('\r\n') }, { name: 'with CR', write: withEnds('\r') },
  {
    name: 'after an emoji and a tag',
    write: text => {
      const at = /^\ufeff?---[ \t]*(?:\r\n?|\n)[^]*?(?:\r\n?|\n)---[ \t]*(?:\r\n?|\n)/.exec(text)?.[0].length ?? text.length;
      const put = '💡 é {{ task.question }}\r\n';
      return { text: text.slice(0, at) + put + text.slice(at), moved: offset => (offset >= at ? offset + put.length : offset) };
    },
  },
];

describe('places of problems', () => {
  for (const { name: way, write } of ways) {
    describe(way, () => {
      for (const { name, text, partial, expect } of problemSpec()) {
        // what is missing is no longer missing with a tag that uses it, and a text without a head begins with what is put before it
        if (way.startsWith('after') && (expect.some(({ code }) => /^(?:variable\.missing|frontmatter\.(?:missing|unclosed|invalid))$/.test(code)) || !text.includes('{{'))) continue;
        it(name, () => {
          const { text: written, moved } = write(text);
          const files = new Map([['mine/path.rgprompt', written], ...(partial === undefined ? [] : [['partials/p.rgprompt', partial] as const])]);
          const { offsetAt } = new Documents({ placeOf: () => ({ folder: { files, uriOf, isShipped: () => false, hidesShipped: () => false }, path: 'mine/path.rgprompt' }) }).get('x') ?? assert.fail();
          const found = changing(files).of(uriOf('mine/path.rgprompt')).map(({ code, range }) => ({ code, start: offsetAt(range.start), end: offsetAt(range.end) }));
          assert.deepEqual(found, expect.map(({ code, start, end }) => ({ code, start: moved(start), end: moved(end) })));
          const parts = parseInParts(new BodyParts(1))('x', written, file => (file === 'partials/p.rgprompt' ? partial : undefined)).problems.filter(({ file }) => file === 'x');
          assert.deepEqual(parts.map(({ code, offset, endOffset }) => ({ code, start: offset, end: endOffset })), found);
        });
      }
    });
  }
});

describe('any files', () => {
  it('have diagnostics inside their texts, the same when asked again', () => {
    fc.assert(fc.property(anyPromptFiles, files => {
      const { documents, uriOf: address } = markedPrompts(files);
      const diagnostics = new Diagnostics({ documents });
      for (const path of Object.keys(files)) {
        const document = documents.get(address(path));
        assert.ok(document);
        const found = diagnostics.of(address(path));
        for (const { range } of found) {
          const start: number = document.offsetAt(range.start);
          const end: number = document.offsetAt(range.end);
          assert.ok(start <= end && end <= document.source.text.length);
          assert.deepEqual(document.rangeOf({ start, end }), range);
        }
        assert.deepEqual(diagnostics.of(address(path)), found);
        assert.deepEqual(new Diagnostics({ documents }).of(address(path)), found);
      }
    }), { numRuns: 150 });
  });

  it('have the diagnostics that they would have if nothing had been there before', () => {
    const usual = Object.entries(diagnosticSpec()[0]?.shipped ?? {});
    const step = fc.record({ path: fc.constantFrom('r/path.rgprompt', 'partials/p.rgprompt', 'r/r.rgrecipe.yaml', 's/s.rgrecipe.yaml', 'guidelines/g.yaml', 'base/path.rgprompt', 'base/base.rgrecipe.yaml'), isGone: fc.nat(4), files: anyPromptFiles });
    fc.assert(fc.property(anyPromptFiles, fc.array(step, { maxLength: 6 }), (start, steps) => {
      const files = new Map([...usual, ...Object.entries(start), ['s/s.rgrecipe.yaml', 'extends: base\ntitle: S\nstages: { path: { prompt: r/path.rgprompt } }\n']]);
      const diagnostics = changing(files);
      const look = () => {
        const fresh = changing(new Map(files));
        for (const name of files.keys()) assert.deepEqual(diagnostics.of(uriOf(name)), fresh.of(uriOf(name)), name);
      };
      look();
      for (const { path, isGone, files: others } of steps) {
        if (isGone > 3) files.delete(path);
        else files.set(path, others[path] ?? usual.find(([name]) => name === path)?.[1] ?? '');
        look();
      }
    }), { numRuns: 60 });
  });

  it('with three thousand unknown guidelines beside four hundred are found at once, and no more of them than anybody reads', () => {
    const word = (index: number) => String(index).replace(/\d/g, digit => 'abcdefghij'.charAt(Number(digit)));
    for (const long of ['', 'x'.repeat(50)]) {
      const listed = Array.from({ length: long ? 800 : 3_000 }, (_, index) => `unknown${long}${word(index)}`);
      const known = Array.from({ length: 400 }, (_, index) => `  - { id: known${long}${word(index)}, title: T, text: t }\n`);
      const files = new Map([['m/m.rgrecipe.yaml', `title: M\nguidelines: [${listed.join(', ')}]\n`], ['guidelines/g.yaml', `guidelines:\n${known.join('')}`]]);
      const began = process.cpuUsage();
      const found = changing(files).of(uriOf('m/m.rgrecipe.yaml'));
      assert.equal(found.filter(({ code }) => code === 'recipe.guidelines').length, 201);
      assert.ok(process.cpuUsage(began).user < 2_000_000);
    }
  });

  const megabyte = (text: string) => text.repeat(Math.floor((2 ** 20 - 200) / text.length));
  for (const [name, body] of [
    ['ten thousand blocks without an end', '{% if hint %}\n'.repeat(10_000)], ['blocks five thousand deep', `${'{% if hint %}'.repeat(5_000)}x${'{% endif %}'.repeat(5_000)}`],
    ['a megabyte of {', megabyte('{')], ['a megabyte of {{', megabyte('{{')], ['a megabyte of {%', megabyte('{% ')], ['a megabyte of blocks without an end', megabyte('{% if hint %}')],
    ['a megabyte of tags in one line', megabyte('{{ task.question }}')], ['a megabyte of unknown names', megabyte('{{ taks }}\n')], ['a megabyte of CR', megabyte('\r')], ['a megabyte of comments without an end', megabyte('{# ')],
  ] as const) {
    it(`of ${name} are found, and found again after a key`, function () {
      this.timeout(30_000);
      const files = new Map([['mine/path.rgprompt', head + body]]);
      const diagnostics = changing(files);
      const first = diagnostics.of(uriOf('mine/path.rgprompt'));
      assert.ok(first.length <= 450);
      files.set('mine/path.rgprompt', `${head}x${body}`);
      const began = process.cpuUsage();
      diagnostics.of(uriOf('mine/path.rgprompt'));
      const { user } = process.cpuUsage(began);
      assert.ok(user < 2_000_000, `${user / 1_000} ms`);
    });
  }
});
