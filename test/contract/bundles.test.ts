import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { startBytes, startFiles } from '../support/packaged.ts';

const root = path.resolve(import.meta.dirname, '../..');
const bundles = ['dist/extension.mjs', 'dist/engine.mjs', 'dist/cli.mjs', 'dist/languageServer.mjs'];
/** What command line and language server have in common. */
const shared = (): readonly string[] => fs.readdirSync(path.join(root, 'dist')).filter(name => /^shared-.*\.mjs$/.test(name)).map(name => `dist/${name}`);
/** What is read and compiled before a window of the editor can show anything of ours. */
const mostStartBytes = 220_000;
const read = (name: string): string => fs.readFileSync(path.join(root, name), 'utf8');

describe('the bundles', () => {
  before(() => {
    for (const name of bundles) assert.ok(fs.existsSync(path.join(root, name)), `${name} is not there; npm run build makes it`);
  });

  it('start the command line under the Node that npm itself runs on, which may be older than the engine needs', () => {
    const { npm_node_execpath: node = process.execPath } = process.env;
    const { version } = JSON.parse(read('package.json')) as { version: string };
    assert.equal(execFileSync(node, [path.join(root, 'dist/cli.mjs'), '--version'], { encoding: 'utf8' }), `${version}\n`);
  });

  it('load SQLite in the engine alone', () => {
    assert.deepEqual([...bundles, ...shared()].filter(name => read(name).includes('node:sqlite')), ['dist/engine.mjs']);
  });

  it('count tokens with one table beside them', () => {
    assert.ok(read('dist/engine.mjs').includes('import("./cl100k.mjs")'));
    assert.equal([...bundles, ...shared()].filter(name => read(name).includes('" Nintendo"')).length, 0, 'a token of the table');
    assert.ok(read('dist/cl100k.mjs').includes('" Nintendo"'));
    const line = (sentences: number): string => `${JSON.stringify({ gold: '18', output: `First.\n\n1. ${'Add 9 and 9. '.repeat(sentences)}\n\n2. The answer is \\boxed{18}.` })}\n`;
    const graded = execFileSync(process.execPath, [path.join(root, 'dist/cli.mjs'), 'grade', '--filter', 'reference', '-'], { input: `${line(3)}${line(300)}`, encoding: 'utf8' });
    assert.deepEqual(graded.trim().split('\n').map(each => (JSON.parse(each) as { cut: string | null }).cut === null), [false, true], 'the longer one has more than 800');
  });

  it('start a window from little, without what only commands, pages and engines need', () => {
    const files = startFiles();
    assert.ok(startBytes() <= mostStartBytes, `${files.join(', ')} have ${startBytes()} bytes`);
    const text = files.map(read).join('\n');
    for (const later of ['node_modules/vscode-jsonrpc/', 'src/host/commands/importTasks.ts', 'src/host/overview/auditPanels.ts']) assert.doesNotMatch(text, new RegExp(`^// \\S*${later}`, 'm'));
  });

  it('carry every prompt inside', () => {
    const names = fs.readdirSync(path.join(root, 'prompts'), { recursive: true, encoding: 'utf8' }).filter(name => path.extname(name) !== '');
    const engine = read('dist/engine.mjs');
    assert.deepEqual(names.map(name => name.split(path.sep).join('/')).filter(name => !engine.includes(name)), []);
  });

  it('know nothing of the machine they were made on', () => {
    assert.deepEqual([...bundles, ...shared()].filter(name => read(name).includes(root)), []);
  });
});
