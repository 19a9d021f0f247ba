import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Answer, WantedCall } from '../../../../src/core/model/answer.ts';
import { isKept, type BranchOutcome, type Loss } from '../../../../src/core/model/outcome.ts';
import { decisions, type Review } from '../../../../src/core/model/review.ts';
import type { FinishReason } from '../../../../src/core/model/stage.ts';
import type { TaskContext } from '../../../../src/core/plan/context.ts';
import { TaskPlan } from '../../../../src/core/plan/taskPlan.ts';
import { aContext, aRecipe, aReview, aRound, aStage, aTask } from '../../../support/builders.ts';
import { drive, type Says } from '../../../support/drive.ts';

const context = (parts: Partial<TaskContext> = {}): TaskContext => ({ ...aContext(), task: aTask(), ...parts });

/** A model that says this as the path of a branch, and talks in every other stage. */
const speaks = (path: (branch: string, round: number) => string, judge = 'yes'): Says => ({ stage, answers: [first] }) => {
  const { branch = '', round = 1 } = first ?? {};
  if (stage === 'adapt') return `Adapted for ${branch}.`;
  if (stage === 'structure') return `1. Read (${branch})\n2. Multiply\n3. State the answer`;
  return stage === 'judge' ? judge : path(branch, round);
};

const boxes = (value: number) => (branch: string, round = 1): string => `1. For ${branch} in round ${round}: three sixes.\n2. The answer: \\boxed{${value}}`;
const [right, wrong] = [boxes(18), boxes(17)];
const unreadable = (branch: string): string => `1. For ${branch}: three sixes.\n2. That makes eighteen.`;
const hints = { 1: aRound(), 2: aRound({ hintStages: ['path'] }) };

const outcomesOf = (plan: TaskPlan) => plan.outcome().branches;
/** Where a kept path stands in the walk, and its text. */
const keptOf = (plan: TaskPlan) => plan.selected().filter(({ outcome }) => isKept(outcome)).map(({ outcome, text }) => [outcome.round, outcome.order, text]);
const pathOf = (plan: TaskPlan, branch: string, round = 1): string | undefined => outcomesOf(plan).find(each => each.id === branch && each.round === round)?.answers.path;

/** Everybody's path of every branch, whether a run until enough would come to it or not. */
const everyPath = (says: Says, parts: Partial<TaskContext> = {}) => drive(context({ ...parts, mode: 'all' }), says);

/** One review of each of these branches. */
const reviewsOf = (branches: readonly BranchOutcome[], parts: Parameters<typeof aReview>[0] = {}): Review[] =>
  branches.map(({ id, round, answers }) => aReview({ ...parts, id: `${round}/${id}/${parts.decision ?? 'accept'}`, path: answers.path ?? assert.fail(`${id} has no path`) }));

