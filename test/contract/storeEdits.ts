import assert from 'node:assert/strict';
import type { Answer } from '../../src/core/model/answer.ts';
import type { Edit } from '../../src/core/model/edit.ts';
import { attemptId, branchId, fingerprint, taskId } from '../../src/core/model/ids.ts';
import type { Store } from '../../src/ports/store.ts';
import { aTask } from '../support/builders.ts';
import { aCall, anArrival, anOutcome, aRunDraft, aSending, theRecipe } from '../support/storeFacts.ts';

/** What a store must do with what a person decided about a branch. */
export function editsContract(current: () => Store, reopen: () => Store): void {
  it('keeps edits in their order and texts as marked answers, and takes the basis of the outcome away', () => {
    const store = current();
    store.addTasks([aTask({ id: 'set/1' }), aTask({ id: 'set/2' })]);
    store.recordRecipe(theRecipe);
    const run = store.startRun(aRunDraft());
    const call = aCall('set/1');
    const [attempt] = store.commit({ sent: [aSending(run, call)] });
    assert.ok(attempt !== undefined);
    store.commit({ settled: [anArrival(attempt, call, ['mine'])], outcomes: [anOutcome('set/1')], bases: [{ taskId: taskId('set/1'), basis: 'b', used: [] }] });
    const [answer] = store.answers(taskId('set/1'));
    assert.ok(answer);
    const written: Answer = { ...answer, fingerprint: fingerprint('e'.repeat(64)), raw: 'A person’s \u0000 text', edited: true };
    const place = { taskId: taskId('set/1'), round: 1 as const, branch: branchId('guideline:plan') };
    const edits: Edit[] = [
      { ...place, kind: 'answer', stage: 'path', of: answer.fingerprint, chosen: written.fingerprint, atMs: 5 },
      { ...place, kind: 'prompt', stage: 'path', of: answer.fingerprint, messages: [{ role: 'user', content: 'Solve.' }], atMs: 6 },
      { ...place, branch: branchId('guideline:plan~1'), kind: 'fork', source: place.branch, from: 'path', inputs: { adapt: answer.fingerprint }, atMs: 7 },
      { ...place, branch: branchId('guideline:plan~1'), kind: 'include', included: true, atMs: 8 },
    ];
    store.commit({ written: [written], edits: edits.slice(0, 1) });
    assert.deepEqual(store.settledTasks('b', undefined, 10), []);
    store.commit({ edits: edits.slice(1) });
    assert.deepEqual(store.counters().get('stage/path/1/done'), 2);
    assert.deepEqual(new Map([...store.recount()].sort()), new Map([...store.counters()].sort()));
    const each = reopen();
    assert.deepEqual(each.edits(taskId('set/1')), edits);
    assert.deepEqual(each.edits(taskId('set/2')), []);
    assert.deepEqual(each.answers(taskId('set/1')).at(-1), JSON.parse(JSON.stringify(written)));
    assert.equal(each.journal(0, 1_000).filter(({ kind, task }) => kind === 'branch-edited' && task === 'set/1').length, 4);
  });

  it('marks what answers a prompt that a person wrote', () => {
    const store = current();
    store.addTasks([aTask({ id: 'set/1' })]);
    store.recordRecipe(theRecipe);
    const run = store.startRun(aRunDraft());
    const plain = aCall('set/1');
    const call = { ...plain, answers: plain.answers.map(each => ({ ...each, edited: true as const })) };
    const [attempt] = store.commit({ sent: [aSending(run, call)] });
    assert.ok(attempt !== undefined);
    store.commit({ settled: [anArrival(attempt, call, ['theirs'])] });
    assert.equal(store.answers(taskId('set/1'))[0]?.edited, true);
  });

  it('stores nothing of an edit to a task, or of a text to an attempt, that is not there', () => {
    const store = current();
    store.addTasks([aTask({ id: 'set/1' })]);
    const place = { taskId: taskId('set/9'), round: 1 as const, branch: branchId('guideline:plan') };
    assert.throws(() => store.commit({ edits: [{ ...place, kind: 'include', included: true, atMs: 1 }] }));
    const written: Answer = { ...place, taskId: taskId('set/1'), stage: 'path', sample: 0, seed: 1, fingerprint: fingerprint('e'.repeat(64)), attemptId: attemptId(99), raw: 'x', finish: 'stop', edited: true };
    assert.throws(() => store.commit({ written: [written] }));
    assert.deepEqual([store.edits(taskId('set/9')), store.answers(taskId('set/1'))], [[], []]);
  });
}
