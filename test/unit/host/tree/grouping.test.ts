import assert from 'node:assert/strict';
import { filterOf, filterWords, isEmpty, readFilter, readGrouping } from '../../../../src/host/tree/grouping.ts';
import { TreeMemory } from '../../../../src/host/tree/treeMemory.ts';

describe('the filter of the tree', () => {
  it('is told from whatever else a command is handed, and takes what it knows of it', () => {
    assert.deepEqual(readFilter({ text: 'caesar', state: 'unsolved', dataset: '', other: 7 }), { text: 'caesar', state: 'unsolved' });
    assert.deepEqual(readFilter({ passRate: '1-20', guideline: 'plan', solvedOnlyBy: undefined }), { passRate: '1-20', guideline: 'plan' });
    for (const other of [undefined, null, 'caesar', 7, ['caesar'], { state: 'tired' }, { text: 7 }]) assert.equal(readFilter(other), undefined);
    assert.deepEqual([isEmpty({}), isEmpty({ text: 'a' })], [true, false]);
  });

  it('is said in words, those of somebody else on one line', () => {
    assert.equal(filterWords({ text: 'how\nmany', state: 'all-unreadable', dataset: 'gsm8k', passRate: '1-20' }), '“how many” · all unreadable · data set gsm8k · pass rate 1–20 %');
    assert.equal(filterWords({ difficulty: 'pass/21-40' }), 'difficulty 21–40 %');
    assert.equal(filterWords({ split: 'held-out', answerKind: 'yesno', difficulty: 'set/hard', guideline: 'plan', solvedOnlyBy: 'draw' }), 'held out · answer kind yesno · difficulty hard · keeps paths of plan · solved only by draw');
  });

  it('narrows what a group is asked for', () => {
    assert.deepEqual(filterOf('state', 'running', { text: 'a' }), { text: 'a', split: 'train', state: 'not-started' });
    assert.deepEqual(filterOf('state', 'held-out', {}), { split: 'held-out' });
    assert.deepEqual([filterOf('dataset', 'd', {}), filterOf('answerKind', 'choice', {}), filterOf('difficulty', 'hard', {}), filterOf('guideline', 'plan', {})], [{ dataset: 'd' }, { answerKind: 'choice' }, { difficulty: 'hard' }, { guideline: 'plan' }]);
    assert.equal(readGrouping('colour'), 'state');
  });
});

describe('what a window remembers of the tree', () => {
  const place = (kept?: unknown) => {
    const values = new Map<string, unknown>([['tasks.view', kept]]);
    return { get: (key: string) => values.get(key), update: async (key: string, value: unknown) => { values.set(key, structuredClone(value)); } };
  };

  it('is there again after a reload', () => {
    const memory = place();
    const before = new TreeMemory(memory);
    before.group('dataset');
    before.show({ text: 'caesar' });
    before.setFold('task|1', true);
    before.setFold('group|solved', false);
    const after = new TreeMemory(memory);
    assert.deepEqual([after.grouping, after.filter, after.filtered], ['dataset', { text: 'caesar' }, true]);
    assert.deepEqual([after.fold('task|1'), after.fold('group|solved'), after.fold('other')], [true, false, undefined]);
  });

  it('is as for a new window where it cannot be read', () => {
    for (const kept of ['text', { grouping: 1, filter: [], folds: [[1, 2], 'x', ['a', 'open']] }, null]) {
      const memory = new TreeMemory(place(kept));
      assert.deepEqual([memory.grouping, memory.filter, memory.filtered, memory.fold('a')], ['state', {}, false, undefined]);
    }
  });

  it('forgets the oldest of many folds', () => {
    const memory = new TreeMemory(place());
    for (let index = 0; index < 600; index += 1) memory.setFold(`task|${index}`, true);
    assert.deepEqual([memory.fold('task|0'), memory.fold('task|599')], [undefined, true]);
  });
});
