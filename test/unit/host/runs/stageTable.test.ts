import assert from 'node:assert/strict';
import { partChoices, hasPart, lackingWords, partNames, partOf, partTitle, type KnownRecipe } from '../../../../src/host/runs/stageTable.ts';
import { nodesOf, projectIn, readScope, scopeOfNodes } from '../../../../src/host/runs/scope.ts';
import { branchNode, groupNodes, moreNode, projectNode, taskNode } from '../../../../src/host/tree/node.ts';
import { aBranch, aRow } from '../../../support/reports.ts';

const recipe: KnownRecipe = { name: 'regenesis', stages: ['adapt', 'structure', 'path'], everyStage: ['adapt', 'structure', 'path', 'verify', 'vote', 'leak', 'select'], hints: true };

describe('the parts of the method that run alone', () => {
  it('are those of the recipe, all filters and the hints among them', () => {
    assert.deepEqual(partNames.filter(part => !hasPart(recipe, part)), ['choose', 'judge', 'clean']);
    assert.deepEqual(partChoices('filter', recipe), { stages: ['verify', 'leak', 'vote', 'select'] });
    assert.deepEqual([partChoices('hint', recipe), partChoices('path', recipe)], [{ round: 2 }, { stages: ['path'] }]);
    assert.equal(hasPart({ ...recipe, hints: false }, 'hint'), false);
  });

  it('are named by their commands', () => {
    assert.deepEqual([partTitle('leak'), partOf('regenesis.paths.judge'), partOf('regenesis.run.start')], ['Check for Leaks', 'judge', undefined]);
  });

  it('are said to be lacking with what to do', () => {
    assert.equal(lackingWords('judge', 'regenesis', ['regenesis-released']), 'Judge Paths: the recipe regenesis has no stage judge. regenesis-released has it.');
    assert.match(lackingWords('hint', 'without-hints', []), /no hint round\. Add it to a recipe of your own/);
  });
});

describe('the tasks that something runs on', () => {
  const project = '/projects/set.regenesis';
  const [solved, heldOut] = groupNodes(project, 'state', { counts: [{ key: 'solved', title: 'solved', tasks: 2 }, { key: 'held-out', title: 'held-out', tasks: 2 }] });
  assert.ok(solved && heldOut);
  const [one, two] = ['set/1', 'set/2'].map(id => taskNode(solved, aRow({ id })));
  assert.ok(one && two);

  it('are the selection, where what was clicked is part of it', () => {
    assert.deepEqual(nodesOf(one, [one, two]), [one, two]);
    assert.deepEqual(nodesOf(one, [two]), [one]);
    assert.deepEqual([nodesOf(one, undefined), nodesOf('x', [one])], [[one], []]);
  });

  it('are named by tasks and what is below them, by one group under its filter, or all', () => {
    assert.deepEqual(scopeOfNodes([one, branchNode(two, aBranch(), '18'), one], {}), { tasks: ['set/1', 'set/2'] });
    assert.deepEqual(scopeOfNodes([solved], { text: 'a' }), { where: { text: 'a', split: 'train', state: 'solved' } });
    assert.deepEqual([scopeOfNodes([], {}), scopeOfNodes([projectNode(project), one], {})], [{}, {}]);
  });

  it('are none where held-out tasks or several groups were chosen', () => {
    assert.equal(scopeOfNodes([heldOut], {}), undefined);
    assert.equal(scopeOfNodes([taskNode(heldOut, aRow({ split: 'held-out' }))], {}), undefined);
    assert.equal(scopeOfNodes([moreNode(solved, 5)], {}), undefined);
    assert.equal(scopeOfNodes([solved, { ...solved, key: 'unsolved' }], {}), undefined);
  });

  it('may be named by another part of the editor, whatever else is in what it hands over', () => {
    assert.deepEqual(readScope({ project, tasks: ['a', 7], sample: 10, where: { state: 'unsolved' } }), { project, tasks: ['a'], sample: 10, where: { state: 'unsolved' } });
    assert.deepEqual(readScope({ tasks: 'all', sample: -1, where: 7 }), {});
    assert.deepEqual([readScope(undefined), readScope(one), projectIn(one), projectIn({ project }), projectIn('x')], [undefined, undefined, project, project, undefined]);
  });
});
