import { shareOf } from './share.ts';

/** How many words a piece of a path has whose repetitions are counted: distinct-4. */
export const piece = 4;
/** So many records are drawn for diversity, in samples of which each holds the ones before it. */
export const diversitySizes = [10, 20, 50, 100, 200, 500, 1_000] as const;
const mostDrawn = 1_000;
const pathsAtOnce = 50;

/** How diverse a sample of so many records is. */
export interface DiversityPoint {
  /** One of `diversitySizes`. */
  readonly records: number;
  /** Of all pieces of `piece` words in their paths the share that is distinct, 0 to 1: 1 where no four words are said twice. */
  readonly distinct: number;
  /** Distinct skeletons of their paths: 1 where all do the same steps. See `skeletonOf`. */
  readonly skeletons: number;
}

/** A path that may be drawn. */
interface DrawnPath {
  readonly key: string;
  /** 0 to 1, spread evenly, the same whoever asks. */
  readonly draw: number;
}

const word = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}]/gu;

/** Runs of four words, numbers or signs of a text, in small letters. */
function piecesOf(text: string): readonly string[] {
  const words = text.normalize('NFKC').toLowerCase().match(word) ?? [];
  return Array.from({ length: Math.max(0, words.length - piece + 1) }, (_, at) => words.slice(at, at + piece).join(' '));
}

/**
 * The diversity of a training set, told at several sizes of a sample: both figures fall, or rise, with mere size, so that two sets can be compared at a size that both
 * have, and at no other. Only the paths that are drawn are read, a thousand at most.
 *
 * Source: J. Li et al., A Diversity-Promoting Objective Function for Neural Conversation Models, 2016, whose distinct-1 and distinct-2 this is with n of 4: single words
 * of a subject repeat however differently it is reasoned about. Longer paths repeat more than shorter ones.
 */
export class Diversity {
  readonly #places: ReadonlyMap<string, number>;
  readonly #read = new Map<number, { readonly pieces: readonly string[]; readonly skeleton: string }>();

  /** @param paths all that are learnt, each once */
  constructor(paths: readonly DrawnPath[]) {
    // numbers alone are sorted in a tenth of the time
    const last = Float64Array.from(paths, ({ draw }) => draw).sort()[mostDrawn - 1] ?? 1;
    const drawn = paths.filter(({ draw }) => draw <= last).sort((a, b) => a.draw - b.draw || (a.key < b.key ? -1 : 1)).slice(0, mostDrawn);
    this.#places = new Map(drawn.map(({ key }, place) => [key, place]));
  }

  /** Hands a path over; one that was not drawn is not read. Some 0.2 ms for one that was. */
  add(key: string, text: string, skeletonOf: (text: string) => string): void {
    const place = this.#places.get(key);
    if (place !== undefined && !this.#read.has(place)) this.#read.set(place, { pieces: piecesOf(text), skeleton: skeletonOf(text) });
  }

  /** The figures at every size that there is; none for fewer than ten records. @param pause called every few milliseconds */
  async points(pause: () => Promise<void>): Promise<readonly DiversityPoint[]> {
    const [pieces, skeletons] = [new Set<string>(), new Set<string>()];
    const points: DiversityPoint[] = [];
    let all = 0;
    for (let place = 0; place < this.#places.size; place += 1) {
      const path = this.#read.get(place);
      if (!path) continue;
      for (const each of path.pieces) pieces.add(each);
      skeletons.add(path.skeleton);
      all += path.pieces.length;
      const records = place + 1;
      if (diversitySizes.some(size => size === records)) points.push({ records, distinct: shareOf(pieces.size, all), skeletons: skeletons.size });
      if (records % pathsAtOnce === 0) await pause();
    }
    return points;
  }
}

/** The largest size at which all of some sets are told; nothing where there is none. */
export const commonSize = (sets: readonly (readonly Pick<DiversityPoint, 'records'>[])[]): number | undefined =>
  diversitySizes.findLast(size => sets.length > 0 && sets.every(points => points.some(({ records }) => records === size)));
