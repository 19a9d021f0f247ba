import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';

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

const manifestSchema = z.object({ main: z.string() });

/** What a window reads to start the extension: the file that `main` names and those that it imports, not those that it may load later. Paths from the root. */
export function startFiles(): readonly string[] {
  const { main } = z.parse(manifestSchema, JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')));
  const files = new Set([path.normalize(main)]);
  for (const file of files) {
    const text = fs.readFileSync(path.join(root, file), 'utf8');
    for (const [, name] of text.matchAll(/\bfrom "(\.[^"]+)"/g)) files.add(path.join(path.dirname(file), name ?? ''));
  }
  return [...files];
}

/** How many bytes those are. */
export const startBytes = (): number => startFiles().reduce((sum, file) => sum + fs.statSync(path.join(root, file)).size, 0);
