import assert from 'node:assert/strict';
import fc from 'fast-check';
import { rejectReasons, standingReviews, type Judgement } from '../../../../src/core/model/review.ts';
import { edit, extend, judgementOf, move, newSession, redo, show, shownPath, undo, type Edited, type HeldJudgement, type ReviewEdit, type ReviewFact, type ReviewSession } from '../../../../src/core/review/session.ts';
import { aReview } from '../../../support/builders.ts';

const paths = ['a', 'b', 'c', 'd', 'e'] as const;
const held = (path: string): HeldJudgement => ({ id: `held-${path}`, decision: 'reject', reason: 'unclear', marks: [{ step: 1, start: 5, end: 9 }], note: 'Of last week.' });

/** A judgement, whichever review says so. */
const bare = ({ decision, reason, marks, note, amendedText }: Judgement): Judgement =>
  ({ decision, marks, ...(reason === undefined ? {} : { reason }), ...(note === undefined ? {} : { note }), ...(amendedText === undefined ? {} : { amendedText }) });
const thoughtOf = (session: ReviewSession, path: string): Judgement => bare(judgementOf(session, path));
/** The same of every path, and where the person is. */
const standOf = (session: ReviewSession) => ({ at: session.at, order: session.order, thoughts: Object.fromEntries(paths.map(path => [path, thoughtOf(session, path)])) });
const depthOf = ({ done, undone }: ReviewSession) => [done.length, undone.length];

const anyEdit: fc.Arbitrary<ReviewEdit> = fc.oneof(
  fc.constantFrom<ReviewEdit>({ kind: 'decide', decision: 'accept' }, { kind: 'decide', decision: 'unsure' }, { kind: 'reject' }),
  fc.constantFrom(...rejectReasons).map((reason): ReviewEdit => ({ kind: 'reject', reason })),
  fc.constantFrom('Mine.', 'Mine too.').map((text): ReviewEdit => ({ kind: 'amend', text })),
  fc.nat(2).map((step): ReviewEdit => ({ kind: 'mark', step: { step, start: 10 * step, end: 10 * step + 4 } })),
  fc.constantFrom('A note.', 'Another.', ' ').map((note): ReviewEdit => ({ kind: 'annotate', note })),
);

type Act = (session: ReviewSession, id: string) => Edited;
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: anyEdit.map((change): Act => (session, id) => edit(session, change, id)) },
  { weight: 2, arbitrary: fc.constant<Act>(undo) },
  { weight: 2, arbitrary: fc.constant<Act>(redo) },
  { weight: 2, arbitrary: fc.constantFrom(1 as const, -1 as const).map((by): Act => session => ({ session: move(session, by) })) },
  { weight: 1, arbitrary: fc.subarray([...paths]).map((next): Act => session => ({ session: extend(session, next.map(path => (path === 'b' ? { path, judgement: held(path) } : { path }))) })) },
  { weight: 1, arbitrary: fc.constantFrom(...paths).map((path): Act => session => ({ session: path === 'b' ? show(session, path, held(path)) : show(session, path) })) },
);
const acts = fc.array(act, { maxLength: 30 });

/** Goes through a session; gives where it ended, what it stored, and every session on the way. */
function gone(all: readonly Act[]): { readonly session: ReviewSession; readonly facts: readonly ReviewFact[]; readonly way: readonly ReviewSession[] } {
  let session = extend(newSession, [{ path: 'a' }, { path: 'b', judgement: held('b') }, { path: 'c' }]);
  const facts: ReviewFact[] = [];
  const way = [session];
  for (const [index, each] of all.entries()) {
    const before = structuredClone(session);
    const edited = each(session, `review-${index}`);
    assert.deepEqual(session, before, 'a session never changes');
    ({ session } = edited);
    if (edited.fact) facts.push(edited.fact);
    way.push(session);
  }
  return { session, facts, way };
}

