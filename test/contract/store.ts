import assert from 'node:assert/strict';
import { recipeId, runId, taskId, type AttemptId } from '../../src/core/model/ids.ts';
import { ProblemError, type ProblemCode } from '../../src/core/model/problem.ts';
import { modelStages } from '../../src/core/model/stage.ts';
import type { Task } from '../../src/core/model/task.ts';
import type { Store } from '../../src/ports/store.ts';
import { aTask } from '../support/builders.ts';
import { editsContract } from './storeEdits.ts';
import { jobsContract } from './storeJobs.ts';
import { pathsContract } from './storePaths.ts';
import { reviewsContract } from './storeReviews.ts';
import { withdrawnContract } from './storeWithdrawn.ts';
import { aBranch, aCall, aFailure, anArrival, anOutcome, aRunDraft, aSending, ask, begin, heldOut, theLost, theRecipe, threeTasks, timedOut } from '../support/storeFacts.ts';

/** One project under test. */
export interface StoreUnderTest {
  readonly store: Store;
  /** What a new engine sees after this one has closed the project, or has died over it. */
  reopen(): Store;
  end(): void;
}

/** The time at which stores under test are reopened. */
export const reopenedAtMs = 9_000;

/** Fails unless `work` throws a `ProblemError` of this code; gives its message. */
export function refusal(code: ProblemCode, work: () => unknown): string {
  try {
    work();
  } catch (thrown) {
    assert.ok(thrown instanceof ProblemError, String(thrown));
    assert.equal(thrown.problem.code, code, thrown.problem.message);
    return thrown.problem.message;
  }
  return assert.fail(`not refused: expected ${code}`);
}

const counts = (store: Store): Record<string, number> => {
  assert.deepEqual(new Map([...store.recount()].sort()), new Map([...store.counters()].sort()), 'the counters are what the facts say');
  return Object.fromEntries([...store.counters()].filter(([, value]) => value !== 0));
};

/** What every store must do. `make` gives a new, empty project each time. */
export function storeContract(make: () => StoreUnderTest): void {
  let made: StoreUnderTest;
  let store: Store;
  beforeEach(() => {
    made = make();
    store = made.store;
  });
  afterEach(() => { made.end(); });

  describe('tasks', () => tasksContract(() => store));
  describe('recipes, runs, settings', () => runsContract(() => store, () => made));
  describe('calls and answers', () => callsContract(() => store, () => made));
  for (const [what, contract] of Object.entries({ 'edits': editsContract, 'training jobs': jobsContract, 'reviews': reviewsContract, 'tasks kept away from training': withdrawnContract })) describe(what, () => contract(() => store, () => made.reopen()));
  describe('outcomes and counters', () => outcomesContract(() => store));
  describe('the bases of outcomes', () => basesContract(() => store));
  describe('lists of paths', () => pathsContract(() => store));
  describe('the journal of events', () => journalContract(() => store, () => made));
}

