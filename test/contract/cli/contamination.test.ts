import assert from 'node:assert/strict';
import { contaminationShape, statusShape } from '../../support/commandShapes.ts';
import { Workshop } from '../../support/commandLine.ts';

const planted = 'A farmer has 12 cows and sells 5 of them at the “spring fair”. How many cows does the farmer have left after the fair?';

describe('contamination from the command line', function () {
  this.timeout(60_000);
  const shop = new Workshop();
  before(async () => {
    shop.writeLines('train.jsonl', [{ question: planted, answer: '7' }, { question: planted.replace('left after', 'left over after'), answer: '7' }, { question: 'What is 9 times 2?', answer: '18' }]);
    shop.writeLines('test.jsonl', [{ question: `  ${planted.replaceAll(' ', '\t ').toUpperCase().replace('“SPRING FAIR”', '"SPRING FAIR"')}`, answer: '7' }]);
    shop.writeLines('other.jsonl', [{ question: 'Which colour has the sky at noon?', answer: 'blue' }]);
    await shop.succeed('init', 'p');
    await shop.succeed('import', 'p', 'train.jsonl', '--map', 'question=question', '--map', 'gold=answer');
    await shop.succeed('import', 'p', 'test.jsonl', 'other.jsonl', '--map', 'question=question', '--map', 'gold=answer', '--split', 'held-out');
  });
  after(() => shop.close());

  it('lists what was planted, however it is written, keeps it away from training, and takes that back', async () => {
    const { pairs, thresholds } = await shop.json(contaminationShape, ['contamination', 'p']);
    assert.deepEqual(pairs.map(({ trainSet, evaluationSet, how }) => [trainSet, evaluationSet, how]), [['train', 'test', 'exact'], ['train', 'test', 'edit']]);
    assert.deepEqual(thresholds, { ngrams: 0.5, edit: 0.9, sameNumbers: true });
    assert.match(await shop.succeed('contamination', 'p', '--set', 'test', '--leave-out'),
      /the same after normalisation\n.*edit 0\.9\d\n2 train tasks stand in held-out data \(2 left out of exports\), counted as near: shared 8-grams from 50 %, edit from 0\.90, with the same numbers\n2 tasks left out of exports\n$/);
    assert.match((await shop.run(['contamination', 'p', '--leave-out', '--undo', '--set', 'test'])).said, /--undo takes back every task/);
    assert.match(await shop.succeed('contamination', 'p', '--leave-out', '--undo'), /^2 tasks taken into exports again\n$/);
    const { heldOut } = await shop.json(contaminationShape, ['contamination', 'p', '--hold-out']);
    assert.deepEqual(heldOut, pairs.map(({ train }) => train));
    assert.match(await shop.succeed('contamination', 'p', '--set', 'other'), /^No train task stands in held-out data/);
    assert.match(await shop.succeed('contamination', 'p', '--hold-out', '--undo'), /^2 tasks moved back to train\n$/);
    const { tasks } = await shop.json(statusShape, ['status', 'p']);
    assert.deepEqual([tasks.heldOut, tasks.trainable], [2, 3]);
  });
});
