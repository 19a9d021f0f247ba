import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sha256 } from '../../../../src/adapters/hash.ts';
import { funnelSteps, type FunnelStep } from '../../../../src/core/model/outcome.ts';
import { doubts } from '../../../../src/core/model/review.ts';
import { doubtsOf, doubtWeight, isDisputed, isWinnable, lowCoverage, passedFilters, queueOrder, rareGuidelines, type QueuedPath, type Turn } from '../../../../src/core/review/queue.ts';

const aPath = (parts: Partial<QueuedPath> = {}): QueuedPath => ({ path: 'p', round: 1, guidelines: ['plan'], correct: true, verdict: 'correct', ...parts });
const lostAt = (step: FunnelStep, reason = 'why') => ({ step, reason });
const doubtsIn = (parts: Partial<QueuedPath>, rare: readonly string[] = []) => doubtsOf(aPath(parts), new Set(rare));

describe('what speaks against a path', () => {
  it('is nothing for a kept one that is correct', () => {
    assert.deepEqual(doubtsIn({}), []);
    assert.deepEqual(doubtsIn({ coverage: lowCoverage }, ['draw']), []);
  });

  it('is named, the weightiest first', () => {
    const rows: readonly (readonly [Partial<QueuedPath>, readonly string[]])[] = [
      [{ loss: lostAt('judge', 'judge-no') }, ['disagree']],
      [{ loss: lostAt('judge', 'judge-no'), correct: false, verdict: 'incorrect' }, []],
      [{ loss: lostAt('reverify', 'answer-changed') }, ['disagree', 'lost-to-format']],
      [{ loss: lostAt('vote', 'minority'), correct: null, verdict: 'unjudged' }, ['disagree']],
      [{ loss: lostAt('vote', 'tie'), correct: null, verdict: 'unjudged' }, ['disagree']],
      [{ loss: lostAt('vote', 'unreadable'), correct: null, verdict: 'unjudged' }, []],
      [{ loss: lostAt('vote', 'too-few-votes'), correct: null, verdict: 'unjudged' }, ['unjudged']],
      [{ loss: lostAt('judge', 'timed-out') }, ['unjudged']],
      [{ loss: lostAt('leak', 'answer-first'), round: 2 }, ['leak', 'hinted']],
      [{ loss: lostAt('verify', 'undecided'), correct: false, verdict: 'unjudged' }, ['unjudged']],
      [{ correct: null, verdict: 'unjudged' }, ['unjudged']],
      [{ loss: lostAt('clean', 'no-steps') }, ['lost-to-format']],
      [{ loss: lostAt('extract', 'no-box'), correct: false, verdict: 'unreadable' }, ['lost-to-format']],
      [{ loss: lostAt('verify', 'number-not-equal'), correct: true, verdict: 'incorrect' }, ['lost-to-format']],
      [{ loss: lostAt('verify', 'not-equal'), correct: false, verdict: 'incorrect' }, []],
      [{ loss: lostAt('length', 'too-long'), correct: false, verdict: 'incorrect' }, []],
      [{ coverage: lowCoverage - 0.01 }, ['low-coverage']],
      [{ round: 2 }, ['hinted']],
    ];
    for (const [parts, found] of rows) assert.deepEqual(doubtsIn(parts), found, JSON.stringify(parts));
    assert.deepEqual(doubtsIn({ guidelines: ['plan', 'draw'] }, ['draw']), ['rare-guideline']);
    const all = doubtsIn({ loss: lostAt('leak'), verdict: 'unjudged', coverage: 0, round: 2 }, ['plan']);
    assert.deepEqual(all, doubts.filter(doubt => all.includes(doubt)));
  });

  it('is not its form where it was not lost for that', () => {
    for (const step of ['review', 'duplicate', 'cap', 'vote', 'leak', 'judge', 'stage-path'] as const) assert.equal(doubtsIn({ loss: lostAt(step) }).includes('lost-to-format'), false, step);
  });

  it('weighs more the more there is of it', () => {
    assert.equal(doubtWeight([]), 0);
    const weights = doubts.map(doubt => doubtWeight([doubt]));
    assert.ok(weights.every(weight => weight > 0));
    assert.deepEqual(weights, weights.toSorted((one, other) => other - one), 'in the order of the words');
    assert.equal(doubtWeight(doubts), weights.reduce((sum, weight) => sum + weight, 0));
  });

  it('is a rare guideline where it kept less than half of what guidelines keep on average', () => {
    assert.deepEqual([...rareGuidelines(new Map([['plan', 10], ['draw', 10], ['late', 3], ['even', 4]]))], ['late']);
    assert.deepEqual([...rareGuidelines(new Map([['plan', 2], ['draw', 2]]))], []);
    assert.deepEqual([...rareGuidelines(new Map())], []);
  });
});

