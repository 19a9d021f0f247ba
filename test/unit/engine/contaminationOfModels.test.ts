import assert from 'node:assert/strict';
import { sha256 } from '../../../src/adapters/hash.ts';
import { taskId } from '../../../src/core/model/ids.ts';
import { problemOf } from '../../../src/core/model/problem.ts';
import { ContaminationDesk } from '../../../src/engine/contamination/contaminationDesk.ts';
import { contaminationOfModels } from '../../../src/engine/contamination/contaminationOfModels.ts';
import { LearntTasks } from '../../../src/engine/contamination/learntTasks.ts';
import { servedName } from '../../../src/engine/jobs/adapterName.ts';
import { aTask } from '../../support/builders.ts';
import { memoryJobFiles } from '../../support/fakeJobs.ts';
import { SwiftClock } from '../../support/fakeModel.ts';
import { MemoryStore } from '../../support/memoryStore.ts';

const twin = 'A warehouse loads 12 boxes with 7 lamps each onto a truck. How many lamps are on the truck?';
const heldOut = (id: string, question: string) => ({ ...aTask({ id, origin: { dataset: 'far' } }), question, split: 'held-out' as const });
const [twice, other] = ['far/twin', 'far/other'];

/** A project whose only train task that was learnt from is a held-out one by now; it has a twin that is asked. No run has settled it. */
function project() {
  const store = new MemoryStore();
  store.addTasks([
    { ...aTask({ id: 'set/moved', origin: { dataset: 'set' } }), question: twin }, { ...aTask({ id: 'set/stays', origin: { dataset: 'set' } }), question: 'Who stays?' },
    heldOut(twice, twin.toUpperCase()), heldOut(other, 'Who leaves first, and why?'),
  ]);
  store.withdrawn.holdOut([taskId('set/moved')]);
  const files = new Map<string, string>();
  const opened: string[] = [];
  const rows = {
    open: async (path: string) => {
      opened.push(path);
      const fields = (files.get(path) ?? '').split('\n').map(line => JSON.parse(line) as Record<string, unknown>);
      return { format: 'jsonl' as const, columns: [], rows: async function* () { yield await Promise.resolve(fields.map((each, index) => ({ line: index + 1, fields: each }))); } };
    },
  };
  const dependencies = { jobFiles: memoryJobFiles(files), rows, clock: new SwiftClock() };
  const desk = new ContaminationDesk({ dependencies, store: () => store });
  /** A job that has succeeded, on records of tasks. @returns the name that a server has for what it made */
  const trained = (base: string, records: readonly object[]): string => {
    const number = store.jobs.all().length + 1;
    const path = `/p/set.jobs/${number}/train.jsonl`;
    const text = records.map(record => JSON.stringify(record)).join('\n');
    const manifest = JSON.stringify({ number, recordsSha256: sha256(text) });
    files.set(`${path}.records.jsonl`, text).set(`${path}.manifest.json`, manifest);
    const { id } = store.jobs.add({
      target: { kind: 'command', name: 'here' }, preset: 'lora', retry: 0, createdAtMs: 1,
      spec: { key: String(number).repeat(64), title: 'set', model: base, files: [], command: [], hyperparameters: { adapter: 'lora' } },
      dataset: { path, format: 'chat', sha256: '', manifestSha256: sha256(manifest), records: 1, tasks: 1, hinted: 0, humanEdited: 0, reviewed: 0, simulated: false },
    });
    store.jobs.note(id, { event: { atMs: 2, state: 'succeeded', model: 'output' } });
    return store.jobs.all().flatMap(job => (job.id === id ? servedName(job) ?? [] : [])).join();
  };
  const learnt = new LearntTasks(dependencies);
  const found = async (model: string, { tasks = [twice, other], by = learnt, signal = new AbortController().signal }: { readonly tasks?: readonly string[]; readonly by?: LearntTasks; readonly signal?: AbortSignal } = {}) =>
    contaminationOfModels({ store, desk, learnt: by }, { tasks: new Set(tasks), models: [{ label: 'tuned', model, baseUrl: '', identity: '', simulated: false }], signal });
  return { files, opened, trained, found, anew: () => new LearntTasks(dependencies) };
}

describe('what stands in the training data of models', () => {
  it('is told from the records of their job, also of tasks that train no more, and of a model that was tuned further', async () => {
    const { trained, found, opened } = project();
    const first = trained('llama', [{ task: 'set/moved' }, { task: 'set/stays' }]);
    const second = trained(first, [{ task: 'set/stays', split: 'train' }]);
    assert.deepEqual(await found(first), { sets: [{ set: 'far', exact: 1, near: 0 }], untold: [] });
    assert.deepEqual(await found(second), { sets: [{ set: 'far', exact: 1, near: 0 }], untold: [] });
    assert.deepEqual((await found(first, { tasks: ['set/moved', other] })).sets, [{ set: 'set', exact: 1, near: 0 }]);
    assert.deepEqual((await found(first, { tasks: [other] })).sets, []);
    assert.deepEqual(opened.length, 2, 'each file is read once');
  });

  it('is told of tasks that never trained in this project, where the set was another one’s', async () => {
    const { trained, found } = project();
    assert.deepEqual((await found(trained('llama', [{ task: other }]))).sets, [{ set: 'far', exact: 1, near: 0 }]);
  });

  it('is nothing for a model that did not learn it: from another set, from a part for validation, or from no job', async () => {
    const { trained, found } = project();
    const model = trained('llama', [{ task: 'set/stays', split: 'train' }, { task: 'set/moved', split: 'validation' }]);
    assert.deepEqual(await found(model), { sets: [], untold: [] });
    assert.deepEqual(await found('llama'), { sets: [], untold: [] });
  });

  it('is not known where the records are gone, or others by now', async () => {
    const { trained, found, files, anew } = project();
    const model = trained('llama', [{ task: 'set/moved' }]);
    const [records = '', manifest = ''] = [...files.keys()];
    const [was, said] = [files.get(records) ?? '', files.get(manifest) ?? ''];
    files.set(records, `${was}\n{"task":"set/stays"}`);
    assert.deepEqual(await found(model), { sets: [], untold: ['tuned'] });
    files.set(records, was);
    assert.deepEqual((await found(model)).untold, [], 'they are back');
    files.delete(records);
    assert.deepEqual([(await found(model)).untold, (await found(model, { by: anew() })).untold], [[], ['tuned']]);
    files.set(records, was).set(manifest, said.replace('}', ',"more":1}'));
    assert.deepEqual((await found(model, { by: anew() })).untold, ['tuned']);
  });

  it('is looked up no further once nobody waits', async () => {
    const { trained, found } = project();
    const model = trained('llama', [{ task: 'set/moved' }]);
    const refused = await found(model, { signal: AbortSignal.abort() }).then(() => undefined, (thrown: unknown) => thrown);
    assert.equal(problemOf(refused).code, 'cancelled');
  });
});
