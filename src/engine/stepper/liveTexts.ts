import type { WantedCall } from '../../core/model/answer.ts';
import { branchId, type BranchId, type TaskId } from '../../core/model/ids.ts';
import type { ModelStage, Round } from '../../core/model/stage.ts';
import type { Client } from '../asking.ts';
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
  /** Who watches each branch. */
  readonly #watched = new Map<string, Set<Client | undefined>>();
  readonly #live = new Map<string, LiveText>();
  #telling = false;

  constructor(dependencies: Pick<EngineDependencies, 'clock' | 'emit'>) {
    this.#dependencies = dependencies;
  }

  /** A branch is watched as long as any client watches it; one that is gone watches nothing. @param client absent where it is the engine's own process */
  watch(branch: WatchedBranch, watched: boolean, client?: Client): void {
    const key = keyOf(branch);
    if (!watched) this.#unwatch(key, client);
    else if (client?.gone.aborted !== true) this.#watchUntilGone(key, client);
  }

  /** Whom to tell of a call's answers; absent where nobody watches any of them, and the call is then not streamed. */
  listener({ stage, answers }: WantedCall): Listener | undefined {
    if (this.#watched.size === 0 || stage === 'evaluate') return undefined;
    const branches = answers.map(answer => ({ task: answer.taskId, round: answer.round, branch: stage === 'choose' ? branchId(`chosen:${answer.sample}`) : answer.branch }));
    const watched = branches.map(branch => (this.#watched.has(keyOf(branch)) ? this.open(branch, stage) : undefined));
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

  #watchUntilGone(key: string, client: Client | undefined): void {
    const watching = this.#watched.get(key) ?? new Set();
    this.#watched.set(key, watching);
    if (watching.has(client)) return;
    watching.add(client);
    client?.gone.addEventListener('abort', () => { this.#unwatch(key, client); }, { once: true });
  }

  #unwatch(key: string, client: Client | undefined): void {
    const watching = this.#watched.get(key);
    watching?.delete(client);
    if (watching?.size === 0) this.#watched.delete(key);
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
