import assert from 'node:assert/strict';
import fc from 'fast-check';
import { exportFormats, holdsRejected, type matchUnits } from '../../../src/core/model/exportRule.ts';
import { problemOf } from '../../../src/core/model/problem.ts';
import { exportProject, type FatedTask } from '../../support/exportProject.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';

const codeOf = async (work: Promise<unknown>) => problemOf(await work.then(() => undefined, (thrown: unknown) => thrown));
const manifest = '/out/train.jsonl.manifest.json';
const perTask = (by: readonly Record<string, unknown>[]) => new Map([...Map.groupBy(by, ({ task }) => String(task))].map(([task, own]) => [task, own.length]));
const fated = (counts: readonly number[]): FatedTask[] => counts.map((count, index) => ({ id: `set/${index}`, fates: `${'r'.repeat(count)}wwwwww`.slice(0, 6) }));

/** Two projects of the same tasks, with so many right paths of each; what the first exports stands where the second finds it. */
async function twoProjects(ours: readonly number[], theirs: readonly number[]) {
  const other = exportProject(fated(theirs), { perTask: 6 });
  const written = await other.exported('chat');
  const own = exportProject(fated(ours), { perTask: 6 });
  const files = memoryFiles(new Map([...other.files.kept].map(([name, text]) => [name.replace('/out/', '/other/').replaceAll('train', 'theirs'), text.replaceAll('train.jsonl', 'theirs.jsonl')])));
  const dependencies = { ...own.dependencies, files: { ...own.files, text: (path: string) => files.text(path) ?? own.files.text(path) } };
  return { own, other, written, dependencies, matched: (by: (typeof matchUnits)[number]) => ({ match: { by, manifest: '/other/theirs.jsonl.manifest.json' } }), files };
}

describe('a training set that is made equal to another one', () => {
  it('takes the tasks of both, and of each as many paths as the one that has fewer; the other one, matched with it, has the same', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 })), { minLength: 2, maxLength: 8 }), async pairs => {
      const [ours, theirs] = [pairs.map(([first]) => first), pairs.map(([, second]) => second)];
      fc.pre(ours.some((count, at) => count > 0 && (theirs[at] ?? 0) > 0));
      const { own, other, dependencies, written, matched } = await twoProjects(ours, theirs);
      const mine = await own.exported('chat', matched('paths-per-task'), {}, dependencies);
      const fair = new Map(pairs.flatMap(([first, second], at) => (Math.min(first, second) > 0 ? [[`set/${at}`, Math.min(first, second)] as const] : [])));
      assert.deepEqual(perTask(mine.records), fair);
      assert.equal(mine.report.excluded['match'] ?? 0, ours.reduce((sum, count) => sum + count, 0) - mine.report.records);
      assert.equal(mine.report.missing ?? 0, written.report.records - mine.report.records);
      const back = memoryFiles(new Map(own.files.kept));
      const theirsAgain = await other.exported('chat', { match: { by: 'paths-per-task', manifest } }, { out: '/out/again.jsonl' }, { ...other.dependencies, files: { ...other.files, text: path => back.text(path) ?? other.files.text(path) } });
      assert.deepEqual(perTask(theirsAgain.records), fair, 'the tasks and the numbers of both are the same');
      assert.equal(theirsAgain.report.missing, undefined);
    }), { numRuns: 12 });
  });

  it('or as many paths in all, of whatever tasks', async () => {
    const { own, dependencies, matched } = await twoProjects([6, 6, 0, 3], [1, 0, 5, 1]);
    const { report, records } = await own.exported('chat', matched('paths'), {}, dependencies);
    assert.deepEqual([report.records, records.length, report.excluded['match'], report.missing], [7, 7, 8, undefined]);
    const few = await own.exported('chat', { ...matched('paths'), pathsPerTask: 1 }, {}, dependencies);
    assert.deepEqual([few.report.records, few.report.missing], [3, 4], 'where there are not so many, it says how many are not there');
  });

  it('draws by hash with the seed, and says in manifest, card and preview what it was matched with, without a folder', async () => {
    const { own, dependencies, matched, written } = await twoProjects([6, 6, 6, 6], [2, 2, 2, 2]);
    const exported = (seed: number) => own.exported('chat', { ...matched('paths-per-task'), seed }, { card: true }, dependencies);
    const first = await exported(1);
    assert.deepEqual(await exported(1), first);
    const keys = ({ records }: Awaited<ReturnType<typeof exported>>) => records.map(({ task, branch }) => `${String(task)} ${String(branch)}`);
    assert.notDeepEqual(keys(await exported(2)), keys(first));
    const { manifestText, manifest: fields, card, report } = first;
    const with_ = { by: 'paths-per-task', file: 'theirs.jsonl', sha256: written.report.sha256, tasks: 4, paths: 8 };
    assert.deepEqual([fields['matched'], report.matched], [with_, with_]);
    assert.deepEqual((fields['rule'] as { match: unknown }).match, { by: 'paths-per-task', manifest: 'theirs.jsonl.manifest.json' });
    assert.match(String(fields['command']), / --match=theirs\.jsonl\.manifest\.json --match-by paths-per-task --seed 1 /);
    assert.doesNotMatch(manifestText, /\/other/);
    assert.match(card, /As many paths of each task as the training set of theirs\.jsonl\.manifest\.json has/);
    const preview = await own.previewed('chat', { ...matched('paths-per-task'), seed: 1 }, dependencies);
    assert.deepEqual([preview.matched, preview.records, preview.excluded], [with_, report.records, report.excluded]);
  });

  it('refuses what cannot be matched, and says what is wrong', async () => {
    const { own, dependencies, matched, files } = await twoProjects([3], [2]);
    for (const format of exportFormats.filter(holdsRejected)) assert.equal((await codeOf(own.exported(format, matched('paths'), {}, dependencies))).code, 'usage');
    const changed = (name: string, change: (text: string) => string) => ({ ...dependencies, files: { ...dependencies.files, text: (path: string) => (path.endsWith(name) ? change(files.text(path) ?? '') : dependencies.files.text(path)) } });
    const wrong = async (...[name, change]: [string, (text: string) => string]) => codeOf(own.exported('chat', matched('paths-per-task'), {}, changed(name, change)));
    assert.match((await wrong('records.jsonl', text => `${text}\n`)).message, /was changed after it had been exported/);
    assert.match((await wrong('manifest.json', () => '{"records":3}')).message, /is no manifest of an export/);
    assert.match((await wrong('manifest.json', text => text.replace('"chat"', '"kto"'))).message, /also holds what is not to be learnt/);
    assert.match((await codeOf(own.exported('chat', { match: { by: 'paths', manifest: '/nowhere.json' } }))).message, /\/nowhere\.json cannot be read/);
    const foreign = await twoProjects([3], [0, 2]);
    const { code, message } = await codeOf(foreign.own.exported('chat', foreign.matched('paths-per-task'), {}, foreign.dependencies));
    assert.equal(code, 'nothing-to-export');
    assert.match(message, /3 match.*the same tasks under the same ids/);
    assert.equal(own.files.kept.size, 0);
  });
});
