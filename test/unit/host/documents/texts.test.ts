import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addressParts, readAddress, shown, type DocumentAddress } from '../../../../src/host/documents/address.ts';
import { documentText, plainText } from '../../../../src/host/documents/texts.ts';
import { aReviewItem } from '../review/fakeReviewEngine.ts';
import { aBranch, aTaskReport } from '../../../support/reports.ts';

const branch = { id: 'guideline:stepwise', round: 1 } as const;
const address = (parts: Partial<DocumentAddress>): DocumentAddress => ({ project: '/projects/set.regenesis', task: 'set/1', shown: 'path', branch, ...parts });

describe('the address of a document', () => {
  it('is read back as it was written, whatever stands in it', () => {
    fc.assert(fc.property(fc.record({
      project: fc.string({ minLength: 1 }), task: fc.string({ minLength: 1 }), shown: fc.constantFrom(...shown.filter(each => each !== 'task' && each !== 'evaluated')),
      branch: fc.record({ id: fc.string({ minLength: 1 }), round: fc.constantFrom(1 as const, 2 as const) }, { noNullPrototype: true }), path: fc.string({ minLength: 1 }),
    }, { noNullPrototype: true }), given => { assert.deepEqual(readAddress(addressParts(given, ['Path']).query), given); }));
    fc.assert(fc.property(fc.record({
      project: fc.string({ minLength: 1 }), task: fc.string({ minLength: 1 }), shown: fc.constant('evaluated' as const), evaluated: fc.record({ evaluation: fc.integer({ min: 1 }), model: fc.string() }, { noNullPrototype: true }),
    }, { noNullPrototype: true }), given => { assert.deepEqual(readAddress(addressParts(given, ['Answer']).query), given); }));
  });

  it('has the words of its tab as its last part', () => {
    assert.equal(addressParts(address({}), ['Path', 'Think\nstepwise', 'set/1']).path, '/Path · Think stepwise · set∕1.rgoutput');
    assert.equal(addressParts(address({ shown: 'verdicts' }), ['Verdicts']).path, '/Verdicts.md');
  });

  it('is refused where it is none of ours', () => {
    for (const query of ['', 'project=/etc/passwd', 'project=a&task=b&shown=all', 'project=a&task=b&shown=path', 'project=a&task=b&shown=path&branch=c&round=3']) assert.equal(readAddress(query), undefined);
  });
});

describe('the text of a document', () => {
  const text = (parts: Partial<DocumentAddress>, report = aTaskReport()) => documentText(report, address(parts));

  it('is what a stage gave, under a line that says what became of it', () => {
    assert.equal(text({}), '# Path · Think stepwise\n\nset/1 · 18 = 18 · kept\n\n---\n\nIt is $\\boxed{18}$.\n');
    assert.match(text({ shown: 'structure' }), /1\. Add\n2\. Answer\n$/);
  });

  it('says that it is a simulation', () => {
    for (const each of ['path', 'verdicts', 'adapted', 'task'] as const) assert.match(text({ shown: each }, aTaskReport({ simulated: true })), / · simulation\n/);
  });

  it('shows a cleaned path before the one that the model wrote', () => {
    const report = aTaskReport({ branches: [aBranch({ path: { text: 'Sure! 1. Add.', cleaned: '1. Add.' } })] });
    assert.match(text({}, report), /---\n\n1\. Add\.\n\n---\n\nAs the model wrote it:\n\nSure! 1\. Add\.\n$/);
  });

  it('shows a prompt as it was sent, with roles, and an answer as it came', () => {
    assert.equal(text({ shown: 'prompt', stage: 'path' }), '=== user ===\nHow many?\n');
    assert.equal(text({ shown: 'answer', stage: 'path' }), 'It is $\\boxed{18}$.');
    assert.match(text({ shown: 'prompt', stage: 'judge' }), /^No request/);
  });

  it('lists verdicts with their reasons, and what else would have failed', () => {
    const leak = { step: 'leak', reason: 'names-given-answer' };
    const report = aTaskReport({ branches: [aBranch({ kept: false, loss: { step: 'verify', reason: 'not-equal' }, failed: [{ step: 'verify', reason: 'not-equal' }, leak], verdicts: [{ checker: 'typed', kind: 'incorrect', extracted: '17', reason: 'not-equal' }] })] });
    assert.match(text({ shown: 'verdicts' }, report), /- typed: incorrect, not equal; read: 17\n\nLost at verify: not equal\.\n\nIt would also have failed:\n\n- leak: names given answer\n$/);
  });

  it('shows the whole question and the known answer of a task', () => {
    assert.match(text({ shown: 'task' }), /How many shelves\?[\s\S]*Known answer: 18[\s\S]*1 branch, 1 kept:\n\n- Think stepwise: 18 = 18 · kept/);
    assert.match(text({ shown: 'task' }, aTaskReport({ branches: [] })), /Nothing was run/);
  });

  it('says so where the branch is gone', () => {
    assert.match(text({ branch: { id: 'guideline:other', round: 2 } }), /not in the project any more/);
  });

  it('is nothing but a text where it is held against another', () => {
    const amended = { id: 'r', reviewer: 'ada', decision: 'amend' as const, marks: [], amendedText: 'Better.', reviewedAtMs: 1 };
    const item = aReviewItem('p', { structure: '1. Add', text: 'So-so.', reviews: [{ ...amended, id: 'n', decision: 'reject', amendedText: undefined }, amended] });
    assert.deepEqual((['plan', 'original', 'amended'] as const).map(shown => plainText(item, shown)), ['1. Add', 'So-so.', 'Better.']);
    assert.deepEqual((['plan', 'amended'] as const).map(shown => plainText(aReviewItem('p', { text: 'So-so.' }), shown)), ['', 'So-so.'], 'where nobody amended it');
    assert.equal(text({ shown: 'original' }), 'This address names no path.\n');
  });

  it('ends before the editor would refuse it', () => {
    const long = text({ shown: 'answer', stage: 'path' }, aTaskReport({ branches: [aBranch({ answers: aBranch().answers.map(answer => ({ ...answer, raw: 'x'.repeat(9_000_000) })) })] }));
    assert.ok(long.length < 5_000_200);
    assert.match(long, /4,000,000 characters more/);
  });
});
