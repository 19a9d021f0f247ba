import assert from 'node:assert/strict';
import { problemError, problemOf } from '../../../../src/core/model/problem.ts';
import type { Hyperparameters } from '../../../../src/core/model/trainingJob.ts';
import { FakeRunner, memoryJobFiles, noJobs } from '../../../support/fakeJobs.ts';
import { MemoryStore } from '../../../support/memoryStore.ts';
import { stepperWorkshop } from '../../../support/stepperWorkshop.ts';

const planMade = 'planned';

async function aProject() {
  const runner = new FakeRunner();
  const file = { gone: false };
  const store = Object.assign(new MemoryStore(), { beat: () => { if (file.gone) throw problemError('project-not-found', 'It was moved away.'); } });
  const jobs = { ...noJobs, createJobRunner: () => runner, jobFiles: memoryJobFiles(new Map(), {
    'presets/lora.yaml': '# Adapters.\nmethod: sft\n', 'regenesis_training/config.py': 'class Settings:\n    method: str = "sft"\n    epochs: float = 3.0\n',
  }) };
  const { session, handlers } = await stepperWorkshop({ store, jobs });
  const plan = async (work: string, changes: Hyperparameters = {}) =>
    handlers.planJob({ target: { kind: 'command', name: 'here' }, model: 'base', work, changes: { ...changes } }).then(() => planMade, (thrown: unknown) => problemOf(thrown).code);
  return { runner, file, store, session, handlers, plan };
}

describe('the jobs of a session', () => {
  it('are let go of with a project file that is gone', async () => {
    const { runner, file, store, session, handlers, plan } = await aProject();
    const planned = plan('mine');
    file.gone = true;
    session.beat();
    assert.equal(await planned, 'cancelled');
    await new Promise(resolve => { setImmediate(resolve); });
    assert.equal(runner.closed, 1);

    file.gone = false;
    await handlers.createProject({ path: store.path, sample: false });
    assert.equal(await plan('another'), planMade, 'in the next project they are planned again');
    await session.close();
  });

  it('have their plans called off as exports are, by name', async () => {
    const { session, handlers, plan } = await aProject();
    const [mine, other] = [plan('mine'), handlers.planJob({ target: { kind: 'command', name: 'here' }, model: 'base', work: 'other' })];
    await handlers.cancelExport({ work: 'mine' });
    assert.equal(await mine, 'cancelled');
    assert.deepEqual((await other).target, { version: 'fake 1' });
    await session.close();
  });

  it('are refused with a value that their code does not take, before anything else', async () => {
    const { session, plan } = await aProject();
    assert.equal(await plan('mine', { epochs: -1 }), 'usage');
    assert.equal(await plan('mine', { epochs: 0.5 }), planMade);
    await session.close();
  });
});
