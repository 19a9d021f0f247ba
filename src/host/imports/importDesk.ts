// Files that are about to be imported: how each is to be read, what would come of it, and how far it is. Knows nothing of the editor.
import path from 'node:path';
import { counted, thousands } from '../../client/words.ts';
import type { ImportChoices, PreviewChoices } from '../../contract/engine.ts';
import type { DraftChange, ImportDraft, ImportSnapshot, MappedField } from '../../contract/pages/importTasks.ts';
import type { ImportPreview, ImportReport } from '../../contract/reports.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { problemOf } from '../../core/model/problem.ts';

/** What of the engine is needed. */
export interface ImportEngine {
  preview(choices: PreviewChoices): Promise<ImportPreview>;
  /** Throws what keeps an import from being done at all. */
  run(choices: ImportChoices, onRows: (rows: number) => void): Promise<ImportReport>;
  cancel(): Promise<unknown>;
}

/** Rows that the page shows. */
const shownRows = 50;

type FileState = ImportSnapshot['files'][number]['state'];

interface DeskFile {
  readonly path: string;
  draft: ImportDraft;
  guessed: boolean;
  state: FileState;
  preview: ImportPreview | undefined;
  wrong: string | undefined;
  rows: number | undefined;
  report: ImportReport | undefined;
  /** Grows with each change of the draft: what was read for an earlier one is dropped. */
  turn: number;
  /** Settles when what was asked for last has been read. */
  read: Promise<void>;
}

const firstDraft: ImportDraft = { reading: 'found', map: {}, name: '', missingGold: 'keep' };

const likely: readonly (readonly [MappedField, RegExp])[] = [
  ['question', /^(?:question|problem|prompt|query|input|text)$/i], ['question', /question|problem|prompt|query|input/i],
  ['gold', /^(?:gold|answer|target|label|solution|output|result)$/i], ['gold', /gold|answer|target|label|solution|result/i],
  ['id', /^(?:id|uid|uuid|qid|[a-z]+_id)$/i], ['kind', /^kind$/i], ['difficulty', /^(?:difficulty|level)$/i], ['options', /^(?:options|choices)$/i],
];

/** Which columns are likely to hold what, by their names; empty where none looks like a question. */
export function likelyMap(columns: readonly string[]): ImportDraft['map'] {
  const map: ImportDraft['map'] = {};
  for (const [field, pattern] of likely) {
    const taken = Object.values(map);
    const found = map[field] ?? columns.find(column => pattern.test(column) && !taken.includes(column));
    if (found !== undefined) map[field] = found;
  }
  return map.question === undefined ? {} : map;
}

/** The choices of an import that a draft stands for, without those that change nothing of how a file is read. */
export function importChoicesOf({ reading, map, split, name, missingGold }: ImportDraft): Omit<ImportChoices, 'files' | 'domain'> {
  const how = reading === 'found' ? {} : reading === 'columns' ? { map: { ...map } } : { preset: reading };
  return { ...how, missingGold, ...(split === undefined ? {} : { split }), ...(name.trim() === '' ? {} : { name: name.trim() }) };
}

/** The files of one import. */
export class ImportDesk {
  readonly #project: string;
  readonly #engine: ImportEngine;
  readonly #onChange: () => void;
  readonly #files: readonly DeskFile[];
  #shown = 0;

  /** @param onChange the snapshot is another one now */
  constructor({ project, files, engine, onChange }: { readonly project: string; readonly files: readonly string[]; readonly engine: ImportEngine; readonly onChange: () => void }) {
    this.#project = project;
    this.#engine = engine;
    this.#onChange = onChange;
    this.#files = files.map(file => ({ path: file, draft: firstDraft, guessed: false, state: 'waiting', preview: undefined, wrong: undefined, rows: undefined, report: undefined, turn: 0, read: Promise.resolve() }));
  }

  get importing(): boolean {
    return this.#files.some(({ state }) => state === 'importing');
  }

  /** Whether nothing is left to be done. */
  get finished(): boolean {
    return this.#files.every(({ state }) => state === 'done' || state === 'cancelled');
  }

  /** What was imported so far, all files together. */
  get report(): ImportReport {
    const reports = this.#files.flatMap(({ report }) => report ?? []);
    return {
      files: reports.flatMap(({ files }) => files), tasks: reports.reduce((sum, { tasks }) => sum + tasks, 0), refused: reports.reduce((sum, { refused }) => sum + refused, 0),
      ...(reports.some(({ cancelled }) => cancelled === true) ? { cancelled: true } : {}),
    };
  }

  snapshot(): ImportSnapshot {
    const file = this.#at(this.#shown);
    return {
      project: this.#project, shown: this.#shown, draft: file.draft, guessed: file.guessed, preview: file.preview ?? null,
      files: this.#files.map(each => ({ name: path.basename(each.path), path: each.path, state: each.state, summary: summaryOf(each) })),
      ...(file.wrong === undefined ? {} : { wrong: file.wrong }), ...(file.rows === undefined ? {} : { rows: file.rows }),
    };
  }

