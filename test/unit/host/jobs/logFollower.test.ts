import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LogFollower } from '../../../../src/host/jobs/logFollower.ts';

/** A log that grows, and what is shown of it. One character is one byte. */
class Shown {
  log = '';
  text = '';
  most = 0;
  read = 0;
  readonly follower = new LogFollower({
    read: async (from, most) => {
      const begin = from < 0 ? Math.max(0, this.log.length + from) : Math.min(from, this.log.length);
      const text = this.log.slice(begin, begin + most);
      this.read += text.length;
      return { text, next: begin + text.length, atEnd: begin + text.length >= this.log.length };
    },
    append: text => { this.#put(this.text + text); },
    replace: text => { this.#put(text); },
  });

  #put(text: string): void {
    this.text = text;
    this.most = Math.max(this.most, text.length);
  }
}

const lines = (count: number, word = 'line'): string => Array.from({ length: count }, (_, at) => `${word} ${at}\n`).join('');

describe('the log of a job in a channel', () => {
  it('shows all of a short one, and then what is added', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.string({ maxLength: 40 }), { maxLength: 20 }), async pieces => {
      const shown = new Shown();
      for (const piece of pieces) {
        shown.log += piece;
        await shown.follower.look();
        assert.equal(shown.text, shown.log);
      }
    }));
  });

  it('begins with the end of a long one, at a whole line, and says so', async () => {
    const shown = new Shown();
    shown.log = lines(20_000);
    await shown.follower.look();
    const [notice, first] = shown.text.split('\n');
    assert.match(notice ?? '', /^… the last 64 kB/);
    assert.match(first ?? '', /^line \d+$/);
    assert.ok(shown.log.endsWith(shown.text.slice((notice ?? '').length + 1)));
    assert.ok(shown.read <= 64 << 10);
  });

  it('is begun anew when it is full, and stays within some megabytes however much is written', async () => {
    const shown = new Shown();
    for (let round = 0; round < 40; round += 1) {
      shown.log += lines(20_000, `round ${round} of forty`);
      await shown.follower.look();
      assert.ok(shown.text.endsWith(shown.log.slice(-1000)), 'its end is the end of the log');
    }
    assert.ok(shown.log.length > 16 << 20);
    assert.ok(shown.most < 5 << 20, String(shown.most));
    assert.match(shown.text, /begun anew/);
  });

  it('leaves out what grows faster than it can be shown', async () => {
    const shown = new Shown();
    shown.log = 'begun\n';
    await shown.follower.look();
    shown.log += lines(400_000);
    await shown.follower.look();
    assert.match(shown.text, /left out here/);
    assert.ok(shown.text.endsWith('line 399999\n'));
    assert.ok(shown.read < 3 << 20);
  });

  it('shows each piece once when it is asked several times at once', async () => {
    const shown = new Shown();
    shown.log = lines(10);
    await Promise.all([shown.follower.look(), shown.follower.look(), shown.follower.look()]);
    shown.log += 'more\n';
    await Promise.all([shown.follower.look(), shown.follower.look()]);
    assert.equal(shown.text, shown.log);
  });
});
