import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as z from 'zod/mini';
import { reviewSnapshotSchema, type PendingAction, type ReviewAction } from '../../../../src/contract/pages/review.ts';
import type { ReviewItem } from '../../../../src/contract/review.ts';
import { draftFromText, draftToText, type ReviewDraftText } from '../../../../src/host/review/reviewBackup.ts';
import { ReviewDesk } from '../../../../src/host/review/reviewDesk.ts';
import { aReviewItem, FakeReviewEngine } from './fakeReviewEngine.ts';

const many = (count: number): readonly ReviewItem[] => Array.from({ length: count }, (_, place) => aReviewItem(`p${place}`));
const accept: ReviewAction = { kind: 'decide', decision: 'accept' };

/** A desk with a page that hears, and time that stands still. */
class Rig {
  readonly engine: FakeReviewEngine;
  readonly desk: ReviewDesk;
  readonly told: string[] = [];
  changes = 0;
  hears = true;
  now = 1_000_000;

  constructor(items: readonly ReviewItem[], draft?: ReviewDraftText) {
    this.engine = new FakeReviewEngine(items);
    this.desk = new ReviewDesk({
      query: { kind: 'queue', name: 'next' }, reviewer: 'ada', engine: this.engine, draft, now: () => this.now,
      onChange: () => { this.changes += 1; },
      tell: told => {
        if (this.hears) this.told.push(...told.map(({ path }) => path));
        return this.hears;
      },
    });
  }

  act(id: string, path: string, action: ReviewAction = accept): Promise<void> {
    return this.desk.act({ id, path, action, seconds: 2 });
  }

  /** Ids in the order in which they were stored. */
  get storedIds(): readonly string[] {
    return this.engine.stored.map(({ id }) => id);
  }

  /** The snapshot of now, as its contract reads it. */
  get shown() {
    const shown = this.desk.snapshot();
    z.parse(reviewSnapshotSchema, { name: 'sample', title: 'Review next', shown });
    return shown;
  }
}

