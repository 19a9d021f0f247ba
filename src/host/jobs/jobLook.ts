// The jobs of a project as lines of the view of data. Knows nothing of the editor.
import { counted } from '../../client/words.ts';
import type { JobRow } from '../../contract/jobs.ts';
import { hasEnded } from '../../core/model/trainingJob.ts';
import type { Look } from '../look.ts';
import { oneLine } from '../words.ts';
import { adviceOf, jobName, jobStanding, jobStateLooks, possible } from './jobWords.ts';

/** The look of the line above the jobs: how many there are, and how the one that goes on is. `of`: of which project, where several are open. */
export function jobsLook(rows: readonly JobRow[], { of, project }: { readonly of: string; readonly project: string }): Look {
  const going = rows.filter(({ state }) => !hasEnded(state));
  const [first, ...others] = going;
  const standing = first && others.length === 0 ? `Job ${first.id} · ${jobStanding(first)}` : going.length > 0 ? `${going.length} going on` : String(rows.length);
  const count = counted(rows.length, 'training job');
  return { label: `Training jobs${of}`, description: standing, icon: { name: 'beaker' }, tooltip: `${count} of ${project}`, spoken: `Training jobs${of}, ${count}${going.length > 0 ? `, ${standing}` : ''}`, fold: 'open', tokens: ['jobs'] };
}

/** The look of a job: its state by icon and word, and how far it is. `uploaded`: how much of it is sent, 0 to 1. */
export function jobLook(row: JobRow, uploaded?: number): Look {
  const standing = jobStanding(row, uploaded);
  const advice = adviceOf(row);
  const lines = [
    `${jobName(row)}: ${standing}`, `${oneLine(row.base)} · ${row.preset} · ${counted(row.records, 'record')}${row.simulated ? ' (simulation)' : ''}`,
    ...(row.model === undefined ? [] : [`Tuned: ${oneLine(row.model)}`]), ...(advice ? [advice.said ?? advice.title, advice.todo] : []),
  ];
  return {
    label: jobName(row), description: standing, icon: jobStateLooks[row.state].icon, tooltip: lines.join('\n'), spoken: `${jobName(row)}, ${standing}`, fold: 'none',
    tokens: ['job', ...(possible.cancel(row) ? ['going'] : ['ended']), ...(row.state === 'succeeded' ? ['succeeded'] : [])], command: 'regenesis.job.show',
  };
}
