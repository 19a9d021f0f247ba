import assert from 'node:assert/strict';
import fc from 'fast-check';
import { alignmentCases, alignmentFiles } from '../../../../bench/alignmentCases.ts';
import { cutSteps } from '../../../../src/core/align/cutSteps.ts';
import type { StepRole } from '../../../../src/core/align/step.ts';

const texts = (text: string, role: StepRole = 'structure') => cutSteps(text, role).map(step => step.text);
const plan = ['Find the rate', 'Multiply by the time', 'State the answer'];
const written = (mark: (number: number, text: string) => string, end = '\n') => plan.map((text, at) => mark(at + 1, text)).join(end);

const styles: Readonly<Record<string, string>> = {
  'a dot': written((number, text) => `${number}. ${text}`),
  'a parenthesis': written((number, text) => `${number}) ${text}`),
  'parentheses': written((number, text) => `(${number}) ${text}`),
  'square brackets': written((number, text) => `[${number}] ${text}`),
  'a colon': written((number, text) => `${number}: ${text}`),
  'bold numbers': written((number, text) => `**${number}.** ${text}`),
  'steps': written((number, text) => `Step ${number}: ${text}`),
  'steps with a dash': written((number, text) => `Step ${number} – ${text}`),
  'steps with a dot': written((number, text) => `STEP ${number}. ${text}`),
  'steps of so many': written((number, text) => `Step ${number} of 3: ${text}`),
  'step words': written((number, text) => `Step ${['one', 'two', 'three'][number - 1] ?? ''}: ${text}`),
  'bold steps': written((number, text) => `**Step ${number}:** ${text}`),
  'bold steps without a sign': written((number, text) => `**Step ${number}** ${text}`),
  'steps on a line of their own': written((number, text) => `**Step ${number}**\n${text}`, '\n\n'),
  'headings': written((number, text) => `### Step ${number}\n\n${text}`, '\n\n'),
  'numbered headings': written((number, text) => `## ${number}. ${text}`, '\n\n'),
  'steps as bullets': written((number, text) => `- Step ${number}: ${text}`),
  'bullets': written((_, text) => `- ${text}`),
  'other bullets': written((_, text) => `• ${text}`),
  'stars': written((_, text) => `* ${text}`),
  'boxes to tick': written((_, text) => `- [ ] ${text}`),
  'small letters': written((number, text) => `${'abc'[number - 1] ?? ''}) ${text}`),
  'capital letters': written((number, text) => `${'ABC'[number - 1] ?? ''}. ${text}`),
  'letters in parentheses': written((number, text) => `(${'abc'[number - 1] ?? ''}) ${text}`),
  'small Roman numbers': written((number, text) => `${'i'.repeat(number)}. ${text}`),
  'Roman numbers': written((number, text) => `${'I'.repeat(number)}) ${text}`),
  'circled numbers': written((number, text) => `${'①②③'[number - 1] ?? ''} ${text}`),
  'one line': written((number, text) => `(${number}) ${text}`, ' '),
  'one line of steps': written((number, text) => `Step ${number}: ${text}`, ' '),
  'lines': plan.join('\n'),
  'paragraphs': plan.join('\n\n'),
  'carriage returns': written((number, text) => `${number}. ${text}`, '\r\n'),
  'an introduction': `Here is my plan:\n\n${written((number, text) => `${number}. ${text}`)}`,
  'a heading': `## Plan\n\n${written((number, text) => `${number}. ${text}`)}`,
  'an end': `${written((number, text) => `${number}. ${text}`)}\n\nThese steps lead to the answer.`,
  'a JSON array': JSON.stringify(plan),
  'a JSON object': JSON.stringify(Object.fromEntries(plan.map((text, at) => [`Step ${at + 1}`, text])), null, 2),
  'JSON keys': JSON.stringify(Object.fromEntries(plan.map(text => [text, '']))),
  'JSON in a fence': `\`\`\`json\n${JSON.stringify({ steps: plan }, null, 2)}\n\`\`\``,
  'JSON records': JSON.stringify({ plan: plan.map((text, at) => ({ step: at + 1, action: text })) }),
  'JSON with commas too many': `{\n${plan.map((text, at) => `  "step_${at + 1}": "${text}",`).join('\n')}\n}`,
  'JSON without its end': `{"reasoning_structure": {${plan.map((text, at) => `"${at + 1}": "${text}"`).join(', ')}`,
  'JSON with single quotes': `{${plan.map((text, at) => `'Step ${at + 1}': '${text}'`).join(', ')}}`,
};

describe('steps of a structure', () => {
  for (const [name, text] of Object.entries(styles)) it(`are found in a list with ${name}`, () => assert.deepEqual(texts(text), plan));

  it('keep what is nested in them', () => {
    assert.deepEqual(texts('1. Costs\n   a. apples\n   b. pears\n2. Sum\n   - add\n   - round'), ['Costs\n   a. apples\n   b. pears', 'Sum\n   - add\n   - round']);
    assert.deepEqual(texts('{"Costs": {"a": "apples", "b": "pears"}, "Sum": "add"}').length, 2);
  });

  it('know their numbers, left out or exchanged', () => {
    assert.deepEqual(cutSteps('1. a\n2. b\n4. d\n3. c', 'structure').map(step => step.number), [1, 2, 4, 3]);
    assert.deepEqual(cutSteps('iv. go\nv. on', 'structure').map(step => step.number), [undefined, undefined]);
    assert.deepEqual(cutSteps('i. go\nii. on\niii. up', 'structure').map(step => step.number), [1, 2, 3]);
  });

  it('are sentences, or parts of one, where there is no list', () => {
    assert.deepEqual(texts('First find the rate. Then multiply by the time, e.g. in hours. State the answer.'), ['First find the rate.', 'Then multiply by the time, e.g. in hours.', 'State the answer.']);
    assert.deepEqual(texts('Find the rate → multiply by the time → state the answer'), ['Find the rate', 'multiply by the time', 'state the answer']);
    assert.deepEqual(texts('Find the rate, then multiply it by the time, and finally state the answer.'), ['Find the rate', 'then multiply it by the time', 'and finally state the answer.']);
  });
});

