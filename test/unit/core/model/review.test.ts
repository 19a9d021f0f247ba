import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decisions, rejectReasons, rulings, standingReviews, type Review, type Ruling } from '../../../../src/core/model/review.ts';
import { aReview } from '../../../support/builders.ts';

const people = ['ada', 'bob', 'cyd'] as const;
const paths = ['p'.repeat(64), 'q'.repeat(64)] as const;

const idsOf = (reviews: readonly Review[]) => standingReviews(reviews).map(({ id }) => id).sort();
const sortedRulings = (reviews: readonly Review[]) => [...rulings(reviews)].sort(([one], [other]) => (one < other ? -1 : 1));
/** What the reviews of one path come to. */
const rulingOf = (...reviews: readonly Review[]): Ruling | undefined => rulings(reviews).get(aReview().path);

const thought = fc.record({
  path: fc.constantFrom(...paths), reviewer: fc.constantFrom(...people), decision: fc.constantFrom(...decisions), reviewedAtMs: fc.nat(4),
  reason: fc.constantFrom(...rejectReasons), amendedText: fc.constantFrom('Mine.', 'Mine too.', ' \n', ''),
}).map(({ reason, amendedText, ...rest }) => ({ ...rest, ...(rest.decision === 'reject' ? { reason } : {}), ...(rest.decision === 'amend' ? { amendedText } : {}) }));

/** Reviews as they come to lie in a project: of several people, some of them made in two places apart from each other, or sent by a stranger. */
const anyReviews = fc.array(fc.tuple(thought, fc.option(fc.nat(11), { nil: undefined })), { maxLength: 12 })
  .map(all => all.map(([each, supersedes], index) => aReview({ ...each, id: `review-${index}`, ...(supersedes === undefined ? {} : { supersedes: `review-${supersedes}` }) })));

/** Each person goes through the paths in one place: every review names their own one before. */
const chained = fc.array(thought, { maxLength: 20 }).map(all => {
  const heads = new Map<string, string>();
  return all.map((each, index) => {
    const key = `${each.path}/${each.reviewer}`;
    const former = heads.get(key);
    heads.set(key, `review-${index}`);
    return aReview({ ...each, id: `review-${index}`, ...(former === undefined ? {} : { supersedes: former }) });
  });
});

describe('reviews that stand', () => {
  it('are those that nothing took the place of, one of each person and path', () => {
    const reviews = [
      aReview({ id: '1' }), aReview({ id: '2', reviewer: 'bob', decision: 'reject' }), aReview({ id: '3', decision: 'unsure', supersedes: '1' }),
      aReview({ id: '4', path: 'q' }), aReview({ id: '5', decision: 'none', supersedes: '3' }),
    ];
    assert.deepEqual(idsOf(reviews), ['2', '4', '5']);
    assert.deepEqual(standingReviews([]), []);
  });

  it('are the later one where somebody decided in two places, by their ids within a millisecond', () => {
    const [first, one, other] = [aReview({ id: '1' }), aReview({ id: '2', supersedes: '1', reviewedAtMs: 6_000, decision: 'reject' }), aReview({ id: '3', supersedes: '1', reviewedAtMs: 5_000 })];
    assert.deepEqual(idsOf([first, one, other]), ['2']);
    assert.deepEqual(idsOf([first, one, { ...other, reviewedAtMs: 6_000 }]), ['3']);
    assert.deepEqual(idsOf([one, { ...other, supersedes: '2' }]), ['3'], 'but what took its place counts, whatever the clocks say');
  });

  it('do not yield to another person, nor to a review of another path, nor to themselves', () => {
    const reject = aReview({ id: '1', decision: 'reject' });
    assert.deepEqual(idsOf([reject, aReview({ id: '2', reviewer: 'bob', supersedes: '1' })]), ['1', '2']);
    assert.deepEqual(idsOf([reject, aReview({ id: '2', path: 'q', supersedes: '1' })]), ['1', '2']);
    assert.deepEqual(idsOf([{ ...reject, supersedes: '1' }]), ['1']);
    assert.deepEqual(idsOf([{ ...reject, supersedes: '2' }, aReview({ id: '2', supersedes: '1', reviewedAtMs: 3_000 })]), ['1'], 'the latest of a ring');
  });

  it('are one for each person and path that reviewed at all, in whatever order they come', () => {
    fc.assert(fc.property(anyReviews.chain(all => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))), ([all, shuffled]) => {
      const standing = standingReviews(all);
      const keysOf = (reviews: readonly Review[]) => reviews.map(({ path, reviewer }) => `${path}/${reviewer}`);
      assert.deepEqual(keysOf(standing).sort(), [...new Set(keysOf(all))].sort());
      assert.deepEqual(idsOf(shuffled), idsOf(all));
    }));
  });

  it('are the last of each chain, whatever the clocks say', () => {
    fc.assert(fc.property(chained, all => {
      const last = new Map(all.map(({ path, reviewer, id }) => [`${path}/${reviewer}`, id]));
      assert.deepEqual(idsOf(all), [...last.values()].sort());
    }));
  });
});

