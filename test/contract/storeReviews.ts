import assert from 'node:assert/strict';
import { branchId, fingerprint, taskId, type TaskId } from '../../src/core/model/ids.ts';
import type { GoldCorrection, Review, StoredReview } from '../../src/core/model/review.ts';
import type { Task } from '../../src/core/model/task.ts';
import type { PathFacts, Store } from '../../src/ports/store.ts';
import { aReview, aTask } from '../support/builders.ts';
import { aBranch, aCall, anArrival, anOutcome, aRunDraft, aSending, theRecipe } from '../support/storeFacts.ts';
import { reopenedAtMs, refusal } from './store.ts';

const { gold: _gold, ...withoutGold } = aTask({ id: 'set/2' });
const tasks: readonly Task[] = [aTask({ id: 'set/1' }), withoutGold, aTask({ id: 'set/3' })];
const [first, second, third] = ['set/1', 'set/2', 'set/3'].map(taskId) as [TaskId, TaskId, TaskId];

const aCorrection = (parts: Partial<GoldCorrection> = {}): GoldCorrection => ({ taskId: first, gold: '17', reviewer: 'ada', atMs: 5_000, ...parts });

/** A project with three tasks and a run. */
function begin(store: Store): Store {
  store.addTasks(tasks);
  store.recordRecipe(theRecipe);
  store.startRun(aRunDraft());
  return store;
}

/** Stores a path for each of these places of a task; gives their fingerprints. */
function walkPaths(store: Store, task: TaskId, places: readonly { readonly branch: string; readonly round?: 1 | 2 }[]) {
  return places.map(place => {
    const call = aCall(task, place);
    const [attempt] = store.commit({ sent: [aSending(store.runs()[0]?.id ?? assert.fail(), call)] });
    store.commit({ settled: [anArrival(attempt ?? assert.fail(), call, [`The path of ${place.branch}.`])] });
    return call.answers[0]?.fingerprint ?? assert.fail();
  });
}

const sorted = (counts: ReadonlyMap<string, number>) => [...counts].filter(([, count]) => count !== 0).sort();

/** Whatever a store repeats of its facts is what the facts say. */
function checkCounts(store: Store): void {
  assert.deepEqual(sorted(store.counters()), sorted(store.recount()));
  assert.deepEqual(store.branchCounts(), store.recountBranches());
}

const ofReviews = (store: Store) => store.journal(0, 1_000).filter(({ kind }) => kind === 'path-reviewed' || kind === 'gold-corrected').map(({ kind, task, atMs }) => [kind, task, atMs]);
const settledBy = (store: Store, basis: string) => store.settledTasks(basis, undefined, 10).map(settled => settled.taskId);

