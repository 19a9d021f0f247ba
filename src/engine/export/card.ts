import { holdsRejected, type ExportFormat, type ExportRule, type LengthRule } from '../../core/model/exportRule.ts';
import { shareOf } from '../../core/stats/share.ts';
import type { RunRecord } from '../../ports/store.ts';
import { baseName } from '../paths.ts';
import type { SetContamination } from './contaminationIn.ts';
import { cardMark, type ExportPlaces } from './exportFiles.ts';
import { countsOf, datasetsOf, tasksIn, totalsOf, type Survey, type SurveyedRecord } from './survey.ts';
import type { RecordRule } from './taskRecords.ts';

interface CardInput {
  readonly by: RecordRule;
  readonly survey: Survey;
  readonly runs: readonly RunRecord[];
  readonly places: ExportPlaces;
  readonly app: string;
  /** Absent where nothing was looked for. */
  readonly contamination: SetContamination | undefined;
}

const shapes: { readonly [Format in ExportFormat]: string } = {
  'chat': '`messages`: a question and the reasoning that answers it',
  'prompt-completion': '`prompt` and `completion`, both lists of messages',
  'sharegpt': '`conversations` with `from` and `value`',
  'alpaca': '`instruction`, `input` and `output`',
  'parquet': '`messages`: a question and the reasoning that answers it',
  'kto': '`prompt` and `completion`, both lists of messages, and `label`: whether the completion is to be learnt',
  'dpo': '`prompt`, `chosen` and `rejected`, all lists of messages; both answers are to the same question',
};

/** Names of licences as the Hub knows them. */
const licenceIds: Readonly<Record<string, string>> = {
  'MIT': 'mit', 'Apache-2.0': 'apache-2.0', 'CC BY 4.0': 'cc-by-4.0', 'CC BY-SA 3.0': 'cc-by-sa-3.0', 'CC BY-SA 4.0': 'cc-by-sa-4.0', 'CC BY-NC 4.0': 'cc-by-nc-4.0', 'CC0': 'cc0-1.0',
};

const sizes: readonly [below: number, word: string][] = [[1e3, 'n<1K'], [1e4, '1K<n<10K'], [1e5, '10K<n<100K'], [1e6, '100K<n<1M'], [1e7, '1M<n<10M'], [Infinity, 'n>10M']];

/** A text in one line of Markdown, and nothing in it means more than its letters: the names of data sets and models come from elsewhere. */
const plain = (text: string): string => text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>#|~!$&]/g, character => `\\${character}`);
const yaml = (value: string): string => JSON.stringify(value);
const percent = (count: number, all: number): string => `${Math.round(1000 * shareOf(count, all)) / 10} %`;
const number = (count: number): string => count.toLocaleString('en-US');

/** The dataset card: the `README.md` of a folder that is uploaded to the Hub, with everything in it that a reader of the data must know. No clock time is in it. */
export function cardOf(input: CardInput): string {
  const { by, survey, runs, app } = input;
  const simulated = runs.some(run => run.simulated);
  return [
    `---\n${headOf(input, simulated).join('\n')}\n---`,
    cardMark,
    `# ${plain(titleOf(input.places))}`,
    ...(simulated ? ['**This is a simulation.** The answers come from a demo server that plays a model: the data are good for trying tools out, and for nothing else.'] : []),
    `Reasoning that a language model wrote itself, by ${methodsOf(survey.records)}, checked and written by ReGenesis Workbench ${plain(app)}. Every line holds ${shapes[by.format]}.`,
    `## What is in it\n\n${countsTable(survey.records, by)}`,
    `## Where it comes from\n\n${sources(survey.records, runs).join('\n')}`,
    `## The rule\n\n${ruleLines(by, survey).map(line => `- ${line}`).join('\n')}${excludedLine(survey)}`,
    `## Limits\n\n${limits(input).map(line => `- ${line}`).join('\n')}`,
    `## Making it again\n\n\`${baseName(input.places.manifest)}\` has the command, the rule, the hashes of all files and the models; \`${baseName(input.places.records)}\` says of each line which task, guidelines and answers it comes from.`,
  ].join('\n\n').concat('\n');
}

/** ReGenesis, whichever of its recipes; others by their names. */
function methodsOf(records: readonly SurveyedRecord[]): string {
  const others = Object.keys(countsOf(records, ({ isGuided, recipe }) => (isGuided ? undefined : recipe))).map(recipe => `the recipe ${plain(recipe)}`);
  return [...(records.some(({ isGuided }) => isGuided) ? ['the method of ReGenesis (Peng et al., ICLR 2025)'] : []), ...others].join(' and ');
}

