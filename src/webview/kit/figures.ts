// How figures are written on pages. Knows no DOM.
import { thousands } from '../../client/words.ts';

/** A share as percent with one decimal, such as `97.8 %`; never 100.0 for less than all, never 0.0 for more than none. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '–';
  const exact = (part / whole) * 100;
  if (part > 0 && exact < 0.05) return '< 0.1 %';
  if (part < whole && exact >= 99.95) return '> 99.9 %';
  return `${exact.toFixed(1)} %`;
}

/** A loss, with a true minus; empty for none. */
export const minus = (count: number): string => (count === 0 ? '' : `−${thousands(count)}`);

/** A length of a drawing in percent, kept within it. */
export const part = (of: number, whole: number): string => `${(whole <= 0 ? 0 : Math.min(100, Math.max(0, (of / whole) * 100))).toFixed(2)}%`;
