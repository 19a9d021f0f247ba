import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { main } from '../../../src/cli/main.ts';
import { demoServerCommand } from '../../../src/demoServer/command.ts';
import { errorShape } from '../../support/commandShapes.ts';
import { readObject } from '../../support/commandLine.ts';

interface Heard {
  readonly code: number;
  readonly out: string;
  readonly said: string;
}

/** Runs the command line inside this process: what is wrong with the words of a call is found before anything is started. */
async function call(...words: string[]): Promise<Heard> {
  let [out, said] = ['', ''];
  const code = await main(words, {
    stdin: Readable.from([]), out: async text => { out += text; }, say: text => { said += text; }, environment: {}, app: '1.2.3',
    packageRoot: '/nowhere', enginePath: '/nowhere/engine.mjs', cliPath: '/nowhere/cli.mjs', onInterrupt: () => () => undefined,
  }, [demoServerCommand]);
  return { code, out, said };
}

const runOptions = ['recipe', 'stage', 'task', 'limit', 'sample', 'mode', 'filter', 'server', 'model', 'concurrency', 'max-calls', 'interactive', 'retry-lost'];
const documented: Readonly<Record<string, readonly string[]>> = {
  'init': ['sample'],
  'import': ['preset', 'map', 'split', 'missing-gold', 'domain', 'name'],
  'plan': runOptions,
  'run': runOptions,
  'evaluate': ['model', 'against', 'set', 'domain', 'samples', 'temperature', 'limit', 'seed', 'extract', 'server', 'against-server', 'max-tokens', 'concurrency', 'retry-lost'],
  'status': ['yield'],
  'tasks': [],
  'show': [],
  'export': ['format', 'out'],
  'contamination': ['set', 'hold-out', 'leave-out', 'undo'],
  'compare': [],
  'grade': ['extract', 'filter'],
  'leak': [],
  'audit': [],
  'align': [],
  'check': [],
  'events': ['follow', 'after'],
  'engines': ['stop'],
  'probe': ['model', 'project'],
  'demo': [],
  'demo-server': ['port', 'seed', 'gold', 'accuracy', 'model', 'slots', 'step-ms', 'cache-tokens', 'compress', 'faults', 'log',
    'latency-seed', 'lengths', 'api-key-env', 'revoke-key-after', 'next-api-key-env', 'swap-model-after', 'ignore-n', 'rate-limit', 'no-metrics', 'metrics-delay-ms'],
};