const titleOf = ({ out }: ExportPlaces): string => baseName(out).replace(/\.(?:jsonl?|parquet)$/, '');

function headOf({ by, survey: { records }, places }: CardInput, simulated: boolean): readonly string[] {
  const tags = ['synthetic', 'reasoning', ...(records.some(({ isGuided }) => isGuided) ? ['regenesis'] : []), ...(holdsRejected(by.format) ? [by.format, 'preference'] : ['sft']), ...(simulated ? ['simulation'] : [])];
  const { split } = by.rule;
  return [
    `pretty_name: ${yaml(titleOf(places))}`,
    ...licenceLines(records),
    'task_categories:\n- text-generation',
    `tags:\n${tags.map(tag => `- ${tag}`).join('\n')}`,
    `size_categories:\n- ${sizes.find(([below]) => records.length < below)?.[1] ?? 'n>10M'}`,
    'configs:\n- config_name: default\n  data_files:',
    `  - split: train\n    path: ${yaml(baseName(places.out))}`,
    ...(split && places.split !== undefined ? [`  - split: ${split.name.replaceAll('-', '_')}\n    path: ${yaml(baseName(places.split))}`] : []),
  ];
}

/** One licence is named as the Hub names it; several, or one that is not known there, are listed in the text. */
function licenceLines(records: readonly SurveyedRecord[]): readonly string[] {
  const licences = new Set(records.map(({ licence }) => licence));
  const [only] = licences;
  if (licences.size === 1 && only === undefined) return [];
  const id = licences.size === 1 ? licenceIds[only ?? ''] : undefined;
  return id === undefined ? ['license: other', 'license_name: see-where-it-comes-from'] : [`license: ${id}`];
}

function countsTable(records: readonly SurveyedRecord[], { format, rule: { split } }: RecordRule): string {
  const { hinted, humanEdited, reviewed } = totalsOf(records);
  const all = records.length;
  const own = records.filter(({ splitOff }) => splitOff);
  const labels = countsOf(records, ({ isBetter }) => (isBetter ? 'to be learnt' : 'not to be learnt'));
  const rows: readonly (readonly [string, string])[] = [
    ['records', number(all)],
    ['tasks', number(tasksIn(records))],
    ...(split ? [[`of them in ${split.name}`, `${number(own.length)} records of ${number(tasksIn(own))} tasks`] as const] : []),
    ...(format === 'kto' ? Object.entries(labels).map(([label, count]) => [label, number(count)] as const) : []),
    ['written with the known answer as a hint', `${number(hinted)} (${percent(hinted, all)})`],
    ['changed by a person', `${number(humanEdited)} (${percent(humanEdited, all)})`],
    ['decided about by a person', `${number(reviewed)} (${percent(reviewed, all)})`],
    ...Object.entries(countsOf(records, ({ answerKind }) => answerKind)).map(([kind, count]) => [`answers of kind ${kind}`, number(count)] as const),
  ];
  return `| | |\n| --- | --- |\n${rows.map(([name, value]) => `| ${name} | ${value} |`).join('\n')}`;
}

