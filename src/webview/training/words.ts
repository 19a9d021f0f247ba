// How a training set and its job are worded. Knows no DOM.
import { counted, kindWords, thousands, visible } from '../../client/words.ts';
import type { RuleChange, TrainingDraft, TrainingSnapshot } from '../../contract/pages/training.ts';
import type { ExportPreview } from '../../contract/reports.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { usualRule, type ExportFormat, type matchUnits } from '../../core/model/exportRule.ts';

/** What is said of each format, in a line. */
export const formatWords: Readonly<Record<ExportFormat, string>> = {
  'chat': 'messages with roles, as TRL and most trainers take them',
  'prompt-completion': 'two fields, the prompt as messages',
  'sharegpt': 'conversations with from and value',
  'alpaca': 'instruction, input and output',
  'parquet': 'messages with roles, in columns',
  'kto': 'right and wrong paths, each with a label',
  'dpo': 'pairs of a right and a wrong path of one task',
};

const shareStep = 1_000;

/** A share in percent, as it is typed: `12.5`. */
export const percentOf = (share: number): string => String(Math.round(share * 100 * shareStep) / shareStep);

/** A share from what was typed in percent. */
export const shareOf = (percent: string): number => Number(percent) / 100;

/** A bound or a count that was typed; nothing where the field was emptied. */
const numberOf = (text: string): number | undefined => (text === '' ? undefined : Number(text));

/** A number that may be left out. */
export const optionalNumber = (text: string): number | null => numberOf(text) ?? null;

/** What a change of one bound of the length makes of the rule; without bounds there is none. */
export function lengthChange({ length }: TrainingDraft['rule'], change: { readonly unit?: 'characters' | 'tokens'; readonly least?: string; readonly most?: string }): RuleChange {
  const unit = change.unit ?? length?.unit ?? 'characters';
  const bound = (typed: string | undefined, before: number | undefined) => (typed === undefined ? before : numberOf(typed));
  const bounds = withoutAbsent({ least: bound(change.least, length?.least), most: bound(change.most, length?.most) });
  return { length: Object.keys(bounds).length === 0 && change.unit === undefined ? null : { unit, ...bounds } };
}

/** What a sample becomes. An empty count takes it away. */
export function sampleChange({ sample }: TrainingDraft['rule'], change: { readonly by?: 'tasks' | 'records'; readonly count?: string }): RuleChange {
  const count = change.count === undefined ? sample?.count : numberOf(change.count);
  return { sample: count === undefined ? null : { by: change.by ?? sample?.by ?? 'tasks', count } };
}

/** What matching becomes. No manifest takes it away. */
export function matchChange({ match }: TrainingDraft['rule'], change: { readonly by?: (typeof matchUnits)[number]; readonly manifest?: string }): RuleChange {
  const manifest = change.manifest ?? match?.manifest ?? '';
  return { match: manifest === '' ? null : { by: change.by ?? match?.by ?? 'paths-per-task', manifest } };
}

/** What a training set can be made equal to; one that is chosen, and not known any more, is among them. */
export const matchChoices = ({ others, draft: { rule: { match } } }: Pick<TrainingSnapshot, 'others' | 'draft'>): readonly { readonly value: string; readonly words: string }[] => [
  { value: '', words: 'Nothing' }, ...others.map(({ manifest, name }) => ({ value: manifest, words: visible(name) })),
  ...(match === undefined || others.some(({ manifest }) => manifest === match.manifest) ? [] : [{ value: match.manifest, words: visible(match.manifest) }]),
];

/** What a split becomes. An empty share takes it away. */
export function splitChange({ split }: TrainingDraft['rule'], change: { readonly name?: string; readonly percent?: string }): RuleChange {
  const share = change.percent === undefined ? split?.share : change.percent === '' ? undefined : shareOf(change.percent);
  return { split: share === undefined ? null : { name: change.name ?? split?.name ?? 'validation', share } };
}

/** Whether a rule is the one that everything begins with. */
export const isUsual = (rule: TrainingDraft['rule']): boolean => JSON.stringify(sortedEntries(rule)) === JSON.stringify(sortedEntries(usualRule));
const sortedEntries = (rule: object): readonly unknown[] => Object.entries(rule).filter(([, value]) => value !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));

/** What would be written, in one sentence. */
export function summaryOf({ records, tasks, split, missing, rule, matched }: ExportPreview): string {
  if (records === 0) return 'No record.';
  const part = split ? `, of these ${counted(split.records, 'record')} of ${counted(split.tasks, 'task')} in ${split.name}` : '';
  const short = missing === undefined || !rule.sample ? '' : `; ${counted(missing, rule.sample.by === 'tasks' ? 'task' : 'record')} fewer than the sample asks for, there are no more`;
  const equal = matched === undefined ? '' : `; ${visible(matched.file)} has ${counted(matched.paths, 'path')} of ${counted(matched.tasks, 'task')}`;
  return `${counted(records, 'record')} of ${counted(tasks, 'task')}${part}${short}${equal}.`;
}

/** How far a preview is. */
export const lookingWords = ({ done, total }: { readonly done: number; readonly total: number }): string => (total === 0 ? 'Looking at the paths…' : `${thousands(done)} of ${thousands(total)} tasks looked at…`);

/** What balance is told, with its heads; those without counts are left out. */
export function balancesOf({ balance, datasets }: ExportPreview): readonly { readonly title: string; readonly counts: readonly (readonly [string, number])[] }[] {
  const label = Object.fromEntries(Object.entries(balance.label).map(([is, count]) => [is === 'true' ? 'to be learnt' : 'not to be learnt', count]));
  const kinds = Object.fromEntries(Object.entries(balance.answerKind).map(([kind, count]) => [kind === 'yesno' ? kindWords.yesno : kind, count]));
  const sets = Object.fromEntries(Object.entries(datasets).map(([name, { records, licence }]) => [`${name} (${licence ?? 'licence not stated'})`, records]));
  const all = [['Data sets', sets], ['Kinds of answer', kinds], ['Choices', balance.choice], ['Yes or no', balance.yesno], ['Labels', label]] as const;
  return all.flatMap(([title, counts]) => {
    const rows = Object.entries(counts).filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a);
    return rows.length === 0 ? [] : [{ title, counts: rows }];
  });
}

/** The job that this work is already, or an earlier one of the same target, base model and preset; nothing where there is none. */
export function earlierWords({ earlier, plan, planning }: Pick<TrainingSnapshot, 'earlier' | 'plan' | 'planning'>): string | undefined {
  if (!earlier) return undefined;
  const { id, base, preset, state, records, retry } = earlier;
  const trained = `trained ${visible(base)} with ${preset} here before, on ${counted(records, 'record')}${retry > 0 ? `, try ${retry + 1}` : ''}: ${state}.`;
  if (planning || !plan) return `Job ${id} ${trained} Where nothing differs, that job is shown and none is begun.`;
  return plan.existing?.id === id ? `This very work was begun before. Job ${id} ${trained} It is shown, and none is begun.` : `Job ${id} ${trained} Something differs now: another job is begun.`;
}

/** Why the primary button cannot be pressed; nothing where it can. A base model that was just typed is known only when it is pressed. */
export function notReady({ half, draft, preview, wrong, targets, dataset, unplanned, work }: TrainingSnapshot): string | undefined {
  if (work) return 'It is being done.';
  if (half !== 'train' && (wrong !== undefined || preview?.records === 0)) return 'There is nothing to learn from.';
  if (dataset?.wrong !== undefined) return dataset.wrong;
  if (targets.length === 0 || draft.target === '') return 'Choose a target.';
  return unplanned;
}
