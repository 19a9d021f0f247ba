import assert from 'node:assert/strict';
import { nodeJobFiles } from '../../../../src/adapters/files/nodeJobFiles.ts';
import { hyperparameterNames, presetNamed, trainingPresets } from '../../../../src/engine/jobs/presets.ts';

describe('the shipped presets', () => {
  const code = nodeJobFiles.training();

  it('are read, with what they are for', () => {
    const presets = trainingPresets(code);
    assert.deepEqual(presets.map(({ name, method }) => [name, method]), [['dpo', 'dpo'], ['kto', 'kto'], ['lora', 'sft'], ['paper-full', 'sft'], ['tiny', 'sft']]);
    for (const { name, about } of presets) assert.match(about, /^[A-Z].{20,}\.$/, name);
    const { hyperparameters } = presetNamed(presets, 'paper-full');
    assert.deepEqual([hyperparameters['epochs'], hyperparameters['learning_rate'], hyperparameters['schedule'], hyperparameters['warmup'], hyperparameters['adapter']], [3, 1e-6, 'cosine', 0.03, 'none']);
    assert.throws(() => presetNamed(presets, 'best'), /dpo, kto, lora, paper-full, tiny/);
  });

  it('say nothing that the code does not take', () => {
    const names = hyperparameterNames(new Map([...code].filter(([file]) => !file.startsWith('presets/'))));
    assert.ok(names.has('max_steps') && names.has('keep_checkpoints') && !names.has('class'), [...names].join(' '));
    assert.deepEqual(trainingPresets(code).flatMap(({ hyperparameters }) => Object.keys(hyperparameters)).filter(name => !names.has(name)), []);
  });
});