  /** Reads the first rows of all files, one after the other. */
  async open(): Promise<void> {
    for (const file of this.#files) await this.#read(file);
  }

  show(file: number): void {
    if (this.#files[file]) this.#shown = file;
    this.#onChange();
  }

  /** Changes how the file on screen is to be read. */
  async change(change: DraftChange): Promise<void> {
    const file = this.#at(this.#shown);
    if (file.state === 'importing' || file.state === 'done') return;
    const given = Object.fromEntries(Object.entries({ ...file.draft.map, ...change.map }).filter(([, column]) => column !== ''));
    const begins = change.reading === 'columns' && file.draft.reading !== 'columns' && Object.keys(given).length === 0;
    const map: ImportDraft['map'] = begins ? likelyMap(columnsOf(file)) : given;
    file.draft = { ...file.draft, ...withoutAbsent(change), map };
    file.guessed = begins && map.question !== undefined;
    await this.#read(file);
  }

  /** Imports the file on screen, or all that can be, and shows the next that is left. */
  async import(which: 'shown' | 'all'): Promise<void> {
    if (this.importing) return;
    const wanted = which === 'shown' ? [this.#at(this.#shown)] : this.#files;
    for (const file of wanted) {
      await file.read; // whoever changes something and presses the button at once means the change
      if (file.state !== 'ready' || this.#isBusy()) continue;
      await this.#import(file);
      if (file.report?.cancelled === true) break;
    }
    const next = this.#files.findIndex(({ state }) => state !== 'done' && state !== 'cancelled');
    if (next >= 0) this.#shown = next;
    this.#onChange();
  }

  /** Another wish may have been fulfilled while this one waited. */
  #isBusy(): boolean {
    return this.importing;
  }

  /** Stops what is being imported; what was taken stays. */
  async cancel(): Promise<void> {
    if (this.importing) await this.#engine.cancel();
  }

  #read(file: DeskFile): Promise<void> {
    file.read = this.#readNow(file);
    return file.read;
  }

  async #readNow(file: DeskFile): Promise<void> {
    file.turn += 1;
    const { turn, draft } = file;
    file.state = 'reading';
    file.wrong = undefined;
    this.#onChange();
    const read = await this.#previewOf(file);
    if (file.turn !== turn) return;
    if (typeof read === 'string') file.wrong = read;
    else file.preview = read;
    file.state = typeof read === 'string' || read.problem || read.tasks + read.duplicates === 0 ? 'refused' : 'ready';
    this.#onChange();
    if (typeof read === 'string' || read.problem?.code !== 'columns-missing' || draft.reading !== 'found') return;
    const map = likelyMap(columnsOf(file));
    if (map.question === undefined) return;
    file.draft = { ...draft, reading: 'columns', map };
    file.guessed = true;
    await this.#readNow(file);
  }

  /** The preview, or why the draft can be none. */
  async #previewOf({ path: file, draft }: DeskFile): Promise<ImportPreview | string> {
    if (draft.reading === 'columns' && draft.map.question === undefined) return 'Say which column holds the question.';
    try {
      return await this.#engine.preview({ file, rows: shownRows, ...importChoicesOf(draft) });
    } catch (thrown) {
      return problemOf(thrown).message;
    }
  }

  async #import(file: DeskFile): Promise<void> {
    file.state = 'importing';
    file.rows = 0;
    this.#shown = this.#files.indexOf(file);
    this.#onChange();
    try {
      file.report = await this.#engine.run({ files: [file.path], ...importChoicesOf(file.draft), ...withoutAbsent({ domain: file.draft.domain }) }, rows => {
        file.rows = rows;
        this.#onChange();
      });
      file.state = file.report.cancelled === true ? 'cancelled' : 'done';
    } catch (thrown) {
      file.state = 'ready';
      throw thrown;
    } finally {
      file.rows = undefined;
      this.#onChange();
    }
  }

  #at(index: number): DeskFile {
    const file = this.#files[index];
    if (!file) throw new Error('an import is of at least one file');
    return file;
  }
}

const columnsOf = ({ preview }: DeskFile): readonly string[] => (preview?.columns ?? []).map(({ name }) => name);

function summaryOf({ state, preview, report, wrong }: DeskFile): string {
  if (report) return `${counted(report.tasks, 'task')}${report.refused > 0 ? `, ${thousands(report.refused)} refused` : ''}`;
  if (state === 'refused') return wrong ?? (preview?.problem ? 'cannot be read so' : 'no row can be taken');
  if (state !== 'ready' || !preview) return '';
  return `${preview.preset ?? 'by its columns'}, ${preview.split === 'train' ? 'train' : 'held out'}`;
}