describe('the words of the command line', () => {
  for (const [name, options] of Object.entries(documented)) {
    it(`${name} --help names every option`, async () => {
      const { code, out, said } = await call(name, '--help');
      assert.deepEqual([code, said], [0, '']);
      assert.ok(out.startsWith(`regenesis ${name}`), out);
      for (const option of [...options, 'json', 'help']) assert.match(out, new RegExp(`^ +--${option}\\b`, 'm'));
    });
  }

  it('an overview names every command, asked for or not', async () => {
    for (const words of [['--help'], ['help'], []]) {
      const { code, out } = await call(...words);
      assert.equal(code, 0);
      for (const name of Object.keys(documented)) assert.match(out, new RegExp(`^ +${name} `, 'm'));
    }
  });

  it('-h is --help', async () => {
    assert.deepEqual(await call('-h'), await call('--help'));
    assert.deepEqual(await call('run', '-h'), await call('run', '--help'));
  });

  it('nothing that is written can command a terminal', async () => {
    const { said } = await call('\u001b[2J\u202efly\u009b31m\r');
    assert.match(said, /^There is no command \\u001b\[2J\\u202efly\\u009b31m\\u000d\.\n/);
    const { out } = await call('status', 'p', '\u009b', '--json');
    assert.ok(out.includes('\\u009b') && !out.includes('\u009b'));
    assert.match(readObject(errorShape, out).error.message, /^"\u009b" is too much/u);
  });

  it('--version is the version', async () => {
    assert.deepEqual(await call('--version'), { code: 0, out: '1.2.3\n', said: '' });
  });

  const wrong: readonly (readonly [words: string, says: RegExp])[] = [
    ['fly', /no command fly/],
    ['status', /Something is missing: regenesis status PROJECT/],
    ['init', /missing/], ['import p', /missing/], ['plan', /missing/], ['run', /missing/], ['show p', /missing/], ['export', /missing/], ['probe', /missing/],
    ['status a b', /"b" is too much/], ['show p t u', /"u" is too much/], ['grade a b', /"b" is too much/],
    ['run p --speed 9', /--speed.*regenesis run --help/],
    ['run p --limit', /--limit.*regenesis run --help/],
    ['run p --limit 0', /--limit takes a whole number of at least 1, not 0/],
    ['run p --limit 2.5', /--limit/], ['run p --limit -1', /--limit/], ['run p --limit ten', /not ten/],
    ['run p --limit 2 --sample 2', /--limit or --sample, not both/],
    ['run p --concurrency 0', /--concurrency/], ['run p --concurrency 1000000000', /--concurrency takes a whole number from 1 to 4096/],
    ['run p --concurrency -1', /^Option '--concurrency' argument is ambiguous\. See regenesis run --help\.$/m],
    ['run p --stage ,', /--stage names none/], ['run p --task ,', /--task names none/], ['run p --stage=', /--stage names none/],
    ['import p f --map question=q --map question=r', /--map gives question twice/], ['run p --max-calls x', /--max-calls/], ['run p --sample 0', /--sample/],
    ['run p --mode some', /--mode is one of until-enough, all, not some/],
    ['plan p --filter strict', /--filter is one of typed, reference/],
    ['run p --stage adapt,bake', /no stage bake.*choose, adapt, structure, path/],
    ['import p f --map question', /--map takes FIELD=COLUMN/],
    ['import p f --map question=q --preset gsm8k', /--preset or --map, not both/],
    ['import p f --split test', /--split is one of train, held-out/],
    ['import p f --missing-gold guess', /--missing-gold is one of keep, refuse/],
    ['import p f --domain far', /--domain is one of in, out, not far/], ['import p f --domain in --split train', /Only held-out tasks are of a domain/],
    ['evaluate', /missing/], ['evaluate p', /Say which model: --model NAME/], ['evaluate p --model=', /--model takes a model's name, NAME@URL or URL/],
    ['evaluate p --model a --domain x', /--domain takes SET=in or SET=out, not x/], ['evaluate p --model a --domain x=far', /--domain takes/], ['evaluate p --model a --limit 0', /--limit takes a whole number/],
    ['evaluate p --model a --temperature 2.5', /--temperature takes a number from 0 to 2, not 2\.5/], ['evaluate p --model a --temperature hot', /not hot/], ['evaluate p --model a --samples 257', /--samples takes a whole number from 1 to 256/],
    ['evaluate p --model a --extract last', /--extract is one of boxed, any/],
    ['export p', /Say where to write: --out FILE/],
    ['export p --out f --format xlsx', /--format is one of chat,/], ['export p --out=', /Say where to write/],
    ['contamination', /missing/], ['contamination p --undo', /Say what --undo is to take back/], ['contamination p --hold-out --leave-out', /not both/],
    ['grade --extract last', /--extract is one of boxed, any/],
    ['demo-server --port 99999', /--port takes a whole number from 0 to 65535/],
    ['demo-server --accuracy .5', /--accuracy needs --gold/],
    ['demo-server --faults fire=.1', /--faults knows 429.*regenesis demo-server --help/s],
    ['demo-server --rate-limit 60', /--rate-limit takes N\/S.*regenesis demo-server --help/s],
    ['demo-server here', /"here" is too much/],
  ];
  for (const [words, says] of wrong) {
    it(`refuses: ${words}`, async () => {
      const { code, out, said } = await call(...words.split(' '));
      assert.deepEqual([code, out], [2, '']);
      assert.match(said, says);
      assert.ok(said.endsWith('\n') && !/\n\s+at /.test(said), 'a sentence, not a stack');
    });
  }

  it('says so to programs too', async () => {
    const { code, out } = await call('run', 'p', '--mode', 'some', '--json');
    assert.equal(code, 2);
    assert.equal(readObject(errorShape, out).error.code, 'usage');
  });
});
