import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import * as vscode from 'vscode';
import { promptPreviewPage } from '../../src/contract/pages/promptPreview.ts';
import { stepPage } from '../../src/contract/pages/step.ts';
import { nodeFor } from '../../src/host/engines.ts';
import type { CommandId } from '../../src/host/manifest.ts';
import { Notify } from '../../src/host/notify.ts';
import { PreviewPanels } from '../../src/host/prompts/previewPanels.ts';
import { shippedUri } from '../../src/host/prompts/shippedDocuments.ts';
import { partNames, parts } from '../../src/host/runs/stageTable.ts';
import { stepPanels } from '../../src/host/stepper/stepPanels.ts';
import { HeardBuilder } from './heardBuilder.ts';
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
      for (const id of [...partCommands, 'regenesis.run.start', 'regenesis.run.resume', 'regenesis.tasks.import', 'regenesis.server.add', 'regenesis.server.replica', 'regenesis.server.test', 'regenesis.server.assign', 'regenesis.server.remove', 'regenesis.demo.start', 'regenesis.review.import', 'regenesis.dataset.fineTune', 'regenesis.job.start', 'regenesis.evaluation.start', 'regenesis.target.add', 'regenesis.target.key', 'regenesis.prompt.customize', 'regenesis.prompt.markSeen', 'regenesis.prompt.revert', 'regenesis.recipe.new'] as const) assert.ok(refused.includes(id), id);
      assert.match((await walk.call('regenesis.demo.try'))[0]?.words ?? '', /needs a trusted folder/);
      for (const id of ['regenesis.prompt.try', 'regenesis.prompt.run'] as const) assert.match((await walk.call(id, shippedUri('regenesis/path.rgprompt')))[0]?.words ?? '', /needs a trusted folder/, id);
    } finally {
      await walk.end();
    }
  });

  it('shows prompts and branches, and asks nothing of the server that the project names', async () => {
    const asked: string[] = [];
    const server = http.createServer(({ url }, response) => {
      asked.push(url ?? '');
      response.writeHead(404).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const walk = new Walk();
    const log = vscode.window.createOutputChannel('Untrusted', { log: true });
    try {
      const { projects } = walk;
      const project = await projects.open(path.join(walk.folder, 'theirs.regenesis'), 'create-sample');
      await project.call('setServer', { server: { baseUrl: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/v1`, model: 'theirs', simulated: false } });
      await project.refresh();
      assert.equal(project.status?.server?.model, 'theirs');
      const builder = new HeardBuilder(log);
      new PreviewPanels({ workbench: { projects, view: { selection: [], reveal: async () => undefined }, notify: new Notify(log) }, builder, tryOn: async () => undefined }).show({ project: project.path, file: 'regenesis/adapt.rgprompt' });
      const preview = builder.latest(promptPreviewPage);
      const shown = () => {
        const sent = preview.sent()?.shown;
        return sent?.kind === 'preview' && !sent.counting ? sent : undefined;
      };
      while (!shown()) await new Promise(resolve => { setTimeout(resolve, 50); });
      assert.deepEqual([shown()?.preview.shown?.estimated, shown()?.cost.kind], [true, 'known']);
      const { task, branch } = shown()?.preview.shown ?? assert.fail('nothing is shown');
      assert.ok(branch);
      stepPanels({ projects, builder, serverOf: async () => undefined }).show({ project: project.path, task: task.id, branch: branch.id, round: branch.round });
      const step = (await builder.latest(stepPage).snapshot()).shown;
      assert.equal(step.kind === 'branch' ? step.prompt?.estimated : step.kind, true);
      assert.deepEqual(asked, []);
    } finally {
      server.close();
      log.dispose();
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
