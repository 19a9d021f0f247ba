// Which machine an address means, in words: with a remote window it is not the one that the person sits at. Knows nothing of the editor.

/** The machine that servers are called from. */
export interface CallingMachine {
  /** Its own name. */
  readonly host: string;
  /** How the window reaches it, such as `ssh-remote`; absent where the person sits at it. */
  readonly remoteName: string | undefined;
}

/** Its name, and how the window reaches it. */
export const machineWords = ({ host, remoteName }: CallingMachine): string => `${host}${remoteName === undefined ? '' : `, the machine behind ${remoteName}`}`;

/** Whether an address means the machine that calls it. */
export function isOnLoopback(address: string): boolean {
  const { hostname } = URL.parse(address) ?? { hostname: '' };
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
}

/** An address for a narrow label: host and port, with the machine's own name for loopback. */
export function shortPlace(address: string, { host }: Pick<CallingMachine, 'host'>): string {
  const url = URL.parse(address);
  if (!url) return address;
  const port = url.port === '' ? '' : `:${url.port}`;
  return `${isOnLoopback(address) ? host : url.hostname}${port}`;
}

/** Why nothing may answer at a loopback address, and how a server elsewhere is brought there. `port`: the one that is meant. */
export function forwardWords(machine: CallingMachine, port: string): string {
  const there = `A server on another machine is reached by that machine’s own name, or forwarded: run ssh -N -L ${port}:127.0.0.1:${port} THAT-MACHINE on ${machine.host}.`;
  return machine.remoteName === undefined ? there : `127.0.0.1 is ${machine.host}, not the computer that you sit at. ${there} One on your own computer: run ssh -N -R ${port}:127.0.0.1:${port} ${machine.host} there.`;
}

/** The port of an address, the usual one of its scheme where none is named. */
export function portOf(address: string): string {
  const { port, protocol } = URL.parse(address) ?? { port: '', protocol: '' };
  return port !== '' ? port : protocol === 'https:' ? '443' : '80';
}
