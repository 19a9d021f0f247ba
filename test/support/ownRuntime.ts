import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { stopEngines } from '../../src/client/engines.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'regenesis-run-'));

/** Engines of the tests have a place of their own, so that those of the person at the machine are left alone; whatever a test leaves behind ends with the tests. */
export const mochaHooks = {
  beforeAll(): void {
    process.env['REGENESIS_RUNTIME_DIR'] = folder;
  },
  async afterAll(): Promise<void> {
    await stopEngines(folder, { app: 'test' }, () => true);
    rmSync(folder, { recursive: true, force: true });
  },
};
