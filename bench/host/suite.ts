// What is measured inside the extension host. The editor calls `run`; `BENCH_HOST` is the order, as JSON, and its `out` takes the result.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { HostOrder, LagOrder } from '../hostOrder.ts';

const regenesis = 'regenesis-workbench.regenesis';

async function activationMs(id: string): Promise<number> {
  const extension = vscode.extensions.getExtension(id);
  if (!extension) throw new Error(`the editor does not know ${id}, but ${vscode.extensions.all.map(each => each.id).filter(each => !each.startsWith('vscode.')).join(', ')}`);
  if (extension.isActive) throw new Error(`${id} is active already`);
  const started = performance.now();
  await extension.activate();
  return performance.now() - started;
}

/** Ours and an empty one, after another empty one that pays for what the first of all pays. */
async function activations(): Promise<{ readonly ours: number; readonly empty: number }> {
  await activationMs('bench.first');
  const [before, ours, after] = [await activationMs('bench.before'), await activationMs(regenesis), await activationMs('bench.after')];
  return { ours, empty: Math.min(before, after) };
}

async function requestsRunning(metrics: string): Promise<number> {
  const page = await (await fetch(metrics)).text();
  return Number(/^vllm:num_requests_running(?:\{[^}]*\})? (\S+)$/m.exec(page)?.[1]);
}

/** How late the loop of this process is while the tree is open and a run goes on. The run is another process's, as any run is; this window follows it. */
async function lag({ project, metrics, inFlight, watchedMs, command: [program = '', ...words] }: LagOrder): Promise<{ readonly p99Ms: number; readonly maxMs: number; readonly running: number }> {
  await vscode.commands.executeCommand('regenesis.project.open', vscode.Uri.file(project));
  const child = spawn(program, words, { stdio: 'ignore', env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } });
  try {
    while (await requestsRunning(metrics) < 0.95 * inFlight) {
      if (child.exitCode !== null) throw new Error(`the run ended with ${child.exitCode}`);
      await sleep(100);
    }
    const histogram = monitorEventLoopDelay({ resolution: 1 });
    histogram.enable();
    await sleep(watchedMs);
    histogram.disable();
    return { p99Ms: histogram.percentile(99) / 1e6, maxMs: histogram.max / 1e6, running: await requestsRunning(metrics) };
  } finally {
    const ended = once(child, 'exit');
    if (child.exitCode === null && child.kill('SIGINT')) await ended;
  }
}

/** The editor calls this and takes a rejection for failure. */
export async function run(): Promise<void> {
  const order = JSON.parse(process.env['BENCH_HOST'] ?? '') as HostOrder;
  const result = order.measure === 'activation' ? await activations() : await lag(order);
  fs.writeFileSync(order.out, JSON.stringify(result));
}
