import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { parse } from 'yaml';
import * as z from 'zod/mini';
import { answerKinds } from '../../../../src/core/model/task.ts';
import { compareGraders, differences } from '../../../../src/core/verify/difference.ts';
import { grade } from '../../../../src/core/verify/grade.ts';
import { referenceFilter } from '../../../../src/core/verify/reference.ts';

const kind = z.enum(answerKinds);
const spec = z.array(z.strictObject({ difference: z.enum(differences), cases: z.array(z.strictObject({ gold: z.string(), kind, output: z.string() })) }))
  .parse(parse(readFileSync(path.join(import.meta.dirname, '../../../spec/audit.yaml'), 'utf8')));

describe('where the released filter and the typed grader differ', () => {
  for (const { difference, cases } of spec) {
    for (const { gold, kind: answerKind, output } of cases) {
      it(`${difference}: ${output} for ${gold}`, () => {
        assert.equal(compareGraders({ gold, answerKind }, output).difference, difference);
      });
    }
  }

  it('is said of any path, from both findings alone', () => {
    fc.assert(fc.property(fc.string({ minLength: 1, maxLength: 12 }), fc.constantFrom(...answerKinds), fc.string({ unit: 'binary', maxLength: 40 }), fc.boolean(), (gold, answerKind, text, boxed) => {
      const output = boxed ? `So \\boxed{${text}}.` : text;
      const { typed, released, difference } = compareGraders({ gold, answerKind }, output);
      assert.deepEqual(typed, grade({ gold, output, kind: answerKind }));
      assert.deepEqual(released, referenceFilter({ gold, output }));
      const wanted = typed.verdict === 'unjudged' ? 'undecided' : (typed.verdict === 'correct') === (released.verdict === 'correct') ? 'agree' : released.verdict === 'correct' ? 'false-accept' : 'false-reject';
      assert.equal(difference, wanted);
    }));
  });
});
