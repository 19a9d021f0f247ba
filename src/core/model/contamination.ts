/** How two tasks are found to be the same: word for word after normalisation, by the runs of eight words that they share, or by the few characters in which they differ. */
export const contaminationKinds = ['exact', 'ngrams', 'edit'] as const;
/** One of `contaminationKinds`. */
export type ContaminationKind = (typeof contaminationKinds)[number];

/** From where on two tasks count as nearly the same. */
export interface ContaminationThresholds {
  /** Least share of its runs of eight words that the task with fewer of them has in common with the other, above 0 and up to 1. A task of fewer than eight words has none. */
  readonly ngrams: number;
  /** Least share of the longer text that stays where as few characters as possible are changed, from 0.6 to 1. */
  readonly edit: number;
  /**
   * Whether numbers and signs of calculation must be the same, in whatever order: where few characters differ all of them, where runs are shared those of the task that has
   * fewer of them. Without it sums that are made by one template are near.
   */
  readonly sameNumbers: boolean;
}

/**
 * What is used where nobody says otherwise. Runs of eight words, and half of them: so Tülu 3 (N. Lambert et al., 2024) decontaminates its prompts, but for counting the words that
 * such runs cover; the 13 words of GPT-3 (T. Brown et al., 2020, appendix C) are made for web pages, and more than many questions have. The edit distance and the numbers
 * are ours.
 */
export const usualThresholds: ContaminationThresholds = { ngrams: 0.5, edit: 0.9, sameNumbers: true };

/** Words of a run; see `usualThresholds`. */
export const ngramWords = 8;
