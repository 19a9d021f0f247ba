import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { nodeFor } from '../../src/host/engines.ts';
import type { CommandId } from '../../src/host/manifest.ts';
import { partNames, parts } from '../../src/host/runs/stageTable.ts';
import { helpless, saying, Walk } from './walk.ts';

describe('every command, in a folder that is not trusted', function () {
  this.timeout(60_000);

  it('browses, and says of what would run or send that it needs trust', async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    const walk = new Walk();
    try {
      const file = path.join(walk.folder, 'sample.regenesis');
      execFileSync(nodeFor(walk.bundles), [walk.bundles.cliPath, 'init', file, '--sample'], { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } });
      const project = await walk.projects.open(file, 'open');
      assert.ok((project.status?.tasks.total ?? 0) > 0);
      const said = await walk.all();
      assert.deepEqual(helpless(said), []);
      const refused = saying(said, /needs a trusted folder/);
      const partCommands: readonly CommandId[] = partNames.map(part => parts[part].command);
      for (const id of [...partCommands, 'regenesis.run.start', 'regenesis.run.resume', 'regenesis.tasks.import', 'regenesis.server.add', 'regenesis.server.replica', 'regenesis.server.test', 'regenesis.server.assign', 'regenesis.server.remove', 'regenesis.demo.start', 'regenesis.review.import', 'regenesis.dataset.fineTune', 'regenesis.job.start', 'regenesis.target.add', 'regenesis.target.key', 'regenesis.prompt.customize', 'regenesis.prompt.markSeen', 'regenesis.prompt.revert', 'regenesis.recipe.new'] as const) assert.ok(refused.includes(id), id);
      assert.match((await walk.call('regenesis.demo.try'))[0]?.words ?? '', /needs a trusted folder/);
    } finally {
      await walk.end();
    }
  });
});

describe('the prompt language, in a folder that is not trusted', function () {
  this.timeout(30_000);

  it('reads and checks', async () => {
    const folder = path.join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', '.regenesis/prompts/mine');
    fs.mkdirSync(folder, { recursive: true });
    try {
      const file = path.join(folder, 'path.rgprompt');
      fs.writeFileSync(file, '---\nstage: path\n---\n{{ task.qestion }}{{ structure.text }}\n');
      const { uri } = await vscode.workspace.openTextDocument(file);
      while (vscode.languages.getDiagnostics(uri).length === 0) await new Promise(resolve => { setTimeout(resolve, 50); });
      assert.ok(vscode.languages.getDiagnostics(uri).some(({ message }) => message.includes('task.question')));
    } finally {
      fs.rmSync(path.dirname(path.dirname(folder)), { recursive: true, force: true });
    }
  });
});
