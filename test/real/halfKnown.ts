// Sums, a model that half knows them, and how the product asks them.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { Workshop } from '../support/commandLine.ts';
import { exportPreviewShape } from '../support/commandShapes.ts';
import { run } from './parts.ts';
import { cache } from './python.ts';

interface Message {
  readonly role: string;
  readonly content: string;
}

const script = path.join(import.meta.dirname, 'half_known.py');
/** What stands for a question where it is not said yet. */
const blank = '{question}';

/** How the recipe, an evaluation and a training set ask a question: by the product itself, so that a changed prompt makes another model. */
async function askedMessages(): Promise<readonly (readonly Message[])[]> {
  const shop = new Workshop();
  try {
    const task = shop.writeLines('task.jsonl', [{ question: blank, gold: '75' }]);
    const server = await shop.demoServer('--gold', task);
    const latest = () => server.newRequests().find(({ prompt }) => prompt.includes(blank))?.messages ?? assert.fail('nothing was asked');
    await shop.succeed('init', 'p');
    await shop.succeed('import', 'p', task, '--name', 'sums');
    await shop.succeed('import', 'p', task, '--name', 'held-out', '--split', 'held-out');
    await shop.succeed('run', 'p', '--recipe', 'direct', '--server', server.url);
    const path = latest();
    await shop.succeed('evaluate', 'p', '--model', server.url);
    const evaluation = latest();
    const { first: [record = ''] } = await shop.json(exportPreviewShape, ['export', 'p', '--format', 'prompt-completion', '--preview']);
    const { prompt } = z.parse(z.object({ prompt: z.array(z.object({ role: z.string(), content: z.string() })) }), JSON.parse(record));
    return [path, evaluation, prompt];
  } finally {
    await shop.close();
  }
}

/** A model that half knows sums and differences, made once for a machine: see `half_known.py`. @param python of an environment that has TRL @returns its folder */
export async function halfKnowing(python: string): Promise<string> {
  const asked = JSON.stringify(await askedMessages());
  const hash = createHash('sha256').update(asked).update(readFileSync(script)).digest('hex').slice(0, 16);
  const folder = path.join(cache, 'half-known', hash, 'half-known');
  if (existsSync(folder)) return folder;
  mkdirSync(path.dirname(folder), { recursive: true });
  const making = mkdtempSync(`${folder}-`);
  try {
    writeFileSync(path.join(making, 'asked.json'), asked);
    run(python, [script, path.join(making, 'asked.json'), path.join(making, 'model')], { HF_HUB_OFFLINE: '1' });
    renameSync(path.join(making, 'model'), folder);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return folder;
}

/** A task as it is imported. */
export interface Sum {
  readonly question: string;
  readonly gold: string;
}

/** Different sums and differences of numbers of two digits, drawn without chance. @param from how many are passed over */
export function sumsOf(word: 'plus' | 'minus', { from, count }: { readonly from: number; readonly count: number }): readonly Sum[] {
  // 1,600 pairs of numbers from 10 to 49, in steps that have no divisor with that in common
  return Array.from({ length: 1_600 }, (_, at) => (at * 617) % 1_600)
    .map(at => [10 + Math.floor(at / 40), 10 + at % 40] as const)
    .filter(([a, b]) => word === 'plus' || a >= b)
    .slice(from, from + count)
    .map(([a, b]) => ({ question: `What is ${a} ${word} ${b}?`, gold: String(word === 'plus' ? a + b : a - b) }));
}
