// What the page says. Knows no DOM.
import { codeWords, counted, duration, thousands, visible } from '../../client/words.ts';
import type { ReviewAction, ReviewCommand } from '../../contract/pages/review.ts';
import type { ReviewItem, ReviewStand } from '../../contract/review.ts';
import type { Decision, Doubt, RejectReason } from '../../core/model/review.ts';
import type { Checker } from '../../core/model/verdict.ts';

/** The nine reasons of a reject, in the order of their keys. */
export const reasonWords: Readonly<Record<RejectReason, string>> = {
  'leak': 'Leak', 'wrong-step': 'Wrong Step', 'lucky': 'Lucky', 'skips-steps': 'Skips', 'off-structure': 'Off Structure', 'unclear': 'Unclear', 'repeats': 'Repeats',
  'wrong-known-answer': 'Wrong Known Answer', 'other': 'Other',
};

const doubtWords: Readonly<Record<Doubt, string>> = {
  'disagree': 'checkers disagree', 'leak': 'leak', 'unjudged': 'not judged', 'lost-to-format': 'lost for its form', 'low-coverage': 'little of the structure is carried out',
  'rare-guideline': 'rare guideline', 'hinted': 'hinted',
};

/** Why a path is shown, such as `leak in a hinted path`; empty where there is nothing to say. */
export function whyWords({ doubts, sampled, unneeded }: Pick<ReviewItem, 'doubts' | 'sampled' | 'unneeded'>): string {
  if (unneeded === true) return 'no longer needed';
  const own = doubts.filter(doubt => doubt !== 'hinted').map(doubt => doubtWords[doubt]).join(', ');
  if (doubts.includes('hinted')) return own === '' ? 'hinted path' : `${own} in a hinted path`;
  return own === '' && sampled ? 'drawn at random' : own;
}

/** Where the person is. @param back how many paths further the next undecided one is, where a decided one is shown */
export function placeWords({ decided, total, back }: { readonly decided: number; readonly total: number; readonly back: number | undefined }): string {
  if (back === undefined) return `${thousands(Math.min(decided + 1, Math.max(total, 1)))} of ${thousands(Math.max(total, 1))}`;
  return `${back > 0 ? `${thousands(back)} back, ` : ''}${thousands(decided)} of ${thousands(total)} decided`;
}

/** How long the rest takes; absent where nobody knows. */
export function timeLeft(left: number, perMinute: number | null): string | undefined {
  if (perMinute === null || perMinute <= 0 || left <= 0) return undefined;
  return `${duration((left / perMinute) * 60_000)} left`;
}

/** Decisions a minute, with one decimal where there are few. */
export const rateWords = (perMinute: number): string => `${perMinute < 3 ? perMinute.toFixed(1).replace(/\.0$/, '') : thousands(Math.round(perMinute))} a minute`;

type Precision = NonNullable<ReviewStand['precision']>;

/** `0.95 ± 0.02`: half of the interval. */
export const precisionWords = ({ exported: { share, low, high } }: Precision): string => `${share.toFixed(2)} ± ${((high - low) / 2).toFixed(2)}`;

/** Where the figure of `precisionWords` comes from. */
export function precisionSays({ exported, filtered }: Precision): string {
  const range = ({ low, high }: Precision['exported']) => `${low.toFixed(2)} to ${high.toFixed(2)}`;
  return `Share of right paths in what would be exported: ${range(exported)} with 95 % certainty, from ${counted(exported.of, 'random path')} that people decided about. What the filters let through, without people's decisions: ${filtered.share.toFixed(2)} (${range(filtered)}).`;
}

const leakWords: Readonly<Record<string, string>> = { 'names-given-answer': 'Says that the answer was given', 'answer-first': 'Says the answer first', 'copies-hint': 'Copies the hint' };

const checkerWords: Readonly<Record<Checker, { readonly tag: string; readonly says: string }>> = {
  typed: { tag: '', says: 'The typed grader' }, reference: { tag: 'released filter ', says: 'The released filter' }, judge: { tag: 'judge ', says: 'The model as judge' },
  vote: { tag: 'vote ', says: 'The majority' }, leak: { tag: 'leak ', says: 'The leak check' },
};

/** What a checker found, in few words and in many. */
export function verdictWords({ checker, kind, reason, extracted }: ReviewItem['verdicts'][number]): { readonly tag: string; readonly says: string } {
  if (checker === 'leak') return { tag: `leak · ${codeWords(reason)}`, says: `The leak check: ${(leakWords[reason] ?? codeWords(reason)).toLowerCase()}` };
  const { tag, says } = checkerWords[checker];
  return { tag: `${tag}${kind} · ${codeWords(reason)}`, says: `${says} found it ${kind}: ${codeWords(reason)}${extracted === null ? '' : `, reading “${extracted.slice(0, 200)}”`}` };
}

/** What the band says of a path: how it betrays itself, and whether it is in the data set. @param own what the person has decided, which the engine may not have heard of */
export function bandWords(item: Pick<ReviewItem, 'leak' | 'kept' | 'loss' | 'hinted' | 'unneeded'>, own: Decision): string {
  const { leak, hinted, unneeded } = item;
  if (unneeded === true) return 'Other paths of the task are enough. Go on with j.';
  const told = leak ? `${leakWords[leak.reason] ?? 'Betrays that the answer was known'}. ` : hinted ? 'Was shown the known answer. ' : '';
  return `${told}${own === 'reject' ? 'Left out of the data set, since you rejected it.' : own === 'accept' || own === 'amend' ? 'In the data set, unless somebody rejects it.' : fateWords(item)}`;
}

