/** What the script of formulas says once it is there: the event's detail writes MathML of a formula, or nothing of what is no LaTeX. */
export const formulasReady = 'formulas-ready';
/** See `formulasReady`. */
export type FormulaWriter = (tex: string, display: boolean) => string | undefined;
