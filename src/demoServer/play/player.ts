import type { GuidelineText, KnownTask } from '../knowledge.ts';
import { writePath } from './path.ts';
import type { PlainEnding } from './plainAttempts.ts';
import { shareOf } from './random.ts';
import { Recogniser, type Recognised } from './recognise.ts';
import type { Scan } from './scan.ts';
import { offeredNames, writeAdapted, writeChoice, writeJudgement, writeStructure, writeUnknown } from './stages.ts';

/** One request as the player sees it. */
export interface PlayRequest {
  /** Value of `X-ReGenesis-Stage`, or of whatever a caller sent there; at `evaluate` a task is attempted plainly, in no guideline's voice. */
  readonly stage: string | undefined;
  /** All messages, joined by line ends. */
  readonly prompt: string;
  readonly temperature: number;
  readonly maxTokens: number;
  /** The answer has to be one of these. */
  readonly choices: readonly string[] | undefined;
}

/** A request that was looked at: its tokens, the task that it is about where that is known, and what writes the answer for a seed. */
export interface Play {
  readonly text: Scan;
  readonly task: string | undefined;
  readonly write: (seed: number) => string;
}

/** Plays a model. Equal requests and seeds give equal answers, in any order. */
export interface Player {
  prepare(request: PlayRequest): Play;
  /** A player of the same tasks that is another model. */
  playing(model: PlayedModel): Player;
}

/** Who is played. */
export interface PlayedModel {
  readonly seed: number;
  /** Of tasks of which only the answer is known and which name none of their own; absent: the one that they have. */
  readonly accuracy?: number;
  /**
   * How a plain attempt at a question ends; absent, or `undefined`, where that is left to the chance of a path.
   * @param draw what it is drawn from; absent: it is greedy
   */
  readonly ending?: (question: string, draw: string | undefined) => PlainEnding | undefined;
}

/** What a player is made with. */
export interface PlayerOptions {
  readonly seed: number;
  readonly tasks: readonly KnownTask[];
  readonly guidelines: readonly GuidelineText[];
}

/** A player of these tasks. */
export function createPlayer({ seed, tasks, guidelines }: PlayerOptions): Player {
  const others = tasks.filter(task => task.accuracy !== undefined && task.kind === 'text').map(task => task.answer);
  return playerWith(new Recogniser(tasks, guidelines), others, { seed });
}

function playerWith(recogniser: Recogniser, others: readonly string[], model: PlayedModel): Player {
  const prepare = (request: PlayRequest) => {
    const { stage, temperature } = request;
    const seen = recogniser.recognise(request.prompt, carriedBy(stage));
    // Wording never enters the key: only what was recognised does, so that a reworded prompt draws the same.
    const key = (seed: number) => `${model.seed}|${stage ?? ''}|${subjectOf(seen, stage)}|${temperature === 0 ? 'greedy' : seed}`;
    return { text: seen.text, task: seen.task?.id, write: writerOf(request, seen, { model, others, key }) };
  };
  return { prepare, playing: other => playerWith(recogniser, others, other) };
}

/** What every answer is drawn from besides the request. */
interface Draws {
  readonly model: PlayedModel;
  readonly others: readonly string[];
  readonly key: (seed: number) => string;
}

function writerOf(request: PlayRequest, seen: Recognised, { model, others, key }: Draws): (seed: number) => string {
  const { stage, choices } = request;
  const { seed: serverSeed, accuracy } = model;
  if (stage === 'judge') return () => writeJudgement({ ...request, task: seen.task }, `${serverSeed}|judge|${seen.task?.id ?? ''}`);
  if (choices !== undefined) return seed => choices[Math.floor(shareOf(key(seed)) * choices.length)] ?? '';
  if (stage === 'choose') {
    const offered = seen.offered.length >= 2 ? seen.offered : offeredNames(request.prompt);
    if (offered.length >= 2) return seed => writeChoice(offered, `${serverSeed}|${seen.task?.id ?? ''}`, key(seed));
  }
  const { task } = seen;
  if (task === undefined || stage === 'choose') return seed => writeUnknown(stage, key(seed));
  if (stage === 'adapt') return seed => writeAdapted(task, seen.voices, key(seed));
  if (stage === 'structure') return seed => writeStructure(task, seen.voices, key(seed));
  const { voices, steps, hinted } = seen;
  const { temperature, maxTokens } = request;
  const ending = (draw: string) => (stage === 'evaluate' ? model.ending?.(task.question, temperature === 0 ? undefined : draw) : undefined);
  return seed => writePath({ serverSeed, accuracy, task, voices, hinted, temperature, steps, maxTokens, others, ending: ending(key(seed)) }, key(seed));
}

/** What of a prompt matters to the answer of a stage. */
function carriedBy(stage: string | undefined): 'question' | 'advice' | 'plan' {
  if (stage === 'judge' || stage === 'evaluate') return 'question';
  return stage === 'adapt' || stage === 'structure' ? 'advice' : 'plan';
}

/** Whatever is none of the other stages asks for a solution. */
const isPathStage = (stage: string | undefined): boolean => stage !== 'choose' && stage !== 'adapt' && stage !== 'structure';

/** The recognised content of a prompt as text. A hint changes nothing before the path: advice and plan name no answer. */
function subjectOf({ task, voices, steps, hinted }: Recognised, stage: string | undefined): string {
  const plan = steps.map(step => `${step.place}${step.index}.${step.wording}`).join(',');
  return `${task?.id ?? ''}|${voices.map(voice => voice.id).join('+')}|${plan}|${hinted && isPathStage(stage) ? 'hinted' : ''}`;
}
