#!/usr/bin/env node
import path from 'node:path';
import process from 'node:process';
import { exitCodes, type World } from './cli/command.ts';
import { main } from './cli/main.ts';
import { errorCodeOf } from './core/model/problem.ts';
import { demoServerCommand } from './demoServer/command.ts';

/** Put in by the build. */
declare const APP_VERSION: string | undefined;

const packageRoot = path.resolve(import.meta.dirname, '..');

const world: World = {
  stdin: process.stdin,
  out: text => new Promise(resolve => { process.stdout.write(text, () => { resolve(); }); }),
  say: text => { process.stderr.write(text); },
  ...(process.stderr.isTTY ? { columns: process.stderr.columns } : {}),
  environment: process.env,
  app: typeof APP_VERSION === 'undefined' ? 'source' : APP_VERSION,
  packageRoot,
  enginePath: path.join(packageRoot, 'dist/engine.mjs'),
  cliPath: path.join(packageRoot, 'dist/cli.mjs'),
  onInterrupt: listener => {
    process.on('SIGINT', listener);
    return () => { process.off('SIGINT', listener); };
  },
};

process.stdout.on('error', (error: Error) => {
  const readerLeft = errorCodeOf(error) === 'EPIPE';
  if (!readerLeft) process.stderr.write(`The output cannot be written: ${error.message}\n`);
  process.exit(readerLeft ? exitCodes.done : exitCodes.failed);
});
process.stderr.on('error', () => undefined); // nobody is left to be told

process.exitCode = await main(process.argv.slice(2), world, [demoServerCommand]);
