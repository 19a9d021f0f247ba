import assert from 'node:assert/strict';
import type { ProblemCode } from '../../../src/core/model/problem.ts';
import { Workshop, type LoggedServer } from '../../support/commandLine.ts';
import { askedAgain, FaultTrials, sameAs, type Outcome } from '../../support/faultTrial.ts';

/** What a server does to a share of its requests, and what the engine counts that as; a fault without a code costs no request. */
const faults: readonly { readonly words: readonly string[]; readonly what: string; readonly codes: readonly ProblemCode[] }[] = [
  { what: 'refuses for now (429) and says that it need not be long', words: ['--faults', '429=.15'], codes: ['server-rate-limited'] },
  { what: 'refuses for a second, or does not say for how long', words: ['--faults', '429-later=.006,429-bare=.006'], codes: ['server-rate-limited'] },
  { what: 'fails (500, 503), or its proxy does (502)', words: ['--faults', '500=.03,502=.03,503=.03'], codes: ['server-error'] },
  { what: 'breaks the connection before it answers, or in the middle of that', words: ['--faults', 'reset=.05,reset-body=.05'], codes: ['server-unreachable'] },
  { what: 'does not answer', words: ['--faults', 'hang=.03'], codes: ['timed-out'] },
  { what: 'sends half of a body as if it were whole, or NaN', words: ['--faults', 'half=.04,nan=.04'], codes: ['reply-unreadable'] },
  { what: 'sends no choice, or a login page', words: ['--faults', 'none=.04,html=.04'], codes: ['reply-empty', 'reply-unreadable'] },
  { what: 'sends fewer choices than were asked for', words: ['--faults', 'fewer=.5'], codes: [] },
  { what: 'ignores n', words: ['--ignore-n'], codes: [] },
  { what: 'does not know its model for some requests', words: ['--faults', 'wrong-model=.05'], codes: ['server-unknown-model'] },
  { what: 'is slow for some requests', words: ['--faults', 'slow=.05'], codes: [] },
  { what: 'does all of it at once', words: ['--faults', '429=.03,500=.02,502=.01,503=.01,reset=.02,reset-body=.01,hang=.005,half=.02,html=.01,none=.01,nan=.01,slow=.01'], codes: ['server-rate-limited', 'server-error', 'server-unreachable', 'reply-unreadable'] },
];

describe('a server that', function () {
  this.timeout(60_000);
  const shop = new Workshop();
  const trials = new FaultTrials(shop);
  const usual = new Map<string, Outcome>();
  let sound: LoggedServer;

  before(async () => {
    sound = await shop.demoServer();
  });
  after(() => shop.close());

  /** The same without any fault. */
  async function undisturbed(recipe: string): Promise<Outcome> {
    const known = usual.get(recipe) ?? await trials.run({ server: sound.url, recipe });
    usual.set(recipe, known);
    return known;
  }

  for (const { what, words, codes } of faults) {
    // only this recipe asks for several answers at once
    const recipe = /fewer|ignore-n/.test(words.join(' ')) ? 'regenesis-released' : 'regenesis';
    it(`${what} changes nothing of what comes out`, async () => {
      const expected = await undisturbed(recipe);
      const server = await shop.demoServer(...words);
      const outcome = await trials.run({ server: server.url, recipe }, codes.length === 0 ? {} : { REGENESIS_REQUEST_TIMEOUT_MS: '1000' });
      sameAs(expected, outcome);
      const requests = server.newRequests();
      askedAgain(requests, outcome.report);
      assert.equal(requests.length, outcome.report.calls);
      for (const code of codes) assert.ok((outcome.report.failed[code] ?? 0) > 0, `${code} in ${JSON.stringify(outcome.report.failed)}`);
      if (codes.length === 0) assert.deepEqual(outcome.report.failed, {});
      await server.stop();
    });
  }
});
