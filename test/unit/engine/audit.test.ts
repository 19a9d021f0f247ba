import assert from 'node:assert/strict';
import * as z from 'zod/mini';
import { auditText } from '../../../src/cli/audit.ts';
import { auditReportSchema } from '../../../src/contract/overview.ts';
import { problemOf } from '../../../src/core/model/problem.ts';
import { AuditControl } from '../../../src/engine/auditControl.ts';
import type { Store } from '../../../src/ports/store.ts';
import { aTask } from '../../support/builders.ts';
import { PausingClock } from '../../support/fakeModel.ts';
import { MemoryStore } from '../../support/memoryStore.ts';
import { aBranch, aCall, anArrival, anOutcome, aRunDraft, aSending, theRecipe } from '../../support/storeFacts.ts';

const steps = (box: string) => `Look.\n\n1. Count.\n\n2. It is \\boxed{${box}}.`;

/** A project in which these paths are stored, each as a branch of its task's outcome; with what a judge said, where one was asked. */
function project(paths: Readonly<Record<string, readonly (readonly [text: string, judge?: boolean])[]>>, tasks = [aTask()]): Store {
  const store = new MemoryStore();
  store.addTasks(tasks);
  store.recordRecipe(theRecipe);
  const runId = store.startRun(aRunDraft());
  for (const [task, texts] of Object.entries(paths)) {
    const call = aCall(task, { count: texts.length });
    const [attempt] = store.commit({ sent: [aSending(runId, call)] });
    store.commit({ settled: [anArrival(attempt ?? assert.fail(), call, texts.map(([text]) => text))] });
    const branches = texts.map(([, judge], index) => aBranch({
      answers: { path: call.answers[index]?.fingerprint ?? assert.fail() },
      verdicts: judge === undefined ? [] : [{ checker: 'judge', kind: judge ? 'correct' : 'incorrect', extracted: null, reason: judge ? 'judge-yes' : 'judge-no' }],
    }));
    store.commit({ outcomes: [anOutcome(task, { runId, branches })] });
  }
  return store;
}

function control(clock = new PausingClock()) {
  const heard: unknown[] = [];
  const audits = new AuditControl({
    clock, loadCl100k: () => Promise.resolve(text => text.length / 4), emit: (name, body) => { heard.push([name, body]); },
  });
  return { audits, heard, clock, of: async (store: Store) => z.parse(auditReportSchema, await audits.ask(store)) };
}

