import { boundWords, duration, thousands } from '../client/words.ts';
import type { RunProgress } from '../contract/reports.ts';
import type { CommandEnvironment } from './command.ts';

/** Between two lines where the output is no terminal. */
const plainLineEveryMs = 5000;

/** Shows what goes on: one line that is drawn anew in a terminal, a plain line now and then elsewhere. */
export class ProgressLine {
  readonly #environment: Pick<CommandEnvironment, 'say' | 'columns' | 'redraw'>;
  #lastMs = -Infinity;
  #drawn = false;

  constructor(environment: Pick<CommandEnvironment, 'say' | 'columns' | 'redraw'>) {
    this.#environment = environment;
  }

  show(progress: RunProgress): void {
    this.write(progressText(progress), progress.elapsedMs);
  }

  /** @param atMs on any clock that goes on */
  write(text: string, atMs: number): void {
    const { columns, say, redraw } = this.#environment;
    if (columns === undefined) {
      if (atMs - this.#lastMs < plainLineEveryMs) return;
      this.#lastMs = atMs;
      say(`${text}\n`);
      return;
    }
    this.#drawn = true;
    redraw(text.slice(0, Math.max(20, columns - 1)));
  }

  /** Leaves the line as it is and goes to the next. */
  end(): void {
    if (this.#drawn) this.#environment.say('\n');
    this.#drawn = false;
  }
}

/** How far a run is in one line, what matters most first, since a narrow terminal cuts the end. */
export function progressText(progress: RunProgress): string {
  const { tasks, stages, callsPerSecond, remainingMs, failed } = progress;
  const byStage = stages.map(({ stage, round, done }) => `${stage}${round === 2 ? ' (hint)' : ''} ${thousands(done)}`);
  const failures = Object.values(failed).reduce((sum, count) => sum + count, 0);
  return [
    `${thousands(tasks.done)}/${thousands(tasks.total)} tasks`,
    ...(tasks.done === tasks.total ? [] : [remainingMs === null ? 'time left unknown' : `${duration(remainingMs)} left`]),
    `${callsPerSecond} calls/s`,
    ...(progress.simulated ? ['simulation'] : []),
    `${thousands(progress.kept)} kept`,
    ...(failures > 0 ? [`${thousands(failures)} failed`] : []),
    ...(progress.notice === undefined ? [] : [progress.notice]),
    ...byStage,
    ...(progress.bound && progress.notice === undefined ? [`limited by ${boundWords[progress.bound.by]}`] : []),
  ].join(' · ');
}
