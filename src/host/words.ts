// How large numbers and texts of somebody else are written on screen. Knows nothing of the editor.
import { thousands, visible } from '../client/words.ts';
import type { Problem } from '../core/model/problem.ts';
import type { RunState } from '../core/model/run.ts';

/** A large number in two or three digits: `412`, `9.1 k`, `1.2 M`. */
export function rounded(value: number): string {
  if (value < 1000) return String(Math.round(value));
  const [size, unit] = value < 999_500 ? [value / 1000, 'k'] : [value / 1_000_000, 'M'];
  return `${size < 10 ? size.toFixed(1) : thousands(Math.round(size))} ${unit}`;
}

/** A text of somebody else on one line: white space folded, and what cannot be seen written out. */
export const oneLine = (text: string): string => visible(text).replaceAll(/\s+/gu, ' ').trim();

/** A text of somebody else on one line of at most `most` characters, with an ellipsis where it was cut. */
export function shortened(text: string, most: number): string {
  const characters = [...oneLine(text.slice(0, most * 8))];
  return characters.length <= most ? characters.join('') : `${characters.slice(0, most - 1).join('').trimEnd()}…`;
}

/** A text of somebody else that another one stands beside: what is written from the right does not draw the other into its order. */
export const isolated = (text: string): string => (/[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFE]/u.test(text) ? `\u2068${text}\u2069` : text);

/** A text of somebody else for a message box, which would make a link, even one that runs a command, of `[words](address)`. */
export const withoutLinks = (text: string): string => text.replaceAll('](', '] (');

/** The state of a run or an evaluation in a few words: one that a wrong or missing key has paused waits for another, as `regenesis engines` has it. */
export const stateWords = ({ state, problem }: { readonly state: RunState; readonly problem?: Pick<Problem, 'code'> | undefined }): string =>
  (state === 'paused' && problem?.code === 'server-wrong-key' ? 'waiting for a key' : state);

/** A message of the engine as a sentence of its own: a capital first, unless that is the name of a file or an address, and a full stop last. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  const begun = trimmed.replace(/^\p{Ll}(?=[\p{L}'’-]*(?:[\s,;!?]|[.:]?$|[.:]\s))/u, first => first.toUpperCase());
  return `${begun}${/[.!?…]$/.test(trimmed) ? '' : '.'}`;
}