function tasksContract(current: () => Store): void {
  it('gives a task back as it was, with everything or with little', () => {
    const full: Task = aTask({
      id: 'aqua/7', question: 'Which?\n(A) one\n(B) two', gold: 'B', answerKind: 'choice', options: [{ label: 'A', text: 'one' }, { label: 'B', text: '𝟚' }],
      origin: { dataset: 'aqua', sourceId: '7', line: 7, licence: 'Apache-2.0' },
    });
    const { gold: _none, ...bare } = aTask({ id: 'aqua/8' });
    current().addTasks([full, bare]);
    assert.deepEqual(current().task(full.id), full);
    assert.deepEqual(current().task(bare.id), bare);
    assert.equal(current().task(taskId('aqua/9')), undefined);
  });

  it('leaves a task alone that is there, and says which', () => {
    current().addTasks(threeTasks);
    const result = current().addTasks([aTask({ id: 'set/9' }), aTask({ id: 'set/1', question: 'Changed?' }), aTask({ id: 'set/9' })]);
    assert.deepEqual(result, { added: 1, duplicates: ['set/1', 'set/9'] });
    assert.equal(current().task(taskId('set/1'))?.question, threeTasks[0]?.question);
    assert.deepEqual(current().addTasks([]), { added: 0, duplicates: [] });
  });

  it('lists ids in the order they came, by every filter', () => {
    const { gold: _none, ...bare } = aTask({ id: 'a/1', origin: { dataset: 'a' } });
    current().addTasks([...threeTasks, bare]);
    assert.deepEqual(current().taskIds(), ['set/1', 'set/2', 'other/1', 'a/1']);
    const expected: readonly (readonly [Parameters<Store['taskIds']>[0], readonly string[]])[] = [
      [{ split: 'train' }, ['set/1', 'set/2', 'a/1']],
      [{ split: 'held-out' }, ['other/1']],
      [{ dataset: 'set' }, ['set/1', 'set/2']],
      [{ answerKind: 'text' }, ['other/1']],
      [{ withoutGold: true }, ['a/1']],
      [{ state: 'not-started' }, ['set/1', 'set/2', 'other/1', 'a/1']],
      [{ state: 'solved' }, []],
      [{ split: 'train', dataset: 'set', state: 'not-started', answerKind: 'number', text: 'COLOUR' }, ['set/2']],
      [{ text: '100% of' }, ['set/2']],
      [{ text: '%' }, ['set/2']],
      [{ text: '_' }, ['set/2']],
      [{ text: 'OTHER/' }, ['other/1']],
      [{ text: 'grün' }, []],
      [{ ordinals: { after: 1, upTo: 3 } }, ['set/2', 'other/1']],
      [{ ordinals: { after: 0, upTo: 2 }, dataset: 'set', text: 'six' }, ['set/1']],
      [{ ordinals: { after: 9, upTo: 12 } }, []],
    ];
    for (const [filter, ids] of expected) {
      assert.deepEqual(current().taskIds(filter), ids, JSON.stringify(filter));
      assert.equal(current().countTasks(filter), ids.length, JSON.stringify(filter));
    }
  });

  it('knows the train task with the longest question', () => {
    assert.equal(current().longestTask(), undefined);
    current().addTasks([...threeTasks, { ...aTask({ id: 'held/1', question: 'long '.repeat(5_000) }), split: 'held-out' }]);
    const bytes = (id: string) => Buffer.byteLength(current().task(taskId(id))?.question ?? '');
    assert.equal(current().longestTask(), bytes('set/2') > bytes('set/1') ? 'set/2' : 'set/1');
    current().addTasks([aTask({ id: 'set/8', question: 'x'.repeat(9_000) }), aTask({ id: 'set/9', question: 'ü'.repeat(9_000) }), aTask({ id: 'set/10', question: 'ü'.repeat(9_000) })]);
    assert.equal(current().longestTask(), 'set/9');
    const { gold: _none, ...unknown } = aTask({ id: 'set/11', question: 'ü'.repeat(9_001) });
    current().addTasks([unknown]);
    assert.deepEqual([current().longestTask(), current().longestTask(true)], ['set/11', 'set/9']);
  });

  it('finds text beyond ASCII whatever its case', () => {
    current().addTasks([aTask({ id: 'de/1', question: 'Ist GRÜN eine Farbe?' }), aTask({ id: 'nul/1', question: 'before\0after' })]);
    assert.deepEqual(current().taskIds({ text: 'grün' }), ['de/1']);
    assert.deepEqual(current().taskIds({ text: 'AFTER' }), ['nul/1']);
    assert.deepEqual(current().taskIds({ text: 'x'.repeat(100_000) }), []);
  });

  it('turns pages of excerpts', () => {
    current().addTasks(Array.from({ length: 5 }, (_, index) => aTask({ id: `set/${index}`, question: `  ${index}\n\tof ${'long '.repeat(100)}` })));
    const first = current().taskPage({}, undefined, 2);
    assert.deepEqual(first.map(row => row.id), ['set/0', 'set/1']);
    assert.deepEqual(first[0], {
      ordinal: 1, id: 'set/0', excerpt: `0 of ${'long '.repeat(31)}`, dataset: 'set', answerKind: 'number', split: 'train', state: 'not-started',
      kept: 0, correct: 0, branches: 0, hinted: false,
    });
    assert.equal(first[0].excerpt.length, 160);
    assert.deepEqual(current().taskPage({}, first.at(-1)?.ordinal, 100).map(row => row.id), ['set/2', 'set/3', 'set/4']);
    assert.deepEqual(current().taskPage({ text: '3\n' }, undefined, 100).map(row => row.ordinal), [4]);
    assert.deepEqual(current().taskPage({}, 5, 100), []);
    assert.equal(current().taskPage({}, undefined, 0).length, 1, 'a page holds at least one row');
  });

  it('does not cut a character in two', () => {
    current().addTasks([aTask({ question: `${'x'.repeat(159)}𝟚 and more` })]);
    assert.equal(current().taskPage({}, undefined, 1)[0]?.excerpt, 'x'.repeat(159));
  });

  it('does not end an excerpt where a text holds a NUL', () => {
    current().addTasks([aTask({ question: 'seen\0and seen too' })]);
    assert.equal(current().taskPage({}, undefined, 1)[0]?.excerpt, 'seen\0and seen too');
  });

  it('tells data sets and kinds', () => {
    assert.deepEqual([current().datasets(), current().countByKind(), current().countTasks()], [[], {}, 0]);
    current().addTasks([...threeTasks, { ...heldOut('set/3'), origin: { dataset: 'set' } }]);
    assert.deepEqual(current().datasets(), [
      { name: 'other', split: 'held-out', tasks: 1 }, { name: 'set', split: 'held-out', tasks: 1 }, { name: 'set', split: 'train', tasks: 2 },
    ]);
    assert.deepEqual(current().countByKind(), { number: 2, text: 2 });
  });
}

