import assert from 'node:assert/strict';
import fc from 'fast-check';
import { questionAt, shortQuestionAt } from '../../../../bench/questions.ts';
import { findContamination, type Contamination } from '../../../../src/core/contamination/findContamination.ts';
import { isFigure, normalisedText } from '../../../../src/core/contamination/normalise.ts';
import type { Question } from '../../../../src/core/contamination/preparedTask.ts';
import { usualThresholds, type ContaminationThresholds } from '../../../../src/core/model/contamination.ts';
import { plainDistance } from './plainDistance.ts';

function find(train: readonly Question[], evaluation: readonly Question[], thresholds: ContaminationThresholds = usualThresholds): Contamination & { readonly steps: number } {
  return walked(findContamination({ train, evaluation }, thresholds));
}

const manyPairs = (sides: { readonly train: readonly Question[]; readonly evaluation: readonly Question[] }, mostPairs: number): Contamination => walked(findContamination(sides, usualThresholds, mostPairs));

function walked(search: Generator<void, Contamination>): Contamination & { readonly steps: number } {
  for (let steps = 0; ; steps += 1) {
    const step = search.next();
    if (step.done === true) return { ...step.value, steps };
  }
}

const named = (prefix: string, questions: readonly string[]): Question[] => questions.map((question, index) => ({ id: `${prefix}/${index}`, question }));
/** What is found of one train and one evaluation task, either way round. */
function likeness(one: string, other: string, thresholds?: ContaminationThresholds): string {
  const found = [find(named('t', [one]), named('e', [other]), thresholds), find(named('t', [other]), named('e', [one]), thresholds)]
    .map(({ pairs }) => pairs.map(({ how, share }) => `${how} ${share.toFixed(2)}`).join());
  assert.equal(found[0], found[1]);
  return found[0] ?? '';
}

const lamps = 'A warehouse loads 12 boxes with 7 lamps each onto a truck. The driver signs for the load and leaves for the coast before noon. How many lamps are on the truck?';
const others = Array.from({ length: 300 }, (_, index) => questionAt(index).question);

/** Pairs of two small sets as they are defined, each task looked at beside each. */
function reference(train: readonly Question[], evaluation: readonly Question[], { ngrams, edit, sameNumbers }: ContaminationThresholds): string[] {
  const runs = (text: string) => new Set(text.split(' ').flatMap((_, at, words) => (at + 8 <= words.length ? [words.slice(at, at + 8).join(' ')] : [])));
  const figures = (text: string) => text.split(' ').filter(isFigure);
  const common = (one: readonly string[], other: readonly string[]) => {
    const left = [...other];
    return one.filter(each => left.includes(each) && left.splice(left.indexOf(each), 1).length > 0).length;
  };
  const kindOf = (one: string, two: string) => {
    if (one === two) return one === '' ? undefined : 'exact';
    const [shared, counts, longer] = [common(figures(one), figures(two)), [figures(one).length, figures(two).length], Math.max(one.length, two.length)];
    if ((!sameNumbers || shared === Math.max(...counts)) && plainDistance(one, two) <= (1 - edit) * longer + 1e-9) return 'edit';
    const [less, more] = [runs(one), runs(two)].sort((a, b) => a.size - b.size);
    const share = [...less ?? []].filter(run => more?.has(run)).length / (less?.size ?? 0);
    return (!sameNumbers || shared === Math.min(...counts)) && share >= ngrams ? 'ngrams' : undefined;
  };
  return train.flatMap(({ id, question }) => evaluation.flatMap(other => {
    const how = kindOf(normalisedText(question), normalisedText(other.question));
    return how === undefined ? [] : [`${id} ${other.id} ${how}`];
  })).sort();
}