describe('a reject', () => {
  const recipe = aRecipe({ rounds: { 1: aRound({ count: 20 }) }, perTask: 5 });

  it('takes a path out with its reason, frees its slot, and the same order goes on', () => {
    const before = drive(context({ recipe }), speaks(right));
    const order = outcomesOf(everyPath(speaks(right), { recipe }).plan);
    assert.deepEqual(keptOf(before.plan).map(([, place]) => place), [0, 1, 2, 3, 4]);
    const rejected = [0, 2, 3, 4].flatMap(place => order[place] ?? []);
    const after = drive(context({ recipe }), speaks(right), { known: before.answers, reviews: reviewsOf(rejected, { decision: 'reject', reason: 'lucky' }) });
    assert.deepEqual(keptOf(after.plan).map(([, place]) => place), [1, 5, 6, 7, 8]);
    const known = new Set(before.answers.map(({ branch }) => branch));
    assert.ok(after.calls.length > 0 && after.calls.every(call => call.answers.every(({ branch }) => !known.has(branch))), 'more branches are asked for, and nothing twice');
    const loss = { step: 'review', reason: 'lucky' };
    for (const branch of outcomesOf(after.plan).filter(({ id }) => rejected.some(each => each.id === id))) {
      assert.deepEqual([branch.loss, branch.failed, branch.review], [loss, [loss], { decision: 'reject', reviewer: 'ada' }]);
      assert.equal(branch.verdicts[0]?.kind, 'correct', 'what the graders found stays');
    }
  });

  it('that is taken back leaves everything as it was, without a call', () => {
    const before = drive(context({ recipe }), speaks(right));
    const [first] = outcomesOf(before.plan);
    assert.ok(first);
    const [review] = reviewsOf([first], { decision: 'reject' });
    assert.ok(review);
    const after = drive(context({ recipe }), speaks(right), { known: before.answers, reviews: [review, { ...review, id: 'later', decision: 'none', supersedes: review.id }] });
    assert.deepEqual([after.calls, after.plan.outcome()], [[], before.plan.outcome()]);
  });

  it('without a reason says so, and what had taken the path before stays charged', () => {
    const says = speaks(branch => (branch.endsWith('-a') ? wrong(branch) : right(branch)));
    const before = everyPath(says);
    const { plan } = drive(context({ mode: 'all' }), says, { known: before.answers, reviews: reviewsOf(outcomesOf(before.plan), { decision: 'reject' }) });
    const rejected = { step: 'review', reason: 'rejected' };
    const lost = { step: 'verify', reason: 'not-equal' };
    assert.deepEqual(outcomesOf(plan).map(({ loss, failed }) => [loss, failed]), outcomesOf(plan).map(({ id }) => (id.endsWith('-a') ? [lost, [lost, rejected]] : [rejected, [rejected]])));
  });

  it('keeps its duplicate in its place', () => {
    const says = speaks(() => '1. Six.\n2. \\boxed{18}');
    const before = everyPath(says);
    const [first] = outcomesOf(before.plan);
    assert.ok(first && isKept(first));
    const { plan } = drive(context(), says, { known: before.answers, reviews: reviewsOf([first], { decision: 'reject' }) });
    assert.deepEqual(keptOf(plan).map(([, place]) => place), [1]);
  });
});

const kindNames = ['right', 'wrong', 'unreadable', 'same', 'broken', 'refused'] as const;
const kinds: { readonly [Name in (typeof kindNames)[number]]: (branch: string, round: number) => string } = {
  right, wrong, unreadable,
  same: () => '1. Six.\n2. \\boxed{18}',
  broken: branch => `\ud83d ${right(branch)}`,
  refused: () => 'I cannot help with that.',
};
const kind = fc.constantFrom(...kindNames);
const amendments = ['1. Mine.\n2. \\boxed{18}', '1. Six.\n2. \\boxed{18}', '1. Mine.\n2. \\boxed{17}', 'Eighteen, I say.', '\ud83d \\boxed{18}', ' '] as const;
const act = fc.record({ round: fc.constantFrom(1, 2), branch: fc.nat(6), reviewer: fc.constantFrom('ada', 'bob'), decision: fc.constantFrom(...decisions), amendedText: fc.constantFrom(...amendments) });
const someTask = fc.record({
  seed: fc.nat(1_000), perTask: fc.integer({ min: 1, max: 3 }), count: fc.integer({ min: 1, max: 7 }),
  said: fc.tuple(fc.array(kind, { minLength: 7, maxLength: 7 }), fc.array(kind, { minLength: 7, maxLength: 7 })), acts: fc.array(act, { maxLength: 10 }),
});
const letterOf = (branch: string): number => branch.charCodeAt(branch.length - 1) - 97;