function runsContract(current: () => Store, under: () => StoreUnderTest): void {
  it('keeps a recipe under its id', () => {
    assert.equal(current().recipe(theRecipe.id), undefined);
    current().recordRecipe(theRecipe);
    current().recordRecipe({ ...theRecipe, name: 'another' });
    assert.deepEqual(current().recipe(theRecipe.id), theRecipe);
  });

  it('keeps runs, newest first', () => {
    current().recordRecipe(theRecipe);
    const first = current().startRun(aRunDraft());
    const second = current().startRun(aRunDraft({ mode: 'all', startedAtMs: 5_000 }));
    current().commit({ run: { id: second, calls: 12, cached: 3, failed: { 'timed-out': 2 } } });
    current().endRun(first, 'failed', 4_000, timedOut);
    assert.deepEqual(current().runs(), [
      { ...aRunDraft({ mode: 'all', startedAtMs: 5_000 }), id: 2, state: 'running', calls: 12, cached: 3, failed: { 'timed-out': 2 } },
      { ...aRunDraft(), id: 1, state: 'failed', endedAtMs: 4_000, problem: timedOut, calls: 0, cached: 0, failed: {} },
    ]);
  });

  it('lets a run pause and go on, and nothing leave an end', () => {
    current().recordRecipe(theRecipe);
    const run = current().startRun(aRunDraft());
    current().endRun(run, 'paused', 2_000, timedOut);
    current().endRun(run, 'running', 3_000);
    assert.deepEqual(current().runs(), [{ ...aRunDraft(), id: run, state: 'running', calls: 0, cached: 0, failed: {} }]);
    current().endRun(run, 'completed', 4_000);
    refusal('bug', () => { current().endRun(run, 'running', 5_000); });
    refusal('bug', () => { current().endRun(runId(99), 'failed', 5_000); });
    assert.equal(current().runs()[0]?.state, 'completed');
  });

  it('refuses a run of a recipe it does not know', () => {
    refusal('bug', () => current().startRun(aRunDraft({ recipeId: recipeId('unknown') })));
    assert.deepEqual(current().runs(), []);
  });

  it('keeps settings of any shape', () => {
    assert.equal(current().setting('server'), undefined);
    for (const value of [{ url: 'http://x/v1', n: [1, null, true] }, 'text', 0, false, null]) {
      current().setSetting('server', value);
      assert.deepEqual(current().setting('server'), value);
    }
    current().setSetting('server', undefined);
    assert.equal(current().setting('server'), undefined);
  });

  it('keeps everything when it is opened again, and ends what a dead engine left open', () => {
    const run = begin(current());
    ask(current(), run);
    const open = aCall('set/2');
    current().commit({ sent: [aSending(run, open)], outcomes: [anOutcome('set/1')] });
    current().setSetting('server', 'x');
    const paused = current().startRun(aRunDraft());
    current().endRun(paused, 'paused', 1_500);
    const before = { answers: current().answers(taskId('set/1')), outcome: current().outcome(taskId('set/1')), counters: counts(current()) };

    const again = under().reopen();

    assert.deepEqual({ answers: again.answers(taskId('set/1')), outcome: again.outcome(taskId('set/1')), counters: counts(again) }, before);
    assert.deepEqual(again.taskIds(), ['set/1', 'set/2', 'other/1']);
    assert.equal(again.setting('server'), 'x');
    assert.deepEqual(again.runs().map(({ id, state }) => [id, state]), [[2, 'paused'], [1, 'interrupted']]);
    const [attempt] = again.attempts(taskId('set/2'));
    assert.equal(attempt?.state, 'unknown');
    assert.equal(attempt.endedAtMs, reopenedAtMs);
    assert.equal(attempt.problem?.code, 'outcome-unknown');
    assert.equal(again.attempts(taskId('set/1'))[0]?.state, 'answered');
  });

  it('refuses everything once it is closed, and closes twice', () => {
    current().close();
    current().close();
    refusal('bug', () => current().taskIds());
    refusal('bug', () => current().commit({}));
  });

  it('keeps what a run was started with', () => {
    current().recordRecipe(theRecipe);
    const choices = { recipe: 'regenesis', tasks: ['set/1'], limit: 3, retryLost: true };
    current().startRun(aRunDraft({ choices }));
    assert.deepEqual(under().reopen().runs()[0]?.choices, choices);
  });

  it('rests without harm', () => {
    current().addTasks(threeTasks);
    current().rest();
    assert.equal(current().countTasks(), 3);
    current().addTasks([aTask({ id: 'set/9' })]);
    assert.equal(under().reopen().countTasks(), 4);
  });

  it('is beaten without harm', () => {
    current().beat?.();
    assert.deepEqual(current().taskIds(), []);
  });
}

