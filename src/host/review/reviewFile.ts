// Reviews as lines of a text file. Knows nothing of the editor.
import { parseJson } from '../../core/model/outside.ts';
import type { ReviewImportReport, ReviewLine } from '../../contract/review.ts';

/** Reviews that are asked for at a time. */
const askedAtOnce = 1_000;
/** Lines of one message, and characters: an amended path is as long as a path. */
const mostLines = 5_000;
const mostCharacters = 4_000_000;

/** All reviews of a project as text. @param page reviews after a sequence number, at most so many */
export async function reviewText(page: (after: number, limit: number) => Promise<readonly ReviewLine[]>): Promise<{ readonly text: string; readonly reviews: number }> {
  const lines: string[] = [];
  for (let after = 0; ;) {
    const reviews = await page(after, askedAtOnce);
    lines.push(...reviews.map(review => JSON.stringify(review)));
    const last = reviews.at(-1)?.sequence;
    if (reviews.length < askedAtOnce || last === undefined || last <= after) return { text: lines.map(line => `${line}\n`).join(''), reviews: lines.length };
    after = last;
  }
}

interface FileLine {
  /** From 1. */
  readonly line: number;
  readonly value: unknown;
}

/**
 * Hands the lines of a file over, some thousands at a time.
 *
 * @param onLines called with how many lines were handed over so far
 * @returns the sum of all reports, with the lines as they are counted in the file
 */
export async function importReviewText(text: string, send: (lines: unknown[]) => Promise<ReviewImportReport>, onLines: (done: number) => void): Promise<ReviewImportReport> {
  const total: ReviewImportReport = { imported: 0, known: 0, refused: [] };
  let batch: FileLine[] = [];
  let characters = 0;
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    const sent = batch;
    [batch, characters] = [[], 0];
    const { imported, known, refused } = await send(sent.map(({ value }) => value));
    total.imported += imported;
    total.known += known;
    total.refused.push(...refused.map(each => ({ ...each, line: sent[each.line - 1]?.line ?? each.line })));
  };
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const value = parseJson(line);
    if (value === undefined) total.refused.push({ line: index + 1, code: 'row-malformed', message: 'This line is no JSON.' });
    else batch.push({ line: index + 1, value });
    characters += line.length;
    if (batch.length < mostLines && characters < mostCharacters) continue;
    await flush();
    onLines(index + 1);
  }
  await flush();
  return { ...total, refused: total.refused.sort((one, other) => one.line - other.line) };
}
