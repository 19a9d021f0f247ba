import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { JobState } from '../../src/core/model/trainingJob.ts';
import { JobNews } from '../../src/host/jobs/jobNews.ts';
import { jobAddress } from '../../src/host/jobs/jobNode.ts';
import { pages } from '../../src/host/manifest.ts';
import type { Project } from '../../src/host/projects/project.ts';
import { useDemoServer } from '../../src/host/servers/useDemo.ts';
import { helpless, saying, Walk } from './walk.ts';

/** Takes its place in the queue of nobody, and goes on until it is let go. */
const python = (folder: string): string => `#!/bin/sh
case "$*" in *--version*) echo "Python 3.12.0"; exit 0;; esac
echo '{"regenesis":"start","steps":30,"rows":5,"droppedRows":0,"cutRows":0}'
echo '{"regenesis":"step","step":7,"steps":30,"loss":1.25,"learningRate":1e-6,"gradNorm":1,"epoch":0.1,"secondsPerStep":2}'
until [ -e "${folder}/end" ]; do sleep 0.2; done
`;

describe('training jobs', function () {
  this.timeout(120_000);
  let walk: Walk;
  let project: Project;
  const told: string[] = [];
  const seen = new Map<string, unknown>();
  let looks = false;

  const until = async (what: string, holds: () => boolean) => {
    const end = Date.now() + 60_000;
    while (!holds()) {
      assert.ok(Date.now() < end, what);
      await new Promise(resolve => { setTimeout(resolve, 50); });
    }
  };
  const stateOf = (job: number): JobState | undefined => walk.jobs.one(project.path, job)?.state;
  const news = () => new JobNews({
    projects: walk.projects, jobs: walk.jobs, notify: { tell: words => { told.push(words); } }, isSeen: () => looks,
    memory: { get: (key: string) => seen.get(key) as never, update: async (key, value) => { seen.set(key, value); } },
  });

  before(async () => {
    walk = new Walk();
    fs.writeFileSync(path.join(walk.folder, 'python'), python(walk.folder), { mode: 0o755 });
    project = await walk.projects.open(path.join(walk.folder, 'trained.regenesis'), 'create-sample');
    await useDemoServer(project, await walk.demo.url());
    await project.run('startRun', { limit: 4, mode: 'all' });
  });

  after(() => walk.end());

  it('are none at first, which every command says with what comes before one', async () => {
    const said = await walk.all();
    assert.deepEqual(helpless(said), []);
    assert.deepEqual([...saying(said, /^No training job was begun in trained yet/)].sort(), ['regenesis.adapter.load', 'regenesis.iteration.run', 'regenesis.job.cancel', 'regenesis.job.files', 'regenesis.job.log', 'regenesis.job.retry', 'regenesis.job.show']);
  });

  it('are known as soon as they change, and followed from their project’s opening', async () => {
    const listening = news();
    const target = { kind: 'command', name: 'here', folder: path.join(walk.folder, 'jobs'), python: path.join(walk.folder, 'python') } as const;
    const { job } = await project.call('startJob', { target, model: 'tiny' });
    await until('the job runs', () => walk.jobs.one(project.path, job.id)?.step === 7);
    const row = walk.jobs.one(project.path, job.id);
    assert.deepEqual([row?.state, row?.steps, row?.loss, row?.target], ['running', 30, 1.25, 'here']);
    await walk.projects.close(project);
    assert.deepEqual(walk.jobs.of(project.path), []);
    project = await walk.projects.open(path.join(walk.folder, 'trained.regenesis'), 'open');
    await until('it is known again', () => stateOf(job.id) === 'running');
    listening.dispose();
  });

  it('open a page and a channel, and are not begun anew while they go on', async () => {
    assert.deepEqual(await walk.call('regenesis.job.show'), []);
    const labels = () => vscode.window.tabGroups.all.flatMap(group => group.tabs).filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes(pages.job)).map(({ label }) => label);
    await until('its page is open', () => labels().join() === 'Job 1 · trained');
    assert.deepEqual(await walk.call('regenesis.job.log'), []);
    assert.match((await walk.call('regenesis.job.retry', jobAddress(project.path, 1)))[0]?.words ?? '', /has not ended: running · 7 of 30/);
    assert.match((await walk.call('regenesis.job.cancel'))[0]?.words ?? '', /^Cancel job 1 on here\?/);
    assert.equal(stateOf(1), 'running', 'it was asked about, and not cancelled');
    assert.match((await walk.call('regenesis.job.show', jobAddress(project.path, 9)))[0]?.words ?? '', /no job 9/);
  });

  it('are told of once when they end while nobody looks', async () => {
    const listening = news();
    fs.writeFileSync(path.join(walk.folder, 'end'), '');
    await until('it ended', () => stateOf(1) === 'succeeded');
    await until('it is told', () => told.length > 0);
    listening.dispose();
    news().dispose(); // a window that comes later knows of it
    assert.deepEqual(told.map(words => words.replace(/\d+ records/, 'n records')), ['Job 1 on here succeeded: tiny on n records of trained (simulation), loss 1.250.']);
    assert.match((await walk.call('regenesis.job.cancel', jobAddress(project.path, 1)))[0]?.words ?? '', /has ended: succeeded/);
  });

  it('are begun once more, and not told of where somebody looks', async () => {
    looks = true;
    const listening = news();
    assert.deepEqual(await walk.call('regenesis.job.retry', jobAddress(project.path, 1)), []);
    await until('the second ended', () => stateOf(2) === 'succeeded');
    listening.dispose();
    assert.equal(told.length, 1);
  });
});
