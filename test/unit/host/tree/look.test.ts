import assert from 'node:assert/strict';
import { branchDescription } from '../../../../src/host/tree/branchLook.ts';
import { lookOf, type ProjectFacts } from '../../../../src/host/tree/look.ts';
import { branchNode, countsByState, filterNode, foldId, groupId, groupNodes, isTreeNode, moreNode, noteNode, outputNodes, projectNode, stateCounts, taskNode, type TreeNode } from '../../../../src/host/tree/node.ts';
import { aBranch, aRow, aStatus } from '../../../support/reports.ts';

const project = '/projects/set.regenesis';
const facts = (parts: Partial<ProjectFacts> = {}): ProjectFacts => ({ name: 'set', path: project, state: 'open', status: aStatus({ solved: 1 }), problem: undefined, running: false, ...parts });
const look = (node: TreeNode, parts: Partial<ProjectFacts> = {}) => lookOf(node, facts(parts));
const group = (key: string, of = project) => ({ project: of, id: groupId(of, 'state', key) });
const task = taskNode(group('solved'), aRow());

describe('a project in the tree', () => {
  it('says how many tasks it has, that it runs, and that it is simulated', () => {
    const server = { baseUrl: 'http://127.0.0.1:1/v1', model: 'demo', simulated: true };
    const { label, description, tokens } = look(projectNode(project), { status: aStatus({ solved: 2400 }, { server }), running: true });
    assert.deepEqual([label, description, tokens], ['set', '2,400 tasks · simulation · running', ['project', 'open', 'running']]);
  });

  it('says why it cannot be used, and offers to open it again', () => {
    const problem = { code: 'project-locked', message: 'set.regenesis is open in process 7 on gpu07.' } as const;
    assert.equal(look(projectNode(project), { state: 'failed', problem }).description, 'cannot be used');
    const note = look(noteNode(project, 'failed'), { state: 'failed', problem });
    assert.match(note.label, /gpu07/);
    assert.equal(note.command, 'regenesis.project.reopen');
  });
});

describe('the groups of a project', () => {
  const status = aStatus({ 'solved': 3, 'needs-review': 2, 'not-started': 1 }, { heldOut: 5 });

  it('stand in their order, without the empty ones, held-out tasks by themselves', () => {
    const nodes = groupNodes(project, 'state', { counts: countsByState(stateCounts(status)) });
    assert.deepEqual(nodes.map(node => look(node, { status })).map(({ label, description }) => `${label} ${description ?? ''}`), ['Needs review 2', 'Solved 3', 'Not started 1', 'Held out 5']);
  });

  it('open what needs review and whatever is first', () => {
    const open = (counts: Parameters<typeof aStatus>[0]) => groupNodes(project, 'state', { counts: countsByState(stateCounts(aStatus(counts))) }).filter(node => node.expanded).map(node => node.key);
    assert.deepEqual(open({ 'solved': 1, 'needs-review': 1 }), ['needs-review']);
    assert.deepEqual(open({ 'solved': 1, 'not-started': 1 }), ['solved']);
  });

  it('open all where a filter leaves few tasks, and the first where it leaves many', () => {
    const open = (tasks: number) => groupNodes(project, 'dataset', { counts: ['a', 'b'].map(key => ({ key, title: key, tasks })), filtered: true }).map(node => node.expanded);
    assert.deepEqual([open(2), open(2000)], [[true, true], [true, false]]);
  });

  it('say what their tasks have in common, whatever an engine calls it', () => {
    const words = (['dataset', 'answerKind', 'difficulty', 'guideline', 'state'] as const).map(by => {
      const [node] = groupNodes(project, by, { counts: [{ key: 'yesno', title: 'of\nan engine', tasks: 1234 }] });
      assert.ok(node);
      const { label, description, icon } = look(node);
      return `${label} ${description ?? ''} ${icon?.name ?? ''}`;
    });
    assert.deepEqual(words, ['of an engine 1,234 library', 'of an engine 1,234 symbol-numeric', 'of an engine 1,234 dashboard', 'of an engine 1,234 lightbulb', 'of an engine 1,234 circle-large-outline']);
  });
});

describe('a filter in the tree', () => {
  it('says what is shown and how many tasks that are, and can be changed and cleared', () => {
    const { label, description, tokens, command } = look(filterNode(project, '“caesar” · unsolved', 3), { status: aStatus({ solved: 2400 }) });
    assert.deepEqual([label, description, tokens, command], ['“caesar” · unsolved', '3 tasks', ['filter'], 'regenesis.tasks.filter']);
    assert.equal(look(noteNode(project, 'no-match')).command, 'regenesis.tasks.unfilter');
  });
});

describe('a task in the tree', () => {
  it('is cut so that what is kept is still seen beside it', () => {
    const { label, description } = look(task);
    assert.deepEqual([label, description], ['A school librar…', '4 kept · 7 of 25 ✓']);
  });

  it('has its whole line where nothing stands beside it', () => {
    const { label, description, fold } = look(taskNode(group('not-started'), aRow({ state: 'not-started', branches: 0, kept: 0, correct: 0 })));
    assert.deepEqual([label, description, fold], ['A school library has twelve shelves.', undefined, 'none']);
  });

  it('says that it was hinted, and that nothing is kept', () => {
    assert.equal(look(taskNode(group('solved'), aRow({ hinted: true, kept: 3 }))).description, '3 kept · 7 of 25 ✓ · hinted');
    assert.equal(look(taskNode(group('unsolved'), aRow({ kept: 0, correct: 0 }))).description, '0 of 25 ✓');
  });

  it('says everything to who cannot see it', () => {
    assert.equal(look(task).spoken, 'Task A school library has twelve shelves., 4 kept, 7 of 25 paths correct');
    const voted = look(taskNode(group('solved'), aRow({ kept: 30, correct: 0, branches: 32 })));
    assert.deepEqual([voted.description, voted.spoken], ['30 of 32 kept', 'Task A school library has twelve shelves., 30 of 32 paths kept'], 'of a vote nothing is known to be correct');
  });
});

