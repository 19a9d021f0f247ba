import assert from 'node:assert/strict';
import { namedQueues } from '../../../../src/contract/review.ts';
import { filterQueue, queueChoices } from '../../../../src/host/review/reviewQueues.ts';
import { filterOf } from '../../../../src/host/tree/grouping.ts';

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

  it('can be a group of the tree, as far as the tree shows it', () => {
    const { title, query } = filterQueue(filterOf('guideline', 'look-back', { text: 'caesar' }));
    assert.deepEqual(query, { kind: 'tasks', filter: { text: 'caesar', guideline: 'look-back' } });
    assert.match(title, /^Review “caesar”/);
  });
});
