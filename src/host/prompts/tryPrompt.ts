import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { counted } from '../../client/words.ts';
import type { TrialChoices } from '../../contract/engine.ts';
import type { PromptAddress } from '../../contract/pages/promptPreview.ts';
import { mostTried, type TrialPlan, type TrialReport } from '../../contract/prompts.ts';
import { problemError } from '../../core/model/problem.ts';
import { evaluationPrompt } from '../../core/model/promptFile.ts';
import type { Project } from '../projects/project.ts';
import { measuredRate, timeWords } from '../runs/estimate.ts';
import { serverOf } from '../runs/pipeline.ts';
import { isAllowed } from '../trust.ts';
import { rounded } from '../words.ts';
import { withCancel, type Workbench } from '../workbench.ts';
import { tellOfEvaluations } from './askedByEvaluations.ts';
import { unsavedOf } from './promptPlaces.ts';

/** Tasks that are offered. */
const usualTasks = 10;

/** Runs the prompts as they are now beside what they were when they were run last, on a sample, after a person has seen what it costs. Absent where that was called off. */
export async function tryPrompt(workbench: Workbench, { project: path, file }: PromptAddress): Promise<TrialReport | undefined> {
  if (!isAllowed(workbench.notify, 'Trying a prompt')) return undefined;
  const project = workbench.projects.find(path);
  if (!project) throw problemError('engine-unavailable', `${path} is not open.`);
  if (file === evaluationPrompt) {
    tellOfEvaluations(workbench.notify, project);
    return undefined;
  }
  const overlay = unsavedOf(project);
  const most = Math.min(mostTried, project.status?.tasks.trainable ?? 0);
  if (most === 0) throw problemError('no-tasks', 'There are no train tasks.');
  const tasks = await askTasks(most, file);
  const keys = tasks === undefined ? undefined : await serverOf(workbench, project);
  if (tasks === undefined || !keys) return undefined;
  const choices = { overlay, file, tasks, ...keys };
  const plan = await withCancel(`ReGenesis: counting what trying ${file} takes`, signal => project.call('planTrial', choices, signal));
  if (!plan) return undefined;
  if (!await workbench.notify.confirm(`Try ${file} on ${counted(plan.tasks, 'task')}?`, 'Try', planWords(plan, project))) return undefined;
  return followed(project, choices);
}

async function askTasks(most: number, file: string): Promise<number | undefined> {
  const typed = await vscode.window.showInputBox({
    title: `Try ${file} on how many tasks?`, value: String(Math.min(most, usualTasks)), ignoreFocusOut: true,
    prompt: `1 to ${most}, drawn at random, those that were run first; one branch of each, with the prompts as they were run last and as they are now.`,
    validateInput: value => (/^\d+$/.test(value.trim()) && Number(value) >= 1 && Number(value) <= most ? undefined : `A whole number from 1 to ${most}.`),
  });
  return typed === undefined ? undefined : Number(typed);
}

function planWords({ hinted, calls, promptTokens, outputTokens }: TrialPlan, { status }: Project): string {
  const time = timeWords({ calls, outputTokens, exact: true }, status && measuredRate(status));
  const cost = calls === 0 ? 'No call has to be made' : `At most about ${counted(calls, 'call')} and ${rounded(promptTokens + outputTokens)} tokens${time === '' ? '' : `; ${time}`}`;
  const reuse = hinted ? 'A prompt of the hint round is tried as if every task came to it: what is there of that round is asked for again.' : 'Answers that are there are not asked for again.';
  return `${cost}. ${reuse} Nothing of the trial comes into the project.`;
}

/** Follows a trial to its end, with Cancel. */
function followed(project: Project, choices: TrialChoices): Thenable<TrialReport | undefined> {
  const stop = new AbortController();
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: 'ReGenesis: trying a prompt', cancellable: true }, async (bar, token) => {
    token.onCancellationRequested(() => { stop.abort(); });
    let shown = 0;
    const work = `try-${randomUUID()}`;
    const tell = ({ work: of, done, total }: { readonly work: string; readonly done: number; readonly total: number }) => {
      if (of !== work) return;
      bar.report({ message: `${done} of ${total} branches`, increment: (100 * (done - shown)) / Math.max(1, total) });
      shown = done;
    };
    try {
      return await project.whileHearing('trialProgress', tell, () => project.call('tryPrompt', { ...choices, work }, stop.signal));
    } catch (thrown) {
      if (stop.signal.aborted) return undefined;
      throw thrown;
    }
  });
}
