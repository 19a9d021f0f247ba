import assert from 'node:assert/strict';
import { branchId, fingerprint, taskId } from '../../../src/core/model/ids.ts';
import { CoverageMeter } from '../../../src/engine/review/coverageMeter.ts';
import { ReviewIndex } from '../../../src/engine/review/reviewIndex.ts';
import type { PathFacts } from '../../../src/ports/store.ts';
import { SwiftClock } from '../../support/fakeModel.ts';

const count = 20;
const facts = Array.from({ length: count }, (_, at): PathFacts =>
  ({ sequence: at + 1, taskId: taskId(`t${at}`), branch: branchId('b'), fingerprint: fingerprint(`p${at}`), round: 1, guidelines: ['plan'], correct: true, verdict: 'correct' }));

describe('coverage that is measured while people review', () => {
  it('leaves the processor to whoever has just asked', async () => {
    const clock = new SwiftClock();
    const index = new ReviewIndex({ pathFacts: (after, limit) => facts.slice(after, after + limit), reviewPage: () => [], task: () => undefined, outcome: () => undefined }, clock);
    await index.upToDate();
    let askedMs = 0;
    let again = 2;
    const soonest: number[] = [];
    const meter: CoverageMeter = new CoverageMeter({ index, clock, perTask: () => 5, store: {
      outcome: id => ({ branches: [{ answers: { path: fingerprint(id.replace('t', 'p')) } }] }) as never,
      answers: () => {
        if (again > 0) ask(); // between two paths
        again -= 1;
        return [];
      },
    } });
    const ask = () => {
      askedMs = clock.monotonicMs();
      meter.asked();
    };
    const measured = index.measured.bind(index);
    index.measured = (path, coverage) => {
      soonest.push(clock.monotonicMs() - askedMs);
      measured(path, coverage);
    };
    ask();
    for (let turns = 0; turns < 1_000 && soonest.length < count; turns += 1) await new Promise(resolve => { setImmediate(resolve); });
    assert.equal(soonest.length, count);
    assert.ok(soonest.every(ms => ms >= 300), soonest.join(' '));
  });
});
