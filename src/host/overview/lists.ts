// The lists behind the figures of the overview: what is asked for, and how a row reads. Knows nothing of the editor.
import type { Figure } from '../../contract/pages/overview.ts';
import type { ListAddress, ListRow } from '../../contract/pages/list.ts';
import type { ChangeRow } from '../../contract/evaluation.ts';
import type { MethodResult } from '../../contract/engine.ts';
import { branchWords, codeWords } from '../../client/words.ts';
import type { TaskListRow } from '../../contract/reports.ts';
import type { ReachedStep } from '../../core/model/overview.ts';
import type { TaskState } from '../../core/model/task.ts';
import { answerWords } from '../evaluation/evaluationWords.ts';
import { shortened } from '../words.ts';

type Asked = Pick<ListAddress, 'title' | 'of'>;

const reachedWords: Readonly<Record<ReachedStep, string>> = {
  'branches': 'Branches', 'finished': 'Finished paths', 'readable': 'Readable paths', 'correct': 'Correct paths', 'leak-free': 'Leak-free paths', 'in-length': 'Paths in length', 'kept': 'Kept paths', 'accepted': 'Accepted paths',
};

/** The list that a figure stands for. `guidelineTitle`: of the guideline with this id. */
export function listBehind(figure: Figure, guidelineTitle: (id: string) => string): Asked {
  switch (figure.kind) {
    case 'tasks': return { title: 'Tasks', of: { kind: 'tasks', filter: { split: 'train' } } };
    case 'reached': {
      const { step, round } = figure;
      const words = round === undefined ? '' : round === 1 ? ' of round 1' : ' with a hint';
      return { title: `${reachedWords[step]}${words}`, of: { kind: 'paths', filter: { reached: step, ...(round === undefined ? {} : { round }) } } };
    }
    case 'lost': return { title: `Lost: ${lossWords(figure)}`, of: { kind: 'paths', filter: { step: figure.step, reason: figure.reason } } };
    case 'guideline': return guidelineList(figure.id, figure.which, guidelineTitle(figure.id));
  }
}

function guidelineList(guideline: string, which: Extract<Figure, { kind: 'guideline' }>['which'], title: string): Asked {
  switch (which) {
    case 'branches': return { title: `${title}: branches`, of: { kind: 'paths', filter: { guideline } } };
    case 'correct': return { title: `${title}: correct in round 1`, of: { kind: 'paths', filter: { guideline, round: 1, correct: true } } };
    case 'only': return { title: `Solved by ${title} only`, of: { kind: 'tasks', filter: { solvedOnlyBy: guideline } } };
    case 'kept': return { title: `${title}: kept paths`, of: { kind: 'paths', filter: { guideline, kept: true } } };
  }
}

/** Why a branch was lost: the reason alone where it says enough, with its stage where it was lost before it had a path. */
export function lossWords({ step, reason }: { readonly step: string; readonly reason: string }): string {
  if (step.startsWith('stage-')) return `${codeWords(step.slice('stage-'.length))}: ${codeWords(reason)}`;
  return step === 'cap' ? 'over the cap' : codeWords(reason);
}

type PathRow = MethodResult<'pathPage'>['rows'][number];
type Mark = Pick<ListRow, 'icon' | 'tone' | 'state'>;

/** A path as a line. */
export function pathLine(row: PathRow): ListRow {
  const excerpt = row.excerpt === '' ? '(no path)' : shortened(row.excerpt, 240);
  return { id: String(row.sequence), ...pathMark(row), task: row.task, of: `${branchWords(row.branch)}${row.round === 2 ? ' · hinted' : ''}`, excerpt };
}

function pathMark({ kept, verdict, loss }: PathRow): Mark {
  if (kept === true) return { icon: 'pass-filled', tone: 'ok', state: 'kept' };
  const lost = loss ? lossWords(loss) : '';
  switch (verdict) {
    case 'correct': return { icon: 'pass', tone: 'ok', state: ['correct', lost].filter(Boolean).join(', ') };
    case 'incorrect': return { icon: 'error', tone: 'bad', state: 'incorrect' };
    case 'unreadable': return { icon: 'question', tone: '', state: lost === '' ? 'unreadable' : lost };
    default: return { icon: loss ? 'warning' : 'circle-large-outline', tone: loss ? 'warn' : '', state: lost === '' ? verdict ?? 'not settled' : lost };
  }
}

const taskMarks: Readonly<Record<TaskState, Pick<Mark, 'icon' | 'tone'>>> = {
  'needs-review': { icon: 'eye', tone: '' }, 'solved': { icon: 'pass', tone: 'ok' }, 'unsolved': { icon: 'circle-slash', tone: '' }, 'all-unreadable': { icon: 'question', tone: '' },
  'running': { icon: 'sync', tone: '' }, 'not-started': { icon: 'circle-large-outline', tone: '' }, 'failed': { icon: 'warning', tone: 'warn' },
};

/** A task as a line. */
export const taskLine = (row: TaskListRow): ListRow => ({
  id: row.id, ...taskMarks[row.state], state: codeWords(row.state), task: row.id,
  of: row.branches === 0 ? '' : `${row.kept} kept · ${row.correct} of ${row.branches} ✓${row.hinted ? ' · hinted' : ''}`,
  excerpt: shortened(row.excerpt, 240),
});

/** A task of an evaluation as a line: how the model's answer is judged, and what it was for the base. */
export function changeLine({ task, excerpt, own, base }: ChangeRow): ListRow {
  const { icon, tone, judged, words } = answerWords(own);
  return { id: task, icon, tone, state: judged, task, of: base ? `${answerWords(base).words} → ${words}` : words, excerpt: shortened(excerpt, 240) };
}
