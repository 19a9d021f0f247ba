/** What a filter of the prompt language is applied to, what it takes, and what it gives. */
export interface FilterSignature {
  readonly operand: 'text' | 'texts' | 'text or list';
  /** What it takes, in order. */
  readonly args: readonly ('text' | 'boolean')[];
  /** How many of them must be there. */
  readonly least: number;
  readonly result: 'text' | 'number';
}

const onText = { operand: 'text', args: [], least: 0, result: 'text' } as const;

/** Filters of the prompt language. */
export const filterSignatures = {
  default: { ...onText, args: ['text', 'boolean'], least: 1 },
  join: { operand: 'texts', args: ['text'], least: 0, result: 'text' },
  length: { operand: 'text or list', args: [], least: 0, result: 'number' },
  lower: onText,
  replace: { ...onText, args: ['text', 'text'], least: 2 },
  trim: onText,
  upper: onText,
} as const satisfies Readonly<Record<string, FilterSignature>>;

/** A filter of the prompt language. */
export type FilterName = keyof typeof filterSignatures;

/** What is known of a filter; absent for a name that is none. */
export const signatureOf = (name: string): FilterSignature | undefined => (Object.hasOwn(filterSignatures, name) ? filterSignatures[name as FilterName] : undefined);
