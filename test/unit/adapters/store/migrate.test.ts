import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { openConnection } from '../../../../src/adapters/store/openConnection.ts';
import { migrations, type Migration } from '../../../../src/adapters/store/schema.ts';
import { SqliteStore, openStore } from '../../../../src/adapters/store/sqliteStore.ts';
import type { Edit } from '../../../../src/core/model/edit.ts';
import { branchId, taskId } from '../../../../src/core/model/ids.ts';
import type { PathFilter } from '../../../../src/ports/store.ts';
import { refusal } from '../../../contract/store.ts';
import { aReview, aTask } from '../../../support/builders.ts';
import { aBranch, aCall, anArrival, anOutcome, aRunDraft, aSending, theRecipe } from '../../../support/storeFacts.ts';
import { asOurselves, makeFolder, removeFolder } from '../../../support/storeFiles.ts';

const today = migrations.length;
const later: readonly Migration[] = [
  ...migrations,
  { version: today + 1, sql: 'ALTER TABLE tasks ADD COLUMN note TEXT' },
  { version: today + 2, sql: `UPDATE tasks SET note = 'from ' || id` },
];

describe('bringing a project file forward', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = makeFolder();
    file = path.join(folder, 'project.regenesis');
    const store = openStore(file, asOurselves({ create: true }));
    store.addTasks([aTask({ id: 'set/1' }), aTask({ id: 'set/2' })]);
    store.close();
  });
  afterEach(() => { removeFolder(folder); });

  const copyOfToday = () => `${file}.bak-v${today}`;
  const openLater = (steps: readonly Migration[] = later) => openConnection(file, asOurselves(), steps);

  it('numbers its steps without a gap', () => {
    assert.deepEqual(migrations.map(step => step.version), migrations.map((_, index) => index + 1));
  });

  it('takes every step that is due, and copies the file as it was', () => {
    const { connection, lock } = openLater();
    assert.deepEqual(connection.all('SELECT note FROM tasks ORDER BY ordinal').map(row => row['note']), ['from set/1', 'from set/2']);
    const store = new SqliteStore({ connection, lock }, { nowMs: () => 0 });
    assert.equal(store.schemaVersion, today + 2);
    store.close();

    const copy = openStore(copyOfToday(), asOurselves());
    assert.equal(copy.schemaVersion, today);
    assert.deepEqual(copy.taskIds(), ['set/1', 'set/2']);
    copy.close();
    assert.deepEqual(readdirSync(folder).sort(), ['project.regenesis', path.basename(copyOfToday())]);
    refusal('project-newer', () => openStore(file, asOurselves()));
  });

  it('opens a copy although the file itself is open', () => {
    const { connection } = openLater();
    openStore(copyOfToday(), asOurselves()).close();
    connection.close();
  });

  it('copies nothing where there is nothing to do, or nothing yet', () => {
    openStore(file, asOurselves()).close();
    const fresh = path.join(folder, 'fresh.regenesis');
    openConnection(fresh, asOurselves({ create: true }), later).connection.close();
    assert.deepEqual(readdirSync(folder).filter(name => name.includes('.bak')), []);
  });

  it('takes all steps or none: after a step that fails the file is what it was, and free', () => {
    const broken = [...later, { version: today + 3, sql: 'INSERT INTO tasks (id) VALUES (NULL)' }];
    refusal('bug', () => openLater(broken));
    const store = openStore(file, asOurselves());
    assert.equal(store.schemaVersion, today);
    assert.equal(store.countTasks(), 2);
    store.close();
  });

  it('changes nothing when the copy cannot be made', () => {
    mkdirSync(`${copyOfToday()}/in-the-way`, { recursive: true });
    assert.ok(refusal('file-not-writable', () => openLater()).includes(copyOfToday()));
    assert.deepEqual(readdirSync(folder).sort(), ['project.regenesis', path.basename(copyOfToday())]);
    const store = openStore(file, asOurselves());
    assert.equal(store.schemaVersion, today);
    store.close();
  });
});

