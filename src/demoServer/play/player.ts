import type { GuidelineText, KnownTask } from '../knowledge.ts';
import { writePath } from './path.ts';
import { shareOf } from './random.ts';
import { Recogniser, type Recognised } from './recognise.ts';
import type { Scan } from './scan.ts';
import { offeredNames, writeAdapted, writeChoice, writeJudgement, writeStructure, writeUnknown } from './stages.ts';

/** One request as the player sees it. */
export interface PlayRequest {
  /** Value of `X-ReGenesis-Stage`, or of whatever a caller sent there. */
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
  /** A player of the same tasks that answers as with another seed. */
  withSeed(seed: number): Player;
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
  return playerWith(new Recogniser(tasks, guidelines), others, seed);
}

function playerWith(recogniser: Recogniser, others: readonly string[], serverSeed: number): Player {
  const prepare = (request: PlayRequest) => {
    const { stage, temperature } = request;
    const seen = recogniser.recognise(request.prompt, carriedBy(stage));
    // Wording never enters the key: only what was recognised does, so that a reworded prompt draws the same.
    const key = (seed: number) => `${serverSeed}|${stage ?? ''}|${subjectOf(seen, stage)}|${temperature === 0 ? 'greedy' : seed}`;
    return { text: seen.text, task: seen.task?.id, write: writerOf(request, seen, { serverSeed, others, key }) };
  };
  return { prepare, withSeed: seed => playerWith(recogniser, others, seed) };
}

/** What every answer is drawn from besides the request. */
interface Draws {
  readonly serverSeed: number;
  readonly others: readonly string[];
  readonly key: (seed: number) => string;
}

function writerOf(request: PlayRequest, seen: Recognised, { serverSeed, others, key }: Draws): (seed: number) => string {
  const { stage, choices } = request;
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
  return seed => writePath({ serverSeed, task, voices, hinted, temperature, steps, maxTokens, others }, key(seed));
}

/** What of a prompt matters to the answer of a stage. */
function carriedBy(stage: string | undefined): 'question' | 'advice' | 'plan' {
  if (stage === 'judge') return 'question';
  return stage === 'adapt' || stage === 'structure' ? 'advice' : 'plan';
}

/** Whatever is none of the other stages asks for a solution. */
const isPathStage = (stage: string | undefined): boolean => stage !== 'choose' && stage !== 'adapt' && stage !== 'structure';

/** The recognised content of a prompt as text. A hint changes nothing before the path: advice and plan name no answer. */
function subjectOf({ task, voices, steps, hinted }: Recognised, stage: string | undefined): string {
  const plan = steps.map(step => `${step.place}${step.index}.${step.wording}`).join(',');
  return `${task?.id ?? ''}|${voices.map(voice => voice.id).join('+')}|${plan}|${hinted && isPathStage(stage) ? 'hinted' : ''}`;
}