describe('reviews', () => {
  it('give the same kept paths in both modes, and the same outcome in whatever order answers come', () => {
    fc.assert(fc.property(fc.infiniteStream(fc.nat(1_000)), someTask, (stream, { seed, perTask, count, said, acts }) => {
      const recipe = aRecipe({ rounds: { 1: aRound({ count }), 2: aRound({ count, hintStages: ['path'] }) }, perTask, seed });
      const says = speaks((branch, round) => kinds[said[round === 1 ? 0 : 1][letterOf(branch)] ?? 'right'](branch, round));
      const whole = everyPath(says, { recipe });
      const reviews = acts.flatMap(({ round, branch, ...review }, index) => {
        const path = pathOf(whole.plan, `guideline:advice-${String.fromCharCode(97 + branch)}`, round);
        return path === undefined ? [] : [aReview({ ...review, id: `review-${index}`, path, reviewedAtMs: index })];
      });
      const pick = (open: number) => (open === 0 ? 0 : (stream.next().value ?? 0) % open);
      const kept = (['all', 'until-enough'] as const).map(mode => {
        const { plan } = drive(context({ recipe, mode }), says, { pick, reviews });
        assert.deepEqual(drive(context({ recipe, mode }), says, { pick, reviews }).plan.outcome(), plan.outcome());
        const again = new TaskPlan(context({ recipe, mode }), [], reviews);
        again.receive(whole.answers);
        assert.deepEqual([again.next(), again.outcome()], [[], plan.outcome()], 'as a plan that finds everything there');
        const rejected = new Set(outcomesOf(plan).filter(({ review }) => review?.decision === 'reject').map(({ answers }) => answers.path));
        assert.ok(outcomesOf(plan).filter(isKept).every(({ answers }) => !rejected.has(answers.path)));
        return keptOf(plan);
      });
      assert.deepEqual(kept[1], kept[0]);
    }));
  });

  it('ask for no hints where they make enough in round 1, whichever answer comes last', () => {
    const recipe = aRecipe({ rounds: { 1: aRound({ count: 2 }), 2: aRound({ count: 2, hintStages: ['path'] }) }, perTask: 1 });
    const [first] = outcomesOf(everyPath(speaks(wrong), { recipe }).plan);
    assert.ok(first);
    const says = speaks((branch, round) => (branch === first.id ? unreadable(branch) : wrong(branch, round)));
    const path = pathOf(everyPath(says, { recipe }).plan, first.id);
    const reviews = [aReview({ path: path ?? assert.fail() })];
    const [inOrder, backwards] = [() => 0, (open: number) => Math.max(0, open - 1)].map(pick => drive(context({ recipe }), says, { pick, reviews }));
    assert.ok(inOrder && backwards);
    assert.deepEqual(backwards.plan.outcome(), inOrder.plan.outcome());
    assert.deepEqual([inOrder, backwards].map(({ plan, calls }) => [plan.rounds.length, calls.some(call => call.answers.some(({ round }) => round === 2))]), [[1, false], [1, false]]);
  });

  it('are told of for the basis of the outcome, with the known answer that counted', () => {
    const { gold: _gold, ...unknown } = aTask();
    assert.deepEqual(new TaskPlan(context(), [], [aReview(), aReview({ id: '2' })]).judgedBy, { reviews: 2, gold: '18' });
    assert.deepEqual(new TaskPlan(context({ task: unknown })).judgedBy, { reviews: 0 });
  });
});

/** A path that was lost, and for what. */
interface LostPath {
  readonly parts?: Partial<TaskContext>;
  readonly says: Says;
  readonly loss: Loss;
  readonly finish?: FinishReason;
  readonly round?: 2;
}

const one = (parts: Parameters<typeof aRecipe>[0] = {}) => aRecipe({ rounds: { 1: aRound({ count: 1 }) }, ...parts });

const overridden: Readonly<Record<string, LostPath>> = {
  'that cannot be read': { says: speaks(unreadable), loss: { step: 'extract', reason: 'no-box' } },
  'that boxes a placeholder': { says: speaks(() => '1. Three sixes.\n2. So it is \\boxed{Your Answer}'), loss: { step: 'placeholder', reason: 'placeholder' } },
  'that looks like a refusal': { says: speaks(() => 'I cannot help with that.'), loss: { step: 'refusal', reason: 'refusal' } },
  'that was cut': { says: speaks(right), finish: 'length', loss: { step: 'finish', reason: 'cut' } },
  'whose answer cannot be compared': { parts: { task: aTask({ answerKind: 'expression', gold: '|x|' }) }, says: speaks(() => '1. We look.\n2. It is \\boxed{x}'), loss: { step: 'verify', reason: 'undecided' } },
  'that betrays the hint': {
    parts: { recipe: one({ rounds: { 1: aRound({ count: 1 }), 2: aRound({ count: 1, hintStages: ['path'] }) } }) }, round: 2,
    says: speaks((branch, round) => (round === 1 ? wrong(branch) : '1. Three sixes.\n2. Together 18, which agrees with the known answer.\n\\boxed{18}')), loss: { step: 'leak', reason: 'names-given-answer' },
  },
  'that the judge does not like': {
    parts: { recipe: one({ rounds: { 1: aRound({ count: 1, judge: aStage('judge') }) }, filters: ['verify', 'judge'] }) }, says: speaks(right, 'No.'), loss: { step: 'judge', reason: 'judge-no' },
  },
  'without steps': { parts: { recipe: one({ filters: ['verify', 'clean'], clean: { requireSteps: true } }) }, says: speaks(() => 'Three sixes make \\boxed{18}.'), loss: { step: 'clean', reason: 'no-steps' } },
  'that is too long': {
    parts: { recipe: one({ filters: ['verify', 'length'], length: { below: 20, tokenizer: 'estimate' } }), countTokens: text => text.length }, says: speaks(right), loss: { step: 'length', reason: 'too-long' },
  },
};

