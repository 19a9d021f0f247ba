// `npm test`: everything, and the sum of it as the last line. What only waits for others runs beside what keeps a processor busy; the windows of e2e have the machine to themselves.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(path.dirname(new URL(import.meta.url).pathname), '..');
const folder = path.join(root, 'out/tests');
const totalFile = path.join(folder, 'total.txt');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  console.error(`The tests need Node 22.19 or newer and this is ${process.version}. Start them with npm test: on Linux it brings a newer Node along.`);
  process.exit(1);
}

/** What runs in plain Node and is mostly a matter of processes: apart, so that it can run beside the rest. */
const apart = { commands: ['test/contract/cli'], engines: ['test/contract/engine', 'test/contract/crash.test.ts'] };
const ignored = Object.values(apart).flat().flatMap(place => ['--ignore', place.endsWith('.ts') ? place : `${place}/**`]);

/**
 * A tier either reports totals through mocha or counts as one, and is chosen by its name or by that of its group. Tiers of one turn run two at a time, in this order:
 * a machine that builds has two processors at least. The longest come first, so that both have work to the end.
 */
const turns = [
  [{ name: 'build', command: ['node', 'esbuild.mjs'] }],
  [
    { name: 'commands', group: 'node', command: ['mocha', ...apart.commands], mocha: true },
    { name: 'node', command: ['mocha', ...ignored], mocha: true },
    { name: 'engines', group: 'node', command: ['mocha', ...apart.engines], mocha: true },
    { name: 'host', command: ['node', 'test/host/run.mjs'], mocha: true },
    { name: 'lint', command: ['eslint', '.', '--max-warnings', '0'] },
    { name: 'types', command: ['tsc', '--build'] },
  ],
  [{ name: 'e2e', command: ['mocha', '--config', 'test/e2e/.mocharc.json'], mocha: true, again: ['mocha', '--no-config', '--require', 'test/support/endAtFailure.cjs', '--timeout', '120000'] }],
];

/** What a tier counts: what mocha reported, else itself. One that dies beside its tests has failed, whatever it counted. */
function totalsOf({ mocha }, status, file) {
  const passed = status === 0;
  if (mocha !== true) return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
  if (!fs.existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const totals = JSON.parse(fs.readFileSync(file, 'utf8'));
  return { ...totals, failed: passed ? totals.failed : Math.max(1, totals.failed) };
}

/** Most files that are given a second try: with more of them something is wrong with more than a moment. */
const mostAgain = 2;

/**
 * A real editor on a machine that builds two windows at once may lose a key to a page that takes the focus late. Files that failed have the machine to themselves once more,
 * which is said; what fails twice has failed.
 */
async function secondTry(tier, first) {
  const totalsFile = path.join(folder, `${tier.name}.json`);
  const { files } = JSON.parse(fs.readFileSync(totalsFile, 'utf8'));
  const failing = Object.keys(files).filter(file => files[file].failed > 0);
  const counted = of => failing.reduce((sum, file) => sum + files[file][of], 0);
  if (failing.length > mostAgain || counted('failed') !== first.failed) return first;
  console.log(`\n=== ${tier.name}: a second time, alone: ${failing.map(file => path.relative(root, file)).join(', ')}`);
  const second = await runTier({ name: `${tier.name} again`, mocha: true, command: [...tier.again, ...failing] }, true);
  return {
    ...first, seconds: (Number(first.seconds) + Number(second.seconds)).toFixed(1),
    passed: first.passed - counted('passed') + second.passed, failed: second.failed, skipped: first.skipped - counted('skipped') + second.skipped,
  };
}

/** Runs a tier. What it says is shown at once, or when it has ended where others are speaking. */
async function runTier(tier, isAlone) {
  const { name, command: [program, ...options] } = tier;
  const totalsFile = path.join(folder, `${name}.json`);
  const bin = path.join(root, 'node_modules/.bin');
  const reporter = program === 'mocha' ? ['--reporter', 'test/support/totalsReporter.cjs'] : [];
  const started = performance.now();
  if (isAlone) console.log(`\n=== ${name}`);
  const child = spawn(program === 'node' ? process.execPath : path.join(bin, program), [...options, ...reporter], {
    cwd: root, stdio: isAlone ? 'inherit' : ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32',
    env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}`, REGENESIS_TEST_TOTALS: totalsFile },
  });
  const said = [];
  for (const stream of isAlone ? [] : [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', piece => said.push(piece));
  const status = await new Promise(resolve => {
    child.once('error', () => resolve(1));
    child.once('close', resolve);
  });
  if (!isAlone) process.stdout.write(`\n=== ${name}\n${said.join('')}`);
  return { name, seconds: ((performance.now() - started) / 1000).toFixed(1), ...totalsOf(tier, status, totalsFile) };
}

/** Runs the tiers of a turn, two at a time. @returns what came of them, in their order */
async function runTurn(tiers) {
  const [waiting, results] = [[...tiers.entries()], []];
  const work = async isFirst => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [place, tier] = next;
      const first = await runTier(tier, isFirst);
      results[place] = tier.again !== undefined && first.failed > 0 ? await secondTry(tier, first) : first;
    }
  };
  await Promise.all([work(true), work(false)]);
  return results;
}

fs.rmSync(folder, { recursive: true, force: true });
fs.mkdirSync(folder, { recursive: true });
const wanted = process.argv.slice(2);
const isWanted = ({ name, group }) => wanted.length === 0 || wanted.includes(name) || wanted.includes(group);
const results = [];
for (const tiers of turns) results.push(...await runTurn(tiers.filter(isWanted)));

console.log('');
for (const { name, seconds, passed, failed, skipped } of results) {
  console.log(`${name.padEnd(8)} ${seconds.padStart(7)} s  ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
}
const sum = of => results.reduce((total, result) => total + result[of], 0);
const line = `${sum('passed')} passed, ${sum('failed')} failed`;
fs.writeFileSync(totalFile, `${line}\n`);
console.log(`\n${line}`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
