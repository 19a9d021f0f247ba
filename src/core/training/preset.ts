import { parse, stringify } from 'yaml';
import { isFields } from '../model/outside.ts';
import { problemError } from '../model/problem.ts';
import type { Hyperparameters, HyperparameterValue } from '../model/trainingJob.ts';

/** Reads a preset: one mapping of names to plain values. Throws `recipe-invalid`, which names the file and the key. */
export function readPreset(file: string, text: string): Hyperparameters {
  const invalid = (what: string) => problemError('recipe-invalid', `${file}: ${what}`, { file });
  let read: unknown;
  try {
    read = parse(text);
  } catch (thrown) {
    throw invalid(thrown instanceof Error ? thrown.message : String(thrown));
  }
  if (!isFields(read)) throw invalid('a preset is one mapping of names to values.');
  const odd = Object.entries(read).find(([, value]) => !isValue(value));
  if (odd) throw invalid(`${odd[0]} is to be a text, a number, true or false.`);
  return read as Hyperparameters;
}

const isValue = (value: unknown): value is HyperparameterValue => typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));

/**
 * A preset with what a person changed of it. Throws `usage` for a name that no preset has, with those that there are.
 *
 * @param known names of all presets
 */
export function withChanges(preset: Hyperparameters, changes: Hyperparameters, known: ReadonlySet<string>): Hyperparameters {
  const unknown = Object.keys(changes).find(name => !known.has(name));
  if (unknown !== undefined) throw problemError('usage', `There is no hyper-parameter ${unknown}. There are: ${[...known].sort().join(', ')}.`, { field: unknown, choices: [...known].sort() });
  return { ...preset, ...changes };
}

/** The text of a configuration: sorted by name, so that the same values are the same bytes. */
export const configText = (hyperparameters: Hyperparameters): string => stringify(Object.fromEntries(Object.entries(hyperparameters).sort(([a], [b]) => (a < b ? -1 : 1))));