describe('a ruling', () => {
  it('is what one person decided, and nothing where they are unsure or took it back', () => {
    assert.deepEqual(rulingOf(aReview()), { decision: 'accept', reviewer: 'ada' });
    assert.deepEqual(rulingOf(aReview({ decision: 'reject' })), { decision: 'reject', reviewer: 'ada' });
    assert.deepEqual(rulingOf(aReview({ decision: 'reject', reason: 'lucky' })), { decision: 'reject', reviewer: 'ada', reason: 'lucky' });
    assert.deepEqual(rulingOf(aReview({ decision: 'amend', amendedText: 'Mine.' })), { decision: 'amend', reviewer: 'ada', text: 'Mine.' });
    assert.equal(rulingOf(aReview({ decision: 'unsure' })), undefined);
    assert.equal(rulingOf(aReview({ decision: 'reject' }), aReview({ id: 'review-2', decision: 'none', supersedes: 'review-1' })), undefined);
    assert.equal(rulingOf(), undefined);
  });

  it('is a reject wherever somebody rejects, the latest one', () => {
    const others = [aReview({ id: '2', reviewer: 'bob', reviewedAtMs: 9_000 }), aReview({ id: '3', reviewer: 'cyd', reviewedAtMs: 9_000, decision: 'amend', amendedText: 'Mine.' })];
    const reject = aReview({ decision: 'reject', reason: 'leak' });
    assert.deepEqual(rulingOf(...others, reject), { decision: 'reject', reviewer: 'ada', reason: 'leak' });
    const later = aReview({ id: '4', reviewer: 'dan', reviewedAtMs: 9_500, decision: 'reject' });
    assert.deepEqual(rulingOf(...others, reject, later), { decision: 'reject', reviewer: 'dan' });
    assert.deepEqual(rulingOf(...others, reject, aReview({ id: '4', decision: 'none', supersedes: 'review-1' })), { decision: 'amend', reviewer: 'cyd', text: 'Mine.' }, 'once it is taken back the others count');
  });

  it('is the latest amendment before any accept', () => {
    const [early, late] = [aReview({ id: '1', decision: 'amend', amendedText: 'Early.', reviewedAtMs: 1 }), aReview({ id: '2', reviewer: 'bob', decision: 'amend', amendedText: 'Late.', reviewedAtMs: 2 })];
    const accept = aReview({ id: '3', reviewer: 'cyd', reviewedAtMs: 3 });
    assert.deepEqual(rulingOf(accept, early, late), { decision: 'amend', reviewer: 'bob', text: 'Late.' });
    assert.deepEqual(rulingOf(accept, aReview({ id: '4', reviewer: 'dan', reviewedAtMs: 4 }), aReview({ id: '5', reviewer: 'eva', decision: 'unsure', reviewedAtMs: 5 })), { decision: 'accept', reviewer: 'dan' });
  });

  it('never puts an empty text in the place of a path', () => {
    for (const amendedText of ['', ' \n\t']) {
      assert.equal(rulingOf(aReview({ decision: 'amend', amendedText })), undefined);
      assert.equal(rulingOf(aReview({ decision: 'amend', amendedText }), aReview({ id: '2', reviewer: 'bob' }))?.decision, 'accept');
    }
    assert.equal(rulingOf(aReview({ decision: 'amend' })), undefined, 'nor none');
  });

  it('does not depend on the order of the reviews, and is as strict as the strictest who stands', () => {
    fc.assert(fc.property(anyReviews.chain(all => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))), ([all, shuffled]) => {
      assert.deepEqual(sortedRulings(shuffled), sortedRulings(all));
      for (const path of paths) {
        const standing = standingReviews(all).filter(review => review.path === path);
        const said = (decision: string) => standing.some(review => review.decision === decision && (decision !== 'amend' || review.amendedText?.trim() !== ''));
        const strictest = (['reject', 'amend', 'accept'] as const).find(said);
        const ruling = sortedRulings(all).find(([of]) => of === path)?.[1];
        assert.equal(ruling?.decision, strictest);
        if (ruling) assert.ok(standing.some(({ reviewer, decision }) => reviewer === ruling.reviewer && decision === ruling.decision), 'and is somebody’s who said so');
      }
    }));
  });
});
