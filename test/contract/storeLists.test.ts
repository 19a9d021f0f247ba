import assert from 'node:assert/strict';
import path from 'node:path';
import fc from 'fast-check';
import { openStore } from '../../src/adapters/store/sqliteStore.ts';
import { branchId, taskId, type TaskId } from '../../src/core/model/ids.ts';
import type { BranchOutcome, TaskOutcome } from '../../src/core/model/outcome.ts';
import { passRates, reachedSteps } from '../../src/core/model/overview.ts';
import type { Task } from '../../src/core/model/task.ts';
import { branchClass, isOfFilter } from '../../src/core/model/yield.ts';
import type { PathFilter, PathRow, Store, TaskFilter } from '../../src/ports/store.ts';
import { aTask } from '../support/builders.ts';
import { MemoryStore } from '../support/memoryStore.ts';
import { aBranch, aCall, anArrival, anOutcome, aRunDraft, aSending, theRecipe } from '../support/storeFacts.ts';
import { asOurselves, makeFolder, removeFolder } from '../support/storeFiles.ts';

const { gold: _gold, ...withoutGold } = aTask({ id: 'set/unknown' });
const tasks: readonly Task[] = [
  aTask({ id: 'set/1', origin: { dataset: 'set', difficulty: 'Level 5' } }), aTask({ id: 'set/2', answerKind: 'text' }), withoutGold, aTask({ id: 'set/4', origin: { dataset: 'other' } }),
];
const guidelines = ['plan', 'draw', 'late'] as const;
/** Each branch has the same path in every outcome, as in life. */
const places = guidelines.map(id => `guideline:${id}`).concat('chosen:0', 'drawn:0').flatMap(branch => [1, 2].map(round => ({ branch, round: round === 1 ? 1 as const : 2 as const })));
const callOf = (task: string, place: (typeof places)[number]) => aCall(task, place);

const lossOfPath = fc.option(fc.constantFrom(
  { step: 'finish', reason: 'cut' } as const, { step: 'verify', reason: 'not-equal' } as const, { step: 'verify', reason: 'undecided' } as const, { step: 'cap', reason: 'enough' } as const, { step: 'vote', reason: 'minority' } as const,
), { nil: undefined });
const branchOf = (task: string, place: (typeof places)[number]): fc.Arbitrary<BranchOutcome> => fc.record({
  lost: fc.boolean(), loss: lossOfPath, kind: fc.constantFrom('correct', 'incorrect', 'unreadable', 'unjudged'),
}).map(({ lost, loss, kind }) => {
  const chosen = place.branch.startsWith('chosen') ? ['draw', 'plan'] : place.branch.startsWith('drawn') ? [] : [place.branch.slice('guideline:'.length)];
  const parts = { id: branchId(place.branch), round: place.round, guidelines: chosen, hinted: place.round === 2 };
  if (lost) return aBranch({ ...parts, answers: {}, verdicts: [], loss: { step: 'stage-adapt', reason: 'timed-out' } });
  const [answer] = callOf(task, place).answers;
  return aBranch({ ...parts, answers: answer ? { path: answer.fingerprint } : {}, verdicts: [{ checker: 'typed', kind, extracted: null, reason: kind }], ...(loss ? { loss } : {}) });
});
const outcome: fc.Arbitrary<TaskOutcome> = fc.constantFrom(...tasks.map(task => task.id)).chain(task =>
  fc.tuple(fc.subarray(places).chain(chosen => fc.tuple(...chosen.map(place => branchOf(task, place)))), fc.boolean()).map(([branches, unused]) => anOutcome(task, {
    branches, state: branches.some(branch => branch.loss === undefined) ? 'solved' : 'unsolved', ...(unused ? { knownAnswerUnused: true } : {}),
  })));

const filter: fc.Arbitrary<PathFilter> = fc.record({
  step: fc.constantFrom('verify', 'stage-adapt', 'cap'), reason: fc.constantFrom('not-equal', 'timed-out'), reached: fc.constantFrom(...reachedSteps), guideline: fc.constantFrom(...guidelines, 'unheard-of'),
  round: fc.constantFrom(1, 2), kept: fc.boolean(), correct: fc.boolean(), taskId: fc.constantFrom(...tasks.map(task => task.id), taskId('nowhere')),
}, { requiredKeys: [] });

const taskFilter: fc.Arbitrary<TaskFilter> = fc.record({
  passRate: fc.constantFrom(...passRates), difficulty: fc.constantFrom('set/Level 5', 'pass/0', 'pass/100', 'unknown'), guideline: fc.constantFrom(...guidelines), solvedOnlyBy: fc.constantFrom(...guidelines),
  state: fc.constantFrom('solved', 'not-started'), text: fc.constant('SIX'), withoutGold: fc.constant(true as const),
}, { requiredKeys: [] });

