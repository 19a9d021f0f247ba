import type { ExportRule } from '../../core/model/exportRule.ts';
import type { RecordRule } from './taskRecords.ts';

/** A word for a POSIX shell: as it is where that is safe, else in quotes that nothing gets out of. */
const quoted = (word: string): string => (/^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll('\'', '\'\\\'\'')}'`);

/** How each part of a rule is said on the command line; nothing for what is usual. */
const options: { readonly [Name in keyof ExportRule]-?: (rule: ExportRule) => readonly string[] } = {
  reviews: ({ reviews }) => (reviews === 'reviewed-only' ? ['--reviewed'] : []),
  length: ({ length: { unit = 'characters', least, most } = {} }) => [...valued('min-length', least), ...valued('max-length', most), ...(unit === 'tokens' ? ['--length-in', unit] : [])],
  pathsPerTask: ({ pathsPerTask }) => valued('paths-per-task', pathsPerTask),
  rejectedPerChosen: ({ rejectedPerChosen }) => (rejectedPerChosen === 1 ? [] : valued('rejected-per-chosen', rejectedPerChosen)),
  hintedShare: ({ hintedShare }) => (hintedShare === 1 ? [] : valued('hinted-share', hintedShare)),
  match: ({ match }) => (match ? [`--match=${match.manifest}`, '--match-by', match.by] : []),
  sample: ({ sample }) => (sample ? valued(sample.by, sample.count) : []),
  split: ({ split }) => (split ? ['--split', `${split.name}=${split.share}`] : []),
  seed: ({ seed }) => (seed === 0 ? [] : valued('seed', seed)),
  wrapper: ({ wrapper }) => (wrapper === 'none' ? ['--wrapper', wrapper] : []),
};

const valued = (name: string, value: number | undefined): readonly string[] => (value === undefined ? [] : [`--${name}`, String(value)]);

/** The command that makes an export again, run in the folder of the project; names stand without their folders. */
export function exportCommandLine({ project, out, card }: { readonly project: string; readonly out: string; readonly card: boolean }, { format, rule }: RecordRule): string {
  const words = ['regenesis', 'export', '--format', format, ...Object.values(options).flatMap(say => say(rule)), ...(card ? ['--card'] : []), `--out=${out}`, '--', project];
  return words.map(quoted).join(' ');
}
