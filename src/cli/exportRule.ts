import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ExportRuleDraft } from '../contract/exportRule.ts';
import { lengthUnits, matchUnits, reviewRules, sampleUnits, wrapperRules } from '../core/model/exportRule.ts';
import { isFields, parseJson, withoutAbsent } from '../core/model/outside.ts';
import { messageOf, problemError } from '../core/model/problem.ts';
import type { Given, OptionSpec } from './command.ts';

/** Options that say what is in a training set. */
export const ruleOptions: Readonly<Record<string, OptionSpec>> = {
  'reviewed': { type: 'boolean', help: 'only paths that a person has decided about; without it paths that nobody has reviewed are written too' },
  'hinted-share': { type: 'string', value: 'X', help: 'most hinted records as a share of all, 0 to 1 (default 1)' },
  'paths-per-task': { type: 'string', value: 'N', help: 'most paths of a task; in kto and dpo so many to be learnt and so many that are not' },
  'min-length': { type: 'string', value: 'N', help: 'leave out shorter paths' },
  'max-length': { type: 'string', value: 'N', help: 'leave out longer paths' },
  'length-in': { type: 'string', value: 'UNIT', help: `${lengthUnits.join(' or ')}, those that the server counted (default characters)` },
  'tasks': { type: 'string', value: 'N', help: 'a sample of so many tasks' },
  'records': { type: 'string', value: 'N', help: 'a sample of so many records' },
  'match': { type: 'string', value: 'MANIFEST', help: 'take as many as another export has, by its manifest' },
  'match-by': { type: 'string', value: 'UNIT', help: `${[...sampleUnits, ...matchUnits].join(', ')}: a sample of as many tasks or records (default records), or as many paths of each task that both have, or in all` },
  'split': { type: 'string', value: 'NAME=X', help: 'put a share of the tasks into a file of its own, such as validation=.05' },
  'seed': { type: 'string', value: 'N', help: 'decides what share, sample and split draw (default 0)' },
  'wrapper': { type: 'string', value: 'WORD', help: `what stands before a question: ${wrapperRules.join(' or ')} (default fitting: an instruction that fits the kind of answer)` },
  'rejected-per-chosen': { type: 'string', value: 'N', help: 'with how many rejected paths each chosen one is paired at most, in dpo (default 1)' },
};

/** The rule that was given. Throws `usage`, and what is wrong with a manifest. */
export function ruleIn(given: Given): ExportRuleDraft {
  const [least, most, unit] = [given.count('min-length', 0), given.count('max-length', 0), given.word('length-in', lengthUnits)];
  return withoutAbsent({
    reviews: given.flag('reviewed') ? reviewRules[1] : undefined,
    length: least === undefined && most === undefined ? undefined : withoutAbsent({ unit: unit ?? lengthUnits[0], least, most }),
    pathsPerTask: given.count('paths-per-task', 1),
    rejectedPerChosen: given.count('rejected-per-chosen', 1),
    hintedShare: shareOf('hinted-share', given.text('hinted-share')),
    match: matchOf(given),
    sample: sampleOf(given),
    split: splitOf(given.text('split')),
    seed: given.count('seed', 0),
    wrapper: given.word('wrapper', wrapperRules),
  });
}

function shareOf(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const share = Number(value);
  if (/^\d*\.?\d+$/.test(value) && share <= 1) return share;
  throw problemError('usage', `--${name} takes a share from 0 to 1, such as .25, not ${value}.`);
}

function splitOf(value: string | undefined): ExportRuleDraft['split'] {
  if (value === undefined) return undefined;
  const [, name, share] = /^([a-z][a-z0-9-]{0,39})=(\d*\.?\d+)$/.exec(value) ?? [];
  if (name !== undefined && Number(share) > 0 && Number(share) < 1) return { name, share: Number(share) };
  throw problemError('usage', `--split takes a name in small letters and a share between 0 and 1, such as validation=.05, not ${value}.`);
}

function sampleOf(given: Given): ExportRuleDraft['sample'] {
  const [tasks, records, match, by] = [given.count('tasks', 1), given.count('records', 1), given.text('match'), byOf(given)];
  if ([tasks, records, match].filter(each => each !== undefined).length > 1) throw problemError('usage', 'Say how many by one of --tasks, --records and --match.');
  if (tasks !== undefined) return { by: 'tasks', count: tasks };
  if (records !== undefined) return { by: 'records', count: records };
  const unit = sampleUnits.find(each => each === by);
  return match === undefined || unit === undefined ? undefined : { by: unit, count: countIn(match, unit) };
}

const byOf = (given: Given) => given.word('match-by', [...sampleUnits, ...matchUnits]) ?? 'records';

/** Whatever runs the command reads the manifest: it is named wherever it stands. */
function matchOf(given: Given): ExportRuleDraft['match'] {
  const [match, by] = [given.text('match'), byOf(given)];
  const unit = matchUnits.find(each => each === by);
  return match === undefined || unit === undefined ? undefined : { by: unit, manifest: path.resolve(match) };
}

/** How many tasks or records another export has, as its manifest says. */
function countIn(file: string, by: (typeof sampleUnits)[number]): number {
  const manifest = parseJson(textOf(file));
  const count = isFields(manifest) ? manifest[by] : undefined;
  if (typeof count === 'number' && Number.isInteger(count) && count > 0) return count;
  throw problemError('field-missing', `${file} does not say how many ${by} its export has. Name the manifest of an export, such as other.jsonl.manifest.json.`, { file });
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    throw problemError('file-unreadable', `${file} cannot be read: ${messageOf(thrown)}`, { file, cause: thrown });
  }
}
