import type { StageChoice } from '../../contract/stepper.ts';
import type { Answer } from '../../core/model/answer.ts';
import type { EditFact } from '../../core/model/edit.ts';
import { branchId, type BranchId, type Hash } from '../../core/model/ids.ts';
import { problemError } from '../../core/model/problem.ts';
import type { Message, ModelStage } from '../../core/model/stage.ts';
import { editedFingerprint } from '../../core/plan/wanted.ts';
import { traceOf, versionsOf, type SteppedBranch } from './steppedBranch.ts';

/** What is to be stored of an edit; nothing where it would change nothing. */
export interface EditFacts {
  readonly fact?: EditFact;
  readonly written?: Answer;
  /** Where the edit is about another branch than the one that was looked at: a new fork. */
  readonly branch?: BranchId;
}

/** The same limit as for what a server sends. */
const longestText = 1_000_000;

/** Puts a text of a person in the place of the answer that stands. A text that stood there before is that one again, mark and all. */
export function answerEdit(stepped: SteppedBranch, { stage, text }: Pick<StageChoice, 'stage'> & { readonly text: string }, hash: Hash): EditFacts {
  if (stage === 'judge') throw problemError('usage', 'What the judge said is not edited: the verdict over a path is nobody’s to write. Edit the path, or another stage before it.');
  if (text.length > longestText) throw problemError('usage', `The text has ${text.length.toLocaleString('en-US')} characters; an answer may have ${longestText.toLocaleString('en-US')}. Shorten it.`);
  const trace = traceOf(stepped, stage);
  const former = trace.answer;
  if (!former) throw problemError('usage', `Nothing stands at ${stage} yet. Run the stage first, and edit what it gives.`);
  if (former.raw === text) return {};
  const again = versionsOf(stepped, trace).findLast(version => version.raw === text);
  if (again) return { fact: { kind: 'answer', stage, of: trace.answerOf, chosen: again.fingerprint } };
  const { outputTokens: _counted, ...rest } = former;
  const written: Answer = { ...rest, branch: stage === 'choose' ? former.branch : stepped.branch.id, fingerprint: editedFingerprint(former.fingerprint, text, hash), raw: text, finish: 'stop', edited: true };
  return { written, fact: { kind: 'answer', stage, of: trace.answerOf, chosen: written.fingerprint } };
}

/** Lets another version stand. */
export function choiceEdit(stepped: SteppedBranch, { stage, fingerprint }: Pick<StageChoice, 'stage'> & { readonly fingerprint: string }): EditFacts {
  const trace = traceOf(stepped, stage);
  const chosen = versionsOf(stepped, trace).find(version => version.fingerprint === fingerprint);
  if (!chosen) throw problemError('usage', `No such answer has ever stood at ${stage} of ${stepped.branch.id} as it is now. Look at the branch again and choose one of its versions.`);
  return chosen.fingerprint === trace.answer?.fingerprint ? {} : { fact: { kind: 'answer', stage, of: trace.answerOf, chosen: chosen.fingerprint } };
}

const isSame = (one: readonly Message[], other: readonly Message[]): boolean =>
  one.length === other.length && one.every(({ role, content }, index) => role === other[index]?.role && content === other[index].content);

/** Sends other messages than the recipe's; `null`, or the recipe's own words, takes that back. */
export function promptEdit(stepped: SteppedBranch, { stage, messages }: Pick<StageChoice, 'stage'> & { readonly messages: readonly Message[] | null }): EditFacts {
  const trace = traceOf(stepped, stage);
  if (stage === 'judge') throw problemError('usage', 'What the judge is asked is not edited for one path: a verdict would mean another thing there. Change the recipe’s prompt instead.');
  if (stepped.branch.source.fork?.inputs[stage] !== undefined) throw problemError('usage', `This fork shares ${stage} with the branch that it was copied from, and asks nothing there. Fork that branch from ${stage} on.`);
  const wished = messages !== null && isSame(messages, trace.unedited) ? null : messages;
  if (wished === null && trace.messages === trace.unedited) return {};
  if (wished && isSame(wished, trace.messages)) return {};
  if (wished && wished.reduce((sum, { content }) => sum + content.length, 0) > longestText) throw problemError('usage', 'The prompt is longer than any model takes. Shorten it.');
  return { fact: { kind: 'prompt', stage, of: trace.promptOf, messages: wished } };
}

/** A copy of the branch that shares what stands before a stage. */
export function forkEdit(stepped: SteppedBranch, from: ModelStage): EditFacts & { readonly branch: BranchId } {
  const { branch, fork, facts, asking } = stepped;
  const at = asking.findIndex(each => each.stage === from);
  if (at < 0 || from === 'judge') throw problemError('usage', `A branch of recipe ${stepped.context.recipe.name} is not forked at ${from}. Choose ${asking.filter(each => each.stage !== 'judge').map(each => each.stage).join(', ')}.`);
  const before = asking.slice(0, at).map(each => traceOf(stepped, each.stage));
  const waiting = before.find(trace => trace.state !== 'value');
  if (waiting) throw problemError('usage', `A fork from ${from} on shares what stands before it, and ${waiting.stage} has no usable answer yet. Run that stage first.`);
  const source = fork?.source ?? branch.id;
  const number = facts.forks(branch.round).filter(each => each.source === source).length + 1;
  const inputs = Object.fromEntries(before.flatMap(({ stage, answer }) => (answer ? [[stage, answer.fingerprint]] : [])));
  return { branch: branchId(`${source}~${number}`), fact: { kind: 'fork', source, from, inputs } };
}

/** Takes a fork into the selection, or out of it. */
export function includeEdit({ fork, branch }: SteppedBranch, included: boolean): EditFacts {
  if (!fork) throw problemError('usage', `${branch.id} is no fork: it takes part in the selection of its task in any case.`);
  return fork.included === included ? {} : { fact: { kind: 'include', included } };
}
