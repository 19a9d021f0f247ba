import assert from 'node:assert/strict';
import fc from 'fast-check';
import { boundMs } from '../../../bench/bound.ts';
import { questionAt } from '../../../bench/questions.ts';
import type { Benchmark } from '../../../bench/record.ts';
import { selected, wants } from '../../../bench/select.ts';
import { longestChainTokens } from '../../../bench/stored.ts';
import type { Answer } from '../../../src/core/model/answer.ts';
import { attemptId, branchId, fingerprint, taskId } from '../../../src/core/model/ids.ts';
import { Schedule } from '../../../src/demoServer/schedule.ts';

interface Link {
  readonly tokens: number;
  readonly uncached: number;
}

/** Time goes on with every timer: a delay that is a rounding error would be the same moment again, for ever. */
const leastDelayMs = 1e-6;

/** How long the demo server's schedule takes for some chains, of which all the first links come at once and each other one right after the one before. */
function simulatedMs(chains: readonly (readonly Link[])[], model: Parameters<typeof boundMs>[0]): number {
  let now = 0;
  const timers = new Set<{ readonly at: number; readonly call: () => void }>();
  const after = (delayMs: number, call: () => void) => {
    const timer = { at: now + Math.max(delayMs, leastDelayMs), call };
    timers.add(timer);
    return () => { timers.delete(timer); };
  };
  const schedule = new Schedule({ slots: model.slots, stepTime: model.stepMs, compress: 1, clock: { nowMs: () => now, after } });
  const submit = ([link, ...rest]: readonly Link[]): void => {
    if (link) schedule.submit({ uncachedTokens: link.uncached, sequenceTokens: [link.tokens], onDone: () => { after(0, () => { submit(rest); }); } });
  };
  for (const chain of chains) submit(chain);
  for (let next = [...timers].toSorted((a, b) => a.at - b.at)[0]; next; next = [...timers].toSorted((a, b) => a.at - b.at)[0]) {
    timers.delete(next);
    now = Math.max(now, next.at);
    next.call();
  }
  return now;
}

const sum = (links: readonly Link[], of: keyof Link) => links.reduce((total, link) => total + link[of], 0);
const workOf = (chains: readonly (readonly Link[])[]) => ({
  generatedTokens: sum(chains.flat(), 'tokens'), uncachedTokens: sum(chains.flat(), 'uncached'), chainTokens: Math.max(0, ...chains.map(chain => sum(chain, 'tokens'))),
});

const stepMs = { t0: 10, c: 0.08, p: 0.08 };
const link = fc.record({ tokens: fc.integer({ min: 1, max: 60 }), uncached: fc.integer({ min: 0, max: 200 }) });

describe('the bound of the makespan', () => {
  it('is never beaten by a server of that pace', () => {
    fc.assert(fc.property(fc.array(fc.array(link, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 8 }), (chains, slots) => {
      const model = { slots, stepMs };
      assert.ok(simulatedMs(chains, model) >= boundMs(model, workOf(chains)) - 1e-6);
    }), { numRuns: 200 });
  });

  it('is nearly reached where the slots are always full', () => {
    const chains = fc.sample(fc.array(link, { minLength: 2, maxLength: 4 }), { numRuns: 400, seed: 1 });
    const model = { slots: 4, stepMs };
    assert.ok(simulatedMs(chains, model) < 1.02 * boundMs(model, workOf(chains)));
  });

  it('is that of the longest chain where there are slots enough', () => {
    const chains = [[{ tokens: 50, uncached: 0 }, { tokens: 70, uncached: 0 }], [{ tokens: 10, uncached: 0 }]];
    const model = { slots: 100, stepMs: { t0: 10, c: 0, p: 0 } };
    assert.equal(boundMs(model, workOf(chains)), 1200);
    assert.ok(Math.abs(simulatedMs(chains, model) - 1200) < 1e-3);
  });
});

describe('the longest chain of a project', () => {
  const [one, other] = [taskId('set/1'), taskId('set/2')];
  const answer = (task: typeof one, place: { readonly stage: Answer['stage']; readonly branch: string; readonly round?: 1 | 2; readonly tokens?: number }): Answer => {
    const { stage, branch, round = 1, tokens } = place;
    const common = { taskId: task, stage, round, branch: branchId(branch), sample: 0, fingerprint: fingerprint(''), attemptId: attemptId(1), seed: 1, raw: '', finish: 'stop', edited: false } as const;
    return { ...common, ...(tokens === undefined ? {} : { outputTokens: tokens }) };
  };
  const chainOf = (answers: ReadonlyMap<typeof one, readonly Answer[]>) => longestChainTokens({ taskIds: () => [...answers.keys()], answers: task => answers.get(task) ?? [] });

  it('is the longest branch of a round, and of the next one after it', () => {
    const first = [
      answer(one, { stage: 'choose', branch: 'choose', tokens: 900 }), answer(one, { stage: 'adapt', branch: 'a', tokens: 10 }), answer(one, { stage: 'path', branch: 'a', tokens: 20 }),
      answer(one, { stage: 'path', branch: 'b', tokens: 25 }), answer(one, { stage: 'path', branch: 'a', round: 2, tokens: 7 }), answer(one, { stage: 'path', branch: 'b', round: 2 }),
    ];
    assert.equal(chainOf(new Map([[one, first], [other, [answer(other, { stage: 'path', branch: 'c', tokens: 36 })]]])), 37);
    assert.equal(chainOf(new Map()), 0);
  });
});

describe('what is measured', () => {
  const benchmark = (...names: string[]): Benchmark => ({ names, run: async function* () { /* measures nothing */ } });
  const all = [benchmark('makespan.s64', 'makespan.s64.running'), benchmark('makespan.s256'), benchmark('grade.mean', 'grade.agreement.')];
  const chosen = (only?: string) => selected(all, only).map(each => all.indexOf(each));

  it('is everything, a group, or one figure', () => {
    assert.deepEqual(chosen(), [0, 1, 2]);
    assert.deepEqual(chosen('makespan.'), [0, 1]);
    assert.deepEqual(chosen('makespan.s64'), [0]);
    assert.deepEqual(chosen('grade.agreement.'), [2]);
    assert.deepEqual(chosen('grade.agreement.all'), [2]);
    assert.ok(wants('makespan.', 'makespan.s64.running') && wants('makespan.s64', 'makespan.s64') && !wants('makespan.s64', 'makespan.s64.running'));
  });

  it('is nothing for a name that no figure has', () => {
    for (const only of ['', 'makespan', 'makespan.s6', 'other.', 'makespan.s64.running.']) assert.deepEqual(chosen(only), [], only);
  });

  it('has tasks of which an eighth is out of the model\'s reach, and the others are within it three times of four, each more or less', () => {
    const questions = Array.from({ length: 1000 }, (_, index) => questionAt(index));
    assert.equal(new Set(questions.map(({ question }) => question)).size, 1000);
    const within = questions.map(({ accuracy }) => accuracy).filter(accuracy => accuracy > 0);
    assert.equal(within.length, 880);
    assert.ok(Math.abs(within.reduce((sum, accuracy) => sum + accuracy, 0) / 880 - 0.75) < 0.005);
    assert.ok(Math.abs(within.filter(accuracy => accuracy < 0.5).length / 880 - 0.125) < 0.005);
  });
});
