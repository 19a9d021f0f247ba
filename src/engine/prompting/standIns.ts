import type { StandIn } from '../../contract/prompts.ts';
import type { PromptVariables } from '../../core/model/prompt.ts';
import type { Message, ModelStage } from '../../core/model/stage.ts';
import { promptVariables, type StageInputs } from '../../core/plan/promptVariables.ts';
import { understand } from '../../core/stages/understand.ts';
import { formerAnswer, type SteppedBranch } from '../stepper/steppedBranch.ts';

/** What stands where a stage has not answered yet. */
const placeholders: { readonly [Stage in Exclude<ModelStage, 'judge'>]: string } = {
  choose: '«the guidelines that this branch chooses, not chosen yet»',
  adapt: '«the guideline as adapted to this task, not there yet»',
  structure: '«the structure of this branch, not built yet»',
  path: '«the path of this branch, not written yet»',
};

/** What is put in the place of an answer of a stage. */
export type Placeholder = (stage: keyof typeof placeholders) => string;

/** A prompt, with what it was made from. */
export interface StandingPrompt {
  readonly messages: readonly Message[];
  readonly variables: PromptVariables;
  readonly edited: boolean;
  /** With the text by which each can be found in the messages. */
  readonly standIns: readonly (StandIn & { readonly text: string })[];
}

/**
 * The prompt of a stage, to the letter where every answer is there that it is made from. Else the newest answer of before a change takes the place of the one that is
 * missing, and where there is none a sentence in marks. Absent for a stage that the branch does not have.
 *
 * @param placeholder what is put in the place of an answer of which none was ever there; absent: the sentence in marks
 */
export function standingPrompt(stepped: SteppedBranch, stage: ModelStage, placeholder: Placeholder = of => placeholders[of]): StandingPrompt | undefined {
  const trace = stepped.traces.get(stage);
  if (trace) return { messages: trace.messages, variables: trace.variables, edited: trace.messages !== trace.unedited, standIns: [] };
  const at = stepped.asking.findIndex(each => each.stage === stage);
  const plan = stepped.asking[at];
  if (!plan) return undefined;
  let { inputs } = stepped.branch;
  const standIns: (StandIn & { readonly text: string })[] = [];
  for (const { stage: before } of stepped.asking.slice(0, at)) {
    if (before === 'judge' || isThere(inputs, before)) continue;
    const found = standIn(stepped, before, placeholder);
    inputs = { ...inputs, ...found.inputs };
    standIns.push({ stage: before, from: found.from, text: found.text });
  }
  const variables = promptVariables(stage, { task: stepped.context.task, plan: stepped.plan, inputs });
  return { messages: plan.prompt.render(variables), variables, edited: false, standIns };
}

function isThere({ guidelines, adapted, structure, path }: StageInputs, stage: keyof typeof placeholders): boolean {
  return { choose: guidelines.length > 0, adapt: adapted !== undefined, structure: structure !== undefined, path: path !== undefined }[stage];
}

interface Found {
  readonly from: StandIn['from'];
  readonly text: string;
  readonly inputs: Partial<StageInputs>;
}

function standIn(stepped: SteppedBranch, stage: keyof typeof placeholders, placeholder: Placeholder): Found {
  const former = formerAnswer(stepped, stage);
  const inputs = former && inputsOf(stepped, stage, former);
  if (former && inputs) return { from: 'former', text: inputs.guidelines ? inputs.guidelines.map(({ text }) => text).join('\n') : former.raw.trim(), inputs };
  const text = placeholder(stage);
  const from = 'nothing' as const;
  switch (stage) {
    case 'choose': return { from, text, inputs: { guidelines: [{ id: 'chosen', title: 'chosen', text, presupposesSolution: false }] } };
    case 'adapt': return { from, text, inputs: { adapted: text } };
    case 'structure': return { from, text, inputs: { structure: { text, steps: [text] } } };
    case 'path': return { from, text, inputs: { path: text } };
  }
}

/** What an answer of before is understood as; absent where it could not be used. */
function inputsOf({ plan }: SteppedBranch, stage: keyof typeof placeholders, answer: Parameters<(typeof understand)['path']>[0]): Partial<StageInputs> | undefined {
  switch (stage) {
    case 'choose': {
      const chosen = understand.choose(answer, plan);
      return chosen.usable ? { guidelines: chosen.value } : undefined;
    }
    case 'adapt': {
      const adapted = understand.adapt(answer, plan);
      return adapted.usable ? { adapted: adapted.value } : undefined;
    }
    case 'structure': {
      const structure = understand.structure(answer, plan);
      return structure.usable ? { structure: structure.value } : undefined;
    }
    case 'path': return { path: answer.raw };
  }
}
