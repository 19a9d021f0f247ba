import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { LanguageSession } from '../test/support/languageSession.ts';
import { atMost, median, rounded, type Bench, type Benchmark } from './record.ts';
import { withFolder } from './rig.ts';

const shipped = path.resolve(import.meta.dirname, '../prompts/regenesis/path.rgprompt');
const [starts, keys] = [9, 60];
const oneMegabyte = 1_000_000;
/** What is typed into the middle of a large file, letter by letter. */
const typed = '{{ task.qestion | uper }} and more ';

/**
 * The server of the prompt language as an editor has it, over its own transport: from its start to what it finds in the first file, and from a key in a file of one
 * megabyte to what it finds then. The latter is the 95th of a hundred keys, which come one after the other: each when the one before has been answered.
 */
export const languageServerBenchmark: Benchmark = {
  names: ['lsp.start', 'lsp.1mb'],
  async *run(bench) {
    yield { name: 'lsp.start', value: rounded(await startMs(bench), 0), unit: 'ms', goal: atMost(300) };
    yield { name: 'lsp.1mb', value: rounded(await keyMs(bench), 1), unit: 'ms', goal: atMost(50) };
  },
};

async function startMs({ sized, say }: Bench): Promise<number> {
  const took: number[] = [];
  for (let start = 0; start < sized(starts); start += 1) {
    took.push(await withFolder(async folder => {
      const began = performance.now();
      const session = new LanguageSession();
      await session.begin(folder);
      const uri = pathToFileURL(path.join(folder, '.regenesis/prompts/regenesis/path.rgprompt')).href;
      await session.open(uri, readFileSync(shipped, 'utf8'));
      await session.diagnostics(uri, 1);
      const ms = performance.now() - began;
      await session.end();
      return ms;
    }));
  }
  say(`server of the prompt language: first findings after ${took.map(ms => ms.toFixed(0)).join(', ')} ms`);
  return median(took);
}

function keyMs({ sized, say }: Bench): Promise<number> {
  return withFolder(async folder => {
    const session = new LanguageSession();
    await session.begin(folder);
    const uri = pathToFileURL(path.join(folder, '.regenesis/prompts/regenesis/path.rgprompt')).href;
    const text = largePrompt();
    await session.open(uri, text);
    await session.diagnostics(uri, 1);
    const line = Math.floor(text.split('\n').length / 2);
    const took: number[] = [];
    for (let key = 0; key < sized(keys, 10); key += 1) {
      const at = { line, character: key % typed.length };
      session.pushed.length = 0;
      const began = performance.now();
      const version = await session.type(uri, typed[key % typed.length] ?? ' ', { start: at, end: at });
      await session.diagnostics(uri, version);
      took.push(performance.now() - began);
    }
    await session.end();
    const sorted = took.toSorted((a, b) => a - b);
    const most = sorted[Math.floor(sorted.length * 0.95)] ?? NaN;
    say(`a key in ${(text.length / 1e6).toFixed(1)} MB: ${median(took).toFixed(1)} ms in the middle, ${most.toFixed(1)} ms for the 95th of a hundred`);
    return most;
  });
}

/** A prompt as long as none is: the shipped one, with as many paragraphs and tags of every kind as it takes. */
function largePrompt(): string {
  const head = readFileSync(shipped, 'utf8');
  const paragraph = (index: number): string => [
    `### Part ${index}`, `Look at **this** once more and say what follows, in words that somebody else can check: {{ task.question | trim }}`,
    '{# Never seen. #}', '{% if hint %}', 'Begin with the facts of the task, and let the answer appear only once your steps have reached it: {{ hint.answer }}', '{% endif %}', '',
  ].join('\n');
  const share = paragraph(1).length;
  return `${head}${Array.from({ length: Math.ceil((oneMegabyte - head.length) / share) }, (_, index) => paragraph(index)).join('')}`;
}
