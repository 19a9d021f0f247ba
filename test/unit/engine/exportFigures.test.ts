import assert from 'node:assert/strict';
import type { DatasetFigures } from '../../../src/core/stats/datasetFigures.ts';
import { recipeId, taskId } from '../../../src/core/model/ids.ts';
import { isKept } from '../../../src/core/model/outcome.ts';
import { exportProject, type FatedTask } from '../../support/exportProject.ts';
import { aCall, aSending, anArrival } from '../../support/storeFacts.ts';

const figuresIn = (manifest: Record<string, unknown>) => manifest['figures'] as DatasetFigures;
/** Every task is solved by three branches, keeps two of them and reads 18, 17 and nothing; the last is not solved at all. */
const tasks: readonly FatedTask[] = [...Array.from({ length: 11 }, (_, index) => ({ id: `set/${index}`, fates: 'rrrwwu' })), { id: 'set/none', fates: 'uuuuuu' }];

describe('the figures of a training set', () => {
  it('tell coverage of all train tasks, lengths, and the distinct answers of all that was drawn', async () => {
    const { exported, lines } = await withLines(tasks);
    const { trainable, coverage, characters, tokens, answers } = figuresIn(exported.manifest);
    assert.deepEqual([trainable, coverage], [12, 0.9167]);
    const lengths = lines.map(text => text.length).sort((a, b) => a - b);
    assert.deepEqual([characters?.known, characters?.p50, characters?.p90], [22, lengths[10], lengths[19]]);
    assert.equal(tokens?.known, 22);
    assert.deepEqual(answers, { tasks: 11, paths: 55, distinct: 2 });
  });

  it('count what every settled task has cost, solved or not, whatever the rule leaves', async () => {
    const { store, exported } = exportProject(tasks);
    const all = tasks.reduce((sum, { id }) => sum + store.attempts(taskId(id)).length, 0);
    const { cost } = figuresIn((await exported('chat')).manifest);
    assert.deepEqual(cost, { requests: all, untold: all, kept: 22 });
    assert.deepEqual(figuresIn((await exported('chat', { pathsPerTask: 1 })).manifest).cost, cost);
    assert.deepEqual(figuresIn((await exported('dpo')).manifest).cost, cost);
  });

  it('count requests that were thrown away, by what a server said of them, and those of other runs only where their answers are used', async () => {
    const { store, exported } = exportProject([{ id: 'set/1', fates: 'rrwwww' }]);
    const before = store.attempts(taskId('set/1')).length;
    const [first] = store.runs();
    const outcome = store.outcome(taskId('set/1'));
    assert.ok(first && outcome);
    const later = (id: string, identity: string) => store.startRun({ ...first, recipeId: recipeId(id), identity });
    const ask = (runId: ReturnType<typeof later>, sample: number) => {
      const call = aCall('set/1', { count: 2 });
      const named = { ...call, answers: call.answers.map(answer => ({ ...answer, fingerprint: `${answer.fingerprint}${sample}` as typeof answer.fingerprint })) };
      const [attempt] = store.commit({ sent: [aSending(runId, named)] });
      if (attempt !== undefined) store.commit({ settled: [anArrival(attempt, named, ['thrown', 'away'])] });
    };
    const costNow = async () => figuresIn((await exported('chat')).manifest).cost;
    ask(first.id, 1);
    assert.deepEqual(await costNow(), { requests: before + 1, outputTokens: 20, untold: before, kept: 2 }, 'thrown away by the run itself');
    store.recordRecipe({ id: recipeId('other'), name: 'other', files: {} });
    ask(later('other', first.identity), 2);
    ask(later(first.recipeId, 'another model'), 3);
    assert.equal((await costNow()).requests, before + 1, 'what another recipe or model has drawn is no matter of this one');
    const used = new Set(outcome.branches.flatMap(({ answers }) => Object.values(answers)));
    const bought = store.requests(taskId('set/1')).filter(({ brought }) => brought.some(answer => used.has(answer))).length;
    const kept = outcome.branches.filter(isKept).slice(0, 1);
    store.commit({ outcomes: [{ ...outcome, runId: later('other', 'third'), branches: kept }] });
    const own = new Set(kept.flatMap(({ answers }) => Object.values(answers)));
    assert.equal((await costNow()).requests, own.size);
    assert.ok(own.size > 1 && own.size < bought, 'those whose answers were found in the store, and no others');
  });

  it('tell diversity of the paths to be learnt alone, each of them once, the same whatever else is written', async () => {
    const { exported, lines } = await withLines(tasks);
    const { diversity } = figuresIn(exported.manifest);
    assert.deepEqual(diversity.map(({ records }) => records), [10, 20]);
    assert.ok(diversity.every(({ records, distinct, skeletons }) => distinct > 0 && distinct < 1 && skeletons >= 1 && skeletons < records), JSON.stringify(diversity));
    assert.ok(lines.length === 22);
    const again = exportProject(tasks);
    const figures = async (format: 'kto' | 'dpo' | 'parquet', rule = {}) => figuresIn((await again.exported(format, rule)).manifest);
    const rest = figuresIn(exported.manifest);
    assert.deepEqual(await figures('parquet'), rest);
    assert.deepEqual(await figures('parquet', { split: { name: 'validation', share: 0.5 } }), rest, 'both parts of it');
    for (const format of ['kto', 'dpo'] as const) {
      const { diversity: points, characters, coverage } = await figures(format, { rejectedPerChosen: 2 });
      assert.deepEqual([points.map(({ records }) => records), characters, coverage], [[10, 20], rest.characters, rest.coverage]);
    }
  });

  it('do without what is not there', async () => {
    const { diversity, coverage } = figuresIn((await exportProject([{ id: 'set/1', fates: 'rrrrrr' }]).exported('chat')).manifest);
    assert.deepEqual([diversity, coverage], [[], 1]);
  });
});

/** An export, and the paths in it. */
async function withLines(fated: readonly FatedTask[]) {
  const exported = await exportProject(fated).exported('chat');
  return { exported, lines: exported.lines.map(line => (line['messages'] as { content: string }[])[1]?.content ?? '') };
}
