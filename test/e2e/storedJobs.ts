// Training jobs that have ended, put into a project as they are stored: their targets are never asked.
import { createHash } from 'node:crypto';
import type { JobEvent, TrainingJobDraft } from '../../src/core/model/trainingJob.ts';
import type { Store } from '../../src/ports/store.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Words that have no place to break. */
const longWords = 'meta-llama/'.concat('Llama-3-8B-Instruct-'.repeat(12));

function draftOf(index: number, createdAtMs: number): TrainingJobDraft {
  const key = createHash('sha256').update(`job ${index}`).digest('hex');
  return {
    target: index % 2 === 0 ? { kind: 'slurm', name: 'cluster', host: 'login.hpc.example' } : { kind: 'openai', name: 'tuning', url: 'https://api.tuning.example/v1' },
    spec: {
      key, title: 'bench', model: index === 1 ? longWords : 'llama-3-8b', command: ['/opt/venv/bin/python', 'train.py', '--config', 'config.yaml', '--data', 'train.jsonl'],
      files: [{ name: 'train.jsonl', path: '/nowhere/train.jsonl', bytes: 12_400_000, sha256: key }], hyperparameters: { method: 'sft', adapter: 'lora', lora_rank: 32, batch: 64, batch_per_device: 4, epochs: 3 },
    },
    preset: 'lora', dataset: { path: '/nowhere/train.jsonl', format: 'prompt-completion', sha256: key, manifestSha256: key, records: 5_808, tasks: 1_464, hinted: 0, humanEdited: 0, reviewed: 412, simulated: true }, retry: 0, createdAtMs,
  };
}

/** How the job of this number ends: every third otherwise. */
function endOf(index: number): Omit<JobEvent, 'atMs'> {
  switch (index % 3) {
    case 0: return { state: 'succeeded', model: '/scratch/regenesis/output' };
    case 1: return { state: 'failed', failure: 'never-startable', words: `PartitionTimeLimit ${longWords}` };
    default: return { state: 'cancelled' };
  }
}

/** Adds so many jobs; the newest has succeeded, after so many steps. */
export function storeJobs(store: Store, { count, steps, nowMs }: { readonly count: number; readonly steps: number; readonly nowMs: number }): void {
  for (let index = count - 1; index >= 0; index -= 1) {
    const beginMs = nowMs - dayMs - index * minuteMs;
    const { id } = store.jobs.add(draftOf(index, beginMs));
    if (index === 0 && steps > 0) {
      store.jobs.note(id, {
        event: { atMs: beginMs + minuteMs, state: 'running', reference: '48213 /scratch/regenesis' }, facts: { steps, rows: 5_808, droppedRows: 12, cutRows: 0, output: 'output', weightsSha256: draftOf(index, beginMs).spec.key },
        points: Array.from({ length: steps }, (_, step) => ({ step: step + 1, loss: 0.4 + Math.exp(-4 * step / steps) + 0.1 * Math.abs(Math.sin(step * step)), learningRate: 1e-5 * (1 - step / steps), epoch: 3 * (step + 1) / steps })),
      });
    }
    store.jobs.note(id, { event: { atMs: beginMs + 30 * minuteMs, ...(index === 0 && steps === 0 ? endOf(1) : endOf(index)) } });
  }
}
