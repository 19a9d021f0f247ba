import type { BranchStages, StageAnswer, StagePrompt, SteppedStage } from '../../contract/stepper.ts';
import type { Answer } from '../../core/model/answer.ts';
import { branchTitle } from '../../core/model/branchTitle.ts';
import type { Problem } from '../../core/model/problem.ts';
import { isModelStage, stages, type ModelStage, type Stage } from '../../core/model/stage.ts';
import type { StageTrace } from '../../core/plan/branch.ts';
import { idOfBranch, rootsOf } from '../../core/plan/branchSource.ts';
import { sharedPrefix } from '../../core/plan/branchLook.ts';
import { checkPath } from '../../core/plan/checkPath.ts';
import { TaskPlan } from '../../core/plan/taskPlan.ts';
import { stagesOf } from '../../core/recipes/recipe.ts';
import type { ServerSetting } from '../../contract/reports.ts';
import { editAt, formerAnswer, traceOf, versionsOf, type SteppedBranch } from './steppedBranch.ts';
import { reasonWords, understoodOf, type ReadAnswer } from './understood.ts';

/** What goes on with a branch at this moment. */
export interface Stepping {
  readonly running: ModelStage | undefined;
  readonly live: { readonly stage: ModelStage; readonly text: string; readonly tokensPerSecond: number } | undefined;
  readonly problem: Problem | undefined;
}

/** A branch stage by stage. */
export function branchStages(stepped: SteppedBranch, { stepping, server }: { readonly stepping: Stepping; readonly server: ServerSetting | undefined }): BranchStages {
  const { context, branch, fork, task } = stepped;
  const { recipe } = context;
  const plan = new TaskPlan(context, stepped.edits, stepped.reviews);
  plan.receive(stepped.answers);
  const there = stagesHere(stepped);
  const note = noteOf(stepped, plan);
  const title = branchTitle(branch.id, branch.guidelines.map(guideline => guideline.title));
  return {
    task: { id: task.id, question: task.question, answerKind: task.answerKind, ...(task.gold === undefined ? {} : { gold: task.gold }) },
    branch: {
      id: branch.id, round: branch.round, title, guidelines: branch.guidelines.map(guideline => guideline.id),
      edited: [...stepped.traces.values()].some(trace => trace.answer?.edited === true || trace.messages !== trace.unedited),
      ...(fork ? { fork: { source: fork.source, from: fork.from, included: fork.included } } : {}),
    },
    family: familyOf(stepped),
    recipe: { name: recipe.name, title: recipe.title },
    ...(server ? { server: { baseUrl: server.baseUrl, model: server.model, simulated: server.simulated } } : {}),
    stages: there.map(stage => (isModelStage(stage) ? askingStage(stepped, stage, stepping) : checkingStage(stepped, stage, plan))),
    absent: stages.filter(stage => !there.includes(stage)),
    ...(stepping.problem ? { problem: stepping.problem } : {}),
    ...(note === undefined ? {} : { note }),
  };
}

/** Those of the recipe that this branch goes through: what it does not ask, it does without. */
function stagesHere({ context, asking }: SteppedBranch): readonly Stage[] {
  const asked = new Set<Stage>(asking.map(({ stage }) => stage));
  return stagesOf(context.recipe).filter(stage => (isModelStage(stage) ? asked.has(stage) : stage === 'vote' ? context.task.gold === undefined : true));
}

function familyOf({ facts, branch, fork, plan }: SteppedBranch): BranchStages['family'] {
  const root = fork?.source ?? branch.id;
  const source = rootsOf(plan).find(each => idOfBranch(each) === root);
  const title = branchTitle(root, source && 'guideline' in source ? [source.guideline.title] : []);
  const forks = facts.forks(branch.round).filter(each => each.source === root);
  return forks.length === 0 ? [] : [{ id: root, title }, ...forks.map((each, index) => ({ id: each.branch, title: `Fork ${index + 1}, from ${each.from} on` }))];
}

function noteOf({ branch, fork, context, task }: SteppedBranch, plan: TaskPlan): string | undefined {
  if (fork && !fork.included) return 'A fork takes part in no selection until you include it.';
  if (branch.round === 2 && plan.rounds.length < 2) {
    return 'The hint round shows the known answer to the model. A run comes to it only where every path without a hint is wrong, which is not so for this task.';
  }
  if (context.task.gold !== undefined) return undefined;
  return `${task.gold === undefined ? 'This task has no known answer' : 'This recipe leaves the known answer unused'}: a majority of its paths decides, once they are all there.`;
}

