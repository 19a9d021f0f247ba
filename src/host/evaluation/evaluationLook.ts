// The evaluations of a project as lines of the view of data. Knows nothing of the editor.
import { counted } from '../../client/words.ts';
import type { EvaluationRow } from '../../contract/evaluation.ts';
import type { Look } from '../look.ts';
import { isolated, oneLine } from '../words.ts';
import { evaluationStanding, evaluationState, modelsWords, possible, setNames } from './evaluationWords.ts';

/** The look of the line above the evaluations: how many there are, and how the one that goes on is. `of`: of which project, where several are open. */
export function evaluationsLook(rows: readonly EvaluationRow[], { of, project }: { readonly of: string; readonly project: string }): Look {
  const going = rows.filter(possible.cancel);
  const [first, ...others] = going;
  const standing = first && others.length === 0 ? `Evaluation ${first.id} · ${evaluationStanding(first)}` : going.length > 0 ? `${going.length} going on` : String(rows.length);
  const count = counted(rows.length, 'evaluation');
  return { label: `Evaluations${of}`, description: standing, icon: { name: 'graph-scatter' }, tooltip: `${count} of ${project}`, spoken: `Evaluations${of}, ${count}${going.length > 0 ? `, ${standing}` : ''}`, fold: 'open', tokens: ['evaluations'] };
}

/** The look of an evaluation: its state by icon and word, how far it is or what came of it. */
export function evaluationLook(row: EvaluationRow): Look {
  const { id, state, sets, tasks } = row;
  const { icon, word } = evaluationState(row);
  const standing = evaluationStanding(row);
  const lines = [
    `Evaluation ${id}: ${word.toLowerCase()}, ${standing}`, `${counted(tasks, 'task')} of ${setNames(sets)}`, ...row.models.map(({ label: name, baseUrl }) => `${isolated(oneLine(name))} at ${oneLine(baseUrl)}`),
    ...(row.problem ? [oneLine(row.problem.message)] : []), ...(row.inDomain?.difference ?? row.outOfDomain?.difference ? ['in, out: what was gained in and out of domain, in points'] : []),
  ];
  return {
    label: `Evaluation ${id}`, description: `${standing} · ${modelsWords(row)}`, icon: state === 'running' ? { name: 'sync~spin' } : icon, tooltip: lines.join('\n'), spoken: `Evaluation ${id}, ${modelsWords(row)}, ${word.toLowerCase()}, ${standing}`, fold: 'none',
    tokens: ['evaluation', ...(possible.cancel(row) ? ['going'] : ['ended']), ...(possible.continue(row) ? ['resumable'] : [])], command: 'regenesis.evaluation.show',
  };
}
