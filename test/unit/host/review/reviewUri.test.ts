import assert from 'node:assert/strict';
import type { ReviewAddress } from '../../../../src/contract/pages/review.ts';
import { readReviewAddress, reviewUriParts } from '../../../../src/host/review/reviewUri.ts';

const address: ReviewAddress = {
  project: '/data/über & #1/50 %41.regenesis', title: 'Review gsm8k/17 “a\\b”',
  query: { kind: 'tasks', filter: { text: '100 % of "x"? & #', split: 'train' } },
};

describe('the address of a review', () => {
  it('says everything in letters that no editor writes in another way', () => {
    const { scheme, path, query } = reviewUriParts(address, '/data/über & #1/50 %41.regenesis');
    assert.deepEqual([scheme, path], ['regenesis-review', '/data/über & #1/50 %41.regenesis/Review gsm8k∕17 “a∕b”.review']);
    assert.match(query, /^[\w-]+$/);
    assert.deepEqual(readReviewAddress(query), address);
    assert.deepEqual(readReviewAddress(decodeURIComponent(encodeURIComponent(query))), address);
  });

  it('is read from nothing else', () => {
    for (const query of ['', 'nonsense', Buffer.from('{}').toString('base64url'), Buffer.from(JSON.stringify({ ...address, query: { kind: 'queue', name: 'all' } })).toString('base64url')]) {
      assert.equal(readReviewAddress(query), undefined, query);
    }
  });
});
