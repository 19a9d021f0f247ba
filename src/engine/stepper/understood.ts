import type { Understood } from '../../contract/stepper.ts';
import type { FinishReason, ModelStage } from '../../core/model/stage.ts';
import type { BranchLook } from '../../core/plan/branchLook.ts';
import { checkPath } from '../../core/plan/checkPath.ts';
import { understand } from '../../core/stages/understand.ts';
import { lastBox } from '../../core/verify/box.ts';
import { findSteps, stepTexts } from '../../core/verify/steps.ts';

/** An answer, whole or as far as it is written. */
export interface ReadAnswer {
  readonly raw: string;
  /** Absent while it is written. */
  readonly finish?: FinishReason;
  readonly edited: boolean;
  readonly outputTokens?: number;
  readonly limit: number;
}

const counted = (count: number, noun: string): string => `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
const good = (what: string, words: string): Understood => ({ what, state: 'good', words });
const bad = (what: string, words: string): Understood => ({ what, state: 'bad', words });
const open = (what: string, words: string): Understood => ({ what, state: 'open', words });

/** What is understood of an answer so far, in a few rows; nothing is said of an answer that was not begun but what it waits for. */
export function understoodOf(look: BranchLook, stage: ModelStage, answer: ReadAnswer | undefined): readonly Understood[] {
  return [...rowsOf[stage](look, answer), finishRow(answer)];
}

type Rows = (look: BranchLook, answer: ReadAnswer | undefined) => readonly Understood[];

const rowsOf: { readonly [Stage in ModelStage]: Rows } = {
  choose: ({ plan }, answer) => {
    if (!answer) return [open('ids', 'come with the answer')];
    const read = understand.choose({ raw: answer.raw, finish: answer.finish ?? 'stop' }, plan);
    if (read.usable) return [good('ids', read.value.map(guideline => guideline.id).join(', '))];
    return [answer.finish === undefined ? open('ids', 'no valid choice yet') : bad('ids', reasonWords(read.reason))];
  },
  adapt: ({ plan }, answer) => {
    if (!answer) return [open('text', 'comes with the answer')];
    const read = understand.adapt({ raw: answer.raw, finish: answer.finish ?? 'stop' }, plan);
    const words = counted(answer.raw.split(/\s+/).filter(Boolean).length, 'word');
    if (read.usable) return [answer.finish === undefined ? open('text', `${words} so far`) : good('text', `${words}, usable as they are`)];
    return [answer.finish === undefined ? open('text', 'nothing usable yet') : bad('text', reasonWords(read.reason))];
  },
  structure: ({ plan }, answer) => {
    if (!answer) return [open('steps', 'come with the answer')];
    const read = understand.structure({ raw: answer.raw, finish: answer.finish ?? 'stop' }, plan);
    if (!read.usable) return [answer.finish === undefined ? open('steps', 'none yet') : bad('steps', reasonWords(read.reason))];
    const numbered = findSteps(answer.raw).length;
    const ids = numbered > 0 ? good('ids', `1 to ${numbered}, in order`) : open('ids', answer.finish === undefined ? 'not there yet' : 'none: lines or sentences count as steps');
    const steps = stepTexts(answer.raw).length;
    if (answer.finish === undefined) return [ids, good('steps', `${steps - 1} whole, 1 still being written`), open('last step', 'waits for the end')];
    return [ids, good('steps', counted(steps, 'step'))];
  },
  path: (look, answer) => {
    if (!answer) return [open('steps', 'come with the answer'), open('box', 'comes with the answer'), open('verdict', 'comes with the box')];
    return [stepsRow(answer), boxRow(answer), ...verdictRows(look, answer)];
  },
  judge: ({ plan }, answer) => {
    if (!answer) return [open('word', 'yes or no comes with the answer')];
    const read = understand.judge({ raw: answer.raw, finish: answer.finish ?? 'stop' }, plan);
    if (!read.usable) return [answer.finish === undefined ? open('word', 'not there yet') : bad('word', reasonWords(read.reason))];
    return [read.value ? good('word', 'yes, the path comes to the known answer') : bad('word', 'no, the path does not come to the known answer')];
  },
};

function stepsRow({ raw, finish }: ReadAnswer): Understood {
  const steps = findSteps(raw).length;
  if (steps === 0) return open('steps', finish === undefined ? 'none yet' : 'no numbered list');
  return finish === undefined ? good('steps', `${steps - 1} whole, 1 still being written`) : good('steps', counted(steps, 'step'));
}

function boxRow({ raw, finish }: ReadAnswer): Understood {
  const box = lastBox(raw);
  if (box && 'content' in box) return good('box', box.content.slice(0, 200));
  if (finish === undefined) return open('box', 'not there yet');
  return bad('box', box ? 'it is not closed' : 'none: the answer is looked for in the last sentences');
}

function verdictRows(look: BranchLook, { raw, finish }: ReadAnswer): readonly Understood[] {
  if (finish === undefined) return [open('verdict', 'comes from verify, at the end')];
  const { context, branch } = look;
  const check = checkPath(context, { raw, finish, round: branch.round });
  const verdicts = check.verdicts.map(({ checker, kind, extracted, reason }) => {
    const words = `${kind}: ${reason}${extracted === null ? '' : `, read as ${extracted.slice(0, 200)}`}`;
    return kind === 'correct' ? good(checker === 'typed' ? 'verdict' : checker, words) : bad(checker === 'typed' ? 'verdict' : checker, words);
  });
  const failed = check.failed.filter(({ step }) => step !== 'verify' && step !== 'extract' && step !== 'leak');
  return [...verdicts, ...failed.map(({ step, reason }) => bad(step, reason))];
}

function finishRow(answer: ReadAnswer | undefined): Understood {
  if (!answer) return open('finish', 'comes with the answer');
  if (answer.finish === undefined) return open('finish', `at most ${counted(answer.limit, 'token')}`);
  if (answer.edited) return good('finish', 'a person wrote it');
  const tokens = answer.outputTokens === undefined ? '' : ` after ${counted(answer.outputTokens, 'token')}`;
  switch (answer.finish) {
    case 'stop': return good('finish', `ended of itself${tokens}`);
    case 'length': return bad('finish', `cut at ${counted(answer.limit, 'token')}`);
    case 'filtered': return bad('finish', 'withheld by the server');
    case 'unknown': return open('finish', `the server did not say why it ended${tokens}`);
  }
}

const words: Readonly<Record<string, string>> = {
  'choice-invalid': 'no valid choice of guidelines', 'adapt-unusable': 'empty, or a refusal', 'structure-unusable': 'no steps, or a refusal',
  'judge-unusable': 'neither yes nor no', 'answer-cut': 'cut off at the token limit', 'reply-empty': 'nothing came',
};

/** Why an answer could not be used, in words. */
export const reasonWords = (reason: string): string => words[reason] ?? reason;