describe('a review', () => {
  it('stores what is decided with all that a review says', async () => {
    const rig = new Rig([aReviewItem('p0', { sampled: true }), aReviewItem('p1')]);
    await rig.desk.begin();
    await rig.act('a', 'p0', { kind: 'reject', reason: 'lucky' });
    await rig.act('b', 'p0', { kind: 'annotate', note: 'guessed' });
    assert.deepEqual(rig.engine.stored, [
      { id: 'a', path: 'p0', task: 'task-of-p0', reviewer: 'ada', seconds: 2, decision: 'reject', reason: 'lucky', marks: [], sampled: true },
      { id: 'b', path: 'p0', task: 'task-of-p0', reviewer: 'ada', seconds: 2, decision: 'reject', reason: 'lucky', marks: [], note: 'guessed', supersedes: 'a', sampled: true },
    ]);
    assert.deepEqual([rig.shown.saved, rig.shown.session.at], [['a', 'b'], 0], 'a note is written on the path, and shows it');
  });

  it('undoes by a review that takes the place of the one before', async () => {
    const rig = new Rig(many(3));
    await rig.act('a', 'p0');
    await rig.act('b', '', { kind: 'undo' });
    await rig.act('c', '', { kind: 'redo' });
    await rig.act('d', '', { kind: 'redo' });
    assert.deepEqual(rig.engine.stored.map(({ id, decision, supersedes }) => [id, decision, supersedes]), [['a', 'accept', undefined], ['b', 'none', 'a'], ['c', 'accept', 'b']]);
    assert.deepEqual(rig.shown.saved, ['a', 'b', 'c', 'd'], 'what there was nothing to do for is done too');
    assert.equal(rig.shown.session.at, 1);
  });

  it('goes on from what the person has thought of a path before', async () => {
    const rig = new Rig([aReviewItem('p0', { reviews: [{ id: 'old', reviewer: 'ada', decision: 'unsure', marks: [], note: 'hm', reviewedAtMs: 1 }, { id: 'theirs', reviewer: 'bob', decision: 'reject', marks: [], reviewedAtMs: 0 }] })]);
    await rig.act('a', 'p0');
    assert.deepEqual(rig.engine.stored.map(({ decision, note, supersedes }) => [decision, note, supersedes]), [['accept', 'hm', 'old']]);
  });

  it('says of what is stored that it is, however often it comes, and stores it once', async () => {
    const rig = new Rig(many(3));
    await Promise.all([rig.act('a', 'p0'), rig.act('a', 'p0'), rig.act('b', 'p1')]);
    const before = rig.changes;
    await rig.act('a', 'p0');
    assert.ok(rig.changes > before);
    assert.deepEqual([rig.storedIds, rig.shown.saved], [['a', 'b'], ['b', 'a']], 'the page is told again');
  });

  it('keeps what could not be stored in its place, and stores what comes later after it', async () => {
    const rig = new Rig(many(3));
    rig.engine.fate = () => 'refused';
    await assert.rejects(rig.act('a', 'p0'), /does not answer/);
    assert.deepEqual([rig.storedIds, rig.shown.saved, rig.shown.session.at], [[], [], 0], 'the page shows what is stored, and itself what is not');
    rig.engine.fate = () => 'lost';
    await assert.rejects(rig.act('b', 'p1'), /does not answer/);
    rig.engine.fate = () => 'stored';
    await rig.act('a', 'p0');
    assert.deepEqual([rig.storedIds, rig.shown.saved], [['a', 'b'], ['a', 'b']]);
    assert.equal(rig.shown.session.at, 2);
  });

  it('stores together what has gathered while something was stored', async () => {
    const rig = new Rig(many(40));
    await rig.desk.begin();
    let appends = 0;
    let open: (fate: 'stored') => void = () => undefined;
    rig.engine.fate = () => {
      appends += 1;
      return appends === 1 ? new Promise(resolve => { open = resolve; }) : 'stored';
    };
    const all = [rig.act('a', 'p0'), rig.act('b', 'p1'), rig.act('c', 'p2')];
    await new Promise(resolve => { setTimeout(resolve, 5); });
    all.push(rig.act('d', 'p3'), rig.act('e', 'p3', { kind: 'undo' }));
    open('stored');
    await Promise.all(all);
    assert.deepEqual(rig.storedIds, ['a', 'b', 'c', 'd', 'e']);
    assert.ok(appends < 5, `${appends} messages`);
  });

  it('learns of a path that a page of another window has decided about', async () => {
    const rig = new Rig([...many(2), aReviewItem('other')]);
    rig.engine.stored.push({ id: 'x', path: 'other', task: 'task-of-other', reviewer: 'ada', decision: 'accept', marks: [], seconds: 1 });
    await rig.desk.begin();
    await rig.desk.act({ id: 'x', path: 'other', task: 'task-of-other', action: accept, seconds: 1 });
    await assert.rejects(rig.act('y', 'nobody'), /not in this review/);
    await assert.rejects(rig.desk.act({ id: 'z', path: 'gone', task: 'task-of-gone', action: accept, seconds: 1 }), /no such path/);
    await rig.act('a', 'p0');
    assert.deepEqual([rig.storedIds, rig.shown.saved], [['x', 'a'], ['x', 'y', 'z', 'a']], 'what nobody knows holds nothing up, and is not sent again');
  });

  it('puts aside what is refused for good, says so once, and stores everything else', async () => {
    const rig = new Rig(many(8));
    await rig.desk.begin();
    rig.engine.gone.add('task-of-p1').add('task-of-p3');
    rig.engine.fate = () => 'refused';
    const ids = ['a', 'b', 'c', 'd', 'e'];
    for (const [place, id] of ids.slice(0, 4).entries()) await assert.rejects(rig.act(id, `p${place}`, { kind: 'reject' }));
    rig.engine.fate = () => 'stored';
    const outcomes = await Promise.allSettled([rig.act('e', 'p4'), ...['a', 'b', 'c', 'd'].map((id, place) => rig.act(id, `p${place}`, { kind: 'reject' }))]);
    const words = outcomes.map(each => (each.status === 'rejected' ? String(each.reason) : 'stored'));
    assert.deepEqual(words.map(each => /no task (\S+)\..*put aside/.exec(each)?.[1] ?? each), ['stored', 'stored', 'task-of-p1', 'stored', 'task-of-p3']);
    assert.deepEqual(rig.storedIds, ['a', 'c', 'e']);
    assert.deepEqual([...rig.shown.saved].sort(), ids, 'the page keeps none of them');
    const { judgements, at } = rig.shown.session;
    assert.deepEqual([Object.keys(judgements).sort(), at], [['p0', 'p2', 'p4'], 5], 'nothing is shown as decided that is not stored');
    await rig.act('b', 'p1');
    assert.deepEqual(rig.storedIds, ['a', 'c', 'e'], 'nor is it said again');
    // an undo takes the latest back, and of one that was put aside there is nothing to take back
    await rig.act('f', 'p4', { kind: 'undo' });
    await assert.rejects(rig.act('g', 'p3', { kind: 'undo' }), /put aside/);
    await rig.act('h', 'p2', { kind: 'undo' });
    assert.deepEqual(rig.engine.stored.slice(3).map(({ id, path, decision }) => [id, path, decision]), [['f', 'p4', 'none'], ['h', 'p2', 'none']]);
  });

  it('takes back what was done before the document was opened, where an undo comes late', async () => {
    const before = { id: 'old', reviewer: 'ada', decision: 'accept' as const, marks: [], note: 'hm', reviewedAtMs: 1 };
    const rig = new Rig([...many(2), aReviewItem('p2', { reviews: [before] })]);
    rig.engine.stored.push({ id: 'old', path: 'p2', task: 'task-of-p2', reviewer: 'ada', decision: 'accept', marks: [], seconds: 1 });
    await rig.desk.act({ id: 'u', path: 'p2', task: 'task-of-p2', action: { kind: 'undo', to: { decision: 'none', marks: [], note: 'hm' } }, seconds: 1 });
    const { id, path, decision, note, supersedes } = rig.engine.stored.at(-1) ?? {};
    assert.deepEqual([id, path, decision, note, supersedes], ['u', 'p2', 'none', 'hm', 'old']);
    assert.equal(rig.desk.shown?.path, 'p2');
    await rig.act('a', 'p0');
    await rig.act('v', 'p0', { kind: 'undo', to: { decision: 'none', marks: [] } });
    assert.deepEqual(rig.engine.stored.slice(-2).map(review => [review.id, review.path, review.supersedes]), [['a', 'p0', undefined], ['v', 'p0', 'a']]);
  });

  it('appends each id once and in order, whatever fails, is lost or comes again', async () => {
    const fate = fc.constantFrom('stored' as const, 'refused' as const, 'lost' as const);
    const sent = fc.array(fc.record({ again: fc.nat(), fate, wait: fc.boolean() }), { minLength: 1, maxLength: 30 });
    await fc.assert(fc.asyncProperty(sent, async steps => {
      const rig = new Rig(many(60));
      const actions: PendingAction[] = [];
      const running: Promise<unknown>[] = [];
      for (const [place, step] of steps.entries()) {
        rig.engine.fate = () => step.fate;
        // every third is sent once more in place of a new one
        const former = place % 3 === 2 ? actions[step.again % actions.length] : undefined;
        const pending = former ?? { id: `id${place}`, path: `p${place}`, action: accept, seconds: 1 };
        if (!former) actions.push(pending);
        const act = rig.desk.act(pending).catch(() => undefined);
        running.push(act);
        if (step.wait) await act;
      }
      await Promise.all(running);
      rig.engine.fate = () => 'stored';
      for (const pending of actions) await rig.desk.act(pending);
      assert.deepEqual(rig.storedIds, actions.map(({ id }) => id));
      assert.deepEqual([...rig.shown.saved].sort(), actions.map(({ id }) => id).sort());
      assert.equal(Object.values(rig.shown.session.judgements).filter(({ decision }) => decision === 'accept').length, actions.length);
    }), { numRuns: 100 });
  });
});

