import assert from 'node:assert/strict';
import { findIn, type FoundIteration, type FoundModel } from '../../../../src/core/stats/iterationFinding.ts';
import { changeOf, differingPairs, meanOf, tallyIteration } from '../../../../src/core/stats/iterations.ts';

const at = (value: number, half = .05) => ({ value, low: value - half, high: value + half });
const iteration = (number: number, parts: Partial<FoundIteration> = {}): FoundIteration => ({ iteration: number, recipe: 'regenesis', tasks: 9, solved: at(.5), wrongDiffer: at(.8), ...parts });
const model = (words: string, outOfDomain: number, sets = ['far']): FoundModel => ({ words, sets, outOfDomain: at(outOfDomain) });

describe('what iterations show', () => {
  it('is growth, collapse or both only where intervals do not touch', () => {
    const kinds = (last: Partial<FoundIteration>, models: readonly FoundModel[] = []) => findIn([iteration(1), iteration(3, last)], models);
    assert.deepEqual(kinds({ solved: at(.58) }), { kind: 'none', text: 'From iteration 1 to 3, no figure moved so far that its intervals at 95 % part.' });
    assert.deepEqual(kinds({ solved: at(.7) }), { kind: 'growth', text: 'Growth: from iteration 1 to 3, the share solved rose from 50 % to 70 %: their intervals at 95 % do not touch.' });
    assert.equal(kinds({ solved: at(.3) }).kind, 'collapse');
    assert.match(kinds({ solved: at(.7), wrongDiffer: at(.4) }).text, /^Growth with signs of collapse: .*, but the share of wrong answers to a task that differ fell from 80 % to 40 %/);
    assert.deepEqual([kinds({ wrongDiffer: at(.4) }).kind, kinds({ wrongDiffer: null }).kind], ['collapse', 'none']);
    assert.match(kinds({ solved: at(.7) }, [model('the first model', .5), model('the model of iteration 3', .3)]).text, /but accuracy out of domain fell from 50 % \(the first model\) to 30 % \(the model of iteration 3\)/);
    assert.match(kinds({}, [model('the first model', .5), model('the model of iteration 3', .9, ['other'])]).text, /of different sets/);
    assert.match(kinds({ tasks: 4, solved: at(.9) }).text, /different tasks \(9 and 4 of them\)/);
    assert.match(kinds({ recipe: 'star', solved: at(.9) }).text, /The recipes differ \(regenesis, star\)/);
  });

  it('needs two of something', () => {
    assert.equal(findIn([iteration(1)], []).kind, 'none');
    assert.match(findIn([iteration(1)], [model('the first model', .5), model('the model of iteration 1', .9)]).text, /^Growth: from the first model to the model of iteration 1, accuracy/);
  });

  it('is counted by task, and is nothing where no task has it', () => {
    const none = tallyIteration([]);
    assert.deepEqual([none.tasks, none.solved, none.keptPerTask, none.length, none.distinctAnswers, none.hinted], [0, null, null, null, null, null]);
    const task = { solved: true, kept: 2, hinted: 1, keptCharacters: 100, readable: 3, distinct: 2, wrongDiffer: 1 };
    const tally = tallyIteration([task, { ...task, solved: false, kept: 0, hinted: 0, keptCharacters: 0, readable: 0, distinct: 0, wrongDiffer: null }, { ...task, solved: null }]);
    assert.deepEqual([tally.solved?.value, tally.length?.value, tally.distinctAnswers?.value, tally.wrongDiffer?.value, tally.hinted], [.5, 50, 2, 1, .5]);
    assert.deepEqual(['', 'a', 'ab', 'aa', 'aaab'].map(words => differingPairs([...words])), [null, null, 1, 0, .5]);
    assert.deepEqual(meanOf([4]), { value: 4 });
    assert.equal(changeOf({ value: 4 }, at(9)), 'open', 'one task says nothing');
  });
});
