import assert from 'node:assert/strict';
import { boundKey } from '../../../src/cli/boundKey.ts';

describe('the one key that a command is given', () => {
  const [near, far] = ['http://near:8000/v1', 'https://far.example/v1'];

  it('goes to the server that was named for all, and to no other', () => {
    assert.deepEqual(boundKey({ models: [{ model: 'a', server: near }], against: { model: 'b', server: far } }, { key: 'k', server: near, own: [] }), { 'http://near:8000': 'k' });
    assert.deepEqual(boundKey({ models: [{ model: 'a', server: far }] }, { key: 'k', server: near, own: [far] }), { 'http://near:8000': 'k' });
  });

  it('goes to the project’s server where models are on several', () => {
    assert.deepEqual(boundKey({ models: [{ model: 'a' }, { model: 'b', server: far }] }, { key: 'k', own: [near] }), { 'http://near:8000': 'k' });
    assert.deepEqual(Object.keys(boundKey({ models: [{ model: 'a' }] }, { key: 'k', own: [near, 'http://twin:8000/v1'] })), ['http://near:8000', 'http://twin:8000'], 'all of them serve the one model');
    assert.deepEqual(boundKey({ models: [{ server: near }], against: { server: far } }, { key: 'k', own: [] }), {}, 'nobody says whose it is');
  });

  it('goes to the one server of all models where none was named for all', () => {
    assert.deepEqual(boundKey({ models: [{ model: 'a', server: far }], against: { model: 'b', server: `${far}/` } }, { key: 'k', own: [near] }), { 'https://far.example': 'k' });
    assert.deepEqual(boundKey({ models: [{ model: 'a' }] }, { key: 'k', own: [near] }), { 'http://near:8000': 'k' });
  });
});
