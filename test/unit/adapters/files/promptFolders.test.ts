import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createPromptFolders } from '../../../../src/adapters/files/promptFolders.ts';
import { shippedScheme } from '../../../../src/core/model/promptFile.ts';

describe('prompts on this machine', () => {
  let folder = '';
  const at = (name: string) => path.join(folder, ...name.split('/'));
  const uri = (name: string) => pathToFileURL(at(name)).href;
  const write = (name: string, text: string | Uint8Array = name) => {
    mkdirSync(path.dirname(at(name)), { recursive: true });
    writeFileSync(at(name), text);
  };
  beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'regenesis-prompts-')); });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

  it('of a workspace lie over the shipped ones', () => {
    write('deep/.regenesis/prompts/regenesis/path.rgprompt', 'mine');
    write('deep/.regenesis/prompts/guidelines/mine.yaml');
    write('deep/.regenesis/prompts/notes/other.yaml');
    const folders = createPromptFolders();
    const place = folders.placeOf(uri('deep/.regenesis/prompts/regenesis/path.rgprompt'));
    assert.equal(place?.path, 'regenesis/path.rgprompt');
    const { files, uriOf, isShipped } = place.folder;
    assert.equal(files.get('regenesis/path.rgprompt'), 'mine');
    assert.equal(files.get('guidelines/mine.yaml'), 'deep/.regenesis/prompts/guidelines/mine.yaml');
    assert.ok(files.has('regenesis/adapt.rgprompt') && files.has('partials/task.rgprompt'));
    assert.ok(!files.has('samples/tasks.jsonl') && !files.has('notes/other.yaml'));
    assert.deepEqual([isShipped('regenesis/path.rgprompt'), isShipped('regenesis/adapt.rgprompt'), isShipped('none/none.rgprompt')], [false, true, false]);
    assert.equal(uriOf('regenesis/path.rgprompt'), uri('deep/.regenesis/prompts/regenesis/path.rgprompt'));
    assert.equal(uriOf('new/new.rgprompt'), uri('deep/.regenesis/prompts/new/new.rgprompt'));
    assert.equal(folders.placeOf(uri('deep/.regenesis/prompts/notes/other.yaml')), undefined);
  });

  it('that are shipped have addresses of their own', () => {
    write('.regenesis/prompts/mine/mine.rgrecipe.yaml');
    const folders = createPromptFolders();
    const shipped = folders.placeOf(uri('.regenesis/prompts/mine/mine.rgrecipe.yaml'))?.folder.uriOf('partials/task.rgprompt') ?? '';
    assert.equal(shipped, `${shippedScheme}:/partials/task.rgprompt`);
    const place = folders.placeOf(shipped);
    assert.equal(place?.path, 'partials/task.rgprompt');
    assert.ok(place.folder.isShipped(place.path));
    assert.equal(place.folder.uriOf(place.path), shipped);
    assert.equal(folders.placeOf(`${shippedScheme}:/partials/%`), undefined);
    assert.equal(folders.placeOf(`${shippedScheme}:/none/none.rgprompt`), undefined);
  });

  it('in a tree like ours see each other', () => {
    write('repo/prompts/eight/eight.rgrecipe.yaml');
    write('repo/prompts/eight/path.rgprompt');
    write('repo/prompts/partials/own.rgprompt');
    const folders = createPromptFolders();
    for (const name of ['eight/eight.rgrecipe.yaml', 'eight/path.rgprompt', 'partials/own.rgprompt']) {
      const place = folders.placeOf(uri(`repo/prompts/${name}`));
      assert.equal(place?.path, name);
      assert.ok(place.folder.files.has('eight/path.rgprompt') && place.folder.files.has('regenesis/path.rgprompt'));
    }
  });

  it('beside a recipe are that recipe\'s, and of each recipe where there are several', () => {
    for (const name of ['loose/two.rgrecipe.yaml', 'loose/one.rgrecipe.yaml', 'loose/path.rgprompt', 'loose/settings.yaml', 'alone/judge.rgprompt']) write(name);
    const folders = createPromptFolders();
    const place = folders.placeOf(uri('loose/path.rgprompt'));
    assert.equal(place?.path, 'one/path.rgprompt');
    assert.equal(folders.placeOf(uri('loose/two.rgrecipe.yaml'))?.path, 'two/two.rgrecipe.yaml');
    assert.equal(place.folder.uriOf('two/path.rgprompt'), uri('loose/path.rgprompt'));
    assert.equal(place.folder.uriOf('two/adapt.rgprompt'), uri('loose/adapt.rgprompt'));
    assert.ok(!place.folder.files.has('two/one.rgrecipe.yaml'));
    assert.equal(folders.placeOf(uri('loose/settings.yaml')), undefined);
    assert.equal(folders.placeOf(uri('alone/judge.rgprompt'))?.path, 'alone/judge.rgprompt');
  });

  it('that lie loose see those of the workspace they lie in, as a run by the path of their recipe does', () => {
    write('.regenesis/prompts/partials/task.rgprompt', 'the workspace\'s');
    write('.regenesis/prompts/base/base.rgrecipe.yaml');
    write('own/loose/mine.rgrecipe.yaml');
    const folders = createPromptFolders();
    const seen = () => folders.placeOf(uri('own/loose/mine.rgrecipe.yaml'))?.folder ?? assert.fail();
    const task = 'partials/task.rgprompt';
    assert.equal(seen().files.get(task), 'the workspace\'s');
    assert.ok(seen().files.has('base/base.rgrecipe.yaml') && seen().files.has('regenesis/path.rgprompt'));
    assert.equal(seen().uriOf(task), uri(`.regenesis/prompts/${task}`));
    assert.equal(seen().uriOf('mine/path.rgprompt'), uri('own/loose/path.rgprompt'));
    assert.equal(seen().uriOf('regenesis/path.rgprompt'), `${shippedScheme}:/regenesis/path.rgprompt`);
    assert.deepEqual([task, 'regenesis/path.rgprompt', 'mine/mine.rgrecipe.yaml'].map(name => [seen().isShipped(name), seen().hidesShipped?.(name)]), [[false, true], [true, false], [false, false]]);
    folders.lay(uri(`.regenesis/prompts/${task}`), 'typed');
    assert.equal(seen().files.get(task), 'typed');
  });

  it('are what was saved once an editor has closed them', () => {
    write('.regenesis/prompts/mine/path.rgprompt', 'old');
    const folders = createPromptFolders();
    const asked = uri('.regenesis/prompts/mine/path.rgprompt');
    const text = () => folders.placeOf(asked)?.folder.files.get('mine/path.rgprompt');
    assert.equal(text(), 'old');
    folders.lay(asked, 'new');
    write('.regenesis/prompts/mine/path.rgprompt', 'new');
    folders.lay(asked, undefined);
    assert.equal(text(), 'new');
  });

  it('show what an editor has open, by the address that it uses', () => {
    write('.regenesis/prompts/mine/path.rgprompt', 'saved');
    const folders = createPromptFolders();
    const asked = uri('.regenesis/prompts/mine/path.rgprompt').replace('mine', '%6Dine');
    const text = () => folders.placeOf(asked)?.folder.files.get('mine/path.rgprompt');
    assert.equal(text(), 'saved');
    folders.lay(asked, 'typed');
    assert.equal(text(), 'typed');
    assert.equal(folders.placeOf(asked)?.folder.uriOf('mine/path.rgprompt'), asked);
    folders.lay(uri('.regenesis/prompts/mine/new.rgprompt'), 'not on the disk');
    assert.equal(folders.placeOf(asked)?.folder.files.get('mine/new.rgprompt'), 'not on the disk');
    folders.lay(asked, undefined);
    assert.equal(text(), 'saved');
    write('.regenesis/prompts/mine/path.rgprompt', 'saved again');
    assert.equal(text(), 'saved');
    folders.forget();
    assert.equal(text(), 'saved again');
  });

  it('that a run would refuse are not there, and say why', () => {
    write('outside.rgprompt');
    write('w/.regenesis/prompts/mine/large.rgprompt', 'x'.repeat(2 ** 20 + 1));
    write('w/.regenesis/prompts/mine/latin.rgprompt', Uint8Array.of(0x66, 0xfc, 0x72));
    symlinkSync(at('outside.rgprompt'), at('w/.regenesis/prompts/mine/link.rgprompt'));
    const folders = createPromptFolders();
    for (const [name, why] of [['large', /larger than 1 MiB/], ['latin', /not valid UTF-8/], ['link', /leads out/]] as const) {
      const file = uri(`w/.regenesis/prompts/mine/${name}.rgprompt`);
      assert.equal(folders.placeOf(file), undefined);
      assert.match(folders.unreadable(file)?.message ?? '', why);
      folders.lay(file, 'typed');
      // to save it would still leave a link
      assert.equal(folders.unreadable(file) !== undefined, name === 'link');
    }
    write('w/own/loose.rgrecipe.yaml');
    for (const name of ['w/.regenesis/prompts/mine/link.rgprompt', 'w/own/loose.rgrecipe.yaml']) {
      assert.deepEqual([...folders.unreadableAround(uri(name)).keys()].map(file => path.basename(file, '.rgprompt')), ['large', 'latin', 'link']);
    }
    assert.deepEqual([...folders.unreadableAround(uri('outside.rgprompt')), ...folders.unreadableAround('http://x')], []);
  });

  it('are none of other files, schemes and folders', () => {
    write('a/path.txt');
    const folders = createPromptFolders();
    for (const each of [uri('a/path.txt'), uri('a/none.rgprompt'), uri('none/none.rgprompt'), 'untitled:path.rgprompt', 'file://%', 'http://x/path.rgprompt', '']) assert.equal(folders.placeOf(each), undefined, each);
  });
});
