import assert from 'node:assert/strict';
import fc from 'fast-check';
import { branchId, fingerprint } from '../../../../src/core/model/ids.ts';
import { outcomeTally, funnelSteps, type BranchOutcome, type TaskOutcome } from '../../../../src/core/model/outcome.ts';
import { passRateOf, passRates, reachedBy, reachedSteps } from '../../../../src/core/model/overview.ts';
import { addBranches, branchClass, isOfFilter, yieldOf, yieldTally, type BranchCount } from '../../../../src/core/model/yield.ts';
import { guidelineYields, overviewFunnel, passRateRows } from '../../../../src/core/stats/overview.ts';
import { aBranch, anOutcome } from '../../../support/storeFacts.ts';

type Fate = 'kept' | 'enough' | 'wrong' | 'cut' | 'dead';

/** A branch of a guideline, named by what became of it. */
function branch(guidelines: string, fate: Fate, round: 1 | 2 = 1): BranchOutcome {
  const losses = { kept: undefined, enough: { step: 'cap', reason: 'enough' }, wrong: { step: 'verify', reason: 'not-equal' }, cut: { step: 'finish', reason: 'cut' }, dead: { step: 'stage-path', reason: 'timed-out' } } as const;
  const loss = losses[fate];
  return aBranch({
    id: branchId(`guideline:${guidelines}`), guidelines: guidelines.split('+'), round, hinted: round === 2, ...(loss ? { loss } : {}),
    answers: fate === 'dead' ? {} : { path: fingerprint('b'.repeat(64)) },
    verdicts: fate === 'dead' ? [] : [{ checker: 'typed', kind: fate === 'wrong' ? 'incorrect' : 'correct', extracted: '1', reason: fate === 'wrong' ? 'not-equal' : 'equal' }],
  });
}

/** What a store would count, each branch with 100 tokens. */
function counted(outcomes: readonly TaskOutcome[], known = true): { readonly counts: readonly BranchCount[]; readonly counters: ReadonlyMap<string, number> } {
  const counters = new Map<string, number>();
  for (const outcome of outcomes) for (const [key, count] of [...outcomeTally(outcome), ...yieldTally(yieldOf(outcome, known))]) counters.set(key, (counters.get(key) ?? 0) + count);
  return { counts: addBranches(outcomes.flatMap(outcome => outcome.branches.map(each => ({ ...branchClass(each, known), branches: 1, tokens: 100, untold: 0 })))), counters };
}

const project = [
  anOutcome('set/1', { branches: [branch('plan', 'kept'), branch('draw', 'enough'), branch('late', 'wrong')] }),
  anOutcome('set/2', { branches: [branch('plan', 'wrong'), branch('draw', 'kept'), branch('late', 'dead')] }),
  anOutcome('set/3', { branches: [branch('plan', 'wrong'), branch('draw', 'wrong'), branch('late', 'wrong'), branch('plan', 'kept', 2)] }),
  anOutcome('set/4', { branches: [branch('draw+plan', 'cut'), branch('late', 'dead')] }),
];

describe('what follows no guideline, or was held against no known answer', () => {
  const draws = (id: string) => anOutcome(id, { branches: [branch('plan', 'kept'), branch('plan', 'wrong')].map((each, index) => ({ ...each, id: branchId(`drawn:${index}`), guidelines: [] })) });

  it('counts for pass rates, and for no guideline and no coverage', () => {
    const { counts, counters } = counted([draws('set/1'), ...project.slice(0, 2)]);
    assert.equal(passRateRows(counters).reduce((sum, { tasks }) => sum + tasks, 0), 3);
    assert.deepEqual([...counters.keys()].filter(key => key.startsWith('coverage/')).sort(), ['coverage/2/1', 'coverage/3/2']);
    const yields = guidelineYields(counts, counters, []);
    assert.deepEqual(yields, guidelineYields(counted(project.slice(0, 2)).counts, counted(project.slice(0, 2)).counters, []));
  });

  it('has no pass rate where the recipe leaves the known answer unused, though there is one', () => {
    const unused = { ...draws('set/1'), knownAnswerUnused: true as const };
    assert.deepEqual([...yieldTally(yieldOf(unused, true)).keys()], []);
    assert.ok(yieldTally(yieldOf(draws('set/1'), true)).size > 0);
  });
});

