import { createReadStream, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { EngineClient } from '../client/engineClient.ts';
import { counted, thousands } from '../client/words.ts';
import { mostReviewed, type ReviewLine, type ReviewSummary } from '../contract/review.ts';
import { parseJson } from '../core/model/outside.ts';
import { messageOf, problemError } from '../core/model/problem.ts';
import { exitCodes, type Command, type CommandEnvironment, type Given } from './command.ts';
import { numberedLines, unreadable } from './lines.ts';
import { json } from './print.ts';
import { withProject } from './withEngine.ts';

const reviewsPerPage = 1_000;
/** What git writes between two sides that it could not merge: both are wanted. */
const conflictMark = /^(?:<{7}|={7}|>{7}|\|{7})(?: |$)/;

/** Hands the reviews of a project over as text, and takes them in. */
export const review: Command = {
  name: 'review',
  summary: 'Write the reviews of a project as JSON lines that git merges, or take such lines in.',
  usage: 'export PROJECT [--out FILE] · review import PROJECT FILE',
  options: { out: { type: 'string', value: 'FILE', help: 'export: file to write, instead of standard output' } },
  positionals: [2, 3],
  notes: 'Every review has an id, so that importing one twice does no harm. Keep the file in git with `*.reviews.jsonl merge=union` in .gitattributes: both sides of a merge stay.\nOn standard error: who reviewed how much, seconds for a decision, and Cohen’s kappa between reviewers.',
  run: async (given, environment) => {
    const [what, project = '', file] = given.positionals;
    if (what === 'export' && file === undefined) return withProject(environment, { project }, engine => exportReviews(engine, given, environment));
    if (what === 'import' && file !== undefined) return withProject(environment, { project }, engine => importReviews(engine, { file, given, environment }));
    throw problemError('usage', 'Say which: regenesis review export PROJECT [--out FILE], or regenesis review import PROJECT FILE.');
  },
};

async function exportReviews(engine: EngineClient, given: Given, environment: CommandEnvironment): Promise<number> {
  const out = given.text('out');
  const lines: string[] = [];
  const write = async (page: readonly ReviewLine[]) => {
    const text = page.map(line => `${JSON.stringify(line)}\n`).join('');
    if (out === undefined) await environment.out(text);
    else lines.push(text);
  };
  for (let after = 0; ;) {
    const { reviews } = await engine.call('reviewPage', { after, limit: reviewsPerPage });
    await write(reviews);
    const last = reviews.at(-1)?.sequence;
    if (last === undefined) break;
    after = last;
  }
  const summary = await engine.call('reviewSummary', {});
  environment.say(summaryText(summary));
  if (out === undefined) return exitCodes.done;
  const target = path.resolve(out);
  try {
    writeFileSync(target, lines.join(''));
  } catch (thrown) {
    throw problemError('file-not-writable', `${target} could not be written: ${messageOf(thrown)}`, { file: target, cause: thrown });
  }
  await environment.out(given.flag('json') ? json({ path: target, ...summary }) : `${target}: ${counted(summary.reviews, 'review')}\n`);
  return exitCodes.done;
}

/** Who reviewed what, for people. */
function summaryText({ reviewers, agreement }: ReviewSummary): string {
  const people = reviewers.map(({ name, paths, secondsPerDecision }) => `${name}: ${counted(paths, 'path')}${secondsPerDecision === null ? '' : `, ${secondsPerDecision.toFixed(1)} s for a decision`}\n`);
  const pairs = agreement.map(({ reviewers: [one, other], paths, kappa }) => `${one} and ${other} on ${counted(paths, 'path')}: kappa ${kappa === null ? 'means nothing here' : kappa.toFixed(2)}\n`);
  return [...people, ...pairs].join('');
}

async function importReviews(engine: EngineClient, { file, given, environment }: { readonly file: string; readonly given: Given; readonly environment: CommandEnvironment }): Promise<number> {
  const totals = { imported: 0, known: 0, refused: [] as { line: number; code: string; message: string }[] };
  const batch: { line: number; value: unknown }[] = [];
  const send = async () => {
    if (batch.length === 0) return;
    const report = await engine.call('importReviews', { lines: batch.map(({ value }) => value) });
    totals.imported += report.imported;
    totals.known += report.known;
    totals.refused.push(...report.refused.map(({ line, ...rest }) => ({ ...rest, line: batch[line - 1]?.line ?? line })));
    batch.length = 0;
  };
  for await (const { line, text } of reviewLines(file)) {
    const value = text === undefined ? undefined : parseJson(text);
    if (value === undefined) totals.refused.push({ line, code: 'row-malformed', message: text === undefined ? 'the line is too long to be a review' : 'the line is not JSON' });
    else batch.push({ line, value });
    if (batch.length >= mostReviewed / 2) await send();
  }
  await send();
  totals.refused.sort((one, other) => one.line - other.line);
  for (const { line, message } of totals.refused) environment.say(`${file}:${line}: ${message}\n`);
  await environment.out(given.flag('json') ? json({ ...totals }) : `${counted(totals.imported, 'review')} taken in, ${thousands(totals.known)} known already, ${thousands(totals.refused.length)} refused\n`);
  return totals.refused.length > 0 ? exitCodes.inPart : exitCodes.done;
}

async function* reviewLines(file: string): AsyncGenerator<{ readonly line: number; readonly text: string | undefined }> {
  try {
    for await (const { number, text } of numberedLines(createReadStream(file))) {
      if (text === undefined || (text.trim() !== '' && !conflictMark.test(text))) yield { line: number, text };
    }
  } catch (thrown) {
    throw unreadable(file, thrown);
  }
}
