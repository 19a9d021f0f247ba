// Collects the tests that run inside the extension host. Each file describes itself; this one is the bundle's entry.
import { createRequire } from 'node:module';
import path from 'node:path';
import v8 from 'node:v8';
import Mocha from 'mocha';

/** The checkout: this file is bundled into out/host/. */
const root = path.resolve(__dirname, '../..');
const reporter = path.join(root, 'test/support/totalsReporter.cjs');

/** The editor calls this and takes a rejection for failure. */
export async function run(): Promise<void> {
  const { REGENESIS_TEST_GREP: grep } = process.env;
  const mocha = new Mocha({ timeout: 20_000, forbidOnly: true, ...(grep === undefined ? {} : { grep }), reporter: createRequire(reporter)(reporter) as Mocha.ReporterConstructor });
  mocha.suite.emit(Mocha.Suite.constants.EVENT_FILE_PRE_REQUIRE, globalThis, '', mocha);
  if (process.env['REGENESIS_TEST_UNTRUSTED'] === undefined) {
    await import('./activation.ts');
    await import('./projects.ts');
    await import('./connect.ts');
    await import('./commands.ts');
    await import('./overview.ts');
    await import('./pages.ts');
    await import('./review.ts');
    await import('./jobs.ts');
    await import('./prompts.ts');
    await import('./prompting.ts');
    await import('./badInput.ts');
    await import('./language.ts');
    await import('./secrets.ts');
  } else await import('./untrusted.ts');
  const failures = await new Promise<number>(resolve => mocha.run(resolve));
  if (process.env['NODE_V8_COVERAGE'] !== undefined) v8.takeCoverage(); // this process is ended before it would write coverage itself
  if (failures > 0) throw new Error(`${failures} failed`);
}
