import assert from 'node:assert/strict';
import { skeletonOf } from '../../../../src/core/align/skeleton.ts';

describe('the skeleton of a path', () => {
  const path = '1. Multiply the 3 boxes by 12 eggs: 36.\n2. Subtract the 4 that broke: 32.\n3. So the answer is \\boxed{32}.';

  it('says what is done step by step, and nothing of names, numbers and other words', () => {
    assert.equal(skeletonOf(path), '+multiply → +subtract → +answer');
    assert.equal(skeletonOf('- Multiply 7 crates by 5 bottles, which gives 35.\n- Minus the 9 of Ada: 26\n- Answer: \\boxed{26}'), skeletonOf(path));
  });

  it('tells another course apart, and takes steps that go on with the same as one', () => {
    assert.notEqual(skeletonOf('1. Subtract 4 from 36.\n2. Multiply that by 3.\n3. The answer is \\boxed{96}.'), skeletonOf(path));
    assert.equal(skeletonOf('1. Multiply 3 by 12.\n2. Multiply that by 2.\n3. Subtract 40.\n4. Answer: \\boxed{32}'), skeletonOf(path));
  });

  it('has a place for steps without a word for what they do, and is empty without steps', () => {
    assert.equal(skeletonOf('1. Rome is in Italy.\n2. The answer is \\boxed{Yes}.'), '· → +answer');
    assert.equal(skeletonOf('…'), '');
  });
});