describe('a branch in the tree', () => {
  const lost = (parts: Parameters<typeof aBranch>[0]) => branchDescription(aBranch({ kept: false, ...parts }), '18');

  it('compares what was read with what is known', () => {
    assert.equal(branchDescription(aBranch(), '18'), '18 = 18 · kept');
    assert.equal(lost({ verdicts: [{ checker: 'typed', kind: 'incorrect', extracted: '17', reason: 'not-equal' }], loss: { step: 'verify', reason: 'not-equal' } }), '17 ≠ 18');
  });

  it('says why nothing could be compared, and why a right one is not kept', () => {
    assert.equal(lost({ verdicts: [{ checker: 'typed', kind: 'unreadable', extracted: null, reason: 'no-box' }], loss: { step: 'extract', reason: 'no-box' } }), 'no box');
    assert.equal(lost({ loss: { step: 'duplicate', reason: 'same-text' } }), '18 = 18 · duplicate: same text');
    assert.equal(lost({ verdicts: [], loss: { step: 'stage-adapt', reason: 'timed-out' } }), 'adapt: timed out');
    assert.equal(lost({ loss: { step: 'leak', reason: 'names-given-answer' }, hinted: true }), '18 = 18 · leak · hinted');
    assert.equal(lost({ verdicts: [] }), 'not settled');
  });

  it('tells its state by icon and word, not by colour', () => {
    const shown = [
      aBranch(), aBranch({ kept: false, loss: { step: 'cap', reason: 'cap' } }),
      ...(['incorrect', 'unreadable', 'unjudged'] as const).map(kind => aBranch({ kept: false, verdicts: [{ checker: 'typed', kind, extracted: '1', reason: 'no-box' }] })),
      aBranch({ kept: false, verdicts: [], loss: { step: 'stage-path', reason: 'timed-out' } }),
    ].map(branch => look(branchNode(task, branch, '18')).icon?.name);
    assert.deepEqual(shown, ['pass-filled', 'pass', 'error', 'question', 'circle-large-outline', 'warning']);
  });

  it('shows a hostile answer on one short line', () => {
    const description = branchDescription(aBranch({ verdicts: [{ checker: 'typed', kind: 'incorrect', extracted: `\u202E${'9\n'.repeat(5000)}`, reason: 'not-equal' }] }), '18');
    assert.equal(description, '‹U+202E›9 9 9… ≠ 18 · kept');
  });

  it('has what its stages gave, in their order', () => {
    const below = (branch: ReturnType<typeof aBranch>) => outputNodes(branchNode(task, branch, '18')).map(node => look(node)).map(({ label, description }) => `${label}|${description ?? ''}`);
    assert.deepEqual(below(aBranch()), ['Adapted guideline|', 'Structure|2 steps', 'Path|212 tokens', 'Verdicts|correct']);
    const { adapted: _adapted, structure: _structure, path: _path, ...bare } = aBranch({ verdicts: [], loss: { step: 'stage-adapt', reason: 'timed-out' }, answers: [] });
    assert.deepEqual(below(bare), ['Verdicts|timed out']);
  });

  it('offers prompt and answer only where something was asked', () => {
    const tokens = outputNodes(branchNode(task, aBranch(), '18')).map(node => look(node).tokens.join());
    assert.deepEqual(tokens, ['output', 'output', 'output,asked', 'output']);
  });
});

describe('nodes', () => {
  it('keep their ids when other tasks come and go, and have another in another group', () => {
    assert.equal(taskNode(group('solved'), aRow({ ordinal: 9, kept: 1 })).id, task.id);
    assert.notEqual(taskNode(group('running'), aRow()).id, task.id);
    assert.notEqual(taskNode(group('solved'), aRow({ id: 'set|1' })).id, taskNode(group('solved', `${project}|solved`), aRow({ id: '1' })).id);
  });

  it('are remembered as folded out wherever they stand', () => {
    const elsewhere = taskNode(group('unsolved'), aRow());
    assert.notEqual(elsewhere.id, task.id);
    assert.equal(foldId(elsewhere), foldId(task));
    assert.equal(foldId(branchNode(elsewhere, aBranch(), '18')), foldId(branchNode(task, aBranch(), '18')));
  });

  it('are told from whatever else a command is handed', () => {
    for (const node of [task, projectNode(project), moreNode(group('solved'), 900)]) assert.equal(isTreeNode(node), true);
    for (const other of [undefined, null, 'task', 7, {}, { kind: 'task' }, { id: 'x', kind: 'file' }, { fsPath: '/x', scheme: 'file' }]) assert.equal(isTreeNode(other), false);
  });

  it('say how many more there are', () => {
    assert.equal(look(moreNode(group('solved'), 4901)).label, '… 4,901 more');
  });
});
