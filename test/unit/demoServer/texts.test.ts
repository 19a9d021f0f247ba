import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PhraseIndex, VoteIndex } from '../../../src/demoServer/play/phrases.ts';
import { hash32, randomOf, shareOf } from '../../../src/demoServer/play/random.ts';
import { firstTokens, scan, tokenCount, tokenPieces } from '../../../src/demoServer/play/scan.ts';
import { fill } from '../../../src/demoServer/play/template.ts';
import { voices } from '../../../src/demoServer/voices/voices.ts';
import { guidelines, tasks } from './play.ts';

const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.lorem({ maxCount: 20 }), fc.constantFrom('', ' ', '\n\n', 'a'.repeat(100), '12,000.5 \\frac{1}{2}'));

describe('tokens', () => {
  it('are counted, cut and listed alike', () => {
    fc.assert(fc.property(anyText, fc.nat(30), (text, most) => {
      const { count, starts, ends } = scan(text);
      assert.equal(tokenCount(text), count);
      const pieces = tokenPieces(text);
      assert.equal(pieces.length, count);
      if (count > 0) assert.equal(pieces.join(''), text);
      for (let at = 0; at < count; at += 1) assert.ok((starts[at] ?? 0) < (ends[at] ?? 0) && (at === 0 || (ends[at - 1] ?? 0) <= (starts[at] ?? 0)));
      const { text: cut, tokens } = firstTokens(text, most);
      assert.equal(tokens, tokenCount(cut));
      assert.ok(text.startsWith(cut));
      assert.equal(tokenCount(cut), Math.min(most, count));
    }));
  });

  it('are the same in any layout and letter case', () => {
    const hashes = (text: string) => [...scan(text).hashes];
    assert.deepEqual(hashes('The  answer:\n 42!'), hashes('the answer : 42 !'));
    assert.notDeepEqual(hashes('12 + 7'), hashes('12 - 7'));
    assert.equal(tokenCount('x'.repeat(160)), 10);
  });
});

describe('a phrase index', () => {
  it('finds what a plain search finds, the longest first', () => {
    const word = fc.constantFrom('red', 'green', 'blue', ',');
    const phrase = fc.array(word, { minLength: 1, maxLength: 9 });
    fc.assert(fc.property(fc.uniqueArray(phrase, { minLength: 1, maxLength: 8, selector: words => words.join(' ') }), fc.array(word, { maxLength: 60 }), (phrases, text) => {
      const index = new PhraseIndex<string>();
      for (const words of phrases) index.add(words.join('  '), words.join(' '));
      const padded = ` ${text.join(' ')} `;
      const longest = Math.max(0, ...phrases.filter(words => padded.includes(` ${words.join(' ')} `)).map(words => words.length));
      const found = index.findLongest(scan(text.join('\n')));
      assert.equal(found === undefined ? 0 : found.to - found.from, longest);
      let at = 0;
      for (const each of index.findAll(scan(text.join(' ')))) {
        assert.ok(each.from >= at);
        assert.equal(text.slice(each.from, each.to).join(' '), each.value);
        at = each.to;
      }
    }));
  });

  it('tells whose words a text uses, also where they were edited', () => {
    const index = new VoteIndex<string>();
    index.add('take the first boat that leaves for the island in the morning', 'boat');
    index.add('take the first train that stops in the valley before noon', 'train');
    assert.deepEqual(index.speakers(scan('Please take the first train that stops in the valley, after noon'), 3), ['train']);
    assert.deepEqual(index.speakers(scan('train that stops in the valley; boat that leaves for the island'), 2), ['train', 'boat']);
    assert.deepEqual(index.speakers(scan('take the first of these'), 1), []);
  });
});

describe('draws', () => {
  it('follow from the key alone and are spread evenly', () => {
    assert.deepEqual([randomOf('a').next(), randomOf('a').below(10)], [randomOf('a').next(), randomOf('a').below(10)]);
    const buckets = new Array<number>(20).fill(0);
    for (let at = 0; at < 20_000; at += 1) {
      const bucket = Math.floor(randomOf(`7|path|task|${at}`).next() * 20);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    for (const count of buckets) assert.ok(count > 850 && count < 1_150, `${count}`);
    const mean = Array.from({ length: 10_000 }, (_, at) => shareOf(`key ${at}`)).reduce((sum, share) => sum + share, 0) / 10_000;
    assert.ok(Math.abs(mean - 0.5) < 0.02);
    assert.notEqual(hash32('ab'), hash32('ba'));
  });
});

describe('voices', () => {
  it('are those of the guideline library, in its order', () => {
    assert.deepEqual(voices.map(voice => voice.id), guidelines.map(guideline => guideline.id));
    assert.equal(voices.length, 25);
  });

  it('are told apart by every single sentence of theirs, and every plan is one voice\'s own', () => {
    const index = new VoteIndex<string>();
    for (const voice of voices) for (const text of voice.adapt) for (const part of text.split(/\{\w+\}/)) index.add(part, voice.id);
    for (const voice of voices) {
      for (const text of voice.adapt) assert.deepEqual(index.speakers(scan(fill(text, tasks[0]?.facets ?? {})), 3), [voice.id], text);
    }
    const plans = voices.flatMap(voice => [...voice.open.plan, ...voice.close.plan]);
    assert.equal(new Set(plans).size, plans.length);
  });

  it('fill their sentences for every task', () => {
    for (const voice of voices) {
      for (const { facets } of tasks) {
        for (const text of [...voice.adapt, ...voice.open.work, ...voice.close.work, ...voice.close.shaky]) assert.doesNotMatch(fill(text, { ...facets, guess: '7' }).replace(/\$[^$]*\$|`[^`]*`/g, ''), /\{[a-z]+\}/i);
      }
      assert.ok(voice.close.work.some(text => !text.includes('{other}')), voice.id);
    }
  });

  it('fill capitals, and refuse a name that nobody gave', () => {
    assert.equal(fill('{About}: {about}, {key}.', { about: 'the tide', key: 'the moon' }), 'The tide: the tide, the moon.');
    assert.throws(() => fill('{nobody}', {}), /nobody/);
  });
});
