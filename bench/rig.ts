import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { DemoServerProcess } from '../src/client/demoServerProcess.ts';
import { withServer } from './demoServer.ts';
import { withEngine, type BenchEngine } from './engine.ts';
import { writeQuestions } from './questions.ts';

/** A project with its engine and the server that it asks. */
export interface Rig {
  readonly engine: BenchEngine;
  readonly server: DemoServerProcess;
  readonly folder: string;
  /** Path of the project file. */
  readonly project: string;
}

/** Gives a folder of its own to some work and removes it afterwards. */
export async function withFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'regenesis-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The words for a server that knows the questions of a file, and how often to answer each of them rightly. */
export const knowing = (served: string): readonly string[] => ['--gold', served];

/** Puts up a project with so many questions, an engine, and a server that knows the answers; the server is new, and its cache empty. */
export function withRig<Result>({ tasks, server: words }: { readonly tasks: number; readonly server: readonly string[] }, work: (rig: Rig) => Promise<Result>): Promise<Result> {
  return withFolder(async folder => {
    const { imported, served } = await writeQuestions(folder, tasks);
    const project = path.join(folder, 'bench.regenesis');
    return withServer([...knowing(served), ...words], server => withEngine(project, async engine => {
      await createProject(engine, project, imported);
      return work({ engine, server, folder, project });
    }));
  });
}

/** Makes a project of a file of questions. */
export async function createProject({ client }: BenchEngine, project: string, questions: string): Promise<void> {
  await client.call('createProject', { path: project, sample: false });
  await client.call('importTasks', { files: [questions], map: { question: 'question', gold: 'gold' } });
}
