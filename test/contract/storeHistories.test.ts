import assert from 'node:assert/strict';
import path from 'node:path';
import fc from 'fast-check';
import { openStore } from '../../src/adapters/store/sqliteStore.ts';
import { attemptId, branchId, fingerprint, runId, taskId } from '../../src/core/model/ids.ts';
import { decisions, rejectReasons, type Review } from '../../src/core/model/review.ts';
import { problemOf } from '../../src/core/model/problem.ts';
import { answerKinds, splits, type Task } from '../../src/core/model/task.ts';
import { runStates } from '../../src/core/model/run.ts';
import { callStages } from '../../src/core/model/stage.ts';
import type { Commit, Store } from '../../src/ports/store.ts';
import { aTask } from '../support/builders.ts';
import { MemoryStore } from '../support/memoryStore.ts';
import { aBranch, aCall, aFailure, anArrival, anOutcome, aRunDraft, aSending, theLost, theRecipe } from '../support/storeFacts.ts';
import { asOurselves, makeFolder, removeFolder } from '../support/storeFiles.ts';
import { reopenedAtMs } from './store.ts';

type Step = (store: Store) => unknown;

// One name in five does not exist, so that refusals are part of the histories.
const taskNames = ['a/1', 'a/2', 'b/1', 'b/2', 'nowhere'] as const;
const taskName = fc.constantFrom(...taskNames);
const someRun = fc.integer({ min: 1, max: 3 }).map(runId);
const someAttempt = fc.integer({ min: 1, max: 8 }).map(attemptId);
const anyText = fc.string({ unit: 'grapheme', maxLength: 12 });
/** Halves of character pairs and zero bytes too. */
const anyUnits = fc.string({ unit: fc.oneof(fc.constantFrom('\0', '\ud835', '\udfda', 'a'), fc.nat(0xffff).map(code => String.fromCharCode(code))), maxLength: 8 });

const call = fc.record({
  task: taskName, stage: fc.constantFrom('adapt', 'path', 'judge', 'evaluate'), round: fc.constantFrom(1, 2), first: fc.integer({ min: 0, max: 2 }), count: fc.integer({ min: 1, max: 3 }),
}).map(({ task, ...parts }) => aCall(task, parts));

const task: fc.Arbitrary<Task> = fc.record({
  id: fc.constantFrom('a/1', 'a/2', 'b/1', 'b/2'), question: fc.string({ minLength: 1, unit: 'grapheme' }), split: fc.constantFrom(...splits),
  answerKind: fc.constantFrom(...answerKinds), gold: fc.option(fc.string({ minLength: 1 }), { nil: undefined }), dataset: fc.constantFrom('a', 'b'),
}).map(({ gold, dataset, ...parts }) => {
  const { gold: _none, ...bare } = aTask({ id: parts.id });
  return { ...bare, ...parts, id: taskId(parts.id), origin: { dataset }, ...(gold === undefined ? {} : { gold }) };
});

const branch = fc.record({
  round: fc.constantFrom(1, 2), hinted: fc.boolean(), order: fc.nat(9), kind: fc.constantFrom('correct', 'incorrect', 'unreadable'), path: fc.option(fc.constantFrom(1, 2), { nil: undefined }),
  loss: fc.option(fc.constantFrom({ step: 'verify', reason: 'not-equal' } as const, { step: 'finish', reason: 'answer-cut' } as const), { nil: undefined }),
});

const outcome = fc.record({
  task: taskName, runId: someRun, state: fc.constantFrom('solved', 'unsolved', 'failed'), branches: fc.array(branch, { maxLength: 3 }),
}).map(({ task: name, branches, ...parts }) => anOutcome(name, {
  ...parts,
  // a path is of one task, as in life
  branches: branches.map(({ kind, loss, path: round, ...each }) => {
    const [answer] = round === undefined ? [] : aCall(name, { round }).answers;
    return aBranch({ ...each, answers: answer ? { path: answer.fingerprint } : {}, id: branchId('chosen:1'), verdicts: [{ checker: 'typed', kind, extracted: null, reason: kind }], ...(loss ? { loss } : {}) });
  }),
}));

