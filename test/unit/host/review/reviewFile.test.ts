import assert from 'node:assert/strict';
import type { ReviewLine } from '../../../../src/contract/review.ts';
import { importReviewText, reviewText } from '../../../../src/host/review/reviewFile.ts';

const aLine = (sequence: number, parts: Partial<ReviewLine> = {}): ReviewLine =>
  ({ sequence, id: `r${sequence}`, task: 't', path: 'p', reviewer: 'ada', decision: 'accept', marks: [], reviewedAtMs: 1, seconds: 2, ...parts });

/** Hands out stored reviews as the engine does. */
const pages = (stored: readonly ReviewLine[]) => async (after: number, limit: number) => stored.filter(({ sequence = 0 }) => sequence > after).slice(0, limit);

describe('reviews as a file', () => {
  it('are written one a line, all of them, in their order', async () => {
    const stored = Array.from({ length: 2_345 }, (_, place) => aLine(place + 1, { note: 'two\nlines' }));
    const { text, reviews } = await reviewText(pages(stored));
    assert.equal(reviews, 2_345);
    assert.deepEqual(text.trimEnd().split('\n').map(line => JSON.parse(line) as unknown), stored);
    assert.deepEqual(await reviewText(pages([])), { text: '', reviews: 0 });
    assert.equal((await reviewText(pages(stored.slice(0, 1_000)))).reviews, 1_000);
  });

  it('are handed over some thousands at a time, and refused by the line of the file', async () => {
    const batches: number[] = [];
    const done: number[] = [];
    const text = `\uFEFF${Array.from({ length: 12_000 }, (_, place) => (place === 7_000 ? '{"cut": ' : `${JSON.stringify(aLine(place + 1))}\r`)).join('\n')}\n\n`;
    const report = await importReviewText(text, async lines => {
      batches.push(lines.length);
      return { imported: lines.length - 2, known: 1, refused: [{ line: 3, code: 'usage', message: 'no such path' }] };
    }, lines => { done.push(lines); });
    assert.deepEqual(batches, [5_000, 5_000, 1_999]);
    assert.deepEqual([report.imported, report.known], [11_993, 3]);
    assert.deepEqual(report.refused.map(({ line, code }) => [line, code]), [[3, 'usage'], [5_003, 'usage'], [7_001, 'row-malformed'], [10_004, 'usage']]);
    assert.deepEqual(done, [5_000, 10_001]);
  });

  it('with long amendments make short messages', async () => {
    const batches: number[] = [];
    const line = JSON.stringify(aLine(1, { decision: 'amend', amendedText: 'x'.repeat(1_000_000) }));
    await importReviewText(Array.from({ length: 9 }, () => line).join('\n'), async lines => {
      batches.push(lines.length);
      return { imported: lines.length, known: 0, refused: [] };
    }, () => undefined);
    assert.deepEqual(batches, [4, 4, 1]);
  });

  it('that hold nothing bring nothing', async () => {
    const sent: unknown[] = [];
    const report = await importReviewText('\n \n', async lines => {
      sent.push(lines);
      return { imported: 0, known: 0, refused: [] };
    }, () => undefined);
    assert.deepEqual([report, sent], [{ imported: 0, known: 0, refused: [] }, []]);
  });
});
