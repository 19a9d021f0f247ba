import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

/** Makes the `.vsix` as it is published, from what `npm run build` left in dist/, and says where it is. `folder`: below out/. */
export function packageExtension(folder: string): string {
  const file = path.join(root, 'out', folder, 'regenesis.vsix');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  packageFolder(root, file);
  return file;
}

/** Makes the `.vsix` of any extension. */
export function packageFolder(folder: string, file: string): void {
  const packager = path.join(root, 'node_modules/@vscode/vsce/vsce');
  execFileSync(process.execPath, [packager, 'package', '--no-dependencies', '--no-rewrite-relative-links', '--allow-missing-repository', '--skip-license', '--out', file], { cwd: folder, stdio: 'pipe' });
}
