import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { shellCommand, shellQuote } from '../../../../src/adapters/jobs/shellQuote.ts';
import { hostileNames } from '../../../support/hostileNames.ts';

/** What a real shell hands on. */
function handedOn(words: readonly string[]): readonly string[] {
  const { stdout, stderr } = spawnSync('sh', ['-c', shellCommand([process.execPath, '-e', 'process.stdout.write(JSON.stringify(process.argv.slice(1)))', '--', ...words])], { encoding: 'utf8' });
  assert.equal(stderr, '');
  return JSON.parse(stdout) as readonly string[];
}

describe('an argument for a shell', function () {
  this.timeout(60_000);

  it('arrives as it is, whatever it is', () => {
    const argument = fc.string({ unit: 'grapheme-composite', maxLength: 40 }).filter(text => !text.includes('\0'));
    const nasty = fc.array(fc.constantFrom("'", '"', '\\', '$', '`', '\n', ' ', '!', '*', '-', '~', '=', '#', '&', ';', '|', '(', '<', 'a'), { maxLength: 12 }).map(parts => parts.join(''));
    fc.assert(fc.property(fc.array(fc.oneof(argument, nasty), { maxLength: 40 }), words => {
      assert.deepEqual(handedOn(words), words);
    }), { numRuns: 40 });
  });

  it('runs nothing that stands in it', () => {
    const names = hostileNames(1_000);
    assert.deepEqual(handedOn(names), names);
  });

  it('is written so that people can read it where it is plain', () => {
    assert.equal(shellCommand(['/opt/venv/bin/python', 'train.py', '--config', 'a b', '', 'A=1']), "/opt/venv/bin/python train.py --config 'a b' '' 'A=1'");
  });

  it('has no NUL character', () => {
    assert.throws(() => shellQuote('a\0b'), /NUL/);
  });
});
