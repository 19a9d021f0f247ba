import assert from 'node:assert/strict';
import type { StatusReport } from '../../../../src/contract/reports.ts';
import { commands } from '../../../../src/host/manifest.ts';
import { nextAction, otherActions, type NextFacts } from '../../../../src/host/overview/nextAction.ts';
import { countStates } from '../../../../src/core/model/task.ts';

interface Told {
  readonly trainable?: number;
  readonly left?: number;
  readonly server?: boolean;
  readonly latest?: StatusReport['runs'][number]['state'];
  readonly kept?: number;
  readonly open?: number;
  readonly unreviewed?: number;
  readonly running?: boolean;
}

function facts({ trainable = 0, left = trainable, server = false, latest, kept = 0, open = 0, unreviewed, running = false }: Told): NextFacts {
  const run = { id: 1, recipe: 'regenesis', model: 'm', baseUrl: 'http://x/v1', simulated: false, tasks: 1, calls: 1, cached: 0, failed: {}, startedAtMs: 0 };
  return {
    running,
    status: {
      tasks: { total: trainable, trainable, heldOut: 0, withoutGold: 0, byKind: {}, byState: { ...countStates(() => 0), 'not-started': left, 'needs-review': open } },
      server: server ? { baseUrl: 'http://x/v1', model: 'm', simulated: false } : null,
      runs: latest === undefined ? [] : [{ ...run, state: latest }],
      kept,
      ...(unreviewed === undefined ? {} : { unreviewed }),
    },
  };
}

const next = (told: Told): string => `${nextAction(facts(told)).command}: ${nextAction(facts(told)).title}`;

describe('the next action of a project', () => {
  it('goes from tasks over a server and a pilot to a run and its data set', () => {
    assert.equal(next({}), 'regenesis.tasks.import: Import Tasks…');
    assert.equal(next({ trainable: 938 }), 'regenesis.server.add: Add Server…');
    assert.equal(next({ trainable: 938, server: true }), 'regenesis.run.start: Run Pilot');
    assert.equal(nextAction(facts({ trainable: 938, server: true })).sample, 10);
    assert.equal(next({ trainable: 938, left: 928, server: true, latest: 'completed', kept: 40 }), 'regenesis.run.start: Run 928 Tasks');
    assert.equal(next({ trainable: 938, left: 0, server: true, latest: 'completed', kept: 4000 }), 'regenesis.dataset.fineTune: Export and Fine-Tune…');
  });

  it('tries nothing out where there is little to do', () => {
    assert.equal(next({ trainable: 4, server: true }), 'regenesis.run.start: Run 4 Tasks');
    assert.equal(next({ trainable: 1, server: true }), 'regenesis.run.start: Run 1 Task');
  });

  it('goes on with what stopped before its time', () => {
    for (const latest of ['paused', 'interrupted'] as const) assert.equal(next({ trainable: 938, left: 900, server: true, latest }), 'regenesis.run.resume: Resume Run');
    for (const latest of ['cancelled', 'failed'] as const) assert.equal(next({ trainable: 938, left: 900, server: true, latest }), 'regenesis.run.start: Run 900 Tasks');
  });

  it('shows a person what they can still win before the data set is written', () => {
    assert.equal(next({ trainable: 938, left: 0, server: true, latest: 'completed', kept: 4000, open: 212 }), 'regenesis.review.next: Review 212 Tasks');
    assert.equal(next({ trainable: 938, left: 0, server: true, latest: 'completed', kept: 4000, open: 212, unreviewed: 1040 }), 'regenesis.review.next: Review 1,040 Paths');
    assert.equal(next({ trainable: 938, left: 1, server: true, latest: 'completed', kept: 4000, open: 212 }), 'regenesis.run.start: Run 1 Task');
  });

  it('runs again where nothing is left to do and nothing was kept', () => {
    assert.equal(next({ trainable: 5, left: 0, server: true, latest: 'completed' }), 'regenesis.run.start: Run Pipeline');
  });

  it('offers to stop a run while it goes on', () => {
    assert.equal(next({ trainable: 938, left: 500, server: true, latest: 'running', kept: 100, running: true }), 'regenesis.run.cancel: Cancel Run');
  });
});

describe('the other actions of a project', () => {
  const all: readonly Told[] = [{}, { trainable: 9 }, { trainable: 99, server: true }, { trainable: 99, left: 0, server: true, latest: 'completed', kept: 5 },
    { trainable: 99, server: true, latest: 'paused' }, { trainable: 99, server: true, latest: 'running', running: true }];

  it('are commands that there are, each once, and never the next one again', () => {
    for (const told of all) {
      const others = otherActions(facts(told));
      assert.equal(new Set(others.map(({ command }) => command)).size, others.length);
      for (const { command, title } of others) {
        assert.ok(Object.hasOwn(commands, command), command);
        assert.notEqual(title, nextAction(facts(told)).title);
      }
    }
  });

  it('leave out what cannot be done', () => {
    const ids = (told: Told): readonly string[] => otherActions(facts(told)).map(({ command }) => command);
    assert.ok(!ids({}).includes('regenesis.run.start'));
    assert.ok(!ids({ trainable: 9 }).includes('regenesis.audit.show'));
    assert.ok(!ids({ trainable: 9 }).includes('regenesis.dataset.export'));
    assert.ok(!ids({ trainable: 9 }).includes('regenesis.review.next'));
    assert.ok(ids({ trainable: 9, left: 0, server: true, latest: 'completed', kept: 3 }).includes('regenesis.review.next'));
    assert.ok(!ids({ trainable: 99, server: true, latest: 'running', running: true }).includes('regenesis.run.start'));
    assert.ok(ids({ trainable: 99, server: true, latest: 'running', running: true, kept: 3 }).includes('regenesis.dataset.export'));
  });
});
