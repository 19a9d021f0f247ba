import assert from 'node:assert/strict';
import type { EvaluationRow } from '../../../../src/contract/evaluation.ts';
import { EvaluationRows } from '../../../../src/host/evaluation/evaluationRows.ts';
import { anEvaluation } from '../../../support/evaluations.ts';

describe('the evaluations that are known', () => {
  const going = anEvaluation({ state: 'running' });
  const done = anEvaluation();
  const statesOf = (rows: EvaluationRows) => rows.all.map(({ id, state }) => `${id} ${state}`).sort();

  it('keep what was heard of one while they were read', async () => {
    const rows = new EvaluationRows();
    rows.hear(going);
    await rows.read(async () => {
      assert.equal(rows.hear(done), true, 'it has ended');
      rows.hear(anEvaluation({ id: 6, state: 'running' }));
      return Promise.resolve([going, anEvaluation({ id: 4 })]);
    });
    assert.deepEqual(statesOf(rows), ['4 completed', '5 completed', '6 running']);
    await rows.read(() => Promise.resolve([going]));
    assert.deepEqual(statesOf(rows), ['5 running'], 'what was heard before is older than what is read');
  });

  it('are read twice at once, and stay as they are where that fails', async () => {
    const rows = new EvaluationRows();
    let answer: (rows: readonly EvaluationRow[]) => void = () => undefined;
    const slow = rows.read(() => new Promise(resolve => { answer = resolve; }));
    await rows.read(() => Promise.resolve([going]));
    assert.equal(rows.hear(going), false);
    assert.equal(rows.hear(done), true);
    answer([going]);
    await slow;
    await assert.rejects(rows.read(() => Promise.reject(new Error('gone'))), /gone/);
    assert.deepEqual(statesOf(rows), ['5 completed']);
    assert.equal(rows.one(5), done);
  });
});
