// Bundles everything that runs: `node esbuild.mjs` fills dist/, `node esbuild.mjs --host-tests` fills out/host/ for the tests inside the editor.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const root = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const started = performance.now();

/** The files below a folder, sorted. */
function filesBelow(folder) {
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** Every text file under prompts/, by its path below it: a bundle carries its prompts inside, so that one file is all an engine needs. */
function shippedFiles() {
  const folder = path.join(root, 'prompts');
  const names = filesBelow(folder);
  return Object.fromEntries(names.map(name => [path.relative(folder, name).split(path.sep).join('/'), fs.readFileSync(name, 'utf8')]));
}

/** What is sent with a training job: code and presets. */
function shippedTraining() {
  const folder = path.join(root, 'training');
  const names = filesBelow(folder).map(file => path.relative(folder, file).split(path.sep).join('/'));
  return Object.fromEntries(names.filter(name => /\.(?:py|ya?ml|txt)$/.test(name) && !/^(?:tests\/|\.)|\/\./.test(name)).map(name => [name, fs.readFileSync(path.join(folder, name), 'utf8')]));
}

/** Rooms of the core that are asked about outcomes and come to none: no room that does may import them (`test/contract/walls.ts`). */
const withoutOutcome = ['align', 'contamination', 'review', 'stats', 'evaluation', 'training'].map(room => path.join(root, 'src/core', room) + path.sep);

/** Changes with everything that could let the core come to another outcome: its own text, and the packages that it leans on. */
function coreHash() {
  const hash = createHash('sha256');
  const sources = filesBelow(path.join(root, 'src/core')).filter(name => name.endsWith('.ts') && !withoutOutcome.some(room => name.startsWith(room)));
  for (const file of [...sources, path.join(root, 'package-lock.json')]) {
    hash.update(`${path.relative(root, file).split(path.sep).join('/')}\0`).update(fs.readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** esbuild keeps comments on fields, and those of our messages would stand in every bundle, and be read at every start. Their lines stay, so that traces lead to the right ones. */
const withoutFieldNotes = {
  name: 'without notes on fields',
  setup: ({ onLoad }) => onLoad({ filter: /[\\/]src[\\/]contract[\\/].*\.ts$/ }, async ({ path: file }) => {
    const text = await fs.promises.readFile(file, 'utf8');
    return { loader: 'ts', contents: text.replaceAll(/^[ \t]*\/\*\*[^]*?\*\/[ \t]*$/gm, note => note.replaceAll(/[^\n]+/g, '')) };
  }),
};

/** The table of token ranks is most of what it stands in, and seldom needed: a file of its own, which engine and command line share and load when they count with it. */
const tokenTable = {
  name: 'table of tokens',
  setup: ({ onResolve }) => onResolve({ filter: /^gpt-tokenizer\/bpeRanks\/cl100k_base$/ }, ({ kind }) => kind === 'entry-point' ? undefined : { path: './cl100k.mjs', external: true }),
};

/** Nothing but pages is minified: a stack trace is read by people, Node prints the line it is about, and zipped it would save a tenth. What a window need not read at its start is left out of its file instead. */
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node22',
  minifySyntax: true, // shorter, and as many lines
  legalComments: 'none',
  sourcemap: 'linked',
  metafile: true,
  logLevel: 'warning',
  plugins: [withoutFieldNotes, tokenTable],
};

/** The pages of the editor: a script for each folder of src/webview that has a main.ts, one sheet with the icon font for all. They are minified: the editor reads them anew each time, and no trace of theirs is printed. */
const webview = {
  ...common,
  entryPoints: [
    ...fs.readdirSync(path.join(root, 'src/webview')).filter(name => fs.existsSync(path.join(root, 'src/webview', name, 'main.ts')))
      .map(name => ({ in: `src/webview/${name}/main.ts`, out: name })),
    { in: 'src/webview/page.css', out: 'page' },
  ],
  outdir: 'dist/webview', minify: true, format: 'iife', platform: 'browser', target: 'chrome134', loader: { '.ttf': 'file' }, assetNames: '[name]',
};

/** An ES module may hold CommonJS packages, and those call `require` for Node's own modules. */
const withRequire = 'import { createRequire as createRequireHere } from "node:module";\nconst require = createRequireHere(import.meta.url);';

const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
const define = { APP_VERSION: JSON.stringify(version), CORE_HASH: JSON.stringify(coreHash()) };
const withPrompts = `const SHIPPED_FILES = ${JSON.stringify(shippedFiles())};`;
const withTraining = `const SHIPPED_TRAINING = ${JSON.stringify(shippedTraining())};`;

/** What a window need not read at its start lies in files of its own, which `import()` loads when they are first needed: see `src/extension.ts`. */
const extension = {
  entryPoints: ['src/extension.ts'], outdir: 'dist', outExtension: { '.js': '.mjs' }, format: 'esm', splitting: true, chunkNames: 'host/[name]-[hash]', external: ['vscode'],
  define, banner: { js: withRequire },
};

const products = [
  extension,
  { entryPoints: ['gpt-tokenizer/bpeRanks/cl100k_base'], outfile: 'dist/cl100k.mjs', format: 'esm', minifyWhitespace: true },
  { entryPoints: ['src/engineMain.ts'], outfile: 'dist/engine.mjs', format: 'esm', define, banner: { js: `${withRequire}\n${withPrompts}\n${withTraining}` } },
  {
    // both read prompts and speak over a wire: what they share lies beside them, once
    entryPoints: [{ in: 'src/cli.ts', out: 'cli' }, { in: 'src/languageServer/main.ts', out: 'languageServer' }], outdir: 'dist', outExtension: { '.js': '.mjs' }, format: 'esm', splitting: true, chunkNames: 'shared-[hash]',
    define: { ...define, SHIPPED_FILES: JSON.stringify(shippedFiles()) }, banner: { js: withRequire },
  },
];

/** The folder of the package that an input file belongs to, or nothing for a file of ours. */
function packageFolder(input) {
  const parts = input.split('/');
  const last = parts.lastIndexOf('node_modules');
  if (last < 0) return undefined;
  return parts.slice(0, last + (parts[last + 1].startsWith('@') ? 3 : 2)).join('/');
}

/** The licences of what the bundles contain, as those licences ask. */
function notices(inputs) {
  const folders = [...new Set(inputs.map(packageFolder))].filter(folder => folder !== undefined).sort();
  const texts = folders.map(folder => {
    const { name, version, license } = JSON.parse(fs.readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
    const file = fs.readdirSync(path.join(root, folder)).find(entry => /^(licen[cs]e|copying)/i.test(entry));
    const text = file === undefined ? 'The package carries no licence file of its own.' : fs.readFileSync(path.join(root, folder, file), 'utf8').trim();
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  return `ReGenesis Workbench contains the following packages.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

async function buildProducts() {
  const dist = path.join(root, 'dist');
  fs.rmSync(path.join(dist, 'host'), { recursive: true, force: true }); // their names change with what is in them
  for (const name of fs.existsSync(dist) ? fs.readdirSync(dist) : []) if (name.startsWith('shared-')) fs.rmSync(path.join(dist, name));
  const results = await Promise.all([...products, webview].map(product => build({ ...common, ...product })));
  fs.chmodSync(path.join(root, 'dist/cli.mjs'), 0o755);
  const metafiles = results.map(result => result.metafile);
  fs.writeFileSync(path.join(root, 'dist/THIRD-PARTY-NOTICES.txt'), notices(metafiles.flatMap(metafile => Object.keys(metafile.inputs))));
  const sizes = metafiles.flatMap(metafile => Object.entries(metafile.outputs))
    .filter(([name]) => !/\.(?:map|ttf)$/.test(name))
    .filter(([, { bytes }]) => bytes > 10_000)
    .map(([name, { bytes }]) => `${name} ${Math.round(bytes / 1024)} kB`);
  console.log(`built ${sizes.join(', ')} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

/** The editor loads its tests as CommonJS; mocha stays outside, since it finds its own files. */
async function buildHostTests() {
  await build({
    ...common, entryPoints: ['test/host/suite.ts'], outfile: 'out/host/suite.cjs', format: 'cjs', external: ['vscode', 'mocha'],
  });
}

await (process.argv.includes('--host-tests') ? buildHostTests() : buildProducts());
