import { longestValue, type PromptFinding, type PromptPlace, type PromptPreview, type PromptValues } from '../../contract/prompts.ts';
import { branchTitle } from '../../core/model/branchTitle.ts';
import { branchId } from '../../core/model/ids.ts';
import { problemError } from '../../core/model/problem.ts';
import type { PromptVariables } from '../../core/model/prompt.ts';
import type { ModelStage, Round } from '../../core/model/stage.ts';
import { idOfBranch, rootsOf } from '../../core/plan/branchSource.ts';
import type { TaskContext } from '../../core/plan/context.ts';
import { TaskFacts } from '../../core/plan/taskFacts.ts';
import type { PromptProblem } from '../../core/prompts/problem.ts';
import type { Store } from '../../ports/store.ts';
import { arrivalsIn, placesOf, textsOf, weighed } from '../stepper/branchReports.ts';
import type { BranchContexts } from '../stepper/branchContexts.ts';
import { readBranch, type SteppedBranch } from '../stepper/steppedBranch.ts';
import type { FoundPrompt } from './findPrompt.ts';
import { standingPrompt, type Placeholder, type StandingPrompt } from './standIns.ts';

/** A branch at a stage, and the prompt there. */
export interface LookedAt {
  readonly stepped: SteppedBranch;
  readonly stage: ModelStage;
  readonly standing: StandingPrompt;
}

/** What prompts are looked at with. */
export interface Looking {
  readonly store: Store;
  readonly contexts: BranchContexts;
}

/** The branch that a place names, else the first that has the stage. Throws `no-tasks`, `task-not-found`, `task-held-out`, and `usage` where the recipe asks for the stage in no branch of the task. */
export async function lookAt({ store, contexts }: Looking, ...[found, place, placeholder]: [found: FoundPrompt, place: Omit<PromptPlace, 'overlay'>, placeholder?: Placeholder]): Promise<LookedAt> {
  const { recipe } = found;
  if (!recipe) throw problemError('recipe-invalid', problemWords(found));
  const task = place.task ?? firstTask(store);
  const context = await contexts.under(recipe, contexts.resolve({ task, recipe: found.name }));
  for (const each of branchesFor(found, place, { store, context })) {
    const stepped = readBranch(store, context, each);
    const standing = standingPrompt(stepped, found.stage, placeholder);
    if (standing) return { stepped, stage: found.stage, standing };
  }
  throw problemError('usage', `Recipe ${found.name} asks for no ${found.stage} of ${task}${found.stage === 'judge' ? ', which has no known answer to judge by' : ''}. Choose another task.`);
}

/** The first train task. Throws `no-tasks`. */
export function firstTask(store: Store): string {
  const task = store.taskPage({ split: 'train' }, undefined, 1)[0]?.id;
  if (task === undefined) throw problemError('no-tasks', `There are no train tasks in ${store.path} yet. Import some: a prompt is shown for one of them.`);
  return task;
}

/** Why a recipe cannot be used, in one sentence. */
export function problemWords({ name, problems }: Pick<FoundPrompt, 'name' | 'problems'>): string {
  const [first] = problems.filter(({ severity }) => severity === 'error');
  return `The recipe ${name} cannot be used as it stands${first ? `: ${first.file}:${first.line}:${first.column}: ${first.message}` : ''}.`;
}

interface Place {
  readonly branch: string;
  readonly round: Round;
}

function branchesFor({ recipe, round }: FoundPrompt, { branch, round: given }: Omit<PromptPlace, 'overlay'>, { store, context: { task } }: { readonly store: Store; readonly context: TaskContext }): readonly Place[] {
  const wanted = given ?? round;
  const own = (of: Round): readonly Place[] => {
    const plan = recipe?.rounds[of];
    return plan ? rootsOf(plan).map(root => ({ branch: idOfBranch(root), round: of })) : [];
  };
  const forks = new TaskFacts(store.edits(task.id)).forks(wanted);
  const named = branch !== undefined && (own(wanted).some(each => each.branch === branch) || forks.some(each => each.branch === branchId(branch))) ? [{ branch, round: wanted }] : [];
  return [...named, ...own(round)];
}

/** Problems as messages carry them. */
export const findingsOf = (problems: readonly PromptProblem[]): PromptFinding[] =>
  problems.map(({ file, line, column, endLine, endColumn, severity, code, message }) => ({ file, line, column, endLine, endColumn, severity, code, message }));

/** A prompt as it would be sent. */
export async function previewOf(looking: Looking, found: FoundPrompt, place: Omit<PromptPlace, 'overlay'>): Promise<PromptPreview> {
  const { recipe, before, stages, problems, note } = found;
  const named = recipe ?? before;
  const head = {
    recipe: named ? { name: named.name, title: named.title } : null, stages: [...stages], problems: findingsOf(problems),
    ...(note === undefined ? {} : { note }),
  };
  if (!recipe) return { ...head, shown: null };
  const { stepped, stage, standing } = await lookAt(looking, found, place);
  const { messages, edited, standIns } = standing;
  const prompt = { stage, messages };
  const counts = await looking.contexts.count(textsOf(stepped, prompt));
  const { task } = stepped.context;
  return {
    ...head,
    shown: {
      task: { id: task.id, question: task.question }, branch: branchOf(stepped), stage, ...weighed(stepped, prompt, counts), edited,
      arrivals: [...arrivalsIn(stepped, prompt), ...standIns.flatMap(each => [...placesOf(messages, each)])],
      limit: stepped.asking.find(each => each.stage === stage)?.sampling.maxTokens ?? 0,
      standIns: standIns.map(({ stage: of, from }) => ({ stage: of, from })),
    },
  };
}

function branchOf({ branch }: SteppedBranch): { readonly id: string; readonly round: Round; readonly title: string } {
  return { id: branch.id, round: branch.round, title: branchTitle(branch.id, branch.guidelines.map(({ title }) => title)) };
}

/** What the variables of a stage hold. */
export function valuesOf({ stepped, stage, standing }: LookedAt): PromptValues {
  const missing = new Set(standing.standIns.map(each => variableOf[each.stage]));
  const values = [...namedTexts(standing.variables)].map(({ name, text }) => ({
    name, text: text.slice(0, longestValue), length: text.length, standIn: missing.has(name.split('.')[0] ?? ''),
  }));
  return { task: stepped.context.task.id, branch: branchOf(stepped), stage, values };
}

/** Which variable holds what a stage gave. */
const variableOf: { readonly [Stage in ModelStage]: string } = { choose: 'guideline', adapt: 'adapted', structure: 'structure', path: 'path', judge: '' };

/** Every name that an author may write with its text; lists line by line. */
function* namedTexts(variables: PromptVariables): Generator<{ readonly name: string; readonly text: string }> {
  const { task, guidelines, guideline, adapted, structure, path, gold, hint } = variables;
  yield { name: 'task.question', text: task.question };
  yield { name: 'task.answerKind', text: task.answerKind };
  if (guidelines) yield { name: 'guidelines', text: guidelines.map(({ id, text }) => `${id}: ${text}`).join('\n') };
  if (guideline) yield { name: 'guideline.id', text: guideline.id };
  if (guideline) yield { name: 'guideline.text', text: guideline.text };
  if (adapted) yield { name: 'adapted.text', text: adapted.text };
  if (structure) yield { name: 'structure.text', text: structure.text };
  if (structure) yield { name: 'structure.steps', text: structure.steps.join('\n') };
  if (path) yield { name: 'path.text', text: path.text };
  if (gold !== undefined) yield { name: 'gold', text: gold };
  if (hint) yield { name: 'hint.answer', text: hint.answer };
}
