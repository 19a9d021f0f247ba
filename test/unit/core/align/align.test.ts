import assert from 'node:assert/strict';
import fc from 'fast-check';
import { pairScores } from '../../../../bench/align.ts';
import { alignmentCases, alignmentFiles, type AlignmentCase } from '../../../../bench/alignmentCases.ts';
import { align } from '../../../../src/core/align/align.ts';
import { pathMarks, structureMarks } from '../../../../src/core/align/marks.ts';
import { answerKinds } from '../../../../src/core/model/task.ts';

const all = alignmentCases([...alignmentFiles.tuned, ...alignmentFiles.heldOut]);

/** Things to do that have nothing to say to each other, each with how it is carried out. */
const deeds: readonly (readonly [plan: string, work: string])[] = [
  ['Convert the wage into dollars per minute', 'The wage is 12 dollars an hour, so dollars per minute are 12 / 60 = 0.2'],
  ['Count the minutes she babysat', 'She babysat from noon on, and counting the minutes gives 50'],
  ['Look up the fee of the agency', 'The fee that the agency keeps is 3 percent'],
  ['Recall how gravity pulls on the bucket', 'Gravity pulls on the bucket with 40 newtons'],
  ['List the colours of the marbles', 'The marbles have the colours red, green and blue'],
  ['Sort the cities by population', 'Sorted by population, the cities are Rome, Turin, Bari'],
  ['Draw a triangle with a right angle', 'A triangle is drawn whose right angle lies at C'],
  ['Estimate the height of the lighthouse', 'The height of the lighthouse is 31 metres by estimate'],
  ['Name the river near the village', 'The village lies on the river Inn'],
];

const distinct = fc.shuffledSubarray(deeds.map((_, at) => at), { minLength: 3 });
const numbered = (texts: readonly string[]) => texts.map((text, at) => `${at + 1}. ${text}.`).join('\n');
const bulleted = (texts: readonly string[]) => texts.map(text => `- ${text}.`).join('\n');
const plain = (texts: readonly string[]) => texts.map(text => `${text}.`).join('\n\n');
const style = fc.constantFrom(numbered, bulleted, plain);
const planOf = (deed: number) => deeds[deed]?.[0] ?? '';
const workOf = (deed: number) => deeds[deed]?.[1] ?? '';
const without = <Item>(items: readonly Item[], at: number) => items.filter((_, place) => place !== at);

function swapped<Item>(items: readonly Item[], one: number, other: number): readonly Item[] {
  const copy = [...items];
  copy.splice(one, 1, ...items.slice(other, other + 1));
  copy.splice(other, 1, ...items.slice(one, one + 1));
  return copy;
}

const sharedParts = (alignment: ReturnType<typeof align>): boolean => alignment.pairs.some(([s, p], at) => alignment.pairs.some(([t, q], other) => other !== at && (s === t || p === q)));