/** What a store must do with what people think of paths. */
export function reviewsContract(current: () => Store, reopen: () => Store): void {
  it('gives reviews back exactly, in the order in which they came', () => {
    const store = begin(current());
    const odd = 'zero\0byte, half \ud835 pair, \u2028 and 𝟚';
    const reviews: readonly Review[] = [
      aReview({ id: 'z', reviewedAtMs: 9_007_199_254_740_991 }),
      aReview({ id: 'a', decision: 'reject', reason: 'wrong-known-answer', marks: [{ step: 0, start: 0, end: 12 }, { step: 3, start: 40, end: 41 }], note: odd, reviewer: odd, seconds: 0.1 + 0.2, sampled: true }),
      aReview({ id: 'm', decision: 'amend', amendedText: `${odd}\r\n\\boxed{18}`, supersedes: 'z', seconds: 0, reviewedAtMs: 0 }),
      aReview({ id: 'n', decision: 'amend', amendedText: '', note: '', reviewer: '' }),
      aReview({ id: 'u', decision: 'unsure', path: 'of another', seconds: 1e-7 }), aReview({ id: 'o', decision: 'none', seconds: 86_400 }),
    ];
    store.commit({ reviews: reviews.slice(0, 4) });
    store.commit({ reviews: [aReview({ id: 'elsewhere', taskId: 'set/3' })] });
    store.commit({ reviews: reviews.slice(4) });
    const stored: readonly StoredReview[] = reviews.map((review, index) => ({ ...review, sequence: index < 4 ? index + 1 : index + 2 }));
    assert.deepEqual(store.reviews(first), stored);
    assert.deepEqual([store.reviews(second), store.reviews(taskId('nowhere'))], [[], []]);
    assert.deepEqual(reopen().reviews(first), stored);
  });

  it('stores a review once, however often it is sent, and nothing beside it the second time', () => {
    const store = begin(current());
    store.commit({ reviews: [aReview()], outcomes: [anOutcome('set/1')], bases: [{ taskId: first, basis: 'b', used: [], reviews: 1 }] });
    store.commit({ reviews: [aReview({ decision: 'reject', note: 'Changed on the way?' })] });
    store.commit({ reviews: [aReview({ id: 'review-2' }), aReview({ id: 'review-2' }), aReview({ id: 'review-1', taskId: 'set/3' })] });
    assert.deepEqual(store.reviewPage(0, 10), [{ ...aReview(), sequence: 1 }, { ...aReview({ id: 'review-2' }), sequence: 2 }]);
    assert.deepEqual(ofReviews(store), [['path-reviewed', 'set/1', reopenedAtMs], ['path-reviewed', 'set/1', reopenedAtMs]]);
  });

  it('leaves a basis where a review came a second time', () => {
    const store = begin(current());
    store.commit({ reviews: [aReview()], outcomes: [anOutcome('set/1')], bases: [{ taskId: first, basis: 'b', used: [], reviews: 1 }] });
    store.commit({ reviews: [aReview()] });
    assert.deepEqual(settledBy(store, 'b'), [first]);
  });

  it('stores nothing of a review, or of a correction, for a task that is not there', () => {
    const store = begin(current());
    refusal('bug', () => store.commit({ reviews: [aReview(), aReview({ id: 'review-2', taskId: 'nowhere' })] }));
    refusal('bug', () => store.commit({ reviews: [aReview()], corrections: [aCorrection(), aCorrection({ taskId: taskId('nowhere') })] }));
    refusal('bug', () => store.commit({ reviews: [aReview()], corrections: [aCorrection({ taskId: second })], outcomes: [anOutcome('nowhere')] }));
    assert.deepEqual([store.reviewPage(0, 10), store.corrections(first), store.corrections(second), ofReviews(store)], [[], [], [], []]);
    assert.deepEqual([store.task(first)?.gold, store.task(second)?.gold, store.countTasks({ withoutGold: true })], ['18', undefined, 1]);
    store.commit({ reviews: [aReview()] });
    assert.deepEqual(store.reviewPage(0, 10).map(({ sequence }) => sequence), [1], 'and goes on');
  });

  it('turns pages of the reviews of all tasks', () => {
    const store = begin(current());
    const ids = ['e', 'a', 'd', 'b', 'c'];
    for (const [index, id] of ids.entries()) store.commit({ reviews: [aReview({ id, taskId: index % 2 === 0 ? 'set/1' : 'set/2' })] });
    const page = (after: number, limit: number) => store.reviewPage(after, limit).map(({ sequence, id, taskId: task }) => [sequence, id, task]);
    const rows = ids.map((id, index) => [index + 1, id, index % 2 === 0 ? 'set/1' : 'set/2']);
    assert.deepEqual([page(0, 2), page(2, 2), page(4, 2), page(5, 2), page(0, 100)], [rows.slice(0, 2), rows.slice(2, 4), rows.slice(4), [], rows]);
    assert.equal(page(0, 0).length, 1, 'a page holds at least one row');
  });

  it('takes the basis of an outcome away with a review of its task, and of no other', () => {
    const store = begin(current());
    const settle = () => { store.commit({ outcomes: [anOutcome('set/1'), anOutcome('set/3')], bases: [{ taskId: first, basis: 'b', used: [], reviews: store.reviews(first).length }, { taskId: third, basis: 'b', used: [] }] }); };
    settle();
    assert.deepEqual(settledBy(store, 'b'), [first, third]);
    store.commit({ reviews: [aReview()] });
    assert.deepEqual(settledBy(store, 'b'), [third]);
    settle();
    assert.deepEqual(settledBy(store, 'b'), [first, third], 'until it is worked out anew');
  });

  it('stores no basis of an outcome that does not know of all reviews', () => {
    const store = begin(current());
    store.commit({ reviews: [aReview(), aReview({ id: 'review-2' })] });
    const basis = { taskId: first, basis: 'b', used: [] };
    for (const [reviews, settled] of [[undefined, []], [1, []], [2, [first]], [3, [first]]] as const) {
      store.commit({ outcomes: [anOutcome('set/1')], bases: [{ ...basis, ...(reviews === undefined ? {} : { reviews }) }] });
      assert.deepEqual(settledBy(store, 'b'), settled, `${reviews} of 2`);
    }
    store.commit({ reviews: [aReview({ id: 'review-3' })], outcomes: [anOutcome('set/1')], bases: [{ ...basis, reviews: 2 }] });
    assert.deepEqual(settledBy(store, 'b'), [], 'nor of one that comes in the same commit');
  });

  it('knows the tasks whose outcome may not know of what people decided', () => {
    const store = begin(current());
    const basisOf = (task: TaskId) => ({ taskId: task, basis: 'b', used: [], reviews: store.reviews(task).length, gold: store.task(task)?.gold ?? '' });
    assert.deepEqual(store.unsettledReviews(), []);
    store.commit({ reviews: [aReview({ taskId: 'set/3' }), aReview({ id: 'review-2' }), aReview({ id: 'review-3' })], corrections: [aCorrection({ taskId: second, gold: '18' })] });
    assert.deepEqual(store.unsettledReviews(), [], 'without an outcome there is nothing to be put right');
    store.commit({ outcomes: [anOutcome('set/3'), anOutcome('set/2'), anOutcome('set/1')], bases: [basisOf(third)] });
    assert.deepEqual(store.unsettledReviews(), [first, second], 'in import order, each once');
    store.commit({ outcomes: [anOutcome('set/1'), anOutcome('set/2')], bases: [basisOf(first), basisOf(second)] });
    assert.deepEqual(store.unsettledReviews(), []);
    store.commit({ reviews: [aReview({ id: 'review-4' })], corrections: [aCorrection({ taskId: third, gold: '19' })] });
    assert.deepEqual(reopen().unsettledReviews(), [first, third]);
  });

  it('refuses reviews once it is closed', () => {
    begin(current()).close();
    refusal('bug', () => current().commit({ reviews: [aReview()] }));
    refusal('bug', () => current().commit({ corrections: [aCorrection()] }));
    for (const read of [() => current().reviews(first), () => current().reviewPage(0, 1), () => current().corrections(first), () => current().pathFacts(0, 1)]) refusal('bug', read);
  });

  describe('corrected known answers', () => correctionsContract(current, reopen));
  describe('what is known of paths', () => factsContract(current));
}