describe('a project file of version 1', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = makeFolder();
    file = path.join(folder, 'project.regenesis');
    writeFileSync(file, gunzipSync(readFileSync(path.join(import.meta.dirname, '../../../fixtures/project-v1.regenesis.gz'))));
  });
  afterEach(() => { removeFolder(folder); });

  it('opens with everything that it held, and leaves a copy of itself', () => {
    const store = openStore(file, asOurselves());
    assert.equal(store.schemaVersion, today);
    assert.deepEqual(store.taskIds(), ['set/1', 'set/2', 'set/3', 'held/1']);
    assert.deepEqual(store.runs().map(({ id, state, mode, choices }) => [id, state, mode, choices]), [[2, 'interrupted', 'all', undefined], [1, 'completed', 'until-enough', undefined]]);
    assert.deepEqual(store.answers(taskId('set/1')).map(answer => answer.raw), [
      'Mind the factors.', 'Six times three is \\boxed{18}.', 'Half a pair: \ud835. It is \\boxed{17}.', 'Not needed: \\boxed{18}.',
    ]);
    assert.equal(store.lost(taskId('set/2'))[0]?.problem.code, 'timed-out');
    assert.equal(store.attempts(taskId('set/2')).at(-1)?.state, 'unknown');
    assert.deepEqual([...store.outcomes()].map(outcome => outcome.state), ['solved', 'failed', 'needs-review']);
    assert.deepEqual([...store.counters()], [...store.recount()]);
    store.close();
    assert.deepEqual(readdirSync(folder).sort(), ['project.regenesis', 'project.regenesis.bak-v1']);
    assert.equal(readFileSync(`${file}.bak-v1`).readUInt32BE(60), 1);
  });

  it('lists its paths with what was found of them', () => {
    const store = openStore(file, asOurselves());
    assert.equal(store.countPaths(), 4);
    assert.deepEqual(store.pathPage(undefined, 10).map(({ sequence, taskId: task, branch, excerpt, finding }) => ({ sequence, task, branch, excerpt, finding })), [
      { sequence: 2, task: 'set/1', branch: 'guideline:plan', excerpt: 'Six times three is \\boxed{18}.', finding: { kept: true, verdict: 'correct' } },
      { sequence: 3, task: 'set/1', branch: 'guideline:draw', excerpt: 'Half a pair: \ud835. It is \\boxed{17}.', finding: { kept: false, verdict: 'incorrect', loss: { step: 'verify', reason: 'not-equal' } } },
      { sequence: 4, task: 'set/1', branch: 'guideline:late', excerpt: 'Not needed: \\boxed{18}.', finding: undefined },
      { sequence: 5, task: 'set/3', branch: 'guideline:plan', excerpt: 'It is \\boxed{4}.', finding: { kept: false, verdict: 'unjudged', loss: { step: 'vote', reason: 'too-few' } } },
    ]);
    store.close();
  });

  it('knows its paths without reading them, and is reviewed', () => {
    const store = openStore(file, asOurselves());
    assert.deepEqual(store.pathFacts(0, 10).map(({ sequence, taskId: task, branch, correct, verdict, loss }) => [sequence, task, branch, correct, verdict, loss?.step]), [
      [2, 'set/1', 'guideline:plan', true, 'correct', undefined], [3, 'set/1', 'guideline:draw', false, 'incorrect', 'verify'], [5, 'set/3', 'guideline:plan', null, 'unjudged', 'vote'],
    ]);
    store.close();
    reviewIn(file, { judged: 'set/1', unknown: 'set/3' });
  });

  it('begins its journal, and works its outcomes out anew', () => {
    const store = openStore(file, asOurselves());
    assert.deepEqual(store.journal(0, 10).map(({ kind, run, attempt }) => [kind, run, attempt]), [
      ['project-opened', undefined, undefined], ['call-unknown', 2, 7], ['run-interrupted', 2, undefined],
    ]);
    assert.deepEqual(store.settledTasks('any', undefined, 10), []);
    const [path] = aCall('set/1', { branch: 'guideline:plan' }).answers;
    store.commit({ outcomes: [anOutcome('set/1', { branches: [] })], bases: [{ taskId: taskId('set/1'), basis: 'any', used: [] }] });
    assert.equal(store.pathPage(undefined, 1)[0]?.fingerprint, path?.fingerprint);
    assert.equal(store.pathPage(undefined, 1)[0]?.finding, undefined);
    assert.equal(store.settledTasks('any', undefined, 10).length, 1);
    store.close();
  });
});

/** Takes reviews and corrections into a file that was made before there were any, and looks at it again once it was opened anew. */
function reviewIn(file: string, { judged, unknown }: { readonly judged: string; readonly unknown: string }): void {
  const correction = { taskId: taskId(unknown), gold: '4', reviewer: 'ada', atMs: 5_000 };
  const store = openStore(file, asOurselves());
  assert.deepEqual([store.reviewPage(0, 10), store.reviews(taskId(judged)), store.corrections(taskId(unknown)), store.task(taskId(unknown))?.gold], [[], [], [], undefined]);
  const withoutGold = store.countTasks({ withoutGold: true });
  store.commit({ reviews: [aReview({ taskId: judged, note: 'half \ud835 pair' })], corrections: [correction] });
  store.close();
  const again = openStore(file, asOurselves());
  assert.deepEqual(again.reviews(taskId(judged)), [{ ...aReview({ taskId: judged, note: 'half \ud835 pair' }), sequence: 1 }]);
  assert.deepEqual([again.corrections(taskId(unknown)), again.task(taskId(unknown))?.gold, again.countTasks({ withoutGold: true })], [[correction], '4', withoutGold - 1]);
  assert.deepEqual([...again.counters()], [...again.recount()]);
  assert.deepEqual(again.branchCounts(), again.recountBranches());
  again.close();
}