describe('a review session', () => {
  it('is where it was, and thinks what it thought, once an edit is undone', () => {
    fc.assert(fc.property(acts, anyEdit, (all, change) => {
      const { session } = gone(all);
      const edited = edit(session, change, 'edit');
      if (!edited.fact) return;
      const undone = undo(edited.session, 'undo');
      assert.deepEqual(standOf(undone.session), standOf(session));
      assert.deepEqual([undone.fact?.path, undone.fact?.id, undone.fact?.supersedes], [shownPath(session), 'undo', 'edit']);
    }));
  });

  it('is what the edit had made of it, once that is undone and redone', () => {
    fc.assert(fc.property(acts, anyEdit, (all, change) => {
      const edited = edit(gone(all).session, change, 'edit');
      if (!edited.fact) return;
      const again = redo(undo(edited.session, 'undo').session, 'redo');
      assert.deepEqual(standOf(again.session), standOf(edited.session));
      assert.deepEqual(depthOf(again.session), depthOf(edited.session));
      assert.deepEqual([again.fact?.id, again.fact?.supersedes], ['redo', 'undo']);
    }));
  });

  it('stores facts that name the one before of their path, so that the last is what the person thinks', () => {
    fc.assert(fc.property(acts, all => {
      const { session, facts } = gone(all);
      const heads = new Map<string, string>([['b', 'held-b']]);
      for (const { path, id, supersedes } of facts) {
        assert.equal(supersedes, heads.get(path));
        heads.set(path, id);
      }
      const superseded = facts.flatMap(fact => fact.supersedes ?? []);
      assert.equal(new Set(superseded).size, superseded.length, 'no two name the same');
      const reviews = [aReview({ ...held('b'), path: 'b' }), ...facts.map(fact => aReview(fact))];
      for (const review of standingReviews(reviews)) {
        assert.equal(session.judgements[review.path]?.id, review.id);
        assert.deepEqual(bare(review), thoughtOf(session, review.path));
      }
    }));
  });

  it('is back at its beginning once everything is undone, and at its end once everything is redone', () => {
    fc.assert(fc.property(acts, all => {
      const { session: end } = gone(all);
      let session = end;
      for (let step = 0; session.done.length > 0; step += 1) ({ session } = undo(session, `undo-${step}`));
      const { b: _held, ...others } = standOf(session).thoughts;
      for (const thought of Object.values(others)) assert.deepEqual(thought, { decision: 'none', marks: [] });
      assert.deepEqual(thoughtOf(session, 'b'), bare(held('b')));
      assert.deepEqual(undo(session, 'more'), { session });
      for (let step = 0; session.undone.length > 0; step += 1) ({ session } = redo(session, `redo-${step}`));
      let [expected, step] = [end, 0];
      for (; expected.undone.length > 0; step += 1) ({ session: expected } = redo(expected, `expected-${step}`));
      assert.deepEqual(standOf(session).thoughts, standOf(expected).thoughts);
      assert.deepEqual(redo(session, 'more'), { session });
    }));
  });

  it('never leaves its bounds, shows no path twice and forgets none', () => {
    fc.assert(fc.property(acts, all => {
      let known: readonly string[] = [];
      for (const { order, at } of gone(all).way) {
        assert.ok(at >= 0 && at <= order.length);
        assert.equal(new Set(order).size, order.length);
        assert.ok(known.every(path => order.includes(path)));
        known = order;
      }
    }));
  });

  it('stays where it is at either end', () => {
    const session = extend(newSession, [{ path: 'a' }]);
    assert.equal(move(session, -1).at, 0);
    assert.deepEqual([move(session, 1).at, move(move(session, 1), 1).at], [1, 1]);
    assert.deepEqual([move(newSession, 1).at, move(newSession, -1).at], [0, 0]);
  });

  it('does nothing at the end of the order, or where nothing is left to undo', () => {
    fc.assert(fc.property(acts, anyEdit, (all, change) => {
      let { session } = gone(all);
      while (shownPath(session) !== undefined) session = move(session, 1);
      assert.deepEqual(edit(session, change, 'edit'), { session });
    }));
    assert.deepEqual([undo(newSession, 'x'), redo(newSession, 'x')], [{ session: newSession }, { session: newSession }]);
  });

  it('takes paths in once, behind those that it knows, with what the person thought of them', () => {
    const next = fc.array(fc.constantFrom(...paths), { maxLength: 8 }).map(all => all.map(path => ({ path, judgement: { ...held(path), note: 'Of today.' } })));
    fc.assert(fc.property(acts, next, (all, added) => {
      const { session } = gone(all);
      const extended = extend(session, added);
      assert.deepEqual(extend(extended, added), extended);
      assert.deepEqual(extended.order.slice(0, session.order.length), session.order);
      assert.deepEqual(new Set(extended.order), new Set([...session.order, ...added.map(({ path }) => path)]));
      assert.equal(new Set(extended.order).size, extended.order.length);
      for (const path of session.order) if (session.judgements[path]) assert.deepEqual(thoughtOf(extended, path), thoughtOf(session, path), 'what is known of a path stays');
      for (const path of extended.order.slice(session.order.length)) assert.equal(judgementOf(extended, path).note, 'Of today.');
      assert.equal(extended.at, session.at);
    }));
  });
});