describe('the paths of a review', () => {
  it('are fetched ahead, without those that are there', async () => {
    const rig = new Rig(many(100));
    await rig.desk.begin();
    assert.deepEqual(rig.engine.asked, [{ skip: [], count: 20 }]);
    for (let place = 0; place < 30; place += 1) {
      await rig.act(`id${place}`, `p${place}`);
      await new Promise(resolve => { setImmediate(resolve); });
      const { order, at } = rig.shown.session;
      assert.ok(order.length - at >= 16, `${order.length - at} ahead at ${at}`);
    }
    assert.equal(new Set(rig.shown.session.order).size, rig.shown.session.order.length);
    assert.deepEqual([rig.shown.more, rig.told.length, new Set(rig.told).size], [true, rig.told.length, rig.told.length], 'each is handed over once');
  });

  it('count up, though a decision takes its path out of the list that is reviewed', async () => {
    const rig = new Rig(many(4));
    await rig.desk.begin();
    await rig.act('a', 'p0');
    await rig.act('b', 'p1', { kind: 'reject' });
    rig.engine.items.splice(1, 1);
    rig.engine.stored.splice(1, 1); // the engine counts it no more
    await rig.desk.changed(() => false);
    assert.deepEqual([rig.shown.stand.decided, rig.shown.stand.total], [2, 4]);
  });

  it('end, and go on where there are more', async () => {
    const rig = new Rig(many(3));
    await rig.desk.begin();
    assert.deepEqual([rig.shown.more, rig.shown.session.order], [false, ['p0', 'p1', 'p2']]);
    for (const [place, path] of ['p0', 'p1', 'p2'].entries()) await rig.act(String(place), path);
    assert.equal(rig.shown.session.at, 3);
    rig.engine.items.push(aReviewItem('p3'));
    await rig.desk.changed(() => true);
    assert.deepEqual([rig.shown.session.order.at(-1), rig.desk.shown?.path, rig.shown.stand.decided], ['p3', 'p3', 3]);
  });

  it('are handed over again to a page that is loaded again, and when it lacks one', async () => {
    const rig = new Rig([...many(2), aReviewItem('beside', { task: aReviewItem('p0').task })]);
    rig.engine.items[0] = aReviewItem('p0', { rail: [{ path: 'p0', title: 'a', round: 1, group: 'kept' }, { path: 'beside', title: 'b', round: 1, group: 'rejected' }] });
    rig.hears = false;
    await rig.desk.look({ at: 0, missing: [] });
    assert.deepEqual(rig.told, []);
    rig.hears = true;
    const shown = () => rig.shown.items.map(({ path }) => path);
    assert.deepEqual([shown(), shown()], [['p0', 'p1'], []], 'what it needs to show anything, once');
    rig.desk.reloaded();
    assert.deepEqual(shown(), ['p0', 'p1']);
    rig.desk.reloaded();
    await rig.desk.look({ at: 1, missing: ['beside', 'unknown'] });
    assert.deepEqual([rig.told, shown()], [['p0', 'p1', 'beside'], []]);
    assert.equal(rig.shown.session.at, 1);
  });

  it('begin with the first that is not decided about', async () => {
    const decided = { id: 'r', reviewer: 'ada', decision: 'accept' as const, marks: [], reviewedAtMs: 1 };
    const rig = new Rig([aReviewItem('p0', { reviews: [decided] }), aReviewItem('p1')]);
    await rig.desk.begin();
    assert.equal(rig.desk.shown?.path, 'p1');
  });

  it('are shown out of turn where somebody wants to', async () => {
    const rig = new Rig(many(30));
    await rig.desk.look({ at: 2, missing: [] });
    await rig.desk.show({ path: 'p25', task: 'task-of-p25' });
    assert.deepEqual([rig.desk.shown?.path, rig.shown.session.order.slice(1, 4), rig.told.includes('p25')], ['p25', ['p1', 'p25', 'p2'], true]);
  });

  it('stay where the page says it is while something is stored', async () => {
    const rig = new Rig(many(30));
    await rig.desk.begin();
    let open: (fate: 'stored') => void = () => undefined;
    rig.engine.fate = () => new Promise(resolve => { open = resolve; });
    const act = rig.act('a', 'p0');
    await new Promise(resolve => { setImmediate(resolve); });
    await rig.desk.look({ at: 5, missing: [] });
    assert.equal(rig.shown.session.at, 0, 'what is told is what is stored');
    open('stored');
    await act;
    assert.equal(rig.shown.session.at, 5);
  });

  it('are fetched anew around the place when their task has changed, and are still drawn at random', async () => {
    const rig = new Rig([aReviewItem('p0', { sampled: true }), ...many(3).slice(1)]);
    await rig.desk.begin();
    await rig.desk.look({ at: 0, missing: [] });
    rig.engine.items[0] = aReviewItem('p0', { kept: false, sampled: false });
    await rig.desk.changed(task => task === 'task-of-p0');
    assert.deepEqual([rig.told, rig.desk.find('p0')?.kept, rig.desk.find('p0')?.sampled], [['p0', 'p1', 'p2', 'p0'], false, true]);
  });

  it('say that they are no longer needed where the task does without them, until it needs them again', async () => {
    const rig = new Rig(many(3));
    await rig.desk.look({ at: 0, missing: [] });
    const [, second] = rig.engine.items;
    assert.ok(second);
    rig.engine.items.splice(1, 1);
    await rig.desk.changed(task => task === 'task-of-p1');
    assert.deepEqual([rig.desk.find('p1')?.unneeded, rig.desk.find('p1')?.kept, rig.told.filter(path => path === 'p1').length], [true, false, 2]);
    assert.ok(rig.shown.session.order.includes('p1'), 'nothing moves under the hands of whoever decides');
    rig.engine.items.push(second);
    await rig.desk.changed(task => task === 'task-of-p1');
    assert.deepEqual([rig.desk.find('p1')?.unneeded, rig.desk.find('p1')?.kept], [undefined, true]);
  });

  it('begin anew after they were decided about in another way', async () => {
    const rig = new Rig(many(4));
    await rig.act('a', 'p0');
    rig.engine.stored.push({ id: 'bulk', path: 'p1', task: 'task-of-p1', reviewer: 'ada', decision: 'accept', marks: [], seconds: 0 });
    await rig.desk.restart();
    assert.deepEqual([rig.shown.session.order, rig.shown.session.at, rig.shown.session.done, rig.shown.saved], [['p2', 'p3'], 0, [], ['a']]);
  });
});