describe('the alignment of a structure and its path', () => {
  it('follows each step where each is carried out in its turn', () => {
    fc.assert(fc.property(distinct, style, style, (order, plan, work) => {
      const { pairs, marks, coverage } = align({ structure: plan(order.map(planOf)), path: work(order.map(workOf)) });
      assert.deepEqual(pairs, order.map((_, at) => [at, at]));
      assert.deepEqual([marks.structure, marks.path, coverage], [order.map(() => 'followed'), order.map(() => 'joined'), 1]);
    }));
  });

  it('changes its marks and not its coverage when two steps of the structure change places', () => {
    fc.assert(fc.property(distinct, style, style, fc.nat(), fc.nat(), (order, plan, work, first, second) => {
      const [one, other] = [first % order.length, (first + 1 + second % (order.length - 1)) % order.length];
      const path = work(order.map(workOf));
      const before = align({ structure: plan(order.map(planOf)), path });
      const after = align({ structure: plan(swapped(order, one, other).map(planOf)), path });
      assert.equal(after.coverage, before.coverage);
      assert.notDeepEqual(after.marks.structure, before.marks.structure);
      assert.deepEqual([after.marks.structure[one], after.marks.structure[other]], ['reordered', 'reordered']);
      assert.deepEqual(after.pairs.map(([s, p]) => [s === one ? other : s === other ? one : s, p]).sort(([a = 0], [b = 0]) => a - b), before.pairs);
    }));
  });

  it('skips exactly the step whose path step is taken out', () => {
    fc.assert(fc.property(distinct, style, style, fc.nat(), (order, plan, work, at) => {
      const gone = at % order.length;
      const { marks } = align({ structure: plan(order.map(planOf)), path: work(without(order, gone).map(workOf)) });
      assert.deepEqual(marks.structure, order.map((_, step) => (step === gone ? 'skipped' : 'followed')));
    }));
  });

  it('marks as added exactly what the structure does not ask for', () => {
    fc.assert(fc.property(distinct, style, style, fc.nat(), (order, plan, work, at) => {
      const extra = at % order.length;
      const { marks, coverage } = align({ structure: plan(without(order, extra).map(planOf)), path: work(order.map(workOf)) });
      assert.deepEqual([marks.path, coverage], [order.map((_, step) => (step === extra ? 'added' : 'joined')), 1]);
    }));
  });

  it('merges two steps that one step of the path carries out', () => {
    fc.assert(fc.property(distinct, style, fc.nat(), (order, plan, at) => {
      const first = at % (order.length - 1);
      const works = order.map(workOf);
      works.splice(first, 2, `${workOf(order[first] ?? 0)}, and ${workOf(order[first + 1] ?? 0)}`);
      const { marks } = align({ structure: plan(order.map(planOf)), path: numbered(works) });
      assert.deepEqual(marks.structure, order.map((_, step) => (step === first || step === first + 1 ? 'merged' : 'followed')));
    }));
  });

  it('is the same every time', () => {
    for (const one of all) assert.deepEqual(align(one), align(one));
  });

  it('is empty where a text is', () => {
    assert.deepEqual(align({ structure: '', path: '' }), { structure: [], path: [], pairs: [], marks: { structure: [], path: [] }, coverage: 0 });
    assert.deepEqual(align({ structure: '1. Add.', path: ' \n ' }).marks, { structure: ['skipped'], path: [] });
    assert.deepEqual(align({ structure: '\u200b', path: '1. 2 + 2 = 4' }).marks, { structure: [], path: ['added'] });
  });
});

describe('marks', () => {
  it('call all steps reordered that are not in every longest chain', () => {
    assert.deepEqual(structureMarks(3, [[0, 1], [1, 0], [2, 2]]), ['reordered', 'reordered', 'followed']);
    assert.deepEqual(structureMarks(4, [[0, 3], [1, 0], [2, 1], [3, 2]]), ['reordered', 'followed', 'followed', 'followed']);
    assert.deepEqual(structureMarks(3, [[0, 2], [1, 1], [2, 0]]), ['reordered', 'reordered', 'reordered']);
    assert.deepEqual(structureMarks(3, [[0, 0], [0, 2], [1, 1], [2, 3]]), ['followed', 'followed', 'followed']);
  });

  it('merge before they reorder, and skip what has no pair', () => {
    assert.deepEqual(structureMarks(4, [[0, 1], [1, 0], [2, 0]]), ['reordered', 'merged', 'merged', 'skipped']);
    assert.deepEqual(pathMarks(3, [[0, 1]]), ['added', 'joined', 'added']);
  });
});

