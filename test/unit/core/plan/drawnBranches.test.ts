import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { WantedCall } from '../../../../src/core/model/answer.ts';
import { branchTitle } from '../../../../src/core/model/branchTitle.ts';
import { isKept } from '../../../../src/core/model/outcome.ts';
import type { TaskContext } from '../../../../src/core/plan/context.ts';
import type { Recipe } from '../../../../src/core/recipes/recipe.ts';
import { aContext, aRecipe, aReview, aRound, aStage, aTask } from '../../../support/builders.ts';
import { drive, type Says } from '../../../support/drive.ts';

const drawnRound = (drawn: number, parts: Parameters<typeof aRound>[0] = {}) => aRound({ count: 0, drawn, chain: [aStage('path')], ...parts });
const recipeOf = (drawn: number, parts: Partial<Recipe> = {}) => aRecipe({ rounds: { 1: drawnRound(drawn) }, ...parts });
const context = (recipe: Recipe, parts: Partial<TaskContext> = {}): TaskContext => ({ ...aContext({ recipe }), task: aTask(), ...parts });
const said = (call: WantedCall) => call.messages.map(message => message.content).join('\n');
const indexOf = (call: WantedCall) => Number(call.answers[0]?.branch.split(':')[1]);

/** A model that says of each draw its own answer, in words of its own. */
const answering = (of: (index: number, round: number) => string): Says => call => {
  const round = call.answers[0]?.round ?? 1;
  return `1. Draw ${indexOf(call)} of round ${round} counts.\n2. So it is \\boxed{${of(indexOf(call), round)}}`;
};

describe('plain draws', () => {
  it('ask the path stage for the task alone, each in a request of its own that differs in its seed only', () => {
    const { calls, plan } = drive(context(recipeOf(9), { mode: 'all' }), answering(() => '18'));
    assert.deepEqual(calls.map(call => call.answers.length), Array(9).fill(1));
    assert.equal(new Set(calls.map(said)).size, 1);
    assert.deepEqual(Object.keys(JSON.parse(calls[0] ? said(calls[0]) : '') as object), ['stage', 'task']);
    assert.equal(new Set(calls.map(call => call.answers[0]?.seed)).size, 9);
    assert.equal(new Set(calls.map(call => call.answers[0]?.fingerprint)).size, 9);
    const { branches } = plan.outcome();
    assert.deepEqual(branches.map(({ id }) => id).sort(), Array.from({ length: 9 }, (_, index) => `drawn:${index}`));
    assert.ok(branches.every(({ guidelines, hinted }) => guidelines.length === 0 && !hinted));
  });

  it('keep the same paths until enough and in all, in whatever order they come, and ask for fewer', () => {
    fc.assert(fc.property(fc.infiniteStream(fc.nat(1000)), fc.bigInt(0n, 2n ** 20n - 1n), fc.nat(1000), (stream, right, seed) => {
      const recipe = recipeOf(20, { perTask: 3, seed });
      const pick = (open: number) => (open === 0 ? 0 : (stream.next().value ?? 0) % open);
      const says = answering(index => (((right >> BigInt(index)) & 1n) === 1n ? '18' : '17'));
      const [some, all] = (['until-enough', 'all'] as const).map(mode => drive(context(recipe, { mode }), says, { pick }));
      const kept = (driven: typeof some) => driven?.plan.selected().filter(({ outcome }) => isKept(outcome)).map(({ text }) => text);
      assert.deepEqual(kept(some), kept(all));
      assert.equal(all?.calls.length, 20);
      assert.ok((some?.calls.length ?? 21) <= 20);
    }));
    assert.ok(drive(context(recipeOf(32, { perTask: 5 })), answering(() => '18')).calls.length <= 8);
  });

  it('are drawn again in the hint round, which alone is told the answer', () => {
    const recipe = recipeOf(6, { rounds: { 1: drawnRound(6), 2: drawnRound(4, { hintStages: ['path'] }) } });
    const { calls, plan } = drive(context(recipe, { task: aTask({ gold: '987654321' }) }), answering((_index, round) => (round === 2 ? '987654321' : '17')));
    assert.deepEqual(calls.map(call => [call.answers[0]?.round, said(call).includes('987654321')]), [...Array.from({ length: 6 }, () => [1, false]), ...Array.from({ length: calls.length - 6 }, () => [2, true])]);
    assert.ok(plan.outcome().branches.filter(isKept).every(({ hinted, id }) => hinted && id.startsWith('drawn:')));
    assert.equal(plan.outcome().state, 'solved');
  });

  it('are called by their number from 1, whatever their fork', () => {
    assert.deepEqual(['drawn:0', 'drawn:6', 'drawn:6~2', 'chosen:3'].map(id => branchTitle(id, [])), ['Draw 1', 'Draw 7', 'Draw 7', 'chosen:3']);
    assert.equal(branchTitle('chosen:3', ['Plan', 'Draw']), 'Plan + Draw');
  });
});

