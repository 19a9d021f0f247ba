import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { trainingFolder } from './python.ts';

const python = process.env['REGENESIS_REAL_PYTHON'] ?? assert.fail('REGENESIS_REAL_PYTHON is not set: run this with npm run test:real');

describe('the training code', function () {
  this.timeout(900_000);
  for (const words of [['pytest', '-q'], ['ruff', 'format', '--check'], ['ruff', 'check'], ['mypy']]) {
    it(`passes ${words.join(' ')}`, () => {
      const { status, stdout, stderr } = spawnSync(python, ['-m', ...words], { cwd: trainingFolder, encoding: 'utf8', env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } });
      assert.equal(status, 0, `${stdout}\n${stderr}`);
    });
  }
});
