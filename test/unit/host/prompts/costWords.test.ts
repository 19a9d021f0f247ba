import assert from 'node:assert/strict';
import type { RecipeStaleness } from '../../../../src/contract/prompts.ts';
import type { StatusReport } from '../../../../src/contract/reports.ts';
import { costLines } from '../../../../src/host/prompts/costWords.ts';

const recipe = (parts: Partial<RecipeStaleness> = {}): RecipeStaleness => ({
  recipe: 'regenesis', title: 'ReGenesis', mode: 'all', same: false, stale: [{ stage: 'structure', answers: 120 }, { stage: 'path', answers: 1_120 }],
  exact: true, calls: 1_240, promptTokens: 900_000, outputTokens: 300_000, problems: [], ...parts,
});
const server = { baseUrl: 'http://gpu:8000/v1', model: 'm', simulated: false };
const status: Pick<StatusReport, 'runs' | 'server'> = {
  server, runs: [{ id: 1, recipe: 'regenesis', state: 'completed', ...server, tasks: 10, calls: 100, cached: 0, failed: {}, outputTokens: 50_000, startedAtMs: 0, endedAtMs: 100_000 }],
};

describe('what saving a prompt costs, in words', () => {
  it('says how much becomes stale, and what running again takes', () => {
    assert.deepEqual(costLines([recipe()], status, true), [{
      tone: 'stale', words: 'Once this is saved, 1,240 answers of regenesis are stale: structure 120, path 1,120.',
      figures: 'Running again: 1,240 calls, ≈ 1.2 M tokens; about 10 min at 500 tok/s (measured on 10 tasks).',
    }]);
    const [saved] = costLines([recipe({ stale: [{ stage: 'path', answers: 1 }], calls: 1, exact: false, promptTokens: 800, outputTokens: 200 })], undefined, false);
    assert.deepEqual([saved?.words, saved?.figures], ['1 answer of regenesis is stale: path 1.', 'Running again: ≈ 1 call, ≈ 1.0 k tokens; a pilot measures how long it takes.']);
  });

  it('is quiet where nothing becomes stale, and leaves recipes out that are the same', () => {
    assert.deepEqual(costLines([recipe({ same: true })], status, true), [{ tone: 'quiet', words: 'Saving makes no answer stale.', figures: '' }]);
    assert.deepEqual(costLines([], status, false), [{ tone: 'quiet', words: 'No answer is stale.', figures: '' }]);
    const [changed, ...others] = costLines([recipe({ stale: [], calls: 0 }), recipe({ same: true })], status, true);
    assert.deepEqual([changed?.tone, changed?.words, changed?.figures, others], ['quiet', 'regenesis is another than when it was run last, and no answer of it gets stale.', '', []]);
  });

  it('says of a recipe that could not be run where that is', () => {
    const problem = { file: 'regenesis/path.rgprompt', line: 7, column: 1, endLine: 7, endColumn: 2, severity: 'error' as const, code: 'block.unclosed', message: '' };
    assert.equal(costLines([recipe({ problems: [problem], stale: [] })], status, true)[0]?.words, 'Saved like this, regenesis could not be run: regenesis/path.rgprompt, line 7.');
    assert.equal(costLines([recipe({ problems: [problem], stale: [] })], status, false)[0]?.words, 'regenesis cannot be run: regenesis/path.rgprompt, line 7.');
  });
});