function askingStage(stepped: SteppedBranch, stage: ModelStage, { running }: Stepping): SteppedStage {
  const trace = stepped.traces.get(stage);
  const edit = trace && editAt(stepped, trace);
  const shared = stepped.branch.source.fork?.inputs[stage] === undefined ? {} : { shared: true as const };
  const state = running === stage ? 'running' : stateOf(stepped, stage, trace);
  const words = wordsOf(stepped, stage, trace);
  return { stage, state, asks: true, next: trace?.state === 'waits', ...(edit ? { edited: edit } : {}), ...shared, ...(words === undefined ? {} : { words }) };
}

function stateOf(stepped: SteppedBranch, stage: ModelStage, trace: StageTrace | undefined): SteppedStage['state'] {
  if (trace?.state === 'value') return 'done';
  if (trace?.state === 'lost') return 'failed';
  if (formerAnswer(stepped, stage)) return 'stale';
  return trace ? 'next' : 'waits';
}

function wordsOf(stepped: SteppedBranch, stage: ModelStage, trace: StageTrace | undefined): string | undefined {
  if (trace?.reason !== undefined) return reasonWords(trace.reason);
  if (trace?.state === 'waits') {
    const givenUp = stepped.givenUp.get(trace.answerOf);
    if (givenUp !== undefined) return `a run gave it up: ${givenUp}`;
  }
  if (trace?.state !== 'value' && formerAnswer(stepped, stage)) return 'answer from before the change';
  return stage === 'judge' && !trace ? 'asked for a path that passes the filters before it' : undefined;
}

function checkingStage(stepped: SteppedBranch, stage: Stage, plan: TaskPlan): SteppedStage {
  const found = findingOf(stepped, stage, plan);
  const path = stepped.traces.get('path');
  const state = found.done ? 'done' : path?.state !== 'value' && formerAnswer(stepped, 'path') ? 'stale' : 'waits';
  return { stage, state, asks: false, next: false, ...(found.words === undefined ? {} : { words: found.words }) };
}

interface Finding {
  readonly done: boolean;
  readonly words?: string;
}

function findingOf(stepped: SteppedBranch, stage: Stage, plan: TaskPlan): Finding {
  const { answer, state } = stepped.traces.get('path') ?? {};
  if (state !== 'value' || !answer) return { done: false };
  return stage === 'vote' || stage === 'select' ? selection(stepped, stage, plan) : checked(stepped, stage, answer);
}

/** What the vote and the walk over all branches of the task made of this one. */
function selection({ branch, fork }: SteppedBranch, stage: 'vote' | 'select', plan: TaskPlan): Finding {
  const selected = plan.selected().find(({ outcome }) => outcome.id === branch.id && outcome.round === branch.round)?.outcome;
  if (!selected) return { done: false, words: fork?.included === false ? 'not included' : plan.settled ? 'not needed' : 'waits for other branches' };
  if (stage === 'select') return { done: true, words: selected.loss ? `${selected.loss.step}: ${selected.loss.reason}` : 'kept' };
  const vote = selected.verdicts.find(({ checker }) => checker === 'vote');
  return { done: vote !== undefined, ...(vote ? { words: vote.reason } : {}) };
}

/** What one filter found of the path that stands. */
function checked({ context, branch: { round } }: SteppedBranch, stage: Stage, { raw, finish }: Answer): Finding {
  const { verdicts, failed } = checkPath(context, { raw, finish, round });
  if (stage === 'verify') return { done: true, words: verdicts.find(({ checker }) => checker === context.filter)?.kind ?? 'unjudged' };
  return { done: true, words: failed.find(({ step }) => step === stage)?.reason ?? 'nothing found' };
}

/** How the texts of a prompt were counted. */
export interface TokenCounts {
  readonly count: (text: string) => number;
  readonly estimated: boolean;
}

/** The texts whose tokens a report of this stage needs. */
export function textsToCount(stepped: SteppedBranch, stage: ModelStage): readonly string[] {
  const trace = stepped.traces.get(stage);
  return trace ? textsOf(stepped, trace) : [];
}

/** The texts whose tokens are to be known of a prompt. */
export function textsOf(stepped: SteppedBranch, prompt: Pick<StageTrace, 'stage' | 'messages'>): readonly string[] {
  const shared = sharedPrefix(stepped, prompt);
  return prompt.messages.flatMap(({ content }, index) => [content, content.slice(0, shared[index] ?? 0)]);
}

/** One stage: what it asks and what it came to. */
export function stagePrompt(stepped: SteppedBranch, stage: ModelStage, { stepping, counts }: { readonly stepping: Stepping; readonly counts: TokenCounts }): StagePrompt {
  const asked = stepped.asking.find(each => each.stage === stage);
  const trace = asked ? stepped.traces.get(stage) : traceOf(stepped, stage);
  const { maxTokens: limit } = asked?.sampling ?? { maxTokens: 0 };
  const live = stepping.live?.stage === stage ? stepping.live : undefined;
  return {
    stage, limit,
    ...(trace ? askedBy(stepped, trace, counts) : nothingAsked(counts)),
    ...standingAt(stepped, stage),
    writing: stepping.running === stage ? writingOf(live) : null,
    understood: [...understoodOf(stepped, stage, live ? { raw: live.text, edited: false, limit } : readOf(trace, limit))],
  };
}

