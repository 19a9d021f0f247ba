import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { jobRunners } from '../../src/adapters/jobs/createJobRunner.ts';
import type { JobResources } from '../../src/core/model/trainingJob.ts';
import type { JobRunner } from '../../src/ports/jobRunner.ts';
import type { TargetUnderTest } from '../contract/jobs/jobRunnerContract.ts';

/** The folder below which everything lies. */
export const root = process.env['REGENESIS_REAL_ROOT'] ?? '';
const bin = process.env['REGENESIS_REAL_BIN'];

const create = jobRunners({ environment: { ...process.env, ...(bin !== undefined && { PATH: `${bin}:${process.env['PATH'] ?? ''}` }) } });

/** How jobs of a test are told apart from those of others. */
interface Place {
  readonly kind: 'slurm' | 'command';
  readonly host?: string;
}

/** A runner over a real shell, with jobs in that folder. */
export const shellRunner = (place: Place, folder: string, resources: JobResources = {}): JobRunner => create({ name: 'real', folder, resources, ...place }, {});

/** A real target with a folder of its own for each test. */
export function shellTarget(place: Place, steering: Pick<TargetUnderTest, 'version' | 'cutOff' | 'mend'>): TargetUnderTest {
  const folder = mkdtempSync(path.join(root, "it's "));
  return {
    ...steering,
    goFile: path.join(folder, 'go'),
    runner: () => shellRunner(place, path.join(folder, 'jobs')),
    letGo: () => { writeFileSync(path.join(folder, 'go'), ''); },
    taken: () => (existsSync(path.join(folder, 'jobs')) ? readdirSync(path.join(folder, 'jobs')).filter(job => existsSync(path.join(folder, 'jobs', job, 'job', 'id'))).length : 0),
    forget: () => { rmSync(path.join(folder, 'jobs'), { recursive: true }); },
    failure: { state: 'failed', reason: 'exit-code', exitCode: 3 },
    end: () => undefined,
  };
}
