import * as vscode from 'vscode';
import type { JobRow } from '../../contract/jobs.ts';
import { evaluationIn } from '../evaluation/evaluationNode.ts';
import { jobAddress } from '../jobs/jobNode.ts';
import { jobName, jobStanding, possible } from '../jobs/jobWords.ts';
import { startPipeline, type TunedWish } from '../runs/pipeline.ts';
import type { Tabs } from '../tabs.ts';
import { isAllowed } from '../trust.ts';
import { oneLine } from '../words.ts';
import { actionOn, projectFor, type Handlers, type Workbench } from '../workbench.ts';
import { chosenJob, type Chosen } from './jobCommands.ts';

/** Going round again with a tuned model, and what the rounds came to. */
export function iterationCommands(workbench: Workbench, { iterations }: Pick<Tabs, 'iterations'>): Pick<Handlers, 'regenesis.iteration.run' | 'regenesis.iterations.show'> {
  return {
    'regenesis.iteration.run': async target => {
      const chosen = await chosenJob(workbench, jobEvaluated(workbench, target), { title: 'Run Iteration', fits: possible.iterate, none: 'An iteration asks the model that a job has made, and no job has succeeded yet in' });
      if (chosen) await iterate(workbench, chosen);
    },
    'regenesis.iterations.show': async target => {
      const project = await projectFor(workbench, target);
      if (project) iterations.show({ project: project.path });
    },
  };
}

/** Whoever comes from an evaluation means the job whose model was evaluated there, the compared one before the base. */
function jobEvaluated({ evaluations, jobs }: Workbench, target: unknown): unknown {
  const address = evaluationIn(target);
  if (!address) return target;
  const models = evaluations.one(address.project, address.evaluation)?.models ?? [];
  const row = models.flatMap(({ model }) => jobs.of(address.project).find(({ tuned }) => tuned?.name === model) ?? [])[0];
  return row ? jobAddress(address.project, row.id) : { project: address.project };
}

async function iterate(workbench: Workbench, { project, row }: Chosen): Promise<void> {
  const { notify } = workbench;
  if (!isAllowed(notify, 'Running an iteration')) return;
  if (!possible.iterate(row)) {
    notify.tell(`${jobName(row)} has made no model to go on with: ${jobStanding(row)}.`, ['regenesis.job.show']);
    return;
  }
  if (project.running) {
    notify.tell(`A run is going on in ${project.name}. An iteration begins when it has ended.`, [actionOn(project, 'regenesis.run.show'), actionOn(project, 'regenesis.run.cancel')]);
    return;
  }
  const asked = row.tuned || project.status?.runs.some(({ lineage }) => lineage?.job === row.id) === true ? {} : await askServed(row);
  if (asked) await startPipeline(workbench, project, { scope: {}, tuned: { choices: { iteration: { job: row.id }, ...asked, ...await keyFor(workbench, row, asked.server) }, words: wordsOf(row) } });
}

/** What server and model are called where a job has trained all weights: no server was told of them by us. */
async function askServed(row: JobRow): Promise<{ readonly server?: string; readonly model?: string } | undefined> {
  const title = `Run Iteration · ${jobName(row)}`;
  const server = await vscode.window.showInputBox({ title, value: 'http://127.0.0.1:8000/v1', ignoreFocusOut: true, prompt: `Base URL of a server that was started with the weights of job ${row.id}, in ${oneLine(row.model ?? 'its folder')}.` });
  if (server === undefined || server.trim() === '') return undefined;
  const model = await vscode.window.showInputBox({ title, ignoreFocusOut: true, prompt: 'What the server calls the model.' });
  return model === undefined || model.trim() === '' ? undefined : { server: server.trim(), model: model.trim() };
}

/** The key of a server that is none of the project's: one that was named, or the API that has tuned the model. */
async function keyFor({ keys, known }: Workbench, row: JobRow, server: string | undefined): Promise<Pick<TunedWish['choices'], 'apiKeys'>> {
  if (server !== undefined) await known.add(server);
  const url = server ?? (row.kind === 'openai' ? row.origin : undefined);
  const key = url === undefined ? undefined : await keys.get(url);
  return url === undefined || key === undefined ? {} : { apiKeys: { [new URL(url).origin]: key } };
}

const wordsOf = ({ id, base, tuned }: JobRow): string => `${oneLine(tuned?.name ?? `The model of job ${id}`)}, tuned from ${oneLine(base)} by job ${id}`;