describe('known answers that are left unused', () => {
  const recipe = recipeOf(10, { knownAnswers: 'unused', perTask: 10, vote: { leastVotes: 2, leastShare: 0, leastMargin: 0 } });
  const votes = answering(index => (index < 5 ? '17' : index < 8 ? '18' : String(index)));

  it('change nothing, whatever they are and whether there are any', () => {
    const { gold: _gold, ...unknown } = aTask();
    fc.assert(fc.property(fc.array(fc.integer({ min: 16, max: 19 }), { minLength: 10, maxLength: 10 }), fc.option(fc.constantFrom('17', '18', 'ZQX', '\\frac{1}{2}', '')), (given, gold) => {
      const says = answering(index => String(given[index]));
      const [one, other] = [unknown, gold === null ? aTask() : aTask({ gold })].map(task => drive(context(recipe, { task }), says));
      assert.deepEqual(one?.plan.outcome(), other?.plan.outcome());
      assert.deepEqual(one?.calls, other?.calls);
    }), { numRuns: 60 });
  });

  it('leave it to the most votes: all paths that agree are kept, however many were against them', () => {
    const { plan, calls } = drive(context(recipe, { task: aTask({ gold: '18' }) }), votes);
    const { state, voted, branches, knownAnswerUnused } = plan.outcome();
    assert.deepEqual([state, voted, knownAnswerUnused, calls.length], ['solved', '17', true, 10]);
    assert.deepEqual(branches.filter(isKept).map(({ id }) => id).sort(), ['drawn:0', 'drawn:1', 'drawn:2', 'drawn:3', 'drawn:4']);
    assert.deepEqual(new Set(branches.flatMap(({ verdicts }) => verdicts.map(({ checker, reason }) => `${checker} ${reason}`))), new Set(['typed gold-unused', 'vote majority', 'vote minority']));
  });

  it('drop a task whose best answers have as many votes, or that only one path answers', () => {
    const outcomeOf = (of: (index: number) => string) => drive(context(recipe), answering(of)).plan.outcome();
    assert.deepEqual(outcomeOf(index => String(index % 2)).branches.map(({ loss }) => loss?.reason), Array(10).fill('tie'));
    const lone = drive(context(recipe), call => (indexOf(call) === 0 ? 'So \\boxed{18}' : 'No idea.')).plan.outcome();
    assert.deepEqual(lone.branches.filter(({ loss }) => loss?.step === 'vote').map(({ loss }) => loss?.reason), ['too-few-votes']);
  });

  it('are remembered for what a correction would make stale, and a person may still take an outvoted path in', () => {
    const { plan, answers } = drive(context(recipe, { task: aTask({ gold: '18' }) }), votes);
    assert.deepEqual(plan.judgedBy, { reviews: 0, gold: '18' });
    const outvoted = answers.find(answer => answer.branch === 'drawn:6');
    const reviewed = drive(context(recipe), votes, { reviews: [aReview({ path: outvoted?.fingerprint ?? assert.fail(), decision: 'accept' })] });
    assert.ok(reviewed.plan.outcome().branches.some(branch => branch.id === 'drawn:6' && isKept(branch)));
  });
});