describe('the rate of a review', () => {
  it('is that of the last minutes, and nothing where too little was done', async () => {
    const rig = new Rig(many(40));
    await rig.act('a', 'p0');
    assert.equal(rig.shown.perMinute, null);
    for (const [place, id] of ['b', 'c', 'd'].entries()) {
      rig.now += 10_000;
      await rig.act(id, `p${place + 1}`);
    }
    assert.equal(rig.shown.perMinute, 6);
    rig.now += 30_000;
    assert.equal(rig.shown.perMinute, 3);
    rig.now += 300_000;
    assert.equal(rig.shown.perMinute, null);
  });
});

describe('an amendment that is being typed', () => {
  it('is kept until it is stored or thrown away, and no longer', async () => {
    const rig = new Rig(many(3));
    await rig.desk.type({ path: 'p0', text: 'half a' });
    const ended = rig.desk.draftEnds();
    assert.deepEqual([rig.desk.draft, rig.shown.draft], [{ path: 'p0', text: 'half a', task: 'task-of-p0' }, { path: 'p0', text: 'half a' }]);
    await rig.act('a', 'p1', { kind: 'amend', text: 'another path' });
    assert.ok(rig.desk.draft, 'it is of another path');
    await rig.act('b', 'p0', { kind: 'amend', text: 'half a text' });
    await ended;
    assert.equal(rig.desk.draft, undefined);
    await rig.desk.type({ path: 'p2', text: 'x' });
    rig.engine.fate = () => 'refused';
    await assert.rejects(Promise.all([rig.act('c', 'p2', { kind: 'amend', text: 'x' }), rig.desk.type(undefined)]));
    assert.equal(rig.shown.draft?.text, 'x', 'the page has left it, and it is not stored');
    rig.engine.fate = () => 'stored';
    await rig.desk.store();
    assert.equal(rig.desk.draft, undefined);
    await rig.desk.type({ path: 'p2', text: 'x' });
    rig.desk.dropDraft();
    assert.deepEqual([rig.desk.draft, rig.shown.draft], [undefined, null]);
  });

  it('is over where the window was loaded again before the editor had let go of it', async () => {
    const own = (amendedText: string) => ({ id: 'a', reviewer: 'ada', reviewedAtMs: 1, decision: 'amend' as const, amendedText, marks: [] });
    const stored = new Rig([aReviewItem('p0', { reviews: [own('half a text')] }), aReviewItem('p1')], { path: 'p0', text: 'half a text', task: 'task-of-p0' });
    await stored.desk.begin();
    assert.deepEqual([stored.desk.draft, stored.desk.shown?.path], [undefined, 'p1']);
    const other = new Rig([aReviewItem('p0', { reviews: [own('half a text')] }), aReviewItem('p1')], { path: 'p0', text: 'half a text and more', task: 'task-of-p0' });
    await other.desk.begin();
    assert.deepEqual([other.desk.draft?.text, other.desk.shown?.path], ['half a text and more', 'p0']);
  });

  it('is stored as it stands, unless nothing stands there', async () => {
    const rig = new Rig(many(2));
    await rig.desk.type({ path: 'p1', text: ' \n' });
    await assert.rejects(rig.desk.storeDraft('a'), /needs words/);
    await rig.desk.type({ path: 'p1', text: 'better' });
    await rig.desk.storeDraft('b');
    await rig.desk.storeDraft('c');
    assert.deepEqual(rig.engine.stored.map(({ id, path, decision, amendedText }) => [id, path, decision, amendedText]), [['b', 'p1', 'amend', 'better']]);
  });

  it('comes back from a file exactly, in front of the person, and a file that was cut short is none', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.nat(0xff_ff)), fc.nat(), async (codes, place) => {
      const draft = { path: 'p1', text: String.fromCharCode(...codes), task: 'task-of-p1' };
      const written = draftToText(draft);
      const rig = new Rig(many(2), draftFromText(written));
      await rig.desk.begin();
      assert.deepEqual([rig.desk.draft, rig.desk.shown?.path], [draft, 'p1']);
      assert.equal(draftFromText(written.slice(0, place % written.length)), undefined);
    }), { numRuns: 50 });
  });
});
