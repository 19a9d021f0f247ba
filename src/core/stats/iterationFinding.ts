import { changeOf, type Figure } from './iterations.ts';

/** What of an iteration a finding rests on. */
export interface FoundIteration {
  readonly iteration: number;
  readonly recipe: string;
  /** How many tasks its figures are of. */
  readonly tasks: number;
  readonly solved: Figure | null;
  readonly wrongDiffer: Figure | null;
}

/** How a model did on held-out tasks. `sets`: which, since only the same can be compared. */
export interface FoundModel {
  readonly words: string;
  readonly sets: readonly string[];
  readonly inDomain?: Figure;
  readonly outOfDomain?: Figure;
}

/** What can be said of iterations, and what kind of thing that is. */
export interface Finding {
  readonly kind: 'growth' | 'collapse' | 'both' | 'none';
  readonly text: string;
}

const percent = ({ value }: Figure): string => `${Math.round(value * 1000) / 10} %`;

interface Change {
  readonly name: string;
  readonly way: 'up' | 'down' | 'open';
  readonly from: string;
  readonly to: string;
}

const changed = (name: string, [first, last]: readonly (Figure | null | undefined)[], words: (figure: Figure) => string): Change =>
  ({ name, way: changeOf(first, last), from: first ? words(first) : '', to: last ? words(last) : '' });

/** `a`, `a and b`, `a, b and c`. */
const listed = (words: readonly string[]): string => (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`);
const moved = (changes: readonly Change[], verb: string): string => listed(changes.map(({ name, from, to }) => `${name} ${verb} from ${from} to ${to}`));

/**
 * Says what the first and the last of some iterations show: only what their intervals at 95 %, which must not touch, tell apart. Growth: more is solved, of what was
 * trained on or held out. Collapse: less is, or the wrong answers to a task became more alike. The right ones are alike by nature: a model that
 * learns gives fewer different answers, which is no collapse. Accuracy is compared on the same held-out sets alone.
 *
 * @param models those that were evaluated, first to last
 */
export function findIn(iterations: readonly FoundIteration[], models: readonly FoundModel[]): Finding {
  const [runs, evaluated] = [endsOf(iterations), endsOf(models)];
  if (!runs && !evaluated) return { kind: 'none', text: 'There is one iteration, and nothing to compare it with yet.' };
  const sameSets = evaluated && areSame(evaluated[0].sets, evaluated[1].sets) ? evaluated : undefined;
  const solved = [...(runs ? [changed('the share solved', runs.map(({ solved: share }) => share), percent)] : []), ...(sameSets ? accuracies(sameSets) : [])];
  const up = solved.filter(({ way }) => way === 'up');
  const down = [...solved, ...(runs ? [alikeness(runs)] : [])].filter(({ way }) => way === 'down');
  const notes = [...(evaluated && !sameSets ? ['The evaluations are of different sets, so that accuracy is not compared.'] : []), ...(runs ? otherCauses(runs) : [])];
  return { kind: kindOf(up, down), text: [sentenceOf(spanOf(runs, evaluated), { up, down }), ...notes].join(' ') };
}

type Ends<Value> = readonly [Value, Value];

/** The first and the last, where there are two. */
function endsOf<Value>(values: readonly Value[]): Ends<Value> | undefined {
  const [first, last] = [values[0], values.at(-1)];
  return first === undefined || last === undefined || values.length < 2 ? undefined : [first, last];
}

const areSame = (one: readonly string[], other: readonly string[]): boolean => JSON.stringify(one.toSorted()) === JSON.stringify(other.toSorted());

const accuracies = ([first, last]: Ends<FoundModel>): readonly Change[] => (['inDomain', 'outOfDomain'] as const).map(domain => {
  const change = changed(domain === 'inDomain' ? 'accuracy in domain' : 'accuracy out of domain', [first[domain], last[domain]], percent);
  return { ...change, from: `${change.from} (${first.words})`, to: `${change.to} (${last.words})` };
});

const alikeness = (runs: Ends<FoundIteration>): Change => changed('the share of wrong answers to a task that differ', runs.map(({ wrongDiffer }) => wrongDiffer), percent);

/** What else may have changed the figures of runs. */
const otherCauses = ([first, last]: Ends<FoundIteration>): readonly string[] => [
  ...(first.recipe === last.recipe ? [] : [`The recipes differ (${first.recipe}, ${last.recipe}), which may be the cause of any change.`]),
  ...(first.tasks === last.tasks ? [] : [`They are of different tasks (${first.tasks} and ${last.tasks} of them), which may be the cause of any change.`]),
];

function spanOf(runs: Ends<FoundIteration> | undefined, models: Ends<FoundModel> | undefined): string {
  if (runs) return `From iteration ${runs[0].iteration} to ${runs[1].iteration}`;
  return models ? `From ${models[0].words} to ${models[1].words}` : '';
}

function kindOf(up: readonly Change[], down: readonly Change[]): Finding['kind'] {
  if (up.length > 0) return down.length > 0 ? 'both' : 'growth';
  return down.length > 0 ? 'collapse' : 'none';
}

function sentenceOf(span: string, { up, down }: { readonly up: readonly Change[]; readonly down: readonly Change[] }): string {
  switch (kindOf(up, down)) {
    case 'growth': return `Growth: ${span.toLowerCase()}, ${moved(up, 'rose')}: their intervals at 95 % do not touch.`;
    case 'collapse': return `Signs of collapse: ${span.toLowerCase()}, ${moved(down, 'fell')}: their intervals at 95 % do not touch.`;
    case 'both': return `Growth with signs of collapse: ${span.toLowerCase()}, ${moved(up, 'rose')}, but ${moved(down, 'fell')}: their intervals at 95 % do not touch.`;
    case 'none': return `${span}, no figure moved so far that its intervals at 95 % part.`;
  }
}