function callsContract(current: () => Store, under: () => StoreUnderTest): void {
  it('numbers attempts in the order they were recorded', () => {
    const run = begin(current());
    assert.deepEqual(current().commit({ sent: [aSending(run, aCall('set/1')), aSending(run, aCall('set/2'), 1)] }), [1, 2]);
    assert.deepEqual(current().commit({ sent: [aSending(run, aCall('set/1'))] }), [3]);
    assert.deepEqual(current().commit({}), []);
    assert.deepEqual(current().attempts(taskId('set/1')), [
      { id: 1, runId: run, state: 'sent', call: aCall('set/1'), retry: 0, sentAtMs: 2_000 },
      { id: 3, runId: run, state: 'sent', call: aCall('set/1'), retry: 0, sentAtMs: 2_000 },
    ]);
    assert.deepEqual(current().attempts(taskId('nowhere')), []);
  });

  it('keeps what arrived, and how the call ended', () => {
    const run = begin(current());
    const attempt = ask(current(), run, ['first', '']);
    const call = aCall('set/1', { count: 2 });
    const [first, second] = call.answers;
    assert.deepEqual(current().answers(taskId('set/1')), [
      { ...first, attemptId: attempt, raw: 'first', finish: 'stop', outputTokens: 5, edited: false },
      { ...second, attemptId: attempt, raw: '', finish: 'stop', outputTokens: 0, edited: false },
    ]);
    assert.deepEqual(current().attempts(taskId('set/1')), [{
      id: attempt, runId: run, state: 'answered', call, retry: 0, sentAtMs: 2_000, endedAtMs: 3_000, usage: { inputTokens: 10, outputTokens: 20 },
    }]);
    assert.deepEqual(current().answers(taskId('set/2')), []);
    assert.deepEqual(counts(current()), { 'stage/path/1/done': 2 });
  });

  it('says in short what was asked for a task, and what it brought', () => {
    const run = begin(current());
    const attempt = ask(current(), run, ['first', '']);
    const [other, failed, sent] = current().commit({ sent: [aSending(run, aCall('set/2')), aSending(run, aCall('set/1'), 1), aSending(run, aCall('set/1'), 2)] });
    assert.ok(other !== undefined && failed !== undefined && sent !== undefined);
    current().commit({ settled: [aFailure(failed)] });
    const prints = current().answers(taskId('set/1')).map(({ fingerprint }) => fingerprint);
    const again = under().reopen();
    assert.deepEqual(again.requests(taskId('set/1')), [
      { id: attempt, runId: run, state: 'answered', usage: { inputTokens: 10, outputTokens: 20 }, brought: prints },
      { id: failed, runId: run, state: 'failed', brought: [] },
      { id: sent, runId: run, state: 'unknown', brought: [] },
    ]);
    assert.deepEqual(again.requests(taskId('nowhere')), []);
  });

  it('keeps a text exactly as it came', () => {
    const run = begin(current());
    const texts = ['plain', 'zero\0byte', 'half \ud835 pair', '\r\n\u2028\ufeff 𝟚', '\\boxed{\\frac{1}{2}}'];
    ask(current(), run, texts);
    assert.deepEqual(under().reopen().answers(taskId('set/1')).map(answer => answer.raw), texts);
  });

  it('leaves an answer as it was that is there already', () => {
    const run = begin(current());
    const first = ask(current(), run, ['first']);
    ask(current(), run, ['second']);
    assert.deepEqual(current().answers(taskId('set/1')).map(({ raw, attemptId }) => [raw, attemptId]), [['first', first]]);
    assert.deepEqual(counts(current()), { 'stage/path/1/done': 1 });
  });

  it('keeps a failure as a fact', () => {
    const run = begin(current());
    const [attempt] = current().commit({ sent: [aSending(run, aCall('set/1'))] });
    assert.ok(attempt !== undefined);
    current().commit({ settled: [aFailure(attempt)] });
    const [stored] = current().attempts(taskId('set/1'));
    assert.equal(stored?.state, 'failed');
    assert.deepEqual(stored.problem, timedOut);
    assert.equal('usage' in stored, false);
    assert.deepEqual(counts(current()), {});
  });

  it('keeps the first end of an attempt, and answers that come late', () => {
    const run = begin(current());
    const call = aCall('set/1');
    const [attempt] = current().commit({ sent: [aSending(run, call)] });
    assert.ok(attempt !== undefined);
    current().commit({ settled: [{ attemptId: attempt, state: 'unknown', endedAtMs: 2_500, answers: [] }] });
    current().commit({ settled: [anArrival(attempt, call, ['late'])] });
    assert.equal(current().attempts(taskId('set/1'))[0]?.state, 'unknown');
    assert.equal(current().answers(taskId('set/1'))[0]?.raw, 'late');
  });

  it('counts what is given up, forgets it when told, and counts it again', () => {
    const run = begin(current());
    const call = aCall('set/1', { stage: 'adapt', round: 2, count: 3 });
    const other = aCall('set/2');
    current().commit({ sent: [aSending(run, call), aSending(run, other)], lost: [...theLost(run, call), ...theLost(run, other)] });
    assert.deepEqual(current().lost(taskId('set/1')), theLost(run, call));
    assert.deepEqual(counts(current()), { 'stage/adapt/2/failed': 3, 'stage/path/1/failed': 1 });
    current().commit({ lost: theLost(run, call) });
    assert.equal(current().lost(taskId('set/1')).length, 3, 'given up is given up');

    assert.equal(current().retryLost(), 4);
    assert.equal(current().retryLost(), 0);
    assert.deepEqual([current().lost(taskId('set/1')), current().lost(taskId('set/2'))], [[], []]);
    assert.deepEqual(counts(current()), {});

    current().commit({ lost: theLost(run, other) });
    assert.deepEqual(current().lost(taskId('set/2')), theLost(run, other));
    assert.deepEqual(counts(current()), { 'stage/path/1/failed': 1 });
  });

  it('forgets of the stages that it is told alone', () => {
    const run = begin(current());
    const [path, adapt, evaluate] = [aCall('set/1'), aCall('set/2', { stage: 'adapt' }), aCall('set/2', { stage: 'evaluate', count: 2 })];
    const all = [path, adapt, evaluate];
    current().commit({ sent: all.map(call => aSending(run, call)), lost: all.flatMap(call => theLost(run, call)) });
    assert.equal(current().retryLost('evaluate'), 2);
    assert.deepEqual([current().lost(taskId('set/1')), current().lost(taskId('set/2'))], [theLost(run, path), theLost(run, adapt)]);
    assert.deepEqual(counts(current()), { 'stage/adapt/1/failed': 1, 'stage/path/1/failed': 1 });

    current().commit({ lost: theLost(run, evaluate) });
    assert.equal(current().retryLost(...modelStages), 2);
    assert.deepEqual([current().lost(taskId('set/1')), current().lost(taskId('set/2'))], [[], theLost(run, evaluate)]);
    assert.deepEqual(counts(current()), { 'stage/evaluate/1/failed': 2 });
  });

  it('stores everything of a commit or nothing', () => {
    const run = begin(current());
    const call = aCall('set/1');
    const [attempt] = current().commit({ sent: [aSending(run, call)] });
    assert.ok(attempt !== undefined);
    const good = { settled: [anArrival(attempt, call, ['text'])], sent: [aSending(run, aCall('set/2'))], outcomes: [anOutcome('set/1')] };
    const bad: readonly Parameters<Store['commit']>[0][] = [
      { ...good, sent: [...good.sent, aSending(runId(99), call)] },
      { ...good, sent: [...good.sent, aSending(run, aCall('nowhere'))] },
      { ...good, settled: [...good.settled, aFailure(99 as AttemptId)] },
      { ...good, settled: [...good.settled, anArrival(attempt, aCall('nowhere'), ['text'])] },
      { ...good, lost: theLost(run, aCall('set/1', { stage: 'judge' })) },
      { ...good, outcomes: [...good.outcomes, anOutcome('nowhere')] },
      { ...good, outcomes: [...good.outcomes, anOutcome('set/2', { runId: runId(99) })] },
      { ...good, run: { id: runId(99), calls: 1, cached: 0, failed: {} } },
    ];
    for (const facts of bad) refusal('bug', () => current().commit(facts));
    assert.deepEqual(current().answers(taskId('set/1')), []);
    assert.deepEqual(current().attempts(taskId('set/2')), []);
    assert.equal(current().attempts(taskId('set/1'))[0]?.state, 'sent');
    assert.equal(current().outcome(taskId('set/1')), undefined);
    assert.deepEqual(counts(current()), {});
    assert.deepEqual(current().commit(good), [2], 'and goes on');
  });
}

