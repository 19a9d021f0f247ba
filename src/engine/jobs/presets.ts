import type { TrainingPreset, TrainingSetting } from '../../contract/jobs.ts';
import { problemError } from '../../core/model/problem.ts';
import type { Hyperparameters, HyperparameterValue } from '../../core/model/trainingJob.ts';
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

/** Everything that a configuration may say: the fields of `Settings` in the code that is sent, with what that code takes. */
export function trainingSettings(training: ReadonlyMap<string, string>): readonly TrainingSetting[] {
  const code = training.get('regenesis_training/config.py') ?? '';
  const settings = /^class Settings:\n((?: {4}.*\n|\n)*)/m.exec(code)?.[1] ?? '';
  const least = new Map([...(/^ {4}least = \{(.*)\}$/m.exec(code)?.[1] ?? '').matchAll(/"(\w+)": (\d+)/g)].map(([, name = '', number]) => [name, Number(number)]));
  return [...settings.matchAll(/^ {4}(\w+): (?:Literal\[(.*)\]|(\w+)) = (.+)$/gm)].map(([, name = '', choices, type = '', usual = '']) => ({
    name, usual: valueOf(usual),
    ...(choices === undefined ? {} : { choices: [...choices.matchAll(/"(.*?)"/g)].map(([, choice = '']) => choice) }),
    ...(type === 'int' || type === 'float' ? { least: least.get(name) ?? 0, whole: type === 'int' } : {}),
  }));
}

/** Refuses what the code that is sent would refuse, before anything is exported for it. Throws `usage`, which says what there may be. A name that is none of the settings is passed over. */
export function refuseValues(changes: Hyperparameters, settings: readonly TrainingSetting[]): void {
  for (const [name, value] of Object.entries(changes)) {
    const setting = settings.find(each => each.name === name);
    if (!setting || isTaken(value, setting)) continue;
    const { choices } = setting;
    throw problemError('usage', `The hyper-parameter ${name} is ${takenWords(setting)}, not ${String(value)}.`, { field: name, ...(choices ? { choices } : {}) });
  }
}

function isTaken(value: HyperparameterValue, { usual, choices, least, whole }: TrainingSetting): boolean {
  if (choices) return choices.includes(String(value));
  if (typeof value !== 'number') return typeof value === typeof usual;
  return least !== undefined && value >= least && (whole !== true || Number.isInteger(value));
}

function takenWords({ usual, choices, least, whole }: TrainingSetting): string {
  if (choices) return `one of ${choices.join(', ')}`;
  if (least !== undefined) return `${whole === true ? 'a whole number' : 'a number'} of at least ${least}`;
  return typeof usual === 'boolean' ? 'true or false' : 'a text';
}

/** A value as Python writes it. */
function valueOf(python: string): HyperparameterValue {
  if (python === 'True' || python === 'False') return python === 'True';
  return python.startsWith('"') ? python.slice(1, -1) : Number(python);
}

/** Names of all settings, with those of the presets. */
export function hyperparameterNames(training: ReadonlyMap<string, string>): ReadonlySet<string> {
  return new Set([...trainingSettings(training).map(({ name }) => name), ...trainingPresets(training).flatMap(({ hyperparameters }) => Object.keys(hyperparameters))]);
}
