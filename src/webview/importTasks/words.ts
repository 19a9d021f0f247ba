// How rows of a preview are worded. Knows no DOM.
import { counted, refusalReason, thousands } from '../../client/words.ts';
import type { ImportSnapshot } from '../../contract/pages/importTasks.ts';
import type { ImportPreview, PreviewRow } from '../../contract/reports.ts';

/** How a row is shown. */
export interface RowLook {
  readonly word: string;
  readonly icon: string;
  readonly tone: string;
  /** Why nothing comes of it, in place of the task that it is not. */
  readonly reason?: string;
  /** How long the question is, where it is longer than what is shown. */
  readonly length?: string;
}

/** What becomes of a row. */
export function lookOf({ outcome, code, field, message, question, questionLength = 0, id }: PreviewRow): RowLook {
  switch (outcome) {
    case 'refused': return { word: 'Refused', icon: 'circle-slash', tone: 'bad', reason: refusalReason({ field, message: message ?? code ?? 'no reason is known' }) };
    case 'duplicate': return {
      word: 'There already', icon: 'copy', tone: 'dim', ...(id === undefined ? { reason: 'the same id and content stand further up in this file' } : longer(question, questionLength)),
    };
    case 'task': return { word: 'Task', icon: 'pass', tone: 'ok', ...longer(question, questionLength) };
  }
}

const longer = (question: string | undefined, length: number): Pick<RowLook, 'length'> => (length > (question?.length ?? 0) ? { length: `… ${thousands(length)} characters in all` } : {});

/** What becomes of the rows that were read, in one sentence. */
export function summaryOf({ read, more, tasks, withoutGold, duplicates, refused }: ImportPreview): string {
  const of = more ? `Of the first ${counted(read, 'row')}` : `Of ${counted(read, 'row')}`;
  const parts = [
    `${thousands(tasks)} ${tasks === 1 ? 'becomes a task' : 'become tasks'}`,
    ...(withoutGold > 0 ? [`${thousands(withoutGold)} of them without a known answer`] : []),
    ...(duplicates > 0 ? [`${thousands(duplicates)} ${duplicates === 1 ? 'is' : 'are'} there already`] : []),
    ...(refused > 0 ? [`${thousands(refused)} ${refused === 1 ? 'is' : 'are'} refused`] : []),
  ];
  return `${of}, ${parts.join(', ')}.${more ? ' The file goes on.' : ''}`;
}

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.!?…]$/.test(words) ? '' : '.'}`;

/** Why a file is not taken as it is to be read, without the words of the command line. */
export function problemWords({ preview, draft, wrong }: Pick<ImportSnapshot, 'preview' | 'draft' | 'wrong'>): string | undefined {
  if (wrong !== undefined) return wrong.replace(/^--name /, 'The name ');
  const problem = preview?.problem;
  if (problem?.code === 'columns-missing' && draft.reading === 'found') {
    const names = preview?.columns.map(({ name }) => name) ?? [];
    const listed = names.length === 0 ? 'no columns' : `the columns ${names.slice(0, 20).join(', ')}${names.length > 20 ? ` and ${names.length - 20} more` : ''}`;
    return `This file has ${listed}, and no data set is known by them. Read it as “Columns named below” and say which one holds the question.`;
  }
  return problem && sentence(problem.message.replace(/; presets are .*$/, '').replace(/--preset (\S+)/, '$1').replace(/^--map names /, 'There is no column '));
}
