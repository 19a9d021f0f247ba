import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sha256 } from '../../../../src/adapters/hash.ts';
import { pairPaths } from '../../../../src/core/exchange/pairPaths.ts';
import { drawing, isSplitOff, pickRecords, type Drawable } from '../../../../src/core/exchange/pickRecords.ts';

/** Records of tasks, each with so many unhinted and hinted paths. */
const recordsOf = (tasks: readonly (readonly [plain: number, hinted: number])[], seed = 1): Drawable[] => tasks.flatMap(([plain, hinted], task) =>
  drawing(sha256, seed)(`set/${task}`, Array.from({ length: plain + hinted }, (_, path) => String(path))).map((draws, path) => ({ task: `set/${task}`, hinted: path >= plain, draws })));
const someTasks = fc.tuple(fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { maxLength: 40 }), fc.nat(5)).map(([tasks, seed]) => recordsOf(tasks, seed));
const shares = fc.constantFrom(0, 0.05, 0.1, 0.25, 0.3, 0.5, 0.9, 1);

const picked = (records: readonly Drawable[], rule: Parameters<typeof pickRecords>[1]) => {
  const reasons = pickRecords(records, rule);
  return { reasons, taken: records.filter((_, index) => reasons[index] === undefined) };
};
const hintedIn = (records: readonly Drawable[]) => records.filter(({ hinted }) => hinted).length;
const tasksIn = (records: readonly Drawable[]) => new Set(records.map(({ task }) => task));

describe('drawing records', () => {
  it('takes everything where nothing is drawn', () => {
    fc.assert(fc.property(someTasks, records => { assert.deepEqual(picked(records, { hintedShare: 1 }).taken, records); }));
  });

  it('keeps the share of hinted records, and could not keep one more', () => {
    fc.assert(fc.property(someTasks, shares, (records, hintedShare) => {
      const { taken, reasons } = picked(records, { hintedShare });
      const hinted = hintedIn(taken);
      assert.ok(hinted <= hintedShare * taken.length + 1e-9, `${hinted} of ${taken.length}`);
      assert.equal(taken.length - hinted, records.length - hintedIn(records), 'no other is lost');
      if (hinted < hintedIn(records)) assert.ok(hinted + 1 > hintedShare * (taken.length + 1), 'as many as fit');
      assert.ok(reasons.every(reason => reason === undefined || reason === 'hinted-cap'));
    }));
  });

  it('lets every task keep a hinted path before one keeps two', () => {
    const records = recordsOf([[6, 0], ...Array.from({ length: 4 }, () => [0, 3] as const)]);
    const { taken } = picked(records, { hintedShare: 0.4 });
    assert.equal(hintedIn(taken), 4);
    assert.equal(tasksIn(taken).size, 5);
  });

  it('draws as many as a sample wants, in the order in which they stood, within the share', () => {
    fc.assert(fc.property(someTasks, shares, fc.integer({ min: 1, max: 60 }), fc.constantFrom('tasks' as const, 'records' as const), (records, hintedShare, count, by) => {
      const before = picked(records, { hintedShare }).taken;
      const { taken } = picked(records, { hintedShare, sample: { by, count } });
      assert.ok(hintedIn(taken) <= hintedShare * taken.length + 1e-9);
      assert.deepEqual(taken, records.filter(record => taken.includes(record)));
      assert.ok(taken.every(record => before.includes(record)));
      if (by === 'records') assert.equal(taken.length, Math.min(count, before.length));
      else if (hintedShare === 1) assert.equal(tasksIn(taken).size, Math.min(count, tasksIn(before).size));
      else assert.ok(tasksIn(taken).size <= count);
    }));
  });

  it('takes of each task as many as another set has and no more, the same ones of a larger number, within the share', () => {
    fc.assert(fc.property(someTasks, shares, fc.array(fc.nat(4), { maxLength: 40 }), (records, hintedShare, wanted) => {
      const counts = new Map(wanted.map((count, task) => [`set/${task}`, count]));
      const matching = { by: 'paths-per-task' as const, counts };
      const [before, { taken, reasons }] = [picked(records, { hintedShare: 1 }).taken, picked(records, { hintedShare, matching })];
      const ofTask = (of: readonly Drawable[], task: string) => of.filter(record => record.task === task).length;
      assert.ok(hintedIn(taken) <= hintedShare * taken.length + 1e-9);
      for (const task of tasksIn(records)) {
        const fair = Math.min(counts.get(task) ?? 0, ofTask(before, task));
        assert.ok(hintedShare === 1 ? ofTask(taken, task) === fair : ofTask(taken, task) <= fair);
      }
      assert.ok(reasons.every(reason => reason === undefined || reason === 'match' || (reason === 'hinted-cap' && hintedShare < 1)));
      const more = { by: 'paths-per-task' as const, counts: new Map([...counts].map(([task, count]) => [task, count + 1])) };
      if (hintedShare === 1) assert.ok(taken.every(record => picked(records, { hintedShare, matching: more }).taken.includes(record)));
    }));
  });

  it('takes as many in all as another set has, as a sample of so many does, for a reason of its own', () => {
    fc.assert(fc.property(someTasks, shares, fc.nat(40), (records, hintedShare, count) => {
      const { taken, reasons } = picked(records, { hintedShare, matching: { by: 'paths', count } });
      assert.deepEqual(taken, picked(records, { hintedShare, sample: { by: 'records', count } }).taken);
      assert.equal(reasons.includes('sample'), false);
    }));
  });

  it('draws the smaller sample from the larger one', () => {
    fc.assert(fc.property(someTasks, fc.constantFrom('tasks' as const, 'records' as const), fc.integer({ min: 1, max: 20 }), (records, by, count) => {
      const [small, large] = [count, count + 7].map(each => picked(records, { hintedShare: 1, sample: { by, count: each } }).taken);
      assert.ok(small?.every(record => large?.includes(record)));
    }));
  });

  it('draws by hash and not by position: other records change nothing, nor does their order, and another seed draws others', () => {
    fc.assert(fc.property(someTasks, records => {
      const rule = { hintedShare: 1, sample: { by: 'records' as const, count: 10 } };
      const [there, back] = [picked(records, rule).taken, picked(records.toReversed(), rule).taken];
      assert.deepEqual(new Set(there), new Set(back));
    }));
    const many = (seed: number) => recordsOf(Array.from({ length: 100 }, () => [1, 0]), seed);
    const draw = (seed: number) => picked(many(seed), { hintedShare: 1, sample: { by: 'tasks', count: 20 } }).taken.map(({ task }) => task);
    assert.notDeepEqual(draw(1), draw(2));
    assert.notDeepEqual(draw(1), many(1).slice(0, 20).map(({ task }) => task));
  });
});

