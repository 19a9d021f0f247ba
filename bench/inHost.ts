import { build } from 'esbuild';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import * as z from 'zod/mini';
import { packageExtension, packageFolder } from '../test/support/packaged.ts';
import { runHostTests } from '../test/vscode/hostTests.ts';
import type { HostOrder } from './hostOrder.ts';

const root = path.resolve(import.meta.dirname, '..');
const suite = path.join(root, 'out/bench/host.cjs');

/** Of npm and of the machine; the extension host has its own. */
const notHandedOn = /^(?:PATH|HOME|PWD|SHLVL|_|npm_.*|NODE_OPTIONS|XDG_.*)$/;

type OrderOf<Measure> = Omit<Extract<HostOrder, { measure: Measure }>, 'out'>;

/** Has something measured inside the extension host of a window of its own, with our packaged extension and some empty ones. `folder`: for what that needs. */
export async function inHost<Result, Measure extends HostOrder['measure']>(folder: string, order: OrderOf<Measure>, resultSchema: z.ZodMiniType<Result>): Promise<Result> {
  await build({ absWorkingDir: root, entryPoints: ['bench/host/suite.ts'], outfile: suite, bundle: true, platform: 'node', format: 'cjs', target: 'node22', external: ['vscode'], logLevel: 'warning' });
  const out = path.join(folder, 'measured.json');
  const workspace = path.join(folder, 'workspace');
  mkdirSync(workspace, { recursive: true });
  const inherited = Object.entries(process.env).flatMap(([name, value]) => (value === undefined || notHandedOn.test(name) ? [] : [[name, value] as const]));
  const lines: string[] = [];
  const code = await runHostTests({
    extensionFolder: emptyExtension(folder, 'first'), vsix: [packageExtension('bench'), ...['before', 'after'].map(name => packagedEmpty(folder, name))], suite, folder: workspace,
    environment: { ...Object.fromEntries(inherited), BENCH_HOST: JSON.stringify({ ...order, out }) },
    print: line => { lines.push(line.map(String).join(' ')); },
  });
  if (code !== 0) throw new Error(`the extension host ended with ${code}: ${lines.findLast(line => line.startsWith('Error: ')) ?? 'and did not say why'}`);
  return z.parse(resultSchema, JSON.parse(readFileSync(out, 'utf8')));
}

/** An extension that does nothing. */
function emptyExtension(folder: string, name: string): string {
  const own = path.join(folder, name);
  mkdirSync(own, { recursive: true });
  writeFileSync(path.join(own, 'package.json'), JSON.stringify({ name, publisher: 'bench', version: '1.0.0', engines: { vscode: '^1.125.0' }, main: './main.cjs', activationEvents: ['onCommand:bench.never'], files: ['main.cjs'] }));
  writeFileSync(path.join(own, 'main.cjs'), 'exports.activate = () => undefined;\n');
  return own;
}

/** The same as a `.vsix`. */
function packagedEmpty(folder: string, name: string): string {
  const file = path.join(folder, `${name}.vsix`);
  packageFolder(emptyExtension(folder, name), file);
  return file;
}
