import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { runtimeFolder } from '../../src/client/runtimeFolder.ts';
import { problemOf } from '../../src/core/model/problem.ts';
import { KeyedServer } from '../e2e/keyedServer.ts';
import { Walk } from './walk.ts';

const key = 'sesame-open-5d2b77';

describe('a key', function () {
  this.timeout(60_000);

  it('stands in no log, no message and no project, whatever its server does and says back', async () => {
    const [walk, server] = [new Walk(), new KeyedServer(key)];
    try {
      const baseUrl = await server.start();
      const project = await walk.projects.open(path.join(walk.folder, 'keyed.regenesis'), 'create');
      const rows = path.join(walk.folder, 'rows.jsonl');
      fs.writeFileSync(rows, Array.from({ length: 20 }, (_, index) => `${JSON.stringify({ question: `How much is ${index} + ${4 - index}?`, answer: '#### 4' })}\n`).join(''));
      await project.call('importTasks', { files: [rows], preset: 'gsm8k' });
      const setting = { baseUrl, model: 'large', simulated: false };
      await project.call('setServer', { server: setting });
      await walk.keys.set(baseUrl, key);
      const keys = await walk.keys.forRun(setting);
      const told: string[] = [];

      // it is revoked in the middle of a run
      server.delayMs = 20;
      const running = project.run('startRun', keys);
      running.catch(() => undefined); // looked at below
      while (server.completions < 20) await new Promise(resolve => { setTimeout(resolve, 20); });
      server.key = 'another';
      const paused = await running;
      assert.deepEqual([paused.state, paused.problem?.code], ['paused', 'server-wrong-key']);
      told.push(JSON.stringify(paused));
      // and refused from the beginning
      const refused = await project.run('startRun', keys).then(() => assert.fail('it began'), (thrown: unknown) => thrown);
      assert.equal(problemOf(refused).code, 'server-wrong-key');
      told.push(JSON.stringify(walk.problem(refused)));
      // the server goes away, and then the engine
      server.stop();
      told.push(JSON.stringify(walk.problem(await project.call('probeServer', { url: baseUrl, model: 'large', apiKey: key, completions: true }).then(() => assert.fail('it answered'), (thrown: unknown) => thrown))));
      const { pid } = await project.call('engineState', {});
      process.kill(pid, 'SIGKILL');
      while (project.state.kind !== 'failed') await new Promise(resolve => { setTimeout(resolve, 20); });

      assert.deepEqual([...server.shown], [`Bearer ${key}`], 'it was shown to its server');
      assert.ok(walk.logged.some(line => line.includes('server-wrong-key')) && walk.logged.some(line => line.includes('the engine ended')), walk.logged.join('\n'));
      const engines = runtimeFolder(process.env);
      const files = [engines, walk.folder].flatMap(folder => fs.readdirSync(folder).map(name => path.join(folder, name))).filter(file => fs.statSync(file, { throwIfNoEntry: false })?.isFile() === true);
      assert.ok(files.some(file => file.startsWith(engines) && file.endsWith('.log')), 'the log of the engine is one of them');
      assert.deepEqual(files.filter(file => fs.readFileSync(file, 'latin1').includes(key)), []);
      assert.deepEqual([...walk.logged, ...told].filter(text => text.includes(key)), []);
    } finally {
      server.stop();
      await walk.end();
    }
  });
});
