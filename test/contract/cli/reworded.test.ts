import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { runShape } from '../../support/commandShapes.ts';
import { Workshop, type LoggedServer } from '../../support/commandLine.ts';
import { rewordedGuidelines, rewordedPrompts, toBabble } from '../../support/reword.ts';
import { sampleTasks, shippedGuidelines } from '../../support/sampleTasks.ts';

/** Every sixth task, and those that need a hint. */
const tasks = sampleTasks.filter(({ id, difficulty }, index) => index % 6 === 0 || (difficulty === 5 && id !== 'party-of-six')).map(({ id }) => `samples/${id}`);
const easy = tasks.slice(0, 8);

describe('the demo with every shipped prompt reworded', function () {
  this.timeout(60_000);
  const shop = new Workshop();
  let server: LoggedServer;

  before(async () => {
    server = await shop.demoServer();
    await shop.succeed('init', 'empty', '--sample');
  });
  after(() => shop.close());

  async function trained(name: string, files: ReadonlyMap<string, string>, recipe: string, about = tasks): Promise<{ readonly solved: number; readonly kept: number; readonly data: string }> {
    for (const [file, text] of files) shop.write(`${name}/.regenesis/prompts/${file}`, text);
    shop.write(`${name}/note.txt`, name);
    copyFileSync(shop.file('empty.regenesis'), shop.file(`${name}/p.regenesis`));
    const { tasks: byState, kept } = await shop.json(runShape, ['run', `${name}/p`, '--server', server.url, '--recipe', recipe, '--task', about.join(',')]);
    await shop.succeed('export', `${name}/p`, '--out', `${name}/train.jsonl`);
    return { solved: byState['solved'] ?? 0, kept, data: shop.read(`${name}/train.jsonl`) };
  }

  it('plays the same, word for word, whatever the instructions say', async () => {
    const usual = await trained('usual', new Map(), 'regenesis');
    assert.ok(usual.solved >= tasks.length - 2 && usual.kept > tasks.length * 4);
    server.newRequests();
    const other = await trained('babble', rewordedPrompts(toBabble), 'regenesis');
    assert.ok(server.newRequests().every(({ prompt }) => !prompt.includes('What to do') && !prompt.includes('Answer with')), 'no shipped sentence is left');
    assert.equal(other.data, usual.data);
  });

  it('and in the order of the released code, where the task comes last', async () => {
    const usual = await trained('usual-released', new Map(), 'regenesis-released', easy);
    assert.ok(usual.solved >= easy.length - 1 && usual.kept > easy.length * 4);
    server.newRequests();
    const other = await trained('babble-released', rewordedPrompts(toBabble), 'regenesis-released', easy);
    assert.ok(server.newRequests().every(({ prompt }) => !prompt.includes('What to do')));
    assert.equal(other.data, usual.data);
  });

  it('solves most tasks too when the guidelines are reworded as well', async () => {
    const files = new Map([...rewordedPrompts(toBabble), ['guidelines/library.yaml', rewordedGuidelines(toBabble)] as const]);
    const other = await trained('strange', files, 'regenesis');
    assert.ok(server.newRequests().every(({ prompt }) => shippedGuidelines.every(({ text }) => !prompt.includes(text))));
    assert.ok(other.solved >= tasks.length * 0.8, `${other.solved} of ${tasks.length}`);
    const released = await trained('strangest', files, 'regenesis-released', easy);
    assert.ok(released.solved >= easy.length * 0.7, `${released.solved} of ${easy.length}`);
  });
});