describe('a lost path', () => {
  it('can be won where its answer is right or was not read, and nothing but people took it', () => {
    const winnable: readonly FunnelStep[] = ['finish', 'refusal', 'placeholder', 'extract', 'verify', 'judge', 'leak', 'clean', 'reverify', 'length', 'vote'];
    for (const step of funnelSteps) {
      const loss = lostAt(step);
      assert.equal(isWinnable({ loss, correct: true, verdict: 'correct' }), winnable.includes(step), step);
      assert.equal(isWinnable({ loss, correct: false, verdict: 'unreadable' }), winnable.includes(step), step);
      assert.equal(isWinnable({ loss, correct: null, verdict: 'unjudged' }), winnable.includes(step), step);
      assert.equal(isWinnable({ loss, correct: false, verdict: 'incorrect' }), false, step);
      assert.equal(isWinnable({ loss, correct: null }), false, step);
    }
  });

  it('cannot be won where no data file can hold it, nor a kept one', () => {
    assert.equal(isWinnable({ loss: lostAt('extract', 'broken-text'), correct: true, verdict: 'correct' }), false);
    assert.equal(isWinnable({ correct: true, verdict: 'correct' }), false);
  });

  it('is won or not by the verdict that decides, whatever the typed grader found', () => {
    assert.equal(isWinnable({ loss: lostAt('verify', 'number-not-equal'), correct: true, verdict: 'incorrect' }), false);
    assert.equal(isWinnable({ loss: lostAt('clean', 'reference-keeps-nothing'), correct: false, verdict: 'correct' }), true);
    assert.equal(isWinnable({ loss: lostAt('clean'), correct: true }), true, 'which may not be told');
  });

  it('passed the filters where a person alone took it', () => {
    for (const step of funnelSteps) assert.equal(passedFilters({ loss: lostAt(step) }), step === 'review', step);
    assert.equal(passedFilters({}), true);
  });

  it('is disputed where two who check it say different things', () => {
    assert.deepEqual(
      [lostAt('judge', 'judge-no'), lostAt('reverify', 'answer-changed'), lostAt('reverify', 'other'), lostAt('vote', 'tie'), lostAt('vote', 'minority'), lostAt('vote', 'no-majority')].map(loss => isDisputed({ loss, correct: true })),
      [true, true, false, true, true, true],
    );
    assert.deepEqual(
      [lostAt('vote', 'unreadable'), lostAt('vote', 'too-few-votes'), lostAt('judge', 'judge-unusable'), lostAt('judge', 'context-overflow'), lostAt('leak')].map(loss => isDisputed({ loss, correct: true })),
      [false, false, false, false, false],
      'who says nothing differs from nobody',
    );
    assert.deepEqual([isDisputed({ loss: lostAt('judge', 'judge-no'), correct: false }), isDisputed({ correct: true })], [false, false]);
  });
});

/** The order as one says it: at every fourth turn the first of the random part that was not shown, else the heaviest. */
function spelledOut(paths: readonly { readonly path: string; readonly weight: number }[], randomPart: readonly string[]): readonly Turn[] {
  const left = new Map(paths.map(({ path, weight }) => [path, weight]));
  const turns: Turn[] = [];
  while (left.size > 0) {
    const drawn = turns.length % 4 === 3 ? randomPart.find(path => left.has(path)) : undefined;
    const [heaviest = ''] = [...left].toSorted(([one, weight], [other, otherWeight]) => otherWeight - weight || (one < other ? -1 : 1)).map(([path]) => path);
    turns.push(drawn === undefined ? { path: heaviest, sampled: false } : { path: drawn, sampled: true });
    left.delete(drawn ?? heaviest);
  }
  return turns;
}

const someQueue = fc.uniqueArray(fc.tuple(fc.nat(60), fc.nat(3), fc.boolean()), { selector: ([number]) => number, maxLength: 40 }).chain(all => {
  const paths = all.map(([number, weight]) => ({ path: sha256(String(number)), weight }));
  // some of the random part may be of no interest to the queue
  const randomPart = [...all.flatMap(([number, , isPassed]) => (isPassed ? [sha256(String(number))] : [])), sha256('elsewhere'), sha256('there')].sort();
  return fc.record({ paths: fc.constant(paths), shuffled: fc.shuffledSubarray(paths, { minLength: paths.length }), randomPart: fc.constant(randomPart) });
});

describe('the order of a queue', () => {
  it('shows every path once, the heaviest first, every fourth the next of the random part', () => {
    fc.assert(fc.property(someQueue, ({ paths, shuffled, randomPart }) => {
      const turns = queueOrder(paths, randomPart);
      assert.deepEqual(turns.map(({ path }) => path).sort(), paths.map(({ path }) => path).sort());
      assert.deepEqual(turns, spelledOut(paths, randomPart));
      assert.deepEqual(queueOrder(shuffled, randomPart), turns, 'in whatever order they came');
      for (const [place, { path, sampled }] of turns.entries()) if (sampled) assert.ok(place % 4 === 3 && randomPart.includes(path));
    }));
  });

  it('is what one would write down', () => {
    const paths = [['a', 1], ['b', 3], ['c', 0], ['d', 3], ['e', 0], ['f', 2], ['g', 0], ['h', 0]] as const;
    const turns = queueOrder(paths.map(([path, weight]) => ({ path, weight })), ['b', 'c', 'e', 'h']);
    assert.deepEqual(turns.map(({ path, sampled }) => (sampled ? path.toUpperCase() : path)).join(''), 'bdfCaegH', 'b was shown for its doubts, and needs no second turn');
    assert.deepEqual(queueOrder([], ['b']), []);
  });

  it('has shown every path of the random part up to the last that was drawn', () => {
    fc.assert(fc.property(someQueue, fc.nat(40), ({ paths, randomPart }, count) => {
      const turns = queueOrder(paths, randomPart).slice(0, count);
      const shown = new Set(turns.map(({ path }) => path));
      const last = turns.findLast(({ sampled }) => sampled)?.path ?? '';
      const wanted = new Set(paths.map(({ path }) => path));
      assert.ok(randomPart.every(path => path > last || !wanted.has(path) || shown.has(path)));
    }));
  });

  it('ends, and shows a path once, where one came twice', () => {
    assert.deepEqual(queueOrder([{ path: 'a', weight: 0 }, { path: 'a', weight: 2 }, { path: 'b', weight: 1 }], ['a', 'a']), [{ path: 'a', sampled: false }, { path: 'b', sampled: false }]);
  });
});
