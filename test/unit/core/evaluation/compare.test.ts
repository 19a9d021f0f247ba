import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sha256 } from '../../../../src/adapters/hash.ts';
import { changesOf } from '../../../../src/core/evaluation/changes.ts';
import { compareInSteps } from '../../../../src/core/evaluation/compare.ts';
import type { EvaluatedSet } from '../../../../src/core/evaluation/evaluated.ts';
import { evaluationTable } from '../../../../src/core/evaluation/table.ts';
import { csv } from '../../../../src/host/csv.ts';
import { anySet, aSet, compare, verdict } from './evaluatedSets.ts';

const options = { hash: sha256, seed: 5, resamples: 500 };
const pair = (sets: readonly EvaluatedSet[]) => ({ models: ['tuned', 'base'], base: 'base', sets });

describe('a comparison of models', () => {
  it('counts every figure over the tasks that all models answered, as tuned less base', () => {
    const set = aSet('sums', 'in', [['cc', 40], ['cw', 12], ['cu', 3], ['wc', 4], ['uc', 2], ['wd', 5], ['uw', 1], ['c-', 6], ['-w', 2], ['gc', 3], ['g-', 1]]);
    const [row] = compare(pair([set]), options).sets;
    assert.ok(row);
    assert.deepEqual([row.n, row.leftOut], [67, { unanswered: 8, withoutKnown: 4 }]);
    const [tuned, base] = row.models;
    assert.deepEqual([tuned?.model, tuned?.answered, tuned?.correct, tuned?.unreadable, tuned?.undecided, tuned?.accuracy], ['tuned', 77, 55, 3, 0, 55 / 67]);
    assert.deepEqual([base?.model, base?.answered, base?.correct, base?.unreadable, base?.undecided, base?.accuracy], ['base', 72, 46, 3, 5, 46 / 67]);
    const [difference] = row.differences;
    assert.ok(difference);
    assert.deepEqual([difference.base, difference.tuned, difference.gains, difference.losses, difference.value], ['base', 'tuned', 15, 6, 9 / 67]);
    assert.ok(Math.abs(difference.p - 0.0784) < 1e-4, String(difference.p));
    const { readable, ...shift } = difference.unreadable;
    assert.deepEqual(shift, { fewer: 3, gains: 3, more: 3, losses: 2 });
    assert.deepEqual([readable?.n, readable?.value], [61, 8 / 61]);
  });

  it('pools tasks, not sets, in domain first', () => {
    const sets = [aSet('far', 'out', [['cc', 3]]), aSet('small', 'in', [['cw', 2]]), aSet('large', 'in', [['cc', 50], ['wc', 48]])];
    const { pooled } = compare(pair(sets), options);
    assert.deepEqual(pooled.map(({ domain, sets: count, n, differences }) => [domain, count, n, differences[0]?.value]), [['in', 2, 100, -0.46], ['out', 1, 3, 0]]);
  });

  it('stops after each row', () => {
    const steps = compareInSteps(pair([aSet('far', 'out', [['cc', 3]]), aSet('near', 'in', [['cw', 2]])]), options);
    let stops = 0;
    while (steps.next().done !== true) stops += 1;
    assert.equal(stops, 4);
  });

  it('says why there is no difference', () => {
    const apart = compare(pair([aSet('sums', 'in', [['c-', 4], ['-c', 4]])]), options).sets[0];
    assert.deepEqual([apart?.noDifference, apart?.n, apart?.leftOut.unanswered, apart?.differences], ['no-common-tasks', 0, 8, []]);
    assert.deepEqual(apart?.models.map(({ answered, accuracy, low, high }) => [answered, accuracy, low, high]), [[4, null, 0, 1], [4, null, 0, 1]]);
    const alone = compare({ models: ['base'], base: 'base', sets: [aSet('sums', 'in', [['c', 3], ['w', 1]])] }, options).sets[0];
    assert.deepEqual([alone?.noDifference, alone?.models[0]?.accuracy, alone?.differences], ['no-base', 0.75, []]);
    const unnamed = compare({ ...pair([aSet('sums', 'in', [['cw', 3]])]), base: 'another' }, options).sets[0];
    assert.deepEqual([unnamed?.noDifference, unnamed?.differences], ['no-base', []]);
  });

  it('compares each of several models with the base', () => {
    const sets = [aSet('sums', 'in', [['wcc', 10], ['cwc', 4], ['ccw', 1]])];
    const [row] = compare({ models: ['base', 'one', 'two'], base: 'base', sets }, options).sets;
    assert.deepEqual(row?.differences.map(({ base, tuned, gains, losses }) => [base, tuned, gains, losses]), [['base', 'one', 10, 4], ['base', 'two', 10, 1]]);
  });

  it('negates when base and tuned are swapped, and its figures add up', () => {
    fc.assert(fc.property(anySet('sums', 'in'), set => {
      const [row, swapped] = ['base', 'tuned'].map(base => compare({ ...pair([set]), base }, options).sets[0]);
      const [there, back] = [row?.differences[0], swapped?.differences[0]];
      assert.equal(there === undefined, row?.n === 0);
      if (!row || !there || !back) return;
      const zero = (value: number) => value + 0;
      assert.deepEqual([back.tuned, zero(back.value), zero(back.low), zero(back.high), back.gains, back.p], ['base', zero(-there.value), zero(-there.high), zero(-there.low), there.losses, there.p]);
      assert.ok(there.low <= there.value && there.value <= there.high);
      const [tuned, base] = row.models;
      assert.equal((tuned?.correct ?? NaN) - (base?.correct ?? NaN), there.gains - there.losses);
      assert.equal((tuned?.unreadable ?? NaN) - (base?.unreadable ?? NaN), there.unreadable.more - there.unreadable.fewer);
      assert.equal(row.n + row.leftOut.unanswered + row.leftOut.withoutKnown, set.rows.length);
    }), { numRuns: 60 });
  });

  it('finds of a domain what it would find of one set of all its tasks', () => {
    fc.assert(fc.property(anySet('a', 'out'), anySet('b', 'out'), (one, other) => {
      const [pooled] = compare(pair([one, other]), options).pooled;
      const [joined] = compare(pair([{ name: 'both', domain: 'out', rows: [...one.rows, ...other.rows] }]), options).sets;
      assert.deepEqual({ ...pooled, sets: 0, name: '' }, { ...joined, sets: 0, name: '' });
    }), { numRuns: 40 });
  });
});

