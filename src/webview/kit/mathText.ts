import DOMPurify from 'dompurify';
import { visible } from '../../client/words.ts';
import { formulasReady, type FormulaWriter } from '../math/ready.ts';
import { dedented, findFormulas, signedText, signs, type Formula } from './formulas.ts';
import { renderMarkdown } from './markdown.ts';

/** Presentation of a formula, without whatever could move it over its neighbours, hide it or lead away from the page. */
const allowed = ['math', 'mrow', 'mi', 'mn', 'mo', 'ms', 'mtext', 'mspace', 'mfrac', 'msqrt', 'mroot', 'msub', 'msup', 'msubsup', 'munder', 'mover', 'munderover', 'mmultiscripts', 'mprescripts', 'mtable', 'mtr', 'mtd', 'menclose', 'mstyle'];
const attributes = ['display', 'mathvariant', 'stretchy', 'fence', 'separator', 'accent', 'accentunder', 'linethickness', 'notation', 'columnalign', 'displaystyle', 'scriptlevel', 'width', 'form', 'movablelimits', 'symmetric'];

/** Formulas that are still drawn of one path; the others stay text. */
export interface FormulaBudget {
  left: number;
}

/** Most formulas of one path. */
export const mostFormulas = 200;

let write: FormulaWriter | undefined;
let asked = false;
/** Where this very script came from, and what lets it run: another one of ours needs the same. */
const own = document.currentScript instanceof HTMLScriptElement ? { nonce: document.currentScript.nonce, src: document.currentScript.src } : undefined;
const arrived = new Set<() => void>();

/** Calls once formulas can be drawn that could not be until then. */
export const whenFormulasArrive = (call: () => void): void => { arrived.add(call); };

/** The script that draws formulas is large, and most paths have none. */
function askForFormulas(): void {
  if (asked || !own) return;
  asked = true;
  document.addEventListener(formulasReady, event => {
    if (!(event instanceof CustomEvent)) return;
    write = event.detail as FormulaWriter;
    for (const call of arrived) call();
  }, { once: true });
  const script = document.createElement('script');
  script.nonce = own.nonce;
  script.src = new URL('math.js', own.src).href;
  document.head.append(script);
}

/** A text as it was written, in the place of what `mathText` makes of it. */
export function plainText(text: string): HTMLElement {
  const place = document.createElement('div');
  place.className = 'md text';
  place.append(visible(text));
  return place;
}

/** Markdown and LaTeX of a model as an element to be put into the page. @param mark what is marked of it: offsets into the text */
export function mathText(text: string, budget: FormulaBudget, mark?: { readonly start: number; readonly end: number }): HTMLElement {
  const whole = mark ? text : dedented(text);
  const { source, formulas } = signedText(whole, mark);
  const place = document.createElement('div');
  place.className = 'md';
  place.append(renderMarkdown(source));
  for (const heading of place.querySelectorAll('h1, h2, h3, h4, h5, h6')) heading.replaceWith(asParagraph(heading));
  if (formulas.length > 0 || mark) fillSigns(place, formulas.map(formula => drawn(formula, whole.slice(formula.start, formula.end), budget)));
  return place;
}

/** A text as it was written but for its formulas, to stand in a line. */
export function formulaText(text: string, budget: FormulaBudget): HTMLElement {
  const [place, line] = [document.createElement('span'), document.createElement('span')];
  place.className = 'md';
  let at = 0;
  for (const formula of findFormulas(text)) {
    const { start, end } = formula;
    line.append(visible(text.slice(at, start)), drawn(formula, text.slice(start, end), budget));
    at = end;
  }
  line.append(visible(text.slice(at)));
  place.append(line);
  return place;
}

/** A heading of a model is none of the page's. */
function asParagraph(heading: Element): HTMLElement {
  const [paragraph, strong] = [document.createElement('p'), document.createElement('strong')];
  strong.append(...heading.childNodes);
  paragraph.append(strong);
  return paragraph;
}

function drawn(formula: Formula, raw: string, budget: FormulaBudget): HTMLElement {
  const place = document.createElement('span');
  const nodes = formula.box ? undefined : mathOf(formula, budget);
  place.className = formula.box ? 'box' : nodes ? `formula${formula.display ? ' block' : ''}` : 'tex';
  place.append(nodes ?? visible(formula.box ? formula.tex : raw));
  return place;
}

/** Undefined where the formula stays text: not LaTeX, one too many, or nobody there yet who could draw it. */
function mathOf({ tex, display }: Formula, budget: FormulaBudget): DocumentFragment | undefined {
  if (budget.left <= 0) return undefined;
  if (!write) {
    askForFormulas();
    return undefined;
  }
  budget.left -= 1;
  const html = write(visible(tex), display);
  if (html === undefined) return undefined;
  const nodes = DOMPurify.sanitize(html, { ALLOWED_TAGS: allowed, ALLOWED_ATTR: attributes, ADD_FORBID_CONTENTS: ['annotation'], RETURN_DOM_FRAGMENT: true });
  for (const space of nodes.querySelectorAll('[width]')) if (!isPlainSpace(space.getAttribute('width') ?? '')) space.removeAttribute('width');
  return nodes.textContent.trim() === '' ? undefined : nodes; // a rule, or a space: what is written there would be seen by nobody
}

/** Not over what stands before it, and not as wide as to push what follows out of sight; a \qquad is 2. */
const isPlainSpace = (width: string): boolean => /^[\d.]+em$/.test(width) && Number.parseFloat(width) <= 4;

/** Puts formulas in the place of their signs, and marks what stands between two others. */
function fillSigns(root: HTMLElement, formulas: readonly HTMLElement[]): void {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) if (walker.currentNode instanceof Text) texts.push(walker.currentNode);
  let marking = false;
  const marked = (node: Node): Node => {
    if (!marking || node.textContent?.trim() === '') return node;
    const mark = document.createElement('mark');
    mark.className = 'leak';
    mark.append(node);
    return mark;
  };
  for (const text of texts) {
    const nodes: Node[] = [];
    for (const piece of text.data.split(/(\uE000\d+\uE001|[\uE002\uE003])/)) {
      if (piece === signs.mark || piece === signs.unmark) marking = piece === signs.mark;
      else if (piece.startsWith(signs.formula)) nodes.push(marked(formulas[Number(piece.slice(1, -1))] ?? document.createTextNode('')));
      else if (piece !== '') nodes.push(marked(document.createTextNode(piece)));
    }
    text.replaceWith(...nodes);
  }
}
