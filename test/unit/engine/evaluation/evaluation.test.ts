import assert from 'node:assert/strict';
import { sha256 } from '../../../../src/adapters/hash.ts';
import type { EvaluationChoices, EvaluationRow } from '../../../../src/contract/evaluation.ts';
import { problemError, problemOf } from '../../../../src/core/model/problem.ts';
import type { HeldOutTask } from '../../../../src/core/model/task.ts';
import { estimateTokens } from '../../../../src/core/verify/tokens.ts';
import { Session } from '../../../../src/engine/session.ts';
import { aTask } from '../../../support/builders.ts';
import { noJobs } from '../../../support/fakeJobs.ts';
import { FakeModel, SwiftClock, type Script } from '../../../support/fakeModel.ts';
import { memoryFiles } from '../../../support/memoryFiles.ts';
import { MemoryStore } from '../../../support/memoryStore.ts';
import { shippedPrompts } from '../../../support/promptFiles.ts';
import { failure } from '../../../support/runTrial.ts';

const [tuned, base] = ['http://tuned/v1', 'http://base/v1'];

const heldOut = (dataset: string, count: number, parts: Partial<HeldOutTask> = {}): readonly HeldOutTask[] =>
  Array.from({ length: count }, (_, index) => ({ ...aTask({ id: `${dataset}/${index}` }), question: `Question ${index} of ${dataset}?`, gold: String(index), origin: { dataset }, ...parts, split: 'held-out' }));

/** Answers the number in the question as long as it is below a limit, else a wrong one; above another limit without a box. */
const upTo = (right: number, boxed = Infinity): Script => ({ messages }) => {
  const number = Number(/Question (\d+)/.exec(messages.at(-1)?.content ?? '')?.[1]);
  const answer = number < right ? number : number + 1;
  return number < boxed ? `It is \\boxed{${answer}}.` : `It is ${answer}.`;
};

/** A project with a tuned model that solves 8 of 10 and a base that solves 5 of 10, of which it leaves one without a box. */
async function workshop({ scripts = [upTo(8), upTo(5, 9)], sets = [heldOut('set', 10), heldOut('far', 10)] }: { readonly scripts?: readonly [Script, Script]; readonly sets?: readonly (readonly HeldOutTask[])[] } = {}) {
  const store = new MemoryStore();
  store.addTasks([aTask({ id: 'set/train', gold: 'nonsense' }), ...sets.flat()]);
  const [one, other] = [new FakeModel(scripts[0], tuned), new FakeModel(scripts[1], base)];
  const all = [one, other];
  for (const model of all) model.identity = () => `model of ${model.baseUrl}`;
  const unused = () => { throw new Error('not needed here'); };
  const heard: EvaluationRow[] = [];
  const own = new Map<string, string>();
  const clock = new SwiftClock();
  const session = new Session({
    app: 'test', host: 'here', pid: 1, node: 'v24', openStore: () => store, ...noJobs, rows: { open: unused }, files: { ...memoryFiles(), prompts: () => new Map([...shippedPrompts(), ...own]) },
    clock, hash: sha256, loadCl100k: async () => estimateTokens, understanding: 'test',
    createModel: ({ baseUrl }) => all.find(model => model.baseUrl === baseUrl) ?? unused(),
    emit: (name, body) => { if (name === 'evaluationChanged') heard.push(body as EvaluationRow); },
  });
  const { handlers } = session;
  await handlers.openProject({ path: store.path });
  const both: EvaluationChoices = { models: [{ server: tuned }], against: { server: base } };
  const settled = async (id: number) => {
    for (;;) {
      const row = heard.findLast(each => each.id === id);
      if (row && row.state !== 'running') return row;
      await new Promise(resolve => { setImmediate(resolve); });
    }
  };
  const evaluate = async (choices: EvaluationChoices = both) => {
    const { id } = await handlers.startEvaluation(choices);
    const row = await settled(id);
    heard.length = 0;
    return { row, report: await handlers.evaluation({ id }) };
  };
  const codeOf = async (promise: Promise<unknown>) => problemOf(await promise.then(() => undefined, (thrown: unknown) => thrown)).code;
  return { store, clock, one, other, all, session, handlers, own, heard, both, evaluate, settled, codeOf };
}

