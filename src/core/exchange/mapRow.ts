import { parseJson, type Fields } from '../model/outside.ts';
import { problemError } from '../model/problem.ts';
import { answerKinds, type AnswerKind } from '../model/task.ts';
import { inferKind } from '../verify/kind.ts';
import { keyedGold, letteredOptions, makeOptions, optionLine, withOptions, type RowOptions } from './choiceOptions.ts';
import { blankProblem } from './preset.ts';
import { isNumeral, isRowProblem, plainGold, quoted, tidy, yesNoGold, type RowProblem, type TaskDraft } from './taskDraft.ts';

/** What a column can be mapped to. `answer` is another word for `gold`. */
const mapFields = ['question', 'gold', 'answer', 'kind', 'options', 'id', 'licence', 'difficulty'] as const;
type MapField = Exclude<(typeof mapFields)[number], 'answer'>;

/** Which column holds what, checked. Columns are dotted where they are nested (`choices.text`). */
export type ColumnMap = { readonly question: string } & { readonly [F in Exclude<MapField, 'question'>]?: string };

/** Checks what was given as `FIELD=COLUMN` pairs. Throws `ProblemError` with `usage`. */
export function columnMap(pairs: Readonly<Record<string, string>>): ColumnMap {
  const map: { -readonly [F in MapField]?: string } = {};
  for (const [given, column] of Object.entries(pairs)) {
    const known = mapFields.find(name => name === given);
    if (known === undefined) throw problemError('usage', `--map ${given}=${column}: there is no field ${given}; the fields are ${mapFields.join(', ')}`);
    const field = known === 'answer' ? 'gold' : known;
    if (column.trim() === '') throw problemError('usage', `--map ${given}= names no column`);
    if (map[field] !== undefined) throw problemError('usage', `--map gives ${field} twice`);
    map[field] = column.trim();
  }
  const { question, ...rest } = map;
  if (question === undefined) throw problemError('usage', '--map names no column for the question; add --map question=COLUMN');
  return { question, ...rest };
}

/** The columns of a map that a file does not have; of a dotted one its first part is looked for. */
export const missingColumns = (map: ColumnMap, columns: readonly string[]): readonly string[] =>
  Object.values(map).filter(column => !columns.includes(column) && !columns.includes(column.split('.')[0] ?? ''));

/** The value of a column: by its whole name, else along its dots. */
function valueAt(fields: Fields, column: string): unknown {
  if (Object.hasOwn(fields, column)) return fields[column];
  return column.split('.').reduce<unknown>((inner, key) => typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key) ? Reflect.get(inner, key) : undefined, fields);
}

/** Makes a task of a row by a map. Problems: `field-missing`, `field-invalid`. */
export function mapRow(map: ColumnMap, fields: Fields): TaskDraft | RowProblem {
  const at = (field: MapField): unknown => map[field] === undefined ? undefined : valueAt(fields, map[field]);
  const question = readQuestion(at('question'), map.question);
  if (typeof question === 'object') return question;
  const kind = readKind(at('kind'), map.kind ?? 'kind');
  if (typeof kind === 'object') return kind;
  const asked = { gold: at('gold'), kind, field: map.gold ?? 'gold' };
  const options = at('options');
  const draft = options === undefined || options === null || options === '' ? openDraft(question, asked) : choiceDraft(question, readOptions(options, map.options ?? 'options'), asked);
  return isRowProblem(draft) ? draft : { ...draft, ...label('sourceId', at('id')), ...label('licence', at('licence')), ...label('difficulty', at('difficulty')) };
}

/** What a row says of its answer, its declared kind included. */
interface Asked {
  readonly gold: unknown;
  readonly kind: AnswerKind | undefined;
  readonly field: string;
}

function readQuestion(value: unknown, field: string): string | RowProblem {
  if (value === undefined || value === null) return { code: 'field-missing', field, message: `there is no ${field}` };
  if (typeof value !== 'string') return { code: 'field-invalid', field, message: `${field} should be text and is ${quoted(value)}` };
  return blankProblem(value, field) ?? tidy(value);
}

function label(name: 'sourceId' | 'licence' | 'difficulty', value: unknown): Pick<TaskDraft, 'sourceId' | 'licence' | 'difficulty'> {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  return text === '' ? {} : { [name]: text };
}

function readKind(value: unknown, field: string): AnswerKind | undefined | RowProblem {
  if (value === undefined || value === null || value === '') return undefined;
  return answerKinds.find(kind => kind === value) ?? { code: 'field-invalid', field, message: `${field} should be ${answerKinds.join(', ')} and is ${quoted(value)}` };
}

