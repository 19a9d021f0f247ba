import type { Guideline } from '../model/guideline.ts';
import type { PromptVariables } from '../model/prompt.ts';
import type { ModelStage } from '../model/stage.ts';
import type { TrainTask } from '../model/task.ts';
import type { RoundPlan } from '../recipes/recipe.ts';
import type { StructureText } from '../stages/understand.ts';

/** What a branch has come to so far: what its next prompt is made of. */
export interface StageInputs {
  /** Empty while they are not chosen. */
  readonly guidelines: readonly Guideline[];
  readonly adapted?: string;
  readonly structure?: StructureText;
  /** As the model wrote it. */
  readonly path?: string;
}

/** What the prompt of a stage is given: only what it may see, no guideline text beside a structure, and the known answer nowhere but in judge and in the hint stages. */
export function promptVariables(stage: ModelStage, { task, plan, inputs }: { readonly task: TrainTask; readonly plan: RoundPlan; readonly inputs: StageInputs }): PromptVariables {
  const { question, answerKind, gold } = task;
  const hint = gold !== undefined && plan.hintStages.includes(stage) ? { hint: { answer: gold } } : {};
  return { task: { question, answerKind }, ...hint, ...inputOf(stage, { plan, inputs, gold: gold ?? '' }) };
}

function inputOf(stage: ModelStage, { plan, inputs, gold }: { readonly plan: RoundPlan; readonly inputs: StageInputs; readonly gold: string }): Omit<PromptVariables, 'task' | 'hint'> {
  const { guidelines, adapted, structure, path } = inputs;
  const guideline = { id: guidelines.map(each => each.id).join('+'), text: guidelines.map(each => each.text).join('\n') };
  switch (stage) {
    case 'choose': return { guidelines: plan.choices };
    case 'adapt': return { guideline };
    case 'structure': return adapted === undefined ? { guideline } : { adapted: { text: adapted } };
    case 'path': return structure ? { structure } : adapted === undefined ? {} : { adapted: { text: adapted } };
    case 'judge': return { path: { text: path ?? '' }, gold };
  }
}
