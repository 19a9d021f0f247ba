// Texts of paths as elements, each made once: the next path is on screen in the next frame.
import type { ReviewItem } from '../../contract/review.ts';
import { formulaText, mathText, plainText, mostFormulas, whenFormulasArrive, type FormulaBudget } from '../kit/mathText.ts';
import { layoutOf, type Layout, type Wanted } from './steps.ts';

interface Made {
  readonly budget: FormulaBudget;
  readonly elements: Map<string, HTMLElement>;
}

let made = new WeakMap<ReviewItem, Made>();
const layouts = new WeakMap<ReviewItem, Layout>();

// what was drawn without formulas is drawn again with them
whenFormulasArrive(() => { made = new WeakMap(); });

/** How an item is laid out. */
export function layout(item: ReviewItem): Layout {
  const known = layouts.get(item) ?? layoutOf(item);
  layouts.set(item, known);
  return known;
}

/** How long texts are made for one drawing; what is left is plain text until the next. */
const patienceMs = 25;
let spentMs = 0;
let unfinished = false;

/** A drawing begins. */
export function beginTexts(): void {
  spentMs = 0;
  unfinished = false;
}

/** Whether some texts of this drawing are to be made yet. */
export const hasUnfinishedTexts = (): boolean => unfinished;

/** Most formulas of a question. */
const mostOfQuestion = 40;

/** The question of an item as far as it is shown, with its formulas drawn. */
export function questionOf(item: ReviewItem, text: string): HTMLElement {
  const { elements } = madeOf(item);
  const key = `question ${text.length}`;
  const element = elements.get(key) ?? formulaText(text, { left: mostOfQuestion });
  elements.set(key, element);
  return element;
}

function madeOf(item: ReviewItem): Made {
  const own = made.get(item) ?? { budget: { left: mostFormulas }, elements: new Map<string, HTMLElement>() };
  made.set(item, own);
  return own;
}

/** A text of an item as an element, always the same one once it has been made. */
export function textOf(item: ReviewItem, { key, text, mark }: Wanted): HTMLElement {
  const own = madeOf(item);
  const known = own.elements.get(key);
  if (known) return known;
  if (spentMs > patienceMs) {
    unfinished = true;
    return plainText(text);
  }
  const started = performance.now();
  const element = mathText(text, own.budget, mark);
  spentMs += performance.now() - started;
  own.elements.set(key, element);
  return element;
}
