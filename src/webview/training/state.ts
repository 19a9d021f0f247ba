import type { TrainingIntent, TrainingSnapshot } from '../../contract/pages/training.ts';
import type { Drawn } from '../kit/page.ts';

/** How a person left the page. */
export interface TrainingView {
  /** Which records are shown whole. */
  readonly record: number;
}

/** What the page is drawn from. */
export type TrainingPage = Drawn<TrainingSnapshot, TrainingIntent, TrainingView>;
