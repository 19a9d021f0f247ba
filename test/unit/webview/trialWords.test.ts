import assert from 'node:assert/strict';
import { differenceWords } from '../../../src/webview/promptTrial/words.ts';

const of = (better: number, worse: number, chance: number, known = 10) =>
  differenceWords({ better, worse, chance, after: { correct: 0, of: known, low: 0, high: 1, promptTokens: 0, outputTokens: 0, calls: 0, cached: 0 } });

describe('what two versions of a prompt are said to differ in', () => {
  it('claims nothing that chance may have done', () => {
    assert.match(of(0, 0, 1), /the same 10 tasks right or wrong.*says little/);
    assert.match(of(0, 0, 1, 0), /None of these tasks has a known answer/);
    assert.match(of(2, 1, 1), /right on 2 that it was wrong on before, and wrong on 1.*in 100 % of such trials: that is no evidence/);
    assert.match(of(3, 0, 0.25), /in 25 % of such trials: that is no evidence/);
    assert.match(of(5, 0, 0.0625), /in 6\.3 % of such trials: that is no evidence/);
  });

  it('names the better one where chance hardly would', () => {
    assert.match(of(8, 0, 0.0078125), /in 0\.78 % of such trials: it is likely better now, on tasks like these/);
    assert.match(of(0, 20, 0.0000019), /in less than 0\.1 % of such trials: it was likely better before/);
  });
});
