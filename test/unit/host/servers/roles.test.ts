import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ServerSetting } from '../../../../src/contract/reports.ts';
import { withoutEnding } from '../../../../src/core/model/server.ts';
import { possibleRoles, projectRoles, serversOf, withoutServer, withRole } from '../../../../src/host/servers/roles.ts';

const server = (host: string, model = 'm') => ({ baseUrl: `http://${host}/v1`, model, simulated: false });

describe('the servers of a project', () => {
  it('begin with one, to which replicas of the same model and a judge are added', () => {
    const one = withRole(null, server('a'), 'server');
    const two = withRole(one, server('b'), 'replica');
    const three = withRole(two, server('c', 'other'), 'judge');
    assert.deepEqual(three, { ...server('a'), replicas: ['http://b/v1'], judge: server('c', 'other') });
    assert.deepEqual(serversOf(three).map(({ baseUrl, model, role }) => [baseUrl, model, role]), [['http://a/v1', 'm', 'server'], ['http://b/v1', 'm', 'replica'], ['http://c/v1', 'other', 'judge']]);
  });

  it('are replaced by another first one, which keeps replicas only of its own model, and the judge', () => {
    const setting = { ...server('a'), replicas: ['http://b/v1'], judge: server('c', 'other') };
    assert.deepEqual(withRole(setting, server('b'), 'server'), { ...server('b'), judge: server('c', 'other') });
    assert.deepEqual(withRole(setting, server('d', 'new'), 'server'), { ...server('d', 'new'), judge: server('c', 'other') });
    assert.deepEqual(withRole(setting, server('d'), 'server'), { ...server('d'), replicas: ['http://b/v1'], judge: server('c', 'other') });
  });

  it('refuse a replica of another model, of itself, and of none', () => {
    assert.throws(() => withRole(server('a'), server('b', 'other'), 'replica'), /very same model/);
    assert.throws(() => withRole(server('a'), { ...server('a'), baseUrl: 'http://a/' }, 'replica'), /already/);
    assert.throws(() => withRole(undefined, server('a'), 'judge'), /no server yet/);
    assert.deepEqual([possibleRoles(null, server('a')), possibleRoles(server('a'), server('b')), possibleRoles(server('a'), server('b', 'other'))], [['server'], ['server', 'replica', 'judge'], ['server', 'judge']]);
  });

  it('lose one at a time; a replica takes the place of the first', () => {
    const setting = { ...server('a'), replicas: ['http://b/v1'], judge: server('c', 'other') };
    const [first, replica, judge] = serversOf(setting);
    assert.ok(first && replica && judge);
    assert.deepEqual(withoutServer(setting, first), { ...server('b'), judge: server('c', 'other') });
    assert.deepEqual(withoutServer(setting, replica), { ...server('a'), judge: server('c', 'other') });
    assert.deepEqual(withoutServer(setting, judge), { ...server('a'), replicas: ['http://b/v1'] });
    assert.equal(withoutServer(server('a'), first), null);
  });

  it('never name an address twice among those that generate, whatever is done', () => {
    const step = fc.record({ host: fc.constantFrom('a', 'b', 'c', 'd'), model: fc.constantFrom('m', 'n'), role: fc.constantFrom(...projectRoles), away: fc.boolean() });
    fc.assert(fc.property(fc.array(step, { maxLength: 12 }), steps => {
      const project: { setting: ServerSetting | null } = { setting: null };
      for (const { host, model, role, away } of steps) {
        const { setting } = project;
        const found = serversOf(setting).find(each => each.baseUrl === server(host).baseUrl);
        if (away && setting && found) project.setting = withoutServer(setting, found);
        else if (possibleRoles(setting, { model }).includes(role) && !(role === 'replica' && setting?.baseUrl === server(host).baseUrl)) project.setting = withRole(setting, server(host, model), role);
        const generating = serversOf(project.setting).filter(each => each.role !== 'judge');
        assert.equal(new Set(generating.map(({ baseUrl }) => withoutEnding(baseUrl))).size, generating.length);
        assert.equal(new Set(generating.map(each => each.model)).size, Math.min(1, generating.length));
      }
    }));
  });
});