const standing: Readonly<Record<string, LostPath>> = {
  'whose answer was read and is another': { says: speaks(wrong), loss: { step: 'verify', reason: 'not-equal' } },
  'that the released filter finds wrong': { parts: { filter: 'reference' }, says: speaks(wrong), loss: { step: 'verify', reason: 'number-not-equal' } },
  'that is wrong, and cut as well': { says: speaks(wrong), finish: 'length', loss: { step: 'finish', reason: 'cut' } },
  'that no data file can hold': { says: speaks(branch => `\ude00 ${right(branch)}`), loss: { step: 'extract', reason: 'broken-text' } },
  'that no data file can hold, and cut as well': { says: speaks(branch => `\ude00 ${right(branch)}`), finish: 'length', loss: { step: 'finish', reason: 'cut' } },
};

/** The one branch that a lost path stands in, under a review of it. */
function reviewed({ parts = {}, says, finish = 'stop', round }: LostPath, review?: Parameters<typeof aReview>[0]): { readonly branch: BranchOutcome; readonly text: string | undefined; readonly plan: TaskPlan } {
  const of = context({ recipe: one(), mode: 'all', ...parts });
  const known = drive(of, says).answers.map((answer): Answer => (answer.stage === 'path' ? { ...answer, finish } : answer));
  const path = known.find(answer => answer.stage === 'path' && answer.round === (round ?? 1))?.fingerprint ?? assert.fail();
  const { plan, calls } = drive(of, says, { known, ...(review ? { reviews: [aReview({ ...review, path })] } : {}) });
  assert.deepEqual(calls, [], 'nothing is asked for a review');
  const found = plan.selected().find(each => each.outcome.answers.path === path);
  assert.ok(found);
  return { branch: found.outcome, text: found.text, plan };
}

describe('an accept', () => {
  for (const [name, lost] of Object.entries(overridden)) {
    it(`keeps a path ${name}, and says what it overrides`, () => {
      const before = reviewed(lost);
      assert.deepEqual([before.branch.loss, isKept(before.branch)], [lost.loss, false]);
      const { branch, text, plan } = reviewed(lost, {});
      assert.deepEqual([branch.loss, branch.review, isKept(branch)], [undefined, { decision: 'accept', reviewer: 'ada', overrides: lost.loss }, true]);
      assert.deepEqual([branch.failed, branch.verdicts, text], [before.branch.failed, before.branch.verdicts, before.text], 'what was found of it stays');
      assert.deepEqual([plan.outcome().state, branch.edited], ['solved', undefined]);
    });
  }

  for (const [name, lost] of Object.entries(standing)) {
    it(`does not keep a path ${name}`, () => {
      const { branch } = reviewed(lost, {});
      assert.deepEqual([branch.loss, branch.review, isKept(branch)], [lost.loss, { decision: 'accept', reviewer: 'ada' }, false]);
    });
  }

  it('of a path that passed changes nothing but that it says so', () => {
    const { branch } = reviewed({ says: speaks(right), loss: { step: 'review', reason: 'none' } }, { reviewer: 'bob' });
    assert.deepEqual([branch.loss, branch.review], [undefined, { decision: 'accept', reviewer: 'bob' }]);
  });

  it('takes no more paths than there may be, and no text twice', () => {
    const before = everyPath(speaks(branch => (branch.endsWith('-a') || branch.endsWith('-b') ? 'Eighteen, all in all.' : unreadable(branch))));
    const { plan } = drive(context({ mode: 'all' }), () => assert.fail('nothing is asked'), { known: before.answers, reviews: reviewsOf(outcomesOf(before.plan)) });
    assert.deepEqual([keptOf(plan).length, new Set(keptOf(plan).map(([, , text]) => text)).size], [2, 2]);
    assert.ok(outcomesOf(plan).filter(branch => !isKept(branch)).every(({ loss }) => loss?.step === 'cap' || loss?.step === 'duplicate'));
  });
});