function openDraft(question: string, asked: Asked): TaskDraft | RowProblem {
  const read = plainGold(asked.gold, asked.field);
  if (isRowProblem(read)) return read;
  const { gold } = read;
  const answerKind = asked.kind ?? kindOf(gold);
  if (asked.kind !== undefined && gold !== undefined) {
    const wrong = kindProblem(gold, asked.kind, asked.field);
    if (wrong) return wrong;
  }
  return { question, ...read, answerKind };
}

/** A row without an answer says nothing of its kind. Plain digits need no grader to tell: most rows of most tables are that. */
function kindOf(gold: string | undefined): AnswerKind {
  if (gold === undefined) return 'text';
  return /^-?\d{1,15}(?:\.\d{1,15})?$/.test(gold) ? 'number' : inferKind(gold);
}

/** A declared kind that its own known answer does not have would grade every path wrong. */
function kindProblem(gold: string, kind: AnswerKind, field: string): RowProblem | undefined {
  if (kind === 'yesno') {
    const read = yesNoGold(gold, field);
    return isRowProblem(read) ? read : undefined;
  }
  if (kind !== 'number' || isNumeral(gold) || inferKind(gold) === 'number') return undefined;
  return { code: 'field-invalid', field, message: `${field} should be a number, as the row's kind says, and is ${quoted(gold)}` };
}

function choiceDraft(question: string, options: RowOptions | RowProblem, asked: Asked): TaskDraft | RowProblem {
  if (isRowProblem(options)) return options;
  if (asked.kind !== undefined && asked.kind !== 'choice') return { code: 'field-invalid', field: 'kind', message: `a row with options is of kind choice, and its kind is ${asked.kind}` };
  const read = plainGold(asked.gold, asked.field);
  if (isRowProblem(read)) return read;
  const key = read.gold === undefined ? undefined : optionKey(read.gold, options);
  const gold = keyedGold(key, options, asked.field);
  return isRowProblem(gold) ? gold : { question: withOptions(question, options.options), ...gold, answerKind: 'choice', options: options.options };
}

/** An answer to a choice may be given as its label, as `(B)`, as `(B) text` or as the text alone. */
function optionKey(gold: string, options: RowOptions): string {
  const bare = gold.replace(/^\(([A-Z])\)$/, '$1');
  const at = options.options.findIndex(option => optionLine(option) === gold || option.text === gold);
  return options.keys.includes(bare) ? bare : options.keys[at] ?? bare;
}

/** Options as a list of texts, a list of `{text,label}`, `{text:[],label:[]}` or an object from label to text; in a table as any of these in JSON, or one a line. */
function readOptions(value: unknown, field: string): RowOptions | RowProblem {
  const invalid: RowProblem = { code: 'field-invalid', field, message: `${field} should be a list of options and is ${quoted(value)}` };
  if (typeof value === 'string') {
    const read = /^\s*[[{]/.test(value) ? parseJson(value) : value.split('\n').filter(line => line.trim() !== '');
    return typeof read === 'string' || read === undefined ? invalid : readOptions(read, field);
  }
  if (Array.isArray(value)) return readList(value, field) ?? invalid;
  if (typeof value !== 'object' || value === null) return invalid;
  const texts: unknown = Reflect.get(value, 'text');
  const labels: unknown = Reflect.get(value, 'label');
  if (Array.isArray(texts) && Array.isArray(labels)) return makeOptions(texts.map(String), labels.map(String), field);
  const entries = Object.entries(value);
  return entries.every(([, text]) => typeof text === 'string') ? makeOptions(entries.map(([, text]) => String(text)), entries.map(([key]) => key), field) : invalid;
}

function readList(values: readonly unknown[], field: string): RowOptions | RowProblem | undefined {
  if (values.every(value => typeof value === 'string' || typeof value === 'number')) {
    const texts = values.map(String);
    const labelled = texts.map(text => /^\(?([A-Z])[).:]\s*(\S.*)$/s.exec(text));
    const keys = labelled.flatMap(match => match?.[1] ?? []);
    return keys.length === texts.length ? makeOptions(labelled.map(match => match?.[2] ?? ''), keys, field) : letteredOptions(texts, field);
  }
  const pairs = values.map(value => typeof value === 'object' && value !== null ? { text: Reflect.get(value, 'text') as unknown, label: Reflect.get(value, 'label') as unknown } : undefined);
  if (!pairs.every(pair => typeof pair?.text === 'string')) return undefined;
  const texts = pairs.map(pair => String(pair?.text));
  return pairs.every(pair => pair?.label !== undefined) ? makeOptions(texts, pairs.map(pair => String(pair?.label)), field) : letteredOptions(texts, field);
}
