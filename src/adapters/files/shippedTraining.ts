import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Put in by the build: the code and presets under `training/`. */
declare const SHIPPED_TRAINING: Readonly<Record<string, string>> | undefined;

/** Tests, caches and what describes the project to Python's tools are not sent anywhere. */
const isSent = (name: string): boolean => /\.(?:py|ya?ml|txt)$/.test(name) && !name.startsWith('tests/') && !name.includes('/.') && !name.startsWith('.');

/** The shipped training code: path relative to `training/` → text. Outside a bundle it is read from the source tree. */
export function shippedTraining(): readonly (readonly [string, string])[] {
  if (typeof SHIPPED_TRAINING !== 'undefined') return Object.entries(SHIPPED_TRAINING);
  const folder = path.resolve(import.meta.dirname, '../../../training');
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter(isSent)
    .sort()
    .map(name => [name, readFileSync(path.join(folder, name), 'utf8')] as const);
}
