import type { WantedCall } from '../../core/model/answer.ts';
import { branchId, type BranchId, type TaskId } from '../../core/model/ids.ts';
import type { ModelStage, Round } from '../../core/model/stage.ts';
import type { EngineDependencies } from '../dependencies.ts';

/** A branch, as it is watched. */
export interface WatchedBranch {
  readonly task: TaskId;
  readonly round: Round;
  readonly branch: BranchId;
}

/** An answer that is being written. */
interface LiveText {
  readonly of: WatchedBranch;
  readonly stage: ModelStage;
  text: string;
  /** Characters that were told. */
  told: number;
  readonly beganMs: number;
  /** Pieces that came: mostly a token each. */
  pieces: number;
}

/** Who is told of the answers of one call as they are written. */
export interface Listener {
  readonly onText: (text: string, choice: number) => void;
  /** The call has ended, however it did. */
  readonly end: () => void;
}

/** Pieces that come within this time are told together: nobody reads faster. */
const tellEveryMs = 50;

const keyOf = ({ task, round, branch }: WatchedBranch): string => `${round}\n${branch}\n${task}`;

/** The answers that are written while somebody watches. Who hears of them does not change what is asked, or what becomes of it. */
export class LiveTexts {
  readonly #dependencies: Pick<EngineDependencies, 'clock' | 'emit'>;
  readonly #watched = new Set<string>();
  readonly #live = new Map<string, LiveText>();
  #telling = false;

  constructor(dependencies: Pick<EngineDependencies, 'clock' | 'emit'>) {
    this.#dependencies = dependencies;
  }

  watch(branch: WatchedBranch, watched: boolean): void {
    if (watched) this.#watched.add(keyOf(branch));
    else this.#watched.delete(keyOf(branch));
  }

  /** Whom to tell of a call's answers; absent where nobody watches any of them, and the call is then not streamed. */
  listener(call: WantedCall): Listener | undefined {
    if (this.#watched.size === 0) return undefined;
    const branches = call.answers.map(answer => ({ task: answer.taskId, round: answer.round, branch: call.stage === 'choose' ? branchId(`chosen:${answer.sample}`) : answer.branch }));
    const watched = branches.map(branch => (this.#watched.has(keyOf(branch)) ? this.open(branch, call.stage) : undefined));
    if (!watched.some(Boolean)) return undefined;
    return { onText: (text, choice) => { watched[choice]?.onText(text); }, end: () => { for (const each of watched) each?.end(); } };
  }

  /** Begins the text of a branch: what comes is told to all clients. */
  open(of: WatchedBranch, stage: ModelStage): { readonly onText: (text: string) => void; readonly end: () => void } {
    const live: LiveText = { of, stage, text: '', told: 0, beganMs: this.#dependencies.clock.monotonicMs(), pieces: 0 };
    this.#live.set(keyOf(of), live);
    return {
      onText: text => {
        live.text += text;
        live.pieces += 1;
        void this.#tellSoon();
      },
      end: () => {
        this.#tell(live);
        if (this.#live.get(keyOf(of)) === live) this.#live.delete(keyOf(of));
      },
    };
  }

  /** The text so far of what is asked at this moment. */
  of(branch: WatchedBranch): { readonly stage: ModelStage; readonly text: string; readonly tokensPerSecond: number } | undefined {
    const live = this.#live.get(keyOf(branch));
    if (!live) return undefined;
    const seconds = (this.#dependencies.clock.monotonicMs() - live.beganMs) / 1_000;
    return { stage: live.stage, text: live.text, tokensPerSecond: seconds > 0 ? Math.round(live.pieces / seconds) : 0 };
  }

  async #tellSoon(): Promise<void> {
    if (this.#telling) return;
    this.#telling = true;
    await this.#dependencies.clock.sleep(tellEveryMs, new AbortController().signal);
    this.#telling = false;
    for (const live of this.#live.values()) this.#tell(live);
  }

  #tell(live: LiveText): void {
    if (live.told === live.text.length) return;
    this.#dependencies.emit('branchText', { ...live.of, stage: live.stage, offset: live.told, text: live.text.slice(live.told) });
    live.told = live.text.length;
  }
}
