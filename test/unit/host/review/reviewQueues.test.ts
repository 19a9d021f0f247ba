import assert from 'node:assert/strict';
import { namedQueues } from '../../../../src/contract/review.ts';
import { queueChoices } from '../../../../src/host/review/reviewQueues.ts';

describe('the queues to choose', () => {
  it('are all that have a name, each with what it is for', () => {
    const choices = queueChoices({});
    assert.deepEqual(choices.map(({ query }) => (query.kind === 'queue' ? query.name : query.kind)), [...namedQueues]);
    assert.equal(new Set(choices.map(({ title }) => title)).size, choices.length);
    assert.ok(choices.every(({ detail }) => detail.length > 20));
  });

  it('begin with what the tree shows, where that is not everything', () => {
    const [first, ...others] = queueChoices({ state: 'needs-review', text: 'caesar' });
    assert.deepEqual(first?.query, { kind: 'tasks', filter: { state: 'needs-review', text: 'caesar' } });
    assert.equal(first.title, 'Review “caesar” · needs review');
    assert.equal(others.length, namedQueues.length);
  });
});
