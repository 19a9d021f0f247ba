import * as vscode from 'vscode';
import { commands, contextKeys, settings, type CommandArguments, type CommandId, type ContextKeys, type SettingKey, type SettingValue } from './manifest.ts';

/** Registers a command of the manifest. What its handler throws goes to `onProblem`, and so to whoever asked for the command. */
export function registerCommand(id: CommandId, handler: (...given: CommandArguments) => unknown, onProblem: (thrown: unknown) => void): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...given: unknown[]) => {
    try {
      const [target, selected] = given;
      await handler(target, selected);
    } catch (thrown) {
      onProblem(thrown);
    }
  });
}

/** Runs a command of the manifest. */
export const executeCommand = (id: CommandId, ...given: CommandArguments): Thenable<unknown> => vscode.commands.executeCommand(id, ...given);

/** The title of a command, for buttons. */
export const titleOf = (id: CommandId): string => commands[id].title;

/** What the context keys were last set to: progress comes several times a second and changes them seldom. */
const known = new Map<keyof ContextKeys, unknown>();

/** Sets a context key of the manifest. */
export function setContext<Key extends keyof ContextKeys>(key: Key, value: ContextKeys[Key]): void {
  if (known.get(key) === value) return;
  known.set(key, value);
  void vscode.commands.executeCommand('setContext', key, value);
}

/** Sets several context keys. */
export function setContexts(values: Partial<ContextKeys>): void {
  for (const key of contextKeys) {
    const value = values[key];
    if (value !== undefined) setContext(key, value);
  }
}

/** A setting of the manifest; its default where somebody wrote a value of another type. */
export function readSetting<Key extends SettingKey>(key: Key): SettingValue<Key>;
export function readSetting(key: SettingKey): string | number | readonly unknown[] {
  const value: unknown = vscode.workspace.getConfiguration().get(key);
  const standard: string | number | readonly unknown[] = settings[key];
  if (Array.isArray(standard)) return Array.isArray(value) ? value as readonly unknown[] : standard;
  return typeof value === typeof standard && (typeof value === 'string' || typeof value === 'number') ? value : standard;
}
