import assert from 'node:assert/strict';
import type { ExportRuleDraft } from '../../../src/contract/exportRule.ts';
import type { ReviewDraft, ReviewItem, ReviewQuery } from '../../../src/contract/review.ts';
import { taskId } from '../../../src/core/model/ids.ts';
import { bulkId } from '../../../src/core/model/review.ts';
import { MemoryStore } from '../../support/memoryStore.ts';
import { stepperWorkshop, telling } from '../../support/stepperWorkshop.ts';

const next: ReviewQuery = { kind: 'queue', name: 'next' };
const reviewer = 'ann';

let made = 0;
/** A decision about a path, as an editor hands it over. */
const draft = ({ path, task, sampled }: Pick<ReviewItem, 'path' | 'task' | 'sampled'>, more: Partial<ReviewDraft> = {}): ReviewDraft =>
  ({ id: `r${made += 1}`, task: task.id, path, reviewer, decision: 'accept', marks: [], seconds: 3, ...(sampled ? { sampled } : {}), ...more });

/** A project with a finished run over some tasks, and a person who reviews it. */
async function reviewed(options: Parameters<typeof stepperWorkshop>[0] = {}) {
  const workshop = await stepperWorkshop({ tasks: 3, ...options });
  await workshop.run();
  const { handlers, told } = workshop;
  const queue = async (query: ReviewQuery = next, { skip = [], count = 50, who = reviewer }: { skip?: string[]; count?: number; who?: string } = {}) => handlers.reviewQueue({ query, reviewer: who, skip, count });
  /** Decides, and waits until the outcomes know of it. */
  const decide = async (...reviews: ReviewDraft[]) => {
    await handlers.appendReviews({ reviews });
    await settled();
  };
  const settled = async () => {
    await handlers.previewExport({ format: 'chat' });
  };
  const exported = async (more: { rule?: ExportRuleDraft } = {}) => {
    const report = await handlers.exportDataset({ format: 'chat', out: '/out/t.jsonl', ...more });
    const records = (workshop.files.kept.get('/out/t.jsonl.records.jsonl') ?? '').split('\n').filter(line => line !== '').map(line => JSON.parse(line) as { task: string; answers: { path: string }; review?: unknown; editedStages?: string[] });
    return { report, records, data: workshop.files.kept.get('/out/t.jsonl') ?? '', manifest: JSON.parse(workshop.files.kept.get('/out/t.jsonl.manifest.json') ?? '{}') as { unreviewed?: string; reviewed?: number; overrides?: { reason: string; reviewer: string }[] } };
  };
  return { ...workshop, queue, decide, exported, told };
}

