import assert from 'node:assert/strict';
import { KnownOrigins } from '../../../../src/host/servers/knownOrigins.ts';
import { originOf, ServerKeys } from '../../../../src/host/servers/keys.ts';

/** The editor's storage for secrets, for one test. */
class Secrets {
  readonly kept = new Map<string, string>();
  async get(name: string): Promise<string | undefined> { return this.kept.get(name); }
  async store(name: string, key: string): Promise<void> { this.kept.set(name, key); }
  async delete(name: string): Promise<void> { this.kept.delete(name); }
}

const named = (baseUrl: string) => ({ baseUrl, model: 'm', simulated: false });

describe('the origin that a key is bound to', () => {
  it('is scheme, host and port, whatever the path', () => {
    assert.equal(originOf('https://api.example.com/v1/'), originOf('https://api.example.com:443/other'));
    assert.notEqual(originOf('https://api.example.com/v1'), originOf('https://api.example.com.evil.org/v1'));
    assert.notEqual(originOf('https://api.example.com/v1'), originOf('http://api.example.com/v1'));
  });

  it('is refused for what is no address of a server', () => {
    for (const text of ['', 'localhost:8000', 'file:///etc/passwd', 'javascript:1']) assert.throws(() => originOf(text), /no address of a server/);
  });
});

describe('keys of servers', () => {
  it('are handed to a run by origin, and none to an address that a project file of somebody else names', async () => {
    const keys = new ServerKeys(new Secrets());
    await keys.set('https://api.example.com/v1', 'sk-mine');
    const hostile = { ...named('https://api.example.com/v1'), replicas: ['https://evil.example/v1', 'https://api.example.com@evil.example/v1', 'http://api.example.com/v1', 'not an address', 'file:///etc/passwd'], judge: named('https://api.example.com.evil.example/v1') };
    assert.deepEqual(await keys.forRun(hostile), { apiKeys: { 'https://api.example.com': 'sk-mine' } });
    assert.deepEqual(await keys.forRun({ ...named('https://evil.example/v1') }), { apiKeys: {} });
    assert.deepEqual(await keys.forRun(null), { apiKeys: {} });
  });

  it('are forgotten on demand', async () => {
    const secrets = new Secrets();
    const keys = new ServerKeys(secrets);
    await keys.set('http://127.0.0.1:8000/v1', 'a');
    await keys.forget('http://127.0.0.1:8000/other');
    assert.equal(secrets.kept.size, 0);
  });
});

describe('origins that somebody chose', () => {
  it('are known afterwards, and no others', async () => {
    const kept = new Map<string, unknown>();
    const memory = { get: <Value>(key: string, otherwise?: Value) => (kept.get(key) ?? otherwise) as Value, update: async (key: string, value: unknown) => { kept.set(key, value); } };
    const known = new KnownOrigins(memory);
    assert.equal(known.has('http://127.0.0.1:8000/v1'), false);
    await known.add('http://127.0.0.1:8000/v1');
    assert.deepEqual(['http://127.0.0.1:8000/other', 'http://127.0.0.1:8001/v1', 'https://127.0.0.1:8000/v1', 'nonsense'].map(url => known.has(url)), [true, false, false, false]);
    for (let index = 0; index < 300; index += 1) await known.add(`http://server-${index}.example/v1`);
    assert.equal(new KnownOrigins(memory).has('http://server-299.example/v1'), true);
    assert.equal(known.has('http://127.0.0.1:8000/v1'), false, 'the oldest go');
    kept.set('servers', 'somebody wrote this');
    assert.equal(known.has('http://server-299.example/v1'), false);
  });
});
