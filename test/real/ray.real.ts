import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { jobRunners } from '../../src/adapters/jobs/createJobRunner.ts';
import { atEnd, given, jobRunnerContract, Jobs, wholeLog, type TargetUnderTest } from '../contract/jobs/jobRunnerContract.ts';

const never = new AbortController().signal;
const root = process.env['REGENESIS_REAL_ROOT'] ?? '';
const url = process.env['REGENESIS_REAL_RAY'] ?? '';
const create = jobRunners({ environment: process.env });

async function taken(): Promise<number> {
  const answer = await fetch(`${url}/api/jobs/`, { headers: { 'user-agent': 'regenesis' } });
  return (await answer.json() as readonly unknown[]).length;
}

async function rayTarget(): Promise<TargetUnderTest> {
  const before = await taken();
  const goFile = path.join(mkdtempSync(path.join(root, 'go-')), 'go');
  return {
    goFile,
    runner: () => create({ kind: 'ray', name: 'real', url }, {}),
    letGo: () => { writeFileSync(goFile, ''); },
    taken: async () => await taken() - before,
    forget: async reference => { await fetch(`${url}/api/jobs/${reference}`, { method: 'DELETE', headers: { 'user-agent': 'regenesis' } }); },
    version: /^Ray \d/,
    failure: { state: 'failed', reason: 'exit-code', exitCode: 3 },
    end: () => undefined,
  };
}

describe('training by a real Ray', () => {
  jobRunnerContract(rayTarget, []);

  it('reads a long log piece by piece, the same as Ray has it', async () => {
    const jobs = new Jobs({ goFile: '/nowhere' });
    const runner = create({ kind: 'ray', name: 'real', url }, {});
    const { reference } = given(await runner.submit(jobs.spec({ lines: [] }, { command: ['sh', '-c', 'seq 1 200000'] }), { signal: never }));
    await atEnd(runner, reference);
    const answer = await fetch(`${url}/api/jobs/${reference}/logs`, { headers: { 'user-agent': 'regenesis' } });
    assert.equal(await wholeLog(runner, reference, 60_000), (await answer.json() as { readonly logs: string }).logs);
    await runner.close();
    jobs.end();
  });
});
