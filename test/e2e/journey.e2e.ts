import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type { FrameLocator } from 'playwright-core';
import * as z from 'zod/mini';
import { startDemoServerProcess, type DemoServerProcess } from '../../src/client/demoServerProcess.ts';
import { realData } from '../support/data.ts';
import { exchangesIn, type LoggedExchange } from '../support/requestLog.ts';
import { webview } from '../vscode/browser.ts';
import { Editor } from './editor.ts';
import { takePicture } from './pictures.ts';

const cliPath = path.resolve(import.meta.dirname, '../../dist/cli.mjs');

/** A row in the format of GSM8K: a worked solution whose last line is the answer. */
const rowSchema = z.object({ question: z.string(), answer: z.string() });
type Row = z.infer<typeof rowSchema>;

const own = (from: number, count: number): readonly Row[] => Array.from({ length: count }, (_, index) => {
  const [bags, rolls, kept] = [index + from + 3, (index % 5) + 4, (index % 7) + 2];
  const packed = bags * rolls;
  return {
    question: `A baker fills ${bags} bags with ${rolls} rolls each and keeps ${kept} rolls for the shop window. How many rolls did the baker bake?`,
    answer: `The bags hold ${bags} * ${rolls} = <<${bags}*${rolls}=${packed}>>${packed} rolls.\nTogether ${packed} + ${kept} = <<${packed}+${kept}=${packed + kept}>>${packed + kept} rolls were baked.\n#### ${packed + kept}`,
  };
});

/** Ten real rows where GSM8K is at hand, else ten of our own. */
function tenRows(): readonly Row[] {
  const file = realData('gsm8k/train.jsonl');
  if (file === undefined) return own(100, 10);
  return fs.readFileSync(file, 'utf8').split('\n', 10).map(line => rowSchema.parse(JSON.parse(line)));
}

/** More than ten, so that a pilot is offered. */
const first = [...tenRows(), ...own(0, 4)];
const second = own(20, 24);
const lines = (rows: readonly object[]): string => rows.map(row => `${JSON.stringify(row)}\n`).join('');

