import type { WantedCall } from '../model/answer.ts';
import { fingerprint, type BranchId, type Fingerprint, type Hash, type TaskId } from '../model/ids.ts';
import type { CallStage, Message, Round, Sampling } from '../model/stage.ts';

/** Seeds are below 2³¹: the widest range that every server takes. */
const seedRange = 2 ** 31;

/** What a request is about, without the draws. */
export interface RequestPlace {
  readonly taskId: TaskId;
  readonly stage: CallStage;
  readonly stageVersion: number;
  readonly round: Round;
  readonly branch: BranchId;
  /** The answers it was made from, by their fingerprints, in the order of the stages. */
  readonly inputs: readonly Fingerprint[];
}

/** What a request says and how it is drawn. */
export interface RequestBody {
  readonly messages: readonly Message[];
  readonly sampling: Sampling;
  /** Model identity, see `ServerDescription`. */
  readonly identity: string;
  readonly recipeSeed: number;
  /** A person wrote the messages: what answers them is marked, and is another answer than one to a prompt of the same words that is the recipe's own. */
  readonly edited?: true;
}

/** A number from 0 to 2³¹ − 1 that a text decides. */
const seedOf = (text: string, hash: Hash): number => Number.parseInt(hash(text).slice(0, 12), 16) % seedRange;

/**
 * Seed of sample 0 of a request: a hash of recipe seed, task, round, stage and branch. Sample i is drawn with this plus i, which is what vLLM itself gives
 * choice i of one request with n, so that n answers of one request and n requests are the same draws.
 */
function baseSeed(place: RequestPlace, recipeSeed: number, hash: Hash): number {
  return seedOf(JSON.stringify([recipeSeed, place.taskId, place.round, place.stage, place.branch]), hash);
}

/** Gives the draws of one request their fingerprints. */
export interface RequestDraws {
  readonly seed: number;
  fingerprint(sample: number): Fingerprint;
  /** A call for the given samples, which must ascend without a gap. */
  call(samples: readonly number[]): WantedCall;
}

/**
 * Names what determines the answers of one request. Same fingerprint, same answer.
 *
 * The order of keys cannot matter: the text that is hashed is an array. What a parser understands, and whether one request asked for several samples, is not in it.
 */
export function requestDraws(place: RequestPlace, body: RequestBody, hash: Hash): RequestDraws {
  const { sampling } = body;
  const seed = baseSeed(place, body.recipeSeed, hash);
  const request = hash(JSON.stringify([
    body.edited ? 'regenesis-edited-1' : 'regenesis-answer-1', place.stage, place.stageVersion, body.messages.map(message => [message.role, message.content]), body.identity,
    [sampling.temperature, sampling.topP, sampling.maxTokens, sampling.stop, sampling.oneOf ?? null], place.taskId, place.round, place.branch, place.inputs,
  ]));
  const print = (sample: number) => fingerprint(hash(`${request}:${seed + sample}:${sample}`));
  const answer = (sample: number) => ({
    taskId: place.taskId, stage: place.stage, round: place.round, branch: place.branch, sample, fingerprint: print(sample), seed: seed + sample, ...(body.edited ? { edited: body.edited } : {}),
  });
  return {
    seed,
    fingerprint: print,
    call: samples => ({ stage: place.stage, messages: body.messages, sampling, answers: samples.map(answer) }),
  };
}

/**
 * The fingerprint of a text that a person wrote: what determines it is the answer that it was made from, and the text itself. The same text in the same place is
 * the same answer, however often it is written.
 */
export const editedFingerprint = (former: Fingerprint, text: string, hash: Hash): Fingerprint => fingerprint(hash(JSON.stringify(['regenesis-edit-1', former, text])));
