import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../../src/host/manifest.ts';
import { languageServers } from './languageServers.ts';

const sources = path.resolve(__dirname, '../../src');

describe('the extension', () => {
  it('activates in the extension host', async () => {
    const extension = vscode.extensions.getExtension('regenesis-workbench.regenesis');
    assert.ok(extension, 'the editor does not know the extension');
    const started = performance.now();
    await extension.activate();
    const took = performance.now() - started;
    console.log(`    activated in ${took.toFixed(1)} ms`);
    assert.equal(extension.isActive, true);
  });

  it('starts no process for files that are not open', () => {
    assert.deepEqual(languageServers(), []);
  });

  it('registers every command of its table', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(Object.keys(commands).filter(id => !registered.has(id)), []);
  });

  it('answers a command that nothing can be done about without throwing', async () => {
    for (const id of ['regenesis.run.cancel', 'regenesis.tasks.refresh', 'regenesis.project.close', 'regenesis.task.show', 'regenesis.prompt.show'] as const) {
      await vscode.commands.executeCommand(id, { kind: 'nonsense' });
    }
  });

  it('uses icons that the editor has', () => {
    const sheet = path.join(vscode.env.appRoot, 'extensions/simple-browser/media/codicon.css');
    const known = new Set([...fs.readFileSync(sheet, 'utf8').matchAll(/\.codicon-([\w-]+):before/g)].map(([, name]) => name));
    const texts = ['host/tree/look.ts', 'host/tree/branchLook.ts', 'host/runs/runLook.ts', 'host/data/dataLook.ts', 'host/evaluation/evaluationLook.ts', 'host/evaluation/evaluationWords.ts', 'host/evaluation/evaluationSnapshot.ts', 'host/manifest.ts'].map(name => fs.readFileSync(path.join(sources, name), 'utf8'));
    const picks = ['host/runs/pipeline.ts', 'host/runs/confirm.ts', 'host/runs/statusBar.ts', 'host/servers/addServer.ts', 'host/commands/importTasks.ts', 'host/evaluation/pickModels.ts', 'host/evaluation/startEvaluation.ts'].map(name => fs.readFileSync(path.join(sources, name), 'utf8'));
    const used = [
      ...texts.flatMap(text => [...text.matchAll(/(?:icon: |name: |icon: \{ name: )'([a-z-]+)'/g)].map(([, name]) => name ?? '')),
      ...picks.flatMap(text => [...text.matchAll(/\$\(([a-z-]+)(?:~spin)?\)/g)].map(([, name]) => name ?? '')),
    ];
    assert.ok(used.length > 30, `${used.length} icons found`);
    assert.deepEqual(used.filter(name => !known.has(name)), []);
  });
});
