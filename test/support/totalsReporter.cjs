// Mocha's own report, and behind it the totals as a file for test/run.mjs to add up (`REGENESIS_TEST_TOTALS` names it).
'use strict';
const fs = require('node:fs');
const Mocha = require('mocha');

module.exports = class TotalsReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const files = {};
    const count = what => test => {
      const own = files[test.file] ??= { passed: 0, failed: 0, skipped: 0 };
      own[what] += 1;
    };
    const { EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING } = Mocha.Runner.constants;
    runner.on(EVENT_TEST_PASS, count('passed')).on(EVENT_TEST_FAIL, count('failed')).on(EVENT_TEST_PENDING, count('skipped'));
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const file = process.env.REGENESIS_TEST_TOTALS;
      const { passes, failures, pending } = this.stats;
      if (file === undefined) return;
      // a tier may run twice, as the host tests do: with and without trust
      const before = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : { passed: 0, failed: 0, skipped: 0 };
      fs.writeFileSync(file, JSON.stringify({ passed: before.passed + passes, failed: before.failed + failures, skipped: before.skipped + pending, files }));
    });
  }
};
