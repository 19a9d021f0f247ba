// Mocha inside the extension host of a real editor; `-g WORDS` runs the tests that are named so. `VSCODE_TEST=desktop` downloads desktop VS Code and uses that instead.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runTests } from '@vscode/test-electron';

const root = path.resolve(path.dirname(new URL(import.meta.url).pathname), '../..');
execFileSync(process.execPath, ['esbuild.mjs', '--host-tests'], { cwd: root, stdio: 'inherit' });

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'workspace-'));
const { grep } = parseArgs({ options: { grep: { type: 'string', short: 'g' } } }).values;
const desktop = process.env.VSCODE_TEST === 'desktop';
const run = environment => runTests({
  ...(desktop ? {} : { vscodeExecutablePath: path.join(root, 'test/vscode/code-shim') }),
  extensionDevelopmentPath: root,
  extensionTestsPath: path.join(root, 'out/host/suite.cjs'),
  extensionTestsEnv: { ...environment, ...(grep === undefined ? {} : { REGENESIS_TEST_GREP: grep }) },
  launchArgs: [folder],
});
try {
  process.exitCode = await run({});
  // the desktop editor trusts whatever it is told to test
  if (process.exitCode === 0 && !desktop) process.exitCode = await run({ REGENESIS_TEST_UNTRUSTED: '1' });
} catch (problem) {
  console.error(problem);
  process.exitCode = 1;
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
