// A folder that is made beside its place and then put there. Knows nothing of the editor.
import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

/** Gives a folder its name, unless another window was quicker with the same. One of that name without the file was left by whatever cleans up there, and makes room. */
export function takePlace(half: string, whole: string, file: string): void {
  const isThere = () => existsSync(path.join(whole, file));
  try {
    if (!isThere()) rmSync(whole, { force: true, recursive: true });
    renameSync(half, whole);
  } catch (thrown) {
    rmSync(half, { force: true, recursive: true });
    if (!isThere()) throw thrown;
  }
}
