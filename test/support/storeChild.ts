import { writeSync } from 'node:fs';
import { taskId, type AttemptId, type RunId } from '../../src/core/model/ids.ts';
import { problemOf } from '../../src/core/model/problem.ts';
import { openStore } from '../../src/adapters/store/sqliteStore.ts';
import type { Store } from '../../src/ports/store.ts';
import { aTask } from './builders.ts';
import { anArrival, anOutcome, aRunDraft, aSending, theRecipe } from './storeFacts.ts';
import { callNumber, correctionsNumber, lifeTasks, reviewsNumber, textsOf } from './storeLives.ts';

/*
 * A process that opens a project: `hold FILE STORAGE` keeps it open, `write FILE STORAGE FIRST` stores facts until it is killed or refused.
 * It says `open`, then the number of each commit once it has returned; a refusal says its code, and one of a commit its message too. It closes the project at the end of its input.
 */

const [role, file = '', storage, first] = process.argv.slice(2);
const say = (line: string | number): void => {
  writeSync(1, `${line}\n`);
};

function open(): Store | undefined {
  try {
    const owner = { host: 'test-host', pid: process.pid, startedAtMs: Date.now(), app: 'regenesis 0.0.0' };
    return openStore(file, { create: false, owner, clock: { nowMs: () => Date.now() }, storage: storage === 'network' ? 'network' : 'local' });
  } catch (thrown) {
    say(problemOf(thrown).code);
    return undefined;
  }
}

function writeUntilRefused(store: Store, from: number): void {
  store.addTasks(Array.from({ length: lifeTasks }, (_, index) => aTask({ id: `set/${index}` })));
  store.recordRecipe(theRecipe);
  const run = store.startRun(aRunDraft());
  let before: AttemptId | undefined;
  for (let number = from; ; number += 1) {
    before = commit(store, { run, number, before });
    if (before === undefined) return;
    say(number);
  }
}

/** Stores what came for the call before, and the next call; says why where it could not. */
function commit(store: Store, { run, number, before }: { readonly run: RunId; readonly number: number; readonly before: AttemptId | undefined }): AttemptId | undefined {
  try {
    const settled = before === undefined ? [] : [anArrival(before, callNumber(number - 1), textsOf(number - 1))];
    const outcomes = number % 3 === 0 ? [anOutcome(taskId(`set/${number % lifeTasks}`), { runId: run, notNeeded: number })] : [];
    const judged = { reviews: reviewsNumber(number), corrections: correctionsNumber(number) };
    return store.commit({ sent: [aSending(run, callNumber(number))], settled, ...judged, outcomes, run: { id: run, calls: number, cached: 0, failed: {} } })[0];
  } catch (thrown) {
    const { code, message } = problemOf(thrown);
    say(`${code} ${message}`);
    return undefined;
  }
}

const store = open();
if (store) {
  say('open');
  if (role === 'write') writeUntilRefused(store, Number(first));
  process.stdin.resume().on('end', () => { store.close(); });
}