function correctionsContract(current: () => Store, reopen: () => Store): void {
  it('count from the latest on, and remember what was known before', () => {
    const store = begin(current());
    const odd = 'half \ud835 pair\0';
    store.commit({ corrections: [aCorrection(), aCorrection({ taskId: second, gold: 'blue' })] });
    store.commit({ corrections: [aCorrection({ gold: '$1{,}000$ “𝟚”', reviewer: odd, atMs: 6_000 }), aCorrection({ gold: '17', atMs: 7_000 })] });
    const check = (each: Store) => {
      assert.deepEqual([each.task(first)?.gold, each.task(second)?.gold, each.task(third)?.gold], ['17', 'blue', '18']);
      assert.deepEqual(each.corrections(first), [
        { ...aCorrection(), before: '18' }, { ...aCorrection({ gold: '$1{,}000$ “𝟚”', reviewer: odd, atMs: 6_000 }), before: '17' }, { ...aCorrection({ atMs: 7_000 }), before: '$1{,}000$ “𝟚”' },
      ]);
      assert.deepEqual([each.corrections(second), each.corrections(third)], [[aCorrection({ taskId: second, gold: 'blue' })], []], 'nothing where nothing was known');
      assert.deepEqual(ofReviews(each).map(([kind, task]) => [kind, task]), [['gold-corrected', first], ['gold-corrected', second], ['gold-corrected', first], ['gold-corrected', first]]);
    };
    check(store);
    check(reopen());
  });

  it('leave everything else of the task as it was', () => {
    const store = begin(current());
    const options = [{ label: 'A', text: 'one' }, { label: 'B', text: 'two' }];
    const choice = aTask({ id: 'set/4', gold: 'A', answerKind: 'choice', options, origin: { dataset: 'other', difficulty: 'Level 5', line: 7 } });
    store.addTasks([choice]);
    store.commit({ corrections: [aCorrection({ taskId: choice.id, gold: 'B' })] });
    assert.deepEqual(store.task(choice.id), { ...choice, gold: 'B' });
    assert.deepEqual(store.addTasks([choice]).duplicates, [choice.id]);
    assert.equal(store.task(choice.id)?.gold, 'B', 'an import brings no former answer back');
  });

  it('take the basis away, and let none be stored of an outcome that was graded by another answer', () => {
    const store = begin(current());
    const settle = (gold?: string) => { store.commit({ outcomes: [anOutcome('set/1')], bases: [{ taskId: first, basis: 'b', used: [], ...(gold === undefined ? {} : { gold }) }] }); };
    settle('18');
    assert.deepEqual(settledBy(store, 'b'), [first]);
    store.commit({ corrections: [aCorrection()] });
    assert.deepEqual(settledBy(store, 'b'), []);
    for (const [gold, settled] of [['18', []], [undefined, []], ['17', [first]]] as const) {
      settle(gold);
      assert.deepEqual(settledBy(store, 'b'), settled, gold);
    }
    store.commit({ corrections: [aCorrection({ gold: '18' })], outcomes: [anOutcome('set/1')], bases: [{ taskId: first, basis: 'b', used: [], gold: '17' }] });
    assert.deepEqual(settledBy(store, 'b'), [], 'nor by one that was corrected in the same commit');
  });

  it('of a task without one move it among the others, before it was ever run', () => {
    const store = begin(current());
    assert.deepEqual([store.countTasks({ withoutGold: true }), store.taskIds({ withoutGold: true })], [1, [second]]);
    store.commit({ corrections: [aCorrection({ taskId: second, gold: '18' })] });
    assert.deepEqual([store.countTasks({ withoutGold: true }), store.taskIds({ withoutGold: true }), store.countTasks()], [0, [], 3]);
    assert.deepEqual([...store.groupTasks('difficulty', { withoutGold: true })], []);
    store.commit({ corrections: [aCorrection({ taskId: second, gold: '19' })] });
    assert.deepEqual([store.countTasks({ withoutGold: true }), store.countTasks(), [...store.groupTasks('state')]], [0, 3, [['not-started', 3]]]);
    checkCounts(store);
  });

  it('of a task without one change what lists and counters say of its outcome', () => {
    const store = begin(current());
    const [plan = assert.fail(), draw = assert.fail(), hinted = assert.fail()] = walkPaths(store, second, [{ branch: 'guideline:plan' }, { branch: 'guideline:draw' }, { branch: 'guideline:plan', round: 2 }]);
    const wrong = [{ checker: 'typed', kind: 'incorrect', extracted: '7', reason: 'not-equal' }] as const;
    const branches = [
      aBranch({ answers: { path: plan } }), aBranch({ guidelines: ['draw'], answers: { path: draw }, verdicts: wrong, loss: { step: 'vote', reason: 'minority' } }),
      aBranch({ guidelines: ['late'], answers: {}, verdicts: [], loss: { step: 'stage-adapt', reason: 'timed-out' } }), aBranch({ round: 2, hinted: true, answers: { path: hinted }, loss: { step: 'cap', reason: 'enough' } }),
    ];
    store.commit({ outcomes: [anOutcome('set/2', { branches }), anOutcome('set/3', { branches: [] })] });
    const before = store.journal(0, 1_000).length;
    assert.deepEqual([store.counters().get('pass/41-60'), store.countPaths({ correct: true }), store.countPaths({ taskId: second })], [undefined, 0, 4]);
    store.commit({ corrections: [aCorrection({ taskId: second, gold: '18' })] });
    checkCounts(store);
    assert.deepEqual(['pass/41-60', 'coverage/2/1', 'solved-only/plan', 'kept-tasks/plan', 'state/solved'].map(key => store.counters().get(key)), [1, 1, 1, 1, 2]);
    assert.deepEqual([store.taskIds({ passRate: '41-60' }), store.taskIds({ difficulty: 'pass/41-60' }), store.taskIds({ solvedOnlyBy: 'plan' }), store.taskIds({ guideline: 'plan' })], Array(4).fill([second]));
    assert.deepEqual([store.countTasks({ passRate: '41-60' }), store.countTasks({ withoutGold: true }), store.countTasks({ state: 'solved' })], [1, 0, 2]);
    assert.deepEqual([...store.groupTasks('difficulty')].sort(), [['pass/41-60', 1], ['unknown', 2]]);
    assert.deepEqual([store.countPaths({ correct: true }), store.countPaths({ correct: false }), store.countPaths({ taskId: second })], [2, 1, 4]);
    assert.deepEqual(store.pathPage(undefined, 10, { correct: true }).map(row => row.fingerprint), [plan, hinted]);
    assert.deepEqual(store.outcome(second)?.branches, branches, 'the outcome itself waits to be worked out anew');
    assert.deepEqual(store.journal(before, 10).map(({ kind }) => kind), ['gold-corrected']);
    const again = reopen();
    checkCounts(again);
    again.commit({ corrections: [aCorrection({ taskId: second, gold: '7' })] });
    again.commit({ outcomes: [anOutcome('set/2', { branches: branches.slice(0, 1) })] });
    checkCounts(again);
    assert.deepEqual([again.countPaths({ taskId: second }), again.taskIds({ passRate: '100' })], [1, [second]]);
  });

  it('of a task with one change nothing that is counted', () => {
    const store = begin(current());
    store.commit({ outcomes: [anOutcome('set/1')] });
    const before = [sorted(store.counters()), store.branchCounts(), [...store.groupTasks('difficulty')].sort(), store.taskPage({}, undefined, 10)];
    store.commit({ corrections: [aCorrection()] });
    checkCounts(store);
    assert.deepEqual([sorted(store.counters()), store.branchCounts(), [...store.groupTasks('difficulty')].sort(), store.taskPage({}, undefined, 10)], before);
  });

  it('leave a walk over the outcomes what it was', () => {
    const store = begin(current());
    const outcomes = [anOutcome('set/1'), anOutcome('set/2'), anOutcome('set/3')];
    store.commit({ outcomes });
    const walked = [];
    for (const outcome of store.outcomes()) {
      walked.push(outcome);
      store.commit({ corrections: [aCorrection({ taskId: second, gold: String(walked.length) })] });
    }
    assert.deepEqual(walked, outcomes);
    checkCounts(store);
  });
}

