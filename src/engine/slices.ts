import type { Clock } from '../ports/clock.ts';

/** How long work goes on in one piece: what a person does meanwhile is answered soon after, and 1 ms of waiting for each piece is little. */
const sliceMs = 5;

/**
 * Cuts long work into pieces, so that an engine answers while it goes on. The function that comes back is called after each step: mostly it returns at once,
 * and when a slice is over it lets everything else that waits have its turn. Facts may change there.
 */
export function inSlices(clock: Clock): () => Promise<void> {
  let beganMs = clock.monotonicMs();
  return async () => {
    if (clock.monotonicMs() - beganMs < sliceMs) return;
    await clock.sleep(0, new AbortController().signal);
    beganMs = clock.monotonicMs();
  };
}