describe('a project file of version 2', () => {
  it('gets the lists and counts of today from its outcomes', () => {
    const folder = makeFolder();
    const file = path.join(folder, 'project.regenesis');
    try {
      writeFileSync(file, gunzipSync(readFileSync(path.join(import.meta.dirname, '../../../fixtures/project-v2.regenesis.gz'))));
      const store = openStore(file, asOurselves());
      assert.deepEqual([...store.counters()], [...store.recount()]);
      assert.deepEqual(store.branchCounts(), store.recountBranches());
      assert.deepEqual([...store.counters()].filter(([key]) => /^(?:pass|coverage|solved|kept-tasks)/.test(key)), [
        ['coverage/1/1', 1], ['coverage/2/0', 1], ['kept-tasks/plan', 2], ['pass/0', 1], ['pass/41-60', 1], ['solved-by-hint', 1], ['solved-only/plan', 1],
      ]);
      const named = (filter: PathFilter) => store.pathPage(undefined, 10, filter).map(({ taskId: task, branch, excerpt }) => [task, branch, excerpt]);
      assert.deepEqual(named({ step: 'stage-adapt' }), [['set/2', 'guideline:late', '']]);
      assert.deepEqual(named({ guideline: 'draw', correct: false }), [
        ['set/2', 'chosen:0', 'It is \\boxed{5}.'], ['set/2', 'guideline:draw', 'It is \\boxed{6}.'],
      ]);
      assert.deepEqual([store.countPaths({ kept: true }), store.countPaths({ reached: 'branches' })], [2, 7]);
      assert.deepEqual([store.taskIds({ passRate: '0' }), store.taskIds({ solvedOnlyBy: 'plan' }), store.taskIds({ guideline: 'plan' }), store.taskIds({ difficulty: 'unknown' })], [['set/2'], ['set/1'], ['set/1', 'set/2'], ['set/3', 'held/1']]);
      assert.deepEqual([...store.groupTasks('difficulty')].sort(), [['pass/0', 1], ['pass/41-60', 1], ['unknown', 2]]);
      store.commit({ outcomes: [anOutcome('set/2', { runId: store.runs()[0]?.id ?? assert.fail(), branches: [] })] });
      assert.deepEqual(store.branchCounts(), store.recountBranches());
      assert.equal(store.countPaths({ reached: 'branches' }), 3);
      store.close();
      reviewIn(file, { judged: 'set/2', unknown: 'set/3' });
      assert.deepEqual(readdirSync(folder).sort(), ['project.regenesis', 'project.regenesis.bak-v2']);
    } finally {
      removeFolder(folder);
    }
  });
});

describe('a project file of version 5', () => {
  it('keeps all that it held, gets no new lists, and is reviewed', () => {
    const folder = makeFolder();
    const file = path.join(folder, 'project.regenesis');
    try {
      const { gold: _gold, ...unknown } = aTask({ id: 'set/2' });
      const former = new SqliteStore(openConnection(file, asOurselves({ create: true }), migrations.slice(0, 5)), { nowMs: () => 9_000 });
      assert.equal(former.schemaVersion, 5);
      former.addTasks([aTask({ id: 'set/1' }), unknown]);
      former.recordRecipe(theRecipe);
      const run = former.startRun(aRunDraft());
      const edit: Edit = { taskId: taskId('set/1'), round: 1, branch: branchId('guideline:plan'), atMs: 5, kind: 'include', included: true };
      for (const task of ['set/1', 'set/2']) {
        const call = aCall(task);
        const [attempt] = former.commit({ sent: [aSending(run, call)] });
        const outcome = anOutcome(task, { branches: [aBranch({ answers: { path: call.answers[0]?.fingerprint ?? assert.fail() } })] });
        former.commit({ settled: [anArrival(attempt ?? assert.fail(), call, ['It is \\boxed{18}.'])], outcomes: [outcome], edits: [edit] });
      }
      former.endRun(run, 'completed', 6_000);
      const held = (store: SqliteStore | ReturnType<typeof openStore>) => [
        store.taskIds(), [...store.outcomes()], [...store.counters()], store.branchCounts(), store.pathPage(undefined, 10), store.pathFacts(0, 10), store.edits(taskId('set/1')), store.runs(), store.answers(taskId('set/2')),
      ];
      const before = held(former);
      former.close();
      const store = openStore(file, asOurselves());
      assert.equal(store.schemaVersion, today);
      assert.deepEqual(held(store), before);
      store.close();
      reviewIn(file, { judged: 'set/1', unknown: 'set/2' });
      assert.deepEqual(readdirSync(folder).sort(), ['project.regenesis', 'project.regenesis.bak-v5']);
      assert.equal(readFileSync(`${file}.bak-v5`).readUInt32BE(60), 5);
    } finally {
      removeFolder(folder);
    }
  });
});
