// What the open projects know of a prompt that is being written: asked by whatever shows it in the editor.
import * as vscode from 'vscode';
import type { ResultOf } from '../../contract/engine.ts';
import type { projectRequests } from '../../contract/promptLanguage.ts';
import type { PromptBudget, PromptStaleness, PromptValues } from '../../contract/prompts.ts';
import { problemOf } from '../../core/model/problem.ts';
import type { ModelStage } from '../../core/model/stage.ts';
import type { Project } from '../projects/project.ts';
import { unsavedOf, usersOf } from './promptPlaces.ts';
import { placeIn, selectedOf } from './selectedPlace.ts';
import type { Workbench } from '../workbench.ts';

/** What facts are asked of. */
export type FactTools = Pick<Workbench, 'projects' | 'view' | 'log'>;

/** A file of prompts, and the project that it is asked of: the selected one of several. */
export interface PromptOf {
  readonly file: string;
  readonly project: Project;
}

/** The file and the project of a document; absent where no open project uses it. */
export function promptOf({ projects, view }: Pick<FactTools, 'projects' | 'view'>, uri: vscode.Uri): PromptOf | undefined {
  const place = usersOf(uri, projects.all.filter(({ state }) => state.kind === 'open'));
  const project = place && selectedOf(place.projects, view.selection);
  return project && { file: place.file, project };
}

/** So many tasks of a project are looked at. */
const mostCounted = 200;

/** Asks a project; nothing where there is none, the folder is not trusted, or the engine has no answer. */
async function ask<Result>(tools: FactTools, uri: vscode.Uri, question: (of: PromptOf) => Promise<Result>): Promise<Result | null> {
  const prompt = vscode.workspace.isTrusted ? promptOf(tools, uri) : undefined;
  if (!prompt) return null;
  try {
    return await question(prompt);
  } catch (thrown) {
    const { code, message } = problemOf(thrown);
    if (code !== 'cancelled') tools.log.debug(`${uri.path}: ${message}`); // whoever looks at a prompt is told what is wrong with it by its problems
    return null;
  }
}

/** Takes a request back when the editor does not wait for it any more. */
function signalOf(token: vscode.CancellationToken | undefined): AbortSignal | undefined {
  if (!token) return undefined;
  const stop = new AbortController();
  token.onCancellationRequested(() => { stop.abort(); });
  return stop.signal;
}

/**
 * What would be stale, and what running again takes, if this document alone were saved now; of each recipe that was run and uses it, and of the latest evaluation where that
 * does. Null where no open project uses the document. Of a project of many tasks it is an estimate, since somebody waits.
 */
export const stalenessOf = (tools: FactTools, { uri }: Pick<vscode.TextDocument, 'uri'>, token?: vscode.CancellationToken): Promise<PromptStaleness | null> =>
  ask(tools, uri, async ({ project, file }) => {
    const { [file]: text } = unsavedOf(project);
    const overlay = text === undefined ? {} : { [file]: text };
    return project.call('promptStaleness', { overlay, file, most: mostCounted }, signalOf(token));
  });

/** What the variables of a stage hold for the task and branch that are selected, else the first. */
export const valuesOf = (tools: FactTools, { uri, stage }: { readonly uri: vscode.Uri; readonly stage: ModelStage }): Promise<PromptValues | null> =>
  ask(tools, uri, ({ project, file }) => project.call('promptValues', { overlay: unsavedOf(project), file, stage, ...placeIn(tools.view.selection, project.path) }));

/** How long the prompt gets for the longest task. */
export const budgetOf = (tools: FactTools, uri: vscode.Uri): Promise<PromptBudget | null> =>
  ask(tools, uri, ({ project, file }) => project.call('promptBudget', { overlay: unsavedOf(project), file }));

/** Of the recipe that was run last and uses a file, and of the latest evaluation where that does; null where neither does. */
function staleAnswers({ recipes, evaluation }: PromptStaleness): ResultOf<(typeof projectRequests)['staleness']> {
  const report = recipes.find(({ same }) => !same) ?? recipes[0];
  if (!report && !evaluation) return null;
  const evaluated = evaluation && evaluation.answers > 0 ? [{ stage: 'evaluate' as const, answers: evaluation.answers }] : [];
  const byStage = [...report?.stale ?? [], ...evaluated];
  return { answers: byStage.reduce((sum, { answers }) => sum + answers, 0), byStage, calls: (report?.calls ?? 0) + (evaluation?.calls ?? 0) };
}

/** The same as the server of the prompt language asks it: by the address of a document. */
export function promptFacts(tools: FactTools) {
  return {
    values: async ({ uri, stage }: { readonly uri: string; readonly stage: ModelStage }) => {
      const found = await valuesOf(tools, { uri: vscode.Uri.parse(uri), stage });
      return found && { task: found.task, values: found.values.map(({ name, text }) => ({ name, text })) };
    },
    staleness: async ({ uri }: { readonly uri: string }, token: vscode.CancellationToken) => {
      const found = await stalenessOf(tools, { uri: vscode.Uri.parse(uri) }, token);
      return found && staleAnswers(found);
    },
    /** Null too where the model's server does not say how much it takes. */
    budget: async ({ uri }: { readonly uri: string }) => {
      const found = await budgetOf(tools, vscode.Uri.parse(uri));
      return !found || found.contextTokens === null ? null : { tokens: found.tokens, limit: Math.max(0, found.contextTokens - found.maxTokens), estimated: true };
    },
  };
}
