import * as vscode from 'vscode';
import type { PlanReport } from '../../contract/reports.ts';
import type { Project } from '../projects/project.ts';
import { shortened } from '../words.ts';
import { measuredRate, timeWords } from './estimate.ts';
import { planFigures, planTitle } from './runWords.ts';
import { pilotTasks, type Scope } from './scope.ts';
import { hasPart, type KnownRecipe, type Part } from './stageTable.ts';

/** What is changed of a run before it starts. */
export type Change =
  | { readonly kind: 'sample' | 'recipe' }
  | { readonly kind: 'narrow'; readonly scope: Scope };
/** What a person decides about a plan; nothing is started before. */
export type Decision = Change | { readonly kind: 'go' | 'pilot' };

/** What a plan is shown with. */
export interface Confirming {
  readonly plan: PlanReport;
  /** Absent for the whole method. */
  readonly part: Part | undefined;
  /** Fewer tasks that could be meant: what is selected, what the filter shows. */
  readonly narrower: readonly { readonly words: string; readonly scope: Scope }[];
  /** Which model is asked; absent: the project's. */
  readonly where?: string;
  /** What the pilot just before came to. */
  readonly pilot: string | undefined;
}

type Choice = vscode.QuickPickItem & { readonly decision?: Decision };

/** Shows what a run would do and how long it takes, and lets it be started, tried on a few tasks, changed or left. Escape leaves. */
export async function confirmPlan(project: Project, confirming: Confirming): Promise<Decision | undefined> {
  const { plan, part, pilot } = confirming;
  const server = project.status?.server;
  const title = planTitle(plan, { simulated: server?.simulated ?? false, part });
  const where = confirming.where ?? (server ? `${server.model} at ${server.baseUrl}` : project.name);
  const picked = await vscode.window.showQuickPick(choicesOn(confirming, project), { title, ignoreFocusOut: true, placeHolder: pilot ?? where });
  return picked?.decision;
}

function choicesOn({ plan, narrower }: Confirming, { status }: Project): readonly Choice[] {
  const asks = plan.calls > 0 || !plan.exact;
  const time = status ? timeWords(plan, measuredRate(status)) : '';
  const pilot: Choice = { label: `$(beaker) Pilot on ${pilotTasks}`, detail: `${pilotTasks} tasks drawn at random; then this is asked again, with the rate that was measured`, decision: { kind: 'pilot' } };
  const sample: Choice = { label: '$(list-filter) On a Sample…', detail: 'so many tasks drawn at random', decision: { kind: 'sample' } };
  return [
    { label: '$(play) Go', description: time, detail: planFigures(plan), decision: { kind: 'go' } },
    ...(asks && plan.tasks > pilotTasks ? [pilot] : []),
    ...narrower.map(({ words, scope }): Choice => ({ label: `$(list-selection) Only ${words}`, decision: { kind: 'narrow', scope } })),
    ...(plan.tasks > 1 ? [sample] : []),
    { label: '$(list-unordered) Another Recipe…', detail: `instead of ${plan.recipe}`, decision: { kind: 'recipe' } },
    { label: '$(close) Cancel' },
  ];
}

/** Asks how many tasks a sample has; absent where it is called off. */
export async function askSample(most: number): Promise<number | undefined> {
  const typed = await vscode.window.showInputBox({
    title: 'How many tasks?', value: String(Math.min(most, 100)), prompt: `1 to ${most}, drawn with the seed of the recipe: a larger sample holds a smaller one.`, ignoreFocusOut: true,
    validateInput: value => (/^\d+$/.test(value.trim()) && Number(value) >= 1 && Number(value) <= most ? undefined : `A whole number from 1 to ${most}.`),
  });
  return typed === undefined ? undefined : Number(typed);
}

/** Lets a recipe be picked, among those that have a part of the method. */
export async function pickRecipe(recipes: readonly (KnownRecipe & { readonly title: string; readonly description: string })[], part: Part | undefined): Promise<KnownRecipe | undefined> {
  const fitting = recipes.filter(recipe => part === undefined || hasPart(recipe, part));
  const picked = await vscode.window.showQuickPick(
    fitting.map(recipe => ({ label: recipe.name, description: recipe.title, detail: shortened(recipe.description, 90), recipe })), { title: 'Which recipe?', matchOnDescription: true },
  );
  return picked?.recipe;
}

/** The recipes that can be run on a project. */
export const recipesOf = async (project: Project) => (await project.call('recipes', {})).recipes;

/** Whether a decision changes what would be run; then it is asked again. */
export const isChange = (decision: Decision): decision is Change => decision.kind !== 'go' && decision.kind !== 'pilot';
