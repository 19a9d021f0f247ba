import type { RunRow, StatusReport } from '../contract/reports.ts';
import { withoutAbsent } from '../core/model/outside.ts';
import { modelStages, type Round } from '../core/model/stage.ts';
import { countStates, taskStates } from '../core/model/task.ts';
import { funnelOf } from '../core/stats/funnel.ts';
import type { RunRecord, Store } from '../ports/store.ts';
import { choicesOf, isStep } from './runChoices.ts';
import { serverSetting } from './settings.ts';

/** Where the project stands. @param active how many tasks the current run works on at this moment; they are shown as running */
export function statusReport(store: Store, active: number): StatusReport {
  const counters = store.counters();
  const trainable = store.countTasks({ split: 'train' });
  const total = store.countTasks();
  const runs = store.runs().filter(run => !isStep(run)); // of steps there are many, and each is told where it is made
  const [latest] = runs;
  return {
    project: store.path,
    tasks: { total, trainable, heldOut: total - trainable, withoutGold: store.countTasks({ withoutGold: true }), byState: byState(counters, trainable, active), byKind: store.countByKind() },
    datasets: store.datasets().map(dataset => ({ ...dataset })),
    stages: stageRows(counters),
    funnel: funnelOf(counters),
    kept: (counters.get('kept/1') ?? 0) + (counters.get('kept/2') ?? 0),
    hinted: counters.get('kept/2') ?? 0,
    run: latest ? { id: latest.id, state: latest.state } : null,
    runs: runs.map(run => runRow(run)),
    server: serverSetting(store) ?? null,
  };
}

function runRow({ recipeName, recipeId: _recipe, mode: _mode, identity: _identity, choices: started, ...run }: RunRecord): RunRow {
  const { stages, round, lineage } = choicesOf(withoutAbsent({ choices: started })) ?? {};
  return { ...run, recipe: recipeName, failed: { ...run.failed }, ...withoutAbsent({ stages, round, lineage }) };
}

/** Train tasks by state; those that the current run works on, so many, stand as running. */
export function byState(counters: ReadonlyMap<string, number>, trainable: number, active: number): StatusReport['tasks']['byState'] {
  const states = countStates(state => counters.get(`state/${state}`) ?? 0);
  const settled = taskStates.reduce((sum, state) => sum + states[state], 0);
  const open = Math.max(0, trainable - settled);
  return { ...states, 'not-started': Math.max(0, open - active), running: Math.min(active, open) };
}

function stageRows(counters: ReadonlyMap<string, number>): StatusReport['stages'] {
  const rounds: readonly Round[] = [1, 2];
  return rounds.flatMap(round => modelStages.flatMap(stage => {
    const done = counters.get(`stage/${stage}/${round}/done`) ?? 0;
    const failed = counters.get(`stage/${stage}/${round}/failed`) ?? 0;
    return done + failed === 0 ? [] : [{ stage, round, done, failed, toDo: 0 }];
  }));
}