describe('evaluating models on held-out tasks', () => {
  it('finds the known difference of two models, in domain and out of domain, and asks nothing twice', async () => {
    const { evaluate, one, other, both } = await workshop();
    const { row, report } = await evaluate();
    assert.equal(row.state, 'completed');
    assert.deepEqual(report.rows.map(({ name, domain, n }) => [name, domain, n]), [['set', 'in', 10], ['far', 'out', 10]], 'a data set with train tasks is in domain');
    for (const { models: [first, second], difference } of report.rows) {
      assert.deepEqual([first?.correct, second?.correct, first?.unreadable, second?.unreadable], [8, 5, 0, 1], 'what cannot be read is counted apart');
      assert.deepEqual([difference?.gains, difference?.losses, difference?.value], [3, 0, .3]);
    }
    assert.deepEqual([report.inDomain?.n, report.outOfDomain?.n, report.simulated], [10, 10, true]);
    assert.match(report.sentence.map(({ text }) => text).join(''), /^Simulation\./);
    const asked = one.requests.length + other.requests.length;
    assert.equal(asked, 40);
    assert.ok(one.requests.every(({ stage, sampling, messages }) => stage === 'evaluate' && sampling.temperature === 0 && !messages.some(({ content }) => content.includes('nonsense'))));
    const again = await evaluate(both);
    assert.deepEqual([again.report.id, again.report.rows, one.requests.length + other.requests.length], [report.id, report.rows, asked]);
    const alone = await evaluate({ models: [{ server: base }] });
    assert.deepEqual([alone.report.id, alone.report.base, alone.report.rows[0]?.models[0]?.correct, other.requests.length], [2, null, 5, 20], 'another question about the same answers');
  });

  it('says what it waits for where a server goes away, and goes on once it is back', async () => {
    let left = 4; // answers until it goes
    const shop = await workshop({ scripts: [upTo(8), (request, sample) => ((left -= 1) < 0 ? failure('server-unreachable', true) : upTo(5)(request, sample))] });
    const told = () => shop.heard.find(({ progress }) => progress?.notice !== undefined)?.progress?.notice;
    shop.other.identity = () => {
      if (left < 0 && told() === undefined) throw problemError('server-unreachable', 'Nothing listens there.', { retryable: true });
      if (left < 0) left = Infinity;
      return `model of ${base}`;
    };
    const { id } = await shop.handlers.startEvaluation(shop.both);
    assert.equal((await shop.settled(id)).state, 'completed');
    assert.match(told() ?? '', /base.*server-unreachable|Nothing listens there/);
  });

  it('makes no training data: no outcome, no path, no run of the project', async () => {
    const { store, evaluate } = await workshop();
    await evaluate();
    assert.deepEqual([store.runs(), store.countPaths(), store.counters().get('stage/evaluate/1/done'), store.outcome(heldOut('set', 1)[0]?.id ?? aTask().id)], [[], 0, 40, undefined]);
    assert.equal(store.evaluations.runs(1).length, 2);
    assert.deepEqual(store.counters(), store.recount());
  });

  it('lists the tasks that changed sides, with both answers', async () => {
    const { handlers, evaluate } = await workshop();
    const { report: { id } } = await evaluate();
    const gains = await handlers.evaluationChanges({ id, side: 'gains', limit: 4 });
    assert.equal(gains.total, 6);
    assert.deepEqual(gains.rows.map(({ task }) => task), ['set/5', 'set/6', 'set/7', 'far/5']);
    assert.deepEqual([gains.rows[0]?.own.extracted, gains.rows[0]?.base?.extracted, gains.rows[0]?.gold], ['5', '6', '5']);
    assert.deepEqual((await handlers.evaluationChanges({ id, side: 'gains', after: 4, limit: 4, set: 'far' })).rows, []);
    assert.equal((await handlers.evaluationChanges({ id, side: 'losses', limit: 4 })).total, 0);
    assert.equal((await handlers.evaluationChanges({ id, side: 'any', domain: 'out', limit: 100 })).rows.length, 10);
    const task = await handlers.evaluatedTask({ id, task: 'far/9' });
    assert.deepEqual(task.models.map(({ verdict, reason, answers }) => [verdict, reason, answers[0]?.raw]), [['incorrect', 'not-equal', 'It is \\boxed{10}.'], ['unreadable', 'no-box', 'It is 10.']]);
  });

  it('goes on where it was stopped', async () => {
    const { handlers, all, both, settled, evaluate, heard } = await workshop();
    let answered = 0;
    const hold = new Promise<void>(() => undefined);
    for (const model of all) model.before = () => ((answered += 1) > 12 ? hold : Promise.resolve());
    const { id } = await handlers.startEvaluation({ ...both, concurrency: 2 });
    while (answered < 14) await new Promise(resolve => { setImmediate(resolve); });
    await handlers.cancelEvaluation({ id });
    const stopped = await settled(id);
    assert.equal(stopped.state, 'cancelled');
    const partly = await handlers.evaluation({ id });
    assert.ok(partly.rows.every(({ n, unanswered }) => n + unanswered === 10) && partly.rows.some(({ unanswered }) => unanswered > 0));
    for (const model of all) {
      model.before = () => Promise.resolve();
      model.requests.length = 0;
    }
    heard.length = 0;
    const plan = await handlers.planEvaluation(both);
    const { report } = await evaluate();
    const asked = all.reduce((sum, { requests }) => sum + requests.length, 0);
    assert.deepEqual([report.id, report.state, report.rows.map(({ n }) => n), asked, plan.calls, plan.cached], [id, 'completed', [10, 10], 28, 28, 12]);
  });

  it('is cancelled from the first moment on: while its servers are asked what they serve, and before its turn has come', async () => {
    const { handlers, session, one, both, codeOf, evaluate, store } = await workshop();
    const { report: { id } } = await evaluate();
    let asked = 0;
    Object.assign(one, {
      describe: (signal: AbortSignal) => new Promise((_, reject) => {
        asked += 1;
        signal.addEventListener('abort', () => { reject(problemError('cancelled', 'Nobody waits.')); });
      }),
    });
    const askedFor = async (times: number) => {
      while (asked < times) await new Promise(resolve => { setImmediate(resolve); });
    };
    const takenBack = new AbortController();
    const [first, second] = [codeOf(handlers.startEvaluation(both)), codeOf(handlers.continueEvaluation({ id }, { client: { gone: takenBack.signal }, signal: takenBack.signal }))];
    await askedFor(1);
    takenBack.abort();
    assert.equal(await second, 'cancelled', 'though the first one still waits');
    await handlers.cancelRun({});
    assert.equal(await first, 'cancelled');
    const again = codeOf(handlers.continueEvaluation({ id }));
    await askedFor(2);
    await handlers.cancelEvaluation({ id: id + 1 });
    await handlers.cancelEvaluation({ id });
    assert.deepEqual([await again, asked, store.evaluations.runs(id).length], ['cancelled', 2, 2]);
    const planned = codeOf(handlers.planEvaluation(both));
    await askedFor(3);
    await session.close();
    assert.equal(await planned, 'cancelled', 'nor does a plan outlast its engine');
  });

  it('is told to be paused, and why, before the engine that ends lets its project go', async () => {
    const { handlers, all, both, session, heard } = await workshop();
    let asked = 0;
    for (const model of all) {
      model.before = () => {
        asked += 1;
        return new Promise(() => undefined);
      };
    }
    const { id } = await handlers.startEvaluation(both);
    while (asked === 0) await new Promise(resolve => { setImmediate(resolve); });
    await session.close();
    assert.deepEqual([heard.at(-1)?.id, heard.at(-1)?.state, heard.at(-1)?.problem?.code], [id, 'paused', 'engine-stopped']);
  });

  it('waits for a key where a wrong one has paused it, until another comes', async () => {
    const { handlers, session, one, both, evaluate, settled, heard } = await workshop();
    let left = 5;
    one.before = () => ((left -= 1) < 0 ? Promise.reject(problemError('server-wrong-key', 'The key is refused.')) : Promise.resolve());
    const { row: { id, state } } = await evaluate();
    assert.deepEqual([state, session.state()], ['paused', { run: null, state: 'waiting-for-key' }]);
    left = Infinity;
    heard.length = 0;
    await handlers.continueEvaluation({ id });
    assert.deepEqual([session.state().state, (await settled(id)).state, session.state().state], ['running', 'completed', 'idle']);
    left = 2;
    assert.equal((await evaluate({ ...both, seed: 1, samples: 2 })).row.state, 'paused');
    left = Infinity;
    assert.equal(session.state().state, 'waiting-for-key', 'the later of two');
    heard.length = 0;
    await handlers.continueEvaluation({ id });
    await settled(id);
    assert.equal(session.state().state, 'idle', 'the other was gone on with last');
  });

  it('is paused like a run where a server serves another model from some moment on', async () => {
    const { one, evaluate, clock } = await workshop({ sets: [heldOut('set', 60)] });
    one.before = () => clock.sleep(1_000, new AbortController().signal);
    one.identity = () => (one.requests.length < 20 ? `model of ${tuned}` : 'another by now');
    const { row, report } = await evaluate({ models: [{ server: tuned }], concurrency: 1 });
    assert.deepEqual([row.state, row.problem?.code], ['paused', 'model-mismatch']);
    assert.ok(one.requests.length < 60 && report.calls === one.requests.length, `${one.requests.length} requests`);
  });

  it('goes on with its own tasks and prompt, whatever there are by then', async () => {
    const { handlers, one, other, both, evaluate, settled, heard, own, store, codeOf } = await workshop({ sets: [heldOut('set', 40)] });
    const { report: { id, seed, rows } } = await evaluate({ ...both, limit: 6, seed: 5 });
    assert.equal(seed, 5);
    store.addTasks(heldOut('set', 60).slice(40));
    assert.deepEqual((await handlers.evaluation({ id })).rows.map(({ n, unanswered }) => [n, unanswered]), rows.map(({ n }) => [n, 0]), 'more tasks change nothing of it');
    own.set('evaluate/evaluate.rgprompt', '---\nstage: evaluate\n---\nAnswer in \\boxed{}: {{ task.question }}');
    one.requests.length = 0;
    heard.length = 0;
    assert.deepEqual(await handlers.continueEvaluation({ id }), { id, tasks: 6, pass: 2 });
    assert.deepEqual([(await settled(id)).state, one.requests.length], ['completed', 0]);
    other.identity = () => 'another by now';
    assert.equal(await codeOf(handlers.continueEvaluation({ id })), 'model-mismatch');
  });

  it('tells two models of one name apart, by their places', async () => {
    const { all, evaluate } = await workshop();
    assert.deepEqual(all.map(({ baseUrl }) => baseUrl), [tuned, base]);
    const { report } = await evaluate();
    assert.deepEqual(report.models.map(({ label }) => label), ['fake @ tuned', 'fake @ base']);
  });

  it('lists what can be said at once, and tells the rest as it comes', async () => {
    const { handlers, evaluate, heard, store } = await workshop();
    await evaluate();
    store.addTasks([aTask({ id: 'other/train', origin: { dataset: 'other' } })]);
    const { rows: [row] } = await handlers.evaluations({});
    assert.deepEqual([row?.state, row?.inDomain], ['completed', undefined]);
    while (heard.length === 0) await new Promise(resolve => { setImmediate(resolve); });
    assert.equal(heard[0]?.inDomain?.n, 10);
    assert.equal((await handlers.evaluations({})).rows[0]?.inDomain?.n, 10);
  });

  it('counts the tasks that were not asked for want of a known answer', async () => {
    const { evaluate } = await workshop({ sets: [[...heldOut('set', 3), ...heldOut('set', 5).slice(3).map(({ gold: _gold, ...task }) => task)]] });
    const { report } = await evaluate();
    assert.deepEqual([report.rows[0]?.n, report.rows[0]?.withoutGold, report.inDomain?.withoutGold], [3, 2, 2]);
    assert.match(report.sentence.map(({ text }) => text).join(''), /2 tasks without a known answer are left out/);
  });

  it('asks what was a train task once only where it is named', async () => {
    const { handlers, both, store, codeOf, evaluate } = await workshop({ sets: [heldOut('set', 4)] });
    store.addTasks([aTask({ id: 'trained/1', question: 'Question 1 of set?', gold: '1', origin: { dataset: 'trained' } })]);
    await handlers.holdOut({ tasks: ['trained/1'] });
    assert.deepEqual((await handlers.heldOutSets({})).sets.map(({ name, moved, domain }) => [name, moved, domain]), [['set', 0, 'in'], ['trained', 1, 'in']]);
    const { report } = await evaluate();
    assert.deepEqual([report.sets, report.calls, (await evaluate()).report.calls, (await evaluate()).report.pass], [['set'], 8, 0, 3]);
    assert.deepEqual((await handlers.planEvaluation({ ...both, sets: ['trained'] })).tasks, 1);
    assert.equal(await codeOf(handlers.planEvaluation({ ...both, sets: ['elsewhere'] })), 'usage');
  });

  it('lets several answers vote, and draws them as told', async () => {
    let drawn = 0;
    const { evaluate, one, codeOf, handlers } = await workshop({ scripts: [() => ((drawn += 1) % 3 === 0 ? '\\boxed{-1}' : '\\boxed{0}'), upTo(5)], sets: [heldOut('set', 1)] });
    const { report } = await evaluate({ models: [{ server: tuned }], samples: 3 });
    assert.deepEqual([report.rows[0]?.models[0]?.correct, report.temperature, one.requests[0]?.n, one.requests[0]?.sampling.temperature], [1, .7, 3, .7]);
    assert.equal(await codeOf(handlers.startEvaluation({ models: [{ server: tuned }], samples: 3, temperature: 0 })), 'usage');
  });

  it('lets people say which domain a data set is of', async () => {
    const { handlers, evaluate, codeOf } = await workshop();
    assert.deepEqual((await handlers.heldOutSets({})).sets.map(({ name, domain, stated }) => [name, domain, stated]), [['far', 'out', false], ['set', 'in', false]]);
    const { report: { id } } = await evaluate();
    await handlers.setDomain({ dataset: 'far', domain: 'in' });
    assert.deepEqual([(await handlers.evaluation({ id })).inDomain?.n, (await handlers.evaluation({ id })).outOfDomain], [20, undefined]);
    await handlers.setDomain({ dataset: 'far', domain: null });
    assert.equal((await handlers.heldOutSets({})).sets[0]?.domain, 'out');
    assert.equal(await codeOf(handlers.setDomain({ dataset: 'near', domain: 'in' })), 'task-not-found');
  });

  it('says what cannot be evaluated before anything is asked', async () => {
    const { handlers, all, both, own, codeOf } = await workshop({ sets: [heldOut('set', 3), heldOut('unknown', 2).map(({ gold: _gold, ...task }) => task)] });
    assert.equal(await codeOf(handlers.startEvaluation({ ...both, sets: ['unknown'] })), 'no-tasks');
    assert.equal(await codeOf(handlers.startEvaluation({ ...both, sets: ['nowhere'] })), 'usage');
    assert.equal(await codeOf(handlers.startEvaluation({ models: [{ server: base }], against: { server: base } })), 'usage');
    own.set('evaluate/evaluate.rgprompt', '---\nstage: evaluate\n---\n{{ gold }}');
    assert.equal(await codeOf(handlers.startEvaluation(both)), 'prompt-invalid');
    assert.deepEqual(all.map(({ requests }) => requests.length), [0, 0]);
    own.clear();
    assert.deepEqual((await handlers.planEvaluation(both)).sets.map(({ name }) => name), ['set'], 'a set without known answers is not among all of them');
    assert.equal(await codeOf(handlers.evaluation({ id: 7 })), 'run-not-found');
  });

  it('takes a seeded part of each set', async () => {
    const { evaluate, one, both } = await workshop({ sets: [heldOut('set', 40)] });
    const { report } = await evaluate({ ...both, limit: 7 });
    assert.deepEqual([report.tasks, report.limit, one.requests.length], [7, 7, 7]);
    await evaluate({ ...both, limit: 9 });
    assert.ok(one.requests.length <= 16, 'and a larger part has the smaller one in it');
    assert.equal(one.requests.length, 9);
  });
});

