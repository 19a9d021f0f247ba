import assert from 'node:assert/strict';
import { keep, Memory } from '../../../src/promptLanguage/memory.ts';

describe('what is remembered', () => {
  it('loses the oldest alone where there is too much, and what is kept anew is the newest', () => {
    const known = new Map<string, number>();
    for (const [index, key] of ['a', 'b', 'c', 'a', 'd', 'd', 'e'].entries()) keep(known, [key, index], 3);
    assert.deepEqual([...known], [['a', 3], ['d', 5], ['e', 6]]);
  });

  it('of five hundred things is there when one more comes', () => {
    const memory = new Memory();
    let worked = 0;
    const recall = (index: number) => memory.recall(`key ${index}`, new Map(), () => { worked += 1; });
    for (let index = 0; index <= 500; index += 1) recall(index);
    for (let index = 1; index <= 500; index += 1) recall(index);
    assert.equal(worked, 501);
    recall(0);
    assert.equal(worked, 502);
  });
});
