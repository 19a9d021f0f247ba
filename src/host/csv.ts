// Tables as text for a spreadsheet. Knows nothing of the editor.

/** A cell: a figure, words, or nothing. */
export type Cell = string | number | null;

/** What a spreadsheet would take for a formula, where somebody else wrote it. */
const formula = /^[=+\-@\t\r]/;

function cell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = formula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A table as RFC 4180 has it: a line of names, then the rows, each ended by CR LF. */
export const csv = (names: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [names, ...rows].map(row => `${row.map(cell).join(',')}\r\n`).join('');
