import assert from 'node:assert/strict';
import { crashLoop } from '../support/crashLoop.ts';

const kills = 20;
const tasks = 240;

describe('an engine that is killed with 256 requests in flight', function () {
  this.timeout(240_000);

  // test/soak has the same with 200 kills
  it(`loses nothing that was committed and asks for none of it again, ${kills} times over`, async () => {
    const seed = Number(process.env['CRASH_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
    console.log(`      CRASH_SEED=${seed}`);
    const { requests, answered, records } = await crashLoop({ seed, kills, tasks, afterMs: [5, 350] });
    assert.ok(records > tasks, 'there is a training set');
    assert.ok(requests > kills * 20 && answered > 0, `the kills fell into the run: ${requests} requests before the last`);
  });
});