const writingOf = (live: Stepping['live']): StagePrompt['writing'] => ({ text: live?.text ?? '', tokensPerSecond: live?.tokensPerSecond ?? 0 });

type Asked = Pick<StagePrompt, 'messages' | 'tokens' | 'sharedTokens' | 'sharedBy' | 'estimated' | 'edited' | 'arrivals'>;

const nothingAsked = ({ estimated }: TokenCounts): Asked => ({ messages: [], tokens: 0, sharedTokens: 0, sharedBy: 0, estimated, edited: false, arrivals: [] });

function askedBy(stepped: SteppedBranch, trace: StageTrace, counts: TokenCounts): Asked {
  return {
    ...weighed(stepped, trace, counts),
    edited: trace.messages !== trace.unedited,
    arrivals: [...arrivalsIn(stepped, trace)],
  };
}

/** The messages of a prompt with their tokens, and how much of them other branches share. */
export function weighed(stepped: SteppedBranch, prompt: Pick<StageTrace, 'stage' | 'messages'>, { count, estimated }: TokenCounts): Pick<StagePrompt, 'messages' | 'tokens' | 'sharedTokens' | 'sharedBy' | 'estimated'> {
  const shared = sharedPrefix(stepped, prompt);
  const messages = prompt.messages.map(({ role, content }, index) => ({ role, content, tokens: count(content), shared: shared[index] ?? 0 }));
  return {
    messages, estimated,
    tokens: messages.reduce((sum, message) => sum + message.tokens, 0),
    sharedTokens: messages.reduce((sum, { content, shared: characters }) => sum + count(content.slice(0, characters)), 0),
    sharedBy: shared.some(each => each > 0) ? rootsOf(stepped.plan).length : 0,
  };
}

function standingAt(stepped: SteppedBranch, stage: ModelStage): Pick<StagePrompt, 'answer' | 'former' | 'versions'> {
  const trace = stepped.traces.get(stage);
  const standing = trace?.answer;
  const former = standing ? undefined : formerAnswer(stepped, stage);
  return {
    answer: standing ? answerOf(standing) : null,
    former: former ? answerOf(former) : null,
    versions: trace ? versionsOf(stepped, trace).map(({ fingerprint, edited }) => ({ fingerprint, edited, stands: fingerprint === standing?.fingerprint })) : [],
  };
}

function readOf(trace: StageTrace | undefined, limit: number): ReadAnswer | undefined {
  if (!trace?.answer) return undefined;
  const { raw, finish, edited, outputTokens } = trace.answer;
  // a person's text has no tokens that a server counted; what answers a prompt of theirs has
  return { raw, finish, edited: edited && outputTokens === undefined, limit, ...(outputTokens === undefined ? {} : { outputTokens }) };
}

const answerOf = ({ fingerprint, raw, edited, outputTokens }: Answer): StageAnswer => ({ fingerprint, text: raw, edited, ...(outputTokens === undefined ? {} : { outputTokens }) });

/** Where texts that a person wrote stand in the messages of a later stage. */
export function* arrivalsIn(stepped: SteppedBranch, { stage, messages }: Pick<StageTrace, 'stage' | 'messages'>): Generator<StagePrompt['arrivals'][number]> {
  for (const trace of stepped.traces.values()) {
    if (trace.stage === stage) return;
    if (trace.answer?.edited === true) yield* placesOf(messages, { stage: trace.stage, text: trace.answer.raw });
  }
}

/** Where the text of a stage stands in messages: whole, or line by line where the prompt takes it apart. */
export function* placesOf(messages: readonly { readonly content: string }[], given: { readonly stage: ModelStage; readonly text: string }): Generator<StagePrompt['arrivals'][number]> {
  const text = given.text.trim();
  if (text === '') return;
  for (const [message, { content }] of messages.entries()) {
    const start = content.indexOf(text);
    const spans = start >= 0 ? [[start, start + text.length] as const] : linesIn(content, text);
    for (const [from, to] of spans) yield { message, start: from, end: to, stage: given.stage };
  }
}

function linesIn(content: string, text: string): readonly (readonly [number, number])[] {
  const lines = text.split('\n').map(line => line.trim()).filter(line => line.length > 8);
  return lines.flatMap(line => {
    const start = content.indexOf(line);
    return start >= 0 ? [[start, start + line.length] as const] : [];
  });
}
