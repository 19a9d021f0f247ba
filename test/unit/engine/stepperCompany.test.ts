import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openStore } from '../../../src/adapters/store/sqliteStore.ts';
import { FakeModel, type Script } from '../../support/fakeModel.ts';
import { branch, stepperWorkshop, task, telling } from '../../support/stepperWorkshop.ts';
import { asOurselves, makeFolder, removeFolder } from '../../support/storeFiles.ts';

describe('a branch that others work on too', () => {
  let folder: string;
  beforeEach(() => { folder = makeFolder(); });
  afterEach(() => { removeFolder(folder); });
  const store = () => openStore(path.join(folder, 'project.regenesis'), asOurselves({ create: true }));

  it('is forked by two people at once into two forks', async () => {
    const { handlers, step, place } = await stepperWorkshop({ store: store() });
    await step(true);
    const forks = await Promise.all([handlers.forkBranch({ ...place, stage: 'path' }), handlers.forkBranch({ ...place, stage: 'structure' })]);
    assert.deepEqual(forks.map(({ branch: { id, fork } }) => [id, fork?.from]), [[`${branch}~1`, 'path'], [`${branch}~2`, 'structure']]);
  });

  it('is held by an engine that lets go of a file that is gone, and of whoever reads it', async () => {
    const kept = store();
    const { handlers, run, session, codeOf, told } = await stepperWorkshop({ store: kept });
    await run();
    const audited = codeOf(handlers.audit({}));
    rmSync(kept.path);
    session.beat();
    assert.equal(session.opened(), undefined);
    assert.equal(await audited, 'cancelled');
    assert.equal(told('tasksChanged').at(-1)?.all, true, 'whoever shows it looks again');
    assert.equal(await codeOf(handlers.status({})), 'project-not-found', 'and is told why');
  });

  it('may be given the same text as its forks', async () => {
    const { handlers, step, place } = await stepperWorkshop({ store: store() });
    await step(true);
    for (const stage of ['path', 'path'] as const) await handlers.forkBranch({ ...place, stage });
    for (const each of [`${branch}~1`, `${branch}~2`, branch]) {
      const at = { ...place, branch: each };
      await handlers.editAnswer({ ...at, stage: 'structure', text: '1. Same for all' });
      assert.equal((await handlers.stagePrompt({ ...at, stage: 'structure' })).answer?.text, '1. Same for all', each);
      assert.equal((await step(true, at)).end?.state, 'completed');
    }
  });

  it('keeps what a judge at an address of its own said of it, for whoever looks and for the training set', async () => {
    const judge = new FakeModel(() => 'yes', 'http://judge/v1');
    judge.identity = () => 'other';
    const script: Script = (request, sample) => (request.stage === 'choose' ? '1, 2' : telling(request, sample));
    const { handlers, step, place, states, run, files } = await stepperWorkshop({ store: store(), judge, script });
    const exported = async () => {
      await handlers.exportDataset({ format: 'chat', out: '/out/t.jsonl', overwrite: true });
      return files.kept.get('/out/t.jsonl.records.jsonl') ?? '';
    };
    await run({ recipe: 'regenesis-released' });
    const kept = (await handlers.showTask({ task })).branches.find(each => each.kept);
    assert.ok(kept);
    const at = { ...place, branch: kept.id };
    const before = await exported();
    const asked = judge.requests.length;
    await handlers.editAnswer({ ...at, stage: 'path', text: '1. First we multiply.\n2. So it is \\boxed{18}.' });
    await step(true, at);
    assert.equal(judge.requests.length, asked + 1);
    assert.equal((await states(at))['judge'], 'done');
    const edited = await exported();
    assert.equal(edited.split('\n').length, before.split('\n').length);
    await run({ recipe: 'regenesis-released' });
    assert.deepEqual([await exported(), judge.requests.length], [edited, asked + 1]);
  });

  it('rests on no judge where the recipe asks none, whatever was stepped before', async () => {
    const judge = new FakeModel(() => 'yes', 'http://judge/v1');
    judge.identity = () => 'other';
    const script: Script = (request, sample) => (request.stage === 'choose' ? '1, 2' : telling(request, sample));
    const { handlers, step, place, run, store: kept } = await stepperWorkshop({ store: store(), judge, script });
    await run();
    const [settled] = [...kept.outcomes()];
    assert.ok(settled);
    const [row] = (await handlers.branches({ task, recipe: 'regenesis-released' })).branches;
    const released = { ...place, branch: row?.id ?? '', recipe: 'regenesis-released' };
    await step(false, released);
    const at = { ...place, branch: settled.branches.find(({ loss }) => !loss)?.id ?? '' };
    const basisOf = () => new DatabaseSync(kept.path, { readOnly: true }).prepare('SELECT basis FROM outcome_bases').all().map(each => each['basis']);
    const before = basisOf();
    await handlers.editAnswer({ ...at, stage: 'path', text: '1. First we multiply.\n2. So it is \\boxed{18}.' });
    assert.deepEqual(basisOf(), before, 'worked out anew at once, as a run would');
  });
});
