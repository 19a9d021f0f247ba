import assert from 'node:assert/strict';
import type { PendingAction } from '../../../../src/contract/pages/review.ts';
import { firstView, fold, isUnfolded, Shelf, standing, type Queue, type View } from '../../../../src/webview/review/state.ts';
import { reviewItem } from './item.ts';

const queue: Queue = {
  kind: 'session', reviewer: 'Me', items: [], saved: ['0'], more: true, perMinute: null, draft: null, stand: { total: 20, decided: 7, measured: { done: 0, total: 0 } },
  session: { order: ['a', 'b', 'c'], at: 1, judgements: { a: { id: '0', decision: 'accept', marks: [] } }, done: [{ path: 'a', before: { decision: 'none', marks: [] }, after: { decision: 'accept', marks: [] }, moved: true }], undone: [] },
};
const did = (id: string, path: string, action: PendingAction['action']): PendingAction => ({ id, path, action, seconds: 1 });

describe('how far a review is', () => {
  it('counts what is not stored yet, once, and not what is', () => {
    const pending = [did('0', 'a', { kind: 'decide', decision: 'accept' }), did('1', 'b', { kind: 'reject' }), did('2', 'c', { kind: 'annotate', note: 'hm' }), did('3', 'b', { kind: 'decide', decision: 'unsure' })];
    const { decided, unsaved } = standing(queue, { ...firstView, pending });
    assert.deepEqual([decided, unsaved], [8, 3]);
  });

  it('goes back with an undo that is not stored yet', () => {
    const { decided, session } = standing(queue, { ...firstView, pending: [did('1', '', { kind: 'undo' })] });
    assert.deepEqual([decided, session.order[session.at]], [6, 'a']);
  });
});

describe('what the page holds', () => {
  it('is no more than two hundred paths, the latest', () => {
    const shelf = new Shelf();
    const item = reviewItem({ text: 'So 3.' });
    shelf.add(Array.from({ length: 150 }, (_, at) => ({ ...item, path: `p${at}` })));
    shelf.add(Array.from({ length: 100 }, (_, at) => ({ ...item, path: `q${at}` })));
    assert.deepEqual([shelf.get('p49'), shelf.get('p50')?.path, shelf.get('q99')?.path], [undefined, 'p50', 'q99']);
  });

  it('is unfolded for one path, and folded again for the next', () => {
    const { session } = standing(queue, firstView);
    let view: View = firstView;
    const keep = (change: Partial<View>) => { view = { ...view, ...change }; };
    fold({ view, session, keep }, 'question');
    assert.equal(isUnfolded({ view, session }, 'question'), true);
    assert.equal(isUnfolded({ view, session: { ...session, at: 2 } }, 'question'), false);
    fold({ view, session, keep }, 'question');
    assert.equal(isUnfolded({ view, session }, 'question'), false);
  });
});