/** What is kept of all pairs, as it is defined: of each train task its share and whatever is the best of an evaluation task, the best first. */
function keptOf(whole: Contamination['pairs'], { most, places: [trainAt = new Map(), evaluationAt = new Map()], tasks }: { readonly most: number; readonly places: readonly Map<string, number>[]; readonly tasks: number }): Contamination['pairs'] {
  const rank = ({ how, share }: Contamination['pairs'][number]) => (how === 'exact' ? -2 : -share);
  const at = (places: Map<string, number>, id: string) => places.get(id) ?? -1;
  const inOrder = whole.toSorted((one, other) => at(trainAt, one.train) - at(trainAt, other.train) || rank(one) - rank(other) || at(evaluationAt, one.evaluation) - at(evaluationAt, other.evaluation));
  const share = whole.length > most ? Math.max(1, Math.floor(most / tasks)) : Infinity;
  const best = new Set([...evaluationAt.keys()].map(id => inOrder.filter(({ evaluation }) => evaluation === id).toSorted((one, other) => rank(one) - rank(other))[0]));
  return [...trainAt.keys()].flatMap(id => inOrder.filter(({ train }) => train === id).filter((pair, place) => place < share || best.has(pair)));
}

/** Few words, so that much is alike, and texts that are made of one another by some changes. */
const wordsOfTask = fc.array(fc.constantFrom('the', 'lamps', 'box', 'truck', 'how', 'many', 'a', 'leaves', '3', '4', '-'), { minLength: 0, maxLength: 16 });
const change = fc.record({ at: fc.nat(80), cut: fc.nat(3), put: fc.constantFrom('', 'a', ' ', 'the lamps ', 'x', '3 ') });
const changed = (text: string, changes: readonly { at: number; cut: number; put: string }[]) => changes.reduce((now, { at, cut, put }) => {
  const place = at % (now.length + 1);
  return `${now.slice(0, place)}${put}${now.slice(place + cut)}`;
}, text);

