import assert from 'node:assert/strict';
import fc from 'fast-check';
import { reviewCommands, type PendingAction, type ReviewCommand } from '../../../../src/contract/pages/review.ts';
import { applied, extend, newSession, shownPath, type ReviewSession } from '../../../../src/core/review/session.ts';
import { drawnSession, mostWaiting, placeOf, press, resume, unsaved, type Desk, type Surroundings } from '../../../../src/webview/review/desk.ts';
import { reading, type Mode } from '../../../../src/webview/review/mode.ts';

const paths = (count: number) => Array.from({ length: count }, (_, at) => `p${at}`);
const sessionOf = (order: readonly string[]): ReviewSession => extend(newSession, order.map(path => ({ path })));
const deskOf = (order: readonly string[], mode: Mode = reading): Desk => ({ session: sessionOf(order), mode, waiting: [], done: [], wishes: [] });

/** Paths that have arrived, and ids in order. */
class Around implements Surroundings {
  readonly here: Set<string>;
  more = true;
  #ids = 0;

  constructor(here: readonly string[] = []) {
    this.here = new Set(here);
  }

  readonly textOf = (path: string) => (this.here.has(path) ? { text: `text of ${path}` } : undefined);
  readonly focused = () => ({ step: 1, start: 2, end: 4 });
  readonly take: Surroundings['take'] = (path, action) => ({ id: String(this.#ids++), path, action, seconds: 1 });
}

const decided = ({ done }: Desk): string => done.map(({ path }) => path).join(' ');

describe('the desk of a review', () => {
  it('gives thirty decisions in order for thirty keys, however late the paths come', () => {
    const order = paths(30);
    fc.assert(fc.property(fc.shuffledSubarray(order, { minLength: 30, maxLength: 30 }), fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), (arrivals, keysFirst) => {
      const around = new Around();
      let desk = deskOf(order);
      let [keys, at] = [0, 0];
      for (const key of [...keysFirst, ...arrivals.map(() => true), ...arrivals.map(() => false)]) {
        if (key && keys < 30) {
          keys += 1;
          desk = press(desk, 'accept', around);
        } else if (!key && at < arrivals.length) {
          around.here.add(arrivals[at] ?? '');
          at += 1;
          desk = resume(desk, around);
        }
      }
      assert.equal(decided(desk), order.join(' '));
      assert.equal(desk.session.at, 30);
      assert.deepEqual(desk.waiting, []);
    }));
  });

  it('carries out keys for paths that are not even known yet once they are', () => {
    const around = new Around(['p0']);
    let desk = press(press(press(deskOf(['p0']), 'accept', around), 'reject', around), 'reason2', around);
    assert.deepEqual([decided(desk), desk.waiting], ['p0', ['reject', 'reason2']]);
    around.here.add('p1');
    desk = resume({ ...desk, session: extend(desk.session, [{ path: 'p1' }]) }, around);
    assert.deepEqual(desk.done.map(({ path, action }) => [path, action]), [['p0', { kind: 'decide', decision: 'accept' }], ['p1', { kind: 'reject', reason: 'wrong-step' }]]);
  });

  it('lets no more keys wait than anybody means, and forgets them at the end of the queue', () => {
    const around = new Around();
    let desk = deskOf([]);
    for (let at = 0; at < 80; at += 1) desk = press(desk, 'accept', around);
    assert.equal(desk.waiting.length, mostWaiting);
    around.more = false;
    desk = resume(desk, around);
    assert.deepEqual([desk.waiting, desk.done], [[], []]);
  });

  it('undoes at once while the next path is on its way, and in its turn where keys wait', () => {
    const around = new Around(['p0']);
    const waiting = press(deskOf(['p0', 'p1']), 'accept', around);
    assert.equal(shownPath(press(waiting, 'undo', around).session), 'p0');
    const queued = press(press(waiting, 'accept', around), 'undo', around);
    assert.deepEqual(queued.waiting, ['accept', 'undo']);
    around.here.add('p1');
    const after = resume(queued, around);
    assert.deepEqual([after.done.map(({ action }) => action.kind), shownPath(after.session)], [['decide', 'decide', 'undo'], 'p1']);
  });

  it('does nothing whatever is typed into a note or an amendment', () => {
    const typing: readonly Mode[] = [{ kind: 'note', path: 'p0', text: 'axxa jj' }, { kind: 'amend', path: 'p0', text: 'b', before: 'a', asking: false }];
    const letters = fc.array(fc.constantFrom<ReviewCommand>(...reviewCommands.filter(command => command !== 'save')), { maxLength: 40 });
    fc.assert(fc.property(fc.constantFrom(...typing), letters, fc.boolean(), (mode, commands, here) => {
      const around = new Around(here ? ['p0'] : []);
      const before = deskOf(['p0', 'p1'], mode);
      assert.deepEqual(commands.reduce((desk, command) => press(desk, command, around), before), before);
    }));
  });

  it('saves a note for the path that it was begun for', () => {
    const around = new Around(['p0', 'p1']);
    const desk = press({ ...deskOf(['p0', 'p1'], { kind: 'note', path: 'p1', text: 'hm' }) }, 'save', around);
    assert.deepEqual(desk.done.map(({ path, action }) => [path, action]), [['p1', { kind: 'annotate', note: 'hm' }]]);
  });

  it('marks the step that has the focus, and takes the mark away again', () => {
    const around = new Around(['p0']);
    const marked = press(deskOf(['p0']), 'markStep', around);
    assert.deepEqual(marked.session.judgements['p0']?.marks, [{ step: 1, start: 2, end: 4 }]);
    assert.deepEqual(press(marked, 'markStep', around).session.judgements['p0']?.marks, []);
  });

  it('says of an undo and of a redo what they come to, for a document that does not know what was done', () => {
    const around = new Around(['p0', 'p1']);
    const desk = ['reject', 'reason1', 'undo', 'redo'].reduce((before, command) => press(before, command as ReviewCommand, around), deskOf(['p0', 'p1']));
    const none = { decision: 'none' as const, marks: [] };
    const rejected = { decision: 'reject' as const, reason: 'leak' as const, marks: [] };
    assert.deepEqual(desk.done.slice(1).map(({ path, action }) => [path, action]), [['p0', { kind: 'undo', to: none }], ['p0', { kind: 'redo', to: rejected }]]);
    const fresh = sessionOf(['p1', 'p0']);
    const back = drawnSession(fresh, desk.done.slice(1, 2), null);
    assert.deepEqual([shownPath(back), back.judgements['p0']?.decision], ['p0', 'none']);
    assert.equal(drawnSession(fresh, desk.done.slice(1), null).judgements['p0']?.decision, 'reject');
  });

  it('undoes and redoes nothing where nothing was done', () => {
    const around = new Around(['p0']);
    assert.deepEqual(press(press(deskOf(['p0']), 'undo', around), 'redo', around).done, []);
  });
});

describe('the session that is drawn', () => {
  const accept = (id: string, path: string): PendingAction => ({ id, path, action: { kind: 'decide', decision: 'accept' }, seconds: 1 });

  it('is the same while the document stores what was done, one after the other', () => {
    const order = paths(6);
    const stored = sessionOf(order);
    const pending = order.slice(0, 4).map((path, at) => accept(String(at), path));
    const drawn = drawnSession(stored, pending, null);
    assert.equal(shownPath(drawn), 'p4');
    let behind = stored;
    for (const [at, action] of pending.entries()) {
      behind = applied(behind, action).session;
      const left = unsaved(pending, pending.slice(0, at + 1).map(({ id }) => id));
      assert.equal(left.length, 3 - at);
      assert.deepEqual(drawnSession(behind, left, null), drawn);
    }
  });

  it('stays at the path that the page shows where others are inserted, and goes on where more arrive', () => {
    const at = drawnSession(sessionOf(['a', 'b']), [], { path: 'b', after: false });
    assert.deepEqual([shownPath(at), placeOf(at)], ['b', { path: 'b', after: false }]);
    const end = { ...at, at: 2 };
    assert.deepEqual(placeOf(end), { path: 'b', after: true });
    assert.equal(shownPath(drawnSession(sessionOf(['a', 'b', 'c']), [], placeOf(end))), 'c');
    assert.equal(shownPath(drawnSession(sessionOf(['x', 'a', 'b']), [], { path: 'b', after: false })), 'b');
    assert.equal(shownPath(drawnSession(sessionOf(['a', 'b']), [], { path: 'other', after: false })), 'other');
    assert.equal(placeOf(newSession), null);
  });

  it('has a decision about a path that the document has not heard of yet', () => {
    assert.deepEqual(drawnSession(sessionOf(['a']), [accept('1', 'z')], null).judgements, { z: { decision: 'accept', marks: [], id: '1' } });
  });
});
