import assert from 'node:assert/strict';
import { nodeJobFiles } from '../../../../src/adapters/files/nodeJobFiles.ts';
import { problemOf } from '../../../../src/core/model/problem.ts';
import type { Hyperparameters } from '../../../../src/core/model/trainingJob.ts';
import { hyperparameterNames, presetNamed, refuseValues, trainingPresets, trainingSettings } from '../../../../src/engine/jobs/presets.ts';

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

  it('are of settings that the code takes, each with its usual value and what it can be', () => {
    const settings = new Map(trainingSettings(code).map(({ name, ...of }) => [name, of]));
    assert.deepEqual(settings.get('on_too_long'), { usual: 'drop', choices: ['drop', 'cut', 'fail'] });
    assert.deepEqual(settings.get('max_steps'), { usual: 0, least: 0, whole: true });
    assert.deepEqual(settings.get('evaluate_steps'), { usual: 100, least: 1, whole: true });
    assert.deepEqual([settings.get('learning_rate'), settings.get('gradient_checkpointing'), settings.get('chat_template')], [{ usual: 1e-6, least: 0, whole: false }, { usual: true }, { usual: '' }]);
    for (const { name, hyperparameters } of trainingPresets(code)) {
      for (const [key, value] of Object.entries(hyperparameters)) {
        const setting = settings.get(key);
        assert.ok(setting && typeof setting.usual === typeof value && (!setting.choices || setting.choices.includes(String(value))), `${name}: ${key}`);
      }
    }
    assert.deepEqual([...settings.keys()].toSorted(), [...hyperparameterNames(code)].toSorted(), 'none is overlooked');
  });

  it('are changed to what each setting takes, and to nothing else', () => {
    const settings = trainingSettings(code);
    const wrong = (changes: Hyperparameters): string => {
      try {
        refuseValues(changes, settings);
        return '';
      } catch (thrown) {
        const { code: problem, message, choices } = problemOf(thrown);
        assert.deepEqual([problem, choices], ['usage', settings.find(({ name }) => name in changes)?.choices]);
        return message;
      }
    };
    for (const { hyperparameters } of trainingPresets(code)) assert.equal(wrong(hyperparameters), '');
    assert.equal(wrong({ epochs: 0.5, max_steps: 0, on_too_long: 'cut', gradient_checkpointing: false, chat_template: 'a.jinja', unheard_of: 'x' }), '');
    assert.equal(wrong({ on_too_long: 'shorten' }), 'The hyper-parameter on_too_long is one of drop, cut, fail, not shorten.');
    assert.equal(wrong({ epochs: 1, batch: 1.5 }), 'The hyper-parameter batch is a whole number of at least 1, not 1.5.');
    assert.equal(wrong({ batch: 0 }), 'The hyper-parameter batch is a whole number of at least 1, not 0.');
    assert.equal(wrong({ learning_rate: -1 }), 'The hyper-parameter learning_rate is a number of at least 0, not -1.');
    assert.equal(wrong({ epochs: 'many' }), 'The hyper-parameter epochs is a number of at least 0, not many.');
    assert.equal(wrong({ epochs: true }), 'The hyper-parameter epochs is a number of at least 0, not true.');
    assert.equal(wrong({ gradient_checkpointing: 1 }), 'The hyper-parameter gradient_checkpointing is true or false, not 1.');
    assert.equal(wrong({ chat_template: 7 }), 'The hyper-parameter chat_template is a text, not 7.');
  });

  it('say nothing that the code does not take', () => {
    const names = hyperparameterNames(new Map([...code].filter(([file]) => !file.startsWith('presets/'))));
    assert.ok(names.has('max_steps') && names.has('keep_checkpoints') && !names.has('class'), [...names].join(' '));
    assert.deepEqual(trainingPresets(code).flatMap(({ hyperparameters }) => Object.keys(hyperparameters)).filter(name => !names.has(name)), []);
  });
});
