// Processes by what they were started with: what outlives its parent on purpose has no other name. Linux alone tells.
import fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** What a process was started with; empty where it is gone, another's, or the system does not tell. */
export function environmentOf(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}

/** Numbers of the processes, but for this one, in whose environment a text stands. */
export function processesWith(text: string): readonly number[] {
  const numbers = fs.existsSync('/proc') ? fs.readdirSync('/proc').filter(name => /^\d+$/.test(name)).map(Number) : [];
  return numbers.filter(pid => pid !== process.pid && environmentOf(pid).includes(text));
}

/** Ends the processes in whose environment a text stands, politely, and after three seconds not. Resolves when they are gone. */
export async function endProcesses(text: string): Promise<void> {
  const until = Date.now() + 3_000;
  for (const pid of processesWith(text)) signal(pid, 'SIGTERM');
  while (processesWith(text).length > 0) {
    if (Date.now() > until) for (const pid of processesWith(text)) signal(pid, 'SIGKILL');
    await delay(50);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // gone meanwhile, which is what is wanted
  }
}
