import assert from 'node:assert/strict';
import type { EvaluationStaleness, RecipeStaleness } from '../../../../src/contract/prompts.ts';
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
    assert.deepEqual(costLines({ recipes: [recipe()] }, status, true), [{
      tone: 'stale', words: 'Once this is saved, 1,240 answers of regenesis are stale: structure 120, path 1,120.',
      figures: 'Running again: 1,240 calls, ≈ 1.2 M tokens; about 10 min at 500 tok/s (measured on 10 tasks).',
    }]);
    const [saved] = costLines({ recipes: [recipe({ stale: [{ stage: 'path', answers: 1 }], calls: 1, exact: false, promptTokens: 800, outputTokens: 200 })] }, undefined, false);
    assert.deepEqual([saved?.words, saved?.figures], ['1 answer of regenesis is stale: path 1.', 'Running again: ≈ 1 call, ≈ 1.0 k tokens; a pilot measures how long it takes.']);
  });

  it('is quiet where nothing becomes stale, and leaves recipes out that are the same', () => {
    assert.deepEqual(costLines({ recipes: [recipe({ same: true })] }, status, true), [{ tone: 'quiet', words: 'Saving makes no answer stale.', figures: '' }]);
    assert.deepEqual(costLines({ recipes: [] }, status, false), [{ tone: 'quiet', words: 'No answer is stale.', figures: '' }]);
    const [changed, ...others] = costLines({ recipes: [recipe({ stale: [], calls: 0 }), recipe({ same: true })] }, status, true);
    assert.deepEqual([changed?.tone, changed?.words, changed?.figures, others], ['quiet', 'regenesis is another than when it was run last, and no answer of it gets stale.', '', []]);
  });

  it('says of a recipe that could not be run where that is', () => {
    const problem = { file: 'regenesis/path.rgprompt', line: 7, column: 1, endLine: 7, endColumn: 2, severity: 'error' as const, code: 'block.unclosed', message: '' };
    assert.equal(costLines({ recipes: [recipe({ problems: [problem], stale: [] })] }, status, true)[0]?.words, 'Saved like this, regenesis could not be run: regenesis/path.rgprompt, line 7.');
    assert.equal(costLines({ recipes: [recipe({ problems: [problem], stale: [] })] }, status, false)[0]?.words, 'regenesis cannot be run: regenesis/path.rgprompt, line 7.');
  });

  it('says of the latest evaluation what evaluating the same again would ask', () => {
    const evaluation = (parts: Partial<EvaluationStaleness> = {}): EvaluationStaleness => ({ evaluation: 3, same: false, answers: 1_680, exact: true, calls: 1_680, promptTokens: 300_000, outputTokens: 100_000, problems: [], ...parts });
    const line = (parts: Partial<EvaluationStaleness>, unsaved = true) => costLines({ recipes: [], evaluation: evaluation(parts) }, status, unsaved)[0];
    assert.deepEqual(line({}), { tone: 'stale', words: 'Once this is saved, 1,680 answers of evaluation 3 are stale.', figures: 'Evaluating the same again: 1,680 calls, ≈ 400 k tokens.' });
    assert.deepEqual([line({ answers: 1, calls: 1, exact: false }, false)?.words, line({ exact: false, calls: 1 }, false)?.figures], ['1 answer of evaluation 3 is stale.', 'Evaluating the same again: ≈ 1 call, ≈ 400 k tokens.']);
    assert.deepEqual([line({ answers: 0, calls: 0 })?.tone, line({ answers: 0, calls: 0 })?.words], ['quiet', 'The prompt of evaluations is another than that of evaluation 3, and no answer of it gets stale.']);
    const problem = { file: 'evaluate/evaluate.rgprompt', line: 2, column: 8, endLine: 2, endColumn: 12, severity: 'error' as const, code: 'frontmatter.invalid', message: '' };
    assert.deepEqual([line({ problems: [problem], answers: 0 })?.words, line({ problems: [problem] }, false)?.words], ['Saved like this, no model could be evaluated: evaluate/evaluate.rgprompt, line 2.', 'No model can be evaluated: evaluate/evaluate.rgprompt, line 2.']);
    assert.equal(line({ same: true })?.words, 'Saving makes no answer stale.');
    assert.deepEqual(costLines({ recipes: [recipe()], evaluation: evaluation() }, status, true).map(({ tone }) => tone), ['stale', 'stale']);
  });
});