const review: fc.Arbitrary<Review> = fc.record({
  id: fc.nat(9).map(number => `review-${number}`), taskId: taskName.map(taskId), path: fc.constantFrom('p', 'q').map(fingerprint), reviewer: anyText, decision: fc.constantFrom(...decisions),
  reason: fc.constantFrom(...rejectReasons), marks: fc.array(fc.record({ step: fc.nat(9), start: fc.nat(99), end: fc.nat(99) }), { maxLength: 2 }), note: anyUnits, amendedText: anyUnits,
  reviewedAtMs: fc.nat(), seconds: fc.double({ min: 0, max: 1e6, noNaN: true }).map(Math.abs), supersedes: fc.nat(9).map(number => `review-${number}`), sampled: fc.constant(true as const),
}, { requiredKeys: ['id', 'taskId', 'path', 'reviewer', 'decision', 'marks', 'reviewedAtMs', 'seconds'] });
const correction = fc.record({ taskId: taskName.map(taskId), gold: fc.constantFrom('17', '18', 'blue'), reviewer: anyText, atMs: fc.nat() });

const used = fc.record({ stage: fc.constantFrom('adapt', 'path'), round: fc.constantFrom(1, 2), answers: fc.nat(9) });

const facts = fc.record({
  sent: fc.array(fc.tuple(someRun, call).map(([run, wanted]) => aSending(run, wanted)), { maxLength: 3 }),
  settled: fc.array(fc.oneof(
    fc.tuple(someAttempt, call, fc.array(anyText, { maxLength: 3 })).map(([attempt, wanted, texts]) => anArrival(attempt, wanted, texts)),
    someAttempt.map(attempt => aFailure(attempt)),
  ), { maxLength: 3 }),
  lost: fc.array(fc.tuple(someRun, call), { maxLength: 2 }).map(pairs => pairs.flatMap(([run, wanted]) => theLost(run, wanted))),
  outcomes: fc.array(outcome, { maxLength: 2 }),
  bases: fc.array(fc.record({ taskId: taskName.map(taskId), basis: fc.constantFrom('one', 'two'), used: fc.array(used, { maxLength: 2 }), reviews: fc.nat(3), gold: fc.constantFrom('17', '18') }, { requiredKeys: ['taskId', 'basis', 'used'] }), { maxLength: 1 }),
  reviews: fc.array(review, { maxLength: 2 }),
  corrections: fc.array(correction, { maxLength: 1 }),
  run: fc.record({ id: someRun, calls: fc.nat(99), cached: fc.nat(99), failed: fc.dictionary(fc.constantFrom('timed-out', 'server-error'), fc.nat(9)) }),
}, { requiredKeys: [] });

/** The same, with a path in an outcome only where it is stored by then, as in life. */
const ofStoredPaths = (store: Store, { outcomes, ...rest }: Commit): Commit => ({
  ...rest,
  ...(outcomes ? {
    outcomes: outcomes.map(each => {
      const there = new Set(store.answers(each.taskId).map(answer => answer.fingerprint));
      return { ...each, branches: each.branches.map(one => (one.answers.path !== undefined && there.has(one.answers.path) ? one : { ...one, answers: {} })) };
    }),
  } : {}),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: facts.map((each): Step => store => store.commit(ofStoredPaths(store, each))) },
  { weight: 2, arbitrary: fc.array(task, { maxLength: 4 }).map((each): Step => store => store.addTasks(each)) },
  { weight: 1, arbitrary: fc.constant<Step>(store => store.startRun(aRunDraft())) },
  { weight: 1, arbitrary: fc.tuple(someRun, fc.constantFrom(...runStates)).map(([run, state]): Step => store => { store.endRun(run, state, 5_000); }) },
  { weight: 1, arbitrary: fc.subarray([...callStages]).map((stages): Step => store => store.retryLost(...stages)) },
  { weight: 3, arbitrary: fc.tuple(fc.array(taskName.map(taskId), { maxLength: 3 }), fc.constantFrom('holdOut', 'holdIn', 'leaveOut', 'takeIn')).map(([ids, what]): Step => ({ withdrawn }) => (what === 'leaveOut' ? withdrawn.leaveOut(ids, 'contamination') : withdrawn[what](ids))) },
  { weight: 1, arbitrary: fc.tuple(anyText, fc.jsonValue()).map(([key, value]): Step => store => { store.setSetting(key, value); }) },
);