function sources(records: readonly SurveyedRecord[], runs: readonly RunRecord[]): readonly string[] {
  const { recipes } = totalsOf(records);
  const models = [...new Set(runs.map(({ model, identity }) => `${plain(model)} (\`${identity.replaceAll('`', '')}\`)`))];
  return [
    ...Object.entries(datasetsOf(records)).map(([name, { records: count, licence }]) => `- Questions and known answers of **${plain(name)}**: ${number(count)} records, licence ${licence === undefined ? 'not stated' : plain(licence)}`),
    ...models.map(model => `- Model: ${model}`),
    ...Object.entries(recipes).map(([recipe, count]) => `- Recipe ${plain(recipe)}: ${number(count)} records`),
  ];
}

/** A part of a rule in words; nothing for what goes without saying. */
const ruleWords: { readonly [Name in keyof ExportRule]-?: (rule: ExportRule) => string | undefined } = {
  reviews: ({ reviews }) => (reviews === 'reviewed-only' ? 'Only what a person has decided about.' : 'Also what nobody has reviewed.'),
  length: ({ length }) => length && `Paths of ${boundWords(length)} ${length.unit}${length.unit === 'tokens' ? ', as the server counted them' : ''}.`,
  pathsPerTask: ({ pathsPerTask }) => (pathsPerTask === undefined ? undefined : `At most ${number(pathsPerTask)} paths of a task.`),
  rejectedPerChosen: () => undefined,
  hintedShare: ({ hintedShare }) => (hintedShare < 1 ? `At most ${tenths(hintedShare)} % with a hint.` : undefined),
  match: ({ match, seed }) => match && `${match.by === 'paths' ? 'As many paths' : 'As many paths of each task'} as the training set of ${plain(match.manifest)} has, as far as there are so many, drawn by hash with seed ${seed}.`,
  sample: ({ sample, seed }) => sample && `A sample of ${number(sample.count)} ${sample.by}, drawn by hash with seed ${seed}.`,
  split: ({ split, seed }) => split && `${tenths(split.share)} % of the tasks stand in ${split.name}, drawn by a hash of their question with seed ${seed}: no question is on both sides.`,
  seed: () => undefined,
  wrapper: ({ wrapper }) => (wrapper === 'none' ? 'The question stands alone.' : 'An instruction that fits the kind of answer stands before the question.'),
};

const tenths = (share: number): number => Math.round(1000 * share) / 10;
const boundWords = ({ least, most }: LengthRule): string =>
  [...(least === undefined ? [] : [`at least ${number(least)}`]), ...(most === undefined ? [] : [`at most ${number(most)}`])].join(' and ');

/** What the answers were held against, of what is to be learnt. */
function checkedLine(records: readonly SurveyedRecord[]): string {
  const better = records.filter(({ isBetter }) => isBetter);
  const known = better.filter(({ knownAnswer }) => knownAnswer === 'used').length;
  const unused = better.some(({ knownAnswer }) => knownAnswer === 'unused') ? ' Known answers that the recipe leaves unused decided nothing.' : '';
  const against = known === better.length ? 'the known one' : known === 0 ? 'what most answers to its task said' : `the known one (${number(known)}) or with what most answers to its task said (${number(better.length - known)})`;
  return `Every answer to be learnt was compared with ${against} once more before it was written, or a person has taken it in.${unused}`;
}

function ruleLines({ format, rule }: RecordRule, { records }: Survey): readonly string[] {
  const worse = 'Not to be learnt is what a person rejected, and what was read whole and is not the known answer; what was cut, could not be read or betrays a hint is not in it.';
  return [
    checkedLine(records),
    ...Object.values(ruleWords).flatMap(say => say(rule) ?? []),
    ...(holdsRejected(format) ? [worse] : []),
    ...(format === 'dpo' ? [`Each chosen answer is paired with at most ${number(rule.rejectedPerChosen)} rejected.`] : []),
  ];
}

function excludedLine({ excluded }: Survey): string {
  if (excluded.size === 0) return '';
  const words = [...excluded].sort(([, a], [, b]) => b - a).map(([reason, count]) => `${number(count)} ${plain(reason)}`);
  return `\n\nLeft out: ${words.join(', ')}.`;
}

function limits({ by: { format }, survey: { records }, contamination }: CardInput): readonly string[] {
  return [
    'The answers are checked, the reasoning is not, but where a person has read it: a path may be right by luck.',
    ...(records.some(({ isBetter, knownAnswer }) => isBetter && knownAnswer !== 'used') ? ['What most answers to a task say may be wrong all the same.'] : []),
    ...(records.some(({ hinted }) => hinted) ? ['Some paths were written by a model that was shown the answer. What betrays that is left out as far as it can be found; the records file names them.'] : []),
    ...(format === 'kto' ? ['Wrong paths are as many as the model wrote: look at the balance of labels before you train.'] : []),
    'It is not to be used to evaluate a model that was trained on it, and tasks that were held out are not in it.',
    ...alsoHeldOut(contamination),
  ];
}

/** Held-out tasks are in no export; others of the same words may be. */
function alsoHeldOut(contamination: SetContamination | undefined): readonly string[] {
  const sets = (contamination?.sets ?? []).map(({ evaluation, exact, near }) => `${number(exact + near)} of ${plain(evaluation)}`);
  return sets.length === 0 ? [] : [`But tasks with the same words as held-out ones, or nearly, are in it: ${sets.join(', ')}. The manifest names them. A model that was trained on it has seen them.`];
}
