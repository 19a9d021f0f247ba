import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import process from 'node:process';
import { enginePlace, runtimeFolder } from '../src/client/runtimeFolder.ts';
import { readRegistryEntry } from '../src/contract/registry.ts';

/**
 * Puts so many milliseconds between an engine and whoever finds it from now on, half of them in each direction, as a slow line would. Whoever is connected already
 * is not held up.
 *
 * @returns how to take it away
 */
export async function slowDown(project: string, roundTripMs: number): Promise<() => void> {
  const { entryFile } = enginePlace(runtimeFolder(process.env), project);
  const entry = readRegistryEntry(readFileSync(entryFile, 'utf8'));
  if (!entry) throw new Error('the engine is not to be found');
  const slow = `${entry.socket.slice(0, -5)}slow`;
  const server = createServer(near => {
    const far = connect(entry.socket);
    later(near, far, roundTripMs / 2);
    later(far, near, roundTripMs / 2);
  });
  await new Promise<void>(resolve => { server.listen(slow, resolve); });
  writeFileSync(`${entryFile}.slow`, `${JSON.stringify({ ...entry, socket: slow })}\n`, { mode: 0o600 });
  renameSync(`${entryFile}.slow`, entryFile);
  return () => {
    server.close();
    rmSync(slow, { force: true });
  };
}

/** Hands over what comes in its order, each piece so much later. */
function later(from: Socket, to: Socket, ms: number): void {
  from.on('data', data => { setTimeout(() => { if (to.writable) to.write(data); }, ms); });
  from.on('close', () => { setTimeout(() => { to.destroy(); }, ms); });
  from.on('error', () => { to.destroy(); });
}