describe('a split', () => {
  it('puts about its share apart, another part for another seed, and the same question on one side whatever its case and blanks', () => {
    const questions = Array.from({ length: 2000 }, (_, index) => `How much is ${index} and 1?`);
    const apart = (seed: number) => questions.filter(question => isSplitOff(question, { share: 0.1, seed }, sha256));
    assert.ok(apart(7).length > 150 && apart(7).length < 250, String(apart(7).length));
    assert.notDeepEqual(apart(7), apart(8));
    for (const question of questions) {
      const again = `  ${question.toUpperCase().replaceAll(' ', '\n  ')} `;
      assert.equal(isSplitOff(again, { share: 0.1, seed: 7 }, sha256), isSplitOff(question, { share: 0.1, seed: 7 }, sha256));
    }
    assert.ok(apart(7).every(question => isSplitOff(question, { share: 0.2, seed: 7 }, sha256)), 'a larger share holds the smaller one');
  });
});

describe('pairs', () => {
  it('hold each better path against as many worse ones as there may be, none twice, each worse one about as often as any other', () => {
    fc.assert(fc.property(fc.nat(8), fc.nat(8), fc.integer({ min: 1, max: 5 }), (chosen, rejected, most) => {
      const pairs = pairPaths(chosen, rejected, most);
      assert.equal(pairs.length, chosen * Math.min(most, rejected));
      assert.equal(new Set(pairs.map(pair => `${pair.chosen} ${pair.rejected}`)).size, pairs.length);
      const uses = Array.from({ length: rejected }, (_, index) => pairs.filter(pair => pair.rejected === index).length);
      assert.ok(rejected === 0 || Math.max(...uses) - Math.min(...uses) <= 1, String(uses));
    }));
  });
});