describe('an audit', () => {
  it('lists where the two differ, and counts what the released filter would have kept', async () => {
    const store = project({ 'set/1': [[steps('18')], [steps('-18')], ['No box: 18 or 3.'], [steps('18.50')], [steps('17')]], 'set/2': [[steps('(A) dogs')]] }, [
      aTask(), aTask({ id: 'set/2', gold: '(A) dogs', answerKind: 'choice', options: [{ label: 'A', text: 'dogs' }, { label: 'B', text: 'cats' }] }), aTask({ id: 'set/3' }),
    ]);
    const report = await control().of(store);
    assert.deepEqual(report.rows.map(({ path: _path, ...row }) => row), [
      { task: 'set/1', branch: 'guideline:plan', round: 1, gold: '18', typed: 'incorrect', reason: 'not-equal', extracted: '-18', reference: true, referenceReason: 'number-equal', referenceExtracted: '-18' },
      { task: 'set/1', branch: 'guideline:plan', round: 1, gold: '18', typed: 'unreadable', reason: 'no-box', extracted: null, reference: true, referenceReason: 'number-equal', referenceExtracted: null },
      { task: 'set/2', branch: 'guideline:plan', round: 1, gold: '(A) dogs', typed: 'correct', reason: 'equal', extracted: '(A) dogs', reference: false, referenceReason: 'no-number', referenceExtracted: '(A) dogs' },
    ]);
    assert.equal(report.rows[0]?.path, store.answers(aTask().id)[1]?.fingerprint);
    assert.deepEqual([report.tasks, report.paths, report.agreed, report.falseAccepts, report.falseRejects, report.undecided], [2, 6, 3, 2, 1, 0]);
    assert.deepEqual(report.released.steps.map(({ step, count, incorrect }) => [step, count, incorrect]), [
      ['branches', 6, 0], ['finished', 6, 4], ['readable', 5, 3], ['correct', 2, 1], ['leak-free', 2, 1], ['in-length', 2, 1], ['kept', 2, 1],
    ]);
    assert.deepEqual([report.released.kept, report.released.incorrect, report.judge], [2, 1, null]);
    const text = auditText(report);
    assert.match(text, /takes 2 wrong or unreadable answers for right and 1 right answer for wrong; of the 2 paths that it would train on, about 1 \(50 %\) is wrong\.\n$/);
    assert.match(text, /false reject +1 +correct, equal +no-number +set\/2: known \(A\) dogs, read \(A\) dogs/);
  });

  it('holds the judge and the majority against the known answer', async () => {
    const store = project({ 'set/1': [[steps('18'), true], [steps('18'), false], [steps('17'), true], [steps('17'), false], [steps('17'), false]], 'set/2': [[steps('18')], [steps('18.0')], [steps('5')]], 'set/4': [[steps('1')], [steps('2')]] }, [aTask(), aTask({ id: 'set/2' }), aTask({ id: 'set/4' })]);
    const report = await control().of(store);
    assert.deepEqual(report.judge?.confusion, [{ typed: 'correct', yes: 1, no: 1 }, { typed: 'incorrect', yes: 1, no: 2 }]);
    // 3 of 5 agree; by chance 2/5 · 2/5 + 3/5 · 3/5 = 13/25
    assert.ok(Math.abs((report.judge.kappa ?? NaN) - (3 / 5 - 13 / 25) / (1 - 13 / 25)) < 1e-12);
    // three of five say 17 and are wrong, two of three say 18 and are right; one against one is no majority
    assert.deepEqual(report.vote, [{ shareFrom: 0.4, shareTo: 0.6, tasks: 1, accuracy: 0 }, { shareFrom: 0.6, shareTo: 0.8, tasks: 1, accuracy: 1 }]);
    assert.match(auditText(report), /kappa 0\.17/);
  });

  it('leaves tasks without a known answer alone, and says what to do where there is nothing', async () => {
    const { gold: _gold, ...unknown } = aTask();
    const report = await control().of(project({ 'set/1': [[steps('18')]] }, [unknown]));
    assert.deepEqual([report.tasks, report.paths, report.rows, report.vote, report.released.kept], [0, 0, [], null, 0]);
    assert.match(auditText(report), /nothing to compare.*regenesis run/s);
  });

  it('goes on in slices, tells how far it is, and is shared by all who ask meanwhile', async () => {
    const store = project(Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`set/${index}`, [[steps('18')] as const]])), Array.from({ length: 40 }, (_, index) => aTask({ id: `set/${index}` })));
    const { audits, heard, clock } = control();
    const [one, other] = [audits.ask(store), audits.ask(store)];
    assert.equal(one, other);
    assert.equal((await one).paths, 40);
    assert.ok(clock.pauses >= 80);
    assert.ok(heard.length > 1 && heard.length < 40, String(heard.length));
    assert.deepEqual(heard.at(-1), ['auditProgress', { done: 40, total: 40 }]);
    assert.notEqual(audits.ask(store), one, 'and begins anew for whoever asks later');
    await audits.cancel();
  });

  it('can be cancelled, and asked for again', async () => {
    const store = project({ 'set/1': [[steps('18')], [steps('17')]] });
    const { audits, clock } = control();
    clock.between = () => { clock.between = () => undefined; void audits.cancel(); };
    const code = await audits.ask(store).then(() => 'none', (thrown: unknown) => problemOf(thrown).code);
    assert.equal(code, 'cancelled');
    assert.equal((await audits.ask(store)).paths, 2);
    await audits.cancel();
  });

  it('ends once nobody waits for it any more, and not before', async () => {
    const store = project({ 'set/1': [[steps('18')], [steps('17')]] });
    const { audits, clock } = control();
    const [one, other] = [new AbortController(), new AbortController()];
    clock.between = () => { clock.between = () => undefined; one.abort(); };
    const reports = [audits.ask(store, one.signal), audits.ask(store, other.signal)];
    assert.deepEqual((await Promise.all(reports)).map(({ paths }) => paths), [2, 2], 'the other waited for it');
    clock.between = () => { clock.between = () => undefined; other.abort(); };
    const left = await audits.ask(store, other.signal).then(() => 'none', (thrown: unknown) => problemOf(thrown).code);
    assert.equal(left, 'cancelled');
  });

  it('begins anew for whoever asks while one is being cancelled', async () => {
    const store = project({ 'set/1': [[steps('18')], [steps('17')]] });
    const { audits } = control();
    const first = audits.ask(store).then(() => 'none', (thrown: unknown) => problemOf(thrown).code);
    const cancelled = audits.cancel();
    const [second, third] = [audits.ask(store), audits.ask(store)];
    assert.deepEqual([await first, (await second).paths], ['cancelled', 2]);
    assert.equal(await second, await third, 'and is one for all of them');
    await cancelled;
    await audits.cancel();
  });
});
