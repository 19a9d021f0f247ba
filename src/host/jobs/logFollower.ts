// Follows the log of a job into an output channel, of which nothing is ever taken away by the editor itself. Knows nothing of the editor.

/** A piece of the log, as the engine gives it: see `jobLog`. */
export interface LogPage {
  readonly text: string;
  readonly next: number;
  readonly atEnd: boolean;
}

/** What a log is read from, and where it is shown. */
export interface LogFollowing {
  readonly read: (from: number, most: number) => Promise<LogPage>;
  readonly append: (text: string) => void;
  /** Puts a text in the place of everything that is shown. */
  readonly replace: (text: string) => void;
}

/** What is shown of a log at first, in bytes from its end. */
const firstBytes = 64 << 10;
/** Read at a time, and at most at one look; what is beyond that is left out in favour of the end. */
const pieceBytes = 256 << 10;
const mostPieces = 8;
/** Characters that a channel holds before it is begun anew with the end of the log. */
const mostShown = 4 << 20;

/** Shows the end of a log and then what is added to it, in bounded memory however long the log is. */
export class LogFollower {
  readonly #following: LogFollowing;
  #next: number | undefined;
  #shown = 0;
  #reading: Promise<void> | undefined;
  #again = false;

  constructor(following: LogFollowing) {
    this.#following = following;
  }

  /** Reads what is new. May be called as often as one likes: what is asked while it reads is read after that. */
  async look(): Promise<void> {
    this.#again = true;
    this.#reading ??= this.#readOn().finally(() => { this.#reading = undefined; });
    return this.#reading;
  }

  async #readOn(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      if (this.#next === undefined) await this.#begin(undefined);
      else await this.#goOn(this.#next);
    }
  }

  /** The end of the log, from a whole line on. */
  async #begin(notice: string | undefined): Promise<void> {
    const { text, next, atEnd } = await this.#following.read(-firstBytes, firstBytes);
    const whole = next <= firstBytes;
    const shown = whole ? text : text.slice(text.indexOf('\n') + 1);
    const words = notice ?? (whole ? '' : `… the last ${firstBytes >> 10} kB of the log; what came before is in its file\n`);
    this.#following[this.#next === undefined ? 'append' : 'replace'](`${words}${shown}`);
    this.#shown = shown.length;
    this.#next = next;
    this.#again ||= !atEnd;
  }

  async #goOn(from: number): Promise<void> {
    let next = from;
    for (let pieces = 0; pieces < mostPieces; pieces += 1) {
      const piece = await this.#following.read(next, pieceBytes);
      if (piece.text !== '' && this.#shown + piece.text.length > mostShown) {
        await this.#begin('… the channel was full and was begun anew with the end of the log; all of it is in its file\n');
        return;
      }
      if (piece.text !== '') this.#following.append(piece.text);
      this.#shown += piece.text.length;
      this.#next = piece.next;
      if (piece.atEnd || piece.next === next) return;
      ({ next } = piece);
    }
    await this.#begin('… the log grows faster than it can be shown: a part of it is left out here, and is in its file\n');
  }
}
