import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { WantedCall } from '../../src/core/model/answer.ts';
import { taskId } from '../../src/core/model/ids.ts';
import type { GoldCorrection, Review } from '../../src/core/model/review.ts';
import { aReview } from './builders.ts';
import { aCall } from './storeFacts.ts';

/** How many tasks a writing process works on. */
export const lifeTasks = 20;

/** The call that commit `number` sends; every number its own answers. */
export const callNumber = (number: number): WantedCall => aCall(`set/${number % lifeTasks}`, { branch: `chosen:${number}`, count: 1 + (number % 3) });

/** What comes back for it: from nothing to some pages. */
export const textsOf = (number: number): readonly string[] => callNumber(number).answers.map(answer => `${answer.fingerprint} `.repeat((number * 7) % 150));

/** What a person decides in commit `number`: in every fourth one something, and their own texts are of any length too. */
export const reviewsNumber = (number: number): readonly Review[] => (number % 4 === 1
  ? [aReview({ id: `review-${number}`, taskId: `set/${number % lifeTasks}`, path: callNumber(number).answers[0]?.fingerprint ?? '', decision: 'amend', amendedText: `Path ${number}. `.repeat(number % 300), seconds: number / 7 })]
  : []);

/** The known answer that they correct in it, now and then. */
export const correctionsNumber = (number: number): readonly GoldCorrection[] =>
  (number % 13 === 5 ? [{ taskId: taskId(`set/${number % lifeTasks}`), gold: String(number), reviewer: 'ada', atMs: number }] : []);

/** A process that opened a project, or was refused. */
export interface Opener {
  readonly child: ChildProcess;
  /** Its next line; `undefined` once it has ended. */
  line(): Promise<string | undefined>;
  /** Ends it as it pleases, or with a signal, and waits for that. */
  end(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts `storeChild.ts`. */
export const startOpener = (...options: readonly string[]): Opener => opener([process.execPath, path.join(import.meta.dirname, 'storeChild.ts'), ...options]);

/** The same in a process whose files may not grow beyond so many blocks of 512 bytes: a disk that is full for it alone. */
export const startLimitedOpener = (blocks: number, ...options: readonly string[]): Opener =>
  opener(['sh', '-c', `ulimit -f ${blocks}; exec "$@"`, 'sh', process.execPath, path.join(import.meta.dirname, 'storeChild.ts'), ...options]);

function opener([program = '', ...options]: readonly string[]): Opener {
  const child = spawn(program, options, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    child,
    line: async () => {
      const next = await lines.next();
      return next.done === true ? undefined : next.value;
    },
    end: async signal => {
      if (signal === undefined) child.stdin.end();
      else child.kill(signal);
      await exited;
    },
  };
}