describe('the labelled structures and paths', () => {
  it('are enough, of all kinds, and agree with themselves', () => {
    assert.ok(all.length >= 150 && alignmentCases(alignmentFiles.heldOut).length >= 50);
    for (const kind of answerKinds) assert.ok(all.filter(one => one.kind === kind).length >= 20, kind);
    for (const { name, marks, pairs, structureSteps, pathSteps } of all) {
      assert.equal(marks.length, structureSteps.length, name);
      assert.ok(pairs.every(([s, p]) => s < structureSteps.length && p < pathSteps.length), name);
      assert.deepEqual(marks, structureMarks(structureSteps.length, pairs), name);
    }
  });

  it('are joined as they should be nine times in ten', () => {
    assert.ok(pairScores(alignmentCases(alignmentFiles.tuned), align).f1 >= 0.9);
  });

  const labelled = (name: string) => all.find(one => one.name === name) ?? assert.fail(name);

  it('are joined by their numbers where all others are right, whatever their words say', () => {
    assert.deepEqual(align(labelled('anagram text 1')).pairs, labelled('anagram text 1').pairs);
  });

  it('know the first of two things from the second', () => {
    assert.deepEqual(align(labelled('law choice 2')).pairs, labelled('law choice 2').pairs);
  });

  it('give a step of the path to the step that it fits best, though another could have it in order', () => {
    assert.deepEqual(align(labelled('chain rule 1')).marks.structure.slice(0, 4), ['followed', 'reordered', 'reordered', 'followed']);
  });

  const share = (cases: readonly AlignmentCase[], right: (one: AlignmentCase) => readonly boolean[]) => {
    const found = cases.flatMap(right);
    return found.filter(Boolean).length / found.length;
  };

  it('get their marks as they should be six times in seven', () => {
    assert.ok(share(all, one => {
      const { structure } = align(one).marks;
      return one.marks.map((mark, at) => structure[at] === mark);
    }) >= 0.85);
  });

  it('mostly lose the step whose only path step is taken out, and no other', () => {
    const right = share(all, one => {
      const before = align(one);
      if (sharedParts(before)) return [];
      return before.pairs.map(([s, p]) => {
        const { start, end } = before.path[p] ?? { start: 0, end: 0 };
        const after = align({ structure: one.structure, path: one.path.slice(0, start) + one.path.slice(end) }).marks.structure;
        return before.marks.structure.every((mark, at) => (after[at] === 'skipped') === (at === s || mark === 'skipped'));
      });
    });
    assert.ok(right >= 0.6, String(right));
  });
});

const r = (unit: string, times: number) => unit.repeat(times);
const items = (count: number, text: (at: number) => string) => Array.from({ length: count }, (_, at) => `${at + 1}. ${text(at)}`).join('\n');
/** Each would take minutes or gigabytes where a loop lies within a loop. */
const hostile: Readonly<Record<string, string>> = {
  'a line of ten megabytes': r('lorem ipsum 5 dolor ', 500_000),
  'ten megabytes of sentences': r('One is here. ', 800_000),
  'ten megabytes of one letter': r('x', 10_000_000),
  'ten megabytes of white space': r(' \t', 5_000_000),
  'ten megabytes of empty lines': r('\n', 10_000_000),
  'five thousand steps': items(5000, at => `Compute value ${at} of thing ${at % 13}`),
  'five thousand equal steps': items(5000, () => 'Compute the value and add it'),
  'five thousand long steps': items(5000, at => Array.from({ length: 300 }, (_, word) => `w${(word * 31 + at * 7) % 997}`).join(' ')),
  'a hundred thousand bullets': r('- Do\n', 100_000),
  'zero-width characters': r('\u200b\u200d', 1_000_000),
  'right-to-left text': r('\u202eשלום עולם. ', 100_000),
  'dollars': r('$$', 2_000_000),
  'open mathematics': r('\\[ ', 500_000),
  'open environments': r('\\begin{a}', 300_000),
  'fences': r('```\n', 300_000),
  'open braces': r('{"a":', 300_000),
  'open brackets': r('["', 500_000),
  'markers in a line': r('(1) a ', 300_000),
  'steps in a line': r('Step 1: ', 300_000),
  'bold lines': r('**a**\n', 200_000),
  'headings': r('# a\n', 200_000),
  'quotes': r('> ', 1_000_000),
  'lists in lists': Array.from({ length: 2000 }, (_, at) => `${' '.repeat(at)}- a${at}`).join('\n'),
  'lists out of lists': Array.from({ length: 20_000 }, (_, at) => `${' '.repeat(60 - (at % 30) * 2)}1. x`).join('\n'),
  'halves of characters': r('\ud83d', 100_000),
  'clauses': r(', then ', 300_000),
  'letters': r('a. b\n', 100_000),
  'answers': r('Answer: \\boxed{1}\n', 100_000),
};

describe('hostile structures and paths', () => {
  const structure = '1. Find the rate\n2. Multiply by the time\n3. State the answer';
  for (const [name, text] of Object.entries(hostile)) {
    it(`do no harm: ${name}`, () => {
      for (const input of [{ structure, path: text }, { structure: text, path: text }]) {
        const { coverage, marks, ...found } = align(input);
        assert.ok(coverage >= 0 && coverage <= 1);
        assert.deepEqual([marks.structure.length, marks.path.length], [found.structure.length, found.path.length]);
        assert.ok(found.path.every(step => step.text === text.slice(step.start, step.end)));
      }
    });
  }
});
