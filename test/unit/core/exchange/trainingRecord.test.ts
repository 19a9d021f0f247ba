import assert from 'node:assert/strict';
import { alpacaRecord, chatRecord, dpoRecord, ktoRecord, lineOf, promptCompletionRecord, shareGptRecord, trainingPrompt } from '../../../../src/core/exchange/trainingRecord.ts';
import { taskId } from '../../../../src/core/model/ids.ts';
import { answerKinds, type Task } from '../../../../src/core/model/task.ts';

const task: Task = { id: taskId('d/1'), question: 'What is \\frac{1}{2} of 10?', gold: '5', answerKind: 'number', split: 'train', origin: { dataset: 'd' } };
const path = '1. Half of $10$ is $\\frac{10}{2}$.\n\n2. That is \\boxed{5}.';
const wrapper = trainingPrompt(task);

describe('training records', () => {
  it('hold two messages and nothing else, the box and LaTeX as they were', () => {
    const line = chatRecord({ task, path, wrapper });
    assert.ok(!line.includes('\n'));
    assert.deepEqual(JSON.parse(line), { messages: [{ role: 'user', content: `${wrapper}\n\n${task.question}` }, { role: 'assistant', content: path }] });
  });

  it('say the same in the other shapes', () => {
    const asked = `${wrapper}\n\n${task.question}`;
    assert.deepEqual(JSON.parse(promptCompletionRecord({ task, path, wrapper })), { prompt: [{ role: 'user', content: asked }], completion: [{ role: 'assistant', content: path }] });
    assert.deepEqual(JSON.parse(shareGptRecord({ task, path, wrapper })), { conversations: [{ from: 'human', value: asked }, { from: 'gpt', value: path }] });
    assert.deepEqual(JSON.parse(alpacaRecord({ task, path, wrapper })), { instruction: wrapper, input: task.question, output: path });
  });

  it('hold a label, or a worse path of the same task, where a trainer asks for one', () => {
    const input = { task, path, wrapper, label: false, rejected: 'So \\boxed{6}.' };
    const prompt = [{ role: 'user', content: `${wrapper}\n\n${task.question}` }];
    assert.deepEqual(JSON.parse(ktoRecord(input)), { prompt, completion: [{ role: 'assistant', content: path }], label: false });
    assert.deepEqual(JSON.parse(dpoRecord(input)), { prompt, chosen: [{ role: 'assistant', content: path }], rejected: [{ role: 'assistant', content: 'So \\boxed{6}.' }] });
    assert.equal(lineOf.parquet(input), chatRecord(input), 'a row of Parquet holds what a line of chat holds');
  });

  it('leave the question alone where there is no wrapper', () => {
    assert.deepEqual(JSON.parse(alpacaRecord({ task, path, wrapper: ' ' })), { instruction: task.question, input: '', output: path });
    assert.match(chatRecord({ task, path, wrapper: '' }), /"content":"What is /);
  });

  it('ask for the answer in a box, in words that fit every kind of task', () => {
    const prompts = answerKinds.map(answerKind => trainingPrompt({ answerKind }));
    assert.equal(new Set(prompts).size, answerKinds.length);
    for (const prompt of prompts) {
      assert.match(prompt, /\\boxed\{\}/);
      assert.doesNotMatch(prompt, /math|puzzle|logic/i);
    }
  });
});
