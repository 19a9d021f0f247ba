import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import path from 'node:path';
import { openStore } from '../../src/adapters/store/sqliteStore.ts';
import { checkFacts, checkFile, type Life } from '../support/storeChecks.ts';
import { asOurselves, makeFolder, removeFolder } from '../support/storeFiles.ts';
import { startOpener } from '../support/storeLives.ts';

/** Numbers from 0 (below 1) out of a seed: mulberry32, by Tommy Ettinger, public domain. */
function drawn(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const wholeNumber = (line: string): number | undefined => (/^\d+$/.test(line) ? Number(line) : undefined);

/** Lets a process write until it has made so many commits, kills it in whatever it does then, and reads what it had said by that time. */
async function liveAndDie(file: string, storage: string, { first, commits }: { readonly first: number; readonly commits: number }): Promise<Life> {
  const opener = startOpener('write', file, storage, String(first));
  const committed: number[] = [];
  let line = await opener.line();
  assert.equal(line, 'open');
  while (committed.length < commits && line !== undefined) {
    line = await opener.line();
    committed.push(...(line === undefined ? [] : [wholeNumber(line) ?? assert.fail(line)]));
  }
  await opener.end('SIGKILL');
  for (line = await opener.line(); line !== undefined; line = await opener.line()) committed.push(wholeNumber(line) ?? assert.fail(line));
  return { first, committed };
}

for (const [storage, lives] of [['local', 14], ['network', 6]] as const) {
  const seed = Number(process.env['REGENESIS_TEST_SEED'] ?? randomInt(2 ** 31));
  it(`keeps every committed fact over ${lives} deaths by kill -9 (${storage}, REGENESIS_TEST_SEED=${seed})`, async function () {
    this.timeout(60_000);
    const draw = drawn(seed);
    const folder = makeFolder();
    const file = path.join(folder, 'project.regenesis');
    try {
      openStore(file, asOurselves({ create: true, storage })).close();
      const lived: Life[] = [];
      for (let life = 0; life < lives; life += 1) {
        lived.push(await liveAndDie(file, storage, { first: (life + 1) * 10_000, commits: Math.floor(draw() ** 2 * 120) }));
        const store = openStore(file, asOurselves({ storage }));
        checkFacts(store, lived);
        store.close();
        checkFile(file);
      }
      assert.ok(lived.some(({ committed }) => committed.length > 1));
    } finally {
      removeFolder(folder);
    }
  });
}
