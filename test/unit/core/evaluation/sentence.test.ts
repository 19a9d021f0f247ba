import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sha256 } from '../../../../src/adapters/hash.ts';
import type { Comparison, ComparedRow, Difference, PooledRow } from '../../../../src/core/evaluation/compare.ts';
import type { EvaluatedSet } from '../../../../src/core/evaluation/evaluated.ts';
import { plainText, sentenceOf, type SentenceFacts } from '../../../../src/core/evaluation/sentence.ts';
import { isClear, type Domain } from '../../../../src/core/model/evaluation.ts';
import { anySet, aSet, compare } from './evaluatedSets.ts';

const options = { hash: sha256, resamples: 2_000 };

/** A pooled row with the figures of a difference, whatever tasks they may come from. */
function row(domain: Domain, n: number, figures: Partial<Difference>): PooledRow {
  const unreadable = { fewer: 0, gains: 0, more: 0, losses: 0, readable: null };
  const difference = { base: 'base', tuned: 'tuned', n, value: 0, low: 0, high: 0, gains: 9, losses: 9, p: 1, unreadable, ...figures };
  const score = { answered: n, correct: 0, unreadable: 0, undecided: 0, accuracy: 0, low: 0, high: 1 };
  const models = ['base', 'tuned'].map(model => ({ model, ...score }));
  return { sets: 1, domain, n, leftOut: { unanswered: 0, withoutKnown: 0 }, models, differences: [difference], noDifference: null };
}
const better: Partial<Difference> = { value: 0.062, low: 0.036, high: 0.088, gains: 113, losses: 54, p: 5e-6 };
const unclear: Partial<Difference> = { value: 0.014, low: -0.014, high: 0.042, gains: 60, losses: 50, p: 0.39 };
const said = (pooled: readonly PooledRow[], facts: SentenceFacts = {}): string => plainText(sentenceOf({ models: ['base', 'tuned'], base: 'base', sets: [], pooled }, facts));

/** Models named one, two, three, of which the first is the base. */
function saidOf(sets: readonly EvaluatedSet[], { models = ['one', 'two'], base = 'one' }: { readonly models?: readonly string[]; readonly base?: string | null } = {}): string {
  return plainText(sentenceOf(compare({ models, base, sets }, options)));
}

