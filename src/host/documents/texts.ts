// The texts of our read-only documents. What a model wrote is set down as it is: plain text, never run, never rendered. Knows nothing of the editor.
import { codeWords, counted, thousands } from '../../client/words.ts';
import type { EvaluatedTask } from '../../contract/evaluation.ts';
import type { BranchReport, TaskReport } from '../../contract/reports.ts';
import type { ReviewItem } from '../../contract/review.ts';
import { branchDescription } from '../tree/branchLook.ts';
import type { DocumentAddress, Shown } from './address.ts';

/** The editor refuses documents of 50 MB and is slow long before. */
const mostCharacters = 5_000_000;

/** The text of a document. Says so where there is nothing to show. */
export function documentText(report: TaskReport, address: DocumentAddress): string {
  if (address.shown === 'task') return cut(taskText(report));
  const branch = report.branches.find(each => each.id === address.branch?.id && each.round === address.branch.round);
  if (!branch) return `This branch is not in the project any more: ${address.branch?.id ?? ''} of ${report.task.id}.\n`;
  switch (address.shown) {
    case 'adapted': return cut(page(report, branch, { title: 'Adapted guideline', body: branch.adapted }));
    case 'structure': return cut(page(report, branch, { title: 'Structure', body: branch.structure?.text }));
    case 'path': return cut(page(report, branch, { title: 'Path', body: pathBody(branch) }));
    case 'verdicts': return cut(page(report, branch, { title: 'Verdicts', body: verdictsBody(branch) }));
    case 'prompt': return cut(promptText(branch, address.stage));
    case 'answer': return cut(answerText(branch, address.stage));
    default: return 'This address names no path.\n';
  }
}

/** One text of a path and nothing else, to be held against another. */
export function plainText({ structure = '', text, reviews }: ReviewItem, shown: Shown): string {
  if (shown === 'plan') return structure;
  return shown === 'amended' ? reviews.find(({ decision }) => decision === 'amend')?.amendedText ?? text : text;
}

/** What a model answered to a task of an evaluation, below the question, so that two of them are the same down to where they differ. */
export function evaluatedText({ question, gold, models }: EvaluatedTask, model: string): string {
  const found = models.find(each => each.model === model);
  if (!found) return `Nothing was answered by ${model}, or it is not known any more.\n`;
  const { answers } = found;
  const read = ({ verdict, extracted, reason }: Pick<EvaluatedTask['models'][number], 'verdict' | 'extracted' | 'reason'>) => `${verdict}, ${codeWords(reason)}${extracted === null ? '' : `; read: ${extracted.trim()}`}`;
  const parts = answers.map((answer, at) => (answers.length === 1 ? answer.raw : `=== answer ${at + 1} of ${answers.length}: ${read(answer)} ===\n${answer.raw}`));
  const finish = answers.length === 1 && answers[0]?.finish === 'length' ? ', cut off at its most tokens' : '';
  return cut(`${question.trimEnd()}\n\nKnown answer: ${gold}\n\n---\n\n${read(found)}${finish}\n\n${parts.join('\n\n').trimEnd()}\n`);
}

const cut = (text: string): string => (text.length <= mostCharacters ? text : `${text.slice(0, mostCharacters)}\n\n… ${counted(text.length - mostCharacters, 'character')} more are in the project.\n`);

const simulation = ({ simulated }: TaskReport): string => (simulated ? ' · simulation' : '');

interface Page {
  readonly title: string;
  readonly body: string | undefined;
}

function page(report: TaskReport, branch: BranchReport, { title, body }: Page): string {
  const head = `# ${title} · ${branch.title}\n\n${report.task.id} · ${branchDescription(branch, report.task.gold)}${simulation(report)}`;
  return `${head}\n\n---\n\n${(body ?? 'There is none.').trimEnd()}\n`;
}

function pathBody({ path }: BranchReport): string | undefined {
  if (!path) return undefined;
  return path.cleaned === undefined ? path.text : `${path.cleaned.trimEnd()}\n\n---\n\nAs the model wrote it:\n\n${path.text}`;
}

function verdictsBody(branch: BranchReport): string {
  const findings = branch.verdicts.map(({ checker, kind, extracted, reason }) => `- ${checker}: ${kind}, ${codeWords(reason)}${extracted === null ? '' : `; read: ${extracted.trim()}`}`);
  const fate = branch.kept ? 'Kept.' : branch.loss ? `Lost at ${codeWords(branch.loss.step)}: ${codeWords(branch.loss.reason)}.` : 'Not settled.';
  const also = branch.failed.filter(({ step }) => step !== branch.loss?.step).map(({ step, reason }) => `- ${codeWords(step)}: ${codeWords(reason)}`);
  return [...findings, ...(findings.length > 0 ? [''] : []), fate, ...(also.length > 0 ? ['', 'It would also have failed:', '', ...also] : [])].join('\n');
}

function taskText(report: TaskReport): string {
  const { task, branches } = report;
  const facts = [task.answerKind, task.split, codeWords(task.state)].join(' · ');
  const list = branches.map(branch => `- ${branch.title}${branch.round === 2 ? ' (hint)' : ''}: ${branchDescription(branch, task.gold)}`);
  const work = list.length === 0 ? ['Nothing was run on this task yet.'] : [`${thousands(branches.length)} ${branches.length === 1 ? 'branch' : 'branches'}, ${thousands(branches.filter(branch => branch.kept).length)} kept:`, '', ...list];
  return [`# ${task.id}`, '', `${facts}${simulation(report)}`, '', '---', '', task.question, '', '---', '', `Known answer: ${task.gold ?? 'none'}`, '', ...work, ''].join('\n');
}

const answerOf = (branch: BranchReport, stage: string | undefined): BranchReport['answers'][number] | undefined => branch.answers.findLast(answer => answer.stage === stage);

/** The messages exactly as they were sent, each under its role. */
function promptText(branch: BranchReport, stage: string | undefined): string {
  const messages = answerOf(branch, stage)?.messages ?? [];
  if (messages.length === 0) return 'No request is recorded for this.\n';
  return `${messages.map(({ role, content }) => `=== ${role} ===\n${content}`).join('\n\n')}\n`;
}

/** Exactly what the server sent. */
const answerText = (branch: BranchReport, stage: string | undefined): string => answerOf(branch, stage)?.raw ?? 'No answer is recorded for this.\n';
