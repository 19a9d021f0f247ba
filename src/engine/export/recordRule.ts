import * as z from 'zod/mini';
import type { ExportRuleDraft } from '../../contract/exportRule.ts';
import { exportFormats, holdsRejected, usualRule, type ExportFormat, type ExportRule, type LengthRule, type MatchRule } from '../../core/model/exportRule.ts';
import { isFields, parseJson, withoutAbsent } from '../../core/model/outside.ts';
import { problemError } from '../../core/model/problem.ts';
import { baseName, beside } from '../paths.ts';
import { inSlices } from '../slices.ts';
import type { Exporting } from './exportDataset.ts';
import type { OtherSet, RecordRule } from './taskRecords.ts';

/** A rule with what was not said, its parts always in the same order, since manifests show it. */
export function wholeRule(draft: ExportRuleDraft = {}): ExportRule {
  const { reviews, length, pathsPerTask, rejectedPerChosen, hintedShare, match, sample, split, seed, wrapper } = { ...usualRule, ...withoutAbsent(draft) };
  return {
    reviews, ...withoutAbsent({ length: length && lengthRule(length), pathsPerTask }), rejectedPerChosen, hintedShare,
    ...withoutAbsent({
      match: match && { by: match.by, manifest: baseName(match.manifest) }, sample: sample && { by: sample.by, count: sample.count }, split: split && { name: split.name, share: split.share },
    }), seed, wrapper,
  };
}

const lengthRule = ({ unit, least, most }: NonNullable<ExportRuleDraft['length']>): LengthRule => ({ unit, ...withoutAbsent({ least, most }) });

type Reading = Pick<Exporting, 'files' | 'hash' | 'clock'>;

/** A rule with all that it says in numbers. Throws `usage` and what is wrong with a training set that is to be matched. */
export async function recordRule(reading: Reading, { format, rule: draft }: { readonly format: ExportFormat; readonly rule?: ExportRuleDraft | undefined }): Promise<RecordRule> {
  const by = { format, rule: wholeRule(draft) };
  if (!draft?.match) return by;
  if (holdsRejected(format)) throw problemError('usage', `${format} also holds what is not to be learnt, and only paths that are to be learnt can be matched. Choose another format.`, { field: 'match' });
  return { ...by, other: await otherSet(reading, draft.match) };
}

const figure = z.int().check(z.nonnegative());
const manifestSchema = z.object({ format: z.enum(exportFormats), records: figure, tasks: figure, sha256: z.string(), recordsSha256: z.string(), files: z.array(z.string()).check(z.minLength(1)) });

/** What another training set has, by its manifest and the records file beside it. */
async function otherSet(reading: Reading, { by, manifest: path }: MatchRule): Promise<OtherSet> {
  const read = z.safeParse(manifestSchema, parseJson(textOf(reading, path)));
  if (!read.success) throw problemError('field-invalid', `${path} is no manifest of an export. Name one, such as other.jsonl.manifest.json.`, { file: path });
  const { format, records: paths, tasks, sha256, recordsSha256, files: [name = ''] } = read.data;
  if (holdsRejected(format)) throw problemError('usage', `${path} is of ${format}, which also holds what is not to be learnt. Match an export that holds paths to be learnt alone.`, { file: path });
  const other = { file: baseName(name), sha256, tasks, paths };
  if (by === 'paths') return { ...other, matching: { by, count: paths } };
  const records = beside(path, `${other.file}.records.jsonl`);
  const text = textOf(reading, records);
  if (reading.hash(text) !== recordsSha256) throw problemError('field-invalid', `${records} is not what ${baseName(path)} says: it was changed after it had been exported. Export it again.`, { file: records });
  return { ...other, matching: { by, counts: await tasksIn(text, reading) } };
}

function textOf({ files }: Reading, path: string): string {
  const text = files.text(path);
  if (text === undefined) throw problemError('file-unreadable', `${path} cannot be read. A training set is matched by its manifest and the records file beside it.`, { file: path });
  return text;
}

/** How many lines of a records file are of each task. */
async function tasksIn(text: string, { clock }: Reading): Promise<ReadonlyMap<string, number>> {
  const pause = inSlices(clock);
  const counts = new Map<string, number>();
  for (let from = 0; from < text.length;) {
    const end = text.indexOf('\n', from);
    const line = parseJson(text.slice(from, end < 0 ? text.length : end));
    const task = isFields(line) ? line['task'] : undefined;
    if (typeof task === 'string') counts.set(task, (counts.get(task) ?? 0) + 1);
    from = end < 0 ? text.length : end + 1;
    await pause();
  }
  return counts;
}
