// Takes the test arguments of desktop `code`, so that @vscode/test-electron can be pointed at it.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { format } from 'node:util';
import { runHostTests } from './hostTests.ts';

/** What the editor and its server say about themselves under these conditions; the tests' own lines are what is wanted. */
const noise = /connection token|Creating a socket|grace time|Updating additional|Service Worker|AgentHost|AccountPolicyGate|open-vsx|ENOTFOUND|bindings file|build\/Release\/watchdog|vsda/;

/** Of the machine or of npm; the extension host has its own. */
const notHandedOn = /^(?:PATH|HOME|PWD|SHLVL|_|npm_.*|NODE_OPTIONS|XDG_.*)$/;

/** In the environment: the tests are those of a folder that is not trusted. */
const untrustedFlag = 'REGENESIS_TEST_UNTRUSTED';

const given = process.argv.slice(2);
const values = (name: string) => given.filter(text => text.startsWith(`--${name}=`)).map(text => path.resolve(text.slice(name.length + 3)));

async function main(): Promise<number> {
  const [suite] = values('extensionTestsPath');
  const [extensionFolder] = values('extensionDevelopmentPath');
  if (suite === undefined || extensionFolder === undefined) {
    console.log('1.139.1'); // asked for its version
    return 0;
  }
  const folder = path.resolve(given.find(text => !text.startsWith('-')) ?? fs.mkdtempSync(path.join(os.tmpdir(), 'workspace-')));
  const environment = Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => value === undefined || notHandedOn.test(name) ? [] : [[name, value]]));
  const print = (line: readonly unknown[]) => {
    const text = format(...line);
    if (!noise.test(text)) process.stdout.write(`${text}\n`);
  };
  return runHostTests({ extensionFolder, suite, folder, environment, print, untrusted: environment[untrustedFlag] !== undefined });
}

process.exitCode = await main();
