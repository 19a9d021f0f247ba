import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { exportFormats } from '../../src/core/model/exportRule.ts';
import { Workshop } from '../support/commandLine.ts';
import { exportShape, runShape } from '../support/commandShapes.ts';

/** A Python that has TRL and datasets. */
const python = process.env['REGENESIS_REAL_PYTHON'] ?? 'python3';

describe('exports in the libraries that eat them', function () {
  this.timeout(300_000);
  const shop = new Workshop();
  after(() => shop.close());

  it('are loaded by datasets and taken by TRL, every single record, and a folder by its card', async () => {
    const server = await shop.demoServer();
    await shop.succeed('init', 'p', '--sample');
    await shop.json(runShape, ['run', 'p', '--server', server.url, '--sample', '30', '--mode', 'all']);
    const folders = exportFormats.map(format => shop.file(`${format} of 'mine'`));
    for (const [index, format] of exportFormats.entries()) {
      const folder = folders[index] ?? '';
      mkdirSync(folder);
      const out = path.join(folder, format === 'parquet' ? 'data.parquet' : 'data.jsonl');
      await shop.json(exportShape, ['export', 'p', '--format', format, '--split', 'validation=.2', '--seed', '3', '--card', '--out', out]);
    }
    const checked = spawnSync(python, [path.join(import.meta.dirname, 'exportFormats.py'), ...folders], { encoding: 'utf8', env: { ...process.env, HF_HUB_OFFLINE: '1', HF_HOME: shop.file('hf'), HF_DATASETS_CACHE: shop.file('hf/datasets') } });
    assert.equal(checked.status, 0, `${checked.stdout}\n${checked.stderr}`);
    assert.equal(checked.stdout.trim().split('\n').length, 3 * exportFormats.length, checked.stdout);
    process.stdout.write(checked.stdout);
  });
});
