// Sorting the rows of a table. Knows no DOM.

/** By what a table is sorted, and which way. */
export interface Sorting<Column extends string> {
  readonly column: Column;
  readonly descending: boolean;
}

/** Rows in another order; equal ones keep theirs, and those without a value stand last either way. */
export function sorted<Row>(rows: readonly Row[], value: (row: Row) => string | number | null, descending: boolean): readonly Row[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort((left, right) => {
    const [a, b] = [value(left), value(right)];
    if (a === null || b === null) return (a === null ? 1 : 0) - (b === null ? 1 : 0);
    return sign * (typeof a === 'string' && typeof b === 'string' ? a.localeCompare(b, 'en') : Number(a) - Number(b));
  });
}

/** What a click on a column's head makes of a sorting: its other way round, or this column, figures from the largest. */
export const turned = <Column extends string>(now: Sorting<Column>, column: Column, isFigure: boolean): Sorting<Column> =>
  (now.column === column ? { column, descending: !now.descending } : { column, descending: isFigure });