describe('contamination', () => {
  it('finds a planted task with other blanks, quotes and case, and nothing else', () => {
    const planted = lamps.toUpperCase().replaceAll(' ', '  ').replace('BOXES', '“boxes”').replace('.', ' …');
    const { pairs, left, thresholds } = find(named('t', [...others, lamps]), named('e', ['Who leaves first?', planted, 'How many lamps are on 13 trucks?']));
    assert.deepEqual(pairs, [{ train: 't/300', evaluation: 'e/1', how: 'exact', share: 1 }]);
    assert.deepEqual([left, thresholds], [0, usualThresholds]);
    assert.deepEqual(find(named('t', others), named('e', ['Who leaves first?', 'How many lamps are on 13 trucks?'])).pairs, []);
  });

  it('takes sums that differ in numbers or signs for different tasks, unless it is told not to', () => {
    for (const other of [lamps.replace('12', '13'), lamps.replace('7', '7.5'), lamps.replace('7', '9').replace('12', '7')]) {
      assert.equal(likeness(lamps, other), '');
      assert.match(likeness(lamps, other, { ...usualThresholds, sameNumbers: false }), /^edit 0\.9/);
    }
    assert.equal(likeness('What is 12 + 30 in all?', 'What is 12 - 30 in all?'), '');
    assert.equal(likeness('Ann has seven red pears and two green pears', 'Ann has seven red pears and three green pears'), '');
    assert.deepEqual(find(named('t', others), named('e', Array.from({ length: 300 }, (_, index) => questionAt(1_000 + index).question))).pairs, []);
  });

  it('finds what was changed a little, moved or made part of a longer task', () => {
    assert.equal(likeness(lamps, lamps.replace('warehouse', 'storehouse')), 'edit 0.98');
    assert.equal(likeness(lamps, `Read carefully, and think about it step by step before you give any answer. ${lamps} Say it in 3 words.`), 'ngrams 1.00');
    assert.equal(likeness(lamps, lamps.replace(' signs for the load and', '')), 'ngrams 0.65');
    assert.equal(likeness(lamps, lamps.replace('The driver signs for the load and leaves for the coast before noon. ', '')), '');
    assert.equal(likeness(lamps, 'A warehouse loads 12 boxes. Who is 7?'), '');
  });

  it('looks at tasks of few words and of any script', () => {
    assert.equal(likeness('Is Rome older than Paris?', 'Is Rome older then Paris'), 'edit 0.96');
    assert.equal(likeness('Is Rome older than Paris?', 'Is Paris older than Rome?'), '');
    assert.equal(likeness('小明有三个苹果，他吃了一个，还剩几个苹果？', '小明有三个苹果。他吃了一个！还剩几个 苹果'), 'exact 1.00');
    assert.match(likeness('小明有三个苹果，他吃了一个，还剩几个苹果？', '小红有三个苹果，他吃了一个，还剩几个苹果？'), /^edit/);
    assert.equal(likeness('', '?!'), '');
    assert.equal(likeness('x', 'X!'), 'exact 1.00');
    assert.deepEqual(find([], named('e', [lamps])).pairs, []);
    assert.deepEqual(find(named('t', [lamps]), []).pairs, []);
  });

  it('names the best match of a task first, and tasks in their order', () => {
    const evaluation = named('e', [lamps.replace('warehouse', 'storehouse'), `Before you begin, read all of it at least twice and then once more. ${lamps}`, `"${lamps}"`, lamps.replace('coast', 'coasts')]);
    const [first, second] = [['t/1 e/2', 't/1 e/1', 't/1 e/3', 't/1 e/0'], ['t/300 e/2', 't/300 e/1', 't/300 e/3', 't/300 e/0']];
    for (const train of [named('t', ['Who?', lamps, ...others.slice(0, 298), lamps]), named('t', ['Who?', lamps])]) {
      const wanted = train.length > 2 ? [...first, ...second] : first;
      assert.deepEqual(find(train, evaluation).pairs.map(pair => `${pair.train} ${pair.evaluation}`), wanted);
    }
  });

  it('finds every pair that there is, whichever side is the smaller', () => {
    const thresholds = fc.record({ ngrams: fc.constantFrom(0.01, 0.5, 0.8, 1), edit: fc.constantFrom(0.6, 0.8, 0.9, 1), sameNumbers: fc.boolean() });
    fc.assert(fc.property(fc.array(wordsOfTask, { maxLength: 6 }), fc.array(fc.tuple(fc.nat(5), fc.array(change, { maxLength: 4 })), { maxLength: 8 }), thresholds, (tasks, copies, given) => {
      const texts = tasks.map(words => words.join(' '));
      const train = named('t', texts);
      const evaluation = named('e', copies.map(([of, changes]) => changed(texts[of % Math.max(1, texts.length)] ?? '', changes)));
      const pairs = find(train, evaluation, given).pairs.map(pair => `${pair.train} ${pair.evaluation} ${pair.how}`);
      assert.deepEqual(pairs.toSorted(), reference(train, evaluation, given));
      const swapped = find(evaluation, train, given).pairs.map(pair => `${pair.evaluation} ${pair.train} ${pair.how}`);
      assert.deepEqual(swapped.toSorted(), pairs.toSorted());
    }), { numRuns: 400 });
  });

  it('keeps what it says where there are too many pairs, however often each text stands on either side', () => {
    const texts = fc.array(wordsOfTask.map(words => words.join(' ')), { minLength: 1, maxLength: 3 });
    const side = fc.array(fc.tuple(fc.nat(2), fc.array(change, { maxLength: 2 })), { maxLength: 12 });
    fc.assert(fc.property(texts, side, side, fc.nat(40), (from, trained, asked, most) => {
      // each as it is and again, with what was changed
      const made = (prefix: string, tasks: typeof trained) => named(prefix, tasks.flatMap(([of, changes]) => [from[of % from.length] ?? '', changed(from[of % from.length] ?? '', changes)]));
      const sides = { train: made('t', trained), evaluation: made('e', asked) };
      const all = [sides.train, sides.evaluation].map(tasks => new Map(tasks.map(({ id }, place) => [id, place])));
      const whole = manyPairs(sides, 1_000_000).pairs;
      const wanted = keptOf(whole, { most, places: all, tasks: sides.train.length });
      const { pairs, left } = manyPairs(sides, most);
      assert.deepEqual([pairs, left], [wanted, whole.length - wanted.length]);
      assert.deepEqual(whole, keptOf(whole, { most: 1_000_000, places: all, tasks: sides.train.length }), 'in order');
    }), { numRuns: 300 });
  });

  it('keeps for an evaluation task the first of equally good train tasks', () => {
    const sides = { train: named('t', ['xaaa bbbb cccc dddd', 'aaaa bbbb cccc dddx']), evaluation: named('e', Array.from({ length: 3 }, () => 'aaaa bbbb cccc dddd')) };
    assert.deepEqual(manyPairs(sides, 2).pairs.map(({ train, evaluation }) => `${train} ${evaluation}`), ['t/0 e/0', 't/0 e/1', 't/0 e/2', 't/1 e/0']);
  });

  it('looks once at a text that all tasks of both sides have', () => {
    const copies = (prefix: string) => named(prefix, Array.from({ length: 30_000 }, () => 'x'));
    const { pairs, left } = manyPairs({ train: copies('t'), evaluation: copies('e') }, 60_000);
    assert.deepEqual([pairs.length, left], [2 * 30_000 + 30_000 - 2, 30_000 * 30_000 - pairs.length]);
  });

  it('finds a task that stands in an evaluation set very often, and by phrases that stand everywhere nobody', () => {
    const filled = (task: string) => named('t', [...Array.from({ length: 1_600 }, (_, index) => shortQuestionAt(5_000 + index).question), task]);
    const common = 'How many lamps are on the truck that comes after all the others,';
    const evaluation = named('e', [...Array.from({ length: 900 }, () => lamps), ...Array.from({ length: 600 }, (_, index) => `${common} ${'abcdefghij'[index % 10] ?? ''}${index}?`)]);
    assert.equal(find(filled(lamps.replace('coast', 'coasts')), evaluation).pairs.length, 900);
    assert.equal(find(filled(`${common} zoe?`), evaluation).pairs.length, 0);
    assert.equal(find(filled(`${common} zoe?`), evaluation.slice(0, 1_000)).pairs.length, 100);
  });

  it('compares a task with no more than a hundred texts, the nearest of them, and with its own', () => {
    const near = Array.from({ length: 120 }, (_, index) => {
      const word = `${'abcdefghij'[index % 10] ?? ''}${'abcdefghijkl'[Math.floor(index / 10)] ?? ''}`;
      return index < 60 ? lamps.replace('The driver signs', `The driver ${word} signs`).replace('leaves', word) : lamps.replace('driver', word);
    });
    const pairs = find(named('t', [...others, lamps]), named('e', [...near, lamps])).pairs.map(({ evaluation, how }) => `${evaluation} ${how}`);
    assert.equal(pairs.length, 101);
    assert.equal(pairs[0], 'e/120 exact');
    assert.deepEqual(Array.from({ length: 60 }, (_, index) => `e/${60 + index} edit`).filter(each => !pairs.includes(each)), []);
  });

  it('leaves no task out where there are too many pairs to keep: of each its best ones are kept, and the others counted', () => {
    const copies = (prefix: string, count: number) => named(prefix, Array.from({ length: count }, () => lamps));
    const planted = 'Is Rome older than Paris?';
    const [train, evaluation] = [[...copies('t', 30), { id: 't/planted', question: planted }], [...copies('e', 20), { id: 'e/near', question: lamps.replace('coast', 'coasts') }, { id: 'e/planted', question: planted }]];
    for (const sides of [{ train, evaluation }, { train, evaluation: [...evaluation, ...copies('more', 12)] }]) {
      const { pairs, left } = manyPairs(sides, 100);
      const whole = manyPairs(sides, 10_000);
      assert.deepEqual([whole.left, pairs.length + left], [0, whole.pairs.length]);
      assert.deepEqual(new Set(pairs.map(each => each.train)), new Set(sides.train.map(({ id }) => id)));
      assert.deepEqual(new Set(pairs.map(each => each.evaluation)), new Set(sides.evaluation.map(({ id }) => id)));
      assert.deepEqual(pairs.filter(each => each.train === 't/1').map(each => each.evaluation), ['e/0', 'e/1', 'e/2']);
      assert.ok(pairs.length < 100 + sides.evaluation.length, String(pairs.length));
    }
  });

  it('goes on in steps, also through long texts of one template', () => {
    const names = Array.from({ length: 20 }, (_, index) => `N${'abcdefghij'[index % 10] ?? ''}${'ab'[Math.floor(index / 10)] ?? ''}`);
    const stories = named('t', names.map(name => Array.from({ length: 24 }, (_, turn) => `${turn % 2 === 0 ? name : 'Eve'} gives the ball to ${turn % 2 === 0 ? 'Kim' : 'Lee'}`).join(' and then ')));
    const { steps, pairs } = find(stories, stories);
    assert.equal(pairs.length, 20 * 20);
    assert.ok(steps >= 2 * 20 + 20 * 3, String(steps));
  });
});