describe('steps of a path', () => {
  it('are what stands around the list too, but for announcements', () => {
    assert.deepEqual(texts("Let's solve this step by step.\n\n1. 12 / 60 = 0.2\n2. 0.2 × 50 = 10\n\nTherefore the answer is \\boxed{10}.", 'path'), ['12 / 60 = 0.2', '0.2 × 50 = 10', 'Therefore the answer is \\boxed{10}.']);
    assert.deepEqual(texts('Call the rate r, in dollars an hour.\n\n1. r = 12\n2. 12 · 2 = 24\n\\boxed{24}', 'path'), ['Call the rate r, in dollars an hour.', 'r = 12', '12 · 2 = 24', '\\boxed{24}']);
  });

  it('are checks as well that stand below an item, but not below a mere title', () => {
    assert.deepEqual(texts('1. 12 / 60 = 0.2\n**Check:** 0.2 × 60 = 12.\n2. 0.2 × 50 = 10\n\nLet me double-check: 10 / 50 = 0.2.\n3. \\boxed{10}', 'path'), ['12 / 60 = 0.2', '**Check:** 0.2 × 60 = 12.', '0.2 × 50 = 10', 'Let me double-check: 10 / 50 = 0.2.', '\\boxed{10}']);
    assert.deepEqual(texts('**Step 1:**\nChecking both, 3 < 4.\n**Step 2:**\nSo \\boxed{3}.', 'path'), ['Checking both, 3 < 4.', 'So \\boxed{3}.']);
    assert.deepEqual(texts('1. Add.\nCheck the sum.\n2. Round.'), ['Add.\nCheck the sum.', 'Round.']);
  });

  it('keep blocks of mathematics and code whole', () => {
    assert.deepEqual(texts('1. The sum is\n\\[\n1. + 2 = 3\n\n2. + 2 = 4\n\\]\n2. Done.', 'path'), ['The sum is\n\\[\n1. + 2 = 3\n\n2. + 2 = 4\n\\]', 'Done.']);
    assert.deepEqual(texts('1. Run\n```\n2. print()\n\n3. exit()\n```\n2. Read.', 'path'), ['Run\n```\n2. print()\n\n3. exit()\n```', 'Read.']);
    assert.deepEqual(texts('We have\n\n$$a = b. So$$\n\nThat is so.\n\nNow go on.\n\nThe end.', 'path'), ['We have\n\n$$a = b. So$$', 'That is so.', 'Now go on.', 'The end.']);
  });

  it('are sections where headings stand above prose', () => {
    assert.deepEqual(texts('## Rate\nIt is 0.2.\n\nEach minute.\n\n## Pay\nIt is 10.\n\nSo \\boxed{10}.', 'path').length, 3);
    assert.deepEqual(texts('**Rate**\n0.2\n\n**Pay**\n10', 'path'), ['**Rate**\n0.2', '**Pay**\n10']);
  });

  it('are not cut at decimals, abbreviations or years', () => {
    assert.deepEqual(texts('It costs 2.50 dollars, i.e. 5. Dr. No pays. 1998. was long ago.', 'path').length, 3);
    assert.deepEqual(texts('The year is\n1998. It was long ago\n2. Now', 'path').length, 3);
  });
});

describe('any text', () => {
  const part = fc.constantFrom('1. ', '2) ', '(3)', 'Step 4: ', '- ', '**', '## ', '\n', '\n\n', '\r\n', '$$', '\\[', '\\]', '```', '{', '"', '}', '[', ':', ',', 'so', ' the ', 'Add', '. ', '\\boxed{7}', '\u200b', '\u202e', 'שלום', '日本', '\ud83d', 'a.', 'ii.', '\t', '12', ' = ');
  const anyText = fc.oneof(fc.array(part, { maxLength: 60 }).map(parts => parts.join('')), fc.string({ unit: 'binary', maxLength: 200 }));

  for (const role of ['structure', 'path'] as const) {
    it(`of a ${role} is cut where it says, without overlaps`, () => {
      fc.assert(fc.property(anyText, text => {
        let last = 0;
        for (const { text: words, start, end } of cutSteps(text, role)) {
          assert.ok(start >= last && end > start);
          assert.equal(text.slice(start, end), words);
          assert.match(words, /[\p{L}\p{N}]/u);
          last = end;
        }
      }), { numRuns: 500 });
    });
  }

  it('that says something has a step', () => {
    fc.assert(fc.property(anyText, text => { assert.equal(cutSteps(text, 'path').length > 0, /[\p{L}\p{N}]/u.test(text)); }));
  });
});

it('the labelled texts are cut where their labels say, but for one in fifty', () => {
  const right = alignmentCases(alignmentFiles.tuned).flatMap(one => [[cutSteps(one.structure, 'structure'), one.structureSteps], [cutSteps(one.path, 'path'), one.pathSteps]] as const)
    .map(([found, labelled]) => found.length === labelled.length && labelled.every(({ start, end }, at) => (found[at]?.start ?? -1) >= start && (found[at]?.end ?? Infinity) <= end));
  assert.ok(right.filter(Boolean).length >= 0.98 * right.length);
});
