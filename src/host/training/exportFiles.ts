// Names of the files that an export writes. Knows nothing of the editor.
import type { ExportFormat } from '../../core/model/exportRule.ts';

/** The name that is proposed for a training set. `project`: its name without the ending. */
export const proposedName = (project: string, format: ExportFormat): string => `${project}.${format === 'parquet' ? format : `${format}.jsonl`}`;

/** Names of all the files of an export, the training set first. */
export function exportedNames(name: string, { split, card }: { readonly split: string | undefined; readonly card: boolean }): readonly string[] {
  const dot = name.lastIndexOf('.');
  return [name, ...(split === undefined ? [] : [`${name.slice(0, dot)}.${split}${name.slice(dot)}`]), `${name}.records.jsonl`, `${name}.manifest.json`, ...(card ? ['README.md'] : [])];
}
