// A Python with TRL on a processor, and a model of ten thousand parameters. Both are made once for a machine: the Python takes minutes.
import { existsSync, mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { install, run } from './parts.ts';

const training = path.join(import.meta.dirname, '..', '..', 'training');
/** A Python that does not lie in somebody's home folder: jobs may run as another user. */
const systemPython = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
/** Where lies what is made once for a machine. */
export const cache = process.env['REGENESIS_REAL_CACHE'] ?? path.join(os.homedir(), '.cache', 'regenesis-real');

/** Where the training code lies, with its tests. */
export const trainingFolder = training;

/** Makes the environment, or finds it made. @returns its interpreter and what it holds */
export function startPython(): { readonly python: string; readonly version: string } {
  install({ gcc: 'gcc', readelf: 'binutils' });
  mkdirSync(cache, { recursive: true });
  const python = run(systemPython, [path.join(training, 'tests', 'cpu_venv.py'), path.join(cache, 'venv')]).split('\n').at(-1) ?? '';
  return { python, version: run(python, ['-c', 'import importlib.metadata as m; print("TRL", m.version("trl") + ", torch", m.version("torch"))']) };
}

/** An environment with vLLM for processors, made or found. `REGENESIS_VLLM_VENV` names one that has it already. @returns its interpreter */
export function startVllmPython(): string {
  const venv = process.env['REGENESIS_VLLM_VENV'];
  if (venv !== undefined) return path.join(venv, 'bin', 'python');
  return run(systemPython, [path.join(import.meta.dirname, 'vllm_venv.py'), path.join(cache, 'vllm')]).split('\n').at(-1) ?? '';
}

/** Writes the model that the training code's own tests train. `served`: as a server on a processor takes it, which knows no smaller heads, and long enough for our prompts. */
export function makeModel(python: string, folder: string, { served = false }: { readonly served?: boolean } = {}): void {
  const shape = served ? ', head_dim=32, positions=8192' : '';
  const script = `import sys, pathlib; sys.path[:0] = ${JSON.stringify([training, path.join(training, 'tests')])}; import conftest; conftest.make_model(pathlib.Path(sys.argv[1]), conftest.make_tokenizer(conftest.MARKED)${shape})`;
  run(python, ['-c', script, folder], { HF_HUB_OFFLINE: '1', OMP_NUM_THREADS: '1' });
}
