import type { TrainingPreset } from '../../contract/jobs.ts';
import { problemError } from '../../core/model/problem.ts';
import type { Hyperparameters } from '../../core/model/trainingJob.ts';
import { readPreset } from '../../core/training/preset.ts';

const isPreset = (name: string): boolean => /^presets\/[^/]+\.ya?ml$/.test(name);
const nameOf = (file: string): string => file.replace(/^presets\//, '').replace(/\.ya?ml$/, '');

/** The comment that a preset begins with. */
const aboutOf = (text: string): string => /^#\s*(.+)$/m.exec(text)?.[1] ?? '';

/** The shipped presets by name, in the order of their names. */
export function trainingPresets(training: ReadonlyMap<string, string>): readonly TrainingPreset[] {
  return [...training].filter(([file]) => isPreset(file)).map(([file, text]) => {
    const hyperparameters = { ...readPreset(file, text) };
    return { name: nameOf(file), method: methodOf(hyperparameters), about: aboutOf(text), hyperparameters };
  }).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The preset of a name. Throws `usage`, with the names that there are. */
export function presetNamed(presets: readonly TrainingPreset[], name: string): TrainingPreset {
  const found = presets.find(preset => preset.name === name);
  const names = presets.map(preset => preset.name);
  if (!found) throw problemError('usage', `There is no preset ${name}. There are: ${names.join(', ')}.`, { field: 'preset', choices: names });
  return found;
}

/** How a training learns: `sft`, `kto` or `dpo`. */
export const methodOf = (hyperparameters: Hyperparameters): string => String(hyperparameters['method'] ?? 'sft');

/** Names of everything that a configuration may say: the fields of `Settings` in the code that is sent, with those of the presets. */
export function hyperparameterNames(training: ReadonlyMap<string, string>): ReadonlySet<string> {
  const settings = /^class Settings:\n((?: {4}.*\n|\n)*)/m.exec(training.get('regenesis_training/config.py') ?? '')?.[1] ?? '';
  const fields = [...settings.matchAll(/^ {4}(\w+): /gm)].map(([, name = '']) => name);
  return new Set([...fields, ...trainingPresets(training).flatMap(({ hyperparameters }) => Object.keys(hyperparameters))]);
}
