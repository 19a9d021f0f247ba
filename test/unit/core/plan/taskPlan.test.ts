import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { WantedCall } from '../../../../src/core/model/answer.ts';
import { isKept } from '../../../../src/core/model/outcome.ts';
import type { TaskContext } from '../../../../src/core/plan/context.ts';
import { TaskPlan } from '../../../../src/core/plan/taskPlan.ts';
import { aContext, aGuideline, aRecipe, aRound, aStage, aTask, answersTo } from '../../../support/builders.ts';
import { drive, type Says } from '../../../support/drive.ts';

const context = (parts: Partial<TaskContext> = {}): TaskContext => ({ ...aContext(), task: aTask(), ...parts });
const said = (call: WantedCall) => call.messages.map(message => message.content).join('\n');

/** A model that gets the branches right that `right` names, and talks in every other stage. */
const model = (right: (branch: string) => boolean, round2 = right): Says => call => {
  const [first] = call.answers;
  const { branch = '', round = 1 } = first ?? {};
  if (call.stage === 'adapt') return `Adapted for ${branch}.`;
  if (call.stage === 'structure') return `1. Read (${branch})\n2. Multiply\n3. State the answer`;
  if (call.stage === 'judge') return 'yes';
  return `1. For ${branch} in round ${round}: three sixes.\n2. The answer: \\boxed{${(round === 1 ? right : round2)(branch) ? 18 : 17}}`;
};

