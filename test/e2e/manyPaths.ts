// Makes a project with 100,000 tasks, as many paths of every kind, and jobs, through the store: node manyPaths.ts FILE SERVER-URL
import process from 'node:process';
import { fill, pathAt, type Fate } from '../../bench/paths.ts';
import { questionAt } from '../../bench/questions.ts';
import { withStore } from '../../bench/stored.ts';
import { taskId } from '../../src/core/model/ids.ts';
import { storeJobs } from './storedJobs.ts';

/** Tasks that have paths, 25 each, and all tasks. */
const [worked, all] = [4_000, 100_000];
/** Tasks that are stored in one transaction. */
const atOnce = 2_000;

/** Mostly right; the others are wrong, without a box, or right or wrong in a way that the released filter does not see. */
function fateAt(task: number, branch: number): Fate {
  const { gold } = questionAt(task);
  const text = pathAt(task, branch);
  const told = (box: string) => text.replace(/\\boxed\{.*\}/, `\\boxed{${box}}`);
  const incorrect = (box: string): Fate => ({ text: told(box), verdicts: [{ checker: 'typed', kind: 'incorrect', extracted: box, reason: 'not-equal' }], loss: { step: 'verify', reason: 'not-equal' } });
  if (task % 20 === 9) return incorrect(String(Number(gold) + branch + 1));
  switch ((task + branch) % 10) {
    case 6: return incorrect(String(Number(gold) + 1));
    case 7: return { text: text.replace(/\n\n.*$/, ''), verdicts: [{ checker: 'typed', kind: 'unreadable', extracted: null, reason: 'no-box' }], loss: { step: 'extract', reason: 'no-box' } };
    case 8: return incorrect(`-${gold}`);
    case 9: return { text: told(`${Number(gold) * 2}/2`), verdicts: [{ checker: 'typed', kind: 'correct', extracted: `${Number(gold) * 2}/2`, reason: 'equal' }], loss: { step: 'cap', reason: 'cap' } };
    default: return { text, verdicts: [{ checker: 'typed', kind: 'correct', extracted: gold, reason: 'equal' }], ...(branch < 8 ? {} : { loss: { step: 'cap' as const, reason: 'cap' } }) };
  }
}

const [, , file = '', baseUrl = ''] = process.argv;
withStore(file, { create: true }, store => {
  fill(store, worked, { structures: true, fateAt });
  for (let first = worked; first < all; first += atOnce) {
    store.addTasks(Array.from({ length: atOnce }, (_, index) => {
      const { question, gold } = questionAt(first + index);
      return { id: taskId(`bench/${first + index}`), question, gold, answerKind: 'number', split: 'train', origin: { dataset: 'bench' } };
    }));
  }
  storeJobs(store, { count: 300, steps: 100_000, nowMs: Date.now() });
  store.setSetting('server', { baseUrl, model: 'regenesis-demo', simulated: true });
});