describe("the overview's funnel", () => {
  it('loses at each row what is named there', () => {
    const { counters } = counted(project);
    assert.deepEqual(overviewFunnel(9, counters, 0), [
      { step: 'tasks', count: 9, lost: [] },
      { step: 'branches', count: 12, lost: [] },
      { step: 'finished', count: 9, lost: [{ step: 'stage-path', reason: 'timed-out', count: 2 }, { step: 'finish', reason: 'cut', count: 1 }] },
      { step: 'readable', count: 9, lost: [] },
      { step: 'correct', count: 4, lost: [{ step: 'verify', reason: 'not-equal', count: 5 }] },
      { step: 'leak-free', count: 4, lost: [] },
      { step: 'in-length', count: 4, lost: [] },
      { step: 'kept', count: 3, lost: [{ step: 'cap', reason: 'enough', count: 1 }] },
    ]);
  });

  it('counts in every row exactly the branches of its list, whatever was lost where', () => {
    const lost = fc.option(fc.record({ step: fc.constantFrom(...funnelSteps), reason: fc.constantFrom('a', 'b') }), { nil: undefined });
    const count = fc.record({ lost, round: fc.constantFrom(1, 2), branches: fc.integer({ min: 1, max: 50 }), correct: fc.constantFrom(true, false, null), isAccepted: fc.boolean() });
    fc.assert(fc.property(fc.array(count, { maxLength: 40 }), drawn => {
      const counts = drawn.map(({ lost: loss, isAccepted, ...rest }): BranchCount => ({ ...rest, guidelines: ['plan'], ...(loss ? { loss } : isAccepted ? { accepted: 'as-filtered' } : {}), tokens: 0, untold: 0 }));
      const listed = (filter: Parameters<typeof isOfFilter>[1]) => counts.filter(each => isOfFilter(each, filter)).reduce((sum, { branches }) => sum + branches, 0);
      const counters = new Map<string, number>();
      for (const { round, loss, branches } of counts) {
        for (const key of [`branches/${round}`, ...(loss ? [`lost/${round}/${loss.step}/${loss.reason}`] : [])]) counters.set(key, (counters.get(key) ?? 0) + branches);
      }
      const [, ...rows] = overviewFunnel(0, counters, counts.reduce((sum, { accepted, branches }) => sum + (accepted ? branches : 0), 0));
      let before: number | undefined;
      for (const { step, count: left, lost: losses } of rows) {
        assert.equal(left, listed({ reached: reachedSteps.find(each => each === step) ?? assert.fail() }), step);
        if (before !== undefined) assert.equal(left, before - losses.reduce((sum, loss) => sum + loss.count, 0), step);
        for (const loss of losses) assert.equal(loss.count, listed({ step: loss.step, reason: loss.reason }));
        before = left;
      }
      assert.equal(rows.find(({ step }) => step === 'kept')?.count, listed({ kept: true }));
    }));
  });

  it('has a row for every step that charges', () => {
    for (const step of funnelSteps) assert.ok(reachedSteps.includes(reachedBy(step)) && reachedBy(step) !== 'kept', step);
    assert.equal(reachedBy(undefined), 'kept');
    assert.equal(reachedBy('stage-adapt'), 'branches');
    assert.equal(reachedBy('duplicate'), 'in-length');
  });
});

