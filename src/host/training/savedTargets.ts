import * as vscode from 'vscode';
import type { TrainingTarget } from '../../core/model/trainingJob.ts';
import { readSetting } from '../contributions.ts';
import type { SettingKey } from '../manifest.ts';
import type { ServerKeys } from '../servers/keys.ts';
import { readTargets, type SavedTargets } from './targets.ts';

/** Where targets are saved. */
const targetsKey = 'regenesis.training.targets' satisfies SettingKey;

/** Why a folder that is not trusted trains nothing. */
export const targetsDecide = 'the targets of a folder say to which machine something is sent and what runs there';

/** The targets of the settings, now. */
export const savedTargets = (): SavedTargets => readTargets(readSetting(targetsKey));

/** Shows the setting. */
export const openTargets = (): Thenable<unknown> => vscode.commands.executeCommand('workbench.action.openSettings', targetsKey);

/** Adds a target where the others are: the settings of a folder stand in the place of a person's own, not beside them. */
export async function saveTarget(target: TrainingTarget): Promise<void> {
  const configuration = vscode.workspace.getConfiguration();
  const { workspaceFolderValue, workspaceValue } = configuration.inspect(targetsKey) ?? {};
  const { WorkspaceFolder, Workspace, Global } = vscode.ConfigurationTarget;
  await configuration.update(targetsKey, [...readSetting(targetsKey), target], workspaceFolderValue !== undefined ? WorkspaceFolder : workspaceValue !== undefined ? Workspace : Global);
}

/** The key that is kept for the origin of a target; ssh has its own. */
export const keyOf = async (keys: ServerKeys, target: TrainingTarget): Promise<string | undefined> => ('url' in target ? keys.get(target.url) : undefined);
