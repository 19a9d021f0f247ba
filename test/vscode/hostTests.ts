// Runs a test suite inside the extension host, as `code --extensionTestsPath` does.
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openBrowser, remoteFile, workbenchAddress } from './browser.ts';
import { startServer } from './server.ts';

/** What to run, and where. Paths are absolute. */
export interface HostTests {
  /** The extension that is run as it lies there. The editor takes one, and runs no tests without. */
  readonly extensionFolder: string;
  /** More extensions, to be installed from files. */
  readonly vsix?: readonly string[];
  /** A CommonJS file that exports `run()`. */
  readonly suite: string;
  /** The folder that the editor opens. */
  readonly folder: string;
  /** The folder is not trusted. */
  readonly untrusted?: boolean;
  readonly environment: Readonly<Record<string, string>>;
  readonly print: (line: readonly unknown[]) => void;
}

const patienceMs = 600_000;

/** Resolves to the exit code; rejects where the page crashes or nothing comes back in ten minutes. */
export async function runHostTests(tests: HostTests): Promise<number> {
  const server = await startServer({ smokeDriver: true, vsix: tests.vsix ?? [], ...(tests.untrusted === true ? { trust: true, settings: { 'security.workspace.trust.startupPrompt': 'never' } } : {}) });
  const browser = await openBrowser();
  try {
    const { page } = browser;
    const ended = Promise.withResolvers<number>();
    page.once('crash', () => ended.reject(new Error('the page crashed')));
    await page.exposeFunction('codeAutomationExit', ended.resolve);
    await page.exposeFunction('codeAutomationLog', (_level: string, line: readonly unknown[]) => tests.print(line));
    await page.goto(workbenchAddress(server, tests.folder, [
      ['extensionDevelopmentPath', remoteFile(server, tests.extensionFolder)],
      ['extensionTestsPath', remoteFile(server, tests.suite)],
      ['extensionEnvironment', JSON.stringify(tests.environment)],
    ]), { waitUntil: 'domcontentloaded' });
    const code = await Promise.race([ended.promise, delay(patienceMs, undefined, { ref: false })]);
    if (code !== undefined) return code;
    const picture = path.join(os.tmpdir(), 'host-tests-timeout.png');
    await page.screenshot({ path: picture });
    throw new Error(`no end after ${patienceMs / 1000} s; see ${picture}\n${server.log()}`);
  } finally {
    await browser.close();
    await server.stop();
  }
}