describe('an amendment', () => {
  const amended = (lost: Omit<LostPath, 'loss'>, amendedText: string) => reviewed({ ...lost, loss: { step: 'review', reason: 'none' } }, { decision: 'amend', amendedText });

  it('is graded anew, marked, and kept as it was written', () => {
    const text = '1. I count three sixes.\n2. They make \\boxed{18}';
    for (const [says, step] of [[speaks(wrong), 'verify'], [speaks(unreadable), 'extract'], [speaks(() => 'I cannot help with that.'), 'refusal'], [speaks(branch => `\ud83d ${right(branch)}`), 'extract']] as const) {
      const { branch, text: kept } = amended({ says }, `${text}\n`);
      assert.deepEqual([isKept(branch), kept, branch.edited, branch.failed, branch.loss], [true, text, true, [], undefined]);
      assert.deepEqual([branch.verdicts.map(({ checker, kind: found }) => [checker, found]), branch.review?.overrides, branch.review?.before?.step], [[['typed', 'correct']], undefined, step], 'it overrides nothing, and says what had taken the path before');
    }
    assert.equal(amended({ says: speaks(right), finish: 'length' }, text).branch.loss, undefined, 'a person’s text is never cut');
  });

  it('that is wrong, or that no data file can hold, is not kept, whatever the model wrote', () => {
    for (const [text, loss] of [['1. Mine.\n2. \\boxed{17}', { step: 'verify', reason: 'not-equal' }], ['\ud83d 1. Mine.\n2. \\boxed{18}', { step: 'extract', reason: 'broken-text' }]] as const) {
      const { branch } = amended({ says: speaks(right) }, text);
      assert.deepEqual([isKept(branch), branch.loss, branch.edited, branch.review], [false, loss, true, { decision: 'amend', reviewer: 'ada' }]);
    }
  });

  it('that a filter would take is kept all the same, and says what it overrides', () => {
    const { branch, text } = amended({ says: speaks(wrong) }, 'Eighteen, I say.');
    assert.deepEqual([isKept(branch), text, branch.review?.overrides], [true, 'Eighteen, I say.', { step: 'extract', reason: 'no-box' }]);
  });

  it('without a word leaves the path as it is', () => {
    const { branch, text } = amended({ says: speaks(right) }, ' \n');
    assert.deepEqual([branch.review, branch.edited, text], [undefined, undefined, right('guideline:advice-a')]);
  });

  it('has nothing of what the judge had said of the text before', () => {
    const parts = { recipe: one({ rounds: { 1: aRound({ count: 1, judge: aStage('judge') }) }, filters: ['verify', 'judge'] as const }) };
    const { branch } = amended({ parts, says: speaks(right, 'No.') }, '1. Mine.\n2. \\boxed{18}');
    assert.deepEqual([isKept(branch), branch.failed, branch.verdicts.map(({ checker }) => checker), branch.review?.overrides], [true, [], ['typed'], undefined]);
  });

  it('is compared with other paths by its own text', () => {
    const before = everyPath(speaks(right));
    const [first, second, third] = outcomesOf(before.plan);
    assert.ok(first && second && third);
    const text = before.plan.selected()[0]?.text ?? assert.fail();
    const { plan } = drive(context({ mode: 'all' }), speaks(right), { known: before.answers, reviews: reviewsOf([second], { decision: 'amend', amendedText: text.toUpperCase() }) });
    assert.deepEqual(outcomesOf(plan).slice(0, 3).map(({ loss }) => loss), [undefined, { step: 'duplicate', reason: 'same-text' }, undefined]);
  });

  it('takes no hinted path away', () => {
    const says = speaks((branch, round) => (round === 1 ? wrong(branch) : right(branch, round)));
    const recipe = aRecipe({ rounds: hints, perTask: 3 });
    const before = everyPath(says, { recipe });
    const [first] = outcomesOf(before.plan);
    assert.deepEqual(keptOf(before.plan).map(([round]) => round), [2, 2, 2]);
    const reviews = reviewsOf(first ? [first] : [], { decision: 'amend', amendedText: '1. Mine.\n2. \\boxed{18}' });
    for (const mode of ['all', 'until-enough'] as const) {
      const { plan } = drive(context({ recipe, mode }), says, { known: before.answers, reviews });
      assert.deepEqual(keptOf(plan).map(([round]) => round), [1, 2, 2], mode);
    }
  });
});