describe('the tasks that changed sides', () => {
  it('are those of the gains and losses, in the order of sets and rows, with what was read of both answers', () => {
    const sets = [aSet('sums', 'in', [['wc', 1], ['cc', 2], ['cu', 1], ['cg', 1], ['c-', 1]]), aSet('far', 'out', [['cw', 2]])];
    const { nowCorrect, nowWrong } = changesOf(pair(sets), 'tuned');
    assert.deepEqual(nowCorrect.map(({ set, domain, task }) => [set, domain, task]), [['sums', 'in', 'sums/3'], ['far', 'out', 'far/0'], ['far', 'out', 'far/1']]);
    assert.deepEqual([nowCorrect[0]?.base, nowCorrect[0]?.tuned], [verdict('u'), verdict('c')]);
    assert.deepEqual(nowWrong.map(({ task }) => task), ['sums/0']);
    assert.deepEqual(changesOf(pair(sets), 'nobody'), { nowCorrect: [], nowWrong: [] });
  });

  it('are as many as the table has', () => {
    fc.assert(fc.property(anySet('a', 'in'), anySet('b', 'in'), (one, other) => {
      const evaluated = pair([one, other]);
      const [difference] = compare(evaluated, options).pooled[0]?.differences ?? [];
      const { nowCorrect, nowWrong } = changesOf(evaluated, 'tuned');
      assert.deepEqual([nowCorrect.length, nowWrong.length], [difference?.gains ?? 0, difference?.losses ?? 0]);
    }), { numRuns: 40 });
  });
});

describe('a comparison as a table', () => {
  it('has a row for each model of each set and domain, the difference beside the tuned one', () => {
    const { names, rows } = evaluationTable(compare(pair([aSet('a, "b"', 'in', [['cc', 6], ['cw', 2], ['c-', 1]])]), options));
    const lines = csv(names, rows).split('\r\n');
    assert.equal(lines.length, 6);
    assert.equal(lines[0], 'data set,domain,tasks,unanswered,without known answer,model,correct,unreadable,undecided,accuracy,low,high,against,difference,difference low,difference high,gains,losses,p');
    assert.match(lines[1] ?? '', /^"a, ""b""",in,8,1,0,tuned,8,0,0,1,0\.67\d*,1,base,0\.25,0(?:\.\d+)?,0\.\d+,2,0,0\.5$/);
    assert.match(lines[2] ?? '', /^"a, ""b""",in,8,1,0,base,6,0,0,0\.75,0\.\d+,0\.\d+,,,,,,,$/);
    assert.match(lines[3] ?? '', /^all in-domain,in,8,1,0,tuned,/);
    assert.ok(rows.every(row => row.length === names.length));
  });

  it('calls no domain what a data set is called', () => {
    const { rows } = evaluationTable(compare(pair([aSet('all', 'in', [['cc', 2]]), aSet('more', 'out', [['cw', 2]])]), options));
    assert.deepEqual([...new Set(rows.map(([name]) => name))], ['all', 'more', 'all in-domain', 'all out-of-domain']);
  });
});