describe('the prompt of evaluations, while it is being written', () => {
  const file = 'evaluate/evaluate.rgprompt';
  const prompt = (text: string) => `---\nstage: evaluate\n---\n${text}`;
  const own = (text: string) => ({ [file]: prompt(text) });
  const boxed = prompt('Answer in \\boxed{}: {{ task.question }}');
  const plain = { [file]: boxed };
  const shipped = (name: string): string => shippedPrompts().get(name) ?? assert.fail(name);

  it('is shown to the letter as an evaluation sends it, for a held-out task', async () => {
    const { handlers, one, evaluate } = await workshop();
    const { recipe, stages, shown, problems, note } = await handlers.previewPrompt({ overlay: {}, file });
    assert.deepEqual([recipe, stages, problems, note, shown?.task.id, shown?.branch, shown?.stage, shown?.limit], [null, ['evaluate'], [], undefined, 'set/0', null, 'evaluate', 1_024]);
    await evaluate();
    const sent = one.requests.map(({ messages }) => messages).find(([message]) => message?.content.includes('Question 0 of set?') === true);
    assert.deepEqual(shown?.messages.map(({ role, content }) => ({ role, content })), sent);
    const asked = one.requests.length;
    const of = async (task: string) => (await handlers.previewPrompt({ overlay: plain, file, task })).shown;
    assert.deepEqual([(await of('far/3'))?.task.id, (await of('far/3'))?.messages[0]?.content], ['far/3', 'Answer in \\boxed{}: Question 3 of far?']);
    assert.equal((await of('set/train'))?.task.id, 'set/0', 'a train task is never evaluated on');
    assert.equal(one.requests.length, asked, 'nothing is asked');
  });

  it('is shown with what there is to know of its task and its place, or not at all', async () => {
    const { handlers, codeOf, store } = await workshop({ sets: [heldOut('unknown', 1).map(({ gold: _gold, ...task }) => task), heldOut('set', 2)] });
    const preview = (overlay: Record<string, string>, name = file, task?: string) => handlers.previewPrompt({ overlay, file: name, ...(task === undefined ? {} : { task }) });
    assert.equal((await preview({})).shown?.task.id, 'set/0', 'the first that an evaluation would ask');
    assert.match((await preview({}, file, 'unknown/0')).note ?? '', /^This task has no known answer, so that no evaluation asks it\.$/);
    const elsewhere = await preview({ 'mine/own.rgprompt': boxed }, 'mine/own.rgprompt');
    assert.deepEqual([elsewhere.shown?.stage, elsewhere.stages], ['evaluate', ['evaluate']]);
    assert.match(elsewhere.note ?? '', /^Evaluations ask with evaluate\/evaluate\.rgprompt, and no recipe asks/);
    const broken = await preview(own('{{ task.question }}{{ gold }}\\boxed{}'));
    assert.deepEqual([broken.shown, broken.problems[0]?.file, broken.problems[0]?.code], [null, file, 'variable.forbidden']);
    const other = await preview({ [file]: shipped('regenesis/path.rgprompt') });
    assert.deepEqual([other.shown, other.problems.map(({ code, line }) => [code, line])], [null, [['frontmatter.invalid', 2]]]);
    assert.equal(await codeOf(preview({}, file, 'set/none')), 'task-not-found');
    const without = await workshop({ sets: [] });
    assert.equal(await codeOf(without.handlers.previewPrompt({ overlay: {}, file })), 'no-tasks');
    assert.equal(store.runs().length, 0);
  });

  it('is not tried, and nothing is asked for that', async () => {
    const { handlers, all, codeOf, store } = await workshop();
    const choices = { overlay: plain, file, tasks: 2, server: tuned };
    for (const refused of [handlers.planTrial(choices), handlers.tryPrompt(choices), handlers.promptBudget(choices), handlers.promptValues(choices)]) assert.equal(await codeOf(refused), 'usage');
    await assert.rejects(handlers.tryPrompt(choices), /none ever asks a held-out task\. Evaluate a model on a few tasks instead/);
    assert.deepEqual([all.map(({ requests }) => requests.length), store.answers(store.taskIds()[1] ?? assert.fail()).length], [[0, 0], 0]);
  });

  it('says how many answers saving it would have asked anew, which an evaluation then asks', async () => {
    const { handlers, all, evaluate, both, own: files } = await workshop();
    const stale = async (overlay: Record<string, string>, parts: { file?: string; most?: number } = {}) => (await handlers.promptStaleness({ overlay, ...parts })).evaluation;
    assert.equal(await stale(plain), undefined, 'nothing was evaluated yet');
    const { report: { id } } = await evaluate();
    const asked = () => all.reduce((sum, { requests }) => sum + requests.length, 0);
    assert.equal(asked(), 40);
    const same = { evaluation: id, same: true, answers: 0, exact: true, calls: 0, promptTokens: 0, outputTokens: 0, problems: [] };
    assert.deepEqual(await stale({}), same);
    assert.deepEqual(await stale({ [file]: shipped(file).replace('{#', '{# A comment more. ') }), same);
    const found = await stale(plain);
    assert.deepEqual([found?.same, found?.answers, found?.calls, found?.exact], [false, 40, 40, true]);
    assert.ok((found?.promptTokens ?? 0) > 0 && (found?.outputTokens ?? 0) > 0);
    assert.deepEqual(await stale(plain, { most: 5 }).then(few => [few?.answers, few?.calls, few?.exact]), [40, 40, false]);
    assert.equal((await stale({ 'partials/task.rgprompt': `Mind this.\n${shipped('partials/task.rgprompt')}` }, { file: 'partials/task.rgprompt' }))?.answers, 40, 'what it includes counts');
    assert.equal(await stale(plain, { file: 'regenesis/path.rgprompt' }), undefined, 'it has nothing to do with that file');
    assert.deepEqual((await stale(own('{{ task.question }}{{ gold }}')))?.problems.map(problem => problem.file), [file]);
    assert.equal(asked(), 40, 'counting asks nothing');

    files.set(file, boxed);
    await evaluate({ ...both, sets: ['set'] });
    assert.equal(asked(), 60);
    assert.deepEqual(await stale({}).then(latest => [latest?.same, latest?.answers]), [true, 0], 'the latest evaluation is as it is saved');
    const back = await stale({ [file]: shipped(file) });
    assert.deepEqual([back?.same, back?.answers, back?.calls], [false, 0, 0], 'what was asked just so before is there');
  });

  it('counts none that was never answered, and several answers of a task one by one', async () => {
    const { handlers, all, both, settled, evaluate } = await workshop({ scripts: [() => '\\boxed{1}', () => '\\boxed{2}'], sets: [heldOut('set', 4)] });
    let answered = 0;
    const hold = new Promise<void>(() => undefined);
    for (const model of all) model.before = () => ((answered += 1) > 3 ? hold : Promise.resolve());
    const { id } = await handlers.startEvaluation({ ...both, concurrency: 2 });
    while (answered < 5) await new Promise(resolve => { setImmediate(resolve); });
    await handlers.cancelEvaluation({ id });
    await settled(id);
    const stale = async () => (await handlers.promptStaleness({ overlay: plain, file })).evaluation;
    assert.deepEqual(await stale().then(found => [found?.answers, found?.calls]), [3, 3]);
    for (const model of all) model.before = () => Promise.resolve();
    await evaluate({ models: [{ server: tuned }], samples: 3 });
    assert.deepEqual(await stale().then(found => [found?.answers, found?.exact]), [12, false]);
  });

  it('counts what its sampling changes, but where the evaluation was told its own', async () => {
    const { handlers, evaluate, both } = await workshop({ sets: [heldOut('set', 3)] });
    const shorter = { [file]: shipped(file).replace('max_tokens: 1024', 'max_tokens: 512') };
    assert.notEqual(shorter[file], shipped(file));
    const answers = async () => (await handlers.promptStaleness({ overlay: shorter, file })).evaluation?.answers;
    await evaluate();
    assert.equal(await answers(), 6);
    await evaluate({ ...both, maxTokens: 2_048 });
    assert.equal(await answers(), 0);
  });
});