function outcomesContract(current: () => Store): void {
  it('shows in rows and counters what became of a task', () => {
    const run = begin(current());
    const wrong = aBranch({
      loss: { step: 'verify', reason: 'not-equal' }, verdicts: [{ checker: 'typed', kind: 'incorrect', extracted: '7', reason: 'not-equal' }],
    });
    const cut = aBranch({ round: 2, hinted: true, loss: { step: 'finish', reason: 'answer-cut' } });
    const outcome = anOutcome('set/1', { runId: run, branches: [aBranch(), wrong, cut], voted: '18' });
    current().commit({ outcomes: [outcome] });
    assert.deepEqual(current().outcome(taskId('set/1')), outcome);
    const [row] = current().taskPage({ state: 'solved' }, undefined, 10);
    assert.deepEqual([row?.id, row?.state, row?.branches, row?.kept, row?.correct, row?.hinted], ['set/1', 'solved', 3, 1, 2, true]);
    assert.deepEqual(counts(current()), {
      'state/solved': 1, 'branches/1': 2, 'branches/2': 1, 'kept/1': 1, 'lost/1/verify/not-equal': 1, 'lost/2/finish/answer-cut': 1, 'correct-but-lost/2': 1,
      'pass/41-60': 1, 'coverage/1/1': 1, 'solved-only/plan': 1, 'kept-tasks/plan': 1,
    });
    assert.equal(current().countTasks({ state: 'solved' }), 1);
    assert.equal(current().countTasks({ state: 'not-started' }), 2);
    assert.equal(current().countTasks({ state: 'running' }), 0);
  });

  it('puts a new outcome in the place of the old', () => {
    begin(current());
    current().commit({ outcomes: [anOutcome('set/1')] });
    const after = anOutcome('set/1', { state: 'failed', branches: [], notNeeded: 0 });
    current().commit({ outcomes: [anOutcome('set/1', { state: 'unsolved' }), after] });
    assert.deepEqual(current().outcome(taskId('set/1')), after);
    assert.deepEqual(counts(current()), { 'state/failed': 1 });
    assert.deepEqual(current().taskIds({ state: 'solved' }), []);
    assert.equal(current().taskPage({ state: 'failed' }, undefined, 1)[0]?.branches, 0);
  });

  it('walks outcomes in import order while others are stored', () => {
    current().addTasks(Array.from({ length: 150 }, (_, index) => aTask({ id: `set/${index}` })));
    current().recordRecipe(theRecipe);
    current().startRun(aRunDraft());
    const late = Array.from({ length: 149 }, (_, index) => anOutcome(`set/${149 - index}`));
    current().commit({ outcomes: late });
    const walked: string[] = [];
    for (const outcome of current().outcomes()) {
      walked.push(outcome.taskId);
      if (walked.length === 10) current().commit({ outcomes: [anOutcome('set/0')] });
    }
    assert.deepEqual(walked, Array.from({ length: 149 }, (_, index) => `set/${index + 1}`));
    assert.equal([...current().outcomes()].length, 150);
  });

  it('shows a walk everything as it stood when it began', () => {
    current().addTasks(Array.from({ length: 200 }, (_, index) => aTask({ id: `set/${index}` })));
    current().recordRecipe(theRecipe);
    current().startRun(aRunDraft());
    const stored = (notNeeded: number, from: number, to: number) => Array.from({ length: to - from }, (_, index) => anOutcome(`set/${from + index}`, { notNeeded }));
    current().commit({ outcomes: stored(1, 0, 150) });
    const walked: number[] = [];
    for (const outcome of current().outcomes()) {
      walked.push(outcome.notNeeded);
      // what was passed, what is at hand, what is far ahead, and what was not there
      if (walked.length === 10) current().commit({ outcomes: stored(2, 0, 200) });
      if (walked.length === 20) current().commit({ outcomes: stored(3, 0, 200) });
      if (walked.length === 30) refusal('bug', () => current().commit({ outcomes: [...stored(4, 0, 200), anOutcome('nowhere')] }));
    }
    assert.deepEqual(walked, Array.from({ length: 150 }, () => 1));
    assert.deepEqual([...current().outcomes()].map(outcome => outcome.notNeeded), Array.from({ length: 200 }, () => 3));
  });
}