describe('the state of a task', () => {
  /** Where a task stands whose paths say this, once those are rejected that `reject` names. */
  function stateOf(path: (branch: string) => string, reject: (branch: string) => boolean, parts: Partial<TaskContext> = {}) {
    const { plan, answers } = everyPath(speaks(path), parts);
    const reviews = reviewsOf(outcomesOf(plan).filter(({ id }) => reject(id)), { decision: 'reject' });
    return drive(context({ ...parts, mode: 'all' }), speaks(path), { known: answers, reviews }).plan.outcome().state;
  }
  const isFirst = (branch: string) => branch.endsWith('-a');
  const firstSays = (first: (branch: string) => string, rest: (branch: string) => string) => (branch: string) => (isFirst(branch) ? first(branch) : rest(branch));

  it('is unsolved once all correct paths are rejected', () => {
    assert.equal(stateOf(right, isFirst), 'solved');
    assert.equal(stateOf(right, () => true), 'unsolved');
    assert.equal(stateOf(firstSays(right, wrong), isFirst), 'unsolved');
    assert.equal(stateOf(firstSays(right, unreadable), isFirst), 'unsolved', 'one was read');
  });

  it('is needs-review as long as one is left that a person can win', () => {
    const recipe = aRecipe({ filters: ['verify', 'clean'], clean: { requireSteps: true } });
    const prose = (branch: string) => `For ${branch} three sixes make \\boxed{18}.`;
    assert.equal(stateOf(prose, isFirst, { recipe }), 'needs-review');
    assert.equal(stateOf(prose, () => true, { recipe }), 'unsolved');
    assert.equal(stateOf(firstSays(prose, wrong), isFirst, { recipe }), 'unsolved');
    const { gold: _gold, ...task } = aTask();
    assert.equal(stateOf(firstSays(right, unreadable), () => false, { task }), 'needs-review');
    assert.equal(stateOf(firstSays(right, unreadable), () => true, { task }), 'unsolved');
  });

  it('is all-unreadable where nothing was read, unless a person rejected all of it', () => {
    assert.deepEqual([() => false, isFirst, () => true].map(reject => stateOf(unreadable, reject)), ['all-unreadable', 'all-unreadable', 'unsolved']);
  });
});

