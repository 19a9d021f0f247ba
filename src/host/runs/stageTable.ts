// The commands that run one part of the method, as one typed table: a stage without a command does not build. Knows nothing of the editor.
import type { RunChoices } from '../../contract/engine.ts';
import { stages, type Stage } from '../../core/model/stage.ts';
import { commands, type CommandId } from '../manifest.ts';

/** A part of the method that runs alone: a stage, the hint round, or all filters of paths at once. */
export type Part = Stage | 'hint' | 'filter';

/** One part: the command that runs it, what the engine is asked for, and what it needs of a recipe. */
export interface PartSpec {
  readonly command: CommandId;
  readonly choices: Pick<RunChoices, 'stages' | 'round'>;
  /** What it does, in a sentence that says whether the model is asked. */
  readonly meaning: string;
}

const stage = <Command extends CommandId>(name: Stage, command: Command, meaning: string) => ({ command, choices: { stages: [name] }, meaning });

/** Every part in the order of the method. */
export const parts = {
  choose: stage('choose', 'regenesis.guidelines.choose', 'Asks the model which guidelines suit each task.'),
  adapt: stage('adapt', 'regenesis.guidelines.adapt', 'Asks the model to rewrite each guideline for each task.'),
  structure: stage('structure', 'regenesis.structures.build', 'Asks the model for a reasoning structure of each adapted guideline that is there.'),
  path: stage('path', 'regenesis.paths.generate', 'Asks the model for a path along each structure that is there, or for plain ones, and grades it.'),
  verify: stage('verify', 'regenesis.paths.verify', 'Reads and grades the stored paths again. The model is not asked.'),
  judge: stage('judge', 'regenesis.paths.judge', 'Asks the model whether it finds each path right that passed every filter before.'),
  vote: stage('vote', 'regenesis.answers.vote', 'Lets stored paths of tasks without a known answer vote again. The model is not asked.'),
  leak: stage('leak', 'regenesis.leaks.check', 'Looks again whether stored hinted paths betray that they were shown the answer. The model is not asked.'),
  clean: stage('clean', 'regenesis.paths.clean', 'Cuts stored paths to their steps again. The model is not asked.'),
  hint: { command: 'regenesis.tasks.hint', choices: { round: 2 }, meaning: 'Asks the model again with the known answer as a hint, for tasks that no path solved.' },
  filter: { command: 'regenesis.paths.filter', choices: { stages: ['verify', 'leak', 'clean', 'vote', 'select'] }, meaning: 'Puts stored paths through every filter again, and selects. The model is not asked.' },
  select: stage('select', 'regenesis.paths.select', 'Selects among the stored paths again by the rule of the recipe. The model is not asked.'),
} as const satisfies Readonly<Record<Part, PartSpec>>;

/** Names of the parts: the stages in their order, then the others. */
export const partNames: readonly Part[] = [...stages, 'hint', 'filter'];

/** A command that runs a part. */
export type PartCommand = (typeof parts)[Part]['command'];
/** The part that a command runs; absent for any other command. */
export const partOf = (id: CommandId): Part | undefined => partNames.find(part => parts[part].command === id);
/** Whether a command runs a part. */
export const isPartCommand = (id: CommandId): id is PartCommand => partOf(id) !== undefined;

/** The title of a part's command. */
export const partTitle = (part: Part): string => commands[parts[part].command].title;

/** What is known of a recipe before it is run. */
export interface KnownRecipe {
  readonly name: string;
  readonly stages: readonly Stage[];
  readonly everyStage?: readonly Stage[] | undefined;
  readonly hints?: boolean | undefined;
}

/** Whether a recipe has a part. */
export function hasPart(recipe: KnownRecipe, part: Part): boolean {
  if (part === 'hint') return recipe.hints === true;
  return part === 'filter' || (recipe.everyStage ?? recipe.stages).includes(part);
}

/** What is asked of the engine for a part, in a recipe that has it: all filters are those that it has. */
export function partChoices(part: Part, recipe: KnownRecipe): PartSpec['choices'] {
  const { choices }: PartSpec = parts[part];
  return part === 'filter' ? { stages: choices.stages?.filter(each => hasPart(recipe, each)) } : choices;
}

/** That a recipe lacks a part, and what can be done. */
export function lackingWords(part: Part, recipe: string, others: readonly string[]): string {
  const what = part === 'hint' ? 'no hint round' : `no stage ${part}`;
  const instead = others.length > 0 ? `${others.join(' and ')} ${others.length === 1 ? 'has' : 'have'} it.` : `Add it to a recipe of your own: a file NAME.rgrecipe.yaml below .regenesis/prompts.`;
  return `${partTitle(part)}: the recipe ${recipe} has ${what}. ${instead}`;
}