/** One person's way from the walkthrough to a run that was cancelled and ended all the same, with every request counted. */
describe('the journey: import, pilot, run, overview, step, cancel, resume', () => {
  const aside = fs.mkdtempSync(path.join(os.tmpdir(), 'journey-'));
  const log = path.join(aside, 'requests.jsonl');
  let server: DemoServerProcess;
  let editor: Editor;
  /** When the run was called off, and when it was over. */
  let [cancelMs, cancelledMs] = [0, 0];

  const page = (): FrameLocator => webview(editor.page);
  const walkthroughStep = (title: string) => editor.page.locator('.getting-started-step').filter({ hasText: title });
  const running = () => editor.page.locator('.statusbar').getByRole('button', { name: /ReGenesis run, \d+ %/ });
  const stage = (name: string, state: string) => page().locator(`[data-stage=${name}]`).filter({ hasText: state });

  /** Imports a file by its preview. */
  async function importFile(name: string, rows: readonly Row[]): Promise<void> {
    await editor.option(new RegExp(name)).click();
    await page().getByText(`Of ${rows.length} rows, ${rows.length} become tasks.`).waitFor();
    const [label, field] = [await page().getByText('Read as', { exact: true }).boundingBox(), await page().getByLabel('Read as').boundingBox()];
    assert.ok(label && field && label.y + label.height <= field.y, 'the name of a field stands above it');
    await takePicture(editor.page, `journey-3-${name}`);
    await page().getByRole('button', { name: `Import ${rows.length} Tasks` }).click();
    await editor.toast(new RegExp(`${rows.length} tasks imported`)).waitFor();
  }

  before(async () => {
    const gold = path.join(aside, 'gold.jsonl');
    fs.writeFileSync(gold, lines([...first, ...second].map(({ question, answer }) => ({ question, gold: answer.slice(answer.lastIndexOf('####') + 4).trim() }))));
    // slow enough that a run can be cancelled in its midst
    server = await startDemoServerProcess({ node: process.execPath, cliPath, arguments: ['--gold', gold, '--log', log, '--step-ms', '3,0,0', '--slots', '32'] });
    editor = await Editor.open({}, folder => {
      fs.writeFileSync(path.join(folder, 'first.jsonl'), lines(first));
      fs.writeFileSync(path.join(folder, 'second.jsonl'), lines(second));
    });
  });

  after(async () => {
    await editor.close();
    await server.stop();
    fs.rmSync(aside, { recursive: true, force: true });
  });

  afterEach(function () {
    return editor.pictureOfFailure(this.currentTest, 'journey');
  });

  it('begins at the walkthrough, with a project and a server of its own', async () => {
    await editor.showView();
    await editor.command('Get Started');
    await walkthroughStep('Make a project').locator('.step-title').click();
    await takePicture(editor.page, 'journey-1-walkthrough');
    await walkthroughStep('Make a project').getByRole('button', { name: 'New Project…' }).click();
    await editor.proposed('tasks.regenesis');
    await editor.answer('New Project', editor.file('journey.regenesis'));
    await page().getByText('This project has no tasks yet').waitFor();
    await editor.choose('Add Server…', /Another Address…/);
    await editor.proposed(':8000/v1'); // the list before it has the same title
    await editor.answer('Add Server', server.url);
    await editor.toast(/journey uses/).waitFor();
    await takePicture(editor.page, 'journey-2-server');
  });

  it('imports the rows of a file', async () => {
    await editor.command('Get Started');
    await walkthroughStep('Import tasks').locator('.step-title').click();
    await walkthroughStep('Import tasks').getByRole('button', { name: 'Import Tasks…' }).click();
    await importFile('first.jsonl', first);
    await editor.row(new RegExp(`Not started, ${first.length} tasks`)).waitFor();
  });

  it('tries a pilot, then runs the rest', async () => {
    await editor.choose('Run Pipeline', /Pilot on 10/);
    await running().waitFor();
    await takePicture(editor.page, 'journey-4-pilot');
    await editor.option(/Go.*measured on 10 tasks/).waitFor({ timeout: 60_000 });
    await takePicture(editor.page, 'journey-5-again');
    await editor.option(/Go/).click();
    await editor.toast(new RegExp(`Run 2 .* of ${first.length} tasks solved`)).waitFor({ timeout: 60_000 });
    await editor.row(new RegExp(`^Solved, ${first.length} tasks`)).waitFor();
    await takePicture(editor.page, 'journey-6-done');
  });

  it('opens behind a loss of the overview exactly so many', async () => {
    await editor.openFile('journey.regenesis');
    await page().getByRole('heading', { name: 'Funnel' }).waitFor();
    const loss = page().locator('.funnel').getByRole('button', { name: /lost here: show the list/ }).first();
    const label = await loss.getAttribute('aria-label') ?? '';
    const count = Number(/^\d+/.exec(label)?.[0]);
    assert.ok(count > 0 && count <= 200, label);
    await takePicture(editor.page, 'journey-7-overview');
    await loss.click();
    await page().getByRole('status').filter({ hasText: new RegExp(`^${count}$`) }).waitFor();
    assert.equal(await page().locator('.list tbody tr').count(), count, label);
    await takePicture(editor.page, 'journey-8-list');
  });

  it('makes only the stale calls after an edit of one branch', async () => {
    await editor.command('Step Through Branch');
    await editor.page.getByPlaceholder(/^Which task/).waitFor();
    await editor.option(/solved/).click();
    await editor.page.getByPlaceholder('Which branch?').waitFor();
    await editor.option(/\bcorrect/).waitFor();
    await takePicture(editor.page, 'journey-9-branches');
    await editor.option(/\bcorrect/).click();
    await stage('path', 'done').waitFor();
    await stage('adapt', 'done').click();
    await page().getByRole('textbox', { name: 'Answer of adapt' }).fill('Go through the question sentence by sentence, and write down what each one gives.');
    await page().getByText('Not saved.').waitFor();
    await editor.page.keyboard.press('Control+Enter');
    await stage('path', 'stale').waitFor();
    await takePicture(editor.page, 'journey-10-stale');
    const before = exchangesIn(log).length;
    await page().getByRole('button', { name: 'Run to End' }).click();
    await stage('path', 'done').waitFor();
    await takePicture(editor.page, 'journey-11-end');
    assert.deepEqual(exchangesIn(log).slice(before).map(({ stage: asked }) => asked), ['structure', 'path']);
  });

  it('cancels a run on more tasks', async () => {
    await editor.command('Import Tasks…');
    await importFile('second.jsonl', second);
    await editor.command('Run Pipeline');
    await editor.page.getByText(`Run regenesis on ${first.length + second.length} tasks`).waitFor();
    await takePicture(editor.page, 'journey-12-more');
    const before = exchangesIn(log).length;
    await editor.option(/Go/).click();
    await running().waitFor();
    while (exchangesIn(log).length < before + 100) await new Promise(resolve => { setTimeout(resolve, 50); });
    const cancel = editor.toast(/ReGenesis: journey/).getByRole('button', { name: 'Cancel' });
    await cancel.hover();
    cancelMs = Date.now();
    await cancel.click();
    await editor.toast(/Run \d+ .*was cancelled/).waitFor();
    cancelledMs = Date.now();
    await running().waitFor({ state: 'detached' });
    await takePicture(editor.page, 'journey-13-cancelled');
  });

  it('resumes it after a reload, and asks nothing twice but what was on its way', async () => {
    const unresumed = exchangesIn(log).length;
    await editor.page.reload({ waitUntil: 'domcontentloaded' });
    await editor.row(/^Project journey/).waitFor();
    await editor.command('Resume Run');
    await editor.toast(new RegExp(`Run \\d+ .* of ${first.length + second.length} tasks solved`)).waitFor({ timeout: 60_000 });
    await editor.row(new RegExp(`^Solved, ${first.length + second.length} tasks`)).waitFor();
    await takePicture(editor.page, 'journey-14-resumed');
    const exchanges = exchangesIn(log);
    assert.ok(exchanges.length > unresumed, 'the run was over before it was cancelled');
    const latest = new Map(exchanges.map(({ body }, index) => [body, index]));
    const inFlight = ({ fromMs, toMs = Infinity }: LoggedExchange) => fromMs <= cancelledMs && toMs >= cancelMs;
    const askedAgain = exchanges.filter(({ body }, index) => latest.get(body) !== index);
    assert.deepEqual(askedAgain.filter(exchange => !inFlight(exchange)), []);
  });
});