function basesContract(current: () => Store): void {
  const used = [{ stage: 'path', round: 1, answers: 3 }] as const;
  const basisOf = (task: string, basis: string) => ({ taskId: taskId(task), basis, used });
  const tasksOf = (basis: string) => current().settledTasks(basis, undefined, 10).map(settled => settled.taskId);

  it('finds the tasks whose outcome rests on one, in import order and in pages', () => {
    begin(current());
    current().commit({ outcomes: [anOutcome('set/2', { state: 'failed', branches: [] }), anOutcome('set/1')], bases: [basisOf('set/2', 'a'), basisOf('set/1', 'a')] });
    const rows = [{ ordinal: 1, taskId: 'set/1', state: 'solved', kept: 1, used }, { ordinal: 2, taskId: 'set/2', state: 'failed', kept: 0, used }];
    assert.deepEqual(current().settledTasks('a', undefined, 10), rows);
    assert.deepEqual([current().settledTasks('a', undefined, 1), current().settledTasks('a', 1, 1), current().settledTasks('a', 2, 1)], [rows.slice(0, 1), rows.slice(1), []]);
    assert.deepEqual(current().settledTasks('b', undefined, 10), []);
  });

  it('go with the outcome that another replaces', () => {
    begin(current());
    current().commit({ outcomes: [anOutcome('set/1'), anOutcome('set/2')], bases: [basisOf('set/1', 'a'), basisOf('set/2', 'a')] });
    current().commit({ outcomes: [anOutcome('set/1')] });
    current().commit({ outcomes: [anOutcome('set/2')], bases: [basisOf('set/2', 'b')] });
    assert.deepEqual([tasksOf('a'), tasksOf('b')], [[], ['set/2']]);
  });

  it('go when lost answers are asked for again, of the tasks that lost some', () => {
    const run = begin(current());
    const call = aCall('set/1', { stage: 'adapt' });
    current().commit({ sent: [aSending(run, call)], lost: theLost(run, call), outcomes: [anOutcome('set/1'), anOutcome('set/2')], bases: [basisOf('set/1', 'a'), basisOf('set/2', 'a')] });
    current().retryLost('evaluate');
    assert.deepEqual(tasksOf('a'), ['set/1', 'set/2'], 'none of that stage was lost');
    current().retryLost();
    assert.deepEqual(tasksOf('a'), ['set/2']);
    current().commit({ outcomes: [anOutcome('set/1')], bases: [basisOf('set/1', 'a')] });
    current().retryLost();
    assert.deepEqual(tasksOf('a'), ['set/1', 'set/2'], 'once nothing is lost any more');
  });

  it('go when an answer comes that was given up', () => {
    const run = begin(current());
    const call = aCall('set/1', { count: 2 });
    const [attempt] = current().commit({ sent: [aSending(run, call)], lost: theLost(run, call).slice(0, 1) });
    assert.ok(attempt !== undefined);
    const again = () => { current().commit({ outcomes: [anOutcome('set/1')], bases: [basisOf('set/1', 'a')] }); };
    again();
    current().commit({ settled: [{ ...anArrival(attempt, call, ['first', 'second']), answers: anArrival(attempt, call, ['first', 'second']).answers.slice(1) }] });
    assert.deepEqual(tasksOf('a'), ['set/1'], 'one that was not given up changes nothing');
    current().commit({ settled: [anArrival(attempt, call, ['first', 'second'])] });
    assert.deepEqual(tasksOf('a'), []);
    again();
    current().commit({ settled: [anArrival(attempt, call, ['first', 'second'])] });
    assert.deepEqual(tasksOf('a'), ['set/1'], 'nor does one that was there');
  });

  it('are refused where there is no outcome', () => {
    begin(current());
    refusal('bug', () => current().commit({ bases: [basisOf('set/1', 'a')] }));
    refusal('bug', () => current().commit({ bases: [basisOf('nowhere', 'a')] }));
    assert.deepEqual(tasksOf('a'), []);
  });
}