describe('planning one task', () => {
  it('takes a branch through adapt, structure and path, and keeps correct paths up to the cap', () => {
    const { plan, calls } = drive(context({ mode: 'all' }), model(() => true));
    assert.equal(calls.length, 18);
    const outcome = plan.outcome();
    assert.equal(outcome.state, 'solved');
    assert.equal(outcome.branches.filter(isKept).length, 2);
    assert.deepEqual(outcome.branches.filter(branch => !isKept(branch)).map(branch => branch.loss), Array(4).fill({ step: 'cap', reason: 'enough' }));
  });

  it('runs only as many branches as the walk needs until enough are kept', () => {
    const recipe = aRecipe({ rounds: { 1: aRound({ count: 25 }) }, perTask: 5 });
    const { plan, calls } = drive(context({ recipe }), model(() => true));
    assert.equal(plan.settled, true);
    assert.ok(calls.length <= 8 * 3, `${calls.length} calls for five paths`);
    assert.equal(plan.outcome().branches.filter(isKept).length, 5);
  });

  it('keeps the same paths in both modes and in whatever order calls finish', () => {
    fc.assert(fc.property(fc.infiniteStream(fc.nat(1000)), fc.bigInt(0n, 2n ** 12n - 1n), fc.nat(1000), (stream, rightBits, seed) => {
      const right = (branch: string) => ((rightBits >> BigInt(branch.charCodeAt(branch.length - 1) % 12)) & 1n) === 1n;
      const recipe = aRecipe({ rounds: { 1: aRound({ count: 12 }) }, perTask: 3, seed });
      const pick = (open: number) => (open === 0 ? 0 : (stream.next().value ?? 0) % open);
      const kept = (mode: 'all' | 'until-enough') => drive(context({ recipe, mode }), model(right), { pick }).plan.selected().filter(each => isKept(each.outcome)).map(each => each.text);
      assert.deepEqual(kept('until-enough'), kept('all'));
      assert.deepEqual(kept('all'), kept('all'));
    }));
  });

  it('knows how many answers a plan will use that begins with everything it was told', () => {
    fc.assert(fc.property(fc.infiniteStream(fc.nat(1000)), fc.nat(1000), fc.nat(11), fc.constantFrom('all', 'until-enough'), (stream, seed, right, mode) => {
      const round = aRound({ count: 4, choices: [aGuideline('advice-a'), aGuideline('advice-b')], choose: { ...aStage('choose'), samples: 4, picks: [1, 2] }, judge: aStage('judge') });
      const recipe = aRecipe({ rounds: { 1: round, 2: { ...round, hintStages: ['path'] } }, filters: ['finish', 'extract', 'verify', 'judge'], seed });
      const text = model(branch => branch.charCodeAt(branch.length - 1) % 12 < right, branch => branch.endsWith('2'));
      const says: Says = (call, sample) => {
        const base = call.answers[0]?.seed ?? 0;
        if (base % 7 === 0) return null;
        if ((base + sample) % 5 === 0) return '';
        return call.stage === 'choose' ? 'advice-a, advice-b' : text(call, sample);
      };
      const { plan, calls, answers } = drive(context({ recipe, mode }), says, { pick: open => (open === 0 ? 0 : (stream.next().value ?? 0) % open) });
      const answered = new Set(answers.map(answer => answer.fingerprint));
      const lost = calls.flatMap(call => call.answers).filter(({ fingerprint }) => !answered.has(fingerprint));
      const again = new TaskPlan(context({ recipe, mode }));
      again.receive(answers, lost.map(({ fingerprint }) => ({ fingerprint, problem: { code: 'server-error', message: 'lost' } })));
      assert.deepEqual(again.outcome(), plan.outcome());
      const used = [...again.usedAnswers()];
      assert.equal(plan.decidedAnswers().reduce((sum, each) => sum + each.answers, 0), used.length);
      for (const { stage, round: of, answers: count } of plan.decidedAnswers()) assert.equal(count, used.filter(answer => answer.stage === stage && answer.round === of).length, stage);
    }));
  });

  it('never asks twice for what is stored, wherever it was interrupted', () => {
    fc.assert(fc.property(fc.nat(60), fc.nat(5), (stopAfter, right) => {
      const recipe = aRecipe({ rounds: { 1: aRound(), 2: aRound({ hintStages: ['path'] }) } });
      const says = model(branch => branch.charCodeAt(branch.length - 1) % 6 > right, () => true);
      const whole = drive(context({ recipe }), says);
      const known = whole.answers.slice(0, stopAfter);
      const again = drive(context({ recipe }), says, { known });
      const stored = new Set(known.map(answer => answer.fingerprint));
      assert.equal(again.calls.some(call => call.answers.some(answer => stored.has(answer.fingerprint))), false);
      assert.deepEqual(again.plan.outcome(), whole.plan.outcome());
      assert.equal(drive(context({ recipe }), says, { known: whole.answers }).calls.length, 0);
    }));
  });

  it('hands no call out twice', () => {
    const plan = new TaskPlan(context());
    plan.receive([]);
    assert.ok(plan.next().length > 0);
    assert.equal(plan.next().length, 0);
  });

  it('shows guideline texts to adapt alone and the known answer to nobody in round 1', () => {
    const task = aTask({ gold: '987654321' });
    const { calls } = drive(context({ task, mode: 'all' }), model(() => false));
    assert.equal(calls.some(call => said(call).includes('987654321')), false);
    assert.equal(calls.filter(call => call.stage !== 'adapt').some(call => said(call).includes('GUIDELINE')), false);
    assert.equal(calls.filter(call => call.stage === 'path').some(call => said(call).includes('Adapted for')), false);
  });

  it('shows the known answer in round 2 only to the hint stages', () => {
    const recipe = aRecipe({ rounds: { 1: aRound(), 2: aRound({ count: 3, hintStages: ['path'] }) } });
    const { calls, plan } = drive(context({ recipe, task: aTask({ gold: '987654321' }) }), model(() => false));
    const hinted = calls.filter(call => said(call).includes('987654321'));
    assert.deepEqual(new Set(hinted.map(call => `${call.stage}/${call.answers[0]?.round}`)), new Set(['path/2']));
    assert.equal(plan.rounds.length, 2);
  });

  it('gives hints only where nothing is correct and something readably wrong', () => {
    const recipe = aRecipe({ rounds: { 1: aRound(), 2: aRound({ count: 3, hintStages: ['path'] }) } });
    const rounds = (says: Says) => drive(context({ recipe }), says).plan.rounds.length;
    assert.equal(rounds(model(() => false)), 2);
    assert.equal(rounds(model(branch => branch.endsWith('a'))), 1);
    const unreadable: Says = (call, sample) => (call.stage === 'path' ? 'I am thinking about it.' : model(() => true)(call, sample));
    assert.equal(rounds(unreadable), 1);
    assert.equal(drive(context({ recipe }), unreadable).plan.outcome().state, 'all-unreadable');
  });

  it('gives no hints to a task whose correct path merely lost its format', () => {
    const recipe = aRecipe({ rounds: { 1: aRound(), 2: aRound({ count: 3, hintStages: ['path'] }) }, filters: ['verify', 'clean'], clean: { requireSteps: true } });
    const prose: Says = (call, sample) => (call.stage === 'path' ? 'Three sixes make \\boxed{18}.' : model(() => true)(call, sample));
    const { plan } = drive(context({ recipe }), prose);
    assert.equal(plan.rounds.length, 1);
    assert.equal(plan.outcome().state, 'needs-review');
  });

  it('draws an unusable answer again with the next sample number, then charges the stage', () => {
    const { plan, calls } = drive(context({ mode: 'all' }), (call, sample) => (call.stage === 'structure' ? '' : model(() => true)(call, sample)));
    const samples = calls.filter(call => call.stage === 'structure' && call.answers[0]?.branch.endsWith('-a')).map(call => call.answers[0]?.sample);
    assert.deepEqual(samples, [0, 1, 2]);
    assert.equal(plan.outcome().state, 'failed');
    assert.deepEqual(plan.outcome().branches[0]?.loss, { step: 'stage-structure', reason: 'structure-unusable' });
  });

  it('counts a branch that was lost in transport with its reason, and goes on without it', () => {
    const { plan } = drive(context({ mode: 'all' }), (call, sample) => (call.answers[0]?.branch.endsWith('-a') === true ? null : model(() => true)(call, sample)));
    const lost = plan.outcome().branches.find(branch => branch.id.endsWith('-a'));
    assert.deepEqual(lost?.loss, { step: 'stage-adapt', reason: 'server-error' });
    assert.equal(plan.outcome().state, 'solved');
  });

  it('draws all chosen guidelines in one request and an invalid choice again with number i + r·n', () => {
    const choices = ['advice-a', 'advice-b', 'advice-c'].map(aGuideline);
    const round = aRound({ count: 0, choices, choose: { ...aStage('choose'), samples: 4, picks: [2, 3] } });
    const says: Says = (call, sample) => (call.stage !== 'choose' ? model(() => true)(call, sample) : sample === 1 ? 'no idea' : 'advice-a, advice-c');
    const { calls, plan } = drive(context({ recipe: aRecipe({ rounds: { 1: round } }), mode: 'all' }), says);
    const choose = calls.filter(call => call.stage === 'choose').map(call => call.answers.map(answer => answer.sample));
    assert.deepEqual(choose, [[0, 1, 2, 3], [5]]);
    assert.deepEqual(new Set(calls[0]?.answers.map(answer => answer.seed - answer.sample)).size, 1);
    assert.deepEqual(plan.outcome().branches.map(branch => branch.guidelines.join()), Array(4).fill('advice-a,advice-c'));
    const adapt = calls.find(call => call.stage === 'adapt');
    assert.ok(adapt && said(adapt).includes('GUIDELINE advice-a.\\nGUIDELINE advice-c.'), 'the chosen guidelines’ own text flows on');
  });

  it('asks the judge only about paths that are correct so far, and lets its no take them', () => {
    const recipe = aRecipe({ rounds: { 1: aRound({ judge: aStage('judge') }) }, filters: ['verify', 'judge'] });
    const says: Says = (call, sample) => (call.stage === 'judge' ? (call.answers[0]?.branch.endsWith('-a') === true ? 'No.' : 'Yes') : model(branch => branch < 'guideline:advice-d')(call, sample));
    const { plan, calls } = drive(context({ recipe, mode: 'all' }), says);
    assert.equal(calls.filter(call => call.stage === 'judge').length, 3);
    assert.equal(plan.outcome().branches.filter(isKept).length, 2);
    assert.deepEqual(plan.outcome().branches.find(branch => branch.id.endsWith('-a'))?.loss, { step: 'judge', reason: 'judge-no' });
  });

  it('lets the majority decide where there is no known answer', () => {
    const { gold: _gold, ...task } = aTask();
    const { plan, calls } = drive(context({ task }), model(branch => !branch.endsWith('-a')));
    assert.equal(calls.length, 18, 'a vote needs every branch');
    const outcome = plan.outcome();
    assert.equal(outcome.voted, '18');
    assert.equal(outcome.branches.find(branch => branch.id.endsWith('-a'))?.loss?.reason, 'minority');
    assert.equal(drive(context({ task }), model(branch => branch < 'guideline:advice-d')).plan.outcome().state, 'needs-review', 'a tie drops the task');
  });

  it('skips a path whose text is kept already', () => {
    const same: Says = (call, sample) => (call.stage === 'path' ? '1. Six.\n2. \\boxed{18}' : model(() => true)(call, sample));
    const { plan } = drive(context({ mode: 'all' }), same);
    assert.equal(plan.outcome().branches.filter(isKept).length, 1);
    assert.equal(plan.outcome().branches.filter(branch => branch.loss?.step === 'duplicate').length, 5);
  });

  it('goes no further than the stages it may ask', () => {
    const { plan, calls } = drive(context({ allowed: new Set(['adapt']) }), model(() => true));
    assert.deepEqual(new Set(calls.map(call => call.stage)), new Set(['adapt']));
    assert.equal(calls.length, 6, 'every branch goes as far as it may');
    assert.equal(plan.settled, false);
  });

  it('makes exactly the later answers stale when a prompt changes', () => {
    const before = drive(context({ mode: 'all' }), model(() => true));
    const edited = aRound({ chain: [aStage('adapt'), aStage('structure', { version: 2 }), aStage('path')] });
    const after = drive(context({ mode: 'all', recipe: aRecipe({ rounds: { 1: edited } }) }), model(() => true), { known: before.answers });
    assert.deepEqual(after.calls.map(call => call.stage).sort(), ['path', 'structure'].flatMap(stage => Array.from({ length: 6 }, () => stage)));
  });

  it('asks both rounds of one model, and takes no answer of another', () => {
    const recipe = aRecipe({ rounds: { 1: aRound(), 2: aRound({ count: 3, hintStages: ['path'] }) } });
    const one = drive(context({ recipe }), model(() => false));
    assert.equal(one.plan.rounds.length, 2);
    const other = drive(context({ recipe, identity: 'another model' }), model(() => false), { known: one.answers });
    assert.equal(other.plan.usedAnswers().size, one.plan.usedAnswers().size);
    assert.equal(other.calls.length, one.calls.length, 'every answer is asked for again');
    assert.equal(drive(context({ recipe }), model(() => false), { known: other.answers }).calls.length, 0, 'and both stand beside each other');
  });

  it('gives one request and its single draws the same fingerprints and seeds', () => {
    const round = aRound({ count: 0, choices: [aGuideline('advice-a'), aGuideline('advice-b')], choose: { ...aStage('choose'), samples: 3, picks: [2, 2] } });
    const plan = new TaskPlan(context({ recipe: aRecipe({ rounds: { 1: round } }) }));
    plan.receive([]);
    const [call] = plan.next();
    assert.ok(call);
    plan.receive(answersTo({ ...call, answers: call.answers.slice(0, 1) }, ['advice-a advice-b']));
    assert.deepEqual(call.answers.map(answer => answer.seed), [0, 1, 2].map(sample => (call.answers[0]?.seed ?? 0) + sample));
    assert.equal(new Set(call.answers.map(answer => answer.fingerprint)).size, 3);
  });
});
