import assert from 'node:assert/strict';
import type { ImportReport, PlanReport } from '../../../../src/contract/reports.ts';
import { canResume, endWords, exportWords, importWords, longProgress, planFigures, planTitle, share, shortProgress, stageLines, stoppedWords } from '../../../../src/host/runs/runWords.ts';
import { usualRule } from '../../../../src/core/model/exportRule.ts';
import { rateAdvice } from '../../../../src/engine/rateBound.ts';
import { rateBounds, runStates } from '../../../../src/core/model/run.ts';
import { problemWords, waysOut } from '../../../../src/host/wayOut.ts';
import { aProgress, aRunReport } from '../../../support/reports.ts';

const plan = (parts: Partial<PlanReport> = {}): PlanReport => ({
  recipe: 'regenesis', mode: 'until-enough', exact: false, tasks: 938, stages: [{ stage: 'path', round: 1, cached: 4120, toDo: 51_230, stale: 0 }], calls: 51_230, promptTokens: 7_000_000, outputTokens: 2_100_000, ...parts,
});

describe('what is said of a plan', () => {
  it('names recipe, tasks and figures', () => {
    assert.equal(planTitle(plan(), { simulated: true, part: undefined }), 'Run regenesis on 938 tasks · simulation');
    assert.equal(planTitle(plan(), { simulated: false, part: 'verify' }), 'Verify Paths on 938 tasks · regenesis');
    assert.equal(planFigures(plan()), 'cached 4,120 · to do at least 51,230 calls · about 9.1 M tokens');
  });

  it('says what is stale, and that there is nothing to ask', () => {
    assert.match(planFigures(plan({ exact: true, stages: [{ stage: 'path', round: 1, cached: 0, toDo: 5, stale: 3 }] })), /to do 51,230 calls · 3 of them stale/);
    assert.match(planFigures(plan({ exact: true, calls: 0 })), /nothing to ask$/);
    assert.equal(planFigures(plan({ calls: 0 })), 'cached 4,120 · nothing to ask, unless tasks stay unsolved');
  });
});

describe('what is said of a run', () => {
  it('fits the status bar', () => {
    assert.equal(shortProgress(aProgress()), '61 % · 412 calls/s · 12 min left');
    assert.equal(shortProgress(aProgress({ remainingMs: null, callsPerSecond: 0.5 })), '61 % · 0.5 calls/s');
  });

  it('names what limits the rate and what would help, in the tooltip', () => {
    assert.match(stageLines(aProgress({ bound: { by: 'cache', advice: 'Shorter outputs would help.' } })), /^Limited by its memory\. Shorter outputs would help\.$/m);
    for (const by of rateBounds) assert.doesNotMatch(stageLines(aProgress({ bound: { by, advice: rateAdvice[by] } })), /--/, by);
    assert.doesNotMatch(stageLines(aProgress()), /Limited by/);
  });

  it('says why a run stopped before its time, and which of them can be gone on with', () => {
    const run = { id: 3, recipe: 'regenesis', model: 'm', baseUrl: 'http://gpu07:8000/v1', simulated: false, tasks: 9, calls: 1, cached: 0, failed: {}, startedAtMs: 0 };
    assert.equal(stoppedWords({ ...run, state: 'interrupted' }, 'set'), 'Run 3 of set was interrupted: its engine, or the machine, ended. Nothing that had arrived is lost.');
    assert.equal(stoppedWords({ ...run, state: 'paused', problem: { code: 'engine-stopped', message: 'long' } }, 'set'), 'Run 3 of set was paused when its engine was ended. Nothing that had arrived is lost.');
    assert.match(stoppedWords({ ...run, state: 'paused', problem: { code: 'server-wrong-key', message: 'gpu07 refused the key' } }, 'set'), /paused: gpu07 refused the key\. Nothing/);
    assert.deepEqual(runStates.filter(canResume), ['paused', 'interrupted']);
  });

  it('is never all before the last task is done', () => {
    assert.equal(share(aProgress({ tasks: { done: 999, total: 1000 } })), '99 %');
    assert.equal(share(aProgress({ tasks: { done: 0, total: 0 } })), '100 %');
  });

  it('tells counts, failures and what is being waited for', () => {
    assert.equal(longProgress(aProgress({ failed: { 'timed-out': 3 }, notice: 'waiting for the server' })), '61 of 99 tasks · 305 kept · 1,234 calls, 412 calls/s · 3 failed · 12 min left · waiting for the server');
    assert.match(stageLines(aProgress({ simulated: true })), /^Run 4 of regenesis · simulation\npath: 400 done, 12 to do\n/);
  });

  it('says how it ended, and that nothing is lost', () => {
    assert.equal(endWords(aRunReport(), 'set'), 'Run 1 of set: 88 of 90 tasks solved, 440 paths kept; 3,406 calls in 13 s.');
    assert.match(endWords(aRunReport({ simulated: true, cached: 12, failed: { 'timed-out': 2 } }), 'set'), /^Run 1 of set \(simulation\).*and 12 stored answers in 13 s\. 2 requests failed \(2 timed-out\)\.$/);
    assert.match(endWords(aRunReport({ state: 'cancelled' }), 'set'), /cancelled.*running again goes on/);
    assert.match(endWords(aRunReport({ state: 'paused', problem: { code: 'server-wrong-key', message: 'gpu07 refused the key' } }), 'set'), /paused: gpu07 refused the key\. What had arrived is stored/);
  });
});

describe('what is said of files', () => {
  const file = { path: '/data/a.jsonl', preset: null, dataset: 'a', tasks: 2, withoutGold: 1, duplicates: 1, split: 'held-out', byKind: { number: 2, expression: 0, choice: 0, yesno: 0, text: 0 }, refused: [{ line: 3412, field: 'question', code: 'field-missing', message: 'the question\nis empty' }] } as const;
  const report: ImportReport = { files: [{ ...file, refused: [...file.refused] }], tasks: 2, refused: 1 };

  it('counts what an import took and what it refused', () => {
    assert.equal(importWords(report), '2 tasks imported into a: 2 held out, 1 without known answer, 1 there already, 1 row refused.');
  });

  it('says what was written and what was left out', () => {
    const words = exportWords({ format: 'chat', path: '/data/train.jsonl', manifest: '', recordsFile: '', records: 440, tasks: 88, hinted: 25, humanEdited: 0, reviewed: 0, unreviewed: 'kept', sha256: '', excluded: { 'not-equal': 325, 'cap': 5 }, recipes: { regenesis: 440 }, simulated: true, rule: usualRule });
    assert.equal(words, '440 records of 88 tasks written, 25 of them hinted (simulation); 330 paths left out. /data/train.jsonl');
  });
});

describe('a problem', () => {
  it('comes with ways out, the log always among them', () => {
    assert.deepEqual(waysOut('server-wrong-key'), ['regenesis.server.add', 'regenesis.log.show']);
    assert.deepEqual(waysOut('bug'), ['regenesis.log.show']);
  });

  it('is said in the words of the editor, not of the command line', () => {
    assert.doesNotMatch(problemWords({ code: 'no-server', message: 'Name one with --server URL' }), /--server/);
    assert.equal(problemWords({ code: 'timed-out', message: 'no answer [x](command:y)' }, 'Running set'), 'Running set: No answer [x] (command:y).');
  });
});