function journalContract(current: () => Store, under: () => StoreUnderTest): void {
  it('says what was stored, in order, and which fact each event is about', () => {
    const run = begin(current());
    const call = aCall('set/1', { stage: 'adapt' });
    const other = aCall('set/2', { round: 2 });
    const [first, second, third] = current().commit({ sent: [aSending(run, call), aSending(run, other), aSending(run, call, 1)] });
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    current().commit({ settled: [aFailure(first), anArrival(second, other, ['text'])], lost: theLost(run, call), outcomes: [anOutcome('set/1', { runId: run, state: 'unsolved', branches: [] })] });
    current().commit({ settled: [aFailure(first), anArrival(first, call, ['late'])] });
    current().retryLost();
    current().retryLost();
    current().addTasks(threeTasks);
    current().endRun(run, 'paused', 5_000, timedOut);
    current().endRun(run, 'running', 5_000);
    const again = under().reopen();
    const adapt = { run, task: 'set/1', stage: 'adapt', round: 1 };
    assert.deepEqual(again.journal(0, 1_000).map(({ sequence: _sequence, atMs: _at, ...event }) => event), [
      { kind: 'project-opened', app: 'regenesis 0.0.0' },
      { kind: 'tasks-imported', count: 3 },
      { kind: 'run-started', run },
      { kind: 'call-sent', attempt: first, ...adapt },
      { kind: 'call-sent', attempt: second, run, task: 'set/2', stage: 'path', round: 2 },
      { kind: 'call-sent', attempt: third, ...adapt },
      { kind: 'call-failed', attempt: first, ...adapt, code: 'timed-out' },
      { kind: 'call-answered', attempt: second, run, task: 'set/2', stage: 'path', round: 2 },
      { kind: 'answer-lost', ...adapt, code: 'timed-out' },
      { kind: 'task-settled', run, task: 'set/1', state: 'unsolved', kept: 0 },
      { kind: 'lost-retried', count: 1 },
      { kind: 'run-ended', run, state: 'paused', code: 'timed-out' },
      { kind: 'run-started', run },
      { kind: 'project-opened', app: 'regenesis 0.0.0' },
      { kind: 'call-unknown', attempt: third, ...adapt },
      { kind: 'run-interrupted', run },
    ]);
    assert.deepEqual(again.journal(0, 1_000).map(event => event.sequence), Array.from({ length: 16 }, (_, index) => index + 1));
    assert.ok(again.journal(0, 1_000).every(event => event.atMs === reopenedAtMs));
  });

  it('is read in pages', () => {
    begin(current());
    const kinds = (after: number, limit: number) => current().journal(after, limit).map(event => event.kind);
    assert.deepEqual([kinds(0, 2), kinds(2, 2), kinds(3, 2), kinds(0, 0)], [['project-opened', 'tasks-imported'], ['run-started'], [], ['project-opened']]);
  });

  it('says nothing of what was not stored', () => {
    const run = begin(current());
    const before = current().journal(0, 100);
    refusal('bug', () => current().commit({ sent: [aSending(run, aCall('set/1'))], outcomes: [anOutcome('set/1'), anOutcome('nowhere')] }));
    refusal('bug', () => current().startRun(aRunDraft({ recipeId: recipeId('unknown') })));
    assert.deepEqual(current().journal(0, 100), before);
  });
}
