import { isFields, parseJson } from '../../core/model/outside.ts';
import { problemError } from '../../core/model/problem.ts';
import type { Files, NewFile } from '../../ports/files.ts';
import { baseName, beside } from '../paths.ts';

/** Where the files of one export stand; absolute. */
export interface ExportPlaces {
  readonly out: string;
  readonly records: string;
  readonly manifest: string;
  /** Absent without a split. */
  readonly split?: string;
  /** Absent where no card is asked for. */
  readonly card?: string;
}

/** SHA-256 of the data files of an export, and of its records file. */
export interface ExportHashes {
  readonly data: string;
  readonly records: string;
  readonly split?: string;
}

/** Names the files of an export. `train.jsonl` has `train.validation.jsonl` beside it. */
export function placesOf(out: string, { split, card }: { readonly split: string | undefined; readonly card: boolean }): ExportPlaces {
  const name = baseName(out);
  const dot = name.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  return {
    out, records: `${out}.records.jsonl`, manifest: `${out}.manifest.json`,
    ...(split === undefined ? {} : { split: beside(out, `${stem}.${split}${ending}`) }),
    ...(card ? { card: beside(out, 'README.md') } : {}),
  };
}

/** Names that the manifest of an earlier export at this place lists; absent where none stands there. */
function earlierNames(files: Files, { out, manifest }: ExportPlaces): ReadonlySet<string> | undefined {
  const text = files.text(manifest);
  if (text === undefined) return undefined;
  const fields = parseJson(text);
  const listed = isFields(fields) ? [fields['files'], fields['leftovers']].flatMap(names => (Array.isArray(names) ? names.filter(name => typeof name === 'string') : [])) : [];
  return new Set([baseName(out), ...listed]);
}

/** The line of a card by which we know it as one of ours. */
export const cardMark = '<!-- Written by ReGenesis Workbench: an export with --card replaces this file. -->';

/**
 * Throws `file-exists` where something stands that no earlier export has written, unless that may be overwritten, and `usage` where two of the files would have one name.
 *
 * @returns files of an earlier export that this one does not write
 */
export function refuseForeign(files: Files, places: ExportPlaces, overwrite: boolean): readonly string[] {
  const paths = Object.values(places).map(String);
  if (new Set(paths).size < paths.length) throw problemError('usage', `${baseName(places.out)} cannot be the name of the data: another file of the same export has it. Choose another name.`, { file: places.out });
  const earlier = earlierNames(files, places);
  if (!overwrite) refuseEach(files, places, earlier ?? new Set());
  const ours = new Set(paths.map(baseName));
  return [...earlier ?? []].filter(name => !ours.has(name) && name === baseName(name) && isThere(files, beside(places.out, name)));
}

const isThere = (files: Files, path: string): boolean => (files.sizeBytes(path) ?? 0) > 0;

function refuseEach(files: Files, { out, split, card }: ExportPlaces, earlier: ReadonlySet<string>): void {
  const ways = 'it was left as it was. Choose another name, or say --force.';
  for (const path of split === undefined ? [out] : [out, split]) {
    if (isThere(files, path) && !earlier.has(baseName(path))) throw problemError('file-exists', `${path} is there already and no earlier export, since no manifest beside ${baseName(out)} names it: ${ways}`, { file: path });
  }
  if (card !== undefined && isThere(files, card) && files.text(card)?.includes(cardMark) !== true) throw problemError('file-exists', `${card} is there already and was not written by an export: ${ways}`, { file: card });
}

/** Files that get their names together, once all of them are whole. */
export class FileSet {
  readonly #files: Files;
  readonly #written: NewFile[] = [];

  constructor(files: Files) {
    this.#files = files;
  }

  create(path: string): NewFile {
    const file = this.#files.create(path);
    this.#written.push(file);
    return file;
  }

  /** Where one cannot have its name, those before it give theirs back, as far as the file system lets them. */
  keep(): void {
    for (const file of this.#written) file.seal();
    const undo: (() => void)[] = [];
    try {
      for (const file of this.#written) undo.unshift(file.keep());
    } catch (thrown) {
      for (const back of undo) back();
      throw thrown;
    }
  }

  /** Takes away what has no name yet, and what was kept of files that were replaced. */
  discard(): void {
    for (const file of this.#written) file.discard();
  }
}
