import { randomUUID } from 'node:crypto';
import type { methods, ResultOf } from '../../contract/engine.ts';
import type { JobChoices, JobRow } from '../../contract/jobs.ts';
import { problemError } from '../../core/model/problem.ts';
import { executeCommand, setContext } from '../contributions.ts';
import { jobAddress } from '../jobs/jobNode.ts';
import type { Project } from '../projects/project.ts';
import { isAllowed } from '../trust.ts';
import { oneLine } from '../words.ts';
import type { Workbench } from '../workbench.ts';
import { withWork } from './exportOnly.ts';
import { targetsDecide } from './savedTargets.ts';
import type { OpenTraining } from './trainingPanels.ts';

type Started = ResultOf<typeof methods.startJob>;

/** Exports where that is wished, and begins the job. The page itself is the question: what it shows is what happens. */
export async function startJob(workbench: Workbench, open: OpenTraining, retry = false): Promise<void> {
  const { desk, project } = open;
  if (!isAllowed(workbench.notify, 'Fine-tuning', targetsDecide)) return;
  const choices = await desk.jobChoices();
  if (typeof choices === 'string') throw problemError('usage', choices);
  if (desk.working) return;
  const started = await send(open, { ...choices, retry });
  if (desk.half === 'both') setContext('regenesis.has.export', true);
  if (started.found) tellFound(workbench, open, started);
  else await showJob(project, started.job);
}

function send(open: OpenTraining, choices: JobChoices): Promise<Started> {
  const { project } = open;
  const work = `job-${randomUUID()}`;
  let sent: number | undefined;
  const isThis = ({ target, base, preset, state }: JobRow) => state === 'uploading' && target === choices.target.name && base === choices.model && preset === choices.preset;
  return withWork(open, {
    kind: 'job', title: `Sending a training job of ${project.name} to ${choices.target.name}`,
    stop: () => Promise.all([project.call('cancelExport', { work }), sent === undefined ? undefined : project.call('cancelJob', { job: sent })]),
    work: async report => {
      const hearing = [
        project.onEvent('exportProgress', progress => { if (progress.work === work) report(progress, 'tasks looked at'); }),
        project.onEvent('jobChanged', row => { if (isThis(row)) sent = row.id; }),
        project.onEvent('jobUpload', upload => { if (upload.job === sent) report({ done: upload.sent, total: upload.total }, 'bytes sent'); }),
      ];
      try {
        return await project.call('startJob', { ...choices, work });
      } finally {
        for (const each of hearing) each.dispose();
      }
    },
  });
}

/** The same work is never begun twice by itself. */
function tellFound(workbench: Workbench, open: OpenTraining, { job }: Started): void {
  const { project } = open;
  const again = { title: 'Train Again', run: () => startJob(workbench, open, true).catch((thrown: unknown) => { workbench.notify.problem(thrown); }) };
  workbench.notify.tell(`This work was begun before: ${jobWords(job)}.`, [{ title: 'Show Job', run: () => showJob(project, job) }, again]);
}

const jobWords = ({ id, target, state, words }: JobRow): string => `job ${id} of ${oneLine(target)}, ${state}${words === undefined ? '' : ` (${oneLine(words)})`}`;

/** Opens the page of a job. */
export const showJob = (project: Project, job: JobRow): Thenable<unknown> => executeCommand('regenesis.job.show', jobAddress(project.path, job.id));