/** A project whose paths are all stored, and some tokens not told. */
function begin(store: Store): Store {
  store.addTasks(tasks);
  store.recordRecipe(theRecipe);
  const run = store.startRun(aRunDraft());
  const calls = tasks.flatMap(task => places.map(place => callOf(task.id, place)));
  const ids = store.commit({ sent: calls.map(call => aSending(run, call)) });
  const settled = ids.map((id, index) => {
    const arrival = anArrival(id, calls[index] ?? assert.fail(), [`path ${index}`]);
    return index % 5 === 0 ? { ...arrival, answers: arrival.answers.map(({ outputTokens: _tokens, ...answer }) => answer) } : arrival;
  });
  store.commit({ settled });
  return store;
}

/** A list read in pages of so many rows. */
function paged(store: Store, wanted: PathFilter, limit: number): readonly PathRow[] {
  const rows: PathRow[] = [];
  for (let page = store.pathPage(undefined, limit, wanted); page.length > 0; page = store.pathPage(page.at(-1)?.sequence, limit, wanted)) rows.push(...page);
  return rows;
}

const named = (rows: readonly PathRow[]) => rows.map(({ taskId: task, branch, round, finding, fingerprint, finish, excerpt }) => JSON.stringify([task, branch, round, finding, fingerprint, finish, excerpt])).sort();

/** The names of the branches that a filter means, from the outcomes themselves. */
const meant = (outcomes: ReadonlyMap<TaskId, TaskOutcome>, wanted: PathFilter) => [...outcomes.values()].flatMap(({ taskId: task, branches, knownAnswerUnused: unused }) => branches
  .filter(branch => isOfFilter(branchClass(branch, task !== 'set/unknown' && unused !== true), wanted) && (wanted.taskId === undefined || wanted.taskId === task))
  .map(branch => JSON.stringify([task, branch.id, branch.round]))).sort();

describe('lists behind the numbers', () => {
  it('hold exactly the branches that are counted, whatever outcomes come and go, in a file as in memory', () => {
    const folder = makeFolder();
    let number = 0;
    try {
      fc.assert(fc.property(fc.array(outcome, { maxLength: 6 }), fc.array(fc.tuple(filter, fc.integer({ min: 1, max: 5 })), { minLength: 4, maxLength: 12 }), fc.array(taskFilter, { minLength: 4, maxLength: 8 }), (outcomes, filters, taskFilters) => {
        number += 1;
        const memory = begin(new MemoryStore());
        const store = begin(openStore(path.join(folder, `${number}.regenesis`), asOurselves({ create: true })));
        try {
          for (const each of outcomes) for (const one of [store, memory]) one.commit({ outcomes: [each] });
          const latest = new Map(outcomes.map(each => [each.taskId, each]));
          assert.deepEqual(store.branchCounts(), store.recountBranches());
          assert.deepEqual(store.branchCounts(), memory.branchCounts());
          assert.deepEqual(store.pathFacts(0, 1_000), memory.pathFacts(0, 1_000));
          assert.deepEqual(store.pathFacts(9, 3), memory.pathFacts(9, 3));
          assert.deepEqual(new Map([...store.counters()].sort()), new Map([...store.recount()].sort()));
          for (const [wanted, limit] of filters) {
            const rows = paged(store, wanted, limit);
            assert.deepEqual(rows.map(row => JSON.stringify([row.taskId, row.branch, row.round])).sort(), meant(latest, wanted));
            assert.deepEqual(named(rows), named(paged(memory, wanted, 1_000)));
            assert.deepEqual([store.countPaths(wanted), memory.countPaths(wanted)], [rows.length, rows.length]);
            assert.deepEqual(rows.map(row => row.sequence), rows.map(row => row.sequence).toSorted((left, right) => left - right));
          }
          for (const wanted of taskFilters) {
            assert.deepEqual(store.taskPage(wanted, undefined, 100), memory.taskPage(wanted, undefined, 100));
            assert.equal(store.countTasks(wanted), memory.taskIds(wanted).length);
            for (const by of ['state', 'dataset', 'answerKind', 'difficulty'] as const) {
              const sorted = (one: Store) => [...one.groupTasks(by, wanted)].sort();
              assert.deepEqual(sorted(store), sorted(memory));
            }
          }
        } finally {
          store.close();
        }
      }), { numRuns: 60 });
    } finally {
      removeFolder(folder);
    }
  });

  it('tell tokens of a branch only where all of its answers told theirs', () => {
    const store = begin(new MemoryStore());
    const [told, untold] = [callOf('set/1', places[1] ?? assert.fail()).answers[0], callOf('set/1', places[0] ?? assert.fail()).answers[0]];
    assert.ok(told && untold);
    store.commit({ outcomes: [anOutcome('set/1', { branches: [aBranch({ answers: { path: told.fingerprint } }), aBranch({ answers: { path: untold.fingerprint, adapt: told.fingerprint }, round: 2 }), aBranch({ answers: { path: told.fingerprint, choose: untold.fingerprint }, id: branchId('chosen:1') })] })] });
    assert.deepEqual(store.branchCounts().map(({ round, branches, tokens, untold: unknown }) => [round, branches, tokens, unknown]), [[1, 2, 12, 0], [2, 1, 6, 1]]);
  });
});
