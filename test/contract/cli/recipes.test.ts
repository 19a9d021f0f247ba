import assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import { runShape, showShape, statusShape } from '../../support/commandShapes.ts';
import { Workshop, type LoggedServer } from '../../support/commandLine.ts';
import { countByStage, drawsOf, type LoggedRequest } from '../../support/requestLog.ts';
import { sampleTasks, shippedGuidelines } from '../../support/sampleTasks.ts';

const nonsense = 'ZQX-4711-';

describe('the shipped recipes, as a server sees them', function () {
  this.timeout(60_000);
  const shop = new Workshop();
  let server: LoggedServer;
  before(async () => {
    server = await shop.demoServer();
    await shop.succeed('init', 'empty', '--sample');
  });
  after(() => shop.close());

  const json = async (name: string, { url }: LoggedServer, words: readonly string[]) => shop.json(runShape, ['run', name, '--server', url, ...words]);

  /** Runs a recipe on two easy tasks and a hard one, twice. @returns what was asked */
  async function asked(recipe: string): Promise<readonly LoggedRequest[]> {
    copyFileSync(shop.file('empty.regenesis'), shop.file(`${recipe}.regenesis`));
    const words = ['--recipe', recipe, '--task', 'samples/lighthouse-flashes,samples/mountain-pasta,samples/three-shelves'];
    server.newRequests();
    const { state, tasks } = await json(recipe, server, words);
    assert.deepEqual([state, tasks['solved'] ?? 0], ['completed', ['without-hints', 'direct'].includes(recipe) ? 2 : 3]);
    const requests = server.newRequests();
    const draws = drawsOf(requests);
    assert.equal(new Set(draws).size, draws.length, 'nothing is asked twice');
    assert.equal((await json(recipe, server, words)).calls, 0);
    assert.deepEqual(server.newRequests(), [], 'and nothing at all the second time');
    for (const { stage, prompt } of requests) {
      const shown = shippedGuidelines.filter(({ text }) => prompt.includes(text)).length;
      assert.ok(stage === 'choose' ? shown >= 22 : stage === 'adapt' || (stage === 'structure' && recipe === 'without-adapt') ? shown >= 1 : shown === 0, `${shown} guideline texts in ${stage}`);
    }
    return requests;
  }

  it('regenesis: adapt, structure and path, with the hint in path alone', async () => {
    const requests = await asked('regenesis');
    assert.deepEqual(Object.keys(countByStage(requests)).sort(), ['adapt', 'path', 'structure']);
    assert.ok(requests.every(({ temperature, top_p: topP, n = 1 }) => temperature === 0.85 && topP === 1 && n === 1));
    assert.deepEqual(new Set(requests.map(({ stage, max_tokens: most }) => `${stage} ${most}`)), new Set(['adapt 256', 'structure 512', 'path 1024']));
    assert.deepEqual(Object.keys(countByStage(requests.filter(({ prompt }) => prompt.includes('The correct answer is')))), ['path']);
  });

  it('regenesis-released: twenty choices that differ, 45 branches, a judge, cleaning', async () => {
    const requests = await asked('regenesis-released');
    const choose = requests.filter(({ stage, n = 1 }) => stage === 'choose' && n > 1);
    assert.deepEqual(choose.map(({ n, temperature }) => [n, temperature]), [[20, 1.2], [20, 1.2], [20, 1.2], [20, 0.85]]);
    const judged = requests.filter(({ stage }) => stage === 'judge');
    assert.ok(judged.length >= 10 && judged.every(({ temperature, max_tokens: most }) => temperature === 0 && most === 8));
    const hinted = requests.filter(({ prompt }) => prompt.includes('correct answer is'));
    assert.deepEqual(Object.keys(countByStage(hinted)).sort(), ['adapt', 'path', 'structure']);

    const whole = await json('regenesis-released', server, ['--recipe', 'regenesis-released', '--task', 'samples/lighthouse-flashes', '--mode', 'all']);
    assert.equal(whole.tasks['solved'], 1);
    const { branches, selection } = await shop.json(showShape, ['show', 'regenesis-released', 'samples/lighthouse-flashes']);
    assert.equal(branches.length, 45);
    const chosen = branches.filter(({ id }) => id.startsWith('chosen:'));
    assert.equal(chosen.length, 20);
    const texts = chosen.map(({ answers }) => answers.find(({ stage }) => stage === 'choose')?.raw);
    assert.ok(new Set(texts).size > 10, `${new Set(texts).size} different choices`);
    assert.ok(new Set(chosen.map(({ answers }) => answers[0]?.seed)).size === 20 && new Set(chosen.map(({ guidelines }) => guidelines.join())).size > 8);
    assert.ok(chosen.every(({ guidelines }) => guidelines.every(id => shippedGuidelines.some(guideline => guideline.id === id))));
    assert.ok(selection.length > 0 && selection.length <= 5);
  });

  it('the ablations leave out what their names say', async () => {
    const stages = async (recipe: string) => Object.keys(countByStage(await asked(recipe))).sort();
    assert.deepEqual(await stages('without-adapt'), ['path', 'structure']);
    assert.deepEqual(await stages('without-structure'), ['adapt', 'path']);
    const requests = await asked('without-hints');
    assert.ok(requests.every(({ prompt }) => !prompt.includes('correct answer is')));
    const { branches } = await shop.json(showShape, ['show', 'without-hints', 'samples/three-shelves']);
    assert.ok(branches.length === 25 && branches.every(({ round }) => round === 1));
  });

  it('direct and star: the task alone, as often as is needed, and in star the hint in round 2 alone', async () => {
    const direct = await asked('direct');
    assert.deepEqual(Object.keys(countByStage(direct)), ['path']);
    assert.ok(direct.every(({ temperature, max_tokens: most, n = 1, prompt }) => temperature === 0.85 && most === 1024 && n === 1 && !prompt.includes('correct answer is')));
    assert.ok(direct.length < 3 * 25, 'a task with five right paths needs no more');
    const star = await asked('star');
    assert.ok(star.every(({ stage, temperature, prompt }) => stage === 'path' && temperature === 0.7 && prompt.includes('Example 5')));
    const hinted = star.filter(({ prompt }) => prompt.includes('correct answer is'));
    assert.ok(hinted.length >= 5 && hinted.every(({ prompt }) => prompt.match(/correct answer is/g)?.length === 6));
    const { branches, selection } = await shop.json(showShape, ['show', 'star', 'samples/three-shelves']);
    const round1 = branches.filter(({ round }) => round === 1);
    assert.deepEqual([round1.length, new Set(round1.map(({ answers }) => answers[0]?.seed)).size], [32, 32]);
    assert.ok(branches.every(({ guidelines, structure, adapted }) => guidelines.length === 0 && structure === undefined && adapted === undefined));
    assert.deepEqual(selection.map(({ round, hinted: shown }) => [round, shown]), Array(5).fill([2, true]));
    assert.match((await shop.succeed('show', 'star', 'samples/three-shelves')), /── Draw \d+ \(drawn:\d+, round 2\) · kept · hinted/);
  });

  it('lmsi: 32 answers each, and a training set to the byte the same whatever the known answers are', async () => {
    const requests = await asked('lmsi');
    assert.equal(requests.length, 3 * 32);
    const rows = sampleTasks.slice(0, 3).map(({ kind, ...row }) => ({ ...row, kind: kind === 'choice' ? 'text' : kind }));
    const wrong = (kind: string, answer: string) => ({ number: '987654321', yesno: answer === 'yes' ? 'no' : 'yes' })[kind] ?? `${nonsense}${answer}`;
    const sets = [];
    for (const name of ['right', 'nonsense'] as const) {
      shop.writeLines('some.jsonl', rows.map(({ id, question, answer, kind }) => ({ id, question, gold: name === 'right' ? answer : wrong(kind, answer), kind })));
      await shop.succeed('init', name);
      await shop.succeed('import', name, 'some.jsonl', '--map', 'question=question', '--map', 'gold=gold', '--map', 'kind=kind', '--map', 'id=id');
      assert.equal((await json(name, server, ['--recipe', 'lmsi'])).calls, 3 * 32);
      assert.ok(server.newRequests().every(({ prompt }) => !prompt.includes(nonsense) && !prompt.includes('987654321')));
      await shop.succeed('export', name, '--format', 'chat', '--out', `${name}.out.jsonl`);
      const { tasks } = await shop.json(statusShape, ['status', name]);
      sets.push({ states: tasks.byState, text: readFileSync(shop.file(`${name}.out.jsonl`), 'utf8') });
    }
    const [right, other] = sets;
    assert.ok((right?.text.split('\n').length ?? 0) > 60);
    assert.deepEqual(right, other);
    assert.match((await shop.run(['run', 'right', '--recipe', 'lmsi', '--filter', 'reference', '--server', server.url])).said, /leaves unused/);
  });

  it('a nonsense known answer reaches nobody in round 1 but the judge, and in round 2 the hint stages alone', async () => {
    const rows = ['Which code opens the northern gate of the old harbour?', 'What is written on the underside of the third bench?'].map((question, index) => ({ question, gold: `${nonsense}${index}` }));
    const gold = shop.writeLines('gold.jsonl', rows.map(row => ({ ...row, kind: 'text' })));
    await shop.succeed('init', 'secret');
    await shop.succeed('import', 'secret', gold, '--map', 'question=question', '--map', 'gold=gold', '--map', 'kind=kind');
    shop.write('first.rgrecipe.yaml', 'extends: regenesis-released\nhints: off\n');
    const half = await shop.demoServer('--gold', gold, '--accuracy', '.5');
    const words = ['--mode', 'all', '--recipe'];
    assert.equal((await json('secret', half, [...words, 'first.rgrecipe.yaml'])).state, 'completed');
    const first = half.newRequests();
    assert.ok((countByStage(first)['judge'] ?? 0) > 10);
    for (const { stage, prompt } of first) assert.equal(prompt.includes(nonsense), stage === 'judge', stage);

    const never = await shop.demoServer('--gold', gold, '--accuracy', '0');
    await json('secret', never, [...words, 'regenesis']);
    const second = never.newRequests();
    const told = second.filter(({ prompt }) => prompt.includes(nonsense));
    assert.deepEqual(countByStage(told), { path: 2 * 22 });
    assert.equal(countByStage(second)['path'], 2 * 25 + 2 * 22);
    const last = second.findIndex(request => request === told[0]);
    assert.ok(second.slice(0, last).filter(({ stage }) => stage === 'path').length >= 25, 'all of round 1 of a task comes first');
    assert.equal((await shop.json(statusShape, ['status', 'secret'])).tasks.byState['solved'], 2);

    await json('secret', never, [...words, 'regenesis-released']);
    const third = never.newRequests();
    assert.deepEqual(Object.keys(countByStage(third.filter(({ prompt }) => prompt.includes(nonsense)))).sort(), ['adapt', 'judge', 'path', 'structure']);
  });
});
