import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { taskId } from '../../../src/core/model/ids.ts';
import type { CallStage } from '../../../src/core/model/stage.ts';
import { aTask } from '../../support/builders.ts';
import { failure } from '../../support/runTrial.ts';
import { branch, stepperWorkshop, task, telling } from '../../support/stepperWorkshop.ts';

const stagesOf = (requests: readonly { stage: CallStage }[]) => requests.map(({ stage }) => stage);

describe('stepping through a branch', () => {
  it('goes stage by stage, streams what is written and says what was understood', async () => {
    const { handlers, step, states, place, told, model, store, codeOf } = await stepperWorkshop();
    assert.deepEqual(await states(), { adapt: 'next', structure: 'waits', path: 'waits', verify: 'waits', leak: 'waits', select: 'waits' });
    assert.deepEqual((await handlers.branchStages(place)).absent, ['choose', 'judge', 'vote', 'clean']);
    assert.equal((await step()).end?.state, 'completed');
    assert.deepEqual(stagesOf(model.streamed), ['adapt']);
    const adapt = await handlers.stagePrompt({ ...place, stage: 'adapt' });
    assert.equal(told('branchText').map(each => each.text).join(''), adapt.answer?.text);
    assert.deepEqual(adapt.messages.map(({ role, content }) => ({ role, content })), model.requests[0]?.messages, 'to the letter');
    assert.deepEqual(await states(), { adapt: 'done', structure: 'next', path: 'waits', verify: 'waits', leak: 'waits', select: 'waits' });
    assert.equal((await step(true)).end?.state, 'completed');
    assert.deepEqual(stagesOf(model.requests), ['adapt', 'structure', 'path']);
    assert.deepEqual(await states(), { adapt: 'done', structure: 'done', path: 'done', verify: 'done', leak: 'done', select: 'waits' }, 'the selection is over all branches');
    const { understood } = await handlers.stagePrompt({ ...place, stage: 'path' });
    assert.deepEqual(understood.find(({ what }) => what === 'verdict'), { what: 'verdict', state: 'good', words: 'correct: equal, read as 18' });
    assert.equal((await step()).stage, null, 'nothing is left to ask');
    assert.deepEqual(store.attempts(store.taskIds()[0] ?? aTask().id).map(({ state }) => state), ['answered', 'answered', 'answered']);
    assert.deepEqual(store.runs().map(({ state, calls }) => [state, calls]), [['completed', 2], ['completed', 1]]);
    assert.deepEqual((await handlers.status({})).runs, [], 'a step is no run to be shown or resumed');
    assert.equal(await codeOf(handlers.resumeRun({})), 'run-not-found');
  });

  it('shows what other branches share of a prompt, and where an edited text arrives', async () => {
    const { handlers, step, place } = await stepperWorkshop();
    await step();
    await handlers.editAnswer({ ...place, stage: 'adapt', text: 'Count the sixes one by one.' });
    const prompt = await handlers.stagePrompt({ ...place, stage: 'structure' });
    assert.equal(prompt.sharedBy, 25);
    const [arrival] = prompt.arrivals;
    const message = prompt.messages[arrival?.message ?? 0];
    assert.equal(message?.content.slice(arrival?.start, arrival?.end), 'Count the sixes one by one.');
    assert.ok(arrival && arrival.start >= message.shared, 'a branch’s own text is not shared');
    assert.ok(message.content.slice(0, message.shared).includes('six times three'), 'the question is');
    assert.ok(prompt.sharedTokens > 0 && prompt.sharedTokens < prompt.tokens && prompt.estimated);
    await step(true);
    for (const stage of ['adapt', 'structure', 'path'] as const) {
      const { messages } = await handlers.stagePrompt({ ...place, stage });
      assert.ok(messages.some(({ content, shared }) => shared > 0 && shared < content.length), stage);
    }
  });

  it('is looked at without asking the server anything where that may not be asked', async () => {
    const { handlers, model, place } = await stepperWorkshop();
    let asked = 0;
    const [countTokens, describe] = [async (texts: readonly string[]) => texts.map(() => (asked += 1)), model.describe.bind(model)];
    Object.assign(model, { countTokens, describe: () => { asked += 1; return describe(); } });
    assert.ok((await handlers.branches({ task: place.task, offline: true })).branches.length > 0);
    assert.equal((await handlers.branchStages({ ...place, offline: true })).branch.id, place.branch);
    assert.deepEqual([(await handlers.stagePrompt({ ...place, stage: 'adapt', offline: true })).estimated, asked], [true, 0]);
    assert.equal((await handlers.stagePrompt({ ...place, stage: 'adapt' })).estimated, false);
    assert.ok(asked > 0);
  });

  it('asks only for what an edit made stale, marks it, and takes it back without a call', async () => {
    const { handlers, step, states, place, model, run, store, files } = await stepperWorkshop();
    await run();
    const exported = async () => {
      const report = await handlers.exportDataset({ format: 'chat', out: '/out/t.jsonl' });
      return { report, data: files.kept.get('/out/t.jsonl'), records: files.kept.get('/out/t.jsonl.records.jsonl') ?? '', manifest: files.kept.get('/out/t.jsonl.manifest.json') ?? '' };
    };
    const before = await exported();
    const kept = (await handlers.showTask({ task })).branches.find(each => each.kept);
    assert.ok(kept);
    const at = { ...place, branch: kept.id };
    const asked = model.requests.length;
    const former = (await handlers.stagePrompt({ ...at, stage: 'adapt' })).answer;
    const stages = await handlers.editAnswer({ ...at, stage: 'adapt', text: 'Count them one by one.' });
    assert.deepEqual(Object.fromEntries(stages.stages.map(({ stage, state }) => [stage, state])), { adapt: 'done', structure: 'stale', path: 'stale', verify: 'stale', leak: 'stale', select: 'stale' });
    assert.equal(stages.stages[0]?.edited?.what, 'answer');
    await step(true, at);
    assert.deepEqual(stagesOf(model.requests.slice(asked)), ['structure', 'path']);
    assert.equal((await handlers.branchStages(at)).branch.edited, true);
    // a run over the same task respects it, and asks for nothing
    await run();
    assert.equal(model.requests.length, asked + 2);
    const edited = await exported();
    assert.deepEqual([edited.report.records, edited.report.humanEdited], [before.report.records, 1]);
    assert.match(edited.manifest, /"edits": \[\n {4}\{\n {6}"task": "set\/1"/);
    assert.deepEqual(edited.records.split('\n').flatMap(line => (line.includes('"edited":true') ? [/"editedStages":\[[^\]]*\]/.exec(line)?.[0]] : [])), ['"editedStages":["adapt"]']);
    // undone: the former answer stands again, and the bytes are those of before
    await handlers.chooseAnswer({ ...at, stage: 'adapt', fingerprint: former?.fingerprint ?? '' });
    assert.deepEqual((await exported()).data, before.data);
    assert.deepEqual((await exported()).records, before.records);
    assert.equal((await states(at))['path'], 'done');
    // and done again
    const versions = (await handlers.stagePrompt({ ...at, stage: 'adapt' })).versions;
    assert.deepEqual(versions.map(({ edited: mark, stands }) => [mark, stands]), [[false, true], [true, false]]);
    await handlers.chooseAnswer({ ...at, stage: 'adapt', fingerprint: versions[1]?.fingerprint ?? '' });
    assert.deepEqual((await exported()).data, edited.data);
    assert.equal(model.requests.length, asked + 2);
    assert.equal(store.edits(aTask().id).length, 3);
  });

  it('sends a prompt that a person wrote, once, and the recipe’s again when told', async () => {
    const { handlers, step, place, model, states } = await stepperWorkshop();
    await step(true);
    await handlers.editPrompt({ ...place, stage: 'structure', messages: [{ role: 'user', content: 'Plan it my way.' }] });
    assert.equal((await states())['structure'], 'stale');
    await step(true);
    assert.deepEqual(model.requests.slice(3).map(({ stage, messages }) => [stage, messages[0]?.content.slice(0, 15)]), [['structure', 'Plan it my way.'], ['path', model.requests[4]?.messages[0]?.content.slice(0, 15)]]);
    const edited = await handlers.branchStages(place);
    assert.deepEqual(edited.stages.map(({ stage, edited: edit }) => [stage, edit?.what]).filter(([, what]) => what), [['structure', 'prompt']]);
    await handlers.editPrompt({ ...place, stage: 'structure', messages: null });
    assert.equal((await states())['path'], 'done');
    assert.equal(model.requests.length, 5);
  });

  it('keeps a fork beside its source, with draws of its own', async () => {
    const { handlers, step, place, model, run } = await stepperWorkshop();
    await step(true);
    const fork = await handlers.forkBranch({ ...place, stage: 'path' });
    assert.deepEqual([fork.branch.id, fork.branch.fork], [`${branch}~1`, { source: branch, from: 'path', included: false }]);
    assert.deepEqual(fork.stages.slice(0, 3).map(({ state, shared }) => [state, shared]), [['done', true], ['done', true], ['next', undefined]]);
    assert.deepEqual(fork.family.map(({ id }) => id), [branch, `${branch}~1`]);
    const at = { ...place, branch: fork.branch.id };
    await step(true, at);
    assert.equal(model.requests.length, 4);
    const texts = await Promise.all([place, at].map(async each => (await handlers.stagePrompt({ ...each, stage: 'path' })).answer?.text));
    assert.notEqual(texts[0], texts[1]);
    await run();
    assert.equal((await handlers.showTask({ task })).branches.some(each => each.id === at.branch), false, 'no selection knows of it');
    await handlers.includeFork({ ...at, included: true });
    const shown = await handlers.showTask({ task });
    assert.equal(shown.branches.some(each => each.id === at.branch), false, 'enough paths come before it');
    assert.equal((await handlers.branchStages(at)).stages.at(-1)?.words, 'not needed');
  });

  it('shows a failure with its reason, keeps the receipt, and asks again when told', async () => {
    let broken = true;
    const { handlers, step, states, place, store } = await stepperWorkshop({ script: (request, sample) => (broken ? failure('server-error', true) : telling(request, sample)) });
    const { end } = await step();
    assert.deepEqual([end?.state, end?.problem?.code], ['failed', 'server-error']);
    assert.equal((await handlers.branchStages(place)).problem?.code, 'server-error');
    assert.deepEqual(await states().then(({ adapt }) => adapt), 'next');
    assert.deepEqual(store.attempts(aTask().id).map(({ state }) => state), ['failed']);
    broken = false;
    assert.equal((await step()).end?.state, 'completed');
    assert.equal((await handlers.branchStages(place)).problem, undefined);
    assert.equal(store.lost(aTask().id).length, 0);
  });

  it('stops in the middle of a word, and nothing of it stands', async () => {
    const { handlers, place, model, told, until, states, store } = await stepperWorkshop();
    model.between = () => new Promise(() => undefined);
    await handlers.runStage(place);
    await until(() => told('branchText').length > 0);
    assert.equal((await handlers.branchStages(place)).stages[0]?.state, 'running');
    const writing = (await handlers.stagePrompt({ ...place, stage: 'adapt' })).writing;
    assert.equal(writing?.text, 'Mind ');
    assert.equal((await handlers.stagePrompt({ ...place, stage: 'adapt' })).understood[0]?.state, 'open');
    await handlers.stopBranch(place);
    await until(() => told('branchStepped').length > 0);
    assert.equal(told('branchStepped')[0]?.state, 'cancelled');
    assert.deepEqual([(await states())['adapt'], store.answers(aTask().id).length], ['next', 0]);
  });

  it('is answered at once while a bulk run has everything in flight, and shares what that asks', async () => {
    const { handlers, place, model, told, until } = await stepperWorkshop({ tasks: 24 });
    const held: (() => void)[] = [];
    const { before } = model;
    model.before = ({ messages }) => (JSON.stringify(messages).includes('(set/24)') ? Promise.resolve() : new Promise(resolve => { held.push(resolve); }));
    await handlers.startRun({ concurrency: 512, mode: 'all' });
    while (held.length < 512) await new Promise(resolve => { setImmediate(resolve); });
    const at = { ...place, task: 'set/24' };
    await handlers.runBranch(at);
    await until(() => told('branchStepped').length > 0);
    assert.deepEqual([told('branchStepped')[0]?.state, held.length], ['completed', 512], 'none of the run’s calls had to end for it');
    // a branch of a task that the run works on at this moment: its call is waited for and not asked twice
    const active = (await handlers.showTask({ task: 'set/1' })).task.state;
    assert.equal(active, 'running');
    const launched = model.requests.find(({ messages }) => JSON.stringify(messages).includes('(set/1)'));
    assert.ok(launched);
    model.before = before;
    for (const release of held.splice(0)) release();
    await until(() => told('runEnded').length > 0);
    const keys = model.requests.map(({ stage, seed, messages }) => `${stage} ${seed} ${messages.map(({ content }) => content).join()}`);
    assert.equal(new Set(keys).size, keys.length, 'nothing was asked twice');
  });

  it('streams the branch of a run that somebody watches, and no other', async () => {
    const { handlers, place, model, told, run } = await stepperWorkshop();
    await handlers.watchBranch({ ...place, watched: true });
    await run({ mode: 'all' });
    const streamed = told('branchText');
    assert.ok(model.streamed.length > 0 && model.streamed.length < model.requests.length);
    assert.ok(streamed.every(each => each.branch === branch));
    for (const stage of ['adapt', 'structure', 'path'] as const) {
      const { answer } = await handlers.stagePrompt({ ...place, stage });
      assert.equal(streamed.filter(each => each.stage === stage).map(each => each.text).join(''), answer?.text);
    }
    await handlers.watchBranch({ ...place, watched: false });
    await handlers.editPrompt({ ...place, stage: 'structure', messages: [{ role: 'user', content: 'Plan it.' }] });
    const before = model.streamed.length;
    await run({ mode: 'all' });
    assert.equal(model.streamed.length, before);
  });

  it('streams a branch as long as any window watches it, and no longer than that window is there', async () => {
    const { handlers, place, model, run } = await stepperWorkshop();
    const windows = [new AbortController(), new AbortController()].map(end => ({ end, asking: { client: { gone: end.signal }, signal: end.signal } }));
    const [one, other] = windows;
    assert.ok(one && other);
    let prompts = 0;
    /** How many calls of one more run were streamed. */
    const streamed = async () => {
      const before = model.streamed.length;
      await handlers.editPrompt({ ...place, stage: 'path', messages: [{ role: 'user', content: `Write it. (${prompts += 1})` }] });
      await run({ mode: 'all' });
      return model.streamed.length - before;
    };
    await run({ mode: 'all' });
    for (const { asking } of [one, one, other]) await handlers.watchBranch({ ...place, watched: true }, asking);
    assert.equal(await streamed(), 1);
    await handlers.watchBranch({ ...place, watched: false }, one.asking);
    assert.equal(await streamed(), 1, 'the other window still watches');
    await handlers.watchBranch({ ...place, watched: true }, one.asking);
    other.end.abort();
    assert.equal(await streamed(), 1, 'the first watches again');
    one.end.abort();
    assert.equal(await streamed(), 0, 'nobody is there any more');
    await handlers.watchBranch({ ...place, watched: true }, one.asking);
    assert.equal(await streamed(), 0, 'who is gone watches nothing');
  });

  it('refuses what cannot be, and says what to do', async () => {
    const { handlers, place, codeOf, step, store, run } = await stepperWorkshop();
    store.addTasks([{ ...aTask({ id: 'held/1' }), split: 'held-out' }]);
    assert.equal(await codeOf(handlers.branchStages({ ...place, task: 'held/1' })), 'task-held-out');
    assert.equal(await codeOf(handlers.branchStages({ ...place, task: 'none' })), 'task-not-found');
    assert.equal(await codeOf(handlers.branchStages({ ...place, branch: 'guideline:none' })), 'usage');
    assert.equal(await codeOf(handlers.editAnswer({ ...place, stage: 'adapt', text: 'x' })), 'usage');
    assert.equal(await codeOf(handlers.forkBranch({ ...place, stage: 'path' })), 'usage');
    assert.equal(await codeOf(handlers.includeFork({ ...place, included: true })), 'usage');
    await step();
    assert.equal(await codeOf(handlers.editAnswer({ ...place, stage: 'adapt', text: 'x'.repeat(1_000_001) })), 'usage');
    assert.equal(await codeOf(handlers.chooseAnswer({ ...place, stage: 'adapt', fingerprint: 'f'.repeat(64) })), 'usage');
    assert.equal(await codeOf(handlers.editAnswer({ ...place, stage: 'judge', text: 'yes' })), 'usage');
    await run();
    assert.equal(store.edits(aTask().id).length, 0);
  });

  it('asks after any series of edits only for what is stale, and nothing when built again', async () => {
    const stages = ['adapt', 'structure', 'path'] as const;
    const act = fc.oneof(
      fc.record({ kind: fc.constant('edit' as const), stage: fc.constantFrom(...stages), text: fc.constantFrom('1. One', '1. Two \\boxed{18}', '') }),
      fc.record({ kind: fc.constant('choose' as const), stage: fc.constantFrom(...stages), back: fc.nat(3) }),
      fc.record({ kind: fc.constant('prompt' as const), stage: fc.constantFrom(...stages), text: fc.constantFrom('Do it.', null) }),
      fc.constant({ kind: 'run' as const }),
    );
    await fc.assert(fc.asyncProperty(fc.array(act, { maxLength: 7 }), async acts => {
      const { handlers, step, place, model, run, store } = await stepperWorkshop();
      await run();
      for (const each of acts) {
        if (each.kind === 'run') await run();
        else {
          const at = { ...place, stage: each.stage };
          const { answer, versions } = await handlers.stagePrompt(at);
          if (each.kind === 'edit' && answer) await handlers.editAnswer({ ...at, text: each.text });
          const back = versions.at(-1 - (each.kind === 'choose' ? each.back : 0));
          if (each.kind === 'choose' && answer && back) await handlers.chooseAnswer({ ...at, fingerprint: back.fingerprint });
          const came = (await handlers.branchStages(place)).stages.find(({ stage }) => stage === each.stage)?.state;
          if (each.kind === 'prompt' && came !== 'waits') await handlers.editPrompt({ ...at, messages: each.text === null ? null : [{ role: 'user', content: each.text }] }).catch(() => undefined);
        }
        await step(true);
        await run();
        // the same words may be asked again where what they were made from is another
        const asked = store.attempts(taskId(place.task)).flatMap(({ call }) => call.answers.map(({ fingerprint }) => fingerprint));
        assert.equal(new Set(asked).size, asked.length, 'what was answered once is not asked again');
        const settled = model.requests.length;
        await step(true);
        await run();
        assert.equal(model.requests.length, settled, 'built again, nothing is asked');
      }
    }), { numRuns: 15 });
  }).timeout(60_000);
});
