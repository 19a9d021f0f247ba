import { guidelineTexts, readKnownTasks, type KnownTask, type ShippedTexts } from './knowledge.ts';
import { goldTask, type GoldLine } from './play/goldTask.ts';
import { drawnEnding, exactEndings, wholeShares, type KnownShares, type PlainEnding } from './play/plainAttempts.ts';
import { createPlayer, type PlayedModel, type Player } from './play/player.ts';
import { hash32 } from './play/random.ts';

/** A model of known accuracy that is served under a name of its own. */
export interface ServedModel extends KnownShares {
  readonly name: string;
}

/** What a server knows, and which models it plays. */
export interface ModelsOptions {
  /** Decides every answer. Default 7. */
  readonly seed?: number | undefined;
  /** Name of the model that it serves. */
  readonly model?: string | undefined;
  /** Several instead, each of an accuracy of its own; absent or empty: the one. */
  readonly models?: readonly ServedModel[] | undefined;
  /** The sample tasks with their solutions, and the guidelines; without them it knows only what `gold` tells. */
  readonly shipped?: ShippedTexts | undefined;
  /** Further questions, of which only the answer is known. */
  readonly gold?: readonly GoldLine[] | undefined;
  /** Share of right answers to those, 0 to 1. Default 0.7. Greedy attempts at `evaluate` have exactly this share. */
  readonly accuracy?: number | undefined;
  /** Most tokens of prompt and answer together. Default 8,192. */
  readonly contextTokens?: number | undefined;
  /** After this many answered completions every model of the same name has another root, and answers as with the next seed. */
  readonly swapModelAfter?: number | undefined;
}

/** Of how many tasks a model gets how many right at `evaluate`, greedily: those of `gold` that name no accuracy of their own, else the sample tasks. */
export interface KnownModel {
  readonly model: string;
  readonly tasks: number;
  readonly right: number;
  readonly unboxed: number;
}

/** Part of each model's root, and so of every fingerprint: raised when the server's answers change. */
export const revision = 1;
const defaultSeed = 7;
const defaultAccuracy = 0.7;

/** The seed of a server. */
export const seedOf = ({ seed = defaultSeed }: ModelsOptions): number => seed;
/** The most tokens that prompt and answer may have. */
export const contextTokensOf = ({ contextTokens = 8_192 }: ModelsOptions): number => contextTokens;

interface Played {
  readonly name: string;
  readonly shares: KnownShares | undefined;
  readonly first: Player;
  readonly swapped: Player;
}

/** The models of one server, all of which know the same tasks. */
export class Models {
  readonly #options: ModelsOptions;
  readonly #played: ReadonlyMap<string, Played>;
  /** Questions whose plain attempts are right exactly as often as a model's accuracy says: of `gold`, and of the samples for models that have a name. */
  readonly #gold: ReadonlySet<string>;
  readonly #samples: ReadonlySet<string>;

  constructor(options: ModelsOptions) {
    this.#options = options;
    const { shipped, gold = [], accuracy = defaultAccuracy, models = [], model = 'regenesis-demo' } = options;
    const tasks: KnownTask[] = shipped === undefined ? [] : readKnownTasks(shipped);
    this.#gold = new Set(gold.filter(line => line.accuracy === undefined).map(({ question }) => question));
    this.#samples = new Set(tasks.map(({ question }) => question).filter(question => !this.#gold.has(question)));
    // One at a time: a spread of so many lines would not fit on the stack.
    for (const line of gold) tasks.push(goldTask(line, accuracy));
    const player = createPlayer({ seed: seedOf(options), tasks, guidelines: shipped?.guidelines === undefined ? [] : guidelineTexts(shipped.guidelines) });
    const only = { name: model, shares: options.gold && { accuracy, unboxed: 0 }, seed: (seed: number) => seed, groups: [this.#gold] };
    const several = models.map(({ name, ...shares }) => ({ name, shares, seed: (seed: number) => hash32(name, seed), groups: [this.#gold, this.#samples] }));
    this.#played = new Map((several.length > 0 ? several : [only]).map(({ name, shares, seed, groups }) => {
      const as = (serverSeed: number) => player.playing({ seed: seed(serverSeed), ...(shares && skillOf(shares, groups, String(seed(serverSeed)))) });
      return [name, { name, shares, first: as(seedOf(options)), swapped: as(seedOf(options) + 1) }];
    }));
  }

  get names(): readonly string[] {
    return [...this.#played.keys()];
  }

  /** Who plays a model once so many completions were answered; absent where there is no model of the name. */
  player(name: string, answered: number): Player | undefined {
    return this.#played.get(name)?.[this.#isSwapped(answered) ? 'swapped' : 'first'];
  }

  /** What `/models` tells. */
  list(answered: number, createdSeconds: number): string {
    const seed = seedOf(this.#options) + (this.#isSwapped(answered) ? 1 : 0);
    const data = [...this.#played.values()].map(({ name, shares }) => ({
      id: name, object: 'model', created: createdSeconds, owned_by: 'regenesis-demo', root: `regenesis-demo-${revision}-seed-${seed}${suffixOf(shares)}`,
      parent: null, max_model_len: contextTokensOf(this.#options),
    }));
    return JSON.stringify({ object: 'list', data });
  }

  /** Models of known accuracy. */
  known(): readonly KnownModel[] {
    const tasks = this.#options.gold === undefined ? this.#samples.size : this.#gold.size;
    return [...this.#played.values()].flatMap(({ name, shares }) => (shares ? [{ model: name, tasks, ...wholeShares(tasks, shares) }] : []));
  }

  #isSwapped(answered: number): boolean {
    return answered >= (this.#options.swapModelAfter ?? Infinity);
  }
}

const suffixOf = (shares: KnownShares | undefined): string => (shares ? `-accuracy-${shares.accuracy}${shares.unboxed > 0 ? `-unboxed-${shares.unboxed}` : ''}` : '');

/** @param groups questions among which the shares are exact, each by itself */
function skillOf(shares: KnownShares, groups: readonly ReadonlySet<string>[], key: string): Pick<PlayedModel, 'accuracy' | 'ending'> {
  const known = groups.map(questions => ({ questions, endings: undefined as ReadonlyMap<string, PlainEnding> | undefined }));
  const ending = (question: string, draw: string | undefined): PlainEnding | undefined => {
    const group = known.find(({ questions }) => questions.has(question));
    if (!group) return undefined;
    // only once it is asked for: a server that is started for a run of many tasks need not wait
    return draw === undefined ? (group.endings ??= exactEndings(group.questions, shares, key)).get(question) : drawnEnding(shares, draw);
  };
  return { accuracy: shares.accuracy, ending };
}