describe('the yield of guidelines', () => {
  it('by hand', () => {
    const { counts, counters } = counted(project);
    const rows = guidelineYields(counts, counters, ['plan', 'unused', 'draw']);
    assert.deepEqual(rows.map(({ low: _low, high: _high, ...row }) => row), [
      { id: 'plan', branches: 5, judged: 4, correct: 2, solvedOnly: 0, kept: 2, tokensPerKept: 250 },
      { id: 'draw', branches: 4, judged: 4, correct: 3, solvedOnly: 1, kept: 1, tokensPerKept: 400 },
      { id: 'late', branches: 4, judged: 2, correct: 0, solvedOnly: 0, kept: 0, tokensPerKept: null },
    ]);
    assert.deepEqual(rows.map(({ low, high }) => [low, high].map(bound => Math.round(bound * 1_000) / 1_000)), [[0.15, 0.85], [0.301, 0.954], [0, 0.658]]);
  });

  it('adds up: every branch of one guideline counts once, every token is paid for, and the interval holds the share', () => {
    const count = fc.record({ id: fc.constantFrom('plan', 'draw', 'late'), round: fc.constantFrom(1, 2), branches: fc.integer({ min: 1, max: 50 }), correct: fc.constantFrom(true, false, null), tokens: fc.nat(9_000), lost: fc.boolean() });
    fc.assert(fc.property(fc.array(count, { maxLength: 40 }), drawn => {
      const counts = drawn.map(({ id, lost, ...rest }): BranchCount => ({ ...rest, guidelines: [id], ...(lost ? { loss: { step: 'cap', reason: 'enough' } as const } : {}), untold: 0 }));
      const rows = guidelineYields(counts, new Map(), []);
      const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0);
      const counted = (isOne: (each: BranchCount) => boolean) => counts.reduce((total, each) => total + (isOne(each) ? each.branches : 0), 0);
      assert.deepEqual([sum(row => row.branches), sum(row => row.judged), sum(row => row.correct), sum(row => row.kept)], [
        counted(() => true), counted(each => each.round === 1 && each.correct !== null), counted(each => each.round === 1 && each.correct === true), counted(each => !each.loss),
      ]);
      for (const { id, judged, correct, low, high, kept, tokensPerKept } of rows) {
        assert.ok(judged === 0 ? low === 0 && high === 1 : low <= correct / judged && correct / judged <= high);
        const paid = drawn.reduce((total, each) => total + (each.id === id ? each.tokens : 0), 0);
        assert.ok(tokensPerKept === null ? kept === 0 : Math.abs(tokensPerKept * kept - paid) < 1e-6 * Math.max(1, paid));
      }
    }));
  });

  it('says no cost where a server did not tell the tokens', () => {
    const { counts, counters } = counted(project);
    const [first] = guidelineYields(counts.map(count => (count.loss?.reason === 'cut' ? { ...count, untold: 1 } : count)), counters, ['plan']);
    assert.deepEqual([first?.id, first?.tokensPerKept], ['plan', null]);
  });

  it('judges nothing on tasks without a known answer', () => {
    const { counts, counters } = counted(project, false);
    assert.deepEqual(guidelineYields(counts, counters, []).map(({ id, judged, correct, low, high, kept }) => [id, judged, correct, low, high, kept]), [
      ['draw', 0, 0, 0, 1, 1], ['late', 0, 0, 0, 1, 0], ['plan', 0, 0, 0, 1, 2],
    ]);
    assert.ok(passRateRows(counters).every(({ tasks }) => tasks === 0));
  });
});

describe('tasks by pass rate', () => {
  it('by hand, with those that only the hint solved', () => {
    const { counters } = counted(project);
    assert.deepEqual(passRateRows(counters).filter(({ tasks }) => tasks > 0), [{ bucket: '0', tasks: 1, hinted: 1 }, { bucket: '41-60', tasks: 1, hinted: 0 }, { bucket: '61-80', tasks: 1, hinted: 0 }, { bucket: '100', tasks: 1, hinted: 0 }]);
    assert.deepEqual([...counters].filter(([key]) => /^(?:coverage|solved-only|kept-tasks)/.test(key)).sort(), [
      ['coverage/2/1', 1], ['coverage/2/2', 1], ['coverage/3/0', 1], ['coverage/3/2', 1], ['kept-tasks/draw', 1], ['kept-tasks/plan', 2], ['solved-only/draw', 1],
    ]);
  });

  it('are put by whole percents, the ends apart', () => {
    assert.deepEqual([[0, 25], [1, 25], [5, 25], [6, 25], [15, 25], [20, 25], [21, 25], [24, 25], [25, 25], [1, 1], [0, 1]].map(([correct = 0, of = 0]) => passRateOf(correct, of)), [
      '0', '1-20', '1-20', '21-40', '41-60', '61-80', '81-99', '81-99', '100', '100', '0',
    ]);
    assert.equal(passRateOf(0, 0), undefined);
    fc.assert(fc.property(fc.integer({ min: 1, max: 5_000 }).chain(of => fc.tuple(fc.integer({ min: 0, max: of }), fc.constant(of))), ([correct, of]) => {
      const rate = passRateOf(correct, of) ?? assert.fail();
      const [low = 0, high = low] = rate.split('-').map(Number);
      const percent = (100 * correct) / of;
      // no gap between 20 and 21: what lies there belongs to the upper one
      assert.ok(low === high ? percent === low : percent > low - 1 && percent <= (high === 99 ? 100 : high), `${correct} of ${of}: ${rate}`);
      assert.ok(passRates.includes(rate));
    }));
  });
});
