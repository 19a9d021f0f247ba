// Mocha's own report, and behind it the totals as a file for test/run.mjs to add up (`REGENESIS_TEST_TOTALS` names it).
'use strict';
const fs = require('node:fs');
const Mocha = require('mocha');

module.exports = class TotalsReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const file = process.env.REGENESIS_TEST_TOTALS;
      const { passes, failures, pending } = this.stats;
      if (file === undefined) return;
      // a tier may run twice, as the host tests do: with and without trust
      const before = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : { passed: 0, failed: 0, skipped: 0 };
      fs.writeFileSync(file, JSON.stringify({ passed: before.passed + passes, failed: before.failed + failures, skipped: before.skipped + pending }));
    });
  }
};
