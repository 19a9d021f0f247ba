// Draws formulas; loaded by a page when the first one is to be shown.
import katex from 'katex';
import { formulasReady } from './ready.ts';

/** What would not be seen of a formula: addresses, names for what follows, and things that only a trusted text may do. Such a formula stays text. */
const unseen = /\\(?:href|url|includegraphics|html[A-Za-z]+|[gex]?def|let|futurelet|global|long|(?:new|renew|provide)command|char|label|require)(?![A-Za-z])/;

/** Groups in groups that a formula has at most: a browser takes longer to lay them out the deeper they are, and nobody reads more. */
const deepest = 24;
/** Characters of MathML that a formula comes to at most: it is laid out as a whole. */
const longestDrawn = 12_000;

function isDeep(tex: string): boolean {
  let depth = 0;
  for (const [sign] of tex.matchAll(/\\left(?![A-Za-z])|\\right(?![A-Za-z])|\\begin|\\end|\\[\s\S]|[{}]/g)) {
    if (sign === '{' || sign === '\\left' || sign === '\\begin') depth += 1;
    else if (sign === '}' || sign === '\\right' || sign === '\\end') depth -= 1;
    if (depth > deepest) return true;
  }
  return false;
}

/** MathML needs neither fonts nor styles of ours, and is read aloud. Nothing in a formula is trusted: no links, no classes, no styles. */
function write(tex: string, display: boolean): string | undefined {
  if (unseen.test(tex) || isDeep(tex)) return undefined;
  const whole = tex.replaceAll(/(?<!\\)%/g, '\\%'); // a sign of percent, and no remark that hides the rest
  const html = katex.renderToString(whole, { output: 'mathml', displayMode: display, trust: false, maxExpand: 100, maxSize: 20, throwOnError: false, strict: 'ignore' });
  return html.includes('katex-error') || html.length > longestDrawn ? undefined : html;
}

document.dispatchEvent(new CustomEvent(formulasReady, { detail: write }));
