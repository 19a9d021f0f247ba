import assert from 'node:assert/strict';
import * as z from 'zod/mini';
import { pageContract, type ToPage } from '../../../../src/contract/pages/page.ts';
import { problemError } from '../../../../src/core/model/problem.ts';
import { PageConnection, type PageWindow } from '../../../../src/host/pages/pageConnection.ts';

const contract = pageContract('test', z.object({ count: z.number() }), z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('count'), by: z.int() }),
  z.object({ kind: z.literal('fail') }),
]));

/** A page that can be shown and hidden, and time that goes on when it is told to. */
class Rig {
  visible = true;
  count = 0;
  asked = 0;
  failing = false;
  readonly posted: ToPage[] = [];
  readonly log: string[] = [];
  readonly ran: string[] = [];
  loaded = 0;
  #waiting: (() => void)[] = [];
  readonly connection = new PageConnection({
    contract,
    window: this.#window(),
    snapshot: () => {
      this.asked += 1;
      if (this.failing) throw problemError('project-newer', 'made by a newer version');
      return { count: this.count };
    },
    fulfil: intent => {
      if (intent.kind === 'fail') throw problemError('no-server', 'no server');
      this.count += intent.by;
      this.connection.changed();
    },
    ready: () => { this.loaded += 1; },
    runCommand: id => { this.ran.push(id); },
    log: line => { this.log.push(line); },
    later: (_ms, call) => {
      this.#waiting.push(call);
      return { dispose: () => { this.#waiting = this.#waiting.filter(each => each !== call); } };
    },
  });

  #window(): PageWindow {
    const shown = () => this.visible;
    return { get visible() { return shown(); }, post: message => { this.posted.push(message); } };
  }

  /** What was asked for has been posted when this resolves. */
  async settled(): Promise<void> {
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  }

  async timePasses(): Promise<void> {
    for (const call of this.#waiting.splice(0)) call();
    await this.settled();
  }

  async say(message: unknown): Promise<void> {
    await this.connection.receive(message);
    await this.settled();
  }

  show(visible: boolean): void {
    this.visible = visible;
    this.connection.visibilityChanged();
  }

  get counts(): unknown[] {
    return this.posted.flatMap(message => message.kind === 'snapshot' ? [message.snapshot] : []);
  }
}

describe('the host end of a page', () => {
  it('sends a whole snapshot when the page is ready, and not before', async () => {
    const rig = new Rig();
    rig.connection.changed();
    await rig.settled();
    assert.deepEqual(rig.posted, []);
    await rig.say({ kind: 'ready', shows: false });
    assert.deepEqual(rig.counts, [{ count: 0 }]);
  });

  it('sends one snapshot ahead, while the page is loaded', async () => {
    const rig = new Rig();
    rig.connection.ahead();
    await rig.settled();
    assert.deepEqual(rig.counts, [{ count: 0 }]);
    await rig.timePasses();
    await rig.say({ kind: 'ready', shows: true });
    assert.deepEqual([rig.counts.length, rig.loaded], [1, 0], 'it has that');
    rig.count = 1;
    rig.connection.changed();
    await rig.settled();
    assert.deepEqual(rig.counts.at(-1), { count: 1 });
  });

  it('keeps what changes while the page is loaded until it can hear', async () => {
    const rig = new Rig();
    rig.connection.ahead();
    await rig.settled();
    rig.count = 1;
    rig.connection.changed();
    await rig.timePasses();
    assert.equal(rig.counts.length, 1);
    await rig.say({ kind: 'ready', shows: true });
    assert.deepEqual(rig.counts, [{ count: 0 }, { count: 1 }]);
  });

  it('sends what is being got when the page is ready once', async () => {
    const rig = new Rig();
    rig.connection.ahead();
    await rig.say({ kind: 'ready', shows: false });
    await rig.timePasses();
    assert.deepEqual([rig.counts.length, rig.loaded], [1, 1]);
  });

  it('sends a snapshot again that the page has not got', async () => {
    const rig = new Rig();
    rig.connection.ahead();
    await rig.settled();
    await rig.timePasses();
    await rig.say({ kind: 'ready', shows: false });
    assert.deepEqual([rig.counts.length, rig.loaded], [2, 1]);
  });

  it('makes one snapshot of many changes', async () => {
    const rig = new Rig();
    await rig.say({ kind: 'ready', shows: false });
    for (let change = 0; change < 100; change += 1) await rig.say({ kind: 'intent', intent: { kind: 'count', by: 1 } });
    assert.deepEqual(rig.counts, [{ count: 0 }]);
    await rig.timePasses();
    assert.deepEqual(rig.counts, [{ count: 0 }, { count: 100 }]);
    await rig.timePasses();
    assert.equal(rig.asked, 2, 'where nothing changed nothing is asked for');
  });

  it('sends nothing to a hidden page, which catches up when it is shown', async () => {
    const rig = new Rig();
    await rig.say({ kind: 'ready', shows: false });
    await rig.timePasses();
    rig.show(false);
    rig.count = 7;
    rig.connection.changed();
    await rig.timePasses();
    assert.equal(rig.asked, 1);
    rig.show(true);
    await rig.settled();
    assert.equal(rig.asked, 1, 'a page that is loaded again says when it can hear');
    await rig.say({ kind: 'ready', shows: false });
    assert.deepEqual(rig.counts.at(-1), { count: 7 });
  });

  it('refuses what no page of ours says', async () => {
    const rig = new Rig();
    await rig.say({ kind: 'ready', shows: false });
    const hostile = [null, 'ready', 7, {}, { kind: 'run' }, { kind: 'intent' }, { kind: 'intent', intent: { kind: 'count', by: '1' } }, { kind: 'intent', intent: { kind: '__proto__' } },
      { kind: 'way', command: 'workbench.action.terminal.new' }, { kind: 'way', command: 'constructor' }];
    for (const message of hostile) await rig.say(message);
    await rig.timePasses();
    assert.deepEqual([rig.count, rig.asked, rig.ran], [0, 1, []]);
  });

  it('tells the page in words what could not be done, with ways out', async () => {
    const rig = new Rig();
    await rig.say({ kind: 'ready', shows: false });
    await rig.say({ kind: 'intent', intent: { kind: 'fail' } });
    const failed = rig.posted.at(-1);
    assert.ok(failed?.kind === 'failed');
    assert.deepEqual([failed.what, failed.problem.code], ['intent', 'no-server']);
    assert.match(failed.problem.words, /No inference server is set/);
    assert.deepEqual(failed.problem.ways[0], { command: 'regenesis.server.add', title: 'Add Server…' });
    await rig.say({ kind: 'way', command: 'regenesis.server.add' });
    assert.deepEqual(rig.ran, ['regenesis.server.add']);
  });

  it('tells the page when there is nothing to show, and goes on when there is', async () => {
    const rig = new Rig();
    rig.failing = true;
    await rig.say({ kind: 'ready', shows: false });
    assert.deepEqual(rig.posted.map(message => message.kind === 'failed' ? message.what : message.kind), ['snapshot']);
    rig.failing = false;
    rig.connection.changed();
    await rig.timePasses();
    assert.deepEqual(rig.counts, [{ count: 0 }]);
  });

  it('is silent once its page is gone', async () => {
    const rig = new Rig();
    rig.connection.dispose();
    await rig.say({ kind: 'ready', shows: false });
    assert.deepEqual(rig.posted, []);
  });
});
