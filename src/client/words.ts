import { drawTitle } from '../core/model/branchTitle.ts';
import type { ContaminationKind, ContaminationThresholds } from '../core/model/contamination.ts';
import type { ExtractionRule } from '../core/model/evaluation.ts';
import type { RateBound } from '../core/model/run.ts';
import type { AnswerKind } from '../core/model/task.ts';

/** A number with thousands commas. */
export const thousands = (value: number): string => value.toLocaleString('en-US');

/** A count with its noun: `1 task`, `12 tasks`. */
export const counted = (count: number, noun: string): string => `${thousands(count)} ${noun}${count === 1 ? '' : 's'}`;

/** What kinds of answer are called. */
export const kindWords: Readonly<Record<AnswerKind, string>> = { number: 'number', expression: 'expression', choice: 'choice', yesno: 'yes or no', text: 'text' };

/** A stable code as words: `no-box` is `no box`. */
export const codeWords = (code: string): string => code.replaceAll('-', ' ');

/** How answers of models are read. */
export const extractionWords: Readonly<Record<ExtractionRule, string>> = { boxed: 'read from its last box alone', any: 'read in any form that announces it' };

/** A difference of shares in points with a sign and a true minus: `+7.0`, `−0.5`, `0.0`. */
export function points(value: number): string {
  const digits = Math.abs(value * 100).toFixed(1);
  return digits === '0.0' ? digits : `${value < 0 ? '−' : '+'}${digits}`;
}

/** What a branch is called by its id: `guideline:break-down` is `break down`, `drawn:6` is `draw 7`. */
export const branchWords = (id: string): string => drawTitle(id)?.toLowerCase() ?? codeWords(id.replace(/^guideline:/, ''));

/** A duration as people say it: `42 s`, `3 min`, `1 h 20 min`, `12 days`. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${thousands(Math.round(hours / 24))} days`;
}

/** Named counts, largest first, as `12 not-equal, 3 no-box`; those at 0 are left out. */
export const reasons = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts).filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a).map(([reason, count]) => `${thousands(count)} ${reason}`).join(', ');

/** Control characters but for tab and line ends, those that turn the direction of writing, and those of no width or ink; not the joiners that scripts and emoji need. */
const unseen = /(?![\t\n\r])[\p{Cc}\u00AD\u061C\u115F\u1160\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\u2800\u3164\uFEFF\uFFA0\uFFF9-\uFFFB\u{E0000}-\u{E0FFF}]/gu;

/** A text with what cannot be seen written out, such as `‹U+202E›`: nobody can hide in it what a model is trained on. */
export const visible = (text: string): string => text.replaceAll(unseen, character => `‹U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`);

/** Why a row of a file was refused: its line stands beside it, and the field is named once. */
export function refusalReason({ field, message }: { readonly field?: string | undefined; readonly message: string }): string {
  const text = message.replace(/^line \d+: /, '');
  return field === undefined || text.toLowerCase().includes(field.toLowerCase()) ? text : `${field}: ${text}`;
}

/** What limits the rate of a run. */
export const boundWords: Readonly<Record<RateBound, string>> = {
  'queue': 'the server', 'cache': 'its memory', 'client': 'this machine', 'setting': 'your setting', 'rate-limit': 'its rate limit', 'gone': 'an outage', 'tail': 'the last tasks', 'ramp': 'the start',
};

/** What was found of a training set in evaluation sets. */
interface SetsFound {
  readonly thresholds: ContaminationThresholds;
  readonly sets: readonly { readonly evaluation: string; readonly exact: number; readonly near: number }[];
}

/** What of a training set stands in evaluation sets as well, and what counts as near where that is any of it; empty where nothing does. */
export function contaminationWords(found: SetsFound | null | undefined): string {
  if (!found || found.sets.length === 0) return '';
  const { sets, thresholds } = found;
  const parts = sets.map(({ evaluation, exact, near }) => `${counted(exact + near, 'task')} of ${visible(evaluation)}`);
  const [all, near] = [sets.reduce((sum, set) => sum + set.exact + set.near, 0), sets.reduce((sum, set) => sum + set.near, 0)];
  const alike = near === 0 ? '' : near === all ? ', nearly word for word' : `, ${thousands(near)} of them nearly word for word`;
  return `${listed(parts)} ${all === 1 ? 'stands' : 'stand'} in this training set${alike}${near === 0 ? '' : `, counted as ${thresholdWords(thresholds)}`}`;
}

const listed = (parts: readonly string[]): string => (parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`);

/** How alike two tasks are, as it is counted: `the same after normalisation`, `83 % shared 8-grams`, `edit 0.95`. */
export function likenessWords({ how, share }: { readonly how: ContaminationKind; readonly share: number }): string {
  switch (how) {
    case 'exact': return 'the same after normalisation';
    case 'ngrams': return `${Math.floor(share * 100 + 1e-9)} % shared 8-grams`;
    case 'edit': return `edit ${hundredths(share)}`;
  }
}

/** From where on two tasks count as nearly the same. */
export const thresholdWords = ({ ngrams, edit, sameNumbers }: ContaminationThresholds): string =>
  `near: shared 8-grams from ${Math.round(ngrams * 100)} %, edit from ${hundredths(edit)}${sameNumbers ? ', with the same numbers' : ''}`;

/** That there is more than is listed: a sentence to be put behind the others; empty where there is not. */
export const leftWords = (left: number): string => (left === 0 ? '' : ` ${counted(left, 'more pair')} ${left === 1 ? 'was' : 'were'} counted and not kept: of every task the best are.`);

/** Rounded down: what is below a threshold is not shown as being at it. */
const hundredths = (share: number): string => (Math.floor(share * 100 + 1e-9) / 100).toFixed(2);
