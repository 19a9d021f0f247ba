import assert from 'node:assert/strict';
import { excerptOf } from '../../src/core/model/task.ts';
import type { Store } from '../../src/ports/store.ts';
import { aBranch, aCall, anArrival, anOutcome, aSending, ask, begin } from '../support/storeFacts.ts';

/** What a store must tell of the paths of its tasks. */
export function pathsContract(current: () => Store): void {
  it('tell of each path what became of it, once its task is settled', () => {
    const run = begin(current());
    ask(current(), run, ['  It is\n\n\\boxed{18}. ', 'half \ud835 pair', `𝟚${'x'.repeat(9_000)}`]);
    const [first, second, third] = aCall('set/1', { count: 3 }).answers;
    assert.ok(first && second && third);
    const row = { taskId: 'set/1', branch: 'guideline:plan', round: 1, finish: 'stop' };
    const rows = [
      { ...row, sequence: 1, fingerprint: first.fingerprint, excerpt: 'It is \\boxed{18}.' },
      { ...row, sequence: 2, fingerprint: second.fingerprint, excerpt: 'half \ud835 pair' },
      { ...row, sequence: 3, fingerprint: third.fingerprint, excerpt: `𝟚${'x'.repeat(158)}` },
    ];
    assert.deepEqual(current().pathPage(undefined, 10), rows);
    const lost = { step: 'verify', reason: 'not-equal' } as const;
    const both = [{ checker: 'typed', kind: 'correct', extracted: '18', reason: 'equal' }, { checker: 'reference', kind: 'incorrect', extracted: '1', reason: 'not-equal' }] as const;
    current().commit({ outcomes: [anOutcome('set/1', { branches: [aBranch({ answers: { path: first.fingerprint } }), aBranch({ answers: { path: second.fingerprint }, loss: lost, verdicts: both })] })] });
    assert.deepEqual(current().pathPage(undefined, 10), [
      { ...rows[0], finding: { kept: true, verdict: 'correct' } }, { ...rows[1], finding: { kept: false, verdict: 'incorrect', loss: lost } }, rows[2],
    ]);
    current().commit({ outcomes: [anOutcome('set/1', { branches: [aBranch({ answers: { path: third.fingerprint }, verdicts: [] })] })] });
    assert.deepEqual(current().pathPage(undefined, 10), [rows[0], rows[1], { ...rows[2], finding: { kept: true } }], 'the latest outcome alone');
  });

  it('have their excerpt however much white space they begin with, and none beyond reason', () => {
    const run = begin(current());
    const texts = [' '.repeat(300) + 'late '.repeat(100), `${'a \t'.repeat(200)}b`, `\0${' '.repeat(400)}zero`, ' '.repeat(5_000) + 'too late', 'short', `${'x'.repeat(159)}𝟚y${' '.repeat(200)}`, 'x'.repeat(255)];
    ask(current(), run, texts);
    assert.deepEqual(current().pathPage(undefined, 10).map(row => row.excerpt), texts.map(excerptOf));
  });

  it('leave other answers out, page on by the number of the last row, and are counted', () => {
    const run = begin(current());
    const stages = ['path', 'adapt', 'path', 'judge', 'path'] as const;
    for (const [index, stage] of stages.entries()) {
      const call = aCall('set/2', { stage, round: index === 4 ? 2 : 1, branch: `chosen:${index}` });
      const [attempt] = current().commit({ sent: [aSending(run, call)] });
      current().commit({ settled: [anArrival(attempt ?? assert.fail(), call, [stage])] });
    }
    const sequences = (after: number | undefined, limit: number) => current().pathPage(after, limit).map(each => each.sequence);
    assert.deepEqual([sequences(undefined, 2), sequences(3, 2), sequences(5, 2), sequences(undefined, 0)], [[1, 3], [5], [], [1]]);
    assert.equal(current().countPaths(), 3);
  });
}
