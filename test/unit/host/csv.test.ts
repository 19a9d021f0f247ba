import assert from 'node:assert/strict';
import { csv } from '../../../src/host/csv.ts';

describe('a table as CSV', () => {
  it('has its names first, figures as they are, and nothing for nothing', () => {
    assert.equal(csv(['step', 'count'], [['kept', 1234567], ['lost', null]]), 'step,count\r\nkept,1234567\r\nlost,\r\n');
  });

  it('quotes what would end a cell', () => {
    assert.equal(csv(['a'], [['say "x", then\ny']]), 'a\r\n"say ""x"", then\ny"\r\n');
  });

  it('lets no text of somebody else be a formula, and leaves negative figures alone', () => {
    assert.equal(csv(['a'], [['=HYPERLINK("x")'], ['@sum'], ['-1+2'], [-3]]), 'a\r\n"\'=HYPERLINK(""x"")"\r\n\'@sum\r\n\'-1+2\r\n-3\r\n');
  });
});