function fateWords({ kept, loss, leak }: Pick<ReviewItem, 'leak' | 'kept' | 'loss'>): string {
  if (kept) return 'In the data set unless you reject it.';
  switch (loss?.step) {
    case 'review': return 'Left out of the data set, since a person rejected it.';
    case 'duplicate': return 'Left out of the data set: another path says the same.';
    case 'cap': return 'Left out of the data set: enough other paths of the task are kept.';
    default: return `Left out of the data set${loss && !leak ? ` (${codeWords(loss.reason)})` : ''} unless you accept it.`;
  }
}

const decided: Readonly<Record<Decision, string>> = { accept: 'accepted', reject: 'rejected', amend: 'amended', unsure: 'were unsure of', none: 'took back what was decided about' };

/** What somebody thinks of a path, such as `You rejected this: wrong step`. */
export function judgementWords(who: string, { decision, reason }: { readonly decision: Decision; readonly reason?: RejectReason | undefined }): string {
  const verb = decision === 'unsure' && who !== 'You' ? 'was unsure of' : decided[decision];
  return `${who} ${verb} this${reason === undefined ? '' : `: ${reasonWords[reason].toLowerCase()}`}`;
}

/** Size of a path and whether it fits, such as `118 tokens, in length`. */
export function sizeWords({ outputTokens, failed, loss, finish }: Pick<ReviewItem, 'outputTokens' | 'failed' | 'loss' | 'finish'>): string {
  const length = [...(loss ? [loss] : []), ...failed].find(({ step }) => step === 'length');
  const fits = finish === 'length' ? 'cut at its limit' : finish === 'filtered' ? 'withheld by the server' : length ? codeWords(length.reason) : 'in length';
  return `${outputTokens === undefined ? '' : `${counted(outputTokens, 'token')}, `}${fits}`;
}

/** Whether a mark on a path says that a decision is done. */
const spoken: Readonly<Record<ReviewAction['kind'], string>> = { decide: '', reject: 'Rejected', amend: 'Amended', mark: 'Bad step', annotate: 'Note saved', undo: 'Undone', redo: 'Done again' };

/** What a screen reader says of an action. */
export function actionWords(action: ReviewAction, stand: { readonly decided: number; readonly total: number }): string {
  const of = `${thousands(stand.decided)} of ${thousands(stand.total)}.`;
  switch (action.kind) {
    case 'decide': return `${action.decision === 'accept' ? 'Accepted' : 'Unsure'}. ${of}`;
    case 'reject': return `Rejected${action.reason === undefined ? '' : `, ${reasonWords[action.reason].toLowerCase()}`}. ${of}`;
    case 'mark':
    case 'annotate': return `${spoken[action.kind]}.`;
    default: return `${spoken[action.kind]}. ${of}`;
  }
}

/** Characters of a question that are read out before anybody asks for it. */
const mostRead = 120;

/** What a screen reader says of a path that has come: why it is shown, and how its task begins. */
export function arrivalWords(item: Pick<ReviewItem, 'task' | 'doubts' | 'sampled' | 'unneeded'>): string {
  const why = whyWords(item);
  const question = visible(item.task.question.slice(0, 10 * mostRead).replaceAll(/\s+/g, ' ').trim());
  return `${why === '' ? 'Path' : `Path, ${why}`}: ${question.length > mostRead ? `${question.slice(0, mostRead)}…` : question}`;
}

/** A key of the page, as it is printed. */
export interface KeyWord {
  readonly key: string;
  readonly command: ReviewCommand;
  readonly title: string;
}

/** Every key outside of texts, in groups for the sheet of all keys. */
export const keyGroups: readonly { readonly title: string; readonly keys: readonly KeyWord[] }[] = [
  {
    title: 'Decide', keys: [
      { key: 'a', command: 'accept', title: 'Accept' }, { key: 'x', command: 'reject', title: 'Reject, then 1 to 9 for the reason or Enter for none' }, { key: 'u', command: 'unsure', title: 'Unsure' },
      { key: 'e', command: 'amend', title: 'Amend the text' }, { key: 'n', command: 'note', title: 'Write a note' }, { key: 's', command: 'markStep', title: 'Mark the step as bad, or take the mark away' },
      { key: 'z', command: 'undo', title: 'Undo' }, { key: 'Shift+Z', command: 'redo', title: 'Redo' },
    ],
  },
  {
    title: 'Look', keys: [
      { key: 'Space', command: 'nextStep', title: 'Next step' }, { key: ']', command: 'nextDoubt', title: 'Next doubtful step' }, { key: '[', command: 'previousDoubt', title: 'Previous doubtful step' },
      { key: 'j', command: 'next', title: 'Next path, without deciding' }, { key: 'k', command: 'previous', title: 'Previous path' }, { key: 'c', command: 'compare', title: 'Compare two paths of the task' },
      { key: 'd', command: 'diff', title: 'Open the differences in an editor' }, { key: '?', command: 'keys', title: 'All keys' },
    ],
  },
];

/** When a review was made, as a day. */
export const dayWords = (atMs: number): string => new Date(atMs).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** Groups of the rail: their names, in order, with what stands before them. */
export const groupLooks: Readonly<Record<ReviewItem['rail'][number]['group'], { readonly title: string; readonly icon: string; readonly tone: string }>> = {
  kept: { title: 'Kept', icon: 'pass-filled', tone: 'ok' }, rejected: { title: 'Rejected', icon: 'circle-slash', tone: 'bad' }, leak: { title: 'Leak', icon: 'warning', tone: 'warn' },
  correct: { title: 'Correct', icon: 'pass', tone: 'ok' }, unjudged: { title: 'Unjudged', icon: 'question', tone: 'dim' }, incorrect: { title: 'Incorrect', icon: 'error', tone: 'bad' },
  unreadable: { title: 'Unreadable', icon: 'circle-large-outline', tone: 'dim' },
};
