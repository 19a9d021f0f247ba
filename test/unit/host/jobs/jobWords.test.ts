import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hasEnded, jobFailures, jobStates } from '../../../../src/core/model/trainingJob.ts';
import { jobLook, jobsLook } from '../../../../src/host/jobs/jobLook.ts';
import { jobAddress, jobIn, jobNode } from '../../../../src/host/jobs/jobNode.ts';
import { adviceOf, endWords, failureName, jobStanding, jobStateLooks, lastLines, logLine, lossWords, possible, queueWords, timeLeftMs, wantsKey } from '../../../../src/host/jobs/jobWords.ts';
import { aJob } from '../../../support/jobs.ts';

describe('a training job in words', () => {
  it('has its own icon and word in every state', () => {
    assert.equal(new Set(jobStates.map(state => jobStateLooks[state].icon.name)).size, jobStates.length);
    assert.equal(new Set(jobStates.map(state => jobStateLooks[state].word)).size, jobStates.length);
    for (const state of jobStates) assert.ok(jobStanding(aJob({ state })).startsWith(jobStateLooks[state].word), state);
  });

  it('says how far it is, what its loss is and how long is left', () => {
    assert.equal(jobStanding(aJob()), 'running · 640 of 1,089 · loss 0.370 · 22 min left');
    assert.equal(jobStanding(aJob({ state: 'queued', words: 'Resources' })), 'queued · for free resources');
    assert.equal(jobStanding(aJob({ state: 'uploading' }), 0.426), 'sending · 42 %');
    assert.equal(jobStanding(aJob({ state: 'failed', reason: 'out-of-memory', step: 12, simulated: true })), 'failed · out of memory · 12 of 1,089 · simulation');
    assert.equal(jobStanding(aJob({ state: 'lost', code: 'server-wrong-key', origin: 'https://api.example' })), 'key refused · 640 of 1,089');
  });

  it('knows the time left only while it runs and steps take time, and never a negative one', () => {
    assert.equal(timeLeftMs(aJob({ step: 1, steps: 11, secondsPerStep: 2 })), 20_000);
    for (const state of jobStates.filter(each => each !== 'running')) assert.equal(timeLeftMs(aJob({ state })), undefined, state);
    const { step: _step, ...unbegun } = aJob();
    assert.equal(timeLeftMs(unbegun), undefined);
    fc.assert(fc.property(fc.nat(), fc.nat(), fc.double({ min: 0, max: 1e6, noNaN: true }), (step, steps, secondsPerStep) => (timeLeftMs(aJob({ step, steps, secondsPerStep })) ?? 0) >= 0));
  });

  it('says in words why it waits, and the target’s own where it knows none', () => {
    assert.equal(queueWords('(Priority)'), 'waiting behind jobs of higher priority');
    assert.equal(queueWords('ReqNodeNotAvail, UnavailableNodes:g1'), 'waiting for nodes that are not available');
    assert.equal(queueWords('Moon phase'), 'waiting: Moon phase');
    assert.equal(queueWords(undefined), 'waiting');
    assert.equal(queueWords('Job has not started yet. It may be waiting for the runtime environment to be set up.'), 'waiting for its environment');
    assert.equal(queueWords('Job has not started yet. It may be waiting for resources (CPUs, GPUs, memory, custom resources) to become available. It may be waiting for the runtime environment to be set up.'), 'waiting for its environment or free resources');
  });

  it('names every failure with something that can be done, and says that a lost job is none', () => {
    const todos = jobFailures.map(reason => adviceOf(aJob({ state: 'failed', reason }))?.todo ?? '');
    assert.equal(new Set(todos).size, jobFailures.length);
    assert.ok(todos.every(todo => todo.length > 20));
    assert.match(adviceOf(aJob({ state: 'failed', reason: 'out-of-memory' }))?.todo ?? '', /batch_per_device.*gradient_checkpointing.*lora/);
    const lost = adviceOf(aJob({ state: 'lost', words: 'nothing answers at login' }));
    assert.deepEqual([lost?.tone, lost?.said, lost?.wantsKey], ['warn', 'Nothing answers at login.', false]);
    assert.match(`${lost?.title ?? ''} ${lost?.todo ?? ''}`, /not failed.*asked again and again/);
    for (const state of ['queued', 'running', 'succeeded', 'cancelled'] as const) assert.equal(adviceOf(aJob({ state })), undefined);
    assert.equal(failureName(undefined), 'failed');
  });

  it('wants a key only where one is taken and was refused', () => {
    assert.ok(wantsKey({ code: 'target-refused', origin: 'http://127.0.0.1:8265' }));
    assert.ok(!wantsKey({ code: 'target-refused' }));
    assert.ok(!wantsKey({ code: 'target-unreachable', origin: 'http://127.0.0.1:8265' }));
    assert.match(adviceOf(aJob({ state: 'lost', code: 'server-wrong-key', origin: 'https://api.example' }))?.todo ?? '', /another key/);
  });

  it('is in the tree with what can be done about it', () => {
    const { label, description, tokens, icon, spoken } = jobLook(aJob());
    assert.deepEqual([label, description, tokens, icon?.name], ['Job 3 · cluster', 'running · 640 of 1,089 · loss 0.370 · 22 min left', ['job', 'going'], 'sync']);
    assert.match(spoken, /^Job 3 · cluster, running/);
    for (const state of jobStates) assert.equal(jobLook(aJob({ state })).tokens.includes('ended'), hasEnded(state));
    assert.match(jobLook(aJob({ state: 'failed', reason: 'preempted' })).tooltip, /Retry it/);
    assert.ok(possible.cancel(aJob({ state: 'lost' })) && !possible.retry(aJob({ state: 'lost' })));
  });

  it('stands with the others under a line that says how the one that goes on is', () => {
    const place = { of: '', project: '/p/set.regenesis' };
    assert.equal(jobsLook([aJob(), aJob({ id: 2, state: 'failed' })], place).description, 'Job 3 · running · 640 of 1,089 · loss 0.370 · 22 min left');
    assert.equal(jobsLook([aJob(), aJob({ id: 2 })], place).description, '2 going on');
    assert.equal(jobsLook([aJob({ state: 'cancelled' })], place).description, '1');
  });

  it('is told when it has ended', () => {
    assert.equal(endWords(aJob({ state: 'succeeded' }), 'set'), 'Job 3 on cluster succeeded: llama-3-8b on 5,808 records of set, loss 0.370.');
    assert.equal(endWords(aJob({ state: 'failed', reason: 'time-limit', words: 'TIMEOUT' }), 'set'), 'Job 3 on cluster failed: time limit. TIMEOUT.');
    assert.match(endWords(aJob({ state: 'cancelled' }), 'set'), /cancelled at step 640 of 1,089\.$/);
  });

  it('reads what the training says of itself, and leaves everything else as it stands', () => {
    assert.equal(logLine('{"regenesis":"step","step":640,"steps":1089,"loss":0.37021,"learningRate":7.67e-6,"gradNorm":null,"epoch":1.7,"secondsPerStep":2.9}'), 'step 640  loss 0.3702  lr 7.67e-6  2.9 s');
    assert.equal(logLine('0: {"regenesis":"checkpoint","step":600,"path":"output/checkpoint-600"}'), '0: saved output/checkpoint-600');
    assert.equal(logLine('{"regenesis":"something"}'), '{"regenesis":"something"}');
    assert.equal(logLine('{"regenesis":"toString"}'), '{"regenesis":"toString"}');
    assert.deepEqual(lastLines('half a line\nb\n\nc\r\nd\n', { most: 2, whole: false }), ['c', 'd']);
    assert.deepEqual(lastLines('half a line\nb\n', { most: 5, whole: false }), ['b']);
    assert.deepEqual(lastLines('whole', { most: 5, whole: true }), ['whole']);
    fc.assert(fc.property(fc.string(), line => typeof logLine(line) === 'string'));
    assert.deepEqual([lossWords(0.0004), lossWords(0.3702), lossWords(12.34), lossWords(0)], ['0.00040', '0.370', '12.3', '0.000']);
  });

  it('is named to commands by project and number alone', () => {
    assert.deepEqual(jobIn(jobNode('/p/a.regenesis', 3)), jobAddress('/p/a.regenesis', 3));
    for (const none of [undefined, null, 'job', { kind: 'job', project: 1, job: 1 }, { kind: 'job', project: '/p', job: 1.5 }, { kind: 'run', project: '/p', job: 1 }]) assert.equal(jobIn(none), undefined);
  });
});
