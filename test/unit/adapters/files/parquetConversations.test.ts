import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { nodeFiles } from '../../../../src/adapters/files/nodeFiles.ts';
import { openParquet } from '../../../../src/adapters/files/parquetRows.ts';

type Conversation = { role: string; content: string }[];

describe('a Parquet file of conversations', () => {
  let folder = '';
  before(() => { folder = mkdtempSync(path.join(tmpdir(), 'regenesis-parquet-')); });
  after(() => { rmSync(folder, { recursive: true, force: true }); });

  const bytesOf = (groups: readonly Conversation[][]): Buffer => {
    const table = nodeFiles.conversationTable();
    return Buffer.concat([...groups.map(group => table.rows(group)), table.end()]);
  };
  const readBack = async (bytes: Buffer) => {
    const file = path.join(folder, 'it.parquet');
    writeFileSync(file, bytes);
    const opened = await openParquet(file);
    const rows: unknown[] = [];
    for await (const batch of opened.rows()) rows.push(...batch.map(row => ('fields' in row ? row.fields['messages'] : row)));
    return { columns: opened.columns, rows };
  };

  it('is read back as it was written, whatever stands in it, a group at a time', async () => {
    const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('', '\u0000', '\\boxed{\\frac{1}{2}}', 'é\u{1F600}\n\r\n\t"\'', 'x'.repeat(70_000)));
    const conversation = fc.tuple(text, text).map(([asked, said]): Conversation => [{ role: 'user', content: asked }, { role: 'assistant', content: said }]);
    await fc.assert(fc.asyncProperty(fc.array(fc.array(conversation, { minLength: 1, maxLength: 5 }), { maxLength: 4 }), async groups => {
      const { columns, rows } = await readBack(bytesOf(groups));
      assert.deepEqual(columns, ['messages']);
      assert.deepEqual(rows, groups.flat());
    }), { numRuns: 60 });
  });

  it('has the same bytes each time, and none of this machine or this moment in them', () => {
    const groups: Conversation[][] = [[[{ role: 'user', content: 'How much?' }, { role: 'assistant', content: '\\boxed{18}' }]]];
    assert.deepEqual(bytesOf(groups), bytesOf(groups));
    const text = bytesOf(groups).toString('latin1');
    assert.ok(text.startsWith('PAR1') && text.endsWith('PAR1'));
    assert.doesNotMatch(text, new RegExp(`${new Date().getFullYear()}|${path.basename(tmpdir())}/`));
  });
});