describe('a vote', () => {
  const { gold: _gold, ...task } = aTask();
  const order = outcomesOf(everyPath(speaks(right), { task }).plan).map(({ id }) => id);
  const placeOf = (branch: string) => order.findIndex(id => id === branch);

  /** The plan of a task without a known answer after reviews of the branches at these places of the order. */
  function voted(path: (branch: string) => string, places: readonly number[], review: Parameters<typeof aReview>[0]) {
    const { plan, answers } = everyPath(speaks(path), { task });
    return drive(context({ task }), speaks(path), { known: answers, reviews: reviewsOf(places.flatMap(place => outcomesOf(plan)[place] ?? []), review) }).plan.outcome();
  }

  it('does not count paths that were rejected', () => {
    const mostly = (branch: string) => (placeOf(branch) < 4 ? right(branch) : wrong(branch));
    assert.equal(voted(mostly, [], {}).voted, '18');
    const outcome = voted(mostly, [0, 1, 2], { decision: 'reject' });
    assert.equal(outcome.voted, '17');
    assert.deepEqual(outcome.branches.map(({ loss }) => loss?.step ?? 'kept'), ['review', 'review', 'review', 'vote', 'kept', 'kept']);
    assert.ok(outcome.branches.slice(0, 3).every(({ verdicts }) => verdicts.every(({ checker }) => checker !== 'vote')));
    const few = voted(mostly, [0, 1, 2, 3], { decision: 'reject' });
    assert.deepEqual([few.state, few.voted, few.branches.at(-1)?.loss], ['needs-review', undefined, { step: 'vote', reason: 'too-few-votes' }]);
  });

  it('does not take a path that a person accepted, and is what the majority said all the same', () => {
    const firstAlone = (branch: string) => (placeOf(branch) === 0 ? wrong(branch) : right(branch));
    const minority = { step: 'vote', reason: 'minority' };
    assert.deepEqual(voted(firstAlone, [], {}).branches[0]?.loss, minority);
    const outcome = voted(firstAlone, [0], {});
    const [first] = outcome.branches;
    assert.ok(first && isKept(first));
    assert.deepEqual([first.review, first.failed], [{ decision: 'accept', reviewer: 'ada', overrides: minority }, [minority]]);
    assert.equal(outcome.voted, '18');
    assert.equal(outcome.branches.filter(isKept).length, 2);
  });

  it('is no vote where nobody won, whatever was accepted', () => {
    const halves = (branch: string) => (placeOf(branch) < 3 ? right(branch) : wrong(branch));
    const outcome = voted(halves, [4], {});
    assert.deepEqual([outcome.state, outcome.voted, outcome.branches[4]?.review?.overrides], ['solved', undefined, { step: 'vote', reason: 'tie' }]);
  });

  it('takes neither an amended text nor a path that cannot be read, once a person let them stand', () => {
    const amendment = voted(right, [0], { decision: 'amend', amendedText: '1. Mine.\n2. \\boxed{17}' });
    assert.deepEqual([amendment.branches[0]?.loss, amendment.branches[0]?.review?.overrides, amendment.voted], [undefined, { step: 'vote', reason: 'minority' }, '18']);
    const blind = voted(branch => (placeOf(branch) === 0 ? unreadable(branch) : right(branch)), [0], {});
    assert.deepEqual([blind.branches[0]?.loss, blind.branches[0]?.review?.overrides, blind.voted], [undefined, { step: 'extract', reason: 'no-box' }, '18']);
  });
});

describe('a corrected known answer', () => {
  it('grades every path by it, and asks for nothing that is there', () => {
    const recipe = aRecipe({ rounds: hints });
    const says = speaks((branch, round) => (round === 1 ? wrong(branch) : right(branch, round)));
    const before = everyPath(says, { recipe });
    assert.deepEqual(keptOf(before.plan).map(([round]) => round), [2, 2]);
    const after = drive(context({ recipe, mode: 'all', task: aTask({ gold: '17' }) }), says, { known: before.answers });
    assert.deepEqual([after.calls, after.plan.rounds.length, keptOf(after.plan).map(([round, order]) => [round, order])], [[], 1, [[1, 0], [1, 1]]]);
  });

  it('lets people’s reviews stand: a reject of what is right now is still a reject, an accept of what was wrong counts', () => {
    const says = speaks(wrong);
    const before = everyPath(says);
    const [first, second] = outcomesOf(before.plan);
    assert.ok(first && second);
    const reviews = [...reviewsOf([first], { decision: 'reject' }), ...reviewsOf([second])];
    const calls: WantedCall[] = [];
    const { plan } = drive(context({ mode: 'all', task: aTask({ gold: '17' }) }), call => { calls.push(call); return ''; }, { known: before.answers, reviews });
    assert.deepEqual(outcomesOf(plan).slice(0, 3).map(({ loss, review }) => [loss?.step, review?.decision]), [['review', 'reject'], [undefined, 'accept'], [undefined, undefined]]);
    assert.deepEqual(calls, []);
  });
});
