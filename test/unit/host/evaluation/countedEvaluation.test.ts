import assert from 'node:assert/strict';
import { CountedEvaluation } from '../../../../src/host/evaluation/countedEvaluation.ts';
import { anEvaluationReport } from '../../../support/evaluations.ts';

describe('the counting of an evaluation for its page', () => {
  function counting() {
    const asked: string[] = [];
    const at = { ms: 0, seen: true, answered: true };
    const counted = new CountedEvaluation({
      report: () => {
        asked.push('figures');
        return Promise.resolve(anEvaluationReport());
      },
      lists: (_report, model) => {
        asked.push(`lists of ${model}`);
        return Promise.resolve(at.answered ? [{ side: 'gains', total: 0, rows: [] }] : []);
      },
      isSeen: () => at.seen,
      nowMs: () => at.ms,
    });
    const after = async (ms: number, goesOn = true): Promise<readonly string[]> => {
      at.ms += ms;
      await counted.count(goesOn);
      return asked.splice(0);
    };
    return { at, counted, after };
  }

  it('asks for figures every 3 s and for lists every 10 s while it goes on, and for both once it has ended', async () => {
    const { after } = counting();
    assert.deepEqual(await after(0), ['figures', 'lists of llama-ft']);
    assert.deepEqual(await after(2_000), []);
    assert.deepEqual(await after(1_500), ['figures']);
    assert.deepEqual(await after(6_600), ['figures', 'lists of llama-ft']);
    assert.deepEqual(await after(10, false), ['figures', 'lists of llama-ft']);
  });

  it('asks for the lists of another model at once, and for those that were empty', async () => {
    const { at, counted, after } = counting();
    at.answered = false;
    await after(0);
    assert.deepEqual(await after(10), ['lists of llama-ft']);
    at.answered = true;
    await after(10);
    counted.choose('llama');
    assert.equal(counted.shownModel, 'llama', 'what is opened now is its answer');
    assert.deepEqual(await after(10), ['lists of llama']);
    assert.equal(counted.known?.shownModel, 'llama');
  });

  it('asks for no lists while nobody can see them', async () => {
    const { at, counted, after } = counting();
    at.seen = false;
    assert.deepEqual(await after(0, false), ['figures']);
    assert.deepEqual(counted.known?.lists, []);
    at.seen = true;
    assert.deepEqual(await after(0), ['lists of llama-ft']);
  });
});