describe('the result of an evaluation as a sentence', () => {
  it('claims what the interval gives, in bold, and nothing where it gives nothing', () => {
    const parts = sentenceOf({ models: ['base', 'tuned'], base: 'base', sets: [], pooled: [row('in', 950, better), row('out', 730, unclear)] });
    assert.equal(plainText(parts), 'Better in domain by 6.2 points (95 % interval 3.6 to 8.8). No clear change out of domain: +1.4, interval −1.4 to +4.2.');
    assert.deepEqual(parts.filter(({ strong }) => strong).map(({ text }) => text), ['Better in domain by 6.2 points', 'No clear change out of domain']);
  });

  it('has worse with the same size of claim', () => {
    assert.equal(
      said([row('in', 950, unclear), row('out', 730, { value: -0.046, low: -0.079, high: -0.0004, p: 0.04 })]),
      'No clear change in domain: +1.4 points, 95 % interval −1.4 to +4.2. Worse out of domain by 4.6 points (interval < 0.1 to 7.9).',
    );
  });

  it('claims nothing that interval and exact test do not both give', () => {
    assert.ok(said([row('in', 60, { value: 0.067, low: 0.017, high: 0.133, gains: 4, losses: 0, p: 0.125 })])
      .startsWith('No clear change in domain: +6.7 points, 95 % interval +1.7 to +13.3, which chance may be all the same (exact test: p 0.125).'));
    assert.ok(said([row('in', 60, { value: 0.1, low: -0.001, high: 0.2, gains: 20, losses: 14, p: 0.049 })]).startsWith('No clear change in domain: +10.0 points, 95 % interval −0.1 to +20.0.'));
  });

  it('knows few tasks, and tasks of which none changed sides', () => {
    assert.ok(saidOf([aSet('sums', 'in', [['cc', 10], ['wc', 2]])]).startsWith('Too few tasks in domain to tell (12): +16.7 points, 95 % interval 0.0 to +41.7'));
    assert.ok(saidOf([aSet('sums', 'in', [['cw', 0], ['wc', 12]])]).startsWith('Better in domain by 100.0 points'), 'twelve of twelve are enough');
    assert.ok(saidOf([aSet('sums', 'in', [['cc', 60], ['ww', 40]])]).startsWith('No task changed sides in domain: 0.0 points, 95 % interval −3.7 to +3.7.'));
  });

  it('says what is missing', () => {
    assert.ok(said([row('in', 950, better)]).endsWith('(95 % interval 3.6 to 8.8). Nothing was evaluated out of domain.'));
    assert.ok(said([row('out', 950, better)]).endsWith('(95 % interval 3.6 to 8.8). Nothing was evaluated in domain.'));
    assert.equal(said([]), 'Nothing was evaluated.');
    assert.equal(
      saidOf([aSet('a', 'in', [['c-', 2], ['-c', 1]]), aSet('b', 'out', [['cc', 1], ['gc', 1]])]),
      'No comparison in domain: no task that counts was answered by every model. Too few tasks out of domain to tell (1): 0.0 points, 95 % interval −79.3 to +79.3. '
      + '3 tasks without an answer of every model are left out. 1 task without a known answer is left out.',
    );
  });

  it('has the scores of models that are compared with nothing', () => {
    const sets = [aSet('a', 'in', [['cc', 60], ['uw', 40]]), aSet('b', 'out', [['cw', 100]])];
    const alone = sets.map(set => ({ ...set, rows: set.rows.map(each => ({ ...each, verdicts: each.verdicts.slice(0, 1) })) }));
    assert.equal(saidOf(alone, { models: ['one'] }), '60.0 % correct in domain (95 % interval 50.2 to 69.1, 40.0 % cannot be read); 100.0 % correct out of domain (interval 96.3 to 100.0).');
    assert.equal(
      saidOf(sets.slice(0, 1), { base: null }),
      'one: 60.0 % correct in domain (95 % interval 50.2 to 69.1, 40.0 % cannot be read). two: 60.0 % correct in domain (95 % interval 50.2 to 69.1). Nothing was evaluated out of domain.',
    );
    assert.equal(saidOf([aSet('a', 'out', [['-', 2]])], { models: ['one'] }), 'No task that counts was answered out of domain. Nothing was evaluated in domain. 2 tasks without an answer are left out.');
  });

  it('has each of several models, and that their intervals are not widened', () => {
    const text = saidOf([aSet('a', 'in', [['wcc', 60], ['ccw', 60], ['ccc', 80]]), aSet('b', 'out', [['ccc', 50], ['wwc', 50]])], { models: ['one', 'two', 'three'] });
    assert.match(text, /^two against one: better in domain by 30\.0 points \(95 % interval 2\d\.\d to 3\d\.\d\); no task changed sides out of domain: 0\.0, interval −3\.7 to \+3\.7\. /);
    assert.match(text, / three against one: no clear change in domain: 0\.0, interval −\d\d\.\d to \+\d\d\.\d; better out of domain by 50\.0 points \(interval \d\d\.\d to \d\d\.\d\)\. The intervals are not widened for comparing several models\.$/);
  });

  it('tells a model that forgot the box from one that forgot arithmetic', () => {
    const forgotBox = saidOf([aSet('a', 'out', [['cc', 150], ['cu', 40], ['uu', 4], ['wc', 3], ['cw', 2], ['ww', 1]])]);
    assert.match(forgotBox, /^Worse out of domain by 19\.5 points .* Unreadable answers rose from 2\.0 % to 22\.0 % out of domain: 40 of 42 losses cannot be read\. Where both can be read: \+0\.6 points, interval −\d\.\d to \+\d\.\d\./);
    const foundBox = saidOf([aSet('a', 'out', [['cc', 100], ['uc', 1], ['uw', 30], ['wc', 2]])]);
    assert.match(foundBox, /Unreadable answers fell from 23\.3 % to 0\.0 % out of domain: 1 of 3 gains could not be read before\. Where both can be read: \+2\.0 points/);
    assert.match(saidOf([aSet('a', 'out', [['wu', 60], ['cc', 10]])]), /Unreadable answers rose from 0\.0 % to 85\.7 % out of domain\. Where both/);
    const forgotArithmetic = saidOf([aSet('a', 'out', [['cc', 150], ['cw', 40], ['uu', 4], ['uc', 2], ['cu', 2]])]);
    assert.ok(!forgotArithmetic.includes('Unreadable'), forgotArithmetic);
    const byChance = saidOf([aSet('a', 'out', [['cc', 190], ['cu', 5], ['uc', 1]])]);
    assert.ok(!byChance.includes('Unreadable'), byChance);
    const hardlyAny = saidOf([aSet('a', 'out', [['cc', 1_800], ['cu', 12]])]);
    assert.ok(!hardlyAny.includes('Unreadable'), hardlyAny);
    assert.match(saidOf([aSet('a', 'in', [['cuc', 60], ['ccc', 40]])], { models: ['one', 'two', 'three'] }), /Unreadable answers of two rose from 0\.0 % to 60\.0 % in domain: 60 of 60 losses cannot be read\./);
  });

  it('names what stands in the training data, and a simulation first', () => {
    const pooled = [row('in', 950, better), row('out', 730, unclear)];
    assert.ok(said(pooled, { contaminated: [{ set: 'price-tables', tasks: 1 }, { set: 'none', tasks: 0 }] }).endsWith(' 1 task of price-tables stands in the training data.'));
    assert.ok(said(pooled, { untold: ['tuned'] }).endsWith(' What tuned was trained on is not known: the records beside the training set are gone or changed.'));
    assert.ok(said(pooled, { contaminated: [{ set: 'a', tasks: 1 }, { set: 'b', tasks: 1_200 }] }).endsWith(' 1 task of a and 1,200 tasks of b stand in the training data.'));
    assert.ok(said(pooled, { simulated: ['base', 'tuned', 'another'] }).startsWith('Simulation. Better in domain'));
    assert.ok(said(pooled, { simulated: ['tuned'] }).startsWith('Simulation: tuned. Better in domain'));
    assert.ok(said(pooled, { simulated: ['another'] }).startsWith('Better in domain'));
  });

  it('never says better or worse of an interval that holds 0, whatever the answers', () => {
    fc.assert(fc.property(anySet('a', 'in'), anySet('b', 'out'), (one, other) => {
      const comparison: Comparison = compare({ models: ['one', 'two'], base: 'one', sets: [one, other] }, options);
      const text = plainText(sentenceOf(comparison));
      for (const each of comparison.pooled satisfies readonly ComparedRow[]) {
        const [difference] = each.differences;
        const where = each.domain === 'in' ? 'in domain' : 'out of domain';
        const claims = new RegExp(`(Better|Worse) ${where}`).exec(text)?.[1];
        assert.equal(claims, difference === undefined || !isClear(difference) ? undefined : difference.low > 0 ? 'Better' : 'Worse', text);
      }
      assert.ok(!/NaN|undefined|null|Infinity| -\d/.test(text) && text.endsWith('.') && !text.includes('..'), text);
    }), { numRuns: 100 });
  });

  it('calls a difference clear where interval and exact test agree', () => {
    const cases = [{ low: 0.01, high: 0.1, p: 0.04 }, { low: -0.1, high: -0.01, p: 0.04 }, { low: 0.01, high: 0.1, p: 0.05 }, { low: 0, high: 0.1, p: 0.01 }, { low: -0.1, high: 0, p: 0.01 }];
    assert.deepEqual(cases.map(isClear), [true, true, false, false, false]);
  });
});