/** A beginning that most steps find something in. */
const prologue: Step = store => {
  store.recordRecipe(theRecipe);
  store.startRun(aRunDraft());
  store.addTasks(taskNames.slice(0, 3).map(id => aTask({ id })));
};

/** What a step gave, or the code of its refusal. */
function attempted(store: Store, each: Step): unknown {
  try {
    return each(store);
  } catch (thrown) {
    return problemOf(thrown).code;
  }
}

const sorted = (counts: ReadonlyMap<string, number>) => [...counts].filter(([, count]) => count !== 0).sort(([left], [right]) => (left < right ? -1 : 1));

/** Everything that can be seen of a store. */
function seen(store: Store): unknown {
  const filters = [{}, { split: 'train' }, { dataset: 'b' }, { state: 'solved' }, { state: 'not-started', answerKind: 'number' }, { withoutGold: true }, { text: 'A' }, { text: 'a', ordinals: { after: 1, upTo: 3 } }] as const;
  return {
    lists: filters.map(filter => [store.taskIds(filter), store.taskPage(filter, undefined, 3), store.taskPage(filter, 2, 1_000), store.countTasks(filter)]),
    tasks: taskNames.map(taskId).map(id => [store.task(id), store.answers(id), store.attempts(id), store.lost(id), store.outcome(id), store.reviews(id), store.corrections(id)]),
    groups: [store.datasets(), store.countByKind()],
    runs: store.runs(),
    outcomes: [...store.outcomes()],
    counters: sorted(store.counters()),
    settled: ['one', 'two', 'three'].map(basis => [store.settledTasks(basis, undefined, 10), store.settledTasks(basis, 1, 1)]),
    paths: [store.countPaths(), store.pathPage(undefined, 1_000), store.pathPage(2, 1)],
    reviews: [store.reviewPage(0, 1_000), store.reviewPage(1, 2), store.unsettledReviews()],
    branches: store.branchCounts(),
    withdrawn: [store.withdrawn.moved(), store.withdrawn.leftOut()],
    events: [store.journal(0, 1_000), store.journal(3, 2)],
  };
}

/** What runs find and what people keep away from training, of tasks that are there. */
const withdrawing: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ outcomes: fc.array(outcome.map(each => ({ ...each, runId: runId(1), taskId: each.taskId === 'nowhere' ? taskId('a/1') : each.taskId })), { minLength: 1, maxLength: 2 }) }).map((each): Step => store => store.commit(ofStoredPaths(store, each))) },
  { weight: 2, arbitrary: fc.tuple(fc.subarray(['a/1', 'a/2', 'b/1'].map(taskId), { minLength: 1 }), fc.constantFrom('holdOut', 'holdIn')).map(([ids, what]): Step => ({ withdrawn }) => withdrawn[what](ids)) },
  { weight: 1, arbitrary: fc.record({ corrections: fc.array(correction, { maxLength: 1 }) }).map((each): Step => store => store.commit(each)) },
);

describe('any history of a project', () => {
  it('looks the same in a file and in memory, counted as it came or counted anew', () => { compare(step, 60); });

  it('looks the same where tasks are held out, run and held in again in any order', () => { compare(withdrawing, 20); });

  function compare(steps: fc.Arbitrary<Step>, numRuns: number): void {
    const folder = makeFolder();
    let number = 0;
    try {
      fc.assert(fc.property(fc.array(steps, { maxLength: 12 }), history => {
        number += 1;
        const file = path.join(folder, `${number}.regenesis`);
        const clock = { nowMs: () => reopenedAtMs };
        const memory = new MemoryStore();
        let store = openStore(file, asOurselves({ create: true, clock }));
        try {
          for (const each of [prologue, ...history]) {
            assert.deepEqual(attempted(store, each), attempted(memory, each));
            assert.deepEqual(sorted(store.counters()), sorted(store.recount()));
            assert.deepEqual(store.branchCounts(), store.recountBranches());
          }
          assert.deepEqual(seen(store), seen(memory));
          store.close();
          store = openStore(file, asOurselves({ clock }));
          assert.deepEqual(seen(store), seen(memory.reopen(reopenedAtMs)));
        } finally {
          store.close();
        }
      }), { numRuns });
    } finally {
      removeFolder(folder);
    }
  }
});
