import { execFileSync } from 'node:child_process';

/** Ids of the processes that serve the prompt language to this window. */
export const languageServers = (): readonly number[] => execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n')
  .filter(line => line.includes('dist/languageServer.mjs') && line.trim().split(/\s+/)[1] === String(process.pid)).map(line => Number(line.trim().split(/\s+/)[0]));
