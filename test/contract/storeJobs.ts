import assert from 'node:assert/strict';
import type { TrainingJobDraft } from '../../src/core/model/trainingJob.ts';
import type { Store } from '../../src/ports/store.ts';
import { aJobDraft } from '../support/builders.ts';
import { refusal } from './store.ts';

/** What every store must do about training jobs. */
export function jobsContract(storeNow: () => Store, reopen: () => Store): void {
  it('are stored once for each key and target', () => {
    const { jobs } = storeNow();
    const draft = aJobDraft();
    const elsewhere: TrainingJobDraft = { ...draft, target: { kind: 'ray', name: 'ray', url: 'http://127.0.0.1:8265' } };
    assert.deepEqual([jobs.add(draft), jobs.add({ ...draft, preset: 'another' }), jobs.add(elsewhere)], [{ id: 1, added: true }, { id: 1, added: false }, { id: 2, added: true }]);
    const stored = [
      { ...elsewhere, id: 2, now: { atMs: draft.createdAtMs, state: 'preparing' }, log: { next: 0, kept: 0 }, facts: {} },
      { ...draft, id: 1, now: { atMs: draft.createdAtMs, state: 'preparing' }, log: { next: 0, kept: 0 }, facts: {} },
    ];
    assert.deepEqual(jobs.all(), stored);
    assert.deepEqual(reopen().jobs.all(), stored);
  });

  it('keep what became of them, in order, and the reference once it is known', () => {
    const { jobs } = storeNow();
    const { id } = jobs.add(aJobDraft());
    const events = [
      { atMs: 2_000, state: 'uploading' },
      { atMs: 3_000, state: 'queued', words: 'Resources', reference: '48213' },
      { atMs: 4_000, state: 'lost', problem: { code: 'target-unreachable', message: 'No route to hpc.', retryable: true } },
      { atMs: 5_000, state: 'failed', failure: 'out-of-memory', words: 'oom-kill' },
      { atMs: 6_000, state: 'succeeded', model: 'ft:1' },
    ] as const;
    for (const event of events) jobs.note(id, { event });
    const again = reopen().jobs;
    assert.deepEqual(again.events(id), [{ atMs: aJobDraft().createdAtMs, state: 'preparing' }, ...events]);
    assert.deepEqual([again.one(id)?.now, again.one(id)?.reference], [events[4], '48213']);
  });

  it('keep their steps, each once, and how far their log was read', () => {
    const { jobs } = storeNow();
    const { id } = jobs.add(aJobDraft());
    jobs.note(id, { points: [{ step: 2, loss: 1.25, learningRate: 1e-6, gradNorm: .5, epoch: .1, secondsPerStep: 2 }, { step: 10, heldOut: true, loss: .5 }, { step: 1 }], log: { next: 300, kept: 290 } });
    jobs.note(id, { points: [{ step: 1, loss: 2 }], facts: { steps: 30, failed: { reason: 'out-of-memory', message: 'too large' } } });
    const again = reopen().jobs;
    assert.deepEqual(again.points(id), [{ step: 1, loss: 2 }, { step: 2, loss: 1.25, learningRate: 1e-6, gradNorm: .5, epoch: .1, secondsPerStep: 2 }, { step: 10, heldOut: true, loss: .5 }]);
    assert.deepEqual([again.one(id)?.log, again.one(id)?.facts], [{ next: 300, kept: 290 }, { steps: 30, failed: { reason: 'out-of-memory', message: 'too large' } }]);
  });

  it('that are not there have nothing, and nothing can be noted of them', () => {
    const { jobs } = storeNow();
    assert.deepEqual([jobs.one(1), jobs.events(1), jobs.points(1)], [undefined, [], []]);
    assert.match(refusal('bug', () => { jobs.note(1, { event: { atMs: 1, state: 'lost' } }); }), /no job 1/);
  });
}
