// Draws formulas; loaded by a page when the first one is to be shown.
import katex from 'katex';
import { formulasReady } from './ready.ts';

/** What would not be seen of a formula: addresses, names for what follows, and things that only a trusted text may do. Such a formula stays text. */
const unseen = /\\(?:href|url|includegraphics|html[A-Za-z]+|[gex]?def|let|futurelet|global|long|(?:new|renew|provide)command|char|label|require)(?![A-Za-z])/;

/** MathML needs neither fonts nor styles of ours, and is read aloud. Nothing in a formula is trusted: no links, no classes, no styles. */
function write(tex: string, display: boolean): string | undefined {
  if (unseen.test(tex)) return undefined;
  const whole = tex.replaceAll(/(?<!\\)%/g, '\\%'); // a sign of percent, and no remark that hides the rest
  const html = katex.renderToString(whole, { output: 'mathml', displayMode: display, trust: false, maxExpand: 100, maxSize: 20, throwOnError: false, strict: 'ignore' });
  return html.includes('katex-error') ? undefined : html;
}

document.dispatchEvent(new CustomEvent(formulasReady, { detail: write }));
