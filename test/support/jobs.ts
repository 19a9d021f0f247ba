import type { JobDetail, JobRow } from '../../src/contract/jobs.ts';

/** A job that is a little past half. */
export const aJob = (parts: Partial<JobRow> = {}): JobRow => ({
  id: 3, key: 'ab'.repeat(32), target: 'cluster', kind: 'slurm', state: 'running', step: 640, steps: 1089, loss: 0.3702, secondsPerStep: 2.9, base: 'llama-3-8b', preset: 'lora', records: 5808, retry: 0, simulated: false,
  createdAtMs: 0, atMs: 300_000, ...parts,
});

/** All about a job, whose row may be another. */
export const aJobDetail = (row: Partial<JobRow> = {}, parts: Partial<JobDetail> = {}): JobDetail => ({
  row: aJob(row), place: 'login.hpc.example:regenesis/abababababab', command: 'cd regenesis/abababababab && sbatch job/script', files: [{ name: 'train.jsonl', path: '/p/set.jobs/abababababab/train.jsonl', bytes: 12_400_000 }],
  reference: '48213 /home/me/regenesis/abababababab', hyperparameters: { method: 'sft', adapter: 'lora', lora_rank: 32, batch: 64, batch_per_device: 2, epochs: 3, precision: 'bf16', learning_rate: 0.00001 },
  dataset: { path: '/p/set.jobs/abababababab/train.jsonl', format: 'prompt-completion', records: 5808, tasks: 1464, hinted: 0, humanEdited: 0, reviewed: 412 }, facts: { rows: 5808, droppedRows: 12, cutRows: 0 },
  events: [{ atMs: 0, state: 'preparing' }, { atMs: 0, state: 'uploading' }, { atMs: 60_000, state: 'queued', words: 'Resources' }, { atMs: 300_000, state: 'running' }],
  points: [{ step: 1, loss: 1.2, learningRate: 1e-6, epoch: 0.003 }, { step: 640, loss: 0.3702, learningRate: 7.7e-6, epoch: 1.76 }, { step: 600, loss: 0.41, heldOut: true }], logBytes: 40_000, ...parts,
});
