/** One step of a structure or a path. */
export interface Step {
  /** Exactly `input.slice(start, end)`: markers and quotes around it are left out, marks within it stay. */
  readonly text: string;
  /** UTF-16 offsets into the text that was cut. Steps are in the order of the text and never overlap. */
  readonly start: number;
  readonly end: number;
  /** What its marker counts, from 1; absent for bullets, headings and prose. */
  readonly number?: number;
}

/** Which of the two texts is cut: a structure is nothing but its list, while in a path what stands around the list is work too. */
export type StepRole = 'structure' | 'path';

/** A part of a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A part of a text that may become a step. */
export interface Piece extends Span {
  readonly number?: number;
}