describe('reviewing paths', () => {
  it('hands out each path once, with all that a person needs to decide about it', async () => {
    const { queue, decide } = await reviewed();
    const { items, stand } = await queue();
    assert.equal(items.length, 15, 'five kept of each of three tasks');
    assert.equal(new Set(items.map(({ path }) => path)).size, 15);
    assert.deepEqual([stand.total, stand.decided, stand.precision], [15, 0, undefined]);
    const [first] = items;
    assert.ok(first);
    assert.equal(first.task.gold, '18');
    assert.equal(first.extracted, '18');
    assert.match(first.structure ?? '', /Multiply/);
    assert.ok(first.branch.guidelineText.length > 20);
    assert.deepEqual(first.alignment.path.map(({ start, end }) => first.text.slice(start, end)), first.alignment.path.map(({ text }) => text));
    assert.ok(first.rail.length >= 5);
    assert.equal(items.filter(({ sampled }) => sampled).length >= 3, true, 'a part is drawn at random');
    await decide(draft(first));
    const after = await queue();
    assert.deepEqual([after.stand.total, after.stand.decided], [15, 1]);
    assert.ok(!after.items.some(({ path }) => path === first.path), 'what was decided is not shown again');
    assert.equal((await queue(next, { who: 'bob' })).items.length, 15, 'to somebody else it is');
    assert.equal((await queue(next, { skip: after.items.slice(0, 4).map(({ path }) => path), count: 3 })).items[0]?.path, after.items[4]?.path);
  });

  it('says in the status how many paths nobody has decided about', async () => {
    const { queue, decide, handlers } = await reviewed();
    const left = async () => (await handlers.status({})).unreviewed;
    assert.equal(await left(), 15);
    const [one, two] = (await queue()).items;
    assert.ok(one && two);
    await decide(draft(one), draft(two, { reviewer: 'bob' }));
    assert.equal(await left(), 13);
    await decide(draft(one, { decision: 'none', supersedes: `r${made - 1}` }));
    assert.equal(await left(), 14);
  });

  it('takes a rejected path out of the training set, and runs on in the same order to make up for it', async () => {
    const { queue, decide, exported, handlers, run, store, model } = await reviewed();
    const before = await exported();
    const { items } = await queue({ kind: 'task', task: 'set/1' });
    const kept = items.find(({ kept: isKept }) => isKept);
    assert.ok(kept);
    await decide(draft(kept, { decision: 'reject', reason: 'lucky' }));
    const id = `r${made}`;
    const rejected = await exported();
    assert.equal(rejected.report.excluded['lucky'], 1);
    assert.ok(!rejected.records.some(({ answers }) => answers.path === kept.path));
    // branches that were asked for in vain step in first; once they are rejected too the task is short
    while ((await handlers.shortTasks({})).tasks.length === 0) {
      const [spare] = (await queue({ kind: 'task', task: 'set/1' })).items.filter(({ kept: isKept }) => isKept);
      assert.ok(spare);
      await decide(draft(spare, { decision: 'reject' }));
    }
    assert.equal((await exported()).report.records, before.report.records - 1);
    assert.deepEqual((await handlers.shortTasks({})).tasks, ['set/1']);
    const asked = model.requests.length;
    await run({ tasks: ['set/1'] });
    assert.ok(model.requests.length > asked, 'the next branches are asked for');
    assert.equal((await exported()).report.records, before.report.records);
    assert.deepEqual((await handlers.shortTasks({})).tasks, []);
    assert.equal(store.outcome(taskId('set/1'))?.branches.find(({ answers }) => answers.path === kept.path)?.loss?.step, 'review');
    // taken back: the path is kept again, and the sixth is one too many
    await decide(draft(kept, { decision: 'none', supersedes: id }));
    const back = await exported();
    assert.ok(back.records.some(({ answers }) => answers.path === kept.path));
    assert.equal(back.report.records, before.report.records);
  });

  it('accepts what has lost its form, by name, and never an answer that is wrong', async () => {
    const script: typeof telling = (request, sample) => {
      const text = telling(request, sample);
      return request.stage === 'path' && typeof text === 'string' ? text.replace('\\boxed{18}', '18') : text;
    };
    const { handlers, decide, exported, queue, codeOf } = await reviewed({ script, tasks: 1 });
    const { items } = await queue({ kind: 'task', task: 'set/1' });
    const [unread] = items;
    assert.ok(unread);
    assert.equal(unread.loss?.step, 'extract');
    assert.equal(await codeOf(exported()), 'nothing-to-export');
    await decide(draft(unread));
    const { report, manifest, records } = await exported();
    assert.equal(report.records, 1);
    assert.equal(report.reviewed, 1);
    assert.deepEqual(manifest.overrides?.map(({ reason, reviewer: who }) => [reason, who]), [[unread.loss.reason, reviewer]]);
    assert.deepEqual(records[0]?.review, { decision: 'accept', reviewer, overrides: unread.loss });
    // an amended path is graded anew and says so
    await decide(draft(unread, { decision: 'amend', amendedText: 'Three sixes are \\boxed{18}.', supersedes: `r${made}` }));
    const amended = await exported();
    assert.match(amended.data, /Three sixes are/);
    assert.deepEqual([amended.report.humanEdited, amended.records[0]?.editedStages], [1, ['path']]);
    await decide(draft(unread, { decision: 'amend', amendedText: 'Three sixes are \\boxed{19}.', supersedes: `r${made}` }));
    assert.equal(await codeOf(exported()), 'nothing-to-export', 'a wrong answer stays out, whoever wrote it');
    await handlers.correctGold({ task: 'set/1', gold: '19', reviewer });
    assert.equal((await exported()).report.records, 1, 'unless it was the known answer that was wrong');
  });

  it('leaves out what nobody has reviewed where that is wished, and says which rule held', async () => {
    const { queue, decide, exported } = await reviewed();
    const [one, two] = (await queue()).items;
    assert.ok(one && two);
    await decide(draft(one), draft(two, { decision: 'unsure' }));
    const { report, manifest } = await exported({ rule: { reviews: 'reviewed-only' } });
    assert.deepEqual([report.records, report.unreviewed, report.excluded['not-reviewed'], manifest.unreviewed, manifest.reviewed], [1, 'left-out', 14, 'left-out', 1]);
    assert.equal((await exported()).manifest.unreviewed, 'kept');
  });

  it('grades a task by its corrected answer, and back', async () => {
    const { handlers, exported, store, codeOf } = await reviewed({ tasks: 1 });
    assert.equal((await exported()).report.records, 5);
    assert.deepEqual(await handlers.correctGold({ task: 'set/1', gold: ' 20 ', reviewer }), { before: '18' });
    assert.equal(await codeOf(exported()), 'nothing-to-export');
    assert.equal(store.task(taskId('set/1'))?.gold, '20');
    await handlers.correctGold({ task: 'set/1', gold: '18', reviewer });
    assert.equal((await exported()).report.records, 5);
    assert.deepEqual(store.corrections(taskId('set/1')).map(({ before, gold }) => [before, gold]), [['18', '20'], ['20', '18']]);
    assert.equal(await codeOf(handlers.correctGold({ task: 'set/1', gold: '  ', reviewer })), 'usage');
    assert.equal(await codeOf(handlers.correctGold({ task: 'set/9', gold: '1', reviewer })), 'task-not-found');
  });

  it('decides about many at once, as many as was said, and takes that back in one go', async () => {
    const { handlers, queue, decide, exported, codeOf, store } = await reviewed();
    const [mine] = (await queue()).items;
    assert.ok(mine);
    await decide(draft(mine));
    assert.equal(await codeOf(handlers.bulkReview({ query: next, reviewer, decision: 'reject', expected: 15 })), 'usage');
    const { reviews } = await handlers.bulkReview({ query: next, reviewer, decision: 'reject', expected: 14 });
    assert.ok(reviews.every(id => id.startsWith(bulkId)));
    assert.equal(reviews.length, 14);
    const rejected = new Set(store.reviewPage(0, 100).filter(({ decision }) => decision === 'reject').map(({ path }) => String(path)));
    assert.equal(rejected.size, 14);
    assert.ok((await exported()).records.every(({ answers }) => !rejected.has(answers.path)));
    assert.ok((await queue()).items.every(({ path }) => !rejected.has(path)), 'what stepped in is shown, and nothing else');
    const changed = (await queue({ kind: 'task', task: 'set/2' })).items.find(({ path }) => rejected.has(path));
    assert.ok(changed);
    const last = changed.reviews[0]?.id;
    await decide(draft(changed, { decision: 'unsure', ...(last === undefined ? {} : { supersedes: last }) }));
    assert.deepEqual(await handlers.undoReviews({ reviewer, reviews }), { undone: 13 }, 'what was decided since stays');
    assert.equal((await exported()).report.records, 15);
  });

  it('hands reviews over as lines and takes them in once, refusing what is of another project', async () => {
    const from = await reviewed();
    const [one, two] = (await from.queue()).items;
    assert.ok(one && two);
    await from.decide(draft(one, { note: 'clear\u0000', marks: [{ step: 1, start: 3, end: 5 }] }), draft(two, { decision: 'reject', reason: 'unclear' }));
    const { reviews } = await from.handlers.reviewPage({ after: 0, limit: 100 });
    assert.deepEqual(reviews.map(({ sequence, decision, note }) => [sequence, decision, note]), [[1, 'accept', 'clear\u0000'], [2, 'reject', undefined]]);
    const into = await reviewed();
    const foreign = { ...reviews[0], id: 'x', path: 'f'.repeat(64) };
    const lines = [...reviews, reviews[0], foreign, { ...reviews[0], id: 'y', task: 'set/9' }, { id: 'z' }, 'text'];
    const report = await into.handlers.importReviews({ lines });
    assert.deepEqual([report.imported, report.known], [2, 1]);
    assert.deepEqual(report.refused.map(({ line, code }) => [line, code]), [[4, 'field-invalid'], [5, 'task-not-found'], [6, 'row-malformed'], [7, 'row-malformed']]);
    assert.deepEqual((await into.handlers.reviewPage({ after: 0, limit: 100 })).reviews, reviews);
    const without = async () => (await into.exported()).records.every(({ answers }) => answers.path !== two.path);
    assert.ok(await without());
    assert.deepEqual(await into.handlers.importReviews({ lines: reviews }), { imported: 0, known: 2, refused: [] });
    // two people who differ: both stay, and a reject counts
    await into.decide(draft(two, { reviewer: 'bob' }));
    const differing = await into.queue({ kind: 'queue', name: 'differ' });
    assert.deepEqual(differing.items.map(({ path, reviews: said }) => [path, said.length]), [[two.path, 2]]);
    assert.ok(await without());
    const summary = await into.handlers.reviewSummary({});
    assert.deepEqual(summary.reviewers.map(({ name, paths, secondsPerDecision }) => [name, paths, secondsPerDecision]), [['ann', 2, 3], ['bob', 1, 3]]);
    assert.deepEqual(summary.agreement, [{ reviewers: ['ann', 'bob'], paths: 1, kappa: null }]);
  });

  it('works what an engine left undone into the outcomes when the project is opened again', async () => {
    const store = new MemoryStore();
    const { queue } = await reviewed({ store, tasks: 1 });
    const [item] = (await queue()).items;
    assert.ok(item);
    // as if the engine had been killed right after the review was stored
    const { task, path } = item;
    store.commit({ reviews: [{ id: 'late', taskId: taskId(task.id), path: store.answers(taskId(task.id)).find(({ fingerprint }) => fingerprint === path)?.fingerprint ?? (() => { throw new Error('no path'); })(), reviewer, decision: 'reject', marks: [], reviewedAtMs: 1, seconds: 1 }] });
    assert.deepEqual(store.unsettledReviews(), [taskId('set/1')]);
    const again = await stepperWorkshop({ store, tasks: 1 });
    await again.until(() => store.outcome(taskId('set/1'))?.branches.some(({ review }) => review?.decision === 'reject') === true);
  });
});
