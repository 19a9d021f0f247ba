import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readTrainingLine } from '../../../../src/core/training/trainingLine.ts';

describe('a line of a training\u2019s log', () => {
  it('is read where it is ours, whoever is said to have written it', () => {
    const line = '{"regenesis":"step","step":7,"steps":30,"epoch":0.5,"loss":1.25,"learningRate":1e-6,"gradNorm":null,"secondsPerStep":2.5}';
    const point = { step: 7, epoch: 0.5, loss: 1.25, learningRate: 1e-6, secondsPerStep: 2.5 };
    assert.deepEqual(readTrainingLine(line), { kind: 'point', point, steps: 30 });
    assert.deepEqual(readTrainingLine(`\u001b[36m(pid=123)\u001b[0m ${line}`), { kind: 'point', point, steps: 30 });
    assert.deepEqual(readTrainingLine('{"regenesis":"evaluation","step":7,"loss":1}'), { kind: 'point', point: { step: 7, loss: 1, heldOut: true } });
    assert.deepEqual(readTrainingLine('{"regenesis":"start","steps":30,"rows":5,"droppedRows":1,"cutRows":0,"method":"sft"}'), { kind: 'start', steps: 30, rows: 5, droppedRows: 1, cutRows: 0 });
    assert.deepEqual(readTrainingLine('{"regenesis":"done","output":"o","weightsSha256":"ab","loss":null}'), { kind: 'done', output: 'o', weightsSha256: 'ab' });
    assert.deepEqual(readTrainingLine('{"regenesis":"failed","reason":"data","message":"m"}'), { kind: 'failed', reason: 'data', message: 'm' });
  });

  it('is none of ours otherwise, whatever it is', () => {
    for (const line of ['', 'loss 3', '{"loss":3}', '{"regenesis":"step","step":-1}', '{"regenesis":"step","step":"7"}', '{"regenesis":"dance"}', '{"regenesis":', `{"regenesis":"failed","reason":"data","message":"${'x'.repeat(30_000)}"}`]) {
      assert.equal(readTrainingLine(line), undefined, line.slice(0, 60));
    }
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.json(), (text, json) => {
      readTrainingLine(text);
      readTrainingLine(`{"regenesis":${text}`);
      readTrainingLine(`{"regenesis":"step","step":${json}}`);
    }), { numRuns: 50 });
  });
});