describe('an edit of the path that is shown', () => {
  const begun = extend(newSession, paths.map(path => ({ path })));
  const decide = (change: ReviewEdit, session = begun) => edit(session, change, 'review-1');

  it('moves on where it decides, and stays where it notes', () => {
    assert.deepEqual(decide({ kind: 'decide', decision: 'accept' }), {
      session: { ...begun, at: 1, judgements: { a: { id: 'review-1', decision: 'accept', marks: [] } }, done: [{ path: 'a', before: { decision: 'none', marks: [] }, after: { decision: 'accept', marks: [] }, moved: true }] },
      fact: { id: 'review-1', path: 'a', decision: 'accept', marks: [] },
    });
    assert.equal(decide({ kind: 'amend', text: 'Mine.' }).session.at, 1);
    assert.equal(decide({ kind: 'mark', step: { step: 0, start: 0, end: 3 } }).session.at, 0);
    assert.equal(decide({ kind: 'annotate', note: 'Look.' }).session.at, 0);
  });

  it('keeps marks and note beside a decision, and a reason or a text only beside its own', () => {
    let session = begun;
    const thought = (change: ReviewEdit) => {
      ({ session } = edit(show(session, 'a'), change, `review-${session.done.length}`));
      return thoughtOf(session, 'a');
    };
    const [first, second] = [{ step: 0, start: 0, end: 3 }, { step: 1, start: 4, end: 9 }];
    const rest = { marks: [first, second], note: 'Look.' };
    thought({ kind: 'mark', step: second });
    thought({ kind: 'annotate', note: 'Look.' });
    assert.deepEqual(thought({ kind: 'mark', step: first }), { decision: 'none', ...rest }, 'in the order of the steps');
    assert.deepEqual(thought({ kind: 'reject', reason: 'wrong-step' }), { decision: 'reject', reason: 'wrong-step', ...rest });
    assert.deepEqual(thought({ kind: 'amend', text: 'Mine.' }), { decision: 'amend', amendedText: 'Mine.', ...rest });
    assert.deepEqual(thought({ kind: 'mark', step: { ...first, end: 2 } }), { decision: 'amend', amendedText: 'Mine.', marks: [second], note: 'Look.' }, 'the same step again takes the mark away');
    assert.deepEqual(thought({ kind: 'annotate', note: ' ' }), { decision: 'amend', amendedText: 'Mine.', marks: [second] });
    assert.deepEqual(thought({ kind: 'decide', decision: 'unsure' }), { decision: 'unsure', marks: [second] });
  });

  it('is none where a note says what it said', () => {
    const noted = decide({ kind: 'annotate', note: 'Look.' }).session;
    const undone = undo(decide({ kind: 'decide', decision: 'accept' }, noted).session, 'review-2').session;
    assert.deepEqual(decide({ kind: 'annotate', note: 'Look.' }, undone), { session: undone }, 'and what was undone can still be redone');
    assert.deepEqual(decide({ kind: 'annotate', note: '  ' }), { session: begun });
  });

  it('forgets what was undone before it', () => {
    const undone = undo(decide({ kind: 'reject' }).session, 'review-2').session;
    const { session } = edit(undone, { kind: 'annotate', note: 'Look.' }, 'review-3');
    assert.deepEqual(redo(session, 'review-4'), { session });
    assert.deepEqual(thoughtOf(session, 'a'), { decision: 'none', marks: [], note: 'Look.' });
  });

  it('can be undone, with the 999 before it', () => {
    let session = begun;
    for (let index = 0; index < 1_005; index += 1) ({ session } = edit(session, { kind: 'mark', step: { step: index, start: index, end: index + 1 } }, `review-${index}`));
    let undone = 0;
    for (let next = undo(session, 'undo-0'); next.fact; next = undo(session, `undo-${undone}`)) [session, undone] = [next.session, undone + 1];
    assert.deepEqual([undone, thoughtOf(session, 'a').marks.map(({ step }) => step)], [1_000, [0, 1, 2, 3, 4]]);
  });

  it('undone shows its path again, wherever the person is', () => {
    const marked = decide({ kind: 'mark', step: { step: 0, start: 0, end: 3 } }).session;
    const away = move(move(marked, 1), 1);
    assert.equal(undo(away, 'review-2').session.at, 0);
    assert.equal(redo(move(undo(away, 'review-2').session, 1), 'review-3').session.at, 0, 'and done again too');
  });
});

describe('a path that is not next', () => {
  it('is shown where the person stands, before what was next, or where it is', () => {
    const session = move(extend(newSession, [{ path: 'a' }, { path: 'b' }]), 1);
    const shown = show(session, 'c', held('c'));
    assert.deepEqual([shown.order, shownPath(shown), thoughtOf(shown, 'c').decision], [['a', 'c', 'b'], 'c', 'reject']);
    assert.deepEqual([shownPath(show(session, 'a')), show(session, 'a').order], ['a', ['a', 'b']]);
    assert.equal(shownPath(move(edit(shown, { kind: 'decide', decision: 'accept' }, 'review-1').session, -1)), 'c');
  });
});
