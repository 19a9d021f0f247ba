import type { EngineClient } from '../client/engineClient.ts';
import type { BranchReport, TaskReport } from '../contract/reports.ts';
import { exitCodes, type Command } from './command.ts';
import { json } from './print.ts';
import { withProject } from './withEngine.ts';

const tasksPerPage = 500;
const reviewsPerPage = 1_000;

/** Prints a project as text. */
export const dump: Command = {
  name: 'dump',
  summary: 'Print a project as text, sorted: every task with its branches, what became of them and what people think of them. For git and for eyes.',
  usage: 'PROJECT',
  options: {},
  positionals: [1, 1],
  notes: 'The same project gives the same text: there is no clock time in it, but for that of reviews. With --json a line for each task.',
  run: async (given, environment) => withProject(environment, { project: given.positionals[0] ?? '' }, async engine => {
    const reviews = await reviewsByTask(engine);
    const ids = (await allTasks(engine)).sort();
    if (!given.flag('json')) await environment.out(`project\n  tasks: ${ids.length}\n`);
    for (const id of ids) {
      const report = await engine.call('showTask', { task: id });
      const own = reviews.get(id) ?? [];
      await environment.out(given.flag('json') ? json({ ...report, reviews: own }) : taskText(report, own));
    }
    return exitCodes.done;
  }),
};

type Review = Awaited<ReturnType<typeof reviewsOn>>[number];

const reviewsOn = async (engine: EngineClient, after: number) => (await engine.call('reviewPage', { after, limit: reviewsPerPage })).reviews;

async function reviewsByTask(engine: EngineClient): Promise<ReadonlyMap<string, readonly Review[]>> {
  const byTask = new Map<string, Review[]>();
  for (let page = await reviewsOn(engine, 0); page.length > 0; page = await reviewsOn(engine, page.at(-1)?.sequence ?? 0)) {
    for (const review of page) byTask.set(review.task, [...byTask.get(review.task) ?? [], review]);
  }
  return byTask;
}

async function allTasks(engine: EngineClient): Promise<string[]> {
  const ids: string[] = [];
  for (let after: number | undefined; ;) {
    const { rows } = await engine.call('taskPage', { filter: {}, limit: tasksPerPage, ...(after === undefined ? {} : { after }) });
    ids.push(...rows.map(({ id }) => id));
    after = rows.at(-1)?.ordinal;
    if (after === undefined) return ids;
  }
}

const indented = (text: string, by: number): string => text.split('\n').map(line => (line === '' ? '' : `${' '.repeat(by)}${line}`)).join('\n');
const block = (name: string, text: string | undefined, by: number): string => (text === undefined ? '' : `${' '.repeat(by)}${name}: |\n${indented(text, by + 2)}\n`);

function taskText({ task, branches }: TaskReport, reviews: readonly Review[]): string {
  const head = `task ${task.id}\n  state: ${task.state}\n  split: ${task.split}\n  kind: ${task.answerKind}\n`;
  const sorted = [...branches].sort((one, other) => one.round - other.round || (one.id < other.id ? -1 : 1));
  return `${head}${block('question', task.question, 2)}${block('known answer', task.gold, 2)}${sorted.map(branchText).join('')}${reviews.map(reviewText).join('')}`;
}

function branchText({ id, round, guidelines, adapted, structure, path, verdicts, kept, loss, hinted, edited }: BranchReport): string {
  const words = [kept ? 'kept' : loss ? `lost at ${loss.step}: ${loss.reason}` : 'open', ...(hinted ? ['hinted'] : []), ...(edited ? ['edited'] : [])].join(', ');
  const found = verdicts.map(({ checker, kind, reason, extracted }) => `      ${checker}: ${kind}, ${reason}${extracted === null ? '' : `, read ${JSON.stringify(extracted)}`}\n`).join('');
  return `  branch ${id} round ${round}\n${guidelines.length === 0 ? '' : `    guidelines: ${guidelines.join(', ')}\n`}    state: ${words}\n${found === '' ? '' : `    verdicts:\n${found}`}`
    + `${block('adapted', adapted, 4)}${block('structure', structure?.text, 4)}${block('path', path?.text, 4)}`;
}

function reviewText({ id, path, reviewer, decision, reason, marks, note, amendedText, reviewedAtMs, seconds, supersedes }: Review): string {
  const rest = [reason === undefined ? '' : `reason ${reason}`, marks.length === 0 ? '' : `bad steps ${marks.map(({ step }) => step + 1).join(', ')}`, supersedes === undefined ? '' : `in the place of ${supersedes}`].filter(each => each !== '');
  return `  review ${id}\n    path: ${path}\n    reviewer: ${reviewer}\n    decision: ${[decision, ...rest].join(', ')}\n    at: ${new Date(reviewedAtMs).toISOString()}, after ${seconds} s\n${block('note', note, 4)}${block('amended', amendedText, 4)}`;
}