function factsContract(current: () => Store): void {
  it('tells of every path of an outcome where it is and how lists class it', () => {
    const store = begin(current());
    const [plan = assert.fail(), draw = assert.fail(), spare = assert.fail(), hinted = assert.fail()] = walkPaths(store, first, [{ branch: 'guideline:plan' }, { branch: 'guideline:draw' }, { branch: 'guideline:spare' }, { branch: 'chosen:1', round: 2 }]);
    const [unknown = assert.fail()] = walkPaths(store, second, [{ branch: 'guideline:plan' }]);
    const judged = [{ checker: 'typed', kind: 'incorrect', extracted: '7', reason: 'not-equal' }, { checker: 'reference', kind: 'correct', extracted: '7', reason: 'number-equal' }] as const;
    const loss = { step: 'review', reason: 'lucky' } as const;
    store.commit({ outcomes: [
      anOutcome('set/1', { branches: [aBranch({ answers: { path: plan } }), aBranch({ answers: {}, verdicts: [], loss: { step: 'stage-path', reason: 'timed-out' } }), aBranch({ id: branchId('guideline:draw'), guidelines: ['draw'], answers: { path: draw }, verdicts: judged, loss }), aBranch({ id: branchId('chosen:1'), round: 2, guidelines: ['draw', 'plan'], answers: { path: hinted }, verdicts: [] })] }),
      anOutcome('set/2', { branches: [aBranch({ answers: { path: unknown }, verdicts: [{ checker: 'typed', kind: 'unjudged', extracted: '18', reason: 'gold-empty' }] })] }),
    ] });
    const facts: readonly PathFacts[] = [
      { sequence: 1, taskId: first, branch: branchId('guideline:plan'), fingerprint: plan, round: 1, guidelines: ['plan'], correct: true, verdict: 'correct' },
      { sequence: 2, taskId: first, branch: branchId('guideline:draw'), fingerprint: draw, round: 1, guidelines: ['draw'], loss, correct: false, verdict: 'correct' },
      { sequence: 4, taskId: first, branch: branchId('chosen:1'), fingerprint: hinted, round: 2, guidelines: ['draw', 'plan'], correct: false },
      { sequence: 5, taskId: second, branch: branchId('guideline:plan'), fingerprint: unknown, round: 1, guidelines: ['plan'], correct: null, verdict: 'unjudged' },
    ];
    const found = (after: number, limit: number) => store.pathFacts(after, limit);
    assert.deepEqual(found(0, 10), facts);
    assert.deepEqual([found(0, 1), found(1, 2), found(4, 10), found(5, 10), found(0, 0)], [facts.slice(0, 1), facts.slice(1, 3), facts.slice(3), [], facts.slice(0, 1)]);
    assert.ok(!found(0, 10).some(each => each.fingerprint === spare), 'not of one that the outcome does without');
    const rows = store.pathPage(undefined, 10).filter(row => row.finding);
    assert.deepEqual(found(0, 10).map(each => [each.sequence, each.taskId, each.fingerprint, each.round, each.loss, each.verdict]), rows.map(row => [row.sequence, row.taskId, row.fingerprint, row.round, row.finding?.loss, row.finding?.verdict]));
    store.commit({ corrections: [aCorrection({ taskId: second, gold: '18' })] });
    assert.deepEqual(found(4, 10), facts.slice(3).map(each => ({ ...each, correct: false })));
  });

  it('tells nothing where nothing is settled', () => {
    const store = begin(current());
    walkPaths(store, first, [{ branch: 'guideline:plan' }]);
    assert.deepEqual(store.pathFacts(0, 10), []);
    store.commit({ outcomes: [anOutcome('set/1', { branches: [aBranch({ answers: { path: fingerprint('f'.repeat(64)) } })] })] });
    assert.deepEqual(store.pathFacts(0, 10), [], 'nor of a path that is not there');
  });
}
