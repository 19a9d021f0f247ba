// `npm start`: the extension on a sample workspace, in desktop VS Code where `code` is on the PATH, else in a browser through code-server.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { packageExtension } from '../support/packaged.ts';
import { workbenchAddress } from './browser.ts';
import { endProcesses } from './processes.ts';
import { startServer } from './server.ts';

const root = path.resolve(import.meta.dirname, '../..');
const cliPath = path.join(root, 'dist/cli.mjs');
const usage = 'usage: npm start [-- [FOLDER] [--browser] [--port N]]';

const next = 'the ReGenesis view is in its activity bar.';

/** Files of the sample workspace: a project, and its tasks once more to be imported into another one. */
const sample = { project: 'sample.regenesis', tasks: 'questions.jsonl' } as const;

const commandLine = (words: readonly string[], environment: Readonly<Record<string, string>> = {}): string =>
  execFileSync(process.execPath, [cliPath, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...environment } });

/** Makes a workspace of the sample tasks: a project of them, and the same as a file to be imported. */
function makeWorkspace(folder: string): void {
  if (fs.existsSync(folder)) return;
  fs.mkdirSync(folder, { recursive: true });
  fs.copyFileSync(path.join(root, 'prompts/samples/tasks.jsonl'), path.join(folder, sample.tasks));
  // no engine of it stays: the editor starts its own
  commandLine(['init', path.join(folder, sample.project), '--sample'], { REGENESIS_IDLE_MS: '0' });
}

/** `code` of desktop VS Code; undefined where it is not on the PATH. */
function desktopEditor(): string | undefined {
  const names = process.platform === 'win32' ? ['code.cmd', 'code.exe'] : ['code'];
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter(folder => folder !== '');
  return folders.flatMap(folder => names.map(name => path.join(folder, name))).find(file => fs.existsSync(file));
}

function openDesktop(editor: string, folder: string): number {
  const opened = spawnSync(editor, ['--new-window', `--extensionDevelopmentPath=${root}`, folder], { stdio: 'inherit', shell: process.platform === 'win32' });
  if (opened.status === 0) console.log(`VS Code shows ${folder}; ${next} \`npm start -- --browser\` takes a browser instead.`);
  return opened.status ?? 1;
}

/** Serves the editor until somebody ends it, and then ends what was started in it too: engines and demo servers outlive a window on purpose. */
async function serve(folder: string, port: number | undefined): Promise<number> {
  const runtime = fs.mkdtempSync(path.join(os.tmpdir(), 'regenesis-start-'));
  const ended = new Promise<void>(resolve => { for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => { resolve(); }); });
  const server = await startServer({
    ...(port === undefined ? {} : { port }), vsix: [packageExtension('start')], environment: { REGENESIS_RUNTIME_DIR: runtime, REGENESIS_IDLE_MS: '600000' },
    settings: { 'workbench.startupEditor': 'welcomePage' }, // which offers our walkthrough: the editor opens one by itself only while its extension is being installed
  });
  try {
    console.log(`\nVS Code shows ${folder} at\n\n  ${workbenchAddress(server, folder)}\n\nto this machine alone; ${next} Ctrl-C ends it and everything it started.`);
    await Promise.race([ended, server.ended.then(() => { throw new Error(`the editor ended by itself:\n${server.log()}`); })]);
  } finally {
    await server.stop();
    commandLine(['engines', '--stop'], { REGENESIS_RUNTIME_DIR: runtime });
    await endProcesses(runtime);
    fs.rmSync(runtime, { recursive: true, force: true });
  }
  return 0;
}

async function main(): Promise<number> {
  const { values, positionals: [folder = path.join(root, 'out/start/workspace')] } = parseArgs({ options: { browser: { type: 'boolean' }, port: { type: 'string' } }, allowPositionals: true });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) throw new Error(`--port takes a number from 1 to 65535, not ${String(values.port)}`);
  const workspace = path.resolve(process.env['INIT_CWD'] ?? process.cwd(), folder);
  makeWorkspace(workspace);
  const editor = values.browser === true || port !== undefined ? undefined : desktopEditor();
  return editor === undefined ? serve(workspace, port) : openDesktop(editor, workspace);
}

try {
  process.exitCode = await main();
} catch (problem) {
  console.error(`${problem instanceof Error ? problem.message : String(problem)}\n${usage}`);
  process.exitCode = 1;
}
